# SPDX-License-Identifier: Apache-2.0
"""Tuning jobs: they start training jobs, so many at a time, up to so many in all.

Nothing runs in the background: `settle` does what would have happened since it was last called, at
the times at which it would have. Counters and statuses follow the API reference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.aws import job as jobs
from tests.aws.kind import TRAINING, TUNING
from tests.aws.refusal import invalid
from tests.aws.registry import Registry, Resource
from tests.aws.timeline import FINAL, Phase, Timeline
from tests.aws.training import STEPS
from tests.aws.trial import objective, training_request


def create(registry: Registry, request: Mapping[str, Any], now: float) -> Resource:
    """Return the new tuning job; its first training jobs start with the next `settle`."""
    definitions = definitions_of(request)
    if not definitions or ("TrainingJobDefinition" in request) == (
        "TrainingJobDefinitions" in request
    ):
        raise invalid("Provide either TrainingJobDefinition or TrainingJobDefinitions.")
    limits = request["HyperParameterTuningJobConfig"]["ResourceLimits"]
    if limits["MaxParallelTrainingJobs"] > limits.get("MaxNumberOfTrainingJobs", 500):
        raise invalid(
            "MaxParallelTrainingJobs must be less than or equal to MaxNumberOfTrainingJobs."
        )
    tuning = jobs.new_job(registry, TUNING, request, now)
    phases = [Phase(now, "InProgress")]
    if tuning.plan.end == "Failed":
        phases.append(jobs.last_phase(tuning.plan, now + tuning.plan.seconds))
    tuning.timeline = Timeline(*phases)
    return tuning


def definitions_of(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the training job definitions, one or several."""
    if "TrainingJobDefinition" in request:
        return [request["TrainingJobDefinition"]]
    return list(request.get("TrainingJobDefinitions", ()))


def settle(registry: Registry, now: float) -> None:
    """Bring all running tuning jobs of a region up to date."""
    for tuning in list(registry.running_tunings):
        _spawn(registry, tuning, min(now, tuning.timeline.end))
        _conclude(tuning, now)
        if tuning.is_over(now):
            registry.running_tunings.remove(tuning)


def stop(tuning: Resource, now: float) -> None:
    """Stop a tuning job and its running training jobs. Raises ValidationException if it is over."""
    if tuning.timeline.at(now).status != "InProgress":
        raise tuning.kind.ended(tuning.timeline.at(now).status)
    ends = [now + tuning.plan.stop_seconds, *_stop_children(tuning, now)]
    tuning.timeline.turn(now, Phase(now, "Stopping"), Phase(max(ends), "Stopped"))


def finish(tuning: Resource, now: float, phase: Phase) -> None:
    """End a tuning job, and stop its running training jobs at once."""
    for child in tuning.children:
        if not child.is_over(now):
            child.timeline.turn(now, Phase(now, "Stopped", "Stopped"))
    tuning.timeline.turn(now, replace(phase, secondary=""))


def _spawn(registry: Registry, tuning: Resource, until: float) -> None:
    """Start each training job at the time at which a place for it became free."""
    limits = tuning.request["HyperParameterTuningJobConfig"]["ResourceLimits"]
    most, parallel = limits.get("MaxNumberOfTrainingJobs", 500), limits["MaxParallelTrainingJobs"]
    while len(tuning.children) < most:
        at = tuning.created
        if len(tuning.children) >= parallel:
            ends = sorted(child.timeline.end for child in tuning.children)
            at = ends[len(tuning.children) - parallel]
        if at > until or tuning.timeline.at(at).status != "InProgress":
            return
        tuning.children.append(_start(registry, tuning, at))


def _start(registry: Registry, tuning: Resource, at: float) -> Resource:
    number = len(tuning.children) + 1
    digest = hashlib.sha256(f"{tuning.arn}/{number}".encode()).hexdigest()[:8]
    name = f"{tuning.name}-{number:03}-{digest}"
    definitions = definitions_of(tuning.request)
    definition = definitions[(number - 1) % len(definitions)]
    request = training_request(tuning, definition, name, number)
    child = jobs.new_job(registry, TRAINING, request, at, STEPS)
    if registry.plans.of("TrainingJob", name) is None and tuning.plan.end != "Failed":
        plan = replace(tuning.plan, end="Completed", reason="")
        steps = [Phase(at + plan.seconds * share, "InProgress", step) for share, step in STEPS]
        child.plan, child.timeline = (
            plan,
            Timeline(*steps, jobs.last_phase(plan, at + plan.seconds)),
        )
    child.parent = tuning
    child.tags = dict(tuning.tags)  # the API reference: tags go on to all its training jobs
    registry.add(child)
    return child


def _conclude(tuning: Resource, now: float) -> None:
    """End a tuning job all of whose training jobs have ended; stop those of one that failed."""
    limits = tuning.request["HyperParameterTuningJobConfig"]["ResourceLimits"]
    if tuning.timeline.at(now).status == "Failed":
        at = tuning.timeline.end
        for child in tuning.children:
            if not child.is_over(at):
                child.timeline.turn(at, Phase(at, "Stopped", "Stopped"))
    if tuning.timeline.at(now).status != "InProgress":
        return
    everything = len(tuning.children) == limits.get("MaxNumberOfTrainingJobs", 500)
    if everything and all(child.is_over(now) for child in tuning.children):
        end = max(child.timeline.end for child in tuning.children)
        failed = all(child.timeline.at(now).status == "Failed" for child in tuning.children)
        reason = "All training jobs failed." if failed else ""
        tuning.timeline.turn(end, Phase(end, "Failed" if failed else "Completed", reason=reason))


def _stop_children(tuning: Resource, now: float) -> list[float]:
    for child in tuning.children:
        if child.timeline.at(now).status == "InProgress":
            jobs.stop(child, now)
    return [child.timeline.end for child in tuning.children if not child.is_over(now)]


def describe(_registry: Registry, tuning: Resource, now: float) -> dict[str, Any]:
    """Return DescribeHyperParameterTuningJob's answer, with counters and the best training job."""
    answer = jobs.facts(tuning, now) | _counters(tuning, now)
    phase = tuning.timeline.at(now)
    if phase.status in FINAL:
        answer["HyperParameterTuningEndTime"] = phase.at
    config = tuning.request["HyperParameterTuningJobConfig"]
    answer["Strategy"], answer["ResourceLimits"] = config["Strategy"], config["ResourceLimits"]
    measured = [
        (value["Value"], place)
        for place, child in enumerate(tuning.children)
        if (value := objective(child, now)) is not None
    ]
    if measured:
        best = (max if _maximizes(tuning) else min)(measured)
        answer["BestTrainingJob"] = summary(tuning.children[best[1]], now)
    return answer


def _maximizes(tuning: Resource) -> bool:
    config = tuning.request["HyperParameterTuningJobConfig"]
    return bool(config.get("HyperParameterTuningJobObjective", {}).get("Type") != "Minimize")


def _counters(tuning: Resource, now: float) -> dict[str, Any]:
    found = [child.timeline.at(now).status for child in tuning.children]
    running = sum(status not in FINAL for status in found)
    done, failed = found.count("Completed"), found.count("Failed")
    return {
        "TrainingJobStatusCounters": {
            "Completed": done,
            "InProgress": running,
            "RetryableError": 0,
            "NonRetryableError": failed,
            "Stopped": found.count("Stopped"),
        },
        "ObjectiveStatusCounters": {
            "Succeeded": done,
            "Pending": running,
            "Failed": failed + found.count("Stopped"),
        },
    }


def summary(child: Resource, now: float) -> dict[str, Any]:
    """Return a training job as its tuning job lists it."""
    phase = child.timeline.at(now)
    past = child.timeline.past(now)
    answer: dict[str, Any] = {
        "TrainingJobName": child.name,
        "TrainingJobArn": child.arn,
        "CreationTime": child.created,
        "TrainingJobStatus": phase.status,
        "TunedHyperParameters": child.request["_tuned"],
        "ObjectiveStatus": {"Completed": "Succeeded", "InProgress": "Pending"}.get(
            phase.status, "Pending" if phase.status == "Stopping" else "Failed"
        ),
    }
    if child.request["_definition"]:
        answer["TrainingJobDefinitionName"] = child.request["_definition"]
    started = next((each.at for each in past if each.secondary == "Downloading"), None)
    if started is not None:
        answer["TrainingStartTime"] = started
    if phase.status in FINAL:
        answer["TrainingEndTime"] = phase.at
    if phase.reason:
        answer["FailureReason"] = phase.reason
    if (value := objective(child, now)) is not None:
        answer["FinalHyperParameterTuningJobObjectiveMetric"] = value
    return answer
