# SPDX-License-Identifier: Apache-2.0
"""Jobs: described before they are created, created once, followed, and stopped."""

from __future__ import annotations

from typing import Any

import pytest

from controller.jobkind import SLOW, STOPPING
from controller.observed import Observed
from controller.step import Step
from controller.subject import FINALIZER, UID_TAG
from tests.controller.cloud import tags_of
from tests.controller.row import (
    ABSENT,
    DELETED,
    NOTHING,
    after,
    condition,
    failed,
    held,
    said,
    there,
)
from tests.controller.sample import sample
from tests.controller.world import HEX, UID, Body, make
from webhook.finding import Fault, Finding, Mode, Rank, Severity, Sort

JOBS = {
    "TrainingJob": ("TrainingJob", "trainingJob", "trainingJobName", 63),
    "HyperparameterTuningJob": (
        "HyperParameterTuningJob", "hyperParameterTuningJob", "hyperParameterTuningJobName", 32,
    ),
    "BatchTransformJob": ("TransformJob", "transformJob", "transformJobName", 63),
    "ProcessingJob": ("ProcessingJob", "processingJob", None, 63),
}  # fmt: skip
"""Kind: AWS's noun, stem of the status fields, field of the name, its longest."""

NAME = f"mnist-{HEX}"
ARN = f"arn:aws:sagemaker:us-west-2:123456789012:training-job/{NAME}"
MADE = {"trainingJobStatus": "InProgress", "sageMakerTrainingJobName": NAME,
        "observedGeneration": 2}  # fmt: skip
ENDED = {**MADE, "trainingJobStatus": "Completed"}
REFUSAL = Finding(
    "SM104",
    Fault(("spec", "resourceConfig", "instanceCount"), Sort.INVALID, "must be at least 1", 0),
    Severity.ERROR, Mode.DENY, Rank.SCHEMA,
)  # fmt: skip


def job(**description: Any) -> Observed:
    """Return a training job that AWS has."""
    known = {"TrainingJobName": NAME, "TrainingJobArn": ARN, "TrainingJobStatus": "InProgress"}
    return there(**{**known, **description})


def named(name: str = "mine", **status: Any) -> Body:
    """Return a job with a name of the user's own."""
    return held("TrainingJob", status or None, {"trainingJobName": name})


@pytest.mark.parametrize("kind", JOBS)
def test_first_touch(kind: str) -> None:
    """The finalizer, the original's first word, and the made name in the spec where it has one."""
    noun, stem, field, longest = JOBS[kind]
    step = after(sample(kind))
    name = NAME if longest == 63 else HEX
    written = {field: name} if field else {}
    first = {f"{stem}Status": "SynchronizingK8sJobWithSageMaker"}
    assert step == Step(holds=True, spec=written, status=first)
    body = held(kind, first, written)
    assert after(body).call == after(body, NOTHING).call
    call = after(body).call
    assert call is not None
    assert (call.operation, call.parameters) == (f"Describe{noun}", {f"{noun}Name": name})


@pytest.mark.parametrize("kind", JOBS)
def test_created_when_absent(kind: str) -> None:
    """After AWS has said that there is none: judged, with our tag, the generation on record."""
    noun, _, field, _ = JOBS[kind]
    step = after(held(kind, {"x": 1}, {field: "own"} if field else {}), ABSENT)
    assert step.call is not None
    assert (step.call.operation, step.is_judged, step.sent) == (f"Create{noun}", True, None)
    assert tags_of(step.call.parameters)[UID_TAG] == UID
    name = "own" if field else NAME
    assert step.call.parameters[f"{noun}Name"] == name
    place = {"region": "us-west-2", "requestedName": name}
    assert step.status == {"x": 1, **place, "observedGeneration": 2}


@pytest.mark.parametrize(
    ("name", "limit"),
    [("a", 63), ("a" * 31, 63), ("x" * 253, 63), ("a.b", 63)],
)
def test_a_made_name_keeps_the_uid(name: str, limit: int) -> None:
    """`name-uid`, of which the name is cut: at most 30 characters of it are left."""
    step = after(sample("TrainingJob", name=name))
    made = step.spec["trainingJobName"]
    assert made == f"{name[:30]}-{HEX}"
    assert len(made) <= limit


def test_without_a_spec_no_name_is_written() -> None:
    """The API server would refuse the write for ever; so the job is judged as it is."""
    for kind in ("BatchTransformJob", "ProcessingJob", "HyperparameterTuningJob"):
        body = make(kind, None)
        assert after(body).spec == {}
        body["metadata"]["finalizers"] = [FINALIZER]
        assert after(body).is_judged
        assert said(after(body, Observed(refused=(REFUSAL,))))["Failed"] == ("True", "Refused")


@pytest.mark.parametrize(
    ("word", "again", "ready", "is_failed"),
    [
        ("InProgress", SLOW, "False", "False"),
        ("Stopping", SLOW, "False", "False"),
        ("Completed", None, "True", "False"),
        ("Failed", None, "False", "True"),
        ("Stopped", None, "False", "False"),
        ("Deleting", SLOW, "False", "False"),
    ],
)
def test_followed(word: str, again: float | None, ready: str, is_failed: str) -> None:
    """AWS's word is the status; what lists show is described no oftener than in minutes."""
    step = after(held("TrainingJob"), job(TrainingJobStatus=word, SecondaryStatus="Training"))
    assert step.status is not None
    assert step.status["trainingJobStatus"] == word
    assert step.status["secondaryStatus"] == ("" if word == "Stopping" else "Training")
    assert ("modelPath" in step.status) == (word == "Completed")
    assert {t: s for t, (s, _) in said(step).items()} == {
        "Ready": ready, "Failed": is_failed, "Synced": "True",
    }  # fmt: skip
    assert (step.again, step.call) == (again, None)


@pytest.mark.parametrize(
    ("description", "path"),
    [
        ({"OutputDataConfig": {"S3OutputPath": "s3://b/k"}}, f"s3://b/k/{NAME}/output/model.tar.gz"),
        ({"OutputDataConfig": {"S3OutputPath": "s3://b/"}}, f"s3://b/{NAME}/output/model.tar.gz"),
        ({"ModelArtifacts": {"S3ModelArtifacts": "s3://b/m"}}, "s3://b/m"),
    ],
)  # fmt: skip
def test_model_path(description: Body, path: str) -> None:
    """Right with and without a slash at the end of the output path."""
    step = after(held("TrainingJob"), job(TrainingJobStatus="Completed", **description))
    assert step.status is not None
    assert step.status["modelPath"] == path


@pytest.mark.parametrize("rule", ["InProgress", "Stopping"])
def test_rules_outlast_their_job(rule: str) -> None:
    """A completed job is looked at again while a debugger rule is evaluated."""
    rules = [{"RuleConfigurationName": "r", "RuleEvaluationStatus": rule}]
    observed = job(TrainingJobStatus="Completed", DebugRuleEvaluationStatuses=rules)
    step = after(held("TrainingJob"), observed)
    assert step.again == SLOW
    assert after(held("TrainingJob", dict(step.status or {}))).call is not None


def test_edits_of_a_job_are_said_to_be_ignored_once() -> None:
    """In a condition and in an event; while it runs and after its end."""
    for status in (MADE, ENDED):
        body = held("TrainingJob", dict(status), generation=3)
        step = after(body, job(TrainingJobStatus=status["trainingJobStatus"]))
        assert said(step)["Synced"][0] == "False"
        assert [h.reason for h in step.happenings if h.is_warning] == ["EditIgnored"]
        body["status"] = dict(step.status or {})
        again = after(body, job(TrainingJobStatus=status["trainingJobStatus"]))
        assert [h for h in again.happenings if h.is_warning] == []
        assert body["status"]["observedGeneration"] == 2


def test_a_condition_keeps_its_time_while_its_status_is_the_same() -> None:
    """Another reason is no transition."""
    old = [condition("Ready", "False", "InProgress"), condition("Failed", "True", "Odd")]
    step = after(
        held("TrainingJob", {**MADE, "conditions": old}), job(TrainingJobStatus="Stopping")
    )
    times = {c["type"]: c["lastTransitionTime"] for c in (step.status or {})["conditions"]}
    assert times == {"Ready": "2025-12-31T00:00:00Z", "Failed": "2026-01-01T12:00:00Z",
                     "Synced": "2026-01-01T12:00:00Z"}  # fmt: skip
    assert {c["observedGeneration"] for c in (step.status or {})["conditions"]} == {2}


@pytest.mark.parametrize(
    ("observed", "operation", "releases", "again"),
    [
        (NOTHING, "DescribeTrainingJob", False, None),
        (ABSENT, None, True, None),
        (job(), "StopTrainingJob", False, None),
        (job(TrainingJobStatus="Stopping"), None, False, STOPPING),
        (job(TrainingJobStatus="Deleting"), None, False, STOPPING),
        (job(TrainingJobStatus="Completed"), None, True, None),
        (failed("DescribeTrainingJob", "", "", 1), None, False, 2.0),
    ],
)
def test_deletion(
    observed: Observed, operation: str | None, releases: bool, again: float | None
) -> None:
    """A running job is stopped, and held until it has; it is never judged.

    Meanwhile there is no secondary status, as in the original.
    """
    status = {**MADE, "secondaryStatus": "Training"}
    step = after(held("TrainingJob", status, deletionTimestamp=DELETED), observed)
    assert (step.call.operation if step.call else None) == operation
    assert (step.releases, step.again, step.is_judged) == (releases, again, False)
    if step.status is not None:
        words = (step.status["trainingJobStatus"], step.status["secondaryStatus"])
        assert words == ("Stopping", "")
