# SPDX-License-Identifier: Apache-2.0
"""Models and endpoint configurations: made, replaced by an edit, made again when they vanish."""

from __future__ import annotations

from typing import Any

import pytest

from controller.artifact import RARELY, REPLACING
from controller.observed import Observed
from controller.step import REST, Step
from controller.subject import UID_TAG
from tests.controller.cloud import Cloud, tags_of
from tests.controller.row import (
    ABSENT,
    DELETED,
    NOTHING,
    after,
    condition,
    failed,
    held,
    said,
    there,
)
from tests.controller.sample import sample
from tests.controller.test_job import REFUSAL
from tests.controller.world import HEX, UID, Body, World, conditions

KINDS = ("Model", "EndpointConfig")
NAME = f"mnist-{HEX}"
ARN = f"arn:aws:sagemaker:us-west-2:123456789012:model/{NAME}"
MODEL = there(ModelName=NAME, ModelArn=ARN, PrimaryContainer={"Image": "i"}, CreationTime=1)
MADE = {"status": "Created", "modelArn": ARN, "sageMakerModelName": NAME, "observedGeneration": 1}
OWNED = {"ownerReferences": [{"kind": "HostingDeployment", "controller": True, "uid": "1"}]}


@pytest.mark.parametrize("kind", KINDS)
def test_made(kind: str) -> None:
    """Held, described, created with a made name and our tag, then shown."""
    first = {"status": "SynchronizingK8sJobWithSageMaker"}
    assert after(sample(kind)) == Step(holds=True, status=first)
    body = held(kind, first)
    call = after(body).call
    assert call is not None
    assert (call.operation, call.parameters) == (f"Describe{kind}", {f"{kind}Name": NAME})
    step = after(body, ABSENT)
    assert step.call is not None
    assert (step.call.operation, step.is_judged) == (f"Create{kind}", True)
    assert step.call.parameters[f"{kind}Name"] == NAME
    assert tags_of(step.call.parameters)[UID_TAG] == UID
    shown = after(body, there(**{f"{kind}Name": NAME, f"{kind}Arn": "arn"}))
    stem = kind[0].lower() + kind[1:]
    assert (shown.status or {})[f"sageMaker{kind}Name"] == NAME
    assert (shown.status or {})[f"{stem}Arn"] == "arn"
    assert (shown.again, said(shown)["Ready"]) == (RARELY, ("True", "Created"))
    assert (shown.status or {})["lastUpdateTime"] == "2026-01-01T12:00:00Z"


@pytest.mark.parametrize(
    ("status", "meta", "observed", "operation", "judged"),
    [
        (MADE, {"generation": 1}, MODEL, None, False),
        (MADE, {"generation": 1}, ABSENT, "CreateModel", False),
        (MADE, {}, MODEL, "DeleteModel", True),
        (MADE, {}, ABSENT, "CreateModel", True),
        ({**MADE, "conditions": [condition("Synced", "False", REPLACING)]}, {}, ABSENT,
         "CreateModel", False),
        ({**MADE, "conditions": [condition("Synced", "False", REPLACING, 1)]}, {}, ABSENT,
         "CreateModel", True),
        ({}, OWNED, ABSENT, "CreateModel", False),
        (MADE, OWNED, MODEL, "DeleteModel", False),
    ],
)  # fmt: skip
def test_what_is_judged(
    status: Body, meta: Body, observed: Observed, operation: str | None, judged: bool
) -> None:
    """Once for each spec that is sent: not again for what vanished, nor after the old one's end.

    What a deployment made was judged with the deployment.
    """
    step = after(held("Model", dict(status), **meta), observed)
    assert (step.call.operation if step.call else None, step.is_judged) == (operation, judged)


def test_an_edit_is_judged_against_what_aws_has() -> None:
    """What the old one had too does not count."""
    step = after(held("Model", dict(MADE)), MODEL)
    assert step.sent is not None
    assert step.sent["spec"] == {"primaryContainer": {"image": "i"}, "region": "us-west-2"}
    assert said(step)["Synced"] == ("False", REPLACING)


def test_an_old_fault_does_not_cost_the_old_model() -> None:
    """A finding that the old request had does not stop the new one once the old is deleted."""

    def judge(_: Body, sent: Any) -> Any:
        return () if sent is not None or world.cloud.count("Create") == 0 else (REFUSAL,)

    world = World()
    world.judge = judge
    key = world.add(sample("Model"))
    world.run(2)
    world.edit(key, enableNetworkIsolation=True)
    world.run(2)
    assert conditions(world.objects[key])["Ready"]["status"] == "True"
    model = world.cloud.things["Model", NAME]
    assert model["EnableNetworkIsolation"] is True


def test_a_refused_edit_leaves_the_old_one_in_service() -> None:
    """Failed, and still ready: nothing was deleted."""
    step = after(
        held("Model", {**MADE, "conditions": [condition("Ready", "True", "Created")]}),
        Observed(MODEL.description, is_known=True, refused=(REFUSAL,)),
    )
    assert step.call is None
    assert said(step) == {"Failed": ("True", "Refused"), "Ready": ("True", "Created"),
                          "Synced": ("False", "Refused")}  # fmt: skip


@pytest.mark.parametrize("status", [{}, MADE])
def test_nothing_there_is_never_ready(status: Body) -> None:
    """A create that AWS refuses, at first or after the old one's end, says so."""
    body = held("Model", {**status, "conditions": [condition("Ready", "True", "Created")]})
    step = after(body, failed("CreateModel", "ValidationException", "no such image"))
    assert said(step)["Ready"] == ("False", "ValidationException")
    assert (step.status or {})["additional"] == ("CreateModel: ValidationException: no such image")
    assert (step.status or {})["status"] == "Error"
    assert (step.status or {})["lastUpdateTime"] == "2026-01-01T12:00:00Z"
    body["status"] = dict(step.status or {})
    assert after(body) == REST


@pytest.mark.parametrize(
    ("operation", "code", "failures", "synced"),
    [
        ("CreateModel", "ThrottlingException", 1, None),
        ("CreateModel", "ThrottlingException", 3, "ThrottlingException"),
        ("CreateModel", "AccessDeniedException", 1, "AccessDeniedException"),
        ("DescribeModel", "", 3, "NoAnswer"),
        ("DescribeModel", "OddException", 3, "OddException"),
    ],
)
def test_what_is_tried_again(operation: str, code: str, failures: int, synced: str | None) -> None:
    """Nothing of it ends the object, and what a person can act on is shown at once."""
    step = after(held("Model", MADE), failed(operation, code, "x", failures))
    assert (step.again or 0) > 0
    assert said(step).get("Synced") == (None if synced is None else ("False", synced))
    new = after(held("Model", {}), failed(operation, code, "x", failures)).status or {}
    assert new.get("status") == (None if synced is None else "Error")


def test_a_refusal_by_permission_is_shown_though_questions_are_answered() -> None:
    """The Describe before each attempt hides nothing."""
    world = World()
    key = world.add(sample("Model"))
    world.cloud.refuse("CreateModel", "AccessDeniedException", "not allowed", 3)
    world.run(3)
    assert "not allowed" in world.objects[key]["status"]["additional"]
    assert world.pauses == [30.0, 60.0, 120.0]


def test_another_region_moves_it() -> None:
    """The old one is deleted where it is, the new one is made where the spec says."""
    world = World()
    key = world.add(sample("Model"))
    world.run(2)
    regions = []
    answer = world.cloud.answer

    def note(call: Any) -> Any:
        regions.append((call.operation, world.entries[key].subject.region))
        return answer(call)

    world.cloud.answer = note  # type: ignore[method-assign]
    world.edit(key, region="eu-west-1")
    world.cloud.region = "eu-west-1"
    world.run(2)
    assert [each for each in regions if not each[0].startswith("Describe")] == [
        ("DeleteModel", "us-west-2"), ("CreateModel", "eu-west-1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("observed", "operation", "releases"),
    [(NOTHING, "DescribeModel", False), (MODEL, "DeleteModel", False), (ABSENT, None, True)],
)
def test_deletion(observed: Observed, operation: str | None, releases: bool) -> None:
    """Never judged."""
    step = after(held("Model", MADE, deletionTimestamp=DELETED), observed)
    assert (step.call.operation if step.call else None, step.releases) == (operation, releases)
    assert not step.is_judged


def test_made_again_when_deleted_behind_our_back() -> None:
    """Under the same name."""
    world = World(Cloud())
    world.add(sample("EndpointConfig"))
    world.run(2)
    world.cloud.things.clear()
    world.run(2)
    assert list(world.cloud.things) == [("EndpointConfig", NAME)]
