# SPDX-License-Identifier: Apache-2.0
"""Faults: refusals, answers that are lost, silence; and access."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ResourceLimitExceeded", 400),
        ("AccessDeniedException", 400),
        ("ValidationException", 400),
        ("ExpiredTokenException", 400),
        ("InternalFailure", 500),
        ("ServiceUnavailable", 503),
    ],
)
def test_a_call_is_refused_so_many_times(
    aws: FakeAWS, sagemaker: Any, code: str, status: int
) -> None:
    """Then it is carried out; a refused one has no effect."""
    aws.refuse("CreateTrainingJob", code=code, message="not now", times=2)
    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            sagemaker.create_training_job(**example.training("a"))
        answer = caught.value.response
        assert answer["Error"]["Code"] == code
        assert answer["Error"]["Message"] == "not now"
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert aws.created("TrainingJob") == {}
    sagemaker.create_training_job(**example.training("a"))
    assert aws.created("TrainingJob") == {"a": 1}
    assert [call.outcome for call in aws.calls] == [code, code, "ok"]


def test_calls_may_be_refused_beyond_a_rate(aws: FakeAWS, sagemaker: Any) -> None:
    """Of many at once some pass; after a while the next one does."""
    aws.refuse("ListModels", times=None, beyond=2)
    start = time.monotonic()
    for _ in range(20):
        with suppress(ClientError):
            sagemaker.list_models()
    passed = [call.outcome for call in aws.calls].count("ok")
    assert 1 <= passed <= 2 + 2 * (time.monotonic() - start)
    assert {call.outcome for call in aws.calls} == {"ok", "ThrottlingException"}
    time.sleep(0.6)  # what a token takes
    sagemaker.list_models()


def test_a_fault_may_be_meant_for_one_name_region_or_family_of_calls(
    aws: FakeAWS, sagemaker: Any
) -> None:
    """Others are not touched, and `relent` ends them all."""
    aws.refuse("Describe*", name="a", times=None)
    aws.refuse("List*", region="eu-west-1", times=None)
    for name in ("a", "b"):
        sagemaker.create_training_job(**example.training(name))
    for _ in range(3):
        throttled = refused(sagemaker.describe_training_job, TrainingJobName="a")
        assert throttled == ("ThrottlingException", "Rate exceeded")
    assert sagemaker.describe_training_job(TrainingJobName="b")["TrainingJobName"] == "b"
    assert len(sagemaker.list_training_jobs()["TrainingJobSummaries"]) == 2
    assert refused(aws.client("sagemaker", "eu-west-1").list_models)[0] == "ThrottlingException"
    aws.relent()
    assert sagemaker.describe_training_job(TrainingJobName="a")["TrainingJobName"] == "a"


def test_a_lost_answer_has_taken_effect(aws: FakeAWS, sagemaker: Any) -> None:
    """The connection closes; a second Create finds the name taken."""
    aws.refuse("CreateTrainingJob", lost_answer=True)
    with pytest.raises(ConnectionClosedError):
        sagemaker.create_training_job(**example.training("a"))
    assert aws.created("TrainingJob") == {"a": 1}
    assert aws.calls[-1].outcome == "lost"
    assert aws.calls[-1].took_effect
    assert refused(sagemaker.create_training_job, **example.training("a"))[0] == "ResourceInUse"
    assert aws.created("TrainingJob") == {"a": 1}
    assert aws.duplicates("TrainingJob") == {"a": 1}


def test_silence_has_taken_effect(aws: FakeAWS) -> None:
    """The client's read time-out ends it, and the server is none the worse."""
    aws.refuse("CreateTrainingJob", hang=True)
    client = aws.client("sagemaker", read_timeout=0.2)
    with pytest.raises(ReadTimeoutError):
        client.create_training_job(**example.training("a"))
    assert aws.created("TrainingJob") == {"a": 1}
    assert aws.calls[-1].outcome == "hung"
    assert client.describe_training_job(TrainingJobName="a")["TrainingJobName"] == "a"


def test_a_lost_refusal_says_both(aws: FakeAWS, sagemaker: Any) -> None:
    """What would have been refused anyway did not take effect."""
    aws.refuse("DescribeTrainingJob", lost_answer=True)
    with pytest.raises(ConnectionClosedError):
        sagemaker.describe_training_job(TrainingJobName="none")
    assert aws.calls[-1].outcome == "lost ValidationException"
    assert not aws.calls[-1].took_effect


def outcomes(seed: int) -> list[str]:
    """Return what came of 60 calls with a third of them failing."""
    with FakeAWS(speed=0) as aws:
        aws.chaos(seed, 1 / 3)
        client = aws.client("sagemaker")
        for number in range(60):
            with suppress(ClientError, ConnectionClosedError):
                client.create_training_job(**example.training(f"a{number}"))
        assert sum(call.took_effect for call in aws.calls) == aws.created("TrainingJob").total()
        return [call.outcome for call in aws.calls]


def test_chaos_strikes_a_share_of_calls_and_can_be_repeated() -> None:
    """The same seed gives the same faults, another seed others; some answers are lost."""
    found = outcomes(1)
    assert found == outcomes(1)
    assert found != outcomes(2)
    assert 5 < sum(outcome != "ok" for outcome in found) < 40
    assert {"ok", "lost", "ThrottlingException", "InternalFailure"} <= set(found)


def test_chaos_may_be_narrowed_and_a_share_must_be_one(aws: FakeAWS, sagemaker: Any) -> None:
    """By operation and by what happens; a share above 1 is named."""
    aws.chaos(7, 1, picks=["InternalFailure"], operations="Create*")
    assert refused(sagemaker.create_model, **example.model())[0] == "InternalFailure"
    assert sagemaker.list_models()["Models"] == []
    with pytest.raises(ValueError, match="share is 2: give a number from 0 to 1"):
        aws.chaos(1, 2)


def test_two_access_keys_are_special(aws: FakeAWS) -> None:
    """One has no rights, one does not exist; neither changes anything."""
    code, words = refused(aws.client("sagemaker", key="DENIED").create_model, **example.model())
    assert code == "AccessDeniedException"
    assert "is not authorized to perform: sagemaker:CreateModel" in words
    assert refused(aws.client("sagemaker", key="INVALID").create_model, **example.model()) == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )
    assert aws.created("Model") == {}


def test_calls_are_recorded_with_all_that_matters(aws: FakeAWS, sagemaker: Any) -> None:
    """Operation, parameters, the fake's time, region and outcome."""
    sagemaker.create_training_job(**example.training("a"))
    aws.advance(30)
    refused(sagemaker.describe_model, ModelName="m")
    first, second = aws.calls
    assert (first.operation, first.parameters["TrainingJobName"]) == ("CreateTrainingJob", "a")
    assert (first.service, first.region, first.outcome) == ("sagemaker", "us-west-2", "ok")
    assert second.at - first.at == pytest.approx(30)
    assert second.outcome == "ValidationException"
