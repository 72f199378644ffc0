# SPDX-License-Identifier: Apache-2.0
"""`make demo` with a control plane: from the refusal to the log of the job that ran."""

from __future__ import annotations

import subprocess
import sys

from tests.controlplane.binaries import Binaries
from tests.gateprocess import ROOT


def test_the_demo_ends_with_a_completed_job_and_its_log(binaries: Binaries) -> None:
    """Each wrong field named, the right image given, the job Completed, its lines printed."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.demo"], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "use 433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1 (SM210)" in done.stdout
    end = done.stdout.splitlines()[-6:]
    assert "Completed" in end[0]
    assert end[1] == "$ kubectl smlogs trainingjob xgboost-mnist"
    assert end[-1].endswith("Training seconds: 75")
