# SPDX-License-Identifier: Apache-2.0
"""A training job through a real API server with kubectl: completed, kept as it is, refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.controlplane.jobs import RESOURCE, SAMPLES, both
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import GateProcess

ROLE = "arn:aws:iam::123456789012:role/service-role/sagemaker-execution"


def read(plane: ControlPlane, namespace: str, group: str) -> dict[str, Any]:
    """Return the stored object."""
    done = plane.kubectl("get", "-n", namespace, RESOURCE[group], "-o", "json", check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def role_and_region(body: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return what the gate is to have filled."""
    spec, annotations = body["spec"], body["metadata"].get("annotations", {})
    role = spec.get("roleArn") or spec.get("roleARN")
    return role, spec.get("region") or annotations.get("services.k8s.aws/region")


@both
def test_a_job_without_role_and_region_is_completed(
    plane: ControlPlane, gate: GateProcess, namespace: str, group: str
) -> None:
    """`kubectl apply` admits it, names what was filled, and reading it back shows both."""
    done = plane.kubectl("apply", "-n", namespace, "-f", str(SAMPLES[group]))
    assert done.returncode == 0, done.stderr
    assert "defaulted to" in done.stderr
    assert role_and_region(read(plane, namespace, group)) == (ROLE, "us-west-2")


@both
@pytest.mark.parametrize("command", ["apply", "apply --server-side", "replace"])
def test_applying_again_changes_nothing(
    plane: ControlPlane, gate: GateProcess, namespace: str, group: str, command: str
) -> None:
    """Spec and generation stay, and `kubectl diff` is empty."""
    first = ["apply", "--server-side"] if "server" in command else ["apply"]
    plane.kubectl(*first, "-n", namespace, "-f", str(SAMPLES[group]), check=True)
    before = read(plane, namespace, group)
    plane.kubectl(*command.split(), "-n", namespace, "-f", str(SAMPLES[group]), check=True)
    after = read(plane, namespace, group)
    assert after["spec"] == before["spec"]
    assert after["metadata"]["generation"] == before["metadata"]["generation"]
    assert role_and_region(after) == (ROLE, "us-west-2")
    flags = ["--server-side"] if "server" in command else []
    if command != "replace":
        diff = plane.kubectl("diff", *flags, "-n", namespace, "-f", str(SAMPLES[group]))
        assert (diff.returncode, diff.stdout) == (0, "")


@both
@pytest.mark.parametrize("command", ["apply", "apply --server-side", "replace"])
def test_a_changed_policy_does_not_move_a_job(
    plane: ControlPlane, gate: GateProcess, namespace: str, group: str, command: str, policy: Path
) -> None:
    """After the policy's defaults have changed, the manifest applied again leaves all as it was."""
    first = ["apply", "--server-side"] if "server" in command else ["apply"]
    plane.kubectl(*first, "-n", namespace, "-f", str(SAMPLES[group]), check=True)
    before = read(plane, namespace, group)
    changed = policy.with_name("changed.yaml")
    text = policy.read_text().replace("us-west-2", "eu-west-1").replace("sagemaker-exec", "other")
    changed.write_text(text)
    with GateProcess(policy=changed) as other:
        plane.kubectl("apply", "-f", "-", stdin=other.webhooks(), check=True)
        try:
            plane.wait_for(
                lambda: "eu-west-1" in _fresh(plane, namespace), 20, "the changed gate is asked"
            )
            plane.kubectl(*command.split(), "-n", namespace, "-f", str(SAMPLES[group]), check=True)
            after = read(plane, namespace, group)
        finally:
            plane.kubectl("apply", "-f", "-", stdin=gate.webhooks(), check=True)
            plane.wait_for(
                lambda: "us-west-2" in _fresh(plane, namespace), 20, "the first gate is asked"
            )
    assert after["spec"] == before["spec"]
    assert after["metadata"]["generation"] == before["metadata"]["generation"]
    assert role_and_region(after) == role_and_region(before)


def _fresh(plane: ControlPlane, namespace: str) -> str:
    body = yaml.safe_load(SAMPLES["legacy"].read_text())
    body["metadata"]["name"] = "fresh"
    # an image of no region, so that it is admitted wherever it would run
    body["spec"]["algorithmSpecification"] = {"algorithmName": "mine", "trainingInputMode": "File"}
    done = plane.kubectl(
        "create",
        "--dry-run=server",
        "-n",
        namespace,
        "-o",
        "yaml",
        "-f",
        "-",
        stdin=yaml.safe_dump(body),
    )
    return done.stdout
