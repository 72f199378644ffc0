# SPDX-License-Identifier: Apache-2.0
"""An S3, and a small data set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.fake import FakeAWS
from tests.scripts import mnist
from tests.scripts.script import BUCKET, TEST, TRAINING


@pytest.fixture
def aws() -> Iterator[FakeAWS]:
    """An S3."""
    with FakeAWS() as running:
        yield running


@pytest.fixture
def bucket(aws: FakeAWS) -> FakeAWS:
    """An S3 with an empty bucket."""
    place = {"LocationConstraint": "us-west-2"}
    aws.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    return aws


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The four files in a folder."""
    return mnist.write(tmp_path / "data", TRAINING, TEST)
