# SPDX-License-Identifier: Apache-2.0
"""Findings for people: with the line that they are about, or on one line each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from webhook.check import Checked, Place
from webhook.finding import Finding, Mode
from webhook.rule import Rule

WORD_OF: Final = {Mode.DENY: "error", Mode.WARN: "warning", Mode.AUDIT: "note"}
"""What a mode is called where there is no cluster to refuse anything."""

WIDEST: Final = 160
"""Characters of a source line that are shown."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def concise(checked: Checked) -> Iterator[str]:
    """Yield `file:line:column: ID word: sentence`."""
    for finding, place in checked.findings:
        yield f"{_where(place)}: {finding.rule} {WORD_OF[finding.mode]}: {_said(finding)}"


def full(
    checked: Checked, rules: Mapping[str, Rule], lines_of: Callable[[str], list[str]]
) -> Iterator[str]:
    """Yield paragraphs: the sentence, the line with a caret below it, the fix, the rule's page.

    `lines_of` gives the lines of a source; of one without lines none is shown.
    """
    for finding, place in checked.findings:
        yield f"{WORD_OF[finding.mode]}[{finding.rule}]: {_said(finding)}"
        yield f"  --> {_where(place)}"
        yield from _excerpt(place, lines_of(place.source))
        rule = rules.get(finding.rule)
        if rule is not None:
            yield f"  = fix: {rule.fix}"
            yield f"  = page: {rule.source}"
        yield ""


def _excerpt(place: Place, lines: list[str]) -> Iterator[str]:
    if place.line > len(lines):
        return
    text = _CONTROL.sub("?", lines[place.line - 1].replace("\t", " "))
    margin = " " * len(str(place.line))
    room = max(WIDEST - place.column + 1, 1)
    yield f"{margin} |"
    yield f"{place.line} | {text[:WIDEST]}"
    rest = max(len(text) - place.column + 1, 1)
    yield f"{margin} | {' ' * (place.column - 1)}{'^' * min(place.width, rest, room)}"


def _said(finding: Finding) -> str:
    return finding.sentence.removesuffix(f" ({finding.rule})")


def _where(place: Place) -> str:
    return f"{place.source}:{place.line}:{place.column}"
