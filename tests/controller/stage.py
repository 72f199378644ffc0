# SPDX-License-Identifier: Apache-2.0
"""The engine between an API server and an AWS of dictionaries; a test says when a watch speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, cast

from controller.aws import Aws
from controller.cluster import Cluster, Conflict, Gone
from controller.engine import Engine
from controller.entry import Entry
from controller.judge import Judge
from controller.metrics import Metrics
from controller.step import AwsCall, Child, Happening
from controller.subject import Subject
from tests.controller.cloud import Cloud
from tests.controller.world import Body

ROUNDS = 400
"""Turns of the loop in which everything that needs no timer is done."""

Place = tuple[str, str, str]


def place_of(body: Mapping[str, Any]) -> Place:
    """Return kind, namespace and name."""
    metadata = body["metadata"]
    return (str(body["kind"]), str(metadata["namespace"]), str(metadata["name"]))


def merged(old: Any, patch: Any) -> Any:
    """Return what a JSON merge patch makes of a value."""
    if not isinstance(patch, dict):
        return patch
    found = dict(old) if isinstance(old, dict) else {}
    for key, value in patch.items():
        found[key] = merged(found.get(key), value)
    return {key: value for key, value in found.items() if value is not None}


class Shelf(Cluster):
    """Objects by kind, namespace and name, with versions as the API server has them."""

    def __init__(self) -> None:
        """Start empty."""
        self.objects: dict[Place, Body] = {}
        self.writes: list[Body] = []
        self.told: list[Happening] = []
        self._version = 100

    def put(self, body: Mapping[str, Any]) -> Body:
        """Store an object under the next version; return it."""
        self._version += 1
        found = deepcopy(dict(body))
        found["metadata"] = {**found["metadata"], "resourceVersion": str(self._version)}
        self.objects[place_of(found)] = found
        return deepcopy(found)

    async def make(self, owner: Subject, child: Child) -> Any:
        """Create a child, else return the one that is there."""
        self.writes.append({"make": child.name})
        place = (child.kind, owner.namespace, child.name)
        if place not in self.objects:
            body = {**(child.body or {})}
            own = {"name": child.name, "namespace": owner.namespace, "uid": f"uid-{child.name}"}
            self.put({**body, "metadata": {"generation": 1, **own, **body.get("metadata", {})}})
        return deepcopy(self.objects[place])

    async def delete(self, owner: Subject, child: Child) -> bool:
        """Delete a child; return whether there was one."""
        self.writes.append({"delete": child.name})
        return self.objects.pop((child.kind, owner.namespace, child.name), None) is not None

    async def tell(self, _subject: Subject, happening: Happening, _now: Any) -> None:
        """Note what is told."""
        self.told.append(happening)

    async def _patch(
        self, subject: Subject, patch: dict[str, Any], *, is_status: bool = False
    ) -> Any:
        place = (subject.kind, subject.namespace, subject.name)
        self.writes.append({**patch, "is_status": is_status})
        old = self.objects.get(place)
        if old is None or old["metadata"]["uid"] != subject.uid:
            raise Gone(subject.name)
        version = patch.get("metadata", {}).get("resourceVersion")
        if version not in {None, old["metadata"]["resourceVersion"]}:
            raise Conflict(subject.name)
        found = self.put(merged(old, patch))
        if "deletionTimestamp" in found["metadata"] and not found["metadata"].get("finalizers"):
            del self.objects[place]
        return found


@dataclass
class Stage:
    """An engine with both sides."""

    cloud: Cloud = field(default_factory=Cloud)
    shelf: Shelf = field(default_factory=Shelf)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        """Put the engine between them; it judges nothing."""
        judge = cast("Judge", self)
        aws = cast("Aws", self)
        self.engine = Engine(aws, self.shelf, judge, Metrics(), clock=lambda: self.cloud.now)

    def refuse(self, _subject: Subject, _sent: Any) -> tuple[()]:
        """Refuse nothing."""
        return ()

    async def call(self, call: AwsCall, _region: str, _endpoint: str | None) -> Any:
        """Answer as AWS does."""
        await asyncio.sleep(0)
        return self.cloud.answer(call)

    def entry(self, body: Mapping[str, Any]) -> Entry:
        """Return what the engine keeps of an object."""
        return self.engine.store.entries[body["metadata"]["uid"]]

    async def see(self, *bodies: Mapping[str, Any], is_gone: bool = False) -> None:
        """Let a watch bring objects, and the engine do what follows at once."""
        for body in bodies:
            self.engine.saw(deepcopy(dict(body)), is_gone=is_gone)
        await self.settle()

    async def wake(self, body: Mapping[str, Any]) -> None:
        """Look at an object, and at AWS, as after a while."""
        self.engine.wake(body["metadata"]["uid"], forget=True)
        await self.settle()

    async def settle(self) -> None:
        """Do what is due."""
        running = asyncio.create_task(self.engine.run())
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
