# SPDX-License-Identifier: Apache-2.0
"""Training jobs: Starting, Downloading, Training, Uploading, Completed, and what Describe shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.aws.image import check_training_image
from tests.aws.job import facts, new_job
from tests.aws.kind import PROCESSING, TRAINING
from tests.aws.refusal import invalid
from tests.aws.registry import Registry, Resource
from tests.aws.timeline import FINAL

STEPS: Final = ((0.0, "Starting"), (0.2, "Downloading"), (0.4, "Training"), (0.9, "Uploading"))
"""The finer statuses and where in a job's time they begin. Source: the API reference on
DescribeTrainingJob; `LaunchingMLInstances` and `PreparingTrainingStack` are no longer used."""

MESSAGES: Final = {
    "Starting": "Starting the training job",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopping": "Stopping the training job",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "MaxWaitTimeExceeded": "Training job wait time exceeded MaxWaitTimeInSeconds provided",
}
"""StatusMessage of the transitions, as public Describe answers show them."""

DEFAULTS: Final = {
    "EnableNetworkIsolation": False,
    "EnableInterContainerTrafficEncryption": False,
    "EnableManagedSpotTraining": False,
    "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
}
"""What Describe shows when Create said nothing."""


def create(registry: Registry, request: Mapping[str, Any], now: float) -> Resource:
    """Return the new job. Raises ValidationException for what the shapes cannot say."""
    algorithm = request.get("AlgorithmSpecification")
    serverless = request.get("ServerlessJobConfig")
    if algorithm is None and serverless is None:
        raise invalid("AlgorithmSpecification is required for a training job.")
    if request.get("ResourceConfig") is None and serverless is None:
        raise invalid("ResourceConfig is required for a training job.")
    algorithm = algorithm or {}
    if "TrainingImage" in algorithm and "AlgorithmName" in algorithm:
        raise invalid("You can't specify both TrainingImage and AlgorithmName.")
    if serverless is None and not algorithm.keys() & {"TrainingImage", "AlgorithmName"}:
        raise invalid("Either TrainingImage or AlgorithmName is required.")
    if request.get("ResourceConfig", {}).get("InstanceCount") == 0:
        raise invalid(  # the model says 0 since there are serverless jobs; words of public threads
            "1 validation error detected: Value '0' at 'resourceConfig.instanceCount' failed to "
            "satisfy constraint: Member must have value greater than or equal to 1"
        )
    condition = request.get("StoppingCondition", {})
    if request.get("EnableManagedSpotTraining") and "MaxWaitTimeInSeconds" not in condition:
        raise invalid(
            "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to "
            "MaxRuntimeInSeconds"
        )
    check_training_image(algorithm.get("TrainingImage"), registry.region)
    return new_job(registry, TRAINING, request, now, STEPS)


def describe(registry: Registry, job: Resource, now: float) -> dict[str, Any]:
    """Return DescribeTrainingJob's answer."""
    phase = job.timeline.at(now)
    answer = {
        **DEFAULTS,
        **facts(job, now),
        "SecondaryStatus": phase.secondary,
        "SecondaryStatusTransitions": list(_transitions(job, now)),
        **_times(job, now),
    }
    if job.parent is not None:
        answer["TuningJobArn"] = job.parent.arn
    if phase.status == "Completed":  # a KeyError in many a script: earlier there is none
        place = str(job.request["OutputDataConfig"]["S3OutputPath"]).rstrip("/")
        artifact = f"{place}/{job.name}/output/model.tar.gz"
        answer["ModelArtifacts"] = {"S3ModelArtifacts": artifact}
    for asked, shown in (
        ("DebugRuleConfigurations", "DebugRuleEvaluationStatuses"),
        ("ProfilerRuleConfigurations", "ProfilerRuleEvaluationStatuses"),
    ):
        if rules := job.request.get(asked):
            answer[shown] = [_evaluation(registry, job, rule, now) for rule in rules]
    return answer


def _transitions(job: Resource, now: float) -> Iterator[dict[str, Any]]:
    past = job.timeline.past(now)
    for place, phase in enumerate(past):
        transition = {
            "Status": phase.secondary,
            "StartTime": phase.at,
            "StatusMessage": MESSAGES[phase.secondary],
        }
        if place + 1 < len(past):
            transition["EndTime"] = past[place + 1].at
        elif phase.status in FINAL:
            transition["EndTime"] = phase.at
        yield transition


def _times(job: Resource, now: float) -> dict[str, Any]:
    past = job.timeline.past(now)
    started = next((phase.at for phase in past if phase.secondary == "Downloading"), None)
    times: dict[str, Any] = {} if started is None else {"TrainingStartTime": started}
    if past[-1].status in FINAL:
        times["TrainingEndTime"] = past[-1].at
        if started is not None:
            seconds = max(1, round(past[-1].at - started))
            times |= {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}
    return times


def _evaluation(
    registry: Registry, job: Resource, rule: Mapping[str, Any], now: float
) -> dict[str, Any]:
    """Return the status of a rule's own processing job, which may outlive the training job."""
    name = rule["RuleConfigurationName"]
    ends_at = job.timeline.end + job.plan.rule_seconds
    over = now >= ends_at
    status = job.plan.rules.get(name, "NoIssuesFound") if over else "InProgress"
    digest = hashlib.sha256(f"{job.name}/{name}".encode()).hexdigest()[:8]
    evaluation = f"{job.name[:26]}-{name[:26]}-{digest}"
    return {
        "RuleConfigurationName": name,
        "RuleEvaluationJobArn": PROCESSING.arn(registry.region, evaluation),
        "RuleEvaluationStatus": status,
        "LastModifiedTime": ends_at if over else job.created,
    }
