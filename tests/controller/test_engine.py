# SPDX-License-Identifier: Apache-2.0
"""The engine: what it writes, and what it makes of what others have done meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

from controller.spawn import LIST
from controller.step import AwsCall
from tests.controller.sample import sample
from tests.controller.stage import Stage

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
