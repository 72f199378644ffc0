# SPDX-License-Identifier: Apache-2.0
"""One line of a log, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class LogEvent:
    """`at` is in milliseconds since 1970; `key` is AWS's id of the event, unique in a group."""

    at: int
    stream: str
    message: str
    key: str


def go_time(at: int, zone: tzinfo | None = None) -> str:
    """Return a time as Go prints it: `2019-11-26 15:41:13.449 -0800 PST`.

    `at` is in milliseconds since 1970, `zone` None for the local one. The fraction has no zeros at
    its end, and is absent where it would be nothing else.
    """
    seconds, thousandths = divmod(at, 1000)
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    fraction = f".{thousandths:03}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} {moment:%z %Z}"


def line_of(event: LogEvent, *, has_stream: bool, zone: tzinfo | None = None) -> str:
    """Return `<log stream> <time> <message>`, the stream only where it is wanted."""
    line = f"{go_time(event.at, zone)} {event.message}"
    return f"{event.stream} {line}" if has_stream else line
