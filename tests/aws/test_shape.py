# SPDX-License-Identifier: Apache-2.0
"""Requests that are not of their operation's shape, and AWS's words for each way."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.config import Config

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused
from tests.aws.shape import matches, service_model

INVALID = "ValidationException"


@pytest.fixture
def raw(aws: FakeAWS) -> Any:
    """A client that sends what it is given, without botocore's own checks."""
    return aws.client("sagemaker", parameter_validation=False)


def changed(**more: Any) -> dict[str, Any]:
    """Return a training job with members of its resources changed."""
    request = example.training("a")
    return request | {"ResourceConfig": request["ResourceConfig"] | more}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (
            changed(InstanceCount=0),
            (
                "1 validation error detected: Value '0' at 'resourceConfig.instanceCount' failed "
                "to satisfy constraint: Member must have value greater than or equal to 1"
            ),
        ),
        (
            example.training("a", StoppingCondition={"MaxRuntimeInSeconds": 0}),
            (
                "1 validation error detected: Value '0' at 'stoppingCondition.maxRuntimeInSeconds' "
                "failed to satisfy constraint: Member must have value greater than or equal to 1"
            ),
        ),
        (
            example.training("a" * 64),
            (
                f"Value '{'a' * 64}' at 'trainingJobName' failed to satisfy constraint: "
                "Member must have length less than or equal to 63"
            ),
        ),
        (
            example.training("a.b"),
            (
                "1 validation error detected: Value 'a.b' at 'trainingJobName' failed to satisfy "
                "constraint: Member must satisfy regular expression pattern: "
                "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
            ),
        ),
        (
            example.training("a", Tags=[{"Key": "k", "Value": "v"}, {"Key": "", "Value": "v"}]),
            (
                "1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy "
                "constraint: Member must have length greater than or equal to 1"
            ),
        ),
        (
            example.training("a", HyperParameters={"k": "v" * 2501}),
            (
                "at 'hyperParameters' failed to satisfy constraint: Map value must satisfy "
                "constraint: [Member must have length less than or equal to 2500]"
            ),
        ),
        (
            changed(InstanceType="ml.m5.huge"),
            (
                "1 validation error detected: Value 'ml.m5.huge' at 'resourceConfig.instanceType' "
                "failed to satisfy constraint: Member must satisfy enum value set: ["
            ),
        ),
    ],
    ids=["number", "runtime", "length", "pattern", "list", "map", "enum"],
)
def test_a_constraint_is_refused_in_the_words_of_aws(
    raw: Any, request_: dict[str, Any], words: str
) -> None:
    """Numbers, lengths, patterns, enums, items of lists and values of maps are all checked."""
    code, message = refused(raw.create_training_job, **request_)
    assert code == INVALID
    assert words in message


def test_all_failures_are_named_at_once(raw: Any) -> None:
    """Two mistakes are two errors in one message."""
    code, message = refused(raw.create_training_job, **changed(InstanceCount=-1, VolumeSizeInGB=-1))
    assert (code, message[:29]) == (INVALID, "2 validation errors detected:")


def test_a_missing_member_is_null(raw: Any) -> None:
    """What is required and absent is refused even if the client did not look."""
    request = example.training("a")
    del request["RoleArn"]
    assert refused(raw.create_training_job, **request) == (
        INVALID,
        (
            "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: "
            "Member must not be null"
        ),
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"Nonsense": 1}, "Unknown member Nonsense of CreateTrainingJobRequest"),
        ({"RoleArn": 7}, "NUMBER_VALUE can not be converted to a String"),
        ({"EnableNetworkIsolation": "yes"}, "STRING_VALUE can not be converted to a Boolean"),
        ({"HyperParameters": ["x"]}, "Unexpected START_ARRAY where a map belongs"),
        ({"HyperParameters": {"depth": 3}}, "NUMBER_VALUE can not be converted to a String"),
    ],
)
def test_another_type_is_a_serialization_error(raw: Any, more: dict[str, Any], words: str) -> None:
    """Types and unknown members are not left to the client either."""
    raw.meta.events.register("before-call.sagemaker.CreateTrainingJob", _put(more))
    assert refused(raw.create_training_job, **example.training("a")) == (
        "SerializationException",
        words,
    )


def _put(more: dict[str, Any]) -> Any:
    def put(params: dict[str, Any], **_: Any) -> None:
        import json  # noqa: PLC0415 - here alone

        params["body"] = json.dumps(json.loads(params["body"]) | more).encode()

    return put


def test_an_operation_that_the_fake_lacks_says_so(sagemaker: Any) -> None:
    """It is refused by name, not answered with nonsense."""
    code, message = refused(sagemaker.list_domains)
    assert (code, message) == ("UnknownOperationException", "The fake has no ListDomains")


def test_what_shapes_cannot_say_is_refused_too(sagemaker: Any) -> None:
    """No algorithm, spot without a waiting time, and a model without containers."""
    bare = example.training("a")
    del bare["AlgorithmSpecification"]
    assert refused(sagemaker.create_training_job, **bare)[0] == INVALID
    spot = example.training("a", EnableManagedSpotTraining=True)
    assert "MaxWaitTimeInSeconds" in refused(sagemaker.create_training_job, **spot)[1]
    assert (
        refused(sagemaker.create_model, ModelName="m", ExecutionRoleArn=example.ROLE)[0] == INVALID
    )


def test_patterns_match_the_whole_value() -> None:
    """Nothing before or after is let through, not even a newline."""
    assert matches("[a-z]+", "abc")
    assert not any(matches("[a-z]+", text) for text in ("abc!", "!abc", "abc\n", ""))


def test_nearly_every_pattern_of_the_model_can_be_read() -> None:
    """Of several hundred, the engine misses a handful, and no pattern of what the fake has."""
    from tests.aws.shape import _compiled  # noqa: PLC0415 - what is under test

    model = service_model()
    shapes = [model.shape_for(name) for name in model.shape_names]
    patterns = {s.metadata["pattern"] for s in shapes if "pattern" in s.metadata}
    unread = {pattern for pattern in patterns if _compiled(pattern) is None}
    assert len(patterns) > 200
    assert len(unread) <= 3, unread


def test_retries_of_the_test_client_are_off(aws: FakeAWS) -> None:
    """A refusal is one call, so that what is counted is what was sent."""
    client = aws.client("sagemaker")
    assert isinstance(client.meta.config, Config)
    aws.refuse("ListModels", times=None)
    assert refused(client.list_models)[0] == "ThrottlingException"
    assert [call.operation for call in aws.calls] == ["ListModels"]
