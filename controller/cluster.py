# SPDX-License-Identifier: Apache-2.0
"""The door to Kubernetes: writes to our objects, their children, and events."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import httpx2
import structlog
from lightkube import AsyncClient
from lightkube.config.kubeconfig import KubeConfig
from lightkube.core.exceptions import ApiError
from lightkube.generic_resource import create_namespaced_resource
from lightkube.models.core_v1 import EventSource, ObjectReference
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Event
from lightkube.types import PatchType

from controller.step import Child, Happening
from controller.subject import FINALIZER, SPAWN_FINALIZER, Subject
from schemas import find_kind, kinds

GROUP: Final = "sagemaker.aws.amazon.com"
KINDS: Final = {
    name: kind for group, name in kinds() if group == GROUP and (kind := find_kind(group, name))
}
"""Our eight kinds, by name."""

CLASSES: Final = {
    name: create_namespaced_resource(GROUP, kind.version, name, kind.plural)
    for name, kind in KINDS.items()
}

LONGEST_EVENT: Final = 1024
"""Characters of an event's message that the API server takes."""

CONFLICT, GONE = 409, 404

log = structlog.get_logger("kube-sagemaker")


class Gone(Exception):
    """The object is no longer there."""


class Conflict(Exception):
    """The object has changed meanwhile; its watch will bring it."""


class Cluster:
    """Writes. Every method raises Gone, Conflict, or ApiError."""

    def __init__(self, config: KubeConfig) -> None:
        """Nothing is asked before the first write."""
        self._client = AsyncClient(config=config, field_manager="kube-sagemaker-operators")

    async def hold(self, subject: Subject, spec: Mapping[str, Any], *, holds: bool) -> Any:
        """Put our finalizer on and write into the spec; return the object as it then is."""
        metadata: dict[str, Any] = {"resourceVersion": subject.resource.metadata["resourceVersion"]}
        if holds:
            metadata["finalizers"] = [*subject.finalizers, FINALIZER]
        patch: dict[str, Any] = {"metadata": metadata}
        if spec:
            patch["spec"] = dict(spec)
        return await self._patch(subject, patch)

    async def release(self, subject: Subject) -> Any:
        """Take our finalizer off; return the object as it then is."""
        version = subject.resource.metadata["resourceVersion"]
        ours = {FINALIZER, SPAWN_FINALIZER}
        kept = [each for each in subject.finalizers if each not in ours]
        return await self._patch(
            subject, {"metadata": {"resourceVersion": version, "finalizers": kept}}
        )

    async def write_status(self, subject: Subject, changes: Mapping[str, Any]) -> Any:
        """Merge changes into the status; return the object as it then is.

        By its version: one made anew under the same name must not get the status of the one before.
        """
        metadata = {"resourceVersion": subject.resource.metadata["resourceVersion"]}
        patch = {"metadata": metadata, "status": dict(changes)}
        return await self._patch(subject, patch, is_status=True)

    async def make(self, owner: Subject, child: Child) -> Any:
        """Create a child; one that is there already is as good. Return it.

        A training job that the original's tuning job spawned has no owner yet: it gets one.
        """
        body = {**(child.body or {})}
        metadata = {"name": child.name, "namespace": owner.namespace, **body.get("metadata", {})}
        resource: Any = CLASSES[child.kind]
        wanted: Any = resource({**body, "metadata": metadata})
        client: Any = self._client
        try:
            made = await client.create(wanted, namespace=owner.namespace)
        except ApiError as error:
            if error.status.code != CONFLICT:
                raise
            made = await self._client.get(
                CLASSES[child.kind], child.name, namespace=owner.namespace
            )
            held = made.metadata.finalizers or []
            if SPAWN_FINALIZER in held and not made.metadata.ownerReferences:
                version = made.metadata.resourceVersion
                owned = {"resourceVersion": version, "ownerReferences": [owner.owner]}
                made = await self._client.patch(
                    CLASSES[child.kind],
                    child.name,
                    {"metadata": owned},
                    namespace=owner.namespace,
                    patch_type=PatchType.MERGE,
                )
        return made.to_dict()

    async def mark(self, owner: Subject, child: Child) -> bool:
        """Merge a body into a child; return whether it is there."""
        kind, space, body = CLASSES[child.kind], owner.namespace, dict(child.body or {})
        patching = self._client.patch(
            kind, child.name, body, namespace=space, patch_type=PatchType.MERGE
        )
        return await _is_there(patching)

    async def delete(self, owner: Subject, child: Child) -> bool:
        """Delete a child; return whether it was there."""
        kind, space = CLASSES[child.kind], owner.namespace
        return await _is_there(self._client.delete(kind, child.name, namespace=space))

    async def tell(self, subject: Subject, happening: Happening, now: datetime) -> None:
        """Record an event at the object; one that cannot be recorded is no reason to stop."""
        metadata = subject.resource.metadata
        event = Event(
            metadata=ObjectMeta(
                name=f"{subject.name[:200]}.{uuid4().hex[:16]}", namespace=subject.namespace
            ),
            involvedObject=ObjectReference(
                apiVersion=subject.resource.kind.api_version,
                kind=subject.kind,
                name=subject.name,
                namespace=subject.namespace,
                uid=subject.uid,
                resourceVersion=metadata.get("resourceVersion"),
            ),
            reason=happening.reason,
            message=happening.text[:LONGEST_EVENT],
            type="Warning" if happening.is_warning else "Normal",
            source=EventSource(component="kube-sagemaker-operators"),
            firstTimestamp=now.astimezone(UTC),
            lastTimestamp=now.astimezone(UTC),
            count=1,
        )
        try:
            await self._client.create(event)
        except httpx2.HTTPError as error:
            log.warning("event not recorded", object=subject.name, error=str(error))

    async def _patch(
        self, subject: Subject, patch: dict[str, Any], *, is_status: bool = False
    ) -> Any:
        resource: Any = CLASSES[subject.kind]
        try:
            done = await self._client.patch(
                resource.Status if is_status else resource,
                subject.name,
                patch,
                namespace=subject.namespace,
                patch_type=PatchType.MERGE,
            )
        except ApiError as error:
            if error.status.code == GONE:
                raise Gone(subject.name) from None
            if error.status.code == CONFLICT:
                await self._recognize(subject)
                raise Conflict(subject.name) from None
            raise
        return done.to_dict()

    async def _recognize(self, subject: Subject) -> None:
        """Raise Gone where an object is no more, or another has its name: no watch need say so."""
        kind: Any = CLASSES[subject.kind]
        try:
            found = await self._client.get(kind, subject.name, namespace=subject.namespace)
        except ApiError as error:
            if error.status.code != GONE:
                raise
            raise Gone(subject.name) from None
        if found.to_dict()["metadata"]["uid"] != subject.uid:
            raise Gone(subject.name)


async def _is_there(request: Awaitable[Any]) -> bool:
    """Wait for a request to a child; return False where there is none."""
    try:
        await request
    except ApiError as error:
        if error.status.code != GONE:
            raise
        return False
    return True
