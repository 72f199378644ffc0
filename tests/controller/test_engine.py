# SPDX-License-Identifier: Apache-2.0
"""The engine: what it writes, and what it makes of what others have done meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from controller.spawn import LIST
from controller.step import AwsCall
from controller.subject import FINALIZER
from tests.controller.sample import sample
from tests.controller.stage import Stage, merged
from tests.controller.world import HEX, subject_of

TUNING = "HyperparameterTuningJob"


def test_what_is_no_longer_said_leaves_the_status() -> None:
    """Also inside a field that stays: a merge patch keeps what it does not name."""

    async def play() -> Any:
        stage = Stage()
        body = stage.shelf.put(sample(TUNING))
        await stage.see(body)
        (thing,) = [t for (n, _), t in stage.cloud.things.items() if n.startswith("Hyper")]
        ended = {"TrainingJobName": "a", "TrainingJobStatus": "Completed",
                 "TrainingEndTime": stage.cloud.now}  # fmt: skip
        thing["BestTrainingJob"] = ended
        await stage.wake(body)
        (found,) = stage.shelf.objects.values()
        assert found["status"]["bestTrainingJob"]["trainingEndTime"]
        thing["BestTrainingJob"] = {"TrainingJobName": "b", "TrainingJobStatus": "InProgress"}
        await stage.wake(body)
        writes = len(stage.shelf.writes)
        await stage.wake(body)
        assert len(stage.shelf.writes) == writes
        (found,) = stage.shelf.objects.values()
        return found["status"]["bestTrainingJob"]

    best = asyncio.run(play())
    assert (best["trainingJobName"], best.get("trainingEndTime")) == ("b", None)


def test_a_child_that_is_there_without_an_owner_is_made_once() -> None:
    """The original's spawned jobs name none; asking for it again and again would not change it."""

    async def play() -> tuple[int, Any]:
        stage = Stage()
        there = sample("TrainingJob", name="tuning-001", uid="another")
        stage.shelf.put(there)
        body = stage.shelf.put(sample(TUNING))
        answer = stage.cloud.answer

        def spawned(call: AwsCall) -> Any:
            if call.operation == LIST:
                return {"TrainingJobSummaries": [{"TrainingJobName": "tuning-001"}]}
            if call.parameters.get("TrainingJobName") == "tuning-001":
                return {"TrainingJobName": "tuning-001", "TrainingJobStatus": "Completed"}
            return answer(call)

        stage.cloud.answer = spawned  # type: ignore[method-assign]
        await stage.see(body)
        for thing in stage.cloud.things.values():
            thing["HyperParameterTuningJobStatus"] = "Completed"
        await stage.wake(body)
        await stage.wake(body)
        makes = [write for write in stage.shelf.writes if "make" in write]
        return len(makes), stage.entry(body).subject.condition("Synced")

    makes, synced = asyncio.run(play())
    assert (makes, synced["status"], synced["reason"]) == (1, "True", "Finished")


def test_what_is_gone_unseen_holds_nobody() -> None:
    """A watch that was interrupted tells of no deletion: an answer of "not found" does."""

    async def play() -> Stage:
        stage = Stage()
        body = sample("HostingDeployment", finalizers=[FINALIZER])
        body["metadata"]["deletionTimestamp"] = stage.cloud.now.isoformat()
        model = sample("Model", name=f"xgboost-1-{HEX}", uid="child")
        model["metadata"]["ownerReferences"] = [subject_of(body).owner]
        assert list(stage.engine.store.see(model, is_gone=False, is_listed=False))
        await stage.see(stage.shelf.put(body))
        return stage

    stage = asyncio.run(play())
    assert "child" not in stage.engine.store.entries
    assert {"delete": f"xgboost-1-{HEX}"} in stage.shelf.writes
    assert stage.shelf.objects == {}


def test_another_of_the_same_name_gets_no_status_of_the_one_before() -> None:
    """Which is forgotten: its finalizer was taken off by hand, and nobody said that it went."""

    async def play() -> tuple[Stage, Any]:
        stage = Stage()
        body = stage.shelf.put(sample("TrainingJob", uid="a" * 36))
        await stage.see(body)
        new = stage.shelf.put(sample("TrainingJob", uid="b" * 36))
        for thing in stage.cloud.things.values():
            thing["TrainingJobStatus"] = "Completed"
        await stage.wake(body)
        return stage, new

    stage, new = asyncio.run(play())
    assert list(stage.shelf.objects.values()) == [new]
    assert stage.engine.store.entries == {}


def test_an_edit_that_is_seen_before_our_own_writes_answer_is_not_lost() -> None:
    """The answer is older than what the watch has brought."""

    async def play() -> tuple[Stage, Any]:
        stage = Stage()
        body, patch = sample("TrainingJob"), stage.shelf._patch

        async def late(*what: Any, **how: Any) -> Any:
            done = await patch(*what, **how)
            if "sageMakerTrainingJobName" in done.get("status", {}):
                edited = stage.shelf.put(merged(done, {"metadata": {"generation": 7}}))
                stage.shelf._patch = patch  # type: ignore[method-assign]
                stage.engine.saw(edited)
            return done

        stage.shelf._patch = late  # type: ignore[method-assign]
        await stage.see(stage.shelf.put(body))
        return stage, stage.entry(body).subject

    stage, subject = asyncio.run(play())
    assert (subject.generation, subject.said("Synced")) == (7, "EditIgnored")
    assert stage.cloud.count("Create") == 1


def test_a_name_that_two_objects_give_is_watched_for_its_owner() -> None:
    """Also once the other, of another namespace, has been refused, and deleted."""

    async def play() -> Any:
        stage = Stage()
        bodies = []
        for space in "ab":
            body = sample("TrainingJob", namespace=space, uid=space * 36)
            body["spec"]["trainingJobName"] = "shared"
            bodies.append(stage.shelf.put(body))
            await stage.see(bodies[-1])
        place = ("DescribeTrainingJob", "us-west-2", None)
        (thing,) = stage.cloud.things.values()
        words = []
        for word in ("Stopping", "Stopped"):
            stage.cloud.now += timedelta(minutes=1)
            thing |= {"TrainingJobStatus": word, "LastModifiedTime": stage.cloud.now}
            stage.engine.changed(place, "shared", stage.cloud.now)
            await stage.settle()
            words.append(stage.entry(bodies[0]).subject.status["trainingJobStatus"])
            await stage.see(bodies[1], is_gone=True)
        refused = stage.shelf.objects["TrainingJob", "b", "mnist"]["status"]["conditions"]
        return words, {each["reason"] for each in refused}

    words, reasons = asyncio.run(play())
    assert (words, reasons) == (["Stopping", "Stopped"], {"NameTaken"})


def test_an_answer_about_what_the_object_was_is_not_taken() -> None:
    """The name is edited while AWS is asked about the old one, which is somebody else's."""

    async def play() -> Any:
        stage, body = Stage(), sample("TrainingJob")
        body["spec"]["trainingJobName"] = "taken"
        theirs = {"TrainingJobName": "taken", "TrainingJobArn": "arn"}
        stage.cloud.things["TrainingJob", "taken"] = {**theirs, "TrainingJobStatus": "InProgress"}
        answer = stage.cloud.answer

        def edit(call: AwsCall) -> Any:
            if call.operation == "DescribeTrainingJob" and len(stage.cloud.calls) == 0:
                (old,) = stage.shelf.objects.values()
                change = {"metadata": {"generation": 7}, "spec": {"trainingJobName": "free"}}
                stage.engine.saw(stage.shelf.put(merged(old, change)))
            return answer(call)

        stage.cloud.answer = edit  # type: ignore[method-assign]
        await stage.see(stage.shelf.put(body))
        return stage

    stage = asyncio.run(play())
    (found,) = stage.shelf.objects.values()
    assert found["status"]["sageMakerTrainingJobName"] == "free"
    assert ("TrainingJob", "free") in stage.cloud.things
