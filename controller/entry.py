# SPDX-License-Identifier: Apache-2.0
"""What the engine keeps of one object: as the cluster has it, and what is known of its AWS side."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from controller.failure import AwsError, Meaning, is_end, is_read, meaning
from controller.machine import state
from controller.observed import NOTHING, SENT, Observed
from controller.subject import Subject
from webhook.resource import read_resource

Place = tuple[str, str, str | None]
"""Where things are: the operation that describes them, region, and endpoint where not AWS's own."""

Name = tuple[Place, str]


class Entry:
    """One object. At rest it is kept small: as packed JSON, and of AWS a time."""

    __slots__ = (
        "_raw", "_subject", "changed", "failing", "has_called", "is_dirty", "is_running", "names",
        "observed", "state", "timer", "uid",
    )  # fmt: skip

    def __init__(self, subject: Subject) -> None:
        """Know nothing of its AWS side."""
        self.uid = subject.uid
        self.observed = NOTHING
        self.changed: Any = None
        """When AWS last changed it, as it was described or listed."""
        self.timer: asyncio.TimerHandle | None = None
        """What will wake it next, if nothing else does."""
        self.is_running = self.is_dirty = self.has_called = False
        self.failing = ""
        """The operation that failed last and has not been answered since."""
        self.names: set[Name] = set()
        """What the store knows its AWS side by."""
        self._subject: Subject | None = None
        self._raw = b""
        self.state = ("", "")
        """Kind and state, for the metrics."""
        self.take(subject)

    @property
    def subject(self) -> Subject:
        """The object as it was seen last; unpacked for good only while it is looked at."""
        if self._subject is not None:
            return self._subject
        resource = read_resource(msgspec.json.decode(zlib.decompress(self._raw)))
        assert resource is not None  # noqa: S101 - it was one when it was taken
        subject = Subject(resource)
        if self.is_running:
            self._subject = subject
        return subject

    def take(self, subject: Subject) -> None:
        """Take over a newer state of the object, without what nobody here asks for."""
        body = dict(subject.resource.body)
        body["metadata"] = {k: v for k, v in body["metadata"].items() if k != "managedFields"}
        self._raw = zlib.compress(msgspec.json.encode(body), 1)
        self._subject = subject if self.is_running else None
        self.state = (subject.kind, state(subject))

    def rest(self) -> None:
        """Keep little until the next look; AWS is asked anew at that."""
        if self.observed.description is not None:
            self.changed = self.observed.description.get("LastModifiedTime", self.changed)
        self._subject = None
        if self.observed.error is None:
            self.observed = replace(self.observed, description=None, is_known=False, listed={})

    def see(self, subject: Subject, *, is_listed: bool = False) -> bool:
        """Take over what a watch brings; return whether it asks for a look.

        What a List brings counts whatever its version: after a restored backup versions go back.

        A new spec, annotation or deletion makes a fresh start: what failed before may not now.
        """
        old = self.subject
        if subject.version and subject.version <= old.version and not is_listed:
            return False  # what a write of ours has returned already
        self.take(subject)
        asks = subject.meaning != old.meaning
        if asks:
            self.observed = Observed()  # not NOTHING: an answer that is awaited sees the change
        return asks or subject.finalizers != old.finalizers

    def is_outdated(self, changed: Any) -> bool:
        """Whether a List call shows another change than the last that was described.

        A transform job's description has no such time: of it what was listed last counts.
        """
        description = self.observed.description or {}
        if changed == description.get("LastModifiedTime", self.changed):
            return False
        self.changed = changed
        return True

    def forget(self) -> None:
        """Ask AWS again at the next look; what failed is tried again."""
        self.observed = replace(self.observed, error=None, is_known=False, listed={})

    def learn(self, operation: str, answer: Any, key: str) -> None:
        """Take over what came of a call; with a `key` it is one more fact."""
        if isinstance(answer, AwsError):
            is_gone = meaning(answer) is Meaning.ABSENT
            if is_gone and (is_end(operation) or (is_read(operation) and key)):
                answer = {}  # as good as done; a fact of something that is not there is nothing
            elif is_gone and operation.startswith("Describe"):
                answer = None
            else:
                self._failed(operation, answer)
                return
        self._answered(operation)
        observed = replace(self.observed, error=None, failures=self._failures)
        if operation == "ListTags":
            self.observed = replace(observed, tags=_tags(answer))
        elif key and is_read(operation):
            self.observed = replace(observed, listed={**observed.listed, key: answer})
        elif operation.startswith("Describe"):
            self.observed = replace(observed, description=answer, is_known=True)
        else:  # something has changed: look
            listed = {k: v for k, v in observed.listed.items() if k.startswith(SENT)}
            listed |= {key: answer} if key else {}
            self.observed = replace(observed, is_known=False, listed=listed, refused=(), tags=None)

    def _failed(self, operation: str, error: AwsError) -> None:
        """Count failures of one operation in a row, also with answers of others between."""
        failures = self._failures + 1 if operation == self.failing else 1
        self.failing = operation
        self.observed = replace(self.observed, error=error, failures=failures)

    def _answered(self, operation: str) -> None:
        if operation == self.failing or not is_read(operation):
            self.failing = ""

    @property
    def _failures(self) -> int:
        return self.observed.failures if self.failing else 0


def _tags(answer: Mapping[str, Any]) -> Mapping[str, str]:
    return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}
