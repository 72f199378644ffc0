# SPDX-License-Identifier: Apache-2.0
"""A SageMaker custom resource as it came in, and what its metadata says about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from schemas import Kind, find_kind

REGION: Final = "services.k8s.aws/region"
"""ACK: the region of this object."""

DEFAULT_REGION: Final = "services.k8s.aws/default-region"
"""ACK: the region of the objects of a namespace, on the Namespace."""

ADOPTION_POLICY: Final = "services.k8s.aws/adoption-policy"
READ_ONLY: Final = "services.k8s.aws/read-only"

_NOTHING: Final[Mapping[str, Any]] = {}


class Namespace(msgspec.Struct, frozen=True):
    """What policy and defaults ask of a namespace."""

    name: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


class Resource(msgspec.Struct, frozen=True):
    """One object of a kind that we have a schema for. `body` is never written to."""

    kind: Kind
    body: Mapping[str, Any]
    namespace: str

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The object's metadata; empty when it is missing or no object."""
        found = self.body.get("metadata")
        return found if isinstance(found, dict) else _NOTHING

    @property
    def annotations(self) -> Mapping[str, Any]:
        """The object's annotations; empty when they are missing or no object."""
        found = self.metadata.get("annotations")
        return found if isinstance(found, dict) else _NOTHING

    @property
    def name(self) -> str:
        """The name, or the generateName it will be made from, for messages; maybe empty."""
        found = self.metadata.get("name") or self.metadata.get("generateName")
        return found if isinstance(found, str) else ""

    @property
    def spec(self) -> Any:
        """The spec as it came: anything, None when it is missing."""
        return self.body.get("spec")

    @property
    def status_region(self) -> str | None:
        """The region that ACK has settled on, once it has looked at the object."""
        status = self.body.get("status")
        facts = status.get("ackResourceMetadata") if isinstance(status, dict) else None
        found = facts.get("region") if isinstance(facts, dict) else None
        return found if isinstance(found, str) and found else None

    @property
    def adopts(self) -> bool:
        """ACK fills the spec from an AWS resource that exists, or never writes to AWS.

        Source: runtime of aws-controllers-k8s, annotations adoption-policy and read-only.
        """
        if not self.kind.is_ack:
            return False
        annotations = self.annotations
        if not annotations:
            return False
        read_only = annotations.get(READ_ONLY)
        return annotations.get(ADOPTION_POLICY) == "adopt" or (
            isinstance(read_only, str) and read_only.lower() == "true"
        )

    def with_body(self, body: Mapping[str, Any]) -> Resource:
        """Return the same object with another content."""
        return msgspec.structs.replace(self, body=body)


def read_resource(body: Any, namespace: str = "") -> Resource | None:
    """Make a Resource of a decoded object; None when it is none of our kinds.

    `namespace` counts where the object itself names none, as in a request.
    """
    if not isinstance(body, dict):
        return None
    api_version, kind = body.get("apiVersion"), body.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return None
    group, _, version = api_version.rpartition("/")
    found = find_kind(group, kind)
    if found is None or found.version != version:
        return None
    metadata = body.get("metadata")
    own = metadata.get("namespace") if isinstance(metadata, dict) else None
    return Resource(found, body, own if isinstance(own, str) and own else namespace)
