# SPDX-License-Identifier: Apache-2.0
"""The fake as a whole: what it covers, that its answers are AWS's, that it bears a load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import botocore.session
import pytest

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused
from tests.aws.service import OPERATIONS
from tests.aws.shape import service_model

COVERED = [
    *("CreateTrainingJob", "DescribeTrainingJob", "StopTrainingJob", "ListTrainingJobs"),
    *(
        "CreateHyperParameterTuningJob",
        "DescribeHyperParameterTuningJob",
        "StopHyperParameterTuningJob",
    ),
    *("ListHyperParameterTuningJobs", "ListTrainingJobsForHyperParameterTuningJob"),
    *("CreateTransformJob", "DescribeTransformJob", "StopTransformJob", "ListTransformJobs"),
    *("CreateProcessingJob", "DescribeProcessingJob", "StopProcessingJob", "ListProcessingJobs"),
    *("CreateModel", "DescribeModel", "DeleteModel", "ListModels"),
    *(
        "CreateEndpointConfig",
        "DescribeEndpointConfig",
        "DeleteEndpointConfig",
        "ListEndpointConfigs",
    ),
    *("CreateEndpoint", "UpdateEndpoint", "DescribeEndpoint", "DeleteEndpoint", "ListEndpoints"),
    *("AddTags", "ListTags"),
]


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a call of each operation, in an order in which all succeed; `+` lets time go by."""
    arn = "arn:aws:sagemaker:us-west-2:123456789012:model/model"
    tuning = {"HyperParameterTuningJobName": "a"}
    yield "CreateModel", example.model()
    yield "CreateEndpointConfig", example.config()
    yield "CreateEndpoint", example.endpoint()
    yield "CreateTrainingJob", example.training("a")
    yield "CreateHyperParameterTuningJob", example.tuning("a")
    yield "CreateTransformJob", example.transform("a")
    yield "CreateProcessingJob", example.processing("a")
    yield "AddTags", {"ResourceArn": arn, "Tags": [{"Key": "k", "Value": "v"}]}
    yield "ListTags", {"ResourceArn": arn}
    yield "+", {}
    for noun in ("Model", "EndpointConfig", "Endpoint"):
        name = {"Model": "model", "EndpointConfig": "config", "Endpoint": "endpoint"}[noun]
        yield f"Describe{noun}", {f"{noun}Name": name}
        yield f"List{noun}s", {}
    for noun in ("TrainingJob", "HyperParameterTuningJob", "TransformJob", "ProcessingJob"):
        yield f"Describe{noun}", {f"{noun}Name": "a"}
        yield f"List{noun}s", {}
        yield f"Stop{noun}", {f"{noun}Name": "a"}
    yield "ListTrainingJobsForHyperParameterTuningJob", tuning
    yield "UpdateEndpoint", example.endpoint()
    yield "+", {}
    yield "DeleteEndpoint", {"EndpointName": "endpoint"}
    yield "DeleteEndpointConfig", {"EndpointConfigName": "config"}
    yield "DeleteModel", {"ModelName": "model"}


def test_the_operations_covered_are_those_of_the_list() -> None:
    """No more and no fewer, and each is one of AWS's."""
    assert sorted(COVERED) == sorted(OPERATIONS)
    assert set(COVERED) <= set(service_model().operation_names)
    assert {operation for operation, _ in steps()} - {"+"} == set(COVERED)


def test_every_answer_parses_to_the_shape_that_aws_promises(aws: FakeAWS, sagemaker: Any) -> None:
    """All required members are there, and members have the types of botocore's model."""
    aws.plan("*", kind="Endpoint", seconds=10)
    for operation, request in steps():
        if operation == "+":
            aws.advance(30)
            continue
        method = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).lower()
        answer = getattr(sagemaker, method)(**request)
        assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
        shape = service_model().operation_model(operation).output_shape
        if shape is None:
            assert answer == {}
        else:
            assert_fits(shape, answer, operation)
    assert {call.outcome for call in aws.calls} == {"ok"}


def assert_fits(shape: Any, value: Any, path: str) -> None:
    """Fail unless a parsed value is of its shape; model artifacts come late, as AWS's do."""
    kinds: dict[str, type] = {
        "structure": dict,
        "map": dict,
        "list": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "long": int,
        "timestamp": datetime,
    }
    fits = isinstance(value, kinds.get(shape.type_name, float))
    assert fits, path
    if shape.type_name == "structure":
        assert value.keys() <= shape.members.keys(), path
        assert set(shape.required_members) - value.keys() <= {"ModelArtifacts"}, path
        for name, item in value.items():
            assert_fits(shape.members[name], item, f"{path}.{name}")
    elif shape.type_name == "list":
        for item in value:
            assert_fits(shape.member, item, f"{path}[]")


def test_botocores_waiters_work(aws: FakeAWS, sagemaker: Any) -> None:
    """They read statuses and errors as they would AWS's."""
    sagemaker.create_model(**example.model())
    sagemaker.create_endpoint_config(**example.config())
    sagemaker.create_endpoint(**example.endpoint())
    aws.advance(60)
    quick = {"EndpointName": "endpoint", "WaiterConfig": {"Delay": 0, "MaxAttempts": 1}}
    sagemaker.get_waiter("endpoint_in_service").wait(**quick)
    sagemaker.delete_endpoint(EndpointName="endpoint")
    aws.advance(5)
    sagemaker.get_waiter("endpoint_deleted").wait(**quick)
    assert aws.running("Endpoint") == set()


def test_modelled_errors_are_exceptions_of_their_own(sagemaker: Any) -> None:
    """The client's `exceptions` know ResourceInUse."""
    sagemaker.create_training_job(**example.training("a"))
    with pytest.raises(sagemaker.exceptions.ResourceInUse):
        sagemaker.create_training_job(**example.training("a"))


def test_of_many_who_create_the_same_name_one_succeeds(aws: FakeAWS, sagemaker: Any) -> None:
    """Twenty at once: one job, nineteen refusals."""

    def attempt(_: int) -> str:
        try:
            sagemaker.create_training_job(**example.training("a"))
        except sagemaker.exceptions.ResourceInUse:
            return "taken"
        return "made"

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(attempt, range(20)))
    assert (found.count("made"), found.count("taken")) == (1, 19)
    assert aws.created("TrainingJob") == {"a": 1}
    assert aws.duplicates("TrainingJob") == {"a": 19}


def test_it_holds_twenty_thousand_jobs(aws: FakeAWS, sagemaker: Any) -> None:
    """Describe and a page of a list are still answered, and the pages add up."""
    registry = aws._registry("us-west-2")
    from tests.aws.service import answer  # noqa: PLC0415 - past the network: 20,000 calls

    for number in range(20_000):
        request = example.training(f"job-{number}")
        answer(registry, "CreateTrainingJob", request, aws.clock.now())
    aws.advance(1)
    assert sagemaker.describe_training_job(TrainingJobName="job-12345")
    pages = sagemaker.get_paginator("list_training_jobs").paginate(
        NameContains="job-12", PaginationConfig={"PageSize": 100}
    )
    names = [each["TrainingJobName"] for page in pages for each in page["TrainingJobSummaries"]]
    assert len(names) == len(set(names)) == 1_111


def test_a_slip_of_the_fake_shows(
    aws: FakeAWS, sagemaker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that is not of its shape becomes an InternalFailure that says so."""
    from tests.aws import training  # noqa: PLC0415 - to break it

    sagemaker.create_training_job(**example.training("a"))
    monkeypatch.setattr(training, "describe", lambda *_: {"TrainingJobName": 1})
    code, words = refused(sagemaker.describe_training_job, TrainingJobName="a")
    assert code == "InternalFailure"
    assert "can not be converted" in words


def test_the_model_is_that_of_the_installed_botocore() -> None:
    """So the fake grows with it."""
    installed = botocore.session.get_session().get_service_model("sagemaker")
    assert service_model().operation_names == installed.operation_names
