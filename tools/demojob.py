# SPDX-License-Identifier: Apache-2.0
"""The second half of `make demo`: the job that the gate completed runs, and its log is printed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.aws.fake import FakeAWS
from tests.controlplane.plane import ControlPlane
from tests.operators.process import OperatorsProcess

NAME: Final = "xgboost-mnist"
GROUP: Final = "/aws/sagemaker/TrainingJobs"
LINES: Final = (
    "[0]#011train-merror:0.1704#011validation-merror:0.1664",
    "[1]#011train-merror:0.1204#011validation-merror:0.1185",
    "Training seconds: 75",
)

Say = Callable[[str], None]


def run_job(plane: ControlPlane, say: Say) -> list[str]:
    """Run the operators until the job is completed; return what did not go as it should."""
    with tempfile.TemporaryDirectory() as folder, FakeAWS() as aws:
        log = Path(folder) / "operators.log"
        with OperatorsProcess(
            plane.kubeconfig, aws.url, log, "--namespace", "default", "--no-leader-election"
        ):
            name = _until(plane, "InProgress")
            _write_log(aws, name)
            say(f"$ kubectl get trainingjob {NAME}")
            say(plane.kubectl("get", "trainingjob", NAME).stdout.rstrip())
            aws.advance(300)  # its own clock: nobody has to wait for the job
            _until(plane, "Completed")
            say(f"$ kubectl get trainingjob {NAME}")
            shown = plane.kubectl("get", "trainingjob", NAME).stdout.rstrip()
            say(shown)
            say(f"$ kubectl smlogs trainingjob {NAME}")
            printed = _smlogs(plane, aws, Path(folder))
            say(printed.rstrip())
    wanted = [("Completed", shown), *((line, printed) for line in LINES)]
    return [text for text, seen in wanted if text not in seen]


def _until(plane: ControlPlane, status: str) -> str:
    """Wait until the job has a status; return its name in SageMaker."""
    deadline = time.monotonic() + 60
    path = "jsonpath={.status.trainingJobStatus} {.status.sageMakerTrainingJobName}"
    while time.monotonic() < deadline:
        seen = plane.kubectl("get", "trainingjob", NAME, "-o", path).stdout.split()
        if seen[:1] == [status]:
            return seen[1]
        time.sleep(0.2)  # polling, bounded by the deadline above
    raise RuntimeError(f"the job is not {status} after a minute")


def _write_log(aws: FakeAWS, name: str) -> None:
    """Write what the job's container would."""
    logs: Any = aws.client("logs")
    stream = f"{name}/algo-1-1700000000"
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
    start = int(time.time() * 1000)
    events = [{"timestamp": start + 1000 * n, "message": text} for n, text in enumerate(LINES)]
    logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def _smlogs(plane: ControlPlane, aws: FakeAWS, folder: Path) -> str:
    """Run the plugin as kubectl does."""
    for program, target in (
        ("kubectl", plane.binaries.kubectl),
        ("kubectl-smlogs", Path(sys.executable).with_name("kubectl-smlogs")),
    ):
        (folder / program).symlink_to(target)
    done = subprocess.run(  # noqa: S603 - our own words
        [str(folder / "kubectl"), "smlogs", "trainingjob", NAME],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=60,
        env={
            **aws.environment,
            "KUBECONFIG": str(plane.kubeconfig),
            "PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(folder),
        },
    )  # fmt: skip
    return done.stdout
