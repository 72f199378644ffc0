# SPDX-License-Identifier: Apache-2.0
"""A refusal: the code, the message and the HTTP status that AWS answers with."""

from __future__ import annotations

from typing import Final

ACCOUNT: Final = "123456789012"
"""The one account of the fake; moto's too."""

STATUS: Final = {"InternalFailure": 500, "InternalServerError": 500, "ServiceUnavailable": 503}
"""HTTP status by code; all others are 400, also throttling and denied access (JSON protocol)."""

WORDS: Final = {
    "ThrottlingException": "Rate exceeded",
    "InternalFailure": (
        "The request processing has failed because of an unknown error, exception or failure."
    ),
    "ServiceUnavailable": "The request has failed due to a temporary failure of the server.",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
    "ExpiredTokenException": "The security token included in the request is expired",
    "ResourceLimitExceeded": (
        "The account-level service limit 'Number of instances across all training jobs' is 0 "
        "Instances, with current utilization of 0 Instances and a request delta of 1 Instances. "
        "Please contact AWS support to request an increase for this limit."
    ),
    "AccessDeniedException": "User is not authorized to perform this action",
    "ValidationException": "1 validation error detected",
}
"""The usual message of a code, for faults that name none. Source: botocore's CommonErrors and
public issue threads of each code."""


class Refusal(Exception):
    """What a call is refused with."""

    def __init__(self, code: str, message: str | None = None, status: int | None = None) -> None:
        """Take the code, its message (the usual one if None) and the HTTP status (of the code)."""
        self.code = code
        self.message = WORDS.get(code, code) if message is None else message
        self.status = STATUS.get(code, 400) if status is None else status
        super().__init__(f"{code}: {self.message}")


def invalid(message: str) -> Refusal:
    """Return the refusal that SageMaker uses for nearly everything."""
    return Refusal("ValidationException", message)
