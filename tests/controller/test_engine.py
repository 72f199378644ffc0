# SPDX-License-Identifier: Apache-2.0
"""The engine: what it writes, and what it makes of what others have done meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

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
