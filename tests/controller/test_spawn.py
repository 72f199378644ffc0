# SPDX-License-Identifier: Apache-2.0
"""A tuning job's training jobs, shown as objects of its own."""

from __future__ import annotations

from typing import Any

import pytest

from controller.observed import Observed
from controller.spawn import LIST, child_name
from controller.step import REST
from controller.subject import SPAWNED_BY
from tests.controller.row import ABSENT, DELETED, after, condition, failed, held, said
from tests.controller.world import HEX, UID, Body, World, subject_of

KIND = "HyperparameterTuningJob"
MADE = {"hyperParameterTuningJobStatus": "InProgress", "observedGeneration": 2,
        "sageMakerHyperParameterTuningJobName": HEX}  # fmt: skip
TRAINING = {
    "TrainingJobName": "t-1", "RoleArn": "role", "TrainingJobArn": "arn",
    "HyperParameters": {"eta": "0.1"}, "ResourceConfig": {"InstanceCount": 1},
}  # fmt: skip


def tuning(word: str = "InProgress", children: Any = (), listed: Any = None) -> Observed:
    """Return a tuning job that AWS has, and what further calls answered."""
    noun = "HyperParameterTuningJob"
    found = {f"{noun}Name": HEX, f"{noun}Arn": "arn", f"{noun}Status": word}
    names = {("TrainingJob", name): Body() for name in children}
    return Observed(found, is_known=True, children=names, listed=listed or {})


def page(*names: str, more: str = "") -> Body:
    """Return a page of the list."""
    found: Body = {"TrainingJobSummaries": [{"TrainingJobName": name} for name in names]}
    return {**found, "NextToken": more} if more else found


def test_listed_described_made() -> None:
    """One after the other; the object is owned, marked, and has neither status nor finalizer."""
    body = held(KIND, MADE)
    step = after(body, tuning())
    assert step.call is not None
    assert (step.call.operation, step.keep) == (LIST, f"{LIST} ")
    listed = {f"{LIST} ": page("t-1")}
    step = after(body, tuning(listed=listed))
    assert step.call is not None
    assert (step.call.operation, step.keep) == ("DescribeTrainingJob", "DescribeTrainingJob t-1")
    step = after(body, tuning(listed={**listed, "DescribeTrainingJob t-1": TRAINING}))
    (child,) = step.children
    assert (child.kind, child.name, step.is_judged) == ("TrainingJob", "t-1", False)
    assert child.body is not None
    assert child.body["spec"] == {
        "trainingJobName": "t-1", "roleArn": "role", "resourceConfig": {"instanceCount": 1},
        "hyperParameters": [{"name": "eta", "value": "0.1"}], "region": "us-west-2",
    }  # fmt: skip
    assert child.body["metadata"]["annotations"] == {SPAWNED_BY: "mnist"}
    (owner,) = child.body["metadata"]["ownerReferences"]
    assert (owner["uid"], owner["kind"]) == (UID, KIND)


def test_all_pages() -> None:
    """Also where AWS gives one token twice, which would go round for ever."""
    listed = {f"{LIST} ": page("t-1", more="a"), f"{LIST} a": page("t-2", more="a")}
    step = after(held(KIND, MADE), tuning(listed=listed, children=("t-1",)))
    assert step.keep == "DescribeTrainingJob t-2"
    step = after(held(KIND, MADE), tuning(listed=listed, children=("t-1", "t-2")))
    assert (step.call, step.children) == (None, ())


def test_one_that_aws_has_forgotten_is_passed_over() -> None:
    """It is still listed, and no longer to be described."""
    listed = {f"{LIST} ": page("t-1", "t-2"), "DescribeTrainingJob t-1": {}}
    step = after(held(KIND, MADE), tuning(listed=listed))
    assert step.keep == "DescribeTrainingJob t-2"


@pytest.mark.parametrize("operation", [LIST, "DescribeTrainingJob"])
def test_a_tuning_job_is_not_failed_by_its_children(operation: str) -> None:
    """A question about them that AWS refuses is shown; the job goes on."""
    step = after(held(KIND, MADE), failed(operation, "ValidationException", "odd", 9))
    assert (step.status or {})["hyperParameterTuningJobStatus"] == "InProgress"
    assert said(step) == {"Synced": ("False", "ValidationException")}
    assert (step.again or 0) > 0


@pytest.mark.parametrize("reason", ["Finished", "EditIgnored", "Gone"])
def test_settled_when_ended_and_all_are_shown(reason: str) -> None:
    """Nothing is asked any more, whatever came of it."""
    ended = {**MADE, "hyperParameterTuningJobStatus": "Completed",
             "conditions": [condition("Synced", "False", reason)]}  # fmt: skip
    assert after(held(KIND, ended)) == REST


def test_an_ended_one_whose_jobs_are_not_shown_yet_is_asked() -> None:
    """And when AWS has forgotten it meanwhile, it stays as it ended."""
    ended = {**MADE, "hyperParameterTuningJobStatus": "Completed"}
    assert after(held(KIND, ended)).call is not None
    assert after(held(KIND, ended), ABSENT) == REST
    listed = {f"{LIST} ": page("t-1")}
    step = after(held(KIND, ended), tuning("Completed", ("t-1",), listed))
    assert said(step)["Synced"] == ("True", "Finished")


def test_gone_is_said_once() -> None:
    """However often the operators start anew."""
    world = World()
    key = world.add(held(KIND, MADE))
    for _ in range(3):
        world.restart()
        world.run(2)
    assert [h.reason for h in world.happenings] == ["Gone"]
    assert world.objects[key]["status"]["hyperParameterTuningJobStatus"] == "Failed"


@pytest.mark.parametrize(
    ("job", "name"), [("a-1", "a-1"), ("A-1", "a-1-"), ("A_b", "a-b-"), ("UPPER-", "upper-")]
)
def test_a_childs_name_is_one_that_kubernetes_takes(job: str, name: str) -> None:
    """The job's own where that may be; two jobs never share one."""
    found = child_name(job)
    assert found.startswith(name)
    assert (found == job) == (name == job)
    assert found != child_name(job.swapcase())


def test_a_spawned_object_of_the_original_is_let_go() -> None:
    """Its finalizer is taken off when it is deleted."""
    theirs = ["sagemaker-operator-hpo-trainingjob"]
    body = held("TrainingJob", finalizers=theirs, deletionTimestamp=DELETED)
    assert subject_of(body).is_spawned
    assert (after(body).releases, after(body).call) == (True, None)
