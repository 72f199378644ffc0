# SPDX-License-Identifier: Apache-2.0
"""What must always pass: controllers, status, deletion, and edits that touch nothing judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.controlplane.conftest import register
from tests.controlplane.jobs import RESOURCE, both, good, listed
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import GateProcess

COLLECTION = {
    "legacy": "/apis/sagemaker.aws.amazon.com/v1",
    "ack": "/apis/sagemaker.services.k8s.aws/v1alpha1",
}


def bad(group: str) -> dict[str, Any]:
    """Return a job that both CRDs take and today's rules refuse, with a finalizer on it."""
    body = good(group)
    spec = body["spec"]
    spec["resourceConfig"]["instanceType"] = "ml.c5.large"
    if group == "legacy":
        spec.update(region="us-west-2", roleArn="arn:aws:iam::123456789012:role/me")
    else:
        spec["roleARN"] = "arn:aws:iam::123456789012:role/me"
    body["metadata"]["finalizers"] = ["example.com/hold"]
    return body


@pytest.fixture(params=["legacy", "ack"])
def stored(
    plane: ControlPlane, gate: GateProcess, namespace: str, request: pytest.FixtureRequest
) -> Iterator[tuple[str, str]]:
    """A bad job that was stored before the gate was there: (group, namespace)."""
    group = str(request.param)
    plane.kubectl(
        "delete",
        "validatingwebhookconfiguration,mutatingwebhookconfiguration",
        "kube-sagemaker",
        check=True,
    )

    def is_stored() -> bool:
        done = plane.kubectl("create", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(bad(group)))
        return done.returncode == 0

    plane.wait_for(is_stored, 20, "the gate is out")
    register(plane, gate)
    yield group, namespace
    plane.kubectl(
        "patch",
        "-n",
        namespace,
        RESOURCE[group],
        "--type=merge",
        "-p",
        '{"metadata": {"finalizers": null}}',
    )


def test_the_stored_job_would_be_refused_today(
    plane: ControlPlane, stored: tuple[str, str]
) -> None:
    """Otherwise the tests below would show nothing."""
    group, namespace = stored
    body = bad(group)
    body["metadata"]["name"] = "again"
    done = plane.kubectl("create", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(body))
    assert listed(done.stderr) or "spec.resourceConfig.instanceType" in done.stderr


@pytest.mark.parametrize("is_down", [False, True], ids=["gate up", "gate down"])
def test_label_finalizer_and_deletion_pass(
    plane: ControlPlane, gate: GateProcess, stored: tuple[str, str], is_down: bool
) -> None:
    """Label it, take its finalizer off, delete it: whether the gate is up or down."""
    group, namespace = stored
    if is_down:
        unreachable = gate.webhooks().replace(gate.url, "https://127.0.0.1:1")
        plane.kubectl("apply", "-f", "-", stdin=unreachable, check=True)
        plane.wait_for(lambda: _is_refused_for_no_gate(plane, namespace), 20, "the gate is down")
    try:
        for command in (
            ["label", RESOURCE[group], "team=research"],
            ["patch", RESOURCE[group], "--type=merge", "-p", '{"metadata": {"finalizers": null}}'],
            ["delete", RESOURCE[group], "--timeout=10s"],
        ):
            done = plane.kubectl("-n", namespace, *command)
            assert done.returncode == 0, done.stderr
    finally:
        if is_down:
            plane.kubectl("apply", "-f", "-", stdin=gate.webhooks(), check=True)
            register(plane, gate)


def _is_refused_for_no_gate(plane: ControlPlane, namespace: str) -> bool:
    body = good("legacy")
    body["metadata"]["name"] = "nobody"
    done = plane.kubectl(
        "create", "--dry-run=server", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(body)
    )
    return "failed calling webhook" in done.stderr


def test_an_annotation_that_means_nothing_passes(
    plane: ControlPlane, stored: tuple[str, str]
) -> None:
    """An annotation is judged only for what it means: this edit reaches the gate, and passes."""
    group, namespace = stored
    done = plane.kubectl("annotate", "-n", namespace, RESOURCE[group], "example.com/note=hello")
    assert done.returncode == 0, done.stderr


def test_an_unrelated_field_may_change(plane: ControlPlane, stored: tuple[str, str]) -> None:
    """What was bad already does not block a change elsewhere."""
    group, namespace = stored
    patch = '{"spec": {"stoppingCondition": {"maxRuntimeInSeconds": 7200}}}'
    done = plane.kubectl("patch", "-n", namespace, RESOURCE[group], "--type=merge", "-p", patch)
    assert done.returncode == 0, done.stderr


def test_another_bad_value_is_refused(plane: ControlPlane, stored: tuple[str, str]) -> None:
    """The ratchet holds a value, not a field."""
    group, namespace = stored
    patch = '{"spec": {"resourceConfig": {"instanceType": "ml.t2.medium"}}}'
    done = plane.kubectl("patch", "-n", namespace, RESOURCE[group], "--type=merge", "-p", patch)
    assert "spec.resourceConfig.instanceType" in done.stderr


def test_a_job_that_is_being_deleted_is_judged_all_the_same(
    plane: ControlPlane, stored: tuple[str, str]
) -> None:
    """A deletionTimestamp is no way around the gate: a finalizer may keep the object for ever."""
    group, namespace = stored
    plane.kubectl("delete", "-n", namespace, RESOURCE[group], "--wait=false", check=True)
    patch = '{"spec": {"resourceConfig": {"instanceType": "ml.t2.medium"}}}'
    done = plane.kubectl("patch", "-n", namespace, RESOURCE[group], "--type=merge", "-p", patch)
    assert "spec.resourceConfig.instanceType" in done.stderr


def test_a_status_write_is_never_judged(plane: ControlPlane, stored: tuple[str, str]) -> None:
    """A controller reports the state of a bad job."""
    group, namespace = stored
    patch = json.dumps({"status": {"trainingJobStatus": "InProgress"}})
    done = plane.kubectl(
        "patch",
        "-n",
        namespace,
        RESOURCE[group],
        "--subresource=status",
        "--type=merge",
        "-p",
        patch,
    )
    assert done.returncode == 0, done.stderr


@both
def test_a_controller_may_write_what_users_may_not(
    plane: ControlPlane, gate: GateProcess, namespace: str, group: str
) -> None:
    """ACK's account creates a bad object; a user with the same rights is refused."""
    account = "system:serviceaccount:ack-system:ack-sagemaker-controller"
    plane.kubectl(
        "create",
        "clusterrolebinding",
        f"admins-{namespace}",
        "--clusterrole=cluster-admin",
        f"--user={account}",
        "--user=alice",
        check=True,
    )
    body = bad(group)
    del body["metadata"]["finalizers"]
    text = yaml.safe_dump(body)
    alice = plane.kubectl("create", "-n", namespace, "--as=alice", "-f", "-", stdin=text)
    assert "spec.resourceConfig.instanceType" in alice.stderr
    controller = plane.kubectl("create", "-n", namespace, f"--as={account}", "-f", "-", stdin=text)
    assert controller.returncode == 0, controller.stderr


def test_adoption_with_an_empty_spec_is_admitted(
    plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """ACK fills the spec of an adopted job by itself: nothing is demanded, nothing defaulted."""
    body = {
        "apiVersion": "sagemaker.services.k8s.aws/v1alpha1",
        "kind": "TrainingJob",
        "metadata": {
            "name": "adopted",
            "annotations": {
                "services.k8s.aws/adoption-policy": "adopt",
                "services.k8s.aws/adoption-fields": '{"trainingJobName": "mine"}',
            },
        },
    }
    done = plane.kubectl(
        "create", "-n", namespace, "-o", "json", "-f", "-", stdin=yaml.safe_dump(body)
    )
    assert done.returncode == 0, done.stderr
    assert not json.loads(done.stdout).get("spec")
