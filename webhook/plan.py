# SPDX-License-Identifier: Apache-2.0
"""Which rules look where in a kind: worked out once, walked for every review.

A `Watch` is a copy of the kind's table that holds only the places which matter: text that AWS
gives a meaning to, places with a shape that some rule looks for, and what leads there. All else
in a resource is passed over without a thought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from schemas import Field, Kind
from webhook.node import SLACK, Node, Scope
from webhook.rule import Keyword, Operation, Rule, Shape, Text

Hear = Callable[[Rule, Node], None]


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """One place that matters. `most` entries may be there before the place is overlong."""

    field: Field
    rules: tuple[Rule, ...]
    is_text: bool
    known: frozenset[str]
    """Values of an enumeration: nothing is to be looked for in these."""
    children: Mapping[str, Watch]
    item: Watch | None
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The rules of one kind, by where they look."""

    calls: Mapping[str, tuple[Rule, ...]]
    keywords: Mapping[str, tuple[Rule, ...]]
    texts: tuple[tuple[Rule, tuple[str, ...]], ...]
    """Rules on text, with the marks that a text must have one of."""
    watch: Watch

    def walk(self, root: Node, hear: Hear) -> bool:
        """Have every rule on shapes and texts heard below a spec; say whether it is overlong."""
        walk = Walk(self, hear)
        walk.visit(self.watch, root.value, root.scope)
        return walk.is_overlong


Where = Scope | tuple[Any, Field, int]
"""A scope, or where one would be: (where its list is, the list's field, the item's place)."""


class Walk:
    """One walk over one resource: the hot loop of the gate.

    Scopes and nodes are made for what a rule is to look at, and not for what is only passed by.
    """

    __slots__ = ("hear", "is_overlong", "texts")

    def __init__(self, plan: Plan, hear: Hear) -> None:
        """`hear` is called for each rule with each node that it is to look at."""
        self.texts = plan.texts
        self.hear = hear
        self.is_overlong = False

    def visit(self, watch: Watch, value: Any, where: Where) -> None:
        """Visit what holds others: a structure, a list or a map."""
        if type(value) is dict:
            if len(value) > watch.most:
                self.is_overlong = True
            if watch.children:
                self._visit_members(watch.children, value, where)
            elif watch.item is not None and watch.field.form == "map":
                self._visit_items(watch, value.values(), where)
        elif type(value) is list:
            if len(value) > watch.most:
                self.is_overlong = True
            if watch.item is not None and watch.field.form != "map":
                self._visit_items(watch, value, where)

    def _visit_members(
        self, children: Mapping[str, Watch], value: Mapping[str, Any], where: Where
    ) -> None:
        if len(value) > len(children) + SLACK:
            value = {key: value[key] for key in children if key in value}
        for key, item in value.items():
            child = children.get(key)
            if child is None:
                continue
            if child.rules:
                for rule in child.rules:
                    self.hear(rule, _scope(where).node(child.field))
            if type(item) is not str:
                if child.most:
                    self.visit(child, item, where)
            elif child.is_text and item not in child.known:
                self._read(child.field, item, where)

    def _visit_items(self, watch: Watch, values: Iterable[Any], where: Where) -> None:
        child = watch.item
        assert child is not None, "asked by visit"  # noqa: S101 - for the type checker
        for place, item in enumerate(islice(values, watch.most)):
            here = (where, watch.field, place)
            for rule in child.rules:
                self.hear(rule, _scope(here).node(child.field))
            if child.most:
                self.visit(child, item, here)
            elif child.is_text and type(item) is str:
                self._read(child.field, item, here)

    def _read(self, field: Field, text: str, where: Where) -> None:
        for rule, marks in self.texts:
            for mark in marks:
                if mark in text:
                    self.hear(rule, _scope(where).node(field))
                    break


def _scope(where: Where) -> Scope:
    """Return the scope, made now if it was only known where it would be."""
    if type(where) is tuple:
        parent, field, place = where
        return _scope(parent).node(field).items[place].scope
    assert isinstance(where, Scope)  # noqa: S101 - for the type checker
    return where


def make_plan(kind: Kind, rules: Iterable[Rule]) -> Plan:
    """Sort the rules by where they look in this kind."""
    calls: dict[str, list[Rule]] = {}
    shapes: dict[str, list[Rule]] = {}
    keywords: dict[str, list[Rule]] = {}
    texts: list[tuple[Rule, tuple[str, ...]]] = []
    for rule in rules:
        match rule.on:
            case Operation(names):
                for name in names:
                    calls.setdefault(name, []).append(rule)
            case Keyword(names):
                for name in names:
                    keywords.setdefault(name, []).append(rule)
            case Shape(names):
                for name in names:
                    shapes.setdefault(name, []).append(rule)
            case Text(marks):
                texts.append((rule, marks))
    return Plan(
        {name: tuple(found) for name, found in calls.items()},
        {name: tuple(found) for name, found in keywords.items()},
        tuple(texts),
        _watch(kind.spec, shapes, is_own=False),
    )


def _watch(field: Field, shapes: Mapping[str, list[Rule]], *, is_own: bool) -> Watch:
    """Copy a field and what matters below it. `is_own`: inside a map of the user's own."""
    below_own = is_own or field.form in {"map", "pairs"}
    children = {
        key: watch
        for key, child in field.fields.items()
        if _matters(watch := _watch(child, shapes, is_own=is_own))
    }
    item = _watch(field.item, shapes, is_own=below_own) if field.item is not None else None
    is_structure = field.form == "structure"
    return Watch(
        field,
        tuple(shapes.get(field.shape, ())),
        field.type == "string" and field.form == "scalar" and not is_own,
        frozenset(field.constraints.get("enum", ())),
        children,
        item if item is not None and _leads_somewhere(item) else None,
        len(field.fields) + SLACK if is_structure else field.limit or 0,
    )


def _matters(watch: Watch) -> bool:
    """Whether a place is to be visited: for a rule, as text, or because it may be overlong."""
    return bool(watch.rules) or watch.is_text or watch.most > 0


def _leads_somewhere(watch: Watch) -> bool:
    """Whether the items of a list or map have to be visited one by one.

    Items of the user's own pairs are bounded by their schema alone: two keys.
    """
    if watch.rules or watch.is_text or watch.item is not None:
        return True
    return any(_leads_somewhere(child) for child in watch.children.values())
