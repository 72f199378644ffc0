# SPDX-License-Identifier: Apache-2.0
"""Findings for people: with the line that they are about, or on one line each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from webhook.check import Checked, Place
from webhook.finding import Finding
from webhook.reports.run import LEVEL_OF, Run

WIDEST: Final = 160
"""Characters of a source line that are shown."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COLOUR: Final = {"error": "31", "warning": "33", "note": "36", "strong": "1", "dim": "2"}


def concise(run: Run) -> Iterator[str]:
    """Yield `file:line:column: ID level: sentence`."""
    for checked in run.checked:
        yield from _defaults(checked, run)
        for finding, place in checked.findings:
            level = LEVEL_OF[finding.mode]
            word = _paint(f"{finding.rule} {level}", level, run)
            yield f"{_where(place)}: {word}: {said(finding)}"


def full(run: Run) -> Iterator[str]:
    """Yield paragraphs: the sentence, the line with a caret below it, the fix, the rule's page."""
    for checked in run.checked:
        yield from _defaults(checked, run)
        for finding, place in checked.findings:
            level = LEVEL_OF[finding.mode]
            head = _paint(f"{level}[{finding.rule}]", level, run)
            yield f"{head}: {_paint(said(finding), 'strong', run)}"
            yield f"  {_paint('-->', 'dim', run)} {_where(place)}"
            yield from _excerpt(place, level, run)
            rule = run.rules.get(finding.rule)
            if rule is not None:
                yield f"  = fix: {rule.fix}"
                yield f"  = page: {rule.source}"
            yield ""


def _defaults(checked: Checked, run: Run) -> Iterator[str]:
    if run.shows_defaults:
        word = _paint("SM005 note", "note", run)
        for filled in checked.filled:
            yield f"{checked.document.source}: {word}: {filled.sentence}"


def _excerpt(place: Place, level: str, run: Run) -> Iterator[str]:
    lines = run.lines_of(place.source)
    if place.line > len(lines):
        return
    text = _CONTROL.sub("?", lines[place.line - 1].replace("\t", " "))
    margin = " " * len(str(place.line))
    room = max(WIDEST - place.column + 1, 1)
    rest = max(len(text) - place.column + 1, 1)
    bar = _paint("|", "dim", run)
    carets = _paint("^" * min(place.width, rest, room), level, run)
    yield f"{margin} {bar}"
    yield f"{_paint(str(place.line), 'dim', run)} {bar} {text[:WIDEST]}"
    yield f"{margin} {bar} {' ' * (place.column - 1)}{carets}"


def said(finding: Finding) -> str:
    """Return the sentence without the rule's ID, which stands before it."""
    return finding.sentence.removesuffix(f" ({finding.rule})")


def _where(place: Place) -> str:
    return f"{place.source}:{place.line}:{place.column}"


def _paint(text: str, style: str, run: Run) -> str:
    return f"\x1b[{_COLOUR[style]}m{text}\x1b[0m" if run.is_coloured else text
