# SPDX-License-Identifier: Apache-2.0
"""What has changed in AWS, by List calls: one for each kind and region, however many objects.

A List says name and time of the last change; only what has changed is described.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from controller.aws import Aws
from controller.engine import Engine
from controller.entry import Place
from controller.failure import AwsError
from controller.step import AwsCall

EVERY: Final = 5.0
"""Seconds between looks, as the original polled; longer while AWS asks for fewer calls."""

OVERLAP: Final = timedelta(minutes=2)
"""Lists are asked from a little before the last one: they lag, and clocks differ."""

LISTS: Final = {
    "DescribeTrainingJob": ("ListTrainingJobs", "TrainingJobSummaries", "TrainingJobName"),
    "DescribeProcessingJob": ("ListProcessingJobs", "ProcessingJobSummaries", "ProcessingJobName"),
    "DescribeTransformJob": ("ListTransformJobs", "TransformJobSummaries", "TransformJobName"),
    "DescribeHyperParameterTuningJob": (
        "ListHyperParameterTuningJobs",
        "HyperParameterTuningJobSummaries",
        "HyperParameterTuningJobName",
    ),
    "DescribeEndpoint": ("ListEndpoints", "Endpoints", "EndpointName"),
}
"""What describes a thing -> what lists such things, where the answer has them, and their name."""

PAGE: Final = 100

log = structlog.get_logger("kube-sagemaker")


class Lookout:
    """Looks out for changes of what the engine knows by name."""

    def __init__(self, engine: Engine, aws: Aws) -> None:
        """Begin with what changes from now on."""
        self._engine = engine
        self._aws = aws
        self._since: dict[Place, datetime] = {}
        self._busy: set[Place] = set()

    async def run(self) -> None:
        """Look until cancelled; no place waits for one that hangs."""
        async with asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(EVERY)
                for place in self._engine.store.places - self._busy:
                    if place[0] in LISTS:
                        self._busy.add(place)
                        group.create_task(self._try(place))

    async def _try(self, place: Place) -> None:
        try:
            await self._look(place)
        except Exception:
            log.exception("a fault of ours", lookout=place)
        finally:
            self._busy.discard(place)

    async def _look(self, place: Place) -> None:
        describe, region, endpoint = place
        operation, member, name = LISTS[describe]
        start = self._engine.clock()
        since = self._since.get(place, start) - OVERLAP
        parameters: dict[str, Any] = {"LastModifiedTimeAfter": since, "MaxResults": PAGE}
        while True:
            answer = await self._aws.call(AwsCall(operation, parameters), region, endpoint)
            if isinstance(answer, AwsError):
                log.info("not listed", error=answer.text)
                return
            for summary in answer.get(member, ()):
                changed = summary.get("LastModifiedTime")
                self._engine.changed(place, str(summary[name]), changed)
            if not answer.get("NextToken"):
                break
            parameters = {**parameters, "NextToken": answer["NextToken"]}
        self._since[place] = start.astimezone(UTC)
