# SPDX-License-Identifier: Apache-2.0
"""The fake's own time: real time, made faster or slower, plus what a test advanced it by."""

from __future__ import annotations

import math
import time
from threading import Lock


class Clock:
    """Seconds since 1970, never backwards, and never behind real time while the speed is >= 1."""

    def __init__(self, speed: float = 1.0) -> None:
        """Start now. The speed is in fake seconds per real second; 0 stands still."""
        self._lock = Lock()
        self._mark = time.monotonic()
        self._time = time.time()
        self._speed = _sound("speed", speed)

    def now(self) -> float:
        """Return the fake time in seconds, to the millisecond as AWS's timestamps are."""
        with self._lock:
            return math.floor(self._read() * 1000) / 1000

    def advance(self, seconds: float) -> None:
        """Let this many fake seconds go by at once. Raises ValueError for less than none."""
        with self._lock:
            self._time += _sound("seconds", seconds)

    def run(self, speed: float) -> None:
        """Go on at another speed. Raises ValueError for a negative one."""
        with self._lock:
            self._time, self._mark = self._read(), time.monotonic()
            self._speed = _sound("speed", speed)

    def _read(self) -> float:
        return self._time + (time.monotonic() - self._mark) * self._speed


def _sound(what: str, value: float) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{what} is {value}: give a number of 0 or more")
    return value
