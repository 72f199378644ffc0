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
        self._next = 0.0

    async def wait(self) -> float:
        """Wait for a turn; return the seconds that it took."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next)
        self._next = turn + 1 / self.rate
        if turn > now:
            await asyncio.sleep(turn - now)  # waits for its turn
        return turn - now

    def throttled(self) -> None:
        """Go half as fast."""
        self.rate = max(self.rate / 2, LEAST)

    def answered(self) -> None:
        """Go a little faster."""
        self.rate = min(self.rate + self.best * GAIN, self.best)
