# SPDX-License-Identifier: Apache-2.0
"""Mending what has one right answer: rounds of judging and editing, until nothing more is offered.

A mended key may uncover a wrong value below it, hence the rounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from webhook.adapters.inputs import Inputs
from webhook.adapters.yamledit import Change, edit
from webhook.adapters.yamlfile import Document, FileError
from webhook.check import Check, Checked

MOST_ROUNDS = 5


class Fix(NamedTuple):
    """An edit that was made: the finding's rule, and the edit with its place in the old text."""

    source: str
    line: int
    rule: str
    change: Change


def fix(inputs: Inputs, check: Check) -> list[Fix]:
    """Edit the inputs in memory, as `inputs.edited`; return what was done."""
    done: list[Fix] = []
    for _ in range(MOST_ROUNDS):
        documents = list(inputs.documents())
        made = [
            each
            for source, fixes in _offered(check.run(documents), documents).items()
            for each in _make(inputs, source, fixes)
        ]
        done += made
        if not made:
            break
    return done


def _offered(run: Iterable[Checked], documents: list[Document]) -> dict[str, list[Fix]]:
    """Return the edits that the findings offer, by source."""
    numbers: dict[int, int] = {}
    seen: dict[str, int] = defaultdict(int)
    for document in documents:
        numbers[id(document)] = seen[document.source]
        seen[document.source] += 1
    offered: dict[str, list[Fix]] = defaultdict(list)
    for checked in run:
        for finding, place in checked.findings:
            if finding.fault.edit is not None:
                number = numbers[id(checked.document)]
                path = (*checked.base, *finding.fault.path)
                change = Change(number, path, finding.fault.edit)
                offered[place.source].append(Fix(place.source, place.line, finding.rule, change))
    return offered


def _make(inputs: Inputs, source: str, fixes: list[Fix]) -> Iterator[Fix]:
    name = inputs.name_of(source)
    try:
        edited = edit(inputs.read(name), source, [each.change for each in fixes])
    except FileError:  # it was there a moment ago; the next reading says so
        return
    if edited.made:
        inputs.edited[name] = edited.data
        made = set(edited.made)
        yield from (each for each in fixes if each.change in made)
