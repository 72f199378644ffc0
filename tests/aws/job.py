# SPDX-License-Identifier: Apache-2.0
"""What all jobs share: a timeline by a plan, a stop, and an end on demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.aws.kind import Kind
from tests.aws.plan import Plan
from tests.aws.registry import Registry, Resource
from tests.aws.timeline import Phase, Timeline

STEPS: Sequence[tuple[float, str]] = ((0.0, ""),)
"""One phase in progress, for jobs without finer statuses."""


def new_job(
    registry: Registry,
    kind: Kind,
    request: Mapping[str, Any],
    now: float,
    steps: Sequence[tuple[float, str]] = STEPS,
) -> Resource:
    """Return a job that runs through the steps (share of the time, finer status) of its plan."""
    name = str(request[f"{kind.noun}Name"])
    plan = registry.plan(kind, name)
    phases = [Phase(now + plan.seconds * share, "InProgress", step) for share, step in steps]
    return Resource(
        kind,
        name,
        kind.arn(registry.region, name),
        request,
        now,
        Timeline(*phases, last_phase(plan, now + plan.seconds)),
        plan,
        tags={tag["Key"]: tag["Value"] for tag in request.get("Tags", ())},
    )


def last_phase(plan: Plan, at: float) -> Phase:
    """Return the phase that a plan ends in.

    A job that ran for longer than its limit is Stopped, and its finer status says why (the API
    reference on SecondaryStatus).
    """
    failed = plan.end == "Failed"
    status = plan.end if plan.end in {"Completed", "Failed"} else "Stopped"
    reason = plan.reason or "AlgorithmError: the container exited with status 1"
    return Phase(at, status, plan.end, reason if failed else "")


def stop(job: Resource, now: float) -> None:
    """Stop a job in progress: Stopping, and Stopped after the plan's seconds.

    Raises ValidationException, naming the status, for any other.
    """
    status = job.timeline.at(now).status
    if status != "InProgress":
        raise job.kind.ended(status)
    job.timeline.turn(
        now,
        Phase(now, "Stopping", "Stopping"),
        Phase(now + job.plan.stop_seconds, "Stopped", "Stopped"),
    )


def finish(job: Resource, now: float, plan: Plan) -> None:
    """End a running job at once. Raises ValueError for one that has ended."""
    if job.is_over(now):
        raise ValueError(f"{job.kind.noun} {job.name} is {job.timeline.at(now).status} already")
    job.timeline.turn(now, last_phase(plan, now))


def facts(job: Resource, now: float) -> dict[str, Any]:
    """Return the members that every kind of job's Describe has."""
    noun = job.kind.noun
    phase = job.timeline.at(now)
    answer: dict[str, Any] = {
        **{key: value for key, value in job.request.items() if key != "Tags"},
        f"{noun}Arn": job.arn,
        f"{noun}Status": phase.status,
        "CreationTime": job.created,
        "LastModifiedTime": phase.at,
    }
    if phase.reason:
        answer["FailureReason"] = phase.reason[:1024]
    return answer
