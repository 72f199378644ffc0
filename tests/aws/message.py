# SPDX-License-Identifier: Apache-2.0
"""Requests as they come and replies as they go, whatever the service."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4
from xml.sax.saxutils import escape

from tests.aws.refusal import Refusal

_SCOPE: Final = re.compile(r"(?:Credential=|^)([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; header names are in lower case, the target holds path and query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters, each one's first value."""
        found = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return {key: values[0] for key, values in found.items()}

    @property
    def scope(self) -> tuple[str, str, str]:
        """Access key, region and service that the request is signed for; empty if it is not."""
        signed = self.headers.get("authorization") or self.query.get("X-Amz-Credential", "")
        found = _SCOPE.search(signed)
        return (found[1], found[2], found[3]) if found else ("", "", "")

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises SerializationException for anything else."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise Refusal("SerializationException", "The request's body is not a JSON object")
        return value


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, or its absence: `fate` is answered, lost (closed) or hung (silence)."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    fate: str = "answered"


def json_reply(value: Mapping[str, Any] | None, status: int = 200) -> Reply:
    """Return an answer of the JSON 1.1 protocol; None is an empty body, as AWS sends it."""
    body = b"" if value is None else json.dumps(value).encode()
    return Reply(status, body, _headers("application/x-amz-json-1.1"))


def refusal_reply(refusal: Refusal, service: str) -> Reply:
    """Return a refusal in the protocol of its service."""
    words = escape(refusal.message)
    if service == "s3":
        text = f"<Error><Code>{refusal.code}</Code><Message>{words}</Message></Error>"
        return Reply(refusal.status, text.encode(), _headers("application/xml"))
    if service in {"iam", "sts", "cloudformation", "ec2"}:
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{refusal.code}</Code>"
            f"<Message>{words}</Message></Error><RequestId>{uuid4()}</RequestId></ErrorResponse>"
        )
        return Reply(refusal.status, text.encode(), _headers("text/xml"))
    return json_reply({"__type": refusal.code, "message": refusal.message}, refusal.status)


def _headers(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type, "x-amzn-RequestId": str(uuid4())}
