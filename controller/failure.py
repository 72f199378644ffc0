# SPDX-License-Identifier: Apache-2.0
"""What an AWS error means for an object: try again, wait, give up, or there is no such thing.

Codes and words are those that SageMaker sends (reference: its API's common errors, and how the
original told "not found" by kind).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Meaning(Enum):
    """What becomes of an error."""

    ABSENT = "absent"
    TAKEN = "taken"
    """The name is in use."""
    BAD = "bad"
    """The request will never be accepted as it is."""
    LATER = "later"
    """Throttled, overloaded, no answer: the same call, a little later."""
    BLOCKED = "blocked"
    """Credentials, permissions, quota: somebody has to do something, elsewhere."""


@dataclass(frozen=True, slots=True)
class AwsError:
    """An AWS call that failed. `code` "" where no answer came: it may have taken effect."""

    operation: str
    code: str
    message: str
    status: int = 0

    @property
    def text(self) -> str:
        """The error in AWS's words."""
        return f"{self.operation}: {self.code or 'no answer'}: {self.message}"


_ABSENT: Final = {
    "DescribeTrainingJob": "Requested resource not found",
    "StopTrainingJob": "Requested resource not found",
    "DescribeProcessingJob": "Could not find requested job",
    "StopProcessingJob": "Could not find requested job",
    "DescribeTransformJob": "Could not find requested job",
    "StopTransformJob": "Could not find requested job",
    "DescribeModel": "Could not find model",
    "DeleteModel": "Could not find model",
    "DescribeEndpointConfig": "Could not find endpoint configuration",
    "DeleteEndpointConfig": "Could not find endpoint configuration",
    "DescribeEndpoint": "Could not find endpoint",
    "DeleteEndpoint": "Could not find endpoint",
    "UpdateEndpoint": "Could not find endpoint",
}
"""Operation -> how its ValidationException begins when there is no such thing."""

_GONE: Final = frozenset(
    {"ResourceNotFound", "ResourceNotFoundException", "ObjectNotFoundException"}
)

_LATER: Final = frozenset(
    {
        "",
        "InternalFailure",
        "InternalServerException",
        "InternalServiceException",
        "LimitExceededException",
        "ConcurrentUpdateException",
        "ConflictException",
        "RequestExpired",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)
_BLOCKED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "CredentialsError",
        "ExpiredToken",
        "ExpiredTokenException",
        "FailedResourceAccessException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "NotAuthorized",
        "OptInRequired",
        "ResourceLimitExceeded",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

UNAUTHORIZED, FORBIDDEN, TIMEOUT, TOO_MANY, SERVER_ERROR = 401, 403, 408, 429, 500
"""What a status means where its code is not known: AWS has many words for one thing."""

THROTTLED: Final = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)
"""The codes that ask for fewer calls."""


def meaning(error: AwsError) -> Meaning:
    """Return what an error means."""
    prefix = _ABSENT.get(error.operation)
    if error.code in _GONE:
        return Meaning.ABSENT
    if error.code == "ValidationException" and prefix and error.message.startswith(prefix):
        return Meaning.ABSENT
    if error.code in {"ResourceInUse", "ResourceInUseException"}:
        return Meaning.TAKEN
    if error.code == "ValidationException" and "already existing" in error.message:
        return Meaning.TAKEN
    if error.code in _LATER or error.status in {TIMEOUT, TOO_MANY} or error.status >= SERVER_ERROR:
        return Meaning.LATER
    if error.code in _BLOCKED or error.status in {UNAUTHORIZED, FORBIDDEN}:
        return Meaning.BLOCKED
    return Meaning.BAD


READS: Final = ("Describe", "List")


def is_read(operation: str) -> bool:
    """Whether an operation only asks."""
    return operation.startswith(READS)


ENDS: Final = ("Delete", "Deregister", "Stop")


def is_end(operation: str) -> bool:
    """Whether an operation takes something away: that it is gone is as good as done."""
    return operation.startswith(ENDS)


FLAPPING: Final = 3
"""Failures in a row before one is shown: a call that is throttled is no news."""

FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 120.0
"""Seconds between attempts at what failed: doubled each time, up to two minutes."""

BLOCKED_PAUSE: Final = 30.0
LONGEST_BLOCKED: Final = 600.0
"""The same where a person has to act: nobody does so within seconds."""


def pause(error: AwsError, failures: int) -> float:
    """Return the seconds to wait after so many failures in a row, 1 being the first."""
    blocked = meaning(error) is Meaning.BLOCKED
    first, longest = (BLOCKED_PAUSE, LONGEST_BLOCKED) if blocked else (FIRST_PAUSE, LONGEST_PAUSE)
    return min(first * 2.0 ** min(max(failures, 1) - 1, 10), longest)


def is_news(error: AwsError, failures: int) -> bool:
    """Whether a failure that will be tried again is to be shown: at once where a person can act."""
    return failures >= FLAPPING or meaning(error) is Meaning.BLOCKED
