# SPDX-License-Identifier: Apache-2.0
"""A user, and a CloudWatch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.fake import FakeAWS
from tests.controlplane.plane import ControlPlane
from tests.controlplane.smlogs.user import User


@pytest.fixture
def aws() -> Iterator[FakeAWS]:
    """A CloudWatch."""
    with FakeAWS() as running:
        yield running


@pytest.fixture
def user(plane: ControlPlane, aws: FakeAWS, namespace: str, tmp_path: Path) -> User:
    """A user."""
    return User(plane, aws, namespace, tmp_path)
