# SPDX-License-Identifier: Apache-2.0
"""An object of ours as the cluster has it, with what its controller asks of its metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from webhook.naming import generation, object_name
from webhook.resource import Resource

FINALIZER: Final = "sagemaker-operator-finalizer"
SPAWN_FINALIZER: Final = "sagemaker-operator-hpo-trainingjob"
"""The original's, on a training job that a tuning job spawned; ours have none, and lose theirs."""

ON_DELETE: Final = "kube-sagemaker.dev/on-delete"
ABANDON: Final = "abandon"
UID_TAG: Final = "kube-sagemaker/uid"
"""The tag of everything that we create in AWS: whose it is."""

SPAWNED_BY: Final = "kube-sagemaker.dev/spawned-by"
"""The annotation of a training job that a tuning job spawned: nothing is ever created for it."""


REGION: Final = "region"
ENDPOINT: Final = "sageMakerEndpoint"
"""Fields of the spec; in the status: where the AWS side is."""

REQUESTED: Final = "requestedName"
"""In the status: the name that a Create was sent with, until what it made is seen."""

_ARNS: Final = ("endpointArn", "modelArn", "endpointConfigArn")
_ARN_REGION: Final = 3
_LINK_REGION: Final = re.compile(r"[?&]region=([a-z0-9-]+)")

LONGEST_VERSION: Final = 20
"""Digits of a resourceVersion: etcd counts in 64 bits."""

DEPLOYMENT: Final = "HostingDeployment"


@dataclass(frozen=True, slots=True)
class Subject:
    """One object. Times are aware."""

    resource: Resource

    @property
    def kind(self) -> str:
        """The kind's name."""
        return self.resource.kind.name

    @property
    def name(self) -> str:
        """metadata.name."""
        return object_name(self.resource)

    @property
    def namespace(self) -> str:
        """metadata.namespace."""
        return self.resource.namespace

    @property
    def uid(self) -> str:
        """metadata.uid."""
        return str(self.resource.metadata.get("uid", ""))

    @property
    def version(self) -> int:
        """metadata.resourceVersion, by which states of one object are told older and newer."""
        found = self.resource.metadata.get("resourceVersion")
        if not isinstance(found, str) or len(found) > LONGEST_VERSION:
            return 0
        return int(found) if found.isascii() and found.isdecimal() else 0

    @property
    def meaning(self) -> tuple[Any, ...]:
        """What of an object asks for something: its spec, its annotations, its deletion."""
        return (self.generation, dict(self.resource.annotations), self.deleted_at)

    @property
    def generation(self) -> int:
        """metadata.generation."""
        return generation(self.resource)

    @property
    def spec(self) -> Mapping[str, Any]:
        """The spec; empty where there is none."""
        found = self.resource.spec
        return found if isinstance(found, dict) else {}

    @property
    def status(self) -> Mapping[str, Any]:
        """The status; empty where there is none yet."""
        found = self.resource.body.get("status")
        return found if isinstance(found, dict) else {}

    @property
    def region(self) -> str | None:
        """Where its AWS side is, else where it is to be; None where neither is known.

        A later edit of spec.region moves nothing, and must not hide what runs.
        """
        return self._place or self.text("region")

    @property
    def _place(self) -> str | None:
        """The region of what was made, as the status says it, or an ARN or a link in it.

        The original's objects have no more than these.
        """
        if self.noted(REGION):
            return self.noted(REGION)
        for key in _ARNS:
            parts = self.noted(key).split(":")
            if len(parts) > _ARN_REGION and parts[_ARN_REGION]:
                return parts[_ARN_REGION]
        found = _LINK_REGION.search(self.noted("cloudWatchLogUrl"))
        return found[1] if found is not None else None

    def noted(self, key: str) -> str:
        """Return a text of the status, empty where there is none."""
        found = self.status.get(key)
        return found if isinstance(found, str) else ""

    @property
    def endpoint(self) -> str | None:
        """Where SageMaker is asked, as for the region; None: at its own address."""
        return self.noted(ENDPOINT) or None if self.noted(REGION) else self.text(ENDPOINT)

    @property
    def where(self) -> Mapping[str, str]:
        """Region and endpoint as the status notes them, from before the first Create."""
        found = {REGION: self.region, ENDPOINT: self.endpoint}
        return {key: value for key, value in found.items() if value is not None}

    @property
    def moved(self) -> str:
        """Which field of the spec asks for another place than the AWS side's; "" where none."""
        region, endpoint = self.text(REGION), self.text(ENDPOINT)
        if region is not None and region != self.region:
            return REGION
        return ENDPOINT if endpoint != self.endpoint else ""

    def is_elsewhere(self, wanted: str) -> bool:
        """Whether the spec asks for another place, or with `wanted` a name, than was requested."""
        return bool(self.moved) or self.noted(REQUESTED) not in {"", wanted}

    @property
    def unplaced(self) -> Mapping[str, Any]:
        """The status without what says where and by what name: nothing of ours is there."""
        said = {REGION, ENDPOINT, REQUESTED, *_ARNS}
        return {key: value for key, value in self.status.items() if key not in said}

    def text(self, key: str) -> str | None:
        """Return a text of the spec, None where there is none or it is empty."""
        found = self.spec.get(key)
        return found if isinstance(found, str) and found else None

    @property
    def finalizers(self) -> list[str]:
        """metadata.finalizers."""
        found = self.resource.metadata.get("finalizers")
        return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []

    @property
    def is_held(self) -> bool:
        """Whether a finalizer of ours is on it, or the original's on a spawned job."""
        return FINALIZER in self.finalizers or SPAWN_FINALIZER in self.finalizers

    @property
    def deleted_at(self) -> datetime | None:
        """When its deletion was asked for."""
        found = self.resource.metadata.get("deletionTimestamp")
        if not isinstance(found, str):
            return None
        try:
            asked = datetime.fromisoformat(found)
        except ValueError:
            asked = datetime.fromtimestamp(0, UTC)  # at some time
        return asked if asked.tzinfo is not None else asked.replace(tzinfo=UTC)

    @property
    def is_abandoned(self) -> bool:
        """Whether its deletion is to leave the AWS side alone."""
        return self.resource.annotations.get(ON_DELETE) == ABANDON

    @property
    def is_spawned(self) -> bool:
        """Whether a tuning job made it, or the original's did."""
        return SPAWNED_BY in self.resource.annotations or SPAWN_FINALIZER in self.finalizers

    @property
    def is_part(self) -> bool:
        """Whether a deployment made it: what that was judged for is not judged again."""
        found = self.resource.metadata.get("ownerReferences")
        owners = found if isinstance(found, list) else []
        return any(
            isinstance(o, dict) and o.get("controller") is True and o.get("kind") == DEPLOYMENT
            for o in owners
        )

    @property
    def observed_generation(self) -> int | None:
        """The generation that the AWS side was made from."""
        found = self.status.get("observedGeneration")
        return found if type(found) is int else None

    @property
    def owner(self) -> Mapping[str, Any]:
        """The reference by which its children say whose they are."""
        return {
            "apiVersion": self.resource.kind.api_version,
            "kind": self.kind,
            "name": self.name,
            "uid": self.uid,
            "controller": True,
            "blockOwnerDeletion": True,
        }

    def said(self, type_: str) -> str:
        """Return a condition's reason, where it speaks of this generation; else nothing."""
        found = self.condition(type_)
        is_of_now = found.get("observedGeneration") == self.generation
        reason = found.get("reason")
        return reason if is_of_now and isinstance(reason, str) else ""

    @property
    def has_given_up(self) -> bool:
        """Whether it failed as it is now: nothing more is tried until its spec changes."""
        failed = self.condition("Failed")
        is_of_now = failed.get("observedGeneration") == self.generation
        return is_of_now and failed.get("status") == "True"

    def condition(self, type_: str) -> Mapping[str, Any]:
        """Return a condition of the status; empty where there is none."""
        found = self.status.get("conditions")
        for each in found if isinstance(found, list) else []:
            if isinstance(each, dict) and each.get("type") == type_:
                return each
        return {}
