# SPDX-License-Identifier: Apache-2.0
"""Objects that are due, by time."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count


class DueQueue:
    """A queue of keys with times. Of a key that is put twice only the last time counts."""

    def __init__(self) -> None:
        """Start empty."""
        self._heap: list[tuple[float, int, str]] = []
        self._due: dict[str, tuple[float, int]] = {}
        self._numbers = count()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """Return how many keys wait, due or not."""
        return len(self._due)

    def put(self, key: str, due: float) -> None:
        """Make a key due at a time of the running loop; an earlier time than before stands."""
        old = self._due.get(key)
        if old is not None and old[0] <= due:
            return
        number = next(self._numbers)
        self._due[key] = (due, number)
        heapq.heappush(self._heap, (due, number, key))
        self._changed.set()

    def drop(self, key: str) -> None:
        """Forget a key."""
        self._due.pop(key, None)

    def waiting(self, now: float) -> int:
        """Return how many keys are due."""
        return sum(due <= now for due, _ in self._due.values())

    async def take(self) -> str:
        """Wait for the next key that is due, and return it."""
        while True:
            now = asyncio.get_running_loop().time()
            while self._heap:
                due, number, key = self._heap[0]
                if self._due.get(key) != (due, number):
                    heapq.heappop(self._heap)
                    continue
                if due <= now:
                    heapq.heappop(self._heap)
                    del self._due[key]
                    return key
                break
            self._changed.clear()
            timeout = self._heap[0][0] - now if self._heap else None
            try:
                async with asyncio.timeout(timeout):
                    await self._changed.wait()
            except TimeoutError:
                pass  # something has become due
