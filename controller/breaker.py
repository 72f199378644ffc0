# SPDX-License-Identifier: Apache-2.0
"""Whether an address is asked at all: one that keeps silent holds threads that others wait for."""

from __future__ import annotations

from typing import Final

SILENCES: Final = 5
"""Calls in a row without an answer, after which an address is left alone."""

PAUSE_SECONDS: Final = 30.0
"""Until one call tries it again."""


class Breaker:
    """The breaker of one address. Times are the loop's."""

    def __init__(self) -> None:
        """Start closed: it is asked."""
        self._silences = 0
        self._until = 0.0
        self.last = ""
        """What was said of the last silence."""

    def is_open(self, now: float) -> bool:
        """Whether it is left alone; False says to the one who asks: try it."""
        if self._silences < SILENCES:
            return False
        if now < self._until:
            return True
        self._until = now + PAUSE_SECONDS
        return False

    def heard(self) -> None:
        """Take in an answer, whatever it says."""
        self._silences = 0

    def unheard(self, now: float, text: str) -> None:
        """Take in that none came."""
        self.last = text
        self._silences += 1
        self._until = now + PAUSE_SECONDS
