# SPDX-License-Identifier: Apache-2.0
"""Operators that are there before their kinds are."""

from __future__ import annotations

from pathlib import Path

from tests.aws.fake import FakeAWS
from tests.controlplane.binaries import Binaries
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT
from tests.operators.process import OperatorsProcess

CRDS = Path(ROOT) / "manifests" / "crds"


def test_operators_without_their_kinds_end(binaries: Binaries, aws: FakeAWS, log: Path) -> None:
    """So that Kubernetes starts them again: they would not notice the CRDs when these come."""
    with ControlPlane(binaries) as plane:
        for path in sorted(CRDS.glob("sagemaker.aws.amazon.com_*.yaml"))[1:]:
            plane.kubectl("apply", "--server-side", "-f", str(path), check=True)
        arguments = ("--no-leader-election", "--namespace", "default")
        with OperatorsProcess(plane.kubeconfig, aws.url, log, *arguments) as process:
            plane.wait_for(lambda: not process.is_running, 40, "they end")
            assert process.stop() == 1
            assert "not served: " in process.said()
            assert "BatchTransformJob" in process.said()
