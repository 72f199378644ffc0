# SPDX-License-Identifier: Apache-2.0
"""A user, and a CloudWatch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.awsserver import AwsServer
from tests.controlplane.plane import ControlPlane
from tests.controlplane.smlogs.user import User


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsServer]:
    """A CloudWatch."""
    with AwsServer() as running:
        yield running


@pytest.fixture
def user(plane: ControlPlane, aws: AwsServer, namespace: str, tmp_path: Path) -> Iterator[User]:
    """A user; the log is empty again at the end."""
    yield User(plane, aws, namespace, tmp_path)
    aws.reset()
