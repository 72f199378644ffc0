# SPDX-License-Identifier: Apache-2.0
"""Whatever is lost, wherever: nothing is made twice, no name changes, and deletion ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from controller.failure import is_read
from tests.controller.sample import sample, variant
from tests.controller.world import KINDS, Key, Killed, World

MOST = 200
"""Effects of the longest of these lives, with room."""

EDITS: dict[str, dict[str, Any]] = {
    "Model": {"enableNetworkIsolation": True},
    "EndpointConfig": {"kmsKeyId": "alias/k"},
    "HostingDeployment": {"productionVariants": [variant(3)]},
    "HostingAutoscalingPolicy": {"maxCapacity": 9},
}


def _nothing() -> None:
    """Leave all as it is."""


def live(world: World, key: Key, *, resume: Callable[[], None]) -> None:
    """Make, perhaps edit, and delete an object; `resume` runs what was interrupted again."""
    for act in (_nothing, lambda: _edit(world, key), lambda: world.delete(key)):
        if key in world.objects:
            act()
        try:
            world.run(10)
        except Killed:
            resume()
    world.run()


def _edit(world: World, key: Key) -> None:
    if key[0] in EDITS and "deletionTimestamp" not in world.objects[key]["metadata"]:
        world.edit(key, **EDITS[key[0]])


def names(world: World) -> set[str]:
    """Return what was asked to be created, as the calls named it."""
    calls = [call for call in world.cloud.calls if call.operation.startswith("Create")]
    return {
        f"{c.operation} {v}"
        for c in calls
        for k, v in c.parameters.items()
        if k == f"{c.operation.removeprefix('Create')}Name"
    }


def undisturbed(kind: str) -> World:
    """Return the world after a life in which nothing was lost."""
    world = World()
    live(world, world.add(sample(kind)), resume=_nothing)
    return world


@pytest.mark.parametrize("kind", KINDS)
def test_a_life_ends_with_nothing_left(kind: str) -> None:
    """Made, edited and deleted: no object is left, and in AWS only the records of jobs."""
    world = undisturbed(kind)
    left = [noun for noun, _ in world.cloud.things if not noun.endswith("Job")]
    assert (world.objects, left, world.cloud.seconds) == ({}, [], [])
    assert all(t.get(f"{n}Status") == "Stopped" for (n, _), t in world.cloud.things.items())


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_every_point(kind: str) -> None:
    """After each thing done that lasts, all that is only remembered is lost."""
    whole = undisturbed(kind)
    for point in range(1, MOST):
        world = World(kills_at=point)

        def resume(world: World = world) -> None:
            world.restart()
            world.run(10)

        live(world, world.add(sample(kind)), resume=resume)
        left = [noun for noun, _ in world.cloud.things if not noun.endswith("Job")]
        assert (world.objects, left, world.cloud.seconds) == ({}, [], []), point
        assert names(world) == names(whole), point
        if world.effects < point:
            return
    raise AssertionError(f"{kind} has a longer life than {MOST} effects")


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_lost_once(kind: str) -> None:
    """A call takes effect and its answer does not arrive."""
    whole = undisturbed(kind)
    for point in range(1, MOST):
        world = World(loses_at=point)
        live(world, world.add(sample(kind)), resume=_nothing)
        left = [noun for noun, _ in world.cloud.things if not noun.endswith("Job")]
        assert (world.objects, left, world.cloud.seconds) == ({}, [], []), point
        assert names(world) == names(whole), point
        if world.asked < point:
            return
    raise AssertionError(f"{kind} has a longer life than {MOST} calls")


@pytest.mark.parametrize("kind", KINDS)
def test_deletion_ends_whatever_aws_answers(kind: str) -> None:
    """Each code that AWS may answer for ever; no throttling lasts for ever."""
    for code in ("AccessDeniedException", "CredentialsError", "ValidationException", "Odd"):
        world = World()
        key = world.add(sample(kind))
        world.run(4)
        world.delete(key)
        for verb in ("Describe", "Delete", "Stop", "Deregister"):
            for operation in {c.operation for c in world.cloud.calls} | _ends(world):
                if operation.startswith(verb):
                    world.cloud.refuse(operation, code, "for ever", times=1000)
        world.run()
        assert world.objects == {}, code


def _ends(world: World) -> set[str]:
    nouns = {noun for noun, _ in world.cloud.things}
    return {f"{verb}{noun}" for verb in ("Delete", "Stop") for noun in nouns} | {
        "DeleteScalingPolicy", "DeregisterScalableTarget",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_abandoned_object_leaves_aws_alone(kind: str) -> None:
    """With the annotation nothing is changed in AWS any more, and nothing is held."""
    world = World()
    body = sample(kind)
    key = world.add(body)
    world.run(10)
    things, changes = dict(world.cloud.things), _changes(world)
    notes = {"kube-sagemaker.dev/on-delete": "abandon"}
    world.objects[key]["metadata"]["annotations"] = notes
    world.delete(key)
    world.run()
    assert (world.objects, _changes(world)) == ({}, changes)
    assert world.cloud.things.keys() == things.keys()


def _changes(world: World) -> int:
    return sum(not is_read(call.operation) for call in world.cloud.calls)


@pytest.mark.parametrize("kind", KINDS)
def test_gone_in_aws_is_no_hindrance(kind: str) -> None:
    """All that was made is gone already: the object goes too."""
    world = World()
    key = world.add(sample(kind))
    world.run(10)
    world.cloud.things.clear()
    world.delete(key)
    world.run()
    assert world.objects == {}
