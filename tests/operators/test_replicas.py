# SPDX-License-Identifier: Apache-2.0
"""Two replicas: one works, the other takes over, and nothing is done twice."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.fake import FakeAWS
from tests.controlplane.plane import ControlPlane
from tests.controlplane.ports import free_ports
from tests.operators.field import Field
from tests.operators.objects import sample
from tests.operators.process import OperatorsProcess

JOB = "TrainingJob"
LEASE = "lease.coordination.k8s.io/kube-sagemaker-operators"


@pytest.fixture
def ports() -> list[int]:
    """A port for each replica's pages."""
    return free_ports(2)


@pytest.fixture
def replicas(
    plane: ControlPlane, aws: FakeAWS, namespace: str, tmp_path: Path, ports: list[int]
) -> Iterator[list[OperatorsProcess]]:
    """Two replicas, the first of which leads."""
    found = [
        OperatorsProcess(
            plane.kubeconfig, aws.url, tmp_path / f"log{n}", "--namespace", namespace,
            "--lease-namespace", namespace, "--metrics", f"127.0.0.1:{port}",
        )
        for n, port in enumerate(ports)
    ]  # fmt: skip
    found[0].start()
    plane.wait_for(lambda: bool(holder(plane, namespace)), 30, "the first leads")
    found[1].start()
    yield found
    for replica in found:
        replica.kill()


def holder(plane: ControlPlane, namespace: str) -> str:
    """Return who holds the lease, "" while nobody does."""
    done = plane.kubectl("-n", namespace, "get", LEASE, "-o", "jsonpath={.spec.holderIdentity}")
    return done.stdout if done.returncode == 0 else ""


def page(port: int, path: str) -> tuple[int, str]:
    """Return status and body of a replica's page; 0 while it is not there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def leads(port: int) -> bool:
    """Whether a replica says that it leads."""
    return "kube_sagemaker_operators_leads 1.0" in page(port, "/metrics")[1]


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_the_other_takes_over(
    plane: ControlPlane,
    aws: FakeAWS,
    namespace: str,
    replicas: list[OperatorsProcess],
    ports: list[int],
    how: str,
) -> None:
    """At once when the first is told to end, when its lease is over when it dies."""
    field = Field(plane, aws, replicas[0], namespace)
    plane.wait_for(
        lambda: page(ports[1], "/readyz")[0] == 200, 30, "the second waits, and is ready"
    )
    assert [leads(port) for port in ports] == [True, False]
    field.apply(sample(JOB, "before"))
    before = field.until_status(JOB, "before", trainingJobStatus="InProgress")
    first = holder(plane, namespace)
    start = time.monotonic()
    if how == "stopped":
        assert replicas[0].stop() == 0, replicas[0].said()
    else:
        replicas[0].kill()
    plane.wait_for(lambda: leads(ports[1]), 60, "the second leads")
    took = time.monotonic() - start
    assert holder(plane, namespace) not in {first, ""}
    field.apply(sample(JOB, "after"))
    after = field.until_status(JOB, "after", trainingJobStatus="InProgress")
    for status in (before, after):
        assert aws.created(JOB)[status["sageMakerTrainingJobName"]] == 1
    aws.advance(300)
    for name in ("before", "after"):
        field.until_status(JOB, name, trainingJobStatus="Completed")
    assert aws.duplicates(JOB) == {}
    assert how == "stopped" or took > 5, "a lease that is not given back runs out first"


def test_the_pages_say_what_goes_on(
    plane: ControlPlane,
    aws: FakeAWS,
    namespace: str,
    replicas: list[OperatorsProcess],
    ports: list[int],
) -> None:
    """Objects by kind and state, AWS calls by operation and code, seconds to the first call."""
    field = Field(plane, aws, replicas[0], namespace)
    field.apply(sample(JOB, "counted"))
    field.until_status(JOB, "counted", trainingJobStatus="InProgress")
    assert page(ports[0], "/healthz")[0] == 200
    text = page(ports[0], "/metrics")[1]
    for line in (
        'kube_sagemaker_operators_objects{kind="TrainingJob",state="InProgress"} 1.0',
        'kube_sagemaker_operators_aws_calls_total{code="",operation="CreateTrainingJob"} 1.0',
        (
            'kube_sagemaker_operators_aws_calls_total{code="ValidationException",'
            'operation="DescribeTrainingJob"} 1.0'
        ),
        "kube_sagemaker_operators_first_call_seconds_count 1.0",
        "kube_sagemaker_operators_queue ",
    ):
        assert line in text
    assert float(text.partition("first_call_seconds_sum ")[2].split()[0]) > 0


def test_a_call_under_way_is_finished_before_the_end(
    plane: ControlPlane, aws: FakeAWS, namespace: str, log: Path
) -> None:
    """SIGTERM in the middle of a Create: its result is written before the process ends."""
    field = Field(
        plane,
        aws,
        OperatorsProcess(
            plane.kubeconfig, aws.url, log, "--namespace", namespace, "--no-leader-election"
        ),
        namespace,
    )
    with field.process as process:
        for number in range(10):
            field.apply(sample(JOB, f"many-{number}"))
        plane.wait_for(
            lambda: any(c.operation == "CreateTrainingJob" for c in aws.calls), 30, "it creates"
        )
        assert process.stop() == 0, process.said()
    bodies = json.loads(field.kubectl("get", "trainingjobs.sagemaker.aws.amazon.com", "-o", "json"))
    recorded = {
        body["status"]["sageMakerTrainingJobName"]
        for body in bodies["items"]
        if "sageMakerTrainingJobName" in body.get("status", {})
    }
    assert recorded == set(aws.created(JOB))


def test_told_to_end_it_finishes_what_is_under_way(
    plane: ControlPlane, aws: FakeAWS, namespace: str, log: Path
) -> None:
    """A slow Create is waited for, and what came of it is in the status when all has ended."""
    aws.refuse("CreateTrainingJob", late=True)
    with OperatorsProcess(plane.kubeconfig, aws.url, log, "--namespace", namespace) as process:
        field = Field(plane, aws, process, namespace)
        field.apply(sample(JOB, "slow"))
        field.until(lambda: "CreateTrainingJob" in field.calls("slow-"), "it is under way")
        assert process.stop() == 0, process.said()
    assert field.status(JOB, "slow")["trainingJobStatus"] == "InProgress"
    assert field.calls("slow-").count("CreateTrainingJob") == 1
