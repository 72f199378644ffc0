# SPDX-License-Identifier: Apache-2.0
"""`upload_xgboost_mnist_dataset`: from files to moto's S3, value by value."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from scripts.upload_xgboost_mnist_dataset.csvstream import open_csv, size_of
from scripts.upload_xgboost_mnist_dataset.dataset import Part, images_of, split
from tests.aws.elsewhere import Elsewhere
from tests.aws.fake import FakeAWS
from tests.aws.message import Reply, Request
from tests.gateprocess import ROOT
from tests.scripts import mnist
from tests.scripts.script import (
    BUCKET,
    MODULE,
    TEST,
    TRAINING,
    WANTED,
    expected,
    keras,
    run,
    stored,
)

FOLDER = ROOT / "scripts" / "upload_xgboost_mnist_dataset"


def test_the_layout_is_the_originals(bucket: FakeAWS, data: Path) -> None:
    """Every value: label first and 784 features, the test part without label, NumPy's floats."""
    done = run(bucket, data)
    assert done.returncode == 0, done.stderr
    found = stored(bucket)
    assert found == WANTED
    first = found["xgboost/train/examples"].split("\n", 1)[0].split(",")
    assert len(first) == 785
    assert first[0] == f"{TRAINING.labels[0]:.18e}"
    assert first[1:] == [f"{pixel / 256:.18e}" for pixel in TRAINING.row(0)]
    assert len(found["xgboost/test/examples"].split("\n", 1)[0].split(",")) == 784
    assert done.stdout.splitlines()[0] == (
        f"s3://{BUCKET}/xgboost/train/examples: 11 examples, {11 * 785 * 25} bytes"
    )
    assert not done.stderr


def zipped(folder: Path, name: str, inner: str) -> Path:
    """Return a zip of a folder's files."""
    path = folder.parent / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in folder.iterdir():
            archive.write(each, inner + each.name)
    return path


@pytest.mark.parametrize("form", ["gz", "dots", "zip", "npz"])
def test_every_form_gives_the_same(bucket: FakeAWS, tmp_path: Path, form: str) -> None:
    """Compressed, with a dot in the name, in an archive's folder, or as keras has it."""
    folder = mnist.write(tmp_path / "data", TRAINING, TEST, is_packed=form in {"gz", "zip"})
    path = folder
    if form == "dots":
        for each in list(folder.iterdir()):
            each.rename(folder / each.name.replace("-idx", ".idx"))
    elif form == "zip":
        path = zipped(folder, "mnist.zip", "MNIST/raw/")
    elif form == "npz":
        path = keras(tmp_path)
    done = run(bucket, path)
    assert done.returncode == 0, done.stderr
    assert stored(bucket) == WANTED


@pytest.mark.parametrize("how", [FOLDER, FOLDER / "__main__.py"], ids=["folder", "file"])
def test_it_runs_as_a_file(bucket: FakeAWS, data: Path, tmp_path: Path, how: Path) -> None:
    """From wherever: the folder or the file is named; a slash too many in the prefix is none."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, str(how), "--s3-bucket", BUCKET, "--s3-prefix", "/xgboost//", "--data",
         "data"],
        capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", **bucket.environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(stored(bucket)) == set(WANTED)


def test_mnist_itself_is_split_as_it_was() -> None:
    """50,000, 10,000 and 10,000; and the CSV has just the bytes that were counted."""
    pixels, labels = memoryview(bytes(60_000 * 784)), memoryview(bytes(60_000))
    training = images_of("x", pixels, labels)
    parts = split("x", training, images_of("x", pixels[: 10_000 * 784], labels[:10_000]))
    assert [len(part.images) for part in parts] == [50_000, 10_000, 10_000]
    assert [part.has_label for part in parts] == [True, True, False]
    small = Part("small", training.part(0, 7), has_label=True)
    with open_csv(small) as stream:
        assert len(stream.read()) == size_of(small)


def test_pieces_go_up_and_come_together(bucket: FakeAWS, tmp_path: Path) -> None:
    """More than one piece of 16 MiB: S3 says how many there were, and the whole is right."""
    many = mnist.make(1_200, 3)
    done = run(bucket, mnist.write(tmp_path / "data", many, TEST))
    assert done.returncode == 0, done.stderr
    key = "xgboost/train/examples"
    tag = bucket.client("s3").head_object(Bucket=BUCKET, Key=key)["ETag"]
    assert tag.endswith('-2"')
    assert stored(bucket)[key] == expected(many, range(1_000), has_label=True)


def test_pieces_go_up_side_by_side(
    bucket: FakeAWS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first piece is not answered before the second has come."""
    both, met = threading.Barrier(2), list[bool]()
    answer = Elsewhere.answer

    def wait(self: Elsewhere, request: Request) -> Reply:
        if "partNumber=" in request.target:
            with suppress(threading.BrokenBarrierError):
                both.wait(10)
                met.append(True)
        return answer(self, request)

    monkeypatch.setattr(Elsewhere, "answer", wait)
    done = run(bucket, mnist.write(tmp_path / "data", mnist.make(1_200, 3), TEST))
    assert done.returncode == 0, done.stderr
    assert met == [True, True]


def test_a_bucket_that_refuses_is_named(bucket: FakeAWS, data: Path) -> None:
    """Denied after the first part, absent, or no credentials: bucket, key, AWS's words; code 1."""
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*",
                 "Resource": f"arn:aws:s3:::{BUCKET}/xgboost/validation/*"}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    bucket.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=policy)
    denied = run(bucket, data)
    assert denied.returncode == 1
    assert f"s3://{BUCKET}/xgboost/validation/examples: An error occurred (" in denied.stderr
    assert set(stored(bucket)) == {"xgboost/train/examples"}
    absent = run(bucket, data, "--s3-bucket", "absent")
    assert absent.returncode == 1
    assert "s3://absent/xgboost/train/examples: An error occurred (NoSuchBucket)" in absent.stderr


def test_progress_is_for_a_terminal(bucket: FakeAWS, data: Path) -> None:
    """On one, a line that is written over and taken away."""
    mine, theirs = pty.openpty()
    words = ["--s3-bucket", BUCKET, "--s3-prefix", "xgboost", "--data", str(data)]
    try:
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-m", MODULE, *words], check=True, timeout=120, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=theirs, env={"PATH": "/bin", **bucket.environment},
        )  # fmt: skip
    finally:
        os.close(theirs)
    try:
        shown = os.read(mine, 65536).decode()  # fails, and does not wait, when there is nothing
    finally:
        os.close(mine)
    assert f"\rs3://{BUCKET}/xgboost/train/examples: 100 %, 0 of 0 MB\x1b[K" in shown
    assert shown.endswith("\r\x1b[K")
