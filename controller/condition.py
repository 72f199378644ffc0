# SPDX-License-Identifier: Apache-2.0
"""Conditions of a status, beside the original's own fields: Ready, Synced and Failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from controller.subject import Subject

READY: Final = "Ready"
SYNCED: Final = "Synced"
FAILED: Final = "Failed"

LONGEST: Final = 4096
"""Characters of a message: the API server takes 32,768, and nobody reads four thousand."""


def stamp(now: datetime) -> str:
    """Return a time as Kubernetes writes it."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Conditions:
    """The conditions of an object as they are to be. One that does not change keeps its time."""

    def __init__(self, subject: Subject, now: datetime) -> None:
        """Start from what the status has."""
        self._subject = subject
        self._now = now
        self._found: dict[str, Mapping[str, Any]] = {}

    def true(self, type_: str, reason: str, message: str = "") -> Conditions:
        """Say that one holds. `reason` is one word in CamelCase."""
        return self.set(type_, reason, message, holds=True)

    def false(self, type_: str, reason: str, message: str = "") -> Conditions:
        """Say that one does not hold."""
        return self.set(type_, reason, message, holds=False)

    def set(self, type_: str, reason: str, message: str = "", *, holds: bool) -> Conditions:
        """Say whether one holds."""
        old = self._subject.condition(type_)
        since = old.get("lastTransitionTime")
        is_same = old.get("status") == str(holds) and isinstance(since, str)
        self._found[type_] = {
            "type": type_,
            "status": str(holds),
            "observedGeneration": self._subject.generation,
            "lastTransitionTime": since if is_same else stamp(self._now),
            "reason": reason,
            "message": message[:LONGEST],
        }
        return self

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """All that were set, and those of others that the status has, in order of their types."""
        return self.over(self._subject.status.get("conditions"))

    def over(self, others: Any) -> list[Mapping[str, Any]]:
        """All that were set, and those of others beside them."""
        items = others if isinstance(others, list) else []
        kept = {each["type"]: each for each in items if _is_condition(each)}
        return [each for _, each in sorted({**kept, **self._found}.items())]


def _is_condition(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("type"), str)
