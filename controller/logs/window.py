# SPDX-License-Identifier: Apache-2.0
"""What has been printed of a log that grows: each event once, though AWS is asked again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final

from controller.logs.event import LogEvent

OVERLAP: Final = 60_000
"""Milliseconds before the newest event that are asked for again: one machine's events may reach
CloudWatch later than another's that are younger."""


class Window:
    """Remembers the ids of events that an answer of AWS may hold again."""

    def __init__(self, start: int | None) -> None:
        """`start` in milliseconds since 1970, None for a log from its beginning."""
        self._first = start
        self._newest: int | None = None
        self._seen: OrderedDict[str, int] = OrderedDict()

    @property
    def start(self) -> int | None:
        """Where the next look begins, None for the log's beginning."""
        if self._newest is None:
            return self._first
        return max(self._newest - OVERLAP, self._first or 0)

    def fresh(self, events: Iterable[LogEvent]) -> Iterator[LogEvent]:
        """Yield the events that are new. Ids that no answer can hold again are forgotten."""
        for event in events:
            if event.key in self._seen:
                continue
            self._seen[event.key] = event.at
            self._newest = max(self._newest or 0, event.at)
            while next(iter(self._seen.values())) < self._newest - OVERLAP:
                self._seen.popitem(last=False)
            yield event


def in_order(pages: Iterable[list[LogEvent]]) -> Iterator[LogEvent]:
    """Yield the events of pages by time; those of the same time in AWS's order.

    AWS sorts its answers, but does not promise to across pages: each page is held back until the
    next has come, and what is as young as the next page's oldest event waits for it.
    """
    held: list[LogEvent] = []
    for page in pages:
        if not page:
            continue
        oldest = min(event.at for event in page)
        yield from (event for event in held if event.at < oldest)
        waiting = [event for event in held if event.at >= oldest]
        held = sorted([*waiting, *page], key=attrgetter("at"))
    yield from held
