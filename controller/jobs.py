# SPDX-License-Identifier: Apache-2.0
"""What is particular to each kind of job: words and fields of the original's status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from controller.condition import stamp
from controller.jobkind import JobKind
from controller.spawn import spawn
from controller.subject import Subject


def console(region: str) -> str:
    """Return the console's host in a region's partition."""
    if region.startswith("cn-"):
        return f"{region}.console.amazonaws.cn"
    if region.startswith("us-gov-"):
        return f"{region}.console.amazonaws-us-gov.com"
    return f"{region}.console.aws.amazon.com"


def logs(region: str | None, group: str, name: str) -> str:
    """Return the page of a job's log streams."""
    where = region or ""
    return (
        f"https://{console(where)}/cloudwatch/home?region={where}#logStream:"
        f"group=/aws/sagemaker/{group};prefix={name};streamFilter=typeLogStreamPrefix"
    )


def _training(subject: Subject, description: Mapping[str, Any]) -> Mapping[str, Any]:
    name, word = str(description["TrainingJobName"]), description["TrainingJobStatus"]
    secondary = "" if word == "Stopping" else str(description.get("SecondaryStatus", ""))
    found: dict[str, Any] = {
        "secondaryStatus": secondary,
        "cloudWatchLogUrl": logs(subject.region, "TrainingJobs", name),
    }
    if word == "Completed":
        found["modelPath"] = _model_path(description, name)
    rules = description.get("DebugRuleEvaluationStatuses")
    if rules:
        found["debugRuleEvaluationStatuses"] = [_rule(each) for each in rules]
    return found


def _model_path(description: Mapping[str, Any], name: str) -> str:
    """Return where the model is, in AWS's words, else as AWS makes them."""
    artifacts = description.get("ModelArtifacts", {}).get("S3ModelArtifacts")
    if artifacts:
        return str(artifacts)
    output = str(description.get("OutputDataConfig", {}).get("S3OutputPath", "")).rstrip("/")
    return f"{output}/{name}/output/model.tar.gz"


_RULE: Final = {
    "RuleConfigurationName": "ruleConfigurationName",
    "RuleEvaluationJobArn": "ruleEvaluationJobArn",
    "RuleEvaluationStatus": "ruleEvaluationStatus",
    "StatusDetails": "statusDetail",
    "LastModifiedTime": "lastModifiedTime",
}


def _rule(each: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: _plain(each[member]) for member, key in _RULE.items() if member in each}


def _plain(value: Any) -> Any:
    """Return an AWS value as a status field of the original has it."""
    return stamp(value) if isinstance(value, datetime) else value


_COUNTERS: Final = {
    "Completed": "completed",
    "InProgress": "inProgress",
    "NonRetryableError": "nonRetryableError",
    "RetryableError": "retryableError",
    "Stopped": "stopped",
}
_BEST: Final = {
    "CreationTime": "creationTime",
    "FailureReason": "failureReason",
    "ObjectiveStatus": "objectiveStatus",
    "TrainingStartTime": "trainingStartTime",
    "TrainingEndTime": "trainingEndTime",
    "TrainingJobArn": "trainingJobArn",
    "TrainingJobName": "trainingJobName",
    "TrainingJobStatus": "trainingJobStatus",
    "TuningJobName": "tuningJobName",
}


def _tuning(_subject: Subject, description: Mapping[str, Any]) -> Mapping[str, Any]:
    counters = description.get("TrainingJobStatusCounters", {})
    counted = {key: int(counters.get(member, 0)) for member, key in _COUNTERS.items()}
    counted["totalError"] = counted["nonRetryableError"] + counted["retryableError"]
    found: dict[str, Any] = {"trainingJobStatusCounters": counted}
    best = description.get("BestTrainingJob")
    if best:
        found["bestTrainingJob"] = _best(best)
    return found


def _best(best: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {key: _plain(best[member]) for member, key in _BEST.items() if member in best}
    tuned = best.get("TunedHyperParameters", {})
    found["tunedHyperParameters"] = [{"name": k, "value": v} for k, v in sorted(tuned.items())]
    metric = best.get("FinalHyperParameterTuningJobObjectiveMetric")
    if metric:
        found["finalHyperParameterTuningJobObjectiveMetric"] = {
            "metricName": metric.get("MetricName", ""),
            "type": metric.get("Type", ""),
            "value": str(metric.get("Value", "")),
        }
    return found


def _processing(subject: Subject, description: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(description["ProcessingJobName"])
    exit_message = description.get("ExitMessage")
    found: dict[str, Any] = {"cloudWatchLogUrl": logs(subject.region, "ProcessingJobs", name)}
    if exit_message and not description.get("FailureReason"):
        found["additional"] = str(exit_message)
    return found


def _transform(_subject: Subject, _description: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


JOBS: Final = {
    "TrainingJob": JobKind(
        "TrainingJob",
        "trainingJobStatus",
        "sageMakerTrainingJobName",
        "trainingJobName",
        "ReconcilingTrainingJob",
        _training,
    ),
    "HyperparameterTuningJob": JobKind(
        "HyperParameterTuningJob",
        "hyperParameterTuningJobStatus",
        "sageMakerHyperParameterTuningJobName",
        "hyperParameterTuningJobName",
        "ReconcilingTuningJob",
        _tuning,
        spawn,
    ),
    "BatchTransformJob": JobKind(
        "TransformJob",
        "transformJobStatus",
        "sageMakerTransformJobName",
        "transformJobName",
        "Reconciling",
        _transform,
    ),
    "ProcessingJob": JobKind(
        "ProcessingJob",
        "processingJobStatus",
        "sageMakerProcessingJobName",
        None,
        "Reconciling",
        _processing,
        erring="Error",
    ),
}
"""Kind of the custom resource -> what is particular to it."""
