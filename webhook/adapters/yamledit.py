# SPDX-License-Identifier: Apache-2.0
"""Edits of a YAML text that leave all else as it is: comments, order, quotes, line ends.

An edit replaces one scalar where it stands. What comes of it is read again, and an edit is kept
only if the documents are then exactly the old ones with that one change: so nothing behind an
alias, a merge or a tag is changed by accident.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import yaml

from webhook.adapters.yamlfile import Document, FileError, Loader, read_documents
from webhook.adapters.yamlitem import Item
from webhook.adapters.yamlscalar import ScalarError, resolve
from webhook.finding import Edit, Put, Rename

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./:@+-]*(?<!:)")
_ANCHOR: Final = re.compile(r"&\S+\s+")


class Change(NamedTuple):
    """An edit at a path of the file's document of that number."""

    document: int
    path: tuple[str | int, ...]
    edit: Edit


class Token(NamedTuple):
    """A scalar in the text: from where to where, and how it is quoted."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The text after as many of the changes as could be made."""

    data: bytes
    made: tuple[Change, ...]


def edit(data: bytes, source: str, changes: Iterable[Change]) -> Edited:
    """Make changes; those that would change anything else, or cannot be made, are left out."""
    wanted = list(dict.fromkeys(changes))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:  # UTF-16, which nobody writes by hand
        return Edited(data, ())
    together = _make(data, source, wanted)
    if together is not None:
        return Edited(together, tuple(wanted))
    made: list[Change] = []
    for change in wanted:
        alone = _make(data, source, [change])
        if alone is not None:
            data = alone
            made.append(change)
    return Edited(data, tuple(made))


def _make(data: bytes, source: str, changes: Sequence[Change]) -> bytes | None:
    """Return the text with all changes, None where that is not exactly what comes of it."""
    documents = list(read_documents(data, source))
    text = data.decode("utf-8-sig")
    head = data[: len(data) - len(text.encode())]  # a byte order mark, which libyaml does not count
    tokens = _tokens(text)
    replaced: dict[Token, str] = {}
    for change in changes:
        found = _replacement(documents[change.document], change, tokens, text)
        if found is None or replaced.setdefault(found[0], found[1]) != found[1]:
            return None
    wanted = _expected(documents, changes)
    for token in sorted(replaced, reverse=True):
        text = text[: token.start] + replaced[token] + text[token.end :]
    result = head + text.encode()
    try:
        is_right = [each.value for each in read_documents(result, source)] == wanted
    except FileError:
        is_right = False
    return result if is_right else None


def _tokens(text: str) -> dict[tuple[int, int], Token]:
    """Return each scalar that can be edited, by line and column."""
    found: dict[tuple[int, int], Token] = {}
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.ScalarEvent) and event.tag is None:
            start: Any = event.start_mark
            end: Any = event.end_mark
            anchor = _ANCHOR.match(text, start.index) if event.anchor else None
            first = start.index if anchor is None else anchor.end()
            quote = event.style or ""
            if quote in {"", "'", '"'}:
                found[start.line + 1, start.column + 1] = Token(first, end.index, quote)
    return found


def _replacement(
    document: Document, change: Change, tokens: dict[tuple[int, int], Token], text: str
) -> tuple[Token, str] | None:
    key, item, is_there = document.find(change.path)
    at = key if isinstance(change.edit, Rename) else item
    token = tokens.get((at.line, at.column)) if at is not None and is_there else None
    if at is None or token is None:
        return None
    new = change.edit.key if isinstance(change.edit, Rename) else change.edit.value
    written = text[token.start : token.end]
    if not _is_text(at):  # to be quoted as it stands, if that is what it means
        return (token, json.dumps(written)) if written == new else None
    return token, _quoted(new, token.quote)


def _is_text(item: Item) -> bool:
    return isinstance(item.value, str)


def _quoted(text: str, quote: str) -> str:
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    if quote == '"' or not _PLAIN.fullmatch(text):
        return json.dumps(text, ensure_ascii=False)
    try:
        return text if resolve(text) == text else json.dumps(text)
    except ScalarError:
        return json.dumps(text)


def _expected(documents: Sequence[Document], changes: Iterable[Change]) -> list[Any]:
    """Return the documents' values with the changes made."""
    values = [deepcopy(document.value) for document in documents]
    for change in sorted(changes, key=lambda each: -len(each.path)):  # children before parents
        *parents, last = change.path
        place = values[change.document]
        for step in parents:
            place = place[step]
        match change.edit:
            case Rename(key):
                place[key] = place.pop(last)
            case Put(value):
                place[last] = value
    return values
