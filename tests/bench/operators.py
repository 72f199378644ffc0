# SPDX-License-Identifier: Apache-2.0
"""Figures of the operators: AWS calls and memory with ten thousand live objects at rest.

A real API server holds the objects as an earlier run would have left them, a fake AWS has their
jobs and models; the operators start, look at each once, and are then counted. Takes half an hour,
or less with BENCH_WINDOW seconds of counting, and BENCH_OBJECTS.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from lightkube import AsyncClient
from lightkube.config.kubeconfig import KubeConfig
from lightkube.types import PatchType

from controller.cluster import CLASSES
from controller.jobkind import SLOW
from controller.subject import FINALIZER
from tests.aws.fake import FakeAWS
from tests.controlplane.binaries import find
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT
from tests.operators.objects import IMAGE, ROLE, sample
from tests.operators.process import OperatorsProcess

OBJECTS: Final = int(os.environ.get("BENCH_OBJECTS", "10000"))
WINDOW: Final = float(os.environ.get("BENCH_WINDOW", str(SLOW * 1.1)))
"""Seconds in which calls are counted: as long as it takes until each job is looked at again."""

AT_ONCE: Final = 40
PATIENCE: Final = 1200.0
SHARES: Final = {"TrainingJob": 0.6, "ProcessingJob": 0.2, "Model": 0.2}
"""Of all objects: jobs that run, and what only can vanish."""


def measure_operators() -> dict[str, float]:
    """Return both figures; nothing where there is no control plane."""
    binaries = find()
    if binaries is None:
        return {}
    with (
        ControlPlane(binaries) as plane,
        FakeAWS(seconds=1e6) as aws,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
    ):
        plane.kubectl("apply", "-f", str(ROOT / "manifests" / "crds"), check=True)
        plane.kubectl("wait", "--for=condition=Established", "crd", "--all", check=True)
        asyncio.run(_populate(plane, aws))
        log = Path(folder) / "operators.log"
        arguments = ("--namespace", "default", "--no-leader-election")
        with OperatorsProcess(plane.kubeconfig, aws.url, log, *arguments) as process:
            _until_described(aws)
            before = len(aws.calls)
            time.sleep(WINDOW)  # what is counted
            calls = Counter(call.operation for call in aws.calls[before:])
            print(f"# AWS calls of {WINDOW:g} s: {dict(calls)}", flush=True)
            rss = _rss_mib(process.pid)
    return {
        "operators_calls_per_object_minute": calls.total() / OBJECTS / (WINDOW / 60),
        "operators_rss_mib": rss,
    }


async def _populate(plane: ControlPlane, aws: FakeAWS) -> None:
    """Put the objects into the cluster and their AWS side into AWS."""
    client = AsyncClient(config=KubeConfig.from_file(str(plane.kubeconfig)))
    sagemaker = aws.client("sagemaker")
    turn = asyncio.Semaphore(AT_ONCE)

    async def put(kind: str, number: int) -> None:
        async with turn:
            await _put(client, sagemaker, kind, f"rest-{kind.lower()}-{number:05d}")

    jobs = [put(kind, n) for kind, share in SHARES.items() for n in range(int(OBJECTS * share))]
    await asyncio.gather(*jobs)


async def _put(client: Any, sagemaker: Any, kind: str, name: str) -> None:
    body = sample(kind, name)
    body["metadata"].update(namespace="default", finalizers=[FINALIZER])
    resource: Any = CLASSES[kind]
    made = await client.create(resource(body))
    aws_name = _named(name, made.metadata.uid)
    status: dict[str, Any] = {"observedGeneration": made.metadata.generation}
    if kind == "Model":
        status |= {"status": "Created", "sageMakerModelName": aws_name}
        await asyncio.to_thread(
            sagemaker.create_model,
            ModelName=aws_name,
            ExecutionRoleArn=ROLE,
            PrimaryContainer={"Image": IMAGE},
        )
    else:
        key = f"{kind[0].lower()}{kind[1:]}Status"
        status |= {key: "InProgress", f"sageMaker{kind}Name": aws_name}
        await asyncio.to_thread(_start, sagemaker, kind, aws_name)
    await client.patch(
        CLASSES[kind].Status,
        name,
        {"status": status},
        namespace="default",
        patch_type=PatchType.MERGE,
    )


def _named(name: str, uid: str) -> str:
    flat = uid.replace("-", "")
    return f"{name[: 63 - len(flat) - 1]}-{flat}"


def _start(sagemaker: Any, kind: str, name: str) -> None:
    """Start a job in AWS."""
    cluster = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5}
    if kind == "TrainingJob":
        sagemaker.create_training_job(
            TrainingJobName=name,
            RoleArn=ROLE,
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            OutputDataConfig={"S3OutputPath": "s3://bucket/out"},
            ResourceConfig=cluster,
            StoppingCondition={"MaxRuntimeInSeconds": 86400},
        )
    else:
        sagemaker.create_processing_job(
            ProcessingJobName=name,
            RoleArn=ROLE,
            AppSpecification={"ImageUri": IMAGE},
            ProcessingResources={"ClusterConfig": cluster},
        )


def _until_described(aws: FakeAWS) -> None:
    """Wait until every object has been looked at."""
    deadline = time.monotonic() + PATIENCE
    wanted = {f"Describe{kind}": int(OBJECTS * share) for kind, share in SHARES.items()}
    while time.monotonic() < deadline:
        seen: dict[str, set[str]] = {operation: set() for operation in wanted}
        for call in list(aws.calls):
            if call.operation in seen:
                seen[call.operation].update(map(str, call.parameters.values()))
        done = {operation: len(names) for operation, names in seen.items()}
        if all(done[operation] >= count for operation, count in wanted.items()):
            return
        time.sleep(5)  # polling, bounded by the deadline above
    raise RuntimeError(f"not every object was looked at after {PATIENCE} s: {done}")


def _rss_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no VmRSS")


if __name__ == "__main__":
    for figure, value in measure_operators().items():
        print(f"{figure:36} {value:10.4f}")
