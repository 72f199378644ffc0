# SPDX-License-Identifier: Apache-2.0
"""A log as it grows, until the job is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from controller.logs.event import LogEvent


class NotThere(Exception):
    """The log group or the stream does not exist (yet): one line that names it."""


@dataclass(frozen=True, slots=True)
class Following:
    """What following is made of: `look` returns what is new, in order, and may raise NotThere."""

    look: Callable[[], Iterable[LogEvent]]
    has_ended: Callable[[], bool]
    pause: Callable[[], None]
    note: Callable[[str], None]

    def __iter__(self) -> Iterator[LogEvent]:
        """Yield events until a look that began after the job's end brings nothing new.

        Raises NotThere when the job is over and has left no log.
        """
        while True:
            ended, count = self.has_ended(), 0
            try:
                for event in self.look():
                    count += 1
                    yield event
            except NotThere as absent:
                if ended:
                    raise
                self.note(f"{absent}; waiting for it")
            if ended and not count:
                return
            self.pause()
