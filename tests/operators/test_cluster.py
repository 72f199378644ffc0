# SPDX-License-Identifier: Apache-2.0
"""Writes to objects that have changed, or are no more, on the real API server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import yaml
from lightkube.config.kubeconfig import KubeConfig

from controller.cluster import Cluster, Conflict, Gone
from controller.step import Child
from controller.subject import Subject
from tests.controlplane.plane import ControlPlane
from tests.operators.objects import sample
from webhook.resource import read_resource

KIND, NAME = "TrainingJob", "written-to"
FULL = f"trainingjobs.sagemaker.aws.amazon.com/{NAME}"


def make(plane: ControlPlane, namespace: str) -> Subject:
    """Create an object; return it as the API server has it."""
    text = yaml.safe_dump(sample(KIND, NAME))
    done = plane.kubectl(
        "-n", namespace, "create", "-f", "-", "-o", "json", stdin=text, check=True
    )  # fmt: skip
    resource = read_resource(json.loads(done.stdout))
    assert resource is not None
    return Subject(resource)


def do(plane: ControlPlane, work: Callable[[Cluster], Awaitable[Any]]) -> Any:
    """Do something as the operators do."""

    async def main() -> Any:
        cluster = Cluster(KubeConfig.from_file(plane.kubeconfig))
        try:
            return await work(cluster)
        finally:
            await cluster._client.close()

    return asyncio.run(main())


def test_an_older_state_writes_no_status(plane: ControlPlane, namespace: str) -> None:
    """Its successor has perhaps been made from something else."""
    subject = make(plane, namespace)
    plane.kubectl("-n", namespace, "annotate", FULL, "a=b", check=True)
    with pytest.raises(Conflict):
        do(plane, lambda cluster: cluster.write_status(subject, {"additional": "old"}))


def test_another_of_the_same_name_is_not_written_to(plane: ControlPlane, namespace: str) -> None:
    """The one that was meant is gone, whichever write comes."""
    old = make(plane, namespace)
    plane.kubectl("-n", namespace, "delete", FULL, check=True)
    with pytest.raises(Gone):
        do(plane, lambda cluster: cluster.write_status(old, {"additional": "old"}))
    new = make(plane, namespace)
    writes: list[Callable[[Cluster], Awaitable[Any]]] = [
        lambda cluster: cluster.write_status(old, {"additional": "old"}),
        lambda cluster: cluster.hold(old, {}, holds=True),
        lambda cluster: cluster.release(old),
    ]
    for write in writes:
        with pytest.raises(Gone):
            do(plane, write)
    done = do(plane, lambda cluster: cluster.write_status(new, {"additional": "new"}))
    assert done["status"] == {"additional": "new"}


def test_a_child_that_is_not_there(plane: ControlPlane, namespace: str) -> None:
    """Is said to be none, and is no error."""
    owner = make(plane, namespace)
    marked = Child(KIND, "nobody", {"metadata": {"annotations": {"a": "b"}}})
    assert do(plane, lambda cluster: cluster.mark(owner, marked)) is False
    assert do(plane, lambda cluster: cluster.delete(owner, Child(KIND, "nobody"))) is False
    assert do(plane, lambda cluster: cluster.delete(owner, Child(KIND, NAME))) is True
