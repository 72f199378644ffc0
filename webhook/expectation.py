# SPDX-License-Identifier: Apache-2.0
"""What a manifest of a policy test is to be told, written where it is to be told.

`# kube-sagemaker: expect[SM602]` on the line of the value; `expect[SM602=warn]` where the mode
matters; ` says=…` for a part of the sentence. `expect[SM005]` is a default that is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from webhook.adapters.yamlcomment import Comment
from webhook.check import Checked, find_place
from webhook.finding import Mode
from webhook.margin import EXPECT

FILLED: Final = "SM005"

_EXPECT: Final = re.compile(r"expect\[([^\]]*)\](?:\s+says=(.*))?", re.DOTALL)
_ONE: Final = re.compile(r"(SM\d{3})(?:=(deny|warn|audit))?")
FORM: Final = "expect[SM602], expect[SM602=deny] or expect[SM602] says=…"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One rule that is to speak of one line. `mode` None: in whatever mode; `says` "": anything."""

    rule: str
    mode: Mode | None
    says: str
    line: int


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said of a line: a finding, or a default that was filled in."""

    rule: str
    mode: Mode
    sentence: str
    line: int
    column: int

    def meets(self, wanted: Expectation) -> bool:
        """Whether this is what was expected."""
        return (
            (self.rule, self.line) == (wanted.rule, wanted.line)
            and wanted.mode in {None, self.mode}
            and wanted.says in self.sentence
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """One object of a policy test, with what went against the expectations, a line each."""

    checked: Checked
    expected: int
    faults: tuple[str, ...]


def hold(objects: list[Checked]) -> Iterator[Trial]:
    """Hold what was said of the objects of one document against its comments.

    What a comment expects of no object is told with the last one.
    """
    wanted, faults = _read(objects[-1].document.comments)
    open_ = list(wanted)
    for number, checked in enumerate(objects):
        met = 0
        own: list[str] = []
        for said in _said(checked):
            match = next((each for each in open_ if said.meets(each)), None)
            if match is not None:
                open_.remove(match)
                met += 1
            elif said.rule != FILLED:
                where = f"{checked.document.source}:{said.line}:{said.column}"
                own.append(f"{where}: not expected: {said.rule} {said.mode}: {said.sentence}")
        if number == len(objects) - 1:
            source = checked.document.source
            own += [f"{source}:{each.line}: expected {_shown(each)}" for each in open_]
            own += [f"{source}:{line}: {text}" for line, text in faults]
        yield Trial(checked, met, tuple(own))


def _read(comments: tuple[Comment, ...]) -> tuple[list[Expectation], list[tuple[int, str]]]:
    wanted: list[Expectation] = []
    faults: list[tuple[int, str]] = []
    for comment in comments:
        if not comment.text.startswith(EXPECT):
            continue
        found = _EXPECT.fullmatch(comment.text)
        parts = [_ONE.fullmatch(part.strip()) for part in found[1].split(",")] if found else [None]
        says = (found[2] or "").strip() if found else ""
        for part in parts:
            if part is None:
                faults.append((comment.line, f"{comment.text!r} is no expectation: write {FORM}"))
            else:
                mode = Mode(part[2]) if part[2] else None
                wanted.append(Expectation(part[1], mode, says, comment.about))
    return wanted, faults


def _said(checked: Checked) -> Iterator[Said]:
    for finding, place in checked.findings:
        yield Said(finding.rule, finding.mode, finding.sentence, place.line, place.column)
    for filled in checked.filled:
        place = find_place(checked.document, (*checked.base, *filled.path))
        yield Said(FILLED, Mode.WARN, filled.sentence, place.line, place.column)


def _shown(wanted: Expectation) -> str:
    mode = f"={wanted.mode}" if wanted.mode is not None else ""
    says = f" says {wanted.says}" if wanted.says else ""
    return f"{wanted.rule}{mode}{says}, and nothing says so"
