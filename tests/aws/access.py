# SPDX-License-Identifier: Apache-2.0
"""Access: two keys that stand for wrong credentials and for missing rights; all others may."""

from __future__ import annotations

from typing import Final

from tests.aws.refusal import ACCOUNT, Refusal

ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What a process needs to have access, and nothing of the machine's own settings."""


def check_key(key: str, service: str, operation: str) -> None:
    """Refuse the two access keys that stand for wrong credentials and for missing rights."""
    if key == "INVALID":
        code = {"s3": "InvalidAccessKeyId", "iam": "InvalidClientTokenId"}.get(service)
        raise Refusal(
            code or "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            403 if code else 400,
        )
    if key == "DENIED":
        code = {"s3": "AccessDenied", "iam": "AccessDenied"}.get(service)
        raise Refusal(
            code or "AccessDeniedException",
            f"User: arn:aws:iam::{ACCOUNT}:user/denied is not authorized to perform: "
            f"{service}:{operation} because no identity-based policy allows the "
            f"{service}:{operation} action",
            403 if code else 400,
        )
