# SPDX-License-Identifier: Apache-2.0
"""A timeline: the phases a resource has gone through and, as things stand, will go through."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FINAL: Final = frozenset({"Completed", "Failed", "Stopped"})
"""The statuses that a job never leaves."""


@dataclass(frozen=True, slots=True)
class Phase:
    """From a time (seconds) on: the status, the finer status, the failure's reason, and more."""

    at: float
    status: str
    secondary: str = ""
    reason: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


class Timeline:
    """Phases in order of time. Nothing has to run for them to pass: reading at a time is enough."""

    __slots__ = ("phases",)

    def __init__(self, *phases: Phase) -> None:
        """Take at least one phase."""
        self.phases = list(phases)

    def at(self, now: float) -> Phase:
        """Return the phase at a time; the first one for times before it."""
        return self.phases[max(bisect_right(self.phases, now, key=lambda p: p.at) - 1, 0)]

    def past(self, now: float) -> list[Phase]:
        """Return the phases begun by a time, oldest first."""
        return self.phases[: bisect_right(self.phases, now, key=lambda p: p.at)]

    def turn(self, now: float, *phases: Phase) -> None:
        """Replace what was to come by other phases."""
        self.phases = [*self.past(now), *phases]

    @property
    def end(self) -> float:
        """When a final phase begins, infinite if none is in sight."""
        last = self.phases[-1]
        return last.at if last.status in FINAL else math.inf
