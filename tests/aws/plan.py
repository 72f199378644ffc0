# SPDX-License-Identifier: Apache-2.0
"""Plans: how long things take and how they end, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

ENDS: Final = frozenset(
    {
        *("Completed", "Failed", "Stopped", "MaxRuntimeExceeded", "MaxWaitTimeExceeded"),
        *("RolledBack", "UpdateRollbackFailed"),
    }
)
"""How things end. For endpoints Completed means InService; the last two are for their updates."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Seconds until the end, the end (one of ENDS), its reason, seconds a stop or deletion takes.

    For a tuning job `seconds` is what each of its training jobs takes, unless it is to fail: then
    it fails after so long. `rules` maps the names of debug and profiler rules to what their
    evaluation comes to, `rule_seconds` is how long they go on after the job's end.
    """

    seconds: float = 60.0
    end: str = "Completed"
    reason: str = ""
    stop_seconds: float = 5.0
    rules: Mapping[str, str] = field(default_factory=dict)
    rule_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no resource can do."""
        if self.end not in ENDS:
            raise ValueError(f"end is {self.end!r}: give one of {', '.join(sorted(ENDS))}")
        if min(self.seconds, self.stop_seconds, self.rule_seconds) < 0:
            raise ValueError(f"{self}: seconds are 0 or more")


@dataclass(slots=True)
class Plans:
    """The plans made so far; the latest that fits a name counts."""

    default: Plan = field(default_factory=Plan)
    made: list[tuple[str, str, Plan]] = field(default_factory=list)

    def add(self, name: str, kind: str, plan: Plan) -> None:
        """Plan for names and kinds that fit two patterns such as `train-*` and `*Job`."""
        self.made.append((name, kind, plan))

    def of(self, kind: str, name: str) -> Plan | None:
        """Return the plan for a resource, None if nobody made one."""
        for names, kinds, plan in reversed(self.made):
            if fnmatchcase(name, names) and fnmatchcase(kind, kinds):
                return plan
        return None
