# SPDX-License-Identifier: Apache-2.0
"""A refusal as a Kubernetes status, in the form that kubectl prints best.

For faults of fields: 422, reason Invalid, a cause per finding, which kubectl lists. With several
failing objects, and in GitOps tools, only the message is seen, so it holds the same lines. What is
no fault of the object (too large, out of time, our crash) has another code and says all in the
message, since 422 without causes prints nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from webhook.finding import Finding, clean
from webhook.resource import Resource

MOST_CAUSES: Final = 50
"""Causes listed; past them a line says how many more there are."""

MOST_BYTES: Final = 16 * 1024
"""Bytes of the message: nothing on the way to the user cuts it, so we do."""

REASONS: Final = {
    400: "BadRequest",
    403: "Forbidden",
    413: "RequestEntityTooLarge",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    504: "Timeout",
}
"""Code -> reason, as Kubernetes' own errors pair them."""


def refuse(resource: Resource, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the status for findings that refuse an object; there is at least one."""
    causes: list[dict[str, str]] = []
    lines: list[str] = []
    size = 0
    for finding in findings[:MOST_CAUSES]:
        line = f"* {finding.sentence}"
        size += len(line.encode()) + 1
        if size > MOST_BYTES:
            break
        lines.append(line)
        causes.append(
            {
                "reason": finding.fault.sort.cause,
                "message": finding.detail,
                "field": finding.field,
            }
        )
    left = len(findings) - len(causes)
    if left:
        lines.append(f"… and {left} more")
        causes.append({"reason": "FieldValueInvalid", "message": f"… and {left} more", "field": ""})
    kind, name = resource.kind, clean(resource.name)
    return {
        "status": "Failure",
        "code": 422,
        "reason": REASONS[422],
        "message": "\n".join([f'{kind.name} "{name}" is invalid:', *lines]),
        "details": {
            "name": name,
            "group": kind.group,
            "kind": kind.name,
            "causes": causes,
        },
    }


def fail(code: int, message: str) -> dict[str, Any]:
    """Return the status for a refusal that is about no field of the object."""
    return {
        "status": "Failure",
        "code": code,
        "reason": REASONS[code],
        "message": clean(message)[:MOST_BYTES],
    }
