# SPDX-License-Identifier: Apache-2.0
"""How fast calls of one operation may follow each other: slower when AWS says so.

Additive increase, multiplicative decrease, as congestion is met elsewhere. Throttling slows down,
it never fails.
"""

from __future__ import annotations

import asyncio
from typing import Final

MOST: Final = {"Create": 4.0, "Describe": 25.0, "List": 10.0}
"""Calls a second at best, by the operation's verb."""

MOST_OTHERS: Final = 8.0
LEAST: Final = 0.1
GAIN: Final = 0.05
"""What an answer adds to the rate, as a share of the best."""


def most(operation: str) -> float:
    """Return the calls a second that an operation may reach."""
    return next((rate for verb, rate in MOST.items() if operation.startswith(verb)), MOST_OTHERS)


class Pace:
    """The pace of one operation."""

    def __init__(self, best: float) -> None:
        """Start at the best."""
        self.best = best
        self.rate = best
        self._last = -1 / LEAST  # long ago
        self._turn = asyncio.Lock()
        self._slower = 0.0
        """When it was halved last."""

    async def wait(self) -> float:
        """Wait for a turn; return the seconds that it took."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        async with self._turn:  # first come, first served, at the rate of that moment
            await asyncio.sleep(max(self._last + 1 / self.rate - loop.time(), 0))
            self._last = loop.time()
        return self._last - start

    def throttled(self, sent: float, now: float) -> None:
        """Go half as fast, unless the call was sent before that began: it tells nothing new."""
        if sent >= self._slower:
            self.rate = max(self.rate / 2, LEAST)
            self._slower = now

    def answered(self) -> None:
        """Go a little faster."""
        self.rate = min(self.rate + self.best * GAIN, self.best)
