# SPDX-License-Identifier: Apache-2.0
"""What is refused of files and URLs: nothing of it goes up."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import os
import pickle
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.aws.fake import FakeAWS
from tests.gateprocess import ROOT
from tests.scripts import mnist
from tests.scripts.script import MODULE, TEST, TRAINING, WANTED, keras, run, stored


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A web server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature
        """Say nothing."""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """A web server for a folder; its URL."""
    handler = partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_url_must_have_the_right_checksum(bucket: FakeAWS, tmp_path: Path, web: str) -> None:
    """Fetched when it has; without one, with a wrong one, or where nothing is: nothing goes up."""
    path = keras(tmp_path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    url = f"{web}/mnist.npz"
    for more, words in (
        ([], f"{url}: what comes from a URL needs its checksum, give --sha256 HEX"),
        (["--sha256", "0" * 64], f"{url}: its SHA-256 is {digest}, --sha256 says {'0' * 64}"),
    ):
        done = run(bucket, url, *more)
        assert (done.returncode, done.stderr) == (1, f"upload_xgboost_mnist_dataset: {words}\n")
    absent = run(bucket, f"{web}/none.npz", "--sha256", digest)
    assert absent.returncode == 1
    assert f"{web}/none.npz: File not found" in absent.stderr
    assert not stored(bucket)
    done = run(bucket, url, "--sha256", digest.upper())
    assert done.returncode == 0, done.stderr
    assert stored(bucket) == WANTED


def test_a_files_checksum_is_compared_too(bucket: FakeAWS, tmp_path: Path) -> None:
    """A folder has none; one that is none is wrong usage."""
    path = keras(tmp_path)
    done = run(bucket, path, "--sha256", "1" * 64)
    assert (done.returncode, "its SHA-256 is" in done.stderr) == (1, True)
    assert "this is a folder" in run(bucket, tmp_path, "--sha256", "1" * 64).stderr
    assert run(bucket, path, "--sha256", "12").returncode == 2
    assert not stored(bucket)


class Code:
    """What a pickle would run."""

    def __init__(self, marker: Path) -> None:
        """`marker` is the file that it would make."""
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Return the call."""
        return os.mkdir, (str(self.marker),)


@pytest.mark.parametrize("name", ["mnist.pkl", "mnist.pkl.gz", "data.bin", "mnist.npz"])
def test_a_pickle_is_refused_and_not_run(bucket: FakeAWS, tmp_path: Path, name: str) -> None:
    """By its name or its first bytes, compressed or within an .npz; it is said what to use."""
    path, marker = tmp_path / name, tmp_path / "ran"
    if name.endswith("npz"):
        np.savez(
            path, x_train=np.array([Code(marker)], dtype=object), y_train=1, x_test=1, y_test=1
        )
        said = "allow_pickle=False"
    else:
        body = pickle.dumps(Code(marker))
        path.write_bytes(gzip.compress(body) if name.endswith("gz") else body)
        said = "a pickle runs whatever code is in it when it is read, so it is not read: use MNIST"
    done = run(bucket, path)
    assert done.returncode == 1
    assert said in done.stderr
    assert not marker.exists()
    assert not stored(bucket)


WHOLE = mnist.images(TRAINING)
FAULTS = {
    "truncated": (0, WHOLE[:-1],
        f"{13 * 784 - 1} bytes after the head, which promises {13 * 784}: get the file anew"),
    "head": (0, WHOLE[:9], "ends within its head, after 9 bytes"),
    "gzip": (0, gzip.compress(WHOLE)[:-20], "is no whole gzip file: Compressed file ended"),
    "magic": (0, mnist.images(TRAINING, 0x80B), "magic number 0x0000080b, it should be 0x00000803"),
    "swapped": (0, mnist.labels(TRAINING), "magic number 0x00000801, it should be 0x00000803"),
    "sides": (0, WHOLE[:8] + b"\0\0\0\x0e\0\0\0\x38" + WHOLE[16:],
        "images of 14 x 56 pixels, they should be 28 x 28"),
    "labels": (1, mnist.labels(mnist.make(12, 1)), "13 images but 12 labels"),
    "digit": (1, mnist.labels(TRAINING)[:-1] + b"\x0a", "label 10 is no digit from 0 to 9"),
    "missing": (0, None, "lacks train-images-idx3-ubyte (each may end in .gz)"),
}  # fmt: skip
"""Which file of the training set, what stands in it, what must be said."""


@pytest.mark.parametrize("fault", FAULTS)
def test_broken_data_is_named(bucket: FakeAWS, data: Path, fault: str) -> None:
    """File and fault in one line, exit code 1, and nothing goes up."""
    place, content, said = FAULTS[fault]
    path = data / mnist.NAMES["train"][place]
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    done = run(bucket, data)
    assert done.returncode == 1
    assert done.stderr.startswith(f"upload_xgboost_mnist_dataset: {data}: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not stored(bucket)


def test_too_few_images_are_counted(bucket: FakeAWS, tmp_path: Path) -> None:
    """A part would be empty."""
    done = run(bucket, mnist.write(tmp_path / "data", mnist.make(5, 1), TEST))
    assert done.returncode == 1
    assert "5 training and 5 test images are too few, at least 6 and 1 are needed" in done.stderr


def test_what_is_no_data_set_is_named(bucket: FakeAWS, tmp_path: Path) -> None:
    """Nothing there, a text, a broken zip, arrays of another form or name."""
    (tmp_path / "text").write_text("hello")
    (tmp_path / "zip").write_bytes(b"PK\x03\x04 and no more")
    np.savez(tmp_path / "names.npz", a=np.zeros(3))
    form = {name: np.zeros((6, 784), np.uint8) for name in ("x_train", "x_test")}
    np.savez(tmp_path / "form.npz", **form, y_train=np.zeros(6, int), y_test=np.zeros(6, int))  # type: ignore[arg-type]
    floats = {name: np.zeros((6, 28, 28)) for name in ("x_train", "x_test")}
    np.savez(tmp_path / "floats.npz", **floats, y_train=np.zeros(6, int), y_test=np.zeros(6, int))  # type: ignore[arg-type]
    for name, said in {
        "absent": "No such file or directory",
        "text": "is neither a folder, a zip nor an .npz: use MNIST's four idx files",
        "zip": "File is not a zip file",
        "names.npz": "lacks the arrays x_train, y_train, x_test, y_test",
        "form.npz": "x_train: is of shape (6, 784), it should be of (N, 28, 28)",
        "floats.npz": "x_train: float64, it should hold whole numbers from 0 to 255",
    }.items():
        done = run(bucket, tmp_path / name)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert said in done.stderr


def test_without_numpy_only_npz_is_refused(bucket: FakeAWS, data: Path, tmp_path: Path) -> None:
    """It is said what to install; idx files do without."""
    (tmp_path / "numpy.py").write_text("raise ImportError('hidden by a test')")
    path = keras(tmp_path)
    code = (
        f"import runpy, sys; sys.path[:0] = {[str(ROOT), str(tmp_path)]!r}; "
        f"runpy.run_module({MODULE!r}, run_name='__main__')"
    )
    hide = ("-c", code)
    done = run(bucket, path, how=hide)
    assert (done.returncode, "NumPy is needed for .npz: pip install numpy" in done.stderr) == (
        1,
        True,
    )
    assert run(bucket, data, how=hide).returncode == 0
