# SPDX-License-Identifier: Apache-2.0
"""The engine: executes the steps of all kinds, one at a time for each object, many objects at once.

Everything that it keeps can be lost: a restart reads the objects and asks AWS, and makes nothing
twice, since nothing is created before AWS has said that it is not there.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
import structlog
from lightkube.core.exceptions import ApiError

from controller import machine
from controller.aws import Aws
from controller.cluster import Cluster, Conflict, Gone
from controller.duequeue import DueQueue
from controller.entry import Entry, Place
from controller.failure import AwsError
from controller.judge import Judge
from controller.mergepatch import difference
from controller.metrics import Metrics
from controller.observed import Observed
from controller.step import Child, Happening, Step
from controller.store import Store
from controller.subject import Subject
from webhook.namespaces import NamespaceUnknown
from webhook.resource import read_resource

WORKERS: Final = 24
MOST_STEPS: Final = 16
"""Steps of one look: more would be a circle."""

CIRCLE_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 2.0
"""Seconds until a write that failed is tried again."""

REFUSED: Final = frozenset({400, 403, 405, 413, 422})
"""Codes of the API server by which a write will be refused again."""

CRASH_SECONDS: Final = 60.0
JITTER: Final = 0.1

log = structlog.get_logger("kube-sagemaker")


@dataclass(slots=True)
class Engine:
    """The objects of one cluster or namespace."""

    aws: Aws
    cluster: Cluster
    judge: Judge
    metrics: Metrics
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    store: Store = field(default_factory=Store)
    queue: DueQueue = field(default_factory=DueQueue)

    def saw(
        self, body: Mapping[str, Any], *, is_gone: bool = False, is_listed: bool = False
    ) -> None:
        """Take in an object as a watch brings it."""
        for uid in self.store.see(body, is_gone=is_gone, is_listed=is_listed):
            self.wake(uid)

    def wake(self, uid: str, *, forget: bool = False) -> None:
        """Look at an object; `forget` what AWS said of it."""
        entry = self.store.entries.get(uid)
        if entry is None:
            return
        if forget:
            entry.forget()
        entry.is_dirty = True
        if not entry.is_running:
            self.queue.put(uid, asyncio.get_running_loop().time())

    def changed(self, place: Place, name: str, at: datetime | None) -> None:
        """Take in that a List call has shown when a thing changed last."""
        for entry in self.store.find(place, name):
            if entry.is_outdated(at):
                self.wake(entry.uid, forget=True)

    async def run(self) -> None:
        """Work until cancelled; what is under way is finished first."""
        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            uid = await self.queue.take()
            entry = self.store.entries.get(uid)
            if entry is None or entry.is_running:
                continue
            entry.is_running, entry.is_dirty = True, False
            look = asyncio.create_task(self._look(entry))
            try:
                await asyncio.shield(look)
            except asyncio.CancelledError:
                with suppress(Exception):
                    await look  # a call that is under way is finished, and its result written
                raise
            finally:
                entry.is_running = False
                if entry.is_dirty:
                    self.wake(uid)

    async def _look(self, entry: Entry) -> None:
        """Take steps until there is nothing to do but wait."""
        try:
            for _ in range(MOST_STEPS):
                step = machine.step(entry.subject, self._observed(entry), self.clock())
                if await self._execute(entry, step):
                    entry.rest()
                    return
            self._later(entry, CIRCLE_SECONDS, forget=False)  # a long way, or a circle
        except Gone:  # a watch that was interrupted never says so
            self.saw(entry.subject.resource.body, is_gone=True)
        except ApiError as error:
            await self._tell_unwritten(entry, error)
        except (Conflict, httpx2.HTTPError, NamespaceUnknown, OSError) as error:
            log.info("tried again", object=_named(entry.subject), error=str(error))
            self._later(entry, RETRY_SECONDS)
        except Exception:
            log.exception("a fault of ours", object=_named(entry.subject))
            self.metrics.crashes.labels(entry.subject.kind).inc()
            self._later(entry, CRASH_SECONDS)

    def _observed(self, entry: Entry) -> Observed:
        return replace(entry.observed, children=self.store.children(entry.uid))

    async def _tell_unwritten(self, entry: Entry, error: ApiError) -> None:
        """Say that the API server does not take what was to be written, and slow down."""
        log.warning("not written", object=_named(entry.subject), error=str(error))
        is_refused = error.status.code in REFUSED
        if is_refused:
            happening = Happening("NotWritten", str(error), is_warning=True)
            await self.cluster.tell(entry.subject, happening, self.clock())
        self._later(entry, CRASH_SECONDS if is_refused else RETRY_SECONDS)

    def _later(self, entry: Entry, seconds: float, *, forget: bool = True) -> None:
        """Look again after a while, as a rule at AWS too."""
        if entry.timer is not None:
            entry.timer.cancel()
        spread = seconds * (1 + random.uniform(-JITTER, JITTER))  # noqa: S311 - no secret
        loop = asyncio.get_running_loop()
        entry.timer = loop.call_later(spread, self._again, entry.uid, forget)

    def _again(self, uid: str, forget: bool) -> None:  # noqa: FBT001 - call_later knows no keywords
        self.wake(uid, forget=forget)

    async def _execute(self, entry: Entry, step: Step) -> bool:
        """Execute a step; return whether the look is over."""
        if step.holds or step.spec:
            body = await self.cluster.hold(entry.subject, step.spec, holds=step.holds)
            self._take(entry, body)
        await self._write_status(entry, step)
        for happening in step.happenings:
            await self.cluster.tell(entry.subject, happening, self.clock())
        if step.is_judged and not entry.observed.refused:
            refused = self.judge.refuse(entry.subject, step.sent)
            if refused:
                entry.observed = replace(entry.observed, refused=refused)
                return False
        there = self.store.children(entry.uid) if step.children else {}
        made = [
            await self._see_to(entry, child, there.get((child.kind, child.name)))
            for child in step.children
        ]
        if step.call is not None:
            await self._call(entry, step)
            return False
        if step.releases:
            await self.cluster.release(entry.subject)
            return True
        if step.holds or step.spec or any(made):
            return False
        if step.again is not None:
            self._later(entry, step.again)
        return True

    def _take(self, entry: Entry, body: Any) -> None:
        """Take over an object as a write returned it, unless a watch has shown a later state."""
        resource = read_resource(body)
        subject = Subject(resource) if resource is not None else None
        if subject is not None and subject.version >= entry.subject.version:
            entry.take(subject)

    async def _write_status(self, entry: Entry, step: Step) -> None:
        if step.status is None:
            return
        wanted = {k: v for k, v in step.status.items() if v != ""}  # the original left it out
        changes = difference(entry.subject.status, wanted)
        if changes:
            self._take(entry, await self.cluster.write_status(entry.subject, changes))

    async def _see_to(self, entry: Entry, child: Child, known: Mapping[str, Any] | None) -> bool:
        """Make, mark or delete a child, `known` where we have seen it; return whether it is new."""
        if child.body is None:
            is_there = await self.cluster.delete(entry.subject, child)
        elif known is not None:
            is_there = await self.cluster.mark(entry.subject, child)
        else:
            made = await self.cluster.make(entry.subject, child)
            self.saw(made)
            self.store.adopt(entry.uid, str(made["metadata"]["uid"]))
            return True
        if known is not None and not is_there:
            self.saw(known, is_gone=True)
        return False

    async def _call(self, entry: Entry, step: Step) -> None:
        call, subject = step.call, entry.subject
        assert call is not None  # noqa: S101 - the caller has looked
        if not entry.has_called:
            entry.has_called = True
            self._count_first(subject)
        before = entry.observed
        answer: Mapping[str, Any] | AwsError
        if subject.region is None:
            answer = AwsError(call.operation, "NoRegion", "the object names no region", 400)
        else:
            answer = await self.aws.call(call, subject.region, subject.endpoint)
        if entry.observed is not before:
            return  # the object has changed meanwhile: the answer speaks of what it was
        entry.learn(call.operation, answer, step.keep)
        if call.operation.startswith("Describe") and not step.keep and len(call.parameters) == 1:
            (name,) = call.parameters.values()
            self.store.name(entry, call.operation, str(name))

    def _count_first(self, subject: Subject) -> None:
        made = subject.resource.metadata.get("creationTimestamp")
        if isinstance(made, str) and not subject.observed_generation:
            seconds = (self.clock() - datetime.fromisoformat(made)).total_seconds()
            self.metrics.first_call.observe(max(seconds, 0))


def _named(subject: Subject) -> str:
    return f"{subject.kind} {subject.namespace}/{subject.name}"
