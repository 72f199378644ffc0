# SPDX-License-Identifier: Apache-2.0
"""Comments of a YAML text that speak to this program: `# kube-sagemaker: …`.

libyaml's events know no comments. So lines with the mark are looked for in the text, and what
stands inside a scalar is none. A text without the mark, which is nearly every one, costs a search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import yaml

MARK: Final = "kube-sagemaker:"
_COMMENT: Final = re.compile(r"(?:(?<=\s)|^)#\s*kube-sagemaker:[ \t]*(.*)")
_ENCODED: Final = tuple(MARK.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Comment:
    """What such a comment says, where it stands, and the line that it speaks of, from 1."""

    text: str
    line: int
    column: int
    about: int


def read_comments(data: bytes, loader: Any) -> list[Comment]:
    """Return the comments of an input, in order; of a broken one, up to where it breaks or more."""
    if not any(mark in data for mark in _ENCODED):
        return []
    lines = decode(data).splitlines()
    spans = _scalar_spans(data, loader)
    found: list[Comment] = []
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line) if MARK in line else None
        if match is not None and not _is_inside((number, match.start()), spans):
            about = number if line[: match.start()].strip() else _next_line(lines, number)
            found.append(Comment(match[1].strip(), number, match.start() + 1, about))
    return found


def decode(data: bytes) -> str:
    """Return the text of an input as libyaml reads it: by its byte order mark, else UTF-8."""
    is_wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return data.decode("utf-16" if is_wide else "utf-8-sig", "replace")


def _scalar_spans(data: bytes, loader: Any) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where each scalar starts and ends: line from 1, column from 0."""
    found = []
    with suppress(yaml.YAMLError):  # whoever reads the documents says so
        for event in yaml.parse(data, Loader=loader):
            if isinstance(event, yaml.ScalarEvent):
                start: Any = event.start_mark
                end: Any = event.end_mark
                found.append(((start.line + 1, start.column), (end.line + 1, end.column)))
    return found


def _is_inside(
    place: tuple[int, int], spans: list[tuple[tuple[int, int], tuple[int, int]]]
) -> bool:
    before = bisect_right(spans, (place, (1 << 60, 0))) - 1
    return before >= 0 and place < spans[before][1]


def _next_line(lines: list[str], number: int) -> int:
    """Return the line that a comment alone on its line speaks of: the next with content."""
    for other, line in enumerate(lines[number:], number + 1):
        if line.strip() and not line.lstrip().startswith("#"):
            return other
    return number
