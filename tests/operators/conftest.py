# SPDX-License-Identifier: Apache-2.0
"""Fixtures: a control plane, a fake AWS, the operators between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.fake import FakeAWS
from tests.controlplane.conftest import binaries, namespace, plane
from tests.controlplane.plane import ControlPlane
from tests.operators.process import OperatorsProcess

__all__ = ["binaries", "namespace", "plane"]


@pytest.fixture
def aws() -> Iterator[FakeAWS]:
    """A fake AWS in which things take as long as the test lets them."""
    with FakeAWS() as fake:
        yield fake


@pytest.fixture
def operators(
    plane: ControlPlane, aws: FakeAWS, namespace: str, tmp_path: Path
) -> Iterator[OperatorsProcess]:
    """The operators of one namespace."""
    log = tmp_path / "operators.log"
    with OperatorsProcess(
        plane.kubeconfig, aws.url, log, "--namespace", namespace, "--no-leader-election"
    ) as process:
        yield process
