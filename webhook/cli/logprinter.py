# SPDX-License-Identifier: Apache-2.0
"""What `smlogs` does once it is understood: reads the object, then its log, and prints it."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from controller.logs.cloudwatch import LogGroup, LogsError
from controller.logs.event import LogEvent, line_of
from controller.logs.follow import Following, NotThere
from controller.logs.kind import LogKind
from controller.logs.source import LogSource, NoSource, Selection, has_ended, source_of
from controller.logs.window import Window, in_order
from webhook.adapters.kubeobject import KubeObject, NoObject
from webhook.adapters.usercluster import KubeError, find_config
from webhook.cli.exits import Exit, end
from webhook.cli.program import program

PAUSE: Final = 1.0
"""Seconds between looks: AWS allows an account some five of them a second."""


@dataclass(frozen=True, slots=True)
class Place:
    """The object whose log is wanted, None where the kubeconfig decides."""

    kubeconfig: Path | None
    context: str | None
    namespace: str | None
    kind: LogKind
    name: str

    def open(self) -> KubeObject:
        """Return the place in the cluster. Raises KubeError."""
        config = find_config(self.kubeconfig, self.context)
        return KubeObject(config, self.kind.name, self.name, self.namespace or config.namespace)


class LogPrinter:
    """Prints one log to standard output, and what is said about it to standard error."""

    def __init__(self, place: Place, selection: Selection, *, has_stream: bool) -> None:
        """`has_stream`: whether a line begins with its log stream."""
        self._place = place
        self._kind = place.kind
        self._selection = selection
        self._has_stream = has_stream
        self._tail: int | None = None
        self._noted = ""

    def run(self, *, follow: bool, since: int | None, tail: int | None) -> NoReturn:
        """Print, and leave with an exit code. `since` in milliseconds, None for all."""
        start = None if since is None else max(time.time_ns() // 1_000_000 - since, 0)
        self._tail = tail
        end(lambda: self._run(start, follow=follow))

    def _run(self, start: int | None, *, follow: bool) -> Exit:
        try:
            place = self._place.open()
            body = place.read()
            source = self._wait(place, body) if follow else self._source(body)
            click.echo(source.header, err=True)
            group, window = LogGroup(source), Window(start)
            if follow:
                self._follow(place, group, window)
            else:
                count = self._print(self._look(group, window), flush=False)
                if not count:
                    self._note(f"no such line in {source.group} yet; -f waits for it")
        except (NoObject, NoSource, NotThere) as error:
            click.echo(f"{program()}: {error}", err=True)
            return Exit.FOUND
        except (KubeError, LogsError) as error:
            click.echo(f"{program()}: {error}", err=True)
            return Exit.USAGE
        return Exit.CLEAN

    def _source(self, body: Mapping[str, Any]) -> LogSource:
        return source_of(self._kind, body, self._selection)

    def _wait(self, place: KubeObject, body: Mapping[str, Any]) -> LogSource:
        """Return the source as soon as there is a job."""
        while True:
            try:
                return self._source(body)
            except NoSource as error:
                if not error.may_come:
                    raise
                self._note(f"{error}; waiting for it")
            time.sleep(PAUSE)  # polling, which the user ends
            body = place.read()

    def _follow(self, place: KubeObject, group: LogGroup, window: Window) -> None:
        def ended() -> bool:
            try:
                return has_ended(self._kind, place.read())
            except NoObject:
                self._note("the object has been deleted, this is the rest of its log")
                return True
            except KubeError as error:
                self._note(f"{error}; following all the same")
                return False

        following = Following(
            look=lambda: self._look(group, window),
            has_ended=ended,
            pause=lambda: time.sleep(PAUSE),
            note=self._note,
        )
        self._print(following, flush=True)

    def _look(self, group: LogGroup, window: Window) -> Iterator[LogEvent]:
        """Yield what is new, in order; of the first look that finds a log, only its tail."""
        events = window.fresh(in_order(group.pages(window.start)))
        if self._tail is not None:
            events = iter(deque(events, self._tail))
            self._tail = None
        yield from events

    def _print(self, events: Iterable[LogEvent], *, flush: bool) -> int:
        count = 0
        for count, event in enumerate(events, 1):  # noqa: B007 - counted for the caller
            sys.stdout.write(line_of(event, has_stream=self._has_stream) + "\n")
            if flush:
                sys.stdout.flush()
        return count

    def _note(self, text: str) -> None:
        """Say something on standard error, once."""
        if text != self._noted:
            self._noted = text
            click.echo(f"{program()}: {text}", err=True)
