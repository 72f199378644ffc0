# SPDX-License-Identifier: Apache-2.0
"""No object at all makes a state machine raise; what cannot be sent ends with a reason."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

import pytest

from controller.failure import AwsError
from controller.judge import Judge
from controller.observed import Observed
from controller.step import Step
from controller.subject import FINALIZER
from tests.controller.row import NOTHING, after, condition, there
from tests.controller.sample import sample
from tests.controller.world import (
    HEX,
    KINDS,
    UID,
    Body,
    World,
    conditions,
    kind_of,
    make,
    subject_of,
)
from tests.specimens.mutant import JUNK, mutant

ROUNDS = 500
"""Objects of each kind; each is shown to its machine in all the ways below."""

BAD = AwsError("CreateIt", "ValidationException", "no", 400)
SILENT = AwsError("DescribeIt", "", "no")
TAIL = f"1-{HEX}"

CRASHERS: dict[str, Body] = {
    "environment": make("BatchTransformJob", {
        **sample("BatchTransformJob")["spec"], "environment": [{"name": "a", "value": "b"}]}),
    "no configuration": make("HostingAutoscalingPolicy", {
        "region": "us-west-2", "resourceId": [{"endpointName": "e", "variantName": "v"}]}),
    "no variant": make("HostingAutoscalingPolicy", {
        "region": "us-west-2", "resourceId": [{"endpointName": "e"}]}),
    "no spec": make("ProcessingJob", None),
}  # fmt: skip
"""Schema-valid objects that ended the original's process."""


def judge(body: Body, sent: Any) -> Any:
    """Return the gate's findings, as the engine asks for them."""
    return Judge().refuse(subject_of(body), sent)


@pytest.mark.parametrize("name", CRASHERS)
def test_what_crashed_the_original(name: str) -> None:
    """Becomes its request, or ends with the gate's findings; and can be deleted."""
    world = World()
    world.judge = judge
    key = world.add(deepcopy(CRASHERS[name]))
    world.run(3)
    failed = conditions(world.objects[key]).get("Failed", {})
    if name == "environment":
        (call,) = [c for c in world.cloud.calls if c.operation == "CreateTransformJob"]
        assert call.parameters["Environment"] == {"a": "b"}
    elif name != "no configuration":
        assert (failed["reason"], "spec" in failed["message"]) == ("Refused", True)
        assert world.cloud.count("Create") + world.cloud.count("Register") == 0
    world.delete(key)
    world.run()
    assert world.objects == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spec", [None, {}, [], 5, "text", [[]], {"region": 5}, {"region": None}])
def test_a_spec_that_is_none(kind: str, spec: Any) -> None:
    """Refused field by field, said in a condition, asked of nobody, and deleted at once."""
    body = make(kind, spec)
    world = World()
    world.judge = judge
    key = world.add(body)
    world.run(3)
    assert conditions(world.objects[key])["Failed"]["reason"] == "Refused"
    assert world.cloud.calls == []
    world.delete(key)
    world.run()
    assert world.objects == {}


@pytest.mark.parametrize("kind", KINDS)
def test_any_object(kind: str) -> None:
    """Random objects with random faults, with any status and any children."""
    chance = random.Random(7)  # noqa: S311 - no secret
    for _ in range(ROUNDS):
        body = odd(kind, chance)
        for observed in views(chance):
            step = after(deepcopy(body), observed)
            assert isinstance(step, Step)
            assert step.status is None or json.dumps(step.status)


def odd(kind: str, chance: random.Random) -> Body:
    """Return an object that no schema has seen."""
    body = mutant(kind_of(kind), chance)
    body["metadata"] |= {"uid": UID, "generation": 1, "resourceVersion": "5"}
    if chance.random() < 0.8:
        body["metadata"]["finalizers"] = [FINALIZER]
    if chance.random() < 0.2:
        body["metadata"]["deletionTimestamp"] = chance.choice(("2026-01-01T00:00:00Z", "x", "5"))
    if chance.random() < 0.3:
        keys = ("annotations", "ownerReferences", "finalizers", "generation", "uid", "name")
        body["metadata"][chance.choice(keys)] = chance.choice(JUNK)
    if chance.random() < 0.5:
        body["status"] = chance.choice((chance.choice(JUNK), _status(chance)))
    return body


def _status(chance: random.Random) -> Body:
    """Return a status that somebody has edited."""
    keys = (
        "conditions", "resourceIDList", "policyName", "endpointName", "endpointArn", "modelArn",
        "observedGeneration", "debugRuleEvaluationStatuses", "trainingJobStatus", "status",
        "sageMakerTrainingJobName", "sageMakerModelName", "cloudWatchLogUrl", "lastModifiedTime",
    )  # fmt: skip
    found = {key: chance.choice(JUNK) for key in chance.sample(keys, 5)}
    if chance.random() < 0.5:
        failed = condition("Failed", chance.choice(("True", "False")), "x", chance.choice((1, 2)))
        found["conditions"] = [failed, {"type": "Synced"}, {"type": 5}, chance.choice(JUNK)]
    return found


def views(chance: random.Random) -> list[Observed]:
    """Return what may be observed of an object."""
    junk = chance.choice(JUNK)
    bodies = (junk, {"status": junk}, {"spec": junk, "status": {"conditions": junk}})
    children = {
        ("Model", f"xgboost-{TAIL}"): chance.choice(bodies),
        ("EndpointConfig", f"mnist-0-{HEX}"): {"spec": {"productionVariants": junk}},
        ("Model", junk if isinstance(junk, str) else "x"): {},
    }
    return [
        Observed(children=children),
        Observed(is_known=True),
        Observed(error=BAD, failures=1, children=children),
        Observed(error=SILENT, failures=4),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_huge_object(kind: str) -> None:
    """A list of 100,000 items where lists are, and a name of a megabyte."""
    body = sample(kind, finalizers=[FINALIZER])
    for key, value in list(body["spec"].items()):
        if isinstance(value, list) and value:
            body["spec"][key] = value * 100_000
    body["spec"]["tags"] = [{"key": "k", "value": "v"}] * 100_000
    body["spec"]["trainingJobName"] = "n" * 1_000_000
    assert isinstance(after(body, NOTHING), Step)
    assert isinstance(after(body, Observed(is_known=True)), Step)


def test_a_message_fits_into_a_condition() -> None:
    """However much AWS or the gate says."""
    text = "x" * 100_000
    observed = Observed(error=AwsError("CreateModel", "ValidationException", text, 400))
    step = after(make("Model", finalizers=[FINALIZER]), observed)
    messages = [len(c["message"]) for c in (step.status or {})["conditions"]]
    assert max(messages) == 4096


def test_a_description_of_somebody_else_is_not_taken() -> None:
    """Of an empty uid nothing is in any name."""
    body = sample("TrainingJob", uid="", finalizers=[FINALIZER])
    body["spec"]["trainingJobName"] = "mine"
    step = after(body, there(TrainingJobName="mine", TrainingJobArn="a", TrainingJobStatus="x"))
    assert step.call is not None
    assert step.call.operation == "ListTags"
