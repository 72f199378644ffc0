# SPDX-License-Identifier: Apache-2.0
"""Role and region of every kind: where they are filled in, and where they are not."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import Kind
from tests.specimens.specimen import least, wrap
from tests.test_defaulting import ROLE, fill
from tests.test_kinds import IDS, KINDS
from webhook.defaults.role import EXECUTION_ROLE
from webhook.finding import render_path
from webhook.resource import REGION

POLICY = {"defaults": {"Region": "eu-west-1", "RoleArn": ROLE}}

ROLES: dict[str, dict[str, Any]] = {
    "original-HostingDeployment": {
        "spec.models[0].executionRoleArn": ("models", [{"name": "a"}, {"name": "b"}]),
        "spec.models[1].executionRoleArn": None,
    },
    "original-HyperparameterTuningJob": {
        "spec.trainingJobDefinition.roleArn": ("trainingJobDefinition", {}),
    },
    "original-Model": {"spec.executionRoleArn": None},
    "original-ProcessingJob": {"spec.roleArn": None},
    "original-TrainingJob": {"spec.roleArn": None},
    "ack-DataQualityJobDefinition": {"spec.roleARN": None},
    "ack-Domain": {
        "spec.defaultUserSettings.executionRole": ("defaultUserSettings", {}),
        "spec.defaultSpaceSettings.executionRole": ("defaultSpaceSettings", {}),
    },
    "ack-FeatureGroup": {"spec.roleARN": None},
    "ack-HyperParameterTuningJob": {
        "spec.trainingJobDefinition.roleARN": ("trainingJobDefinition", {}),
        "spec.trainingJobDefinitions[0].roleARN": ("trainingJobDefinitions", [{}, {}]),
        "spec.trainingJobDefinitions[1].roleARN": None,
    },
    "ack-LabelingJob": {"spec.roleARN": None},
    "ack-Model": {"spec.executionRoleARN": None},
    "ack-ModelBiasJobDefinition": {"spec.roleARN": None},
    "ack-ModelExplainabilityJobDefinition": {"spec.roleARN": None},
    "ack-ModelPackage": {
        "spec.validationSpecification.validationRole": ("validationSpecification", {}),
    },
    "ack-ModelQualityJobDefinition": {"spec.roleARN": None},
    "ack-MonitoringSchedule": {
        "spec.monitoringScheduleConfig.monitoringJobDefinition.roleARN": (
            "monitoringScheduleConfig", {"monitoringJobDefinition": {}},
        ),
    },
    "ack-NotebookInstance": {"spec.roleARN": None},
    "ack-Pipeline": {"spec.roleARN": None},
    "ack-ProcessingJob": {"spec.roleARN": None},
    "ack-TrainingJob": {"spec.roleARN": None},
}  # fmt: skip
"""Kind -> where the role is put, and what must be there for it; other kinds have no role."""


def bare(kind: Kind, name: str) -> dict[str, Any]:
    """Return an object without role and region, but with the parents of every role."""
    spec = least(kind)
    for given in ROLES.get(name, {}).values():
        if given is not None:
            spec[given[0]] = given[1]
    for key in ("region", "roleArn", "roleARN", "executionRoleArn", "executionRoleARN"):
        spec.pop(key, None)
    body = wrap(kind, spec)
    body["metadata"].pop("annotations", None)
    return body


every = pytest.mark.parametrize(("kind", "name"), list(zip(KINDS, IDS, strict=True)), ids=IDS)


@every
def test_role_and_region_are_filled_where_the_kind_has_them(kind: Kind, name: str) -> None:
    """The region of every kind; the role wherever its calls keep it, and nowhere else."""
    done = fill(bare(kind, name), POLICY)
    region = ("metadata", "annotations", REGION) if kind.is_ack else ("spec", "region")
    filled = {render_path(each.path): each.value for each in done.filled}
    place = f"metadata.annotations[{REGION}]" if kind.is_ack else "spec.region"
    assert filled == {place: "eu-west-1", **dict.fromkeys(ROLES.get(name, {}), ROLE)}
    value: Any = done.resource.body
    for step in region:
        value = value[step]
    assert value == "eu-west-1"


@every
def test_an_update_keeps_the_stored_role_and_region(kind: Kind, name: str) -> None:
    """Though the policy says another today, and the manifest names none."""
    stored = fill(bare(kind, name), POLICY).resource.body
    today = {"defaults": {"Region": "us-east-1", "RoleArn": f"{ROLE}-of-today"}}
    done = fill(bare(kind, name), today, old=dict(stored))
    assert done.resource.body == stored
    assert all(each.restored for each in done.filled)


def test_every_operation_has_a_row() -> None:
    """A new kind must say where its role is, or that it has none."""
    operations = {operation for kind in KINDS for operation in kind.operations}
    assert set(EXECUTION_ROLE) == operations


def test_models_are_known_by_their_names_when_the_list_changes() -> None:
    """A model that moved keeps its role; one that is new has none to restore."""
    kind = next(kind for kind in KINDS if kind.name == "HostingDeployment")
    stored = bare(kind, "original-HostingDeployment")
    roles = {"a": f"{ROLE}-a", "b": f"{ROLE}-b"}
    for model in stored["spec"]["models"]:
        model["executionRoleArn"] = roles[model["name"]]
    body = bare(kind, "original-HostingDeployment")
    body["spec"]["models"] = [{"name": "b"}, {"name": "new"}, {"name": "a"}]
    done = fill(body, POLICY, old=stored).resource.body
    assert [model.get("executionRoleArn") for model in done["spec"]["models"]] == [
        roles["b"], None, roles["a"],
    ]  # fmt: skip
