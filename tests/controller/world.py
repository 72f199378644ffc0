# SPDX-License-Identifier: Apache-2.0
"""A world of dictionaries in which objects are brought to rest, and in which anything may be lost.

It executes steps in the order that `Step` documents. Nothing waits: time passes when all rests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from controller import machine
from controller.entry import Entry
from controller.failure import AwsError
from controller.step import Child, Happening, Step
from controller.store import owners
from controller.subject import FINALIZER, Subject
from schemas import Kind, find_kind
from tests.controller.cloud import Cloud
from tests.specimens.specimen import least
from webhook.finding import Finding
from webhook.resource import read_resource

GROUP = "sagemaker.aws.amazon.com"
UID = "e06b46ed-02fe-46a2-8d99-e1c47820ddbb"
HEX = UID.replace("-", "")
KINDS = (
    "TrainingJob", "HyperparameterTuningJob", "BatchTransformJob", "ProcessingJob",
    "Model", "EndpointConfig", "HostingDeployment", "HostingAutoscalingPolicy",
)  # fmt: skip
MOST_STEPS, MOST_ROUNDS = 40, 60

Key = tuple[str, str]
Body = dict[str, Any]


class Killed(Exception):
    """The process is no more."""


def kind_of(name: str) -> Kind:
    """Return one of our kinds."""
    kind = find_kind(GROUP, name)
    assert isinstance(kind, Kind)
    return kind


def make(name: str, /, spec: Any = ..., **metadata: Any) -> Body:
    """Return an object as the API server first stores it."""
    kind = kind_of(name)
    own = {"name": "mnist", "namespace": "ml", "uid": UID, "generation": 1, "resourceVersion": "1"}
    whole = {"apiVersion": kind.api_version, "kind": name, "metadata": {**own, **metadata}}
    return whole if spec is None else {**whole, "spec": least(kind) if spec is ... else spec}


def subject_of(body: Body) -> Subject:
    """Return an object as controllers see it."""
    resource = read_resource(body)
    assert resource is not None
    return Subject(resource)


@dataclass
class World:
    """Objects, and the AWS beside them. `judge` gives the findings against an object."""

    cloud: Cloud = field(default_factory=Cloud)
    objects: dict[Key, Body] = field(default_factory=dict)
    entries: dict[Key, Entry] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    judge: Callable[[Body, Any], tuple[Finding, ...]] = lambda _body, _sent: ()
    judged: list[Any] = field(default_factory=list)
    kills_at: int = -1
    loses_at: int = -1
    """The call whose answer is lost, though it took effect."""
    effects: int = 0
    asked: int = 0
    pauses: list[float] = field(default_factory=list)

    def add(self, body: Body) -> Key:
        """Store an object."""
        key = (str(body["kind"]), str(body["metadata"]["name"]))
        self.objects[key] = body
        return key

    def edit(self, key: Key, **spec: Any) -> None:
        """Change the spec."""
        body = deepcopy(self.objects[key])
        body["spec"] |= spec
        body["metadata"]["generation"] += 1
        self._store(key, body)

    def delete(self, key: Key) -> None:
        """Ask for a deletion."""
        body = deepcopy(self.objects[key])
        if not body["metadata"].get("finalizers"):
            del self.objects[key]
        elif "deletionTimestamp" not in body["metadata"]:
            body["metadata"]["deletionTimestamp"] = self.cloud.now.isoformat()
            body["metadata"]["generation"] += 1
            self._store(key, body)

    def restart(self) -> None:
        """Forget everything that is not in an object or in AWS."""
        self.entries.clear()
        self.kills_at = -1

    def run(self, rounds: int = MOST_ROUNDS) -> None:
        """Bring everything to rest; time passes between the rounds."""
        for _ in range(rounds):
            before = (deepcopy(self.objects), len(self.cloud.calls), deepcopy(self.cloud.things))
            again = [self._look(key) for key in list(self.objects) if key in self.objects]
            self._collect()
            waits = [each for each in again if each is not None]
            self.pauses += waits
            after = (self.objects, len(self.cloud.calls), self.cloud.things)
            is_still = before == after
            if is_still and not waits:
                return
            self.cloud.tick()
            self.cloud.now += timedelta(seconds=min(waits, default=0))
            for entry in self.entries.values():
                entry.forget()

    def _collect(self) -> None:
        """Delete what has lost its owner, as the garbage collector does."""
        uids = {body["metadata"]["uid"] for body in self.objects.values()}
        for key, body in list(self.objects.items()):
            owners = body["metadata"].get("ownerReferences")
            if owners and not any(owner["uid"] in uids for owner in owners):
                self.delete(key)

    def _look(self, key: Key) -> float | None:
        entry = self.entries.setdefault(key, Entry(subject_of(self.objects[key])))
        entry.see(subject_of(self.objects[key]))
        for _ in range(MOST_STEPS):
            children = self._children(entry.subject.uid)
            observed = replace(entry.observed, children=children)
            step = machine.step(entry.subject, observed, self.cloud.now)
            if self._execute(key, entry, step):
                return step.again
        raise AssertionError(f"{key} goes round in circles: {self.cloud.calls[-6:]}")

    def _children(self, uid: str) -> dict[Key, Body]:
        return {key: body for key, body in self.objects.items() if uid in owners(body)}

    def _effect(self) -> None:
        """One more thing has been done that lasts; perhaps it was the last."""
        self.effects += 1
        if self.effects == self.kills_at:
            raise Killed

    def _execute(self, key: Key, entry: Entry, step: Step) -> bool:
        if step.holds or step.spec:
            body = deepcopy(self.objects[key])
            if step.holds:
                body["metadata"].setdefault("finalizers", []).append(FINALIZER)
            if step.spec:
                body["spec"] |= step.spec
                body["metadata"]["generation"] += 1
            self._write(key, entry, body)
        self._write_status(key, entry, step.status)
        self.happenings += step.happenings
        if step.is_judged and not entry.observed.refused:
            self.judged.append((entry.subject.kind, step.sent))
            refused = self.judge(self.objects[key], step.sent)
            if refused:
                entry.observed = replace(entry.observed, refused=refused)
                return False
        made = [self._see_to(entry.subject, child) for child in step.children]
        if step.call is not None:
            self._call(entry, step)
            return False
        if step.releases:
            self._release(key)
            return True
        return not (step.holds or step.spec or any(made))

    def _call(self, entry: Entry, step: Step) -> None:
        assert step.call is not None
        answer = self.cloud.answer(step.call)
        self.asked += 1
        self._effect()
        if self.asked == self.loses_at:
            answer = AwsError(step.call.operation, "", "the connection was closed")
        entry.learn(step.call.operation, answer, step.keep)

    def _see_to(self, owner: Subject, child: Child) -> bool:
        key = (child.kind, child.name)
        if child.body is None:
            if key in self.objects:
                self.delete(key)
                self._effect()
            return False
        if key in self.objects:
            body = deepcopy(self.objects[key])
            body["metadata"]["annotations"] = child.body["metadata"]["annotations"]
            self._store(key, body)
            return False
        uid = f"{len(self.objects):08d}-9fdc-51a3-5c7a-4f69ba339afa5e0e"
        own = {"name": child.name, "namespace": owner.namespace, "uid": uid}
        metadata = {**own, "generation": 1, "resourceVersion": "1", **child.body["metadata"]}
        self.add({**deepcopy(dict(child.body)), "metadata": metadata})
        self._effect()
        return True

    def _write_status(self, key: Key, entry: Entry, status: Mapping[str, Any] | None) -> None:
        body = deepcopy(self.objects[key])
        if status is not None and body.get("status", {}) != status:
            body["status"] = deepcopy(dict(status))
            self._write(key, entry, body)

    def _write(self, key: Key, entry: Entry, body: Body) -> None:
        self._store(key, body)
        self._effect()
        entry.take(subject_of(self.objects[key]))

    def _store(self, key: Key, body: Body) -> None:
        body["metadata"]["resourceVersion"] = str(int(body["metadata"]["resourceVersion"]) + 1)
        self.objects[key] = body

    def _release(self, key: Key) -> None:
        body = self.objects[key]
        body["metadata"]["finalizers"] = []
        if "deletionTimestamp" in body["metadata"]:
            del self.objects[key]
            self.entries.pop(key, None)
        self._effect()


def conditions(body: Body) -> dict[str, Mapping[str, Any]]:
    """Return an object's conditions by type."""
    return {each["type"]: each for each in body.get("status", {}).get("conditions", ())}
