# SPDX-License-Identifier: Apache-2.0
"""Whose a job is: ours by name, tag or record, and nothing else's is touched."""

from __future__ import annotations

from typing import Any

import pytest

from controller.observed import Observed
from controller.step import REST, Step
from controller.subject import SPAWNED_BY, UID_TAG
from tests.controller.row import ABSENT, DELETED, LONG_DELETED, after, held, said
from tests.controller.sample import sample
from tests.controller.test_job import ARN, ENDED, MADE, NAME, job, named
from tests.controller.world import UID, Body


@pytest.mark.parametrize(
    ("tags", "reason"),
    [(None, "ListTags"), ({}, "NameTaken"), ({UID_TAG: "other"}, "NameTaken"),
     ({UID_TAG: UID}, "")],
)  # fmt: skip
def test_a_job_of_our_name_is_ours_by_its_tag(tags: Any, reason: str) -> None:
    """One of the user's own name is asked whose it is, and is never adopted in silence."""
    known = job(TrainingJobName="mine")
    step = after(named(), Observed(known.description, is_known=True, tags=tags))
    if reason == "ListTags":
        assert step.call is not None
        assert (step.call.operation, step.call.parameters) == ("ListTags", {"ResourceArn": ARN})
    elif reason:
        assert said(step)["Failed"] == ("True", reason)
        assert "sageMakerTrainingJobName" not in (step.status or {})
    else:
        assert (step.status or {})["sageMakerTrainingJobName"] == "mine"


def test_fifty_tags_leave_no_room_for_ours() -> None:
    """With a name of the user's own nothing would say whose it is: one clear refusal."""
    tags = [{"key": f"k{i}", "value": "v"} for i in range(50)]
    body = named()
    body["spec"]["tags"] = tags
    step = after(body, ABSENT)
    assert (step.call, said(step)["Failed"]) == (None, ("True", "NoRoomForTag"))
    body["spec"]["trainingJobName"] = NAME
    assert after(body, ABSENT).call is not None


def test_a_copied_tag_of_ours_is_replaced() -> None:
    """A manifest that was made from another job's answers has its tag; two would be refused."""
    body = held("TrainingJob", None, {"trainingJobName": "mine"})
    body["spec"]["tags"] = [{"key": UID_TAG, "value": "other"}]
    call = after(body, ABSENT).call
    assert call is not None
    assert call.parameters["Tags"] == [{"Key": UID_TAG, "Value": UID}]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(MADE, "Gone"), (ENDED, None), ({**MADE, "trainingJobStatus": "Stopped"}, None)],
)
def test_never_started_again(status: Body, reason: str | None) -> None:
    """Gone from AWS: a running one failed, one that ended stays as it ended."""
    step = after(held("TrainingJob", status), ABSENT)
    assert step.call is None
    assert said(step).get("Failed") == (None if reason is None else ("True", reason))


def test_a_rename_starts_no_second_job() -> None:
    """The name on record stands."""
    body = held("TrainingJob", MADE, {"trainingJobName": "another"}, generation=3)
    call = after(body).call
    assert call is not None
    assert call.parameters == {"TrainingJobName": NAME}


def test_somebody_elses_job_is_not_stopped() -> None:
    """Of the same name, without our tag."""
    body = named()
    body["metadata"]["deletionTimestamp"] = LONG_DELETED
    known = job(TrainingJobName="mine")
    step = after(body, Observed(known.description, is_known=True, tags={}))
    assert step == Step(releases=True)


def test_a_spawned_job_is_only_shown() -> None:
    """Neither finalizer nor name nor Create nor review nor Stop."""
    body = sample("TrainingJob", annotations={SPAWNED_BY: "tuning"})
    body["spec"]["trainingJobName"] = "tuning-001"
    assert (after(body).holds, after(body).spec) == (False, {})
    assert after(body, ABSENT) == REST
    assert (after(body, job(TrainingJobName="tuning-001")).status or {})["trainingJobStatus"]
    body["metadata"] |= {"deletionTimestamp": DELETED}
    assert after(body, job()) == REST
