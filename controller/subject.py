# SPDX-License-Identifier: Apache-2.0
"""An object of ours as the cluster has it, with what its controller asks of its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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


STATE_OF: Final = {
    "TrainingJob": "trainingJobStatus",
    "HyperparameterTuningJob": "hyperParameterTuningJobStatus",
    "BatchTransformJob": "transformJobStatus",
    "ProcessingJob": "processingJobStatus",
    "HostingDeployment": "endpointStatus",
    "HostingAutoscalingPolicy": "hostingAutoscalingPolicyStatus",
}
"""Kind -> the status field that says its state; of others `status`."""


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
        return int(found) if isinstance(found, str) and found.isdigit() else 0

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
        """spec.region, None where it is no text."""
        return self.text("region")

    @property
    def endpoint(self) -> str | None:
        """spec.sageMakerEndpoint."""
        return self.text("sageMakerEndpoint")

    def text(self, key: str) -> str | None:
        """Return a text of the spec, None where there is none or it is empty."""
        found = self.spec.get(key)
        return found if isinstance(found, str) and found else None

    @property
    def state(self) -> str:
        """The status field that says its state."""
        return str(self.status.get(STATE_OF.get(self.kind, "status"), ""))

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
        return datetime.fromisoformat(found) if isinstance(found, str) else None

    @property
    def is_abandoned(self) -> bool:
        """Whether its deletion is to leave the AWS side alone."""
        return self.resource.annotations.get(ON_DELETE) == ABANDON

    @property
    def is_spawned(self) -> bool:
        """Whether a tuning job made it, or the original's did."""
        return SPAWNED_BY in self.resource.annotations or SPAWN_FINALIZER in self.finalizers

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

    def condition(self, type_: str) -> Mapping[str, Any]:
        """Return a condition of the status; empty where there is none."""
        found = self.status.get("conditions")
        for each in found if isinstance(found, list) else []:
            if isinstance(each, dict) and each.get("type") == type_:
                return each
        return {}
