# SPDX-License-Identifier: Apache-2.0
"""Faults: calls that are refused, or that take effect and get no answer; scripted or by chance."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from tests.aws.refusal import Refusal

CHANCES: Final = ("ThrottlingException", "InternalFailure", "ServiceUnavailable", "lost")
"""What chaos picks from, unless told otherwise."""


@dataclass(slots=True)
class Fault:
    """What happens to a call: a refusal, or else its fate after it took effect (lost or hung)."""

    operation: str
    refusal: Refusal | None
    fate: str = "answered"
    times: int | None = 1
    name: str = "*"
    region: str = "*"
    beyond: float = 0
    """Calls a second, of real time, that pass; as AWS does, some may come at once."""
    _tokens: float = 0
    _last: float = 0

    def fits(self, operation: str, parameters: Mapping[str, Any], region: str) -> bool:
        """Whether it is for this call; `name` is looked for among all texts of the parameters."""
        if self.times == 0 or not fnmatchcase(operation, self.operation):
            return False
        if not fnmatchcase(region, self.region):
            return False
        if self.name != "*" and f'"{self.name}"' not in json.dumps(parameters):
            return False
        return not self._passes()

    def _passes(self) -> bool:
        """Take a token from a bucket that holds a second's, if there is one."""
        now = time.monotonic()
        self._tokens = min(self._tokens + (now - self._last) * self.beyond, max(self.beyond, 1))
        self._last = now
        if not self.beyond or self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass(slots=True)
class Faults:
    """Scripted faults, first come first served, and chaos for the calls that none is meant for."""

    scripted: list[Fault] = field(default_factory=list)
    _chance: random.Random = field(default_factory=random.Random)
    _share: float = 0.0
    _picks: Sequence[str] = CHANCES
    _operations: str = "*"

    def chaos(self, seed: int, share: float, picks: Sequence[str], operations: str) -> None:
        """Let a share (0 to 1) of all calls fail in one of the ways picked, by a seed."""
        if not 0 <= share <= 1:
            raise ValueError(f"share is {share}: give a number from 0 to 1")
        self._chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self._share, self._picks, self._operations = share, picks, operations

    def strike(self, operation: str, parameters: Mapping[str, Any], region: str) -> Fault | None:
        """Return the fault for a call, and count it."""
        for fault in self.scripted:
            if fault.fits(operation, parameters, region):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        if not fnmatchcase(operation, self._operations) or self._chance.random() >= self._share:
            return None
        pick = self._chance.choice(self._picks)
        if pick in {"lost", "hung"}:
            return Fault(operation, None, pick)
        return Fault(operation, Refusal(pick))
