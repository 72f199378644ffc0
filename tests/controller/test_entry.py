# SPDX-License-Identifier: Apache-2.0
"""What is kept of an object, and what is forgotten when."""

from __future__ import annotations

from typing import Any

import pytest

from controller.entry import Entry
from controller.failure import AwsError
from controller.observed import Observed
from tests.controller.sample import sample
from tests.controller.world import Body, subject_of

DENIED = AwsError("CreateModel", "AccessDenied", "no", 403)
SILENT = AwsError("DescribeModel", "", "no")
GONE = AwsError("DescribeModel", "ResourceNotFound", "no", 400)


def entry(**meta: Any) -> Entry:
    """Return one of a model."""
    return Entry(subject_of(sample("Model", resourceVersion="5", **meta)))


@pytest.mark.parametrize(
    ("change", "looks", "is_fresh"),
    [
        ({"resourceVersion": "4", "generation": 9}, False, False),
        ({"resourceVersion": "5", "generation": 9}, False, False),
        ({"resourceVersion": "6"}, False, False),
        ({"resourceVersion": "6", "labels": {"a": "b"}}, False, False),
        ({"resourceVersion": "6", "finalizers": ["other"]}, True, False),
        ({"resourceVersion": "6", "generation": 2}, True, True),
        ({"resourceVersion": "6", "annotations": {"a": "b"}}, True, True),
        ({"resourceVersion": "6", "deletionTimestamp": "2026-01-01T00:00:00Z"}, True, True),
        ({"resourceVersion": "10", "generation": 2}, True, True),
        ({"resourceVersion": "odd", "generation": 2}, True, True),
        ({"resourceVersion": "\u00b2", "generation": 2}, True, True),
    ],
)
def test_seeing(change: Body, looks: bool, is_fresh: bool) -> None:
    """Older states are nothing; a new wish makes a fresh start."""
    found = entry()
    found.learn("CreateModel", DENIED, "")
    assert found.see(subject_of(sample("Model", **{"resourceVersion": "5", **change}))) == looks
    assert (found.observed == Observed()) == is_fresh


def test_a_question_that_is_answered_is_no_success() -> None:
    """Failures of a change are counted over the questions between them."""
    found = entry()
    for _ in range(3):
        found.learn("CreateModel", DENIED, "")
        found.forget()
        found.learn("DescribeModel", GONE, "")
        assert (found.observed.error, found.observed.is_known) == (None, True)
    assert found.observed.failures == 3
    found.learn("CreateModel", {}, "")
    assert found.observed.failures == 0


def test_an_answer_ends_the_count_of_its_own_operation() -> None:
    """And another operation's failure begins a count of its own."""
    found = entry()
    found.learn("DescribeModel", SILENT, "")
    found.learn("DescribeModel", SILENT, "")
    assert found.observed.failures == 2
    found.learn("DescribeModel", {"ModelName": "x"}, "")
    assert (found.observed.failures, found.observed.description) == (0, {"ModelName": "x"})
    found.learn("DescribeModel", SILENT, "")
    found.learn("CreateModel", DENIED, "")
    assert found.observed.failures == 1


@pytest.mark.parametrize(
    "operation", ["DeleteModel", "StopTrainingJob", "DeregisterScalableTarget"]
)
def test_gone_is_as_good_as_deleted(operation: str) -> None:
    """So AWS is asked again, not told again."""
    found = entry()
    found.learn("DescribeModel", {"ModelName": "x"}, "")
    found.learn(operation, AwsError(operation, "ResourceNotFound", "no", 400), "")
    assert (found.observed.error, found.observed.is_known) == (None, False)


def test_facts_are_kept_by_key_until_something_changes() -> None:
    """A fact of what is not there is empty; a change that was made outlives the facts."""
    found = entry()
    found.learn("DescribeTrainingJob", {"a": 1}, "one")
    found.learn("DescribeTrainingJob", GONE, "two")
    assert found.observed.listed == {"one": {"a": 1}, "two": {}}
    assert not found.observed.is_known
    found.learn("PutScalingPolicy", {}, "sent Put")
    assert found.observed.listed == {"sent Put": {}}
    found.learn("RegisterScalableTarget", {}, "sent Register")
    assert found.observed.listed.keys() == {"sent Put", "sent Register"}
    found.forget()
    assert found.observed.listed == {}


def test_tags_are_of_the_thing_that_is_there() -> None:
    """After a change it is perhaps another."""
    found = entry()
    found.learn("ListTags", {"Tags": [{"Key": "a", "Value": "b"}]}, "")
    assert found.observed.tags == {"a": "b"}
    found.forget()
    assert found.observed.tags == {"a": "b"}
    found.learn("CreateEndpoint", {}, "")
    assert found.observed.tags is None


@pytest.mark.parametrize("has_time", [True, False], ids=["described", "listed only"])
def test_a_change_is_asked_for_once(has_time: bool) -> None:
    """Also of a transform job, whose description does not say when it changed."""
    entry = Entry(subject_of(sample("BatchTransformJob")))
    answer = {"TransformJobName": "x", **({"LastModifiedTime": 1} if has_time else {})}
    entry.learn("DescribeTransformJob", answer, "")
    entry.rest()
    assert entry.is_outdated(1) is not has_time
    assert not entry.is_outdated(1)
    assert entry.is_outdated(2)
    entry.forget()
    entry.learn(
        "DescribeTransformJob", {**answer, **({"LastModifiedTime": 2} if has_time else {})}, ""
    )
    entry.rest()
    assert not entry.is_outdated(2)
    assert entry.is_outdated(3)
