# SPDX-License-Identifier: Apache-2.0
"""What an AWS error means."""

from __future__ import annotations

import pytest

from controller.failure import THROTTLED, AwsError, Meaning, is_news, meaning, pause


@pytest.mark.parametrize(
    ("operation", "code", "message", "status", "expected"),
    [
        ("DescribeTrainingJob", "ValidationException", "Requested resource not found.", 400,
         Meaning.ABSENT),
        ("DescribeTrainingJob", "ValidationException", "1 validation error", 400, Meaning.BAD),
        ("DescribeTransformJob", "ValidationException", "Could not find requested job", 400,
         Meaning.ABSENT),
        ("DescribeTransformJob", "ValidationException", "1 validation error", 400, Meaning.BAD),
        ("DescribeHyperParameterTuningJob", "ResourceNotFound", "x", 400, Meaning.ABSENT),
        ("DescribeModel", "ValidationException", 'Could not find model "x".', 400, Meaning.ABSENT),
        ("CreateModel", "ValidationException", "Could not find model data at s3", 400, Meaning.BAD),
        ("UpdateEndpoint", "ValidationException", 'Could not find endpoint "x".', 400,
         Meaning.ABSENT),
        ("DeleteScalingPolicy", "ObjectNotFoundException", "x", 400, Meaning.ABSENT),
        ("CreateTrainingJob", "ResourceInUse", "x", 400, Meaning.TAKEN),
        ("CreateModel", "ValidationException", 'Cannot create already existing model "x".', 400,
         Meaning.TAKEN),
        ("CreateTrainingJob", "ResourceLimitExceeded", "x", 400, Meaning.BLOCKED),
        ("CreateTrainingJob", "AccessDeniedException", "x", 400, Meaning.BLOCKED),
        ("CreateTrainingJob", "InvalidSignatureException", "x", 403, Meaning.BLOCKED),
        ("CreateTrainingJob", "UnheardOf", "x", 401, Meaning.BLOCKED),
        ("PutScalingPolicy", "FailedResourceAccessException", "x", 400, Meaning.BLOCKED),
        ("CreateTrainingJob", "RequestExpired", "x", 403, Meaning.LATER),
        ("CreateTrainingJob", "ThrottlingException", "x", 400, Meaning.LATER),
        ("CreateTrainingJob", "RequestThrottledException", "x", 400, Meaning.LATER),
        ("CreateTrainingJob", "UnheardOf", "x", 429, Meaning.LATER),
        ("CreateTrainingJob", "UnheardOf", "x", 408, Meaning.LATER),
        ("CreateTrainingJob", "UnheardOf", "x", 503, Meaning.LATER),
        ("CreateTrainingJob", "", "x", 0, Meaning.LATER),
        ("CreateTrainingJob", "UnheardOf", "x", 400, Meaning.BAD),
    ],
)  # fmt: skip
def test_meaning(operation: str, code: str, message: str, status: int, expected: Meaning) -> None:
    """By code, by the words of the operation, else by the status."""
    assert meaning(AwsError(operation, code, message, status)) is expected


@pytest.mark.parametrize("code", sorted(THROTTLED))
def test_throttling_is_never_the_end(code: str) -> None:
    """Whatever it is called."""
    assert meaning(AwsError("CreateModel", code, "x", 400)) is Meaning.LATER


@pytest.mark.parametrize(("code", "first", "longest"), [("Throttling", 2, 120),
                                                        ("AccessDenied", 30, 600)])  # fmt: skip
def test_pauses_grow_to_a_bound(code: str, first: float, longest: float) -> None:
    """Doubled each time; however many there were."""
    error = AwsError("CreateModel", code, "x", 400)
    pauses = [pause(error, failures) for failures in (0, 1, 2, 3, 10_000)]
    assert pauses == [first, first, 2 * first, 4 * first, longest]


def test_what_is_news() -> None:
    """What a person can act on at once; a hiccup only when it lasts."""
    throttled, denied = (AwsError("x", code, "", 400) for code in ("Throttling", "AccessDenied"))
    assert [is_news(throttled, n) for n in (1, 2, 3)] == [False, False, True]
    assert is_news(denied, 1)


def test_an_error_without_answer_says_so() -> None:
    """In one line."""
    assert AwsError("CreateModel", "", "timed out").text == "CreateModel: no answer: timed out"
