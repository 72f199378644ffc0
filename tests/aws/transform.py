# SPDX-License-Identifier: Apache-2.0
"""Batch transform jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.aws.job import facts, new_job
from tests.aws.kind import MODEL, TRANSFORM
from tests.aws.registry import Registry, Resource
from tests.aws.timeline import FINAL


def create(registry: Registry, request: Mapping[str, Any], now: float) -> Resource:
    """Return the new job. Raises ValidationException when the model does not exist."""
    registry.find(MODEL, request["ModelName"], now)
    return new_job(registry, TRANSFORM, request, now)


def describe(_registry: Registry, job: Resource, now: float) -> dict[str, Any]:
    """Return DescribeTransformJob's answer.

    AWS fills in what Create left out (the CLI reference's example of describe-transform-job); a
    comparison of a spec with this answer has to know. There is no LastModifiedTime.
    """
    answer = facts(job, now)
    phase = job.timeline.at(now)
    given = job.request
    answer |= {
        "TransformInput": {"CompressionType": "None", "SplitType": "None"}
        | given["TransformInput"],
        "TransformOutput": {"AssembleWith": "None", "KmsKeyId": ""} | given["TransformOutput"],
        "DataProcessing": {"InputFilter": "$", "OutputFilter": "$", "JoinSource": "None"}
        | given.get("DataProcessing", {}),
        "TransformStartTime": job.created,
    }
    if phase.status in FINAL:
        answer["TransformEndTime"] = phase.at
    return answer
