# SPDX-License-Identifier: Apache-2.0
"""An endpoint's update: judged against the last, sent once for a generation, watched to its end."""

from __future__ import annotations

from typing import Any

import pytest

from controller.endpoint import BUSY, MOVING, SENT
from controller.hosting import WAITS
from controller.jobkind import SLOW
from controller.observed import Observed
from controller.step import AwsCall
from tests.controller.row import after, condition, held, said
from tests.controller.sample import sample, variant
from tests.controller.test_hosting import KIND, MADE, family, seen, synced
from tests.controller.world import HEX, Body, Key, Killed, World, conditions


@pytest.mark.parametrize(
    ("status", "observed", "operation"),
    [
        (MADE, seen("InService", "mnist1"), "UpdateEndpoint"),
        (MADE, seen("Creating", "mnist1"), None),
        (MADE, seen("Updating", "mnist1"), None),
        (MADE, seen("InService", "mnist2"), None),
        (MADE, seen("Failed", "mnist1"), "DeleteEndpoint"),
        (synced(SENT, lastModifiedTime="2026-01-01T12:00:00Z"), seen("InService", "mnist1"),
         "UpdateEndpoint"),
        (synced(SENT, lastModifiedTime="2026-01-01T11:00:00Z"), seen("InService", "mnist1"), "end"),
        (synced(MOVING), seen("InService", "mnist1"), "end"),
        (synced(MOVING, 1), seen("InService", "mnist1"), "UpdateEndpoint"),
        (synced("Busy"), seen("InService", "mnist1"), "UpdateEndpoint"),
    ],
)  # fmt: skip
def test_update(status: Body, observed: Observed, operation: str | None) -> None:
    """Once for a generation: seen under way, or sent and the endpoint changed since, it is over."""
    step = after(held(KIND, dict(status), generation=2), observed)
    if operation == "end":
        assert (step.call, said(step)["Failed"]) == (None, ("True", "RolledBack"))
        assert (step.status or {})["endpointStatus"] == "InService"
        return
    assert (step.call.operation if step.call else None) == operation
    if operation == "UpdateEndpoint":
        assert said(step)["Synced"] == ("False", SENT)
        assert (step.status or {})["lastModifiedTime"] == "2026-01-01T12:00:00Z"


def test_the_old_children_go_when_the_endpoint_has_moved() -> None:
    """The configuration before its models; none of them earlier, and nothing of the user's."""
    observed = seen("InService", "mnist2")
    users: dict[Key, Body] = {("HostingAutoscalingPolicy", "mine"): {}, ("Model", "mine"): {}}
    moved = Observed(observed.description, is_known=True, children={**observed.children, **users})
    step = after(held(KIND, MADE), moved)
    assert [(c.kind, c.name, c.body) for c in step.children] == [
        ("EndpointConfig", f"mnist-1-{HEX}", None), ("Model", f"xgboost-1-{HEX}", None),
    ]  # fmt: skip
    assert after(held(KIND, MADE), seen("Updating", "mnist1")).children == ()


def test_an_edit_is_judged_against_the_last_generation() -> None:
    """As its children say it was, in the user's own names; what was added since is not in it."""
    body = held(KIND, MADE, {"kmsKeyId": "new"}, generation=3)
    step = after(body, Observed(children=family(1, 2)))
    assert step.sent is not None
    spec = step.sent["spec"]
    assert spec["models"] == [{"name": "xgboost", "containers": [{"image": "i"}]}]
    assert spec["productionVariants"] == [{"modelName": "xgboost", "variantName": "v"}]
    assert "kmsKeyId" not in spec


def test_a_failed_update_is_sent_once_for_a_generation() -> None:
    """Whatever is lost in between, and however long it is watched."""
    kill = 0
    for kill in range(1, 200):
        world = World()
        key = world.add(sample(KIND))
        world.run(8)
        world.cloud.fails_updates, world.kills_at, world.effects = True, kill, 0
        world.edit(key, productionVariants=[variant(2)])
        try:
            world.run(10)
        except Killed:
            world.restart()
        done, world.kills_at = world.effects, -1
        world.run(8)
        calls = [c for c in world.cloud.calls if c.operation == "UpdateEndpoint"]
        assert len(calls) == 1, kill
        assert conditions(world.objects[key])["Failed"]["reason"] == "RolledBack"
        assert world.objects[key]["status"]["endpointStatus"] == "InService"
        if done < kill:
            return
    raise AssertionError(kill)


def test_a_rollback_is_no_end_of_watching() -> None:
    """The endpoint that still serves is shown on; another edit tries again."""
    failed_ = [condition("Failed", "True", "RolledBack")]
    body = held(KIND, {**MADE, "observedGeneration": 2, "conditions": failed_})
    assert after(body).call is not None
    step = after(body, seen("OutOfService", "mnist1"))
    assert (step.status or {})["endpointStatus"] == "OutOfService"
    assert (step.call, said(step)["Failed"]) == (None, ("True", "RolledBack"))


def test_an_edit_during_an_update_waits_for_its_end() -> None:
    """It is no rollback that the endpoint then has the configuration of the update before."""
    world = World()
    key = world.add(sample(KIND))
    world.run(8)
    tick, update = world.cloud.tick, world.cloud._UpdateEndpoint

    def take_long(call: AwsCall) -> Any:
        world.cloud.tick = lambda: None  # type: ignore[method-assign]
        return update(call)

    world.cloud._UpdateEndpoint = take_long  # type: ignore[method-assign]
    for count in (2, 3):
        world.edit(key, productionVariants=[variant(count)])
        world.run(8)
    assert world.objects[key]["status"]["endpointStatus"] == "Updating"
    assert conditions(world.objects[key])["Synced"]["reason"] == BUSY
    world.cloud.tick, world.cloud._UpdateEndpoint = tick, update  # type: ignore[method-assign]
    world.run(8)
    updates = [c.parameters for c in world.cloud.calls if c.operation == "UpdateEndpoint"]
    (endpoint,) = [t for (noun, _), t in world.cloud.things.items() if noun == "Endpoint"]
    assert endpoint["EndpointConfigName"] == updates[1]["EndpointConfigName"]
    assert endpoint["EndpointConfigName"].startswith("mnist-3-")
    assert conditions(world.objects[key])["Synced"]["status"] == "True"
    assert [noun for noun, _ in world.cloud.things].count("Model") == 1


def test_a_failed_endpoint_is_soon_made_anew_after_an_edit() -> None:
    """No List call shows the end of its deletion: it is asked for."""
    step = after(held(KIND, MADE), seen("Deleting", "mnist1"))
    assert (step.call, step.again) == (None, WAITS)
    assert after(held(KIND, MADE), seen("Creating", "mnist1")).again == SLOW


def test_what_runs_is_not_judged_again_by_a_process_that_knows_no_children_yet() -> None:
    """A restart lists the kinds one beside the other; rules may have become stricter since."""
    step = after(held(KIND, {**MADE, "observedGeneration": 2}))
    assert (step.is_judged, [child.kind for child in step.children]) == (False, ["Model"])
    assert after(held(KIND, MADE)).is_judged
