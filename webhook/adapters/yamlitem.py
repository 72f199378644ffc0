# SPDX-License-Identifier: Apache-2.0
"""A YAML document as a tree of items that know where they stand, built from libyaml's events.

Nothing here recurses and no tag constructs anything, so that input which means harm costs no more
than its bounds. What is refused is a MarkedYAMLError at its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import yaml

from webhook.adapters.yamlscalar import ScalarError, key_of, resolve, resolve_tagged

DEEPEST: Final = 200
"""Levels of nesting: the deepest kind has twelve."""

MOST_ITEMS: Final = 1_000_000
"""Values of one document, aliases counted as often as they stand."""

_TEXT: Final = "tag:yaml.org,2002:str"


@dataclass(slots=True)
class Item:
    """One value and where it stands, from 1. `entries` of an object are (key item, value item)."""

    line: int
    column: int
    value: Any = None
    entries: dict[str, tuple[Item, Item]] | None = None
    items: list[Item] | None = None
    size: int = 1
    depth: int = 0
    """Levels below this one, those behind aliases too."""

    @property
    def is_null(self) -> bool:
        """Whether there is nothing here."""
        return self.value is None and self.entries is None and self.items is None

    @property
    def plain(self) -> Any:
        """The value as JSON would have it."""
        if self.entries is not None:
            return {key: item.plain for key, (_, item) in self.entries.items()}
        if self.items is not None:
            return [item.plain for item in self.items]
        return self.value


class Builder:
    """Makes items of events, without recursion. What it refuses is a MarkedYAMLError."""

    def __init__(self) -> None:
        """Start with nothing open."""
        self.open: list[tuple[Item, Item | None, str | None]] = []
        """Containers that are being filled: item, the key that waits for its value, anchor."""
        self.anchors: dict[str, Item] = {}

    def take(self, event: yaml.Event) -> Item | None:
        """Take one event; return the root when a document is complete."""
        mark: Any = event.start_mark
        if isinstance(event, yaml.DocumentStartEvent):
            if event.version not in {None, (1, 1)}:
                raise _error("incompatible YAML document: only %YAML 1.1 is read", mark)
            self.anchors = {}
        elif isinstance(event, yaml.ScalarEvent):
            return self._put(self._scalar(event), event.anchor, mark)
        elif isinstance(event, yaml.AliasEvent):
            return self._alias(event, mark)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(Item(mark.line + 1, mark.column + 1, entries={}), event.anchor, mark)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(Item(mark.line + 1, mark.column + 1, items=[]), event.anchor, mark)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            item, _, anchor = self.open.pop()
            return self._put(item, anchor, mark)
        return None

    def _open(self, item: Item, anchor: str | None, mark: Any) -> None:
        if len(self.open) >= DEEPEST:
            raise _error(f"nested deeper than {DEEPEST} levels", mark)
        if anchor is not None:
            self.anchors.pop(anchor, None)
        self.open.append((item, None, anchor))

    def _scalar(self, event: Any) -> Item:
        mark = event.start_mark
        is_plain = event.style in {None, ""}
        try:
            if event.tag in {None, "!"} or (event.tag == _TEXT and not is_plain):
                is_text = not is_plain or event.tag == "!"
                value = event.value if is_text else resolve(event.value)
            else:
                value = resolve_tagged(event.tag, event.value)
        except ScalarError as error:
            raise _error(str(error), mark) from None
        is_merge = is_plain and event.tag is None and event.value == "<<"
        return Item(mark.line + 1, mark.column + 1, _MERGE if is_merge else value)

    def _alias(self, event: Any, mark: Any) -> Item | None:
        found = self.anchors.get(event.anchor)
        if found is None:
            inside = any(anchor == event.anchor for _, _, anchor in self.open)
            why = "contains itself" if inside else "is not known"
            raise _error(f"the anchor {event.anchor!r} {why}", mark)
        return self._put(found, None, mark)

    def _put(self, item: Item, anchor: str | None, mark: Any) -> Item | None:
        """Put a complete item into what is open; return it where nothing is."""
        if anchor is not None:
            self.anchors[anchor] = item
        if not self.open:
            return _unmerged(item)
        holder, key, name = self.open[-1]
        holder.size += item.size
        holder.depth = max(holder.depth, item.depth + 1)
        if holder.depth > DEEPEST:
            raise _error(f"nested deeper than {DEEPEST} levels, aliases followed", mark)
        if holder.size > MOST_ITEMS:
            raise _error(f"more than {MOST_ITEMS} values, aliases counted each time", mark)
        if holder.items is not None:
            holder.items.append(_unmerged(item))
        elif key is None:
            self.open[-1] = (holder, item, name)
        else:
            self.open[-1] = (holder, None, name)
            assert holder.entries is not None  # noqa: S101 - no list, so an object
            _enter(holder.entries, key, item, mark)
        return None


_MERGE: Final = object()
"""The value of a plain `<<`, until it is known whether it is a key."""


def _unmerged(item: Item) -> Item:
    """Return an item in which `<<` is text again, where it is no key."""
    if item.value is _MERGE:
        item.value = "<<"
    return item


def _enter(entries: dict[str, tuple[Item, Item]], key: Item, item: Item, mark: Any) -> None:
    if key.value is _MERGE:
        _merge(entries, item, mark)
        return
    name = key_of(key.value) if key.entries is None and key.items is None else None
    if name is None:
        raise _error("a key must be text; quote it", key)
    if name in entries and entries[name][0].size:
        first = entries[name][0].line
        raise _error(f"the key {name[:60]!r} stands twice, first in line {first}", key)
    entries[name] = (key, _unmerged(item))


def _merge(entries: dict[str, tuple[Item, Item]], item: Item, mark: Any) -> None:
    """Take over the entries of another object, or of several; those that are here win."""
    for source in item.items if item.items is not None else [item]:
        if source.entries is None:
            raise _error("map merge requires map or sequence of maps as the value", mark)
        for name, (key, value) in source.entries.items():
            if name not in entries:
                merged = Item(key.line, key.column, key.value, size=0)
                entries[name] = (merged, value)


def _error(problem: str, where: Any) -> yaml.MarkedYAMLError:
    if isinstance(where, Item):
        where = yaml.Mark("", 0, where.line - 1, where.column - 1, None, 0)
    return yaml.MarkedYAMLError(problem=problem, problem_mark=where)
