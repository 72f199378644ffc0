# SPDX-License-Identifier: Apache-2.0
"""The script in a process of its own, what it is given, and what must lie in S3 then."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

from tests.aws.fake import FakeAWS
from tests.gateprocess import ROOT
from tests.scripts import mnist

BUCKET: Final = "example-ml-data"
TRAINING, TEST = mnist.make(13, 1), mnist.make(5, 2)
MODULE: Final = "scripts.upload_xgboost_mnist_dataset"


def run(
    aws: FakeAWS, data: str | Path, *more: str, how: tuple[str, ...] = ("-m", MODULE)
) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    words = ["--s3-bucket", BUCKET, "--s3-prefix", "xgboost", "--data", str(data), *more]
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *how, *words], capture_output=True, text=True, check=False, timeout=120,
        cwd=ROOT, env={"PATH": "/usr/bin:/bin", **aws.environment},
    )  # fmt: skip


def stored(aws: FakeAWS) -> dict[str, str]:
    """Return what lies in the bucket, by key."""
    s3 = aws.client("s3")
    listed = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    keys = [item["Key"] for item in listed]
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in keys}


def expected(digits: mnist.Digits, places: range, *, has_label: bool) -> str:
    """Return the CSV as NumPy writes it of floats: the original's way."""
    rows = [
        [*([digits.labels[place]] if has_label else []), *(p / 256 for p in digits.row(place))]
        for place in places
    ]
    text = io.StringIO()
    np.savetxt(text, np.array(rows, dtype="float32"), delimiter=",")
    return text.getvalue()


WANTED = {
    "xgboost/train/examples": expected(TRAINING, range(11), has_label=True),
    "xgboost/validation/examples": expected(TRAINING, range(11, 13), has_label=True),
    "xgboost/test/examples": expected(TEST, range(5), has_label=False),
}


def keras(folder: Path) -> Path:
    """Return an .npz with keras' keys."""
    path = folder / "mnist.npz"
    np.savez_compressed(
        path,
        x_train=np.frombuffer(TRAINING.pixels, np.uint8).reshape(-1, 28, 28),
        y_train=np.frombuffer(TRAINING.labels, np.uint8).astype(np.int64),
        x_test=np.frombuffer(TEST.pixels, np.uint8).reshape(-1, 28, 28),
        y_test=np.frombuffer(TEST.labels, np.uint8),
    )
    return path
