# SPDX-License-Identifier: Apache-2.0
"""A YAML document as a tree of items that know where they stand, built from libyaml's events.

Nothing here recurses and no tag constructs anything, so that input which means harm costs no more
than its bounds. What is refused is a MarkedYAMLError at its place. Half of a check's time goes by
in here: an event is told by its exact type, and plain values are made along with the items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

import msgspec
import yaml

from webhook.adapters.yamlscalar import ScalarError, key_of, resolve, resolve_tagged

DEEPEST: Final = 200
"""Levels of nesting: the deepest kind has twelve."""

MOST_ITEMS: Final = 1_000_000
"""Values of one document, aliases counted as often as they stand."""


class Item(msgspec.Struct, gc=False):
    """One value and where it stands, from 1. Objects have `entries`, lists have `items`.

    `value` is as JSON would have it; what an alias leads to is shared, so nobody writes to it.
    Items make no rings: the garbage collector need not know of them.
    """

    line: int
    column: int
    value: Any = None
    entries: Entries | None = None
    items: list[Item] | None = None
    size: int = 1
    depth: int = 0
    """Levels below this one, those behind aliases too."""
    width: int = 0
    """Columns that a scalar takes on its line, quotes and all; 0 for what has several lines."""

    @property
    def is_null(self) -> bool:
        """Whether there is nothing here."""
        return self.value is None

    @property
    def plain(self) -> Any:
        """The value as JSON would have it."""
        return self.value


Entries = dict[str, tuple[Item, Item]]
"""Key -> (key item, value item)."""


class Merge(Item, gc=False):
    """A plain `<<`, which is text unless it is a key."""


class Builder:
    """Makes items of events, without recursion. What it refuses is a MarkedYAMLError."""

    def __init__(self) -> None:
        """Start with nothing open."""
        self.holder: Item | None = None
        """The container that is being filled."""
        self.key: Item | None = None
        """The key in it that waits for its value."""
        self.outer: list[tuple[Item | None, Item | None, str | None]] = []
        """For each open container: the holder and key around it, and its own anchor."""
        self.anchors: dict[str, Item] = {}

    def take(self, event: yaml.Event) -> Item | None:
        """Take one event; return the root when a document is complete."""
        step = self._STEPS.get(type(event))
        if step is None:
            return None
        try:
            return step(self, event)
        except ScalarError as error:
            mark: Any = event.start_mark
            raise _error(str(error), mark) from None

    def _start(self, event: Any) -> None:
        if event.version not in {None, (1, 1)}:
            raise _error("incompatible YAML document: only %YAML 1.1 is read", event.start_mark)
        self.anchors = {}

    def _open_mapping(self, event: Any) -> None:
        mark = event.start_mark
        self._open(Item(mark.line + 1, mark.column + 1, {}, entries={}), event.anchor, mark)

    def _open_sequence(self, event: Any) -> None:
        mark = event.start_mark
        self._open(Item(mark.line + 1, mark.column + 1, [], items=[]), event.anchor, mark)

    def _open(self, item: Item, anchor: str | None, mark: Any) -> None:
        if len(self.outer) >= DEEPEST:
            raise _error(f"nested deeper than {DEEPEST} levels", mark)
        if anchor is not None:
            self.anchors.pop(anchor, None)
        self.outer.append((self.holder, self.key, anchor))
        self.holder = item
        self.key = None

    def _close(self, event: Any) -> Item | None:
        item = self.holder
        assert item is not None  # noqa: S101 - what ends has begun
        self.holder, self.key, anchor = self.outer.pop()
        return self._put(item, anchor, event.start_mark)

    def _scalar(self, event: Any) -> Item | None:
        mark, tag, text = event.start_mark, event.tag, event.value
        if tag is not None:
            value = resolve_tagged(tag, text)
        elif event.style:
            value = text
        elif text == "<<":
            return self._put(
                Merge(mark.line + 1, mark.column + 1, text, width=2), event.anchor, mark
            )
        else:
            value = resolve(text)
        end = event.end_mark
        width = end.column - mark.column if end.line == mark.line else 0
        item = Item(mark.line + 1, mark.column + 1, value, width=width)
        return self._put(item, event.anchor, mark)

    def _alias(self, event: Any) -> Item | None:
        mark = event.start_mark
        found = self.anchors.get(event.anchor)
        if found is None:
            inside = any(anchor == event.anchor for _, _, anchor in self.outer)
            why = "contains itself" if inside else "is not known"
            raise _error(f"the anchor {event.anchor!r} {why}", mark)
        if type(found) is Merge:  # only where it is written
            found = Item(found.line, found.column, found.value, width=found.width)
        return self._put(found, None, mark)

    def _put(self, item: Item, anchor: str | None, mark: Any) -> Item | None:
        """Put a complete item into what is open; return it where nothing is."""
        if anchor is not None:
            self.anchors[anchor] = item
        holder = self.holder
        if holder is None:
            return item
        holder.size += item.size
        if item.depth >= holder.depth:
            holder.depth = item.depth + 1
            if item.depth >= DEEPEST:
                raise _error(f"nested deeper than {DEEPEST} levels, aliases followed", mark)
        if holder.size > MOST_ITEMS:
            raise _error(f"more than {MOST_ITEMS} values, aliases counted each time", mark)
        if holder.items is not None:
            holder.items.append(item)
            holder.value.append(item.value)
        elif self.key is None:
            self.key = item
        else:
            key, self.key = self.key, None
            assert holder.entries is not None  # noqa: S101 - no list, so an object
            _enter(holder.entries, holder.value, key, item, mark)
        return None

    _STEPS: ClassVar[Mapping[type[yaml.Event], Callable[[Builder, Any], Item | None]]] = {
        yaml.ScalarEvent: _scalar,
        yaml.AliasEvent: _alias,
        yaml.MappingStartEvent: _open_mapping,
        yaml.SequenceStartEvent: _open_sequence,
        yaml.MappingEndEvent: _close,
        yaml.SequenceEndEvent: _close,
        yaml.DocumentStartEvent: _start,
    }
    """Event -> what takes it; the others say nothing."""


def _enter(entries: Entries, value: dict[str, Any], key: Item, item: Item, mark: Any) -> None:
    """Put an entry into an object: into its entries and into its value."""
    if type(key) is Merge:
        _merge(entries, value, item, mark)
        return
    name = key.value if type(key.value) is str else key_of(key.value)
    if name is None:
        raise _error("a key must be text; quote it", key)
    if name in entries and entries[name][0].size:
        first = entries[name][0].line
        raise _error(f"the key {name[:60]!r} stands twice, first in line {first}", key)
    entries[name] = (key, item)
    value[name] = item.value


def _merge(entries: Entries, value: dict[str, Any], item: Item, mark: Any) -> None:
    """Take over the entries of another object, or of several; those that are here win."""
    for source in item.items if item.items is not None else [item]:
        if source.entries is None:
            raise _error("map merge requires map or sequence of maps as the value", mark)
        for name, (key, found) in source.entries.items():
            if name not in entries:
                again = Item(key.line, key.column, key.value, size=0, width=key.width)
                entries[name] = (again, found)
                value[name] = found.value


def _error(problem: str, where: Any) -> yaml.MarkedYAMLError:
    if isinstance(where, Item):
        where = yaml.Mark("", 0, where.line - 1, where.column - 1, None, 0)
    return yaml.MarkedYAMLError(problem=problem, problem_mark=where)
