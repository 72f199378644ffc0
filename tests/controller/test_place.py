# SPDX-License-Identifier: Apache-2.0
"""Where things are: an edit of region or endpoint hides nothing, and makes nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from controller.failure import AwsError
from controller.step import AwsCall
from tests.controller.sample import sample
from tests.controller.test_job import JOBS
from tests.controller.world import Body, World, conditions, subject_of


@pytest.mark.parametrize("kind", JOBS)
@pytest.mark.parametrize("rounds", range(4))
@pytest.mark.parametrize("edit", [{"region": "eu-west-1"}, {"sageMakerEndpoint": "https://other"}])
def test_a_move_hides_no_running_job(kind: str, rounds: int, edit: Body) -> None:
    """An edit of the place is ignored like any other from the moment that a job may be there."""
    world, places = World(), []
    key = world.add(sample(kind))
    answer = world.cloud.answer

    def note(call: AwsCall) -> Any:
        if call.operation.startswith("Create"):
            places.append((world.entries[key].subject.region, world.entries[key].subject.endpoint))
        return answer(call)

    world.cloud.answer = note  # type: ignore[method-assign]
    world.loses_at = 2  # the Create's answer
    world.run(rounds)
    world.edit(key, **edit)
    world.run()
    is_late = rounds > 0
    edited = (edit.get("region", "us-west-2"), edit.get("sageMakerEndpoint"))
    assert places == [("us-west-2", None) if is_late else edited]
    subject = subject_of(world.objects[key])
    assert (subject.region, subject.endpoint) == places[0]
    assert bool(subject.moved) == is_late
    assert conditions(world.objects[key])["Failed"]["status"] == "False"


@pytest.mark.parametrize("kind", JOBS)
def test_a_job_that_was_never_made_follows_its_region(kind: str) -> None:
    """Refused where it was asked for first; an edit of the region is the way out."""
    world, places = World(), []
    key = world.add(sample(kind))
    world.cloud.refuse(f"Create{JOBS[kind][0]}", "ResourceLimitExceeded", "no room", 2)
    answer = world.cloud.answer

    def note(call: AwsCall) -> Any:
        places.append(world.entries[key].subject.region)
        return answer(call)

    world.cloud.answer = note  # type: ignore[method-assign]
    world.run(2)
    assert world.objects[key]["status"]["region"] == "us-west-2"
    world.edit(key, region="eu-west-1")
    world.run()
    assert places[-1] == "eu-west-1"
    assert world.objects[key]["status"]["region"] == "eu-west-1"
    assert conditions(world.objects[key])["Synced"]["status"] == "True"


NAMED = {
    **{kind: (f"Create{noun}", field) for kind, (noun, _, field, _) in JOBS.items() if field},
    "HostingDeployment": ("CreateEndpoint", "endpointName"),
}
"""Kind: what makes its AWS side, and the field that names it."""


def made(world: World, kind: str) -> list[str]:
    """Return the names of what a kind's own call has made."""
    noun = NAMED[kind][0].removeprefix("Create")
    return [name for found, name in world.cloud.things if found == noun]


@pytest.mark.parametrize("kind", NAMED)
def test_a_rename_before_it_was_seen_makes_no_second(kind: str) -> None:
    """The Create's answer was lost, and the name is edited before AWS is asked again."""
    world, body = World(), sample(kind)
    operation, field = NAMED[kind]
    body["spec"][field] = "first"
    key, answer = world.add(body), world.cloud.answer

    def lose(call: AwsCall) -> Any:
        found = answer(call)
        return AwsError(operation, "", "lost") if call.operation == operation else found

    world.cloud.answer = lose  # type: ignore[method-assign]
    while not made(world, kind):
        world.run(1)
    world.edit(key, **{field: "second"})
    world.run(8)
    assert made(world, kind) == ["first"]
    assert not world.objects[key]["status"].get("requestedName")
    world.delete(key)
    world.run()
    assert all(thing.get("EndpointName") is None for thing in world.cloud.things.values())
    assert all(thing.get(f"{noun}Status") != "InProgress" for (noun, _), thing in
               world.cloud.things.items())  # fmt: skip


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("code", ["ResourceLimitExceeded", "ResourceInUse"])
def test_what_was_never_made_follows_its_name(kind: str, code: str) -> None:
    """The first was refused, or is somebody else's: an edit of the name is the way out."""
    world, body = World(), sample(kind)
    operation, field = NAMED[kind]
    noun = operation.removeprefix("Create")
    body["spec"][field] = "first"
    key = world.add(body)
    world.cloud.refuse(operation, code, "no", 1)
    while not world.cloud.count(operation):
        world.run(1)
    if code == "ResourceInUse":
        theirs = {f"{noun}Name": "first", f"{noun}Arn": "arn", f"{noun}Status": "InService"}
        world.cloud.things[noun, "first"] = {**theirs, "EndpointConfigName": "theirs"}
        world.run(8)
        assert conditions(world.objects[key])["Failed"]["reason"] == "NameTaken"
    world.edit(key, **{field: "second"})
    world.run(12)
    theirs_too = ["first"] if code == "ResourceInUse" else []
    assert made(world, kind) == [*theirs_too, "second"]
    assert conditions(world.objects[key])["Synced"]["status"] == "True"


POLICY = "HostingAutoscalingPolicy"


def test_targets_do_not_move() -> None:
    """Those that are there stay, and the object says so; it goes on when the edit is undone."""
    world = World()
    key = world.add(sample(POLICY))
    world.run(3)
    there = dict(world.cloud.things)
    world.edit(key, region="eu-west-1")
    world.run(3)
    failed = conditions(world.objects[key])["Failed"]
    assert (failed["status"], failed["reason"]) == ("True", "RegionChanged")
    assert "us-west-2" in failed["message"]
    assert world.cloud.things == there
    world.edit(key, region="us-west-2")
    world.run(3)
    assert conditions(world.objects[key])["Ready"]["status"] == "True"


def test_a_policy_that_was_never_made_follows_its_region() -> None:
    """The endpoint was not to be found where the region was wrong."""
    world = World()
    key = world.add(sample(POLICY))
    text = "No endpoint found for service namespace: sagemaker"
    world.cloud.refuse("RegisterScalableTarget", "ValidationException", text, 2)
    world.run(2)
    assert world.objects[key]["status"]["region"] == "us-west-2"
    world.edit(key, region="eu-west-1")
    world.run(4)
    body = world.objects[key]
    assert body["status"]["region"] == "eu-west-1"
    assert conditions(body)["Ready"]["status"] == "True"
