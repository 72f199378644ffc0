# SPDX-License-Identifier: Apache-2.0
"""How far an upload is, on a terminal's last line, and nowhere else."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Final, Self

MEGABYTE: Final = 1_000_000


class Progress:
    """Counts the bytes that are up, from whichever thread has sent them."""

    def __init__(self, name: str, total: int) -> None:
        """`total` in bytes."""
        self._name, self._total = name, total
        self._done, self._shown = 0, -1
        self._lock = threading.Lock()
        self._is_watched = sys.stderr.isatty()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away."""
        if self._shown >= 0:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def add(self, count: int) -> None:
        """Count more bytes; a piece that is sent again takes its own away first."""
        with self._lock:
            self._done += count
            percent = 100 * self._done // max(self._total, 1)
            if self._is_watched and percent != self._shown:
                self._shown = percent
                size = f"{self._done // MEGABYTE} of {self._total // MEGABYTE} MB"
                sys.stderr.write(f"\r{self._name}: {percent} %, {size}\x1b[K")
                sys.stderr.flush()
