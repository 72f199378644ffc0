# SPDX-License-Identifier: Apache-2.0
"""Letting go of every object when the operators are uninstalled: their finalizers come off.

What is in AWS stays as it is. Objects are not deleted; afterwards they can be.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
from lightkube import Client
from lightkube.config.kubeconfig import KubeConfig
from lightkube.types import PatchType

from controller.cluster import CLASSES, GONE
from controller.subject import FINALIZER, SPAWN_FINALIZER

OURS = frozenset({FINALIZER, SPAWN_FINALIZER})


def release_all(config: KubeConfig, namespace: str | None) -> Iterator[str]:
    """Take our finalizers off; yield `Kind namespace/name` of each object that had one.

    `namespace` None is all of them; a kind whose CRD is not there has none. Raises HTTPStatusError.
    """
    client = Client(config=config)
    for kind, resource in CLASSES.items():
        try:
            found = list(client.list(resource, namespace=namespace or "*"))
        except httpx2.HTTPStatusError as error:  # an ApiError is one, too
            if error.response.status_code == GONE:
                continue
            raise
        for item in found:
            metadata = item.metadata
            held = (metadata.finalizers or []) if metadata is not None else []
            if metadata is None or not metadata.name or not OURS & set(held):
                continue
            kept = [each for each in held if each not in OURS]
            patch = {"metadata": {"finalizers": kept, "resourceVersion": metadata.resourceVersion}}
            client.patch(
                resource,
                metadata.name,
                patch,
                namespace=metadata.namespace,
                patch_type=PatchType.MERGE,
            )
            yield f"{kind} {metadata.namespace}/{metadata.name}"
