# SPDX-License-Identifier: Apache-2.0
"""The List calls: filters, order, pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused


def names(answer: dict[str, Any]) -> list[str]:
    """Return the names of a page of training jobs."""
    return [each["TrainingJobName"] for each in answer["TrainingJobSummaries"]]


@pytest.fixture
def several(aws: FakeAWS, sagemaker: Any) -> Any:
    """A client in a region with the training jobs a0 to a4 and b5 to b9, 10 s apart."""
    aws.plan("a*", seconds=15)
    aws.plan("b*", seconds=1000)
    for number in range(10):
        sagemaker.create_training_job(**example.training(f"{'ab'[number // 5]}{number}"))
        aws.advance(10)
    return sagemaker


def test_without_wishes_a_page_holds_ten_in_order_of_creation(several: Any) -> None:
    """Training jobs come oldest first."""
    several.create_training_job(**example.training("c"))
    answer = several.list_training_jobs()
    assert names(answer) == ["a0", "a1", "a2", "a3", "a4", "b5", "b6", "b7", "b8", "b9"]
    assert names(several.list_training_jobs(NextToken=answer["NextToken"])) == ["c"]


def test_pages_neither_repeat_nor_skip(several: Any) -> None:
    """In either order and of any size, also when jobs are made meanwhile."""
    for order, expected in (("Ascending", "0123456789"), ("Descending", "9876543210")):
        found, token = "", dict[str, str]()
        while True:
            answer = several.list_training_jobs(
                SortBy="CreationTime", SortOrder=order, MaxResults=3, **token
            )
            found += "".join(name[-1] for name in names(answer) if name != "new")
            if order == "Descending" and not token:
                several.create_training_job(**example.training("new"))
            if "NextToken" not in answer:
                break
            token = {"NextToken": answer["NextToken"]}
        assert found == expected


def test_a_token_of_ones_own_making_is_refused(several: Any) -> None:
    """It is a ValidationException."""
    assert refused(several.list_training_jobs, NextToken="x") == (
        "ValidationException",
        "Invalid NextToken.",
    )


def test_names_and_times_filter(aws: FakeAWS, several: Any) -> None:
    """By part of the name, by creation, and by what has changed."""
    assert names(several.list_training_jobs(NameContains="b")) == ["b5", "b6", "b7", "b8", "b9"]
    third = several.describe_training_job(TrainingJobName="a3")["CreationTime"]
    soon = third + timedelta(seconds=1)
    assert names(several.list_training_jobs(CreationTimeBefore=soon)) == ["a0", "a1", "a2", "a3"]
    assert names(several.list_training_jobs(CreationTimeAfter=soon))[0] == "a4"
    since = datetime.fromtimestamp(aws.clock.now(), tz=third.tzinfo)
    aws.advance(5)
    assert names(several.list_training_jobs(LastModifiedTimeAfter=since)) == []
    several.stop_training_job(TrainingJobName="b7")
    assert names(several.list_training_jobs(LastModifiedTimeAfter=since)) == ["b7"]
    assert len(names(several.list_training_jobs(LastModifiedTimeBefore=since))) == 9


def test_sorting_by_name_and_status(several: Any) -> None:
    """Among equals the name decides."""
    by_name = several.list_training_jobs(SortBy="Name", SortOrder="Descending")
    assert names(by_name)[0] == "b9"
    by_status = several.list_training_jobs(SortBy="Status")
    assert names(by_status) == ["a0", "a1", "a2", "a3", "a4", "b5", "b6", "b7", "b8", "b9"]


def test_a_status_is_looked_for_within_the_page(several: Any) -> None:
    """With both StatusEquals and MaxResults pages may be empty and yet have a successor."""
    answer = several.list_training_jobs(StatusEquals="InProgress", MaxResults=5)
    assert names(answer) == []
    answer = several.list_training_jobs(
        StatusEquals="InProgress", MaxResults=5, NextToken=answer["NextToken"]
    )
    assert names(answer) == ["b5", "b6", "b7", "b8", "b9"]
    assert names(several.list_training_jobs(StatusEquals="InProgress")) == names(answer)


LISTS: dict[str, tuple[str, Any, str]] = {
    "hyper_parameter_tuning_job": ("HyperParameterTuningJobSummaries", example.tuning, "ab"),
    "transform_job": ("TransformJobSummaries", example.transform, "ba"),
    "processing_job": ("ProcessingJobSummaries", example.processing, "ab"),
    "model": ("Models", example.model, "ba"),
    "endpoint_config": ("EndpointConfigs", example.config, "ba"),
    "endpoint": ("Endpoints", example.endpoint, "ba"),
}


@pytest.mark.parametrize("noun", LISTS)
def test_every_kind_has_a_list_in_its_own_order(aws: FakeAWS, sagemaker: Any, noun: str) -> None:
    """Some begin with the newest, some with the oldest; filters and pages work alike."""
    member, request, order = LISTS[noun]
    sagemaker.create_model(**example.model())
    sagemaker.create_endpoint_config(**example.config())
    aws.advance(1)
    start = datetime.fromtimestamp(aws.clock.now() - 0.5).astimezone()
    for name in ("a", "b"):
        getattr(sagemaker, f"create_{noun}")(**request(name))
        aws.advance(2)
    list_ = getattr(sagemaker, f"list_{noun}s")
    key = next(key for key in list_()[member][0] if key.endswith("Name"))
    assert "".join(each[key] for each in list_(MaxResults=2)[member]) == order
    assert [each[key] for each in list_(NameContains="b")[member]] == ["b"]
    assert len(list_(CreationTimeAfter=start - timedelta(seconds=60))[member]) >= 2
    assert len(list_(CreationTimeBefore=start + timedelta(seconds=60))[member]) >= 2
    first = list_(MaxResults=1)
    second = list_(MaxResults=1, NextToken=first["NextToken"])
    assert first[member][0][key] + second[member][0][key] == order


def test_a_page_holds_a_hundred_at_most(aws: FakeAWS) -> None:
    """MaxResults above is a ValidationException."""
    client = aws.client("sagemaker", parameter_validation=False)
    assert refused(client.list_models, MaxResults=101)[1].endswith(
        "Member must have value less than or equal to 100"
    )
