# SPDX-License-Identifier: Apache-2.0
"""AdmissionReview v1 on the wire: bytes in, bytes out, and the uid whatever the bytes are.

An answer without the request's uid counts as a failed call, which `failurePolicy: Ignore` would
turn into a pass. So the uid is recovered even from what cannot be decoded, as long as it stands
where the API server writes it: `uid` is the first member of `request`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from webhook.patch import Add

API_VERSION: Final = "admission.k8s.io/v1"

LONGEST_UID: Final = 256
"""A uid has 36 characters; seven times that is still no way to make us repeat a body."""

_UID: Final = re.compile(
    rb'\s*\{(?:\s*"(?:kind|apiVersion)"\s*:\s*"[^"\\]{0,100}"\s*,){0,2}'
    rb'\s*"request"\s*:\s*\{\s*"uid"\s*:\s*"([A-Za-z0-9._:-]{1,256})"'
)


class GroupVersionKind(msgspec.Struct):
    """A kind, fully qualified."""

    group: str = ""
    version: str = ""
    kind: str = ""


class UserInfo(msgspec.Struct):
    """Who asks."""

    username: str = ""
    groups: list[str] | None = None


class Request(msgspec.Struct):
    """The part of a review that says what is asked. `old_object` is decoded only when needed."""

    uid: str
    operation: str
    kind: GroupVersionKind = msgspec.field(default_factory=GroupVersionKind)
    sub_resource: str = msgspec.field(default="", name="subResource")
    name: str = ""
    namespace: str = ""
    user: UserInfo = msgspec.field(default_factory=UserInfo, name="userInfo")
    object: Any = None
    old_object: msgspec.Raw = msgspec.field(default=msgspec.Raw(b"null"), name="oldObject")
    dry_run: bool | None = msgspec.field(default=None, name="dryRun")


class Review(msgspec.Struct):
    """An AdmissionReview that asks."""

    request: Request
    api_version: str = msgspec.field(default="", name="apiVersion")
    kind: str = ""


class Undecodable(Exception):
    """The caller sent what is no review. `uid` is "" when there is none to answer."""

    def __init__(self, uid: str, message: str) -> None:
        """Keep the uid that could be recovered."""
        super().__init__(message)
        self.uid = uid
        self.message = message


class Answer(msgspec.Struct, frozen=True):
    """A response. `status` is a Kubernetes status where `allowed` is false."""

    uid: str
    allowed: bool
    status: dict[str, Any] | None = None
    patch: Sequence[Add] = ()
    warnings: Sequence[str] = ()
    audit: dict[str, str] = {}

    def encode(self) -> bytes:
        """Return the review as the API server reads it."""
        response: dict[str, Any] = {"uid": self.uid, "allowed": self.allowed}
        if self.status is not None:
            response["status"] = self.status
        if self.patch:
            operations = msgspec.json.encode([add.operation for add in self.patch])
            response["patchType"] = "JSONPatch"
            response["patch"] = base64.b64encode(operations).decode()
        if self.warnings:
            response["warnings"] = self.warnings
        if self.audit:
            response["auditAnnotations"] = self.audit
        return msgspec.json.encode(
            {"apiVersion": API_VERSION, "kind": "AdmissionReview", "response": response}
        )


_decoder: Final = msgspec.json.Decoder(Review)
_any: Final = msgspec.json.Decoder()


def decode(body: bytes) -> Review:
    """Decode a review. Raises Undecodable with whatever uid could be recovered."""
    try:
        review = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise Undecodable(recover_uid(body), f"no AdmissionReview: {error}") from None
    except RecursionError:
        raise Undecodable(recover_uid(body), "no AdmissionReview: nested too deep") from None
    uid = review.request.uid
    if not uid or len(uid) > LONGEST_UID:
        raise Undecodable("", "no AdmissionReview: request.uid is empty or too long")
    if review.api_version != API_VERSION:
        raise Undecodable(uid, f"apiVersion {review.api_version[:60]!r} is not {API_VERSION}")
    return review


def decode_object(raw: msgspec.Raw) -> Any:
    """Decode the old object of a review, which has been checked for syntax already."""
    return _any.decode(raw)


def recover_uid(head: bytes) -> str:
    """Find the uid in the first bytes of a review, "" when it is not where it belongs."""
    found = _UID.match(head, 0, 4096)
    return found[1].decode() if found is not None else ""
