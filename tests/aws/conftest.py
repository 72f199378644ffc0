# SPDX-License-Identifier: Apache-2.0
"""The fixtures of the fake's own tests; others import `aws` from here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.aws.fake import FakeAWS


@pytest.fixture
def aws() -> Iterator[FakeAWS]:
    """A fake AWS whose clock stands still until it is advanced."""
    with FakeAWS(speed=0) as fake:
        yield fake


@pytest.fixture
def sagemaker(aws: FakeAWS) -> Any:
    """A boto3 client of SageMaker in us-west-2, retries off."""
    return aws.client("sagemaker")
