# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with a job: tried again, shown, or the end until the spec changes."""

from __future__ import annotations

import pytest

from controller.observed import Observed
from controller.step import REST
from tests.controller.row import after, failed, held, said
from tests.controller.sample import sample
from tests.controller.test_job import JOBS, MADE, REFUSAL, named
from tests.controller.world import World, conditions


@pytest.mark.parametrize(
    ("operation", "code", "failures", "reason", "word"),
    [
        ("CreateTrainingJob", "ValidationException", 1, "ValidationException", "Failed"),
        ("CreateTrainingJob", "NoRegion", 1, "NoRegion", "Failed"),
        ("CreateTrainingJob", "ThrottlingException", 1, None, None),
        ("CreateTrainingJob", "ThrottlingException", 3, "ThrottlingException", "Reconciling"),
        ("CreateTrainingJob", "AccessDeniedException", 1, "AccessDeniedException", "Reconciling"),
        ("CreateTrainingJob", "ResourceLimitExceeded", 1, "ResourceLimitExceeded", "Reconciling"),
        ("CreateTrainingJob", "ResourceInUse", 1, None, None),
        ("CreateTrainingJob", "", 1, None, None),
        ("DescribeTrainingJob", "", 2, None, None),
        ("DescribeTrainingJob", "", 3, "NoAnswer", "Reconciling"),
        ("ListTags", "ValidationException", 3, "ValidationException", "Reconciling"),
    ],
)
def test_errors(
    operation: str, code: str, failures: int, reason: str | None, word: str | None
) -> None:
    """A bad request ends it; what may pass is tried again, and shown when it is no hiccup."""
    step = after(named(trainingJobStatus="x"), failed(operation, code, "AWS says", failures))
    assert step.call is None
    if reason is None:
        assert (step.status, (step.again or 0) > 0) == (None, True)
        return
    assert step.status is not None
    assert said(step)["Synced"] == ("False", reason)
    assert "AWS says" in step.status["additional"]
    ends = word == "Failed"
    expected = "Failed" if ends else "ReconcilingTrainingJob"
    assert (step.status["trainingJobStatus"], step.again is None) == (expected, ends)


@pytest.mark.parametrize(
    ("kind", "passing", "blocked"),
    [
        ("TrainingJob", "ReconcilingTrainingJob", "ReconcilingTrainingJob"),
        ("HyperparameterTuningJob", "ReconcilingTuningJob", "ReconcilingTuningJob"),
        ("BatchTransformJob", "Reconciling", "Reconciling"),
        ("ProcessingJob", "Reconciling", "Error"),
    ],
)
def test_words_of_what_is_tried_again(kind: str, passing: str, blocked: str) -> None:
    """The original's, of which a processing job has two."""
    key = f"{JOBS[kind][1]}Status"
    words = [
        (after(held(kind, {key: "x"}), failed("Create", code, "no", 3)).status or {})[key]
        for code in ("ThrottlingException", "ServiceUnavailable", "AccessDeniedException")
    ]
    assert words == [passing, passing, blocked]


def test_a_name_that_cannot_be_is_judged_and_not_looked_for() -> None:
    """AWS refuses to describe it: then the gate, or AWS, says why it cannot be created."""
    step = after(named("a.b"), failed("DescribeTrainingJob", "ValidationException"))
    assert step.call is not None
    assert (step.call.operation, step.is_judged) == ("CreateTrainingJob", True)


@pytest.mark.parametrize("operation", ["DescribeTrainingJob", "ListTags"])
def test_a_running_job_is_never_failed_by_a_question(operation: str) -> None:
    """Whatever AWS answers to it, the job goes on, and so does its object."""
    step = after(held("TrainingJob", MADE), failed(operation, "ValidationException", "odd", 5))
    assert (step.status or {})["trainingJobStatus"] == "InProgress"
    assert (said(step)["Synced"], (step.again or 0) > 0) == (("False", "ValidationException"), True)


def test_refused_field_by_field_until_the_spec_changes() -> None:
    """The gate's findings end it; a new generation is tried."""
    step = after(named(), Observed(is_known=True, refused=(REFUSAL,)))
    text = "spec.resourceConfig.instanceCount: Invalid value: 0: must be at least 1 (SM104)"
    assert (step.status or {})["additional"] == text
    assert said(step) == {
        "Failed": ("True", "Refused"),
        "Ready": ("False", "Refused"),
        "Synced": ("False", "Refused"),
    }
    body = named(**dict(step.status or {}))
    assert after(body) == REST
    body["metadata"]["generation"] = 3
    assert after(body).call is not None


def test_a_bad_request_is_sent_once_for_each_spec() -> None:
    """However often the operators start anew; an edit tries again, and may succeed."""
    world = World()
    key = world.add(sample("TrainingJob"))
    world.cloud.refuse("CreateTrainingJob", "ValidationException", "Unknown image")
    world.run(5)
    for _ in range(3):
        world.restart()
        world.run(5)
    assert world.cloud.count("Create") == 1
    assert "Unknown image" in conditions(world.objects[key])["Failed"]["message"]
    world.edit(key, roleArn="arn:aws:iam::123456789012:role/other")
    world.run(2)
    assert (world.cloud.count("Create"), conditions(world.objects[key])["Failed"]["status"]) == (
        2, "False",
    )  # fmt: skip


def test_what_does_not_pass_is_shown_and_tried_ever_more_slowly() -> None:
    """Also where each attempt is preceded by a question that is answered."""
    world = World()
    key = world.add(sample("TrainingJob"))
    world.cloud.refuse("CreateTrainingJob", "ThrottlingException", "Rate exceeded", 6)
    world.run(8)
    assert world.pauses[:6] == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
    assert world.objects[key]["status"]["trainingJobStatus"] == "InProgress"
    assert world.objects[key]["status"]["additional"] == ""
