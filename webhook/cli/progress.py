# SPDX-License-Identifier: Apache-2.0
"""How far a long run is, on a terminal's last line, and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

SILENT_SECONDS: Final = 1.0
"""A run that is over by then shows nothing."""

BETWEEN_SECONDS: Final = 0.1

Thing = TypeVar("Thing")


class Progress:
    """Counts what goes by."""

    def __init__(self) -> None:
        """Note when the run started, and whether anybody watches."""
        self._is_watched = sys.stderr.isatty()
        self._next = time.monotonic() + SILENT_SECONDS
        self._is_shown = False

    def count(self, things: Iterable[Thing], word: str) -> Iterator[Thing]:
        """Yield the things, and show how many there were."""
        if not self._is_watched:
            yield from things
            return
        for number, thing in enumerate(things, 1):
            now = time.monotonic()
            if now >= self._next:
                self._next = now + BETWEEN_SECONDS
                self._is_shown = True
                sys.stderr.write(f"\r{number} {word} …\x1b[K")
                sys.stderr.flush()
            yield thing

    def clear(self) -> None:
        """Take the line away, before anything else is written."""
        if self._is_shown:
            self._is_shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
