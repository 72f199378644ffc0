# SPDX-License-Identifier: Apache-2.0
"""Tuning jobs and the training jobs they start."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused

NAME = {"HyperParameterTuningJobName": "tune"}


def described(sagemaker: Any) -> dict[str, Any]:
    """Return what Describe says of the tuning job."""
    return dict(sagemaker.describe_hyper_parameter_tuning_job(**NAME))


def children(sagemaker: Any, **more: Any) -> list[dict[str, Any]]:
    """Return a page of the tuning job's training jobs."""
    found = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(**NAME, **more)
    return list(found["TrainingJobSummaries"])


def counters(sagemaker: Any) -> dict[str, int]:
    """Return the counters that are not 0."""
    found = described(sagemaker)["TrainingJobStatusCounters"]
    return {key: value for key, value in found.items() if value}


def test_it_starts_so_many_at_a_time_and_so_many_in_all(aws: FakeAWS, sagemaker: Any) -> None:
    """Five jobs, two at a time, 60 s each: three rounds, and then it is completed."""
    sagemaker.create_hyper_parameter_tuning_job(**example.tuning("tune", 5, 2))
    assert counters(sagemaker) == {"InProgress": 2}
    aws.advance(60)
    assert counters(sagemaker) == {"InProgress": 2, "Completed": 2}
    aws.advance(60)
    assert counters(sagemaker) == {"InProgress": 1, "Completed": 4}
    assert described(sagemaker)["HyperParameterTuningJobStatus"] == "InProgress"
    aws.advance(60)
    found = described(sagemaker)
    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert found["ObjectiveStatusCounters"] == {"Succeeded": 5, "Pending": 0, "Failed": 0}
    lasted = found["HyperParameterTuningEndTime"] - found["CreationTime"]
    assert lasted.total_seconds() == pytest.approx(180)


def test_a_long_sleep_changes_nothing(aws: FakeAWS, sagemaker: Any) -> None:
    """What nobody looked at happened all the same, at the times at which it would have."""
    sagemaker.create_hyper_parameter_tuning_job(**example.tuning("tune", 4, 2))
    aws.advance(10_000)
    found = sorted(children(sagemaker), key=lambda each: str(each["TrainingJobName"]))
    begun = [(each["CreationTime"] - found[0]["CreationTime"]).total_seconds() for each in found]
    assert begun == pytest.approx([0, 0, 60, 60])


def test_its_training_jobs_are_training_jobs(aws: FakeAWS, sagemaker: Any) -> None:
    """They have names of a form, parameters within the ranges, its tags, and its ARN."""
    tags = [{"Key": "team", "Value": "x"}]
    arn = sagemaker.create_hyper_parameter_tuning_job(**example.tuning("tune", Tags=tags))[
        "HyperParameterTuningJobArn"
    ]
    first, second = children(sagemaker)
    assert re.fullmatch("tune-001-[0-9a-f]{8}", first["TrainingJobName"])
    assert re.fullmatch("tune-002-[0-9a-f]{8}", second["TrainingJobName"])
    job = sagemaker.describe_training_job(TrainingJobName=first["TrainingJobName"])
    assert job["TuningJobArn"] == arn
    assert job["HyperParameters"]["objective"] == "reg:linear"
    assert job["HyperParameters"]["_tuning_objective_metric"] == "rmse"
    assert 1 <= int(first["TunedHyperParameters"]["depth"]) <= 9
    assert 0.1 <= float(first["TunedHyperParameters"]["eta"]) <= 0.9
    assert sagemaker.list_tags(ResourceArn=first["TrainingJobArn"])["Tags"] == tags
    assert aws.created("TrainingJob") == {}, "nobody called CreateTrainingJob"
    assert aws.running("TrainingJob") == {first["TrainingJobName"], second["TrainingJobName"]}


@pytest.mark.parametrize(("kind", "best"), [("Minimize", min), ("Maximize", max)])
def test_the_best_is_the_best(aws: FakeAWS, sagemaker: Any, kind: str, best: Any) -> None:
    """By the objective's direction, among those that have completed."""
    request = example.tuning("tune", 4, 4)
    target = {"Type": kind, "MetricName": "auc"}
    request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"] = target
    sagemaker.create_hyper_parameter_tuning_job(**request)
    assert "BestTrainingJob" not in described(sagemaker)
    aws.advance(60)
    listed = children(sagemaker, SortBy="FinalObjectiveMetricValue")
    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in listed]
    assert values == sorted(values)
    found = described(sagemaker)["BestTrainingJob"]
    assert found["FinalHyperParameterTuningJobObjectiveMetric"] == target | {"Value": best(values)}


def test_single_trials_can_be_planned_and_stopped(aws: FakeAWS, sagemaker: Any) -> None:
    """A failed or stopped one makes room for the next."""
    aws.plan("tune-001-*", seconds=10, end="Failed", reason="AlgorithmError: nan")
    sagemaker.create_hyper_parameter_tuning_job(**example.tuning("tune", 4, 2))
    sagemaker.stop_training_job(TrainingJobName=children(sagemaker)[1]["TrainingJobName"])
    aws.advance(10)
    assert counters(sagemaker) == {"NonRetryableError": 1, "Stopped": 1, "InProgress": 2}
    failed = children(sagemaker, StatusEquals="Failed")
    assert [each["FailureReason"] for each in failed] == ["AlgorithmError: nan"]


def test_all_failed_is_failed(aws: FakeAWS, sagemaker: Any) -> None:
    """A tuning job none of whose training jobs succeeded has failed."""
    aws.plan("tune-*", seconds=1, end="Failed")
    sagemaker.create_hyper_parameter_tuning_job(**example.tuning("tune", 2, 2))
    aws.advance(1)
    found = described(sagemaker)
    assert found["HyperParameterTuningJobStatus"] == "Failed"
    assert found["FailureReason"] == "All training jobs failed."


@pytest.mark.parametrize("way", ["plan", "finish"])
def test_it_may_fail_as_a_whole(aws: FakeAWS, sagemaker: Any, way: str) -> None:
    """Then its training jobs stop and no more start."""
    if way == "plan":
        aws.plan("tune", seconds=30, end="Failed", reason="ClientError: no metric")
    sagemaker.create_hyper_parameter_tuning_job(**example.tuning("tune", 9, 2))
    aws.advance(30)
    if way == "finish":
        aws.finish("HyperParameterTuningJob", "tune", "Failed", "ClientError: no metric")
    aws.advance(1000)
    found = described(sagemaker)
    assert found["HyperParameterTuningJobStatus"] == "Failed"
    assert found["FailureReason"] == "ClientError: no metric"
    assert counters(sagemaker) == {"Stopped": 2}


def test_a_stop_stops_its_training_jobs(aws: FakeAWS, sagemaker: Any) -> None:
    """Stopping until all have stopped; nothing starts any more."""
    sagemaker.create_hyper_parameter_tuning_job(**example.tuning("tune", 9, 2))
    sagemaker.stop_hyper_parameter_tuning_job(**NAME)
    assert described(sagemaker)["HyperParameterTuningJobStatus"] == "Stopping"
    assert {each["TrainingJobStatus"] for each in children(sagemaker)} == {"Stopping"}
    aws.advance(1000)
    assert described(sagemaker)["HyperParameterTuningJobStatus"] == "Stopped"
    assert counters(sagemaker) == {"Stopped": 2}
    assert "is in status Stopped" in refused(sagemaker.stop_hyper_parameter_tuning_job, **NAME)[1]


def test_several_definitions_take_turns(sagemaker: Any) -> None:
    """With definitions in the plural, each has its own objective, ranges and resources."""
    request = example.tuning("tune", 4, 2)
    config, definition = request["HyperParameterTuningJobConfig"], request["TrainingJobDefinition"]
    del request["TrainingJobDefinition"], definition["ResourceConfig"]
    shared = {
        "TuningObjective": config.pop("HyperParameterTuningJobObjective"),
        "HyperParameterRanges": config.pop("ParameterRanges"),
        "HyperParameterTuningResourceConfig": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 1,
            "VolumeSizeInGB": 1,
        },
    }
    request["TrainingJobDefinitions"] = [
        definition | shared | {"DefinitionName": name} for name in ("one", "two")
    ]
    sagemaker.create_hyper_parameter_tuning_job(**request)
    found = children(sagemaker)
    assert [each["TrainingJobDefinitionName"] for each in found] == ["one", "two"]


def test_limits_and_definitions_must_make_sense(sagemaker: Any) -> None:
    """No definition at all, and more in parallel than in all, are refused."""
    create = sagemaker.create_hyper_parameter_tuning_job
    assert "MaxParallelTrainingJobs" in refused(create, **example.tuning("tune", 2, 3))[1]
    request = example.tuning("tune")
    del request["TrainingJobDefinition"]
    assert refused(create, **request)[0] == "ValidationException"
