# SPDX-License-Identifier: Apache-2.0
"""All kinds on the real API server: installed, created, completed, read back."""

from __future__ import annotations

import json

import pytest
import yaml

from schemas import Kind
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import GateProcess
from tests.samples import completed, samples
from tests.test_kinds import IDS, KINDS

ORIGINALS = [kind for kind in KINDS if not kind.is_ack]


def test_every_crd_is_established(plane: ControlPlane) -> None:
    """Of both groups; none is refused for its names or its schema."""
    listed = json.loads(plane.kubectl("get", "crd", "-o", "json", check=True).stdout)["items"]
    served = {
        crd["metadata"]["name"]
        for crd in listed
        if {c["type"]: c["status"] for c in crd["status"]["conditions"]}["Established"] == "True"
        and "NonStructuralSchema" not in {c["type"] for c in crd["status"]["conditions"]}
    }
    assert {f"{kind.plural}.{kind.group}" for kind in KINDS} <= served


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_a_sample_is_created_completed_and_read_back(
    kind: Kind, plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """As the gate completes it, key by key: nothing is pruned, nothing else is added."""
    assert gate.url
    for body, done in zip(samples(kind), completed(kind), strict=True):
        created = plane.kubectl("create", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(body))
        assert created.returncode == 0, created.stderr
        name = f"{kind.plural}.{kind.group}/{body['metadata']['name']}"
        found = json.loads(plane.kubectl("get", "-n", namespace, name, "-o", "json").stdout)
        assert found["spec"] == done.resource.body["spec"]
        for key, value in done.resource.annotations.items():
            assert found["metadata"]["annotations"][key] == value


@pytest.mark.parametrize("kind", ORIGINALS, ids=[kind.name for kind in ORIGINALS])
def test_kubectl_shows_the_kind_as_the_original_did(
    kind: Kind, plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """Columns, `explain`, and the category `sagemaker`."""
    assert gate.url
    body = samples(kind)[0]
    plane.kubectl("create", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(body), check=True)
    head = plane.kubectl("get", "-n", namespace, f"{kind.plural}.{kind.group}").stdout
    assert head.splitlines()[0].split()[1:] == COLUMNS[kind.name].upper().split()
    explained = plane.kubectl("explain", f"{kind.plural}.spec", f"--api-version={kind.api_version}")
    assert "sageMakerEndpoint\t<string>" in explained.stdout
    assert (
        f"{kind.name.lower()}.{kind.group}/"
        in plane.kubectl("get", "-n", namespace, "sagemaker", "-o", "name").stdout
    )


COLUMNS = {
    "TrainingJob": "Status Secondary-Status Creation-Time Sagemaker-Job-Name",
    "HyperparameterTuningJob": "Status Creation-Time Completed InProgress Errors Stopped"
    " Best-Training-Job Sagemaker-Job-Name",
    "BatchTransformJob": "Status Creation-Time Sagemaker-Job-Name",
    "ProcessingJob": "Status Creation-Time Sagemaker-Job-Name",
    "Model": "Status Sage-Maker-Model-Name",
    "EndpointConfig": "Status Sage-Maker-EndpointConfig-Name",
    "HostingDeployment": "Status Sagemaker-endpoint-name",
    "HostingAutoscalingPolicy": "Status Creation-Time",
}
"""What `kubectl get` showed of the original's kinds, after the name."""


def test_the_autoscaling_policy_has_its_short_name(plane: ControlPlane) -> None:
    """`kubectl get hap`."""
    done = plane.kubectl("get", "hap", "-n", "default")
    assert done.returncode == 0, done.stderr
