# SPDX-License-Identifier: Apache-2.0
"""What the engine keeps of one object: as the cluster has it, and what is known of its AWS side."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from controller.failure import AwsError, Meaning, meaning
from controller.observed import Observed
from controller.subject import Subject


@dataclass(slots=True)
class Entry:
    """One object."""

    subject: Subject
    observed: Observed = field(default_factory=Observed)
    timer: asyncio.TimerHandle | None = None
    """What will wake it next, if nothing else does."""
    is_running: bool = False
    is_dirty: bool = False
    has_called: bool = False
    names: set[tuple[str, str, str]] = field(default_factory=set)
    """What the store knows its AWS side by."""

    def see(self, subject: Subject) -> bool:
        """Take over a newer state of the object; return whether it asks for a look.

        A new spec, annotation or deletion makes a fresh start: what failed before may not now.
        """
        old = self.subject
        if subject.version <= old.version:
            return False  # what a write of ours has returned already
        self.subject = subject
        if subject.meaning != old.meaning:
            self.observed = Observed()
            return True
        return subject.finalizers != old.finalizers

    def is_outdated(self, changed: Any) -> bool:
        """Whether AWS was asked, and its answer is of another time than the last change."""
        description = self.observed.description
        is_same = description is not None and description.get("LastModifiedTime") == changed
        return self.observed.is_known and not is_same

    def forget(self) -> None:
        """Ask AWS again at the next look; what failed is tried again."""
        self.observed = replace(self.observed, error=None, is_known=False, listed={})

    def learn(self, operation: str, answer: Any, key: str) -> None:
        """Take over what came of a call; with a `key` it is one more fact."""
        observed = self.observed
        if isinstance(answer, AwsError):
            if meaning(answer) is Meaning.ABSENT and operation.startswith("Describe") and not key:
                self.observed = replace(
                    observed, description=None, is_known=True, error=None, failures=0
                )
            else:
                failures = observed.failures + 1
                self.observed = replace(observed, error=answer, failures=failures)
        elif operation == "ListTags":
            tags = {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}
            self.observed = replace(observed, tags=tags, error=None, failures=0)
        elif key:
            listed = {**observed.listed, key: answer}
            self.observed = replace(observed, listed=listed, error=None, failures=0)
        elif operation.startswith("Describe"):
            self.observed = replace(
                observed, description=answer, is_known=True, error=None, failures=0
            )
        else:  # something has changed: look
            self.observed = replace(
                observed, is_known=False, error=None, failures=0, listed={}, refused=()
            )
