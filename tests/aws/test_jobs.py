# SPDX-License-Identifier: Apache-2.0
"""Training, processing and transform jobs, from Create to the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused


def seen(sagemaker: Any, name: str) -> tuple[str, str]:
    """Return a training job's two statuses."""
    found = sagemaker.describe_training_job(TrainingJobName=name)
    return found["TrainingJobStatus"], found["SecondaryStatus"]


def test_a_training_job_goes_through_its_statuses(aws: FakeAWS, sagemaker: Any) -> None:
    """Starting, Downloading, Training, Uploading, Completed; each change is a modification."""
    aws.plan("a", seconds=100)
    sagemaker.create_training_job(**example.training("a"))
    found = []
    for _ in range(11):
        found.append(seen(sagemaker, "a"))
        aws.advance(10)
    steps = ["Starting"] * 2 + ["Downloading"] * 2 + ["Training"] * 5 + ["Uploading", "Completed"]
    assert [step for _, step in found] == steps
    assert [status for status, _ in found] == ["InProgress"] * 10 + ["Completed"]
    done = sagemaker.describe_training_job(TrainingJobName="a")
    times = [each["StartTime"] for each in done["SecondaryStatusTransitions"]]
    assert times == sorted(set(times))
    assert done["LastModifiedTime"] == done["TrainingEndTime"] == times[-1]
    assert (done["TrainingEndTime"] - done["CreationTime"]).total_seconds() == pytest.approx(100)
    assert done["BillableTimeInSeconds"] == 80
    assert done["ModelArtifacts"]["S3ModelArtifacts"] == "s3://bucket/output/a/output/model.tar.gz"


def test_there_are_no_artifacts_before_the_end(sagemaker: Any) -> None:
    """A job in progress has none, nor an end time."""
    sagemaker.create_training_job(**example.training("a"))
    found = sagemaker.describe_training_job(TrainingJobName="a")
    assert not {"ModelArtifacts", "TrainingEndTime"} & found.keys()


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("Failed", ("Failed", "Failed")),
        ("Stopped", ("Stopped", "Stopped")),
        ("MaxRuntimeExceeded", ("Stopped", "MaxRuntimeExceeded")),
        ("MaxWaitTimeExceeded", ("Stopped", "MaxWaitTimeExceeded")),
    ],
)
def test_a_plan_says_how_a_job_ends(
    aws: FakeAWS, sagemaker: Any, end: str, status: tuple[str, str]
) -> None:
    """A pattern plans for several names, the latest plan counts; only failures have a reason."""
    aws.plan("*", seconds=1, end="Completed")
    aws.plan("a*", kind="Training*", seconds=30, end=end, reason="AlgorithmError: no data")
    sagemaker.create_training_job(**example.training("abc"))
    aws.advance(29)
    assert seen(sagemaker, "abc")[0] == "InProgress"
    aws.advance(1)
    assert seen(sagemaker, "abc") == status
    reason = sagemaker.describe_training_job(TrainingJobName="abc").get("FailureReason")
    assert reason == ("AlgorithmError: no data" if end == "Failed" else None)


JOBS = {
    "training_job": ("TrainingJob", example.training),
    "processing_job": ("ProcessingJob", example.processing),
    "transform_job": ("TransformJob", example.transform),
}


@pytest.mark.parametrize("noun", JOBS)
def test_a_stop_takes_a_while_and_counts_once(aws: FakeAWS, sagemaker: Any, noun: str) -> None:
    """Stopping, then Stopped; a stop of what does not run is refused and says the status."""
    kind, request = JOBS[noun]
    name = {f"{kind}Name": "a"}
    sagemaker.create_model(**example.model())
    getattr(sagemaker, f"create_{noun}")(**request("a"))
    stop, describe = getattr(sagemaker, f"stop_{noun}"), getattr(sagemaker, f"describe_{noun}")
    stop(**name)
    assert describe(**name)[f"{kind}Status"] == "Stopping"
    words = noun.replace("_", " ")
    assert refused(stop, **name) == (
        "ValidationException",
        f"The request was rejected because the {words} is in status Stopping.",
    )
    aws.advance(5)
    assert describe(**name)[f"{kind}Status"] == "Stopped"
    assert "in status Stopped" in refused(stop, **name)[1]
    assert aws.running(kind) == set()


@pytest.mark.parametrize("noun", ["processing_job", "transform_job"])
@pytest.mark.parametrize("end", ["Completed", "Failed"])
def test_other_jobs_end_by_plan_too(aws: FakeAWS, sagemaker: Any, noun: str, end: str) -> None:
    """They have a start and an end time, and a reason when they failed."""
    kind, request = JOBS[noun]
    aws.plan("a", seconds=30, end=end, reason="ClientError: no such key")
    sagemaker.create_model(**example.model())
    getattr(sagemaker, f"create_{noun}")(**request("a"))
    aws.advance(30)
    found = getattr(sagemaker, f"describe_{noun}")(**{f"{kind}Name": "a"})
    prefix = kind.removesuffix("Job")
    assert found[f"{kind}Status"] == end
    assert found[f"{prefix}EndTime"] > found[f"{prefix}StartTime"]
    assert found.get("FailureReason") == ("ClientError: no such key" if end == "Failed" else None)


def test_describe_of_a_transform_job_fills_in_what_create_left_out(sagemaker: Any) -> None:
    """Words such as None and $ come back although nobody sent them."""
    sagemaker.create_model(**example.model())
    sagemaker.create_transform_job(**example.transform("a"))
    found = sagemaker.describe_transform_job(TransformJobName="a")
    assert found["TransformInput"]["CompressionType"] == "None"
    assert found["TransformOutput"]["AssembleWith"] == "None"
    assert found["DataProcessing"]["InputFilter"] == "$"
    assert "LastModifiedTime" not in found


def test_debug_rules_have_jobs_that_may_outlive_the_training_job(
    aws: FakeAWS, sagemaker: Any
) -> None:
    """Each rule has a status of its own; the plan says which finds something, and when."""
    aws.plan("a", seconds=10, rules={"Loss": "IssuesFound"}, rule_seconds=5)
    rules = [
        {"RuleConfigurationName": name, "RuleEvaluatorImage": example.IMAGE}
        for name in ("Loss", "Overfit")
    ]
    sagemaker.create_training_job(**example.training("a", DebugRuleConfigurations=rules))
    aws.advance(10)

    def statuses() -> list[str]:
        found = sagemaker.describe_training_job(TrainingJobName="a")
        return [each["RuleEvaluationStatus"] for each in found["DebugRuleEvaluationStatuses"]]

    assert (seen(sagemaker, "a")[0], statuses()) == ("Completed", ["InProgress", "InProgress"])
    aws.advance(5)
    assert statuses() == ["IssuesFound", "NoIssuesFound"]


def test_a_job_can_be_ended_at_once(aws: FakeAWS, sagemaker: Any) -> None:
    """`finish` needs no plan; what has ended cannot end again."""
    sagemaker.create_training_job(**example.training("a"))
    aws.finish("TrainingJob", "a", "Failed", "InternalServerError: try again")
    assert seen(sagemaker, "a") == ("Failed", "Failed")
    with pytest.raises(ValueError, match="TrainingJob a is Failed already"):
        aws.finish("TrainingJob", "a")


def test_plans_that_make_no_sense_are_refused(aws: FakeAWS) -> None:
    """An unknown end and a negative time are named, with what would do."""
    with pytest.raises(ValueError, match="end is 'Exploded': give one of Completed, Failed"):
        aws.plan("a", end="Exploded")
    with pytest.raises(ValueError, match="seconds are 0 or more"):
        aws.plan("a", seconds=-1)
    with pytest.raises(ValueError, match="seconds is -1: give a number of 0 or more"):
        aws.advance(-1)


def test_time_can_run_by_itself() -> None:
    """With a speed, nobody has to advance the clock."""
    with FakeAWS(speed=100_000) as aws:
        client = aws.client("sagemaker")
        client.create_training_job(**example.training("a"))
        client.get_waiter("training_job_completed_or_stopped").wait(
            TrainingJobName="a", WaiterConfig={"Delay": 0.01, "MaxAttempts": 500}
        )
        assert seen(client, "a")[0] == "Completed"
