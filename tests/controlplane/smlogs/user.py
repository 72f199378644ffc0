# SPDX-License-Identifier: Apache-2.0
"""Somebody with jobs in a cluster, who wants to read their logs."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import yaml

from tests.aws.fake import FakeAWS
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT

SCRIPTS: Final = Path(sys.executable).parent
SAMPLES: Final = {
    "TrainingJob": "trainingjob-xgboost-mnist",
    "HyperparameterTuningJob": "hyperparametertuningjob",
    "BatchTransformJob": "batchtransformjob",
    "ProcessingJob": "processingjob",
    "HostingDeployment": "hostingdeployment",
}
JOBS: Final = "/aws/sagemaker/TrainingJobs"
LONGEST: Final = 60.0
"""Seconds after which a command that follows is killed, so that who reads from it reads on."""

NOW: Final = time.time_ns() // 1_000_000


class User:
    """Somebody with a kubeconfig and AWS credentials, in a namespace of their own."""

    def __init__(self, plane: ControlPlane, aws: FakeAWS, namespace: str, folder: Path) -> None:
        """Nothing is created."""
        self.plane, self.aws, self.namespace = plane, aws, namespace
        config = json.loads(plane.kubeconfig.read_text())
        config["contexts"][0]["context"]["namespace"] = namespace
        self.kubeconfig = folder / "kubeconfig"
        self.kubeconfig.write_text(json.dumps(config))
        self.environment = {
            "PATH": f"{SCRIPTS}:/usr/bin:/bin", "HOME": str(folder), "TZ": "America/Los_Angeles",
            "KUBECONFIG": str(self.kubeconfig), **aws.environment,
        }  # fmt: skip

    def create(self, kind: str, **status: Any) -> str:
        """Create the kind's sample with a status; return its name."""
        body = yaml.safe_load((ROOT / "manifests/samples" / f"{SAMPLES[kind]}.yaml").read_text())
        body["spec"]["region"] = "us-west-2"
        for place in (body["spec"], body["spec"].get("trainingJobDefinition", {})):
            place["roleArn"] = "arn:aws:iam::123456789012:role/service-role/sagemaker"
        self.plane.kubectl("create", "-n", self.namespace, "-f", "-", stdin=yaml.safe_dump(body),
                           check=True)  # fmt: skip
        name: str = body["metadata"]["name"]
        if status:
            self.report(kind, name, **status)
        return name

    def report(self, kind: str, name: str, **status: Any) -> None:
        """Write a status, as the operator does."""
        self.plane.kubectl(
            "patch", "-n", self.namespace, f"{kind.lower()}s.sagemaker.aws.amazon.com", name,
            "--subresource=status", "--type=merge", "-p", json.dumps({"status": status}),
            check=True,
        )  # fmt: skip

    def write(self, group: str, stream: str, *lines: tuple[int, str]) -> None:
        """Write to a log, as a job does: times in milliseconds from now."""
        logs = self.aws.client("logs")
        for create, names in (
            (logs.create_log_group, {"logGroupName": group}),
            (logs.create_log_stream, {"logGroupName": group, "logStreamName": stream}),
        ):
            with suppress(logs.exceptions.ResourceAlreadyExistsException):
                create(**names)
        events = [{"timestamp": NOW + at, "message": text} for at, text in lines]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `kubectl-smlogs`; a variable that is empty is absent."""
        both = {**self.environment, **environment}
        return subprocess.run(  # noqa: S603 - our own words
            [SCRIPTS / "kubectl-smlogs", *words], capture_output=True, text=True, check=False,
            timeout=60, env={key: value for key, value in both.items() if value},
        )  # fmt: skip

    @contextmanager
    def started(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Start it, and do not wait; it is killed at the end, and when it takes too long."""
        process = subprocess.Popen(  # noqa: S603 - our own words
            [SCRIPTS / "kubectl-smlogs", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=self.environment,
        )  # fmt: skip
        limit = threading.Timer(LONGEST, process.kill)
        limit.start()
        try:
            yield process
        finally:
            limit.cancel()
            process.kill()
            process.communicate()
