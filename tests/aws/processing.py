# SPDX-License-Identifier: Apache-2.0
"""Processing jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.aws.image import check_processing_image
from tests.aws.job import facts, new_job
from tests.aws.kind import PROCESSING
from tests.aws.registry import Registry, Resource
from tests.aws.timeline import FINAL


def create(registry: Registry, request: Mapping[str, Any], now: float) -> Resource:
    """Return the new job. Raises ValidationException for an image of another region."""
    check_processing_image(request["AppSpecification"]["ImageUri"], registry.region)
    return new_job(registry, PROCESSING, request, now)


def describe(_registry: Registry, job: Resource, now: float) -> dict[str, Any]:
    """Return DescribeProcessingJob's answer; it starts at once, as nothing shows when it did."""
    phase = job.timeline.at(now)
    answer = {
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        **facts(job, now),
        "ProcessingStartTime": job.created,
    }
    if phase.status in FINAL:
        answer["ProcessingEndTime"] = phase.at
    if phase.status == "Failed":
        answer["ExitMessage"] = phase.reason
    return answer
