# SPDX-License-Identifier: Apache-2.0
"""The view through which rules read a resource: AWS names in, the user's own paths out.

`job["ResourceConfig.InstanceType"]` finds the field in either group, and a fault made there says
`spec.resourceConfig.instanceType`. Names resolve through the kind's generated table and nothing
else. A node is made when it is first asked for and kept by its `Scope` (the spec, or one item of
a list) under the table's own AWS path, so that a look-up is one dictionary access and nothing is
made that no rule looks at. This is the one clever piece of the pipeline, and it is clever for
speed: splitting paths at each look-up, or making a node of every field, halves the throughput.

Every view is total: a node that is absent, or holds a value of another type than the API says,
answers None or nothing, since the schema names that fault and no rule should stumble over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final

from schemas import Field, Kind
from webhook.finding import ABSENT, Edit, Fault, Key, Path, Sort

SLACK: Final = 64
"""Unknown keys beside the known ones that a structure may have and still be read whole."""


class Scope:
    """Where paths start: the spec, or one item of a list or map. It keeps the nodes below it."""

    __slots__ = ("_nodes", "base", "index", "parent", "value", "view")

    def __init__(
        self, view: View, value: Any, base: Path, parent: Node | None = None, index: int | str = ""
    ) -> None:
        """`value` is what the scope's root holds; an item says which of `parent`'s it is."""
        self.view = view
        self.value = value
        self.base = base
        self.parent = parent
        self.index = index
        self._nodes: dict[str, Node] = {}
        view.scopes.append(self)

    @property
    def prefix(self) -> Path:
        """The user's path of the scope's root."""
        return self.base if self.parent is None else (*self.parent.path, self.index)

    def node(self, field: Field) -> Node:
        """Return the node of a field of this scope, made at the first call."""
        found = self._nodes.get(field.path)
        if found is None:
            value = self.value
            for key in field.keys:
                value = value.get(key, ABSENT) if type(value) is dict else ABSENT
            found = self._nodes[field.path] = Node(field, self, value)
        return found

    def release(self) -> None:
        """Break the rings of view, scope and nodes."""
        self._nodes.clear()
        self.parent = None
        del self.view


class Node:
    """One place in a resource: its value, its AWS shape, and its path in the user's words."""

    __slots__ = ("_items", "field", "scope", "value")

    def __init__(self, field: Field, scope: Scope, value: Any) -> None:
        """Make a view; only a Scope does so."""
        self.field = field
        self.scope = scope
        self.value = value
        self._items: Sequence[Node] | None = None

    def __getitem__(self, name: str) -> Node:
        """Return the member of this AWS path below here, or the entry of a map by its own key.

        Raises KeyError for a name that the API does not have here: a mistake in a rule. A member
        that the API has and the CRD has not is absent.
        """
        if self.field.form in {"map", "pairs"}:
            return self._entry(name)
        field = _resolve(self.field, name)
        if field is None:
            raise KeyError(f"{self.field.shape} has no member {name}")
        return self.scope.node(field)

    def get(self, name: str) -> Node | None:
        """Return the member of this AWS path; None where the API has no such member here."""
        field = _resolve(self.field, name)
        return None if field is None else self.scope.node(field)

    def _entry(self, key: str) -> Node:
        if self.field.item is None:
            raise KeyError(key)
        if self.field.form == "map":
            for item in self.items:
                if item.scope.index == key:
                    return item
            return Scope(self.scope.view, ABSENT, (), self, Key(key)).node(self.field.item)
        for item in self.items:
            if item["name"].value == key:
                return item["value"]
        return Scope(self.scope.view, {}, (), self, Key(key)).node(self.field.item.fields["value"])

    @property
    def items(self) -> Sequence[Node]:
        """The nodes of a list's or map's items, in order, up to the most that the API takes."""
        if self._items is None:
            self._items = self._make_items()
        return self._items

    def _make_items(self) -> Sequence[Node]:
        field, value, view = self.field.item, self.value, self.scope.view
        if field is None or not value:
            return ()
        limit = self.field.limit
        if self.field.form == "map":
            entries = islice(value.items(), limit) if type(value) is dict else ()
            return [Scope(view, item, (), self, Key(key)).node(field) for key, item in entries]
        items = islice(value, limit) if type(value) is list else ()
        return [Scope(view, item, (), self, i).node(field) for i, item in enumerate(items)]

    @property
    def children(self) -> Iterator[Node]:
        """Yield the members of a structure that are there and in the CRD."""
        if isinstance(self.value, dict):
            for key, field in self.field.fields.items():
                if key in self.value:
                    yield self.scope.node(field)

    def at(self, path: Path) -> Node | None:
        """Return the node at a user's path below here, None for what is in no table."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            if node.field.form == "structure":
                field = node.field.fields.get(str(step))
                node = node.scope.node(field) if field is not None else None
            else:
                node = next((item for item in node.items if item.scope.index == step), None)
        return node

    @property
    def unknown_keys(self) -> list[str]:
        """The keys of a structure that the CRD does not have: a misspelt name, perhaps."""
        if not isinstance(self.value, dict):
            return []
        return [key for key in self.value if key not in self.field.fields][:SLACK]

    @property
    def path(self) -> Path:
        """The user's own path, e.g. ("spec", "inputDataConfig", 0, "channelName")."""
        return (*self.scope.prefix, *self.field.keys)

    @property
    def present(self) -> bool:
        """Whether the user wrote the field, be it null."""
        return self.value is not ABSENT

    @property
    def text(self) -> str | None:
        """The value where it is a string."""
        return self.value if isinstance(self.value, str) else None

    @property
    def number(self) -> int | float | None:
        """The value where it is a number (a boolean is none)."""
        value = self.value
        return value if type(value) is int or type(value) is float else None

    @property
    def flag(self) -> bool | None:
        """The value where it is a boolean."""
        return self.value if isinstance(self.value, bool) else None

    def invalid(
        self,
        text: str,
        *,
        use: str | None = None,
        compared: tuple[Any, ...] = (),
        edit: Edit | None = None,
    ) -> Fault:
        """The value is wrong. `compared` is what an unchanged update must leave as it is."""
        seen = compared or (_frozen(self.value),)
        return Fault(self.path, Sort.INVALID, text, self.value, use, seen, edit)

    def unsupported(self, text: str, *, edit: Edit | None = None) -> Fault:
        """The value is none of those that the API knows."""
        seen = (_frozen(self.value),)
        return Fault(self.path, Sort.UNSUPPORTED, text, self.value, compared=seen, edit=edit)

    def required(self, text: str, *, compared: tuple[Any, ...] = ()) -> Fault:
        """Something must be here. Not said of an object that a controller will fill by itself."""
        return Fault(self.path, Sort.REQUIRED, text, compared=compared)

    def forbidden(self, text: str, *, compared: tuple[Any, ...] = ()) -> Fault:
        """Nothing may be here, or not this."""
        seen = compared or (_frozen(self.value),)
        return Fault(self.path, Sort.FORBIDDEN, text, self.value, None, seen)


def _frozen(value: Any) -> Any:
    """Return a value that may be kept and compared: containers as their text."""
    return repr(value) if isinstance(value, dict | list) else value


@cache
def _resolve(field: Field, name: str) -> Field | None:
    """Find the field of an AWS path; what only the API has gets a field of its own."""
    for step in name.split("."):
        found = next((child for child in field.fields.values() if child.member == step), None)
        if found is None:
            key = next((key for key, member in field.absent.items() if member == step), None)
            if key is None and step in field.lacks:
                key = f"({step})"  # a key that no CRD has
            if key is None:
                return None
            path = f"{field.path}.{step}" if field.path else step
            return Field(key, step, "", "scalar", "", path, (*field.keys, key), constraints={})
        field = found
    return field


class View:
    """All scopes and nodes of one resource. `root` is the node of its spec, None being absent."""

    __slots__ = ("root", "scopes")

    def __init__(self, kind: Kind, spec: Any) -> None:
        """Nothing is read before it is asked for."""
        self.scopes: list[Scope] = []
        scope = Scope(self, ABSENT if spec is None else spec, ("spec",))
        self.root = scope.node(kind.spec)

    def release(self) -> None:
        """Let go of everything at once, without the garbage collector.

        No node may be used afterwards; the faults made from them may.
        """
        for scope in self.scopes:
            scope.release()
