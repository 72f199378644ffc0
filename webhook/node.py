# SPDX-License-Identifier: Apache-2.0
"""The view through which rules read a resource: AWS names in, the user's own paths out.

`job["ResourceConfig.InstanceType"]` finds the field in either group, and a fault made there says
`spec.resourceConfig.instanceType`. Names resolve through the kind's generated table and nothing
else. An `Index` walks the object once, beside its table, and keeps a Node for each place that is
there; a look-up is then one dictionary access. This is the one clever piece of the pipeline, and
it is clever for speed: splitting paths at each look-up halved the throughput.

Every view is total: a node that is absent, or holds a value of another type than the API says,
answers None or nothing, since the schema names that fault and no rule should stumble over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, Final

from schemas import Field, Kind
from webhook.finding import ABSENT, Fault, Key, Path, Sort

SLACK: Final = 64
"""Unknown keys beside the known ones that a structure may have and still be walked whole."""


class Scope:
    """Where paths start: the spec, or one item of a list."""

    __slots__ = ("index", "nodes", "parent", "root")

    def __init__(self, root: Field, parent: Node | None, index: int | str) -> None:
        """`parent` is the list or map that the item is in, `index` its place or key there."""
        self.root = root
        self.parent = parent
        self.index = index
        self.nodes: dict[str, Node] = {}

    @property
    def prefix(self) -> Path:
        """The user's path of the scope's root."""
        return (*self.parent.path, self.index) if self.parent is not None else ()


class Node:
    """One place in a resource: its value, its AWS shape, and its path in the user's words."""

    __slots__ = ("field", "items", "scope", "value")

    def __init__(self, field: Field, scope: Scope, value: Any = ABSENT) -> None:
        """Make a view; only an Index, and look-ups of absent fields, do so."""
        self.field = field
        self.scope = scope
        self.value = value
        self.items: list[Node] = []
        """The nodes of a list's or map's items, in order."""

    def __getitem__(self, name: str) -> Node:
        """Return the member of this AWS path below here, or the entry of a map by its own key.

        Raises KeyError for a name that the API does not have here: a mistake in a rule. A member
        that the API has and the CRD has not is absent.
        """
        if self.field.form in {"map", "pairs"}:
            return self._entry(name)
        path = f"{self.field.path}.{name}" if self.field.path else name
        return self.scope.nodes.get(path) or Node(_resolve(self.field, name), self.scope)

    def _entry(self, key: str) -> Node:
        if self.field.item is None:
            raise KeyError(key)
        if self.field.form == "map":
            for item in self.items:
                if item.scope.index == key:
                    return item
            return Node(self.field.item, Scope(self.field.item, self, Key(key)))
        for item in self.items:
            if item["name"].value == key:
                return item["value"]
        return Node(self.field.item.fields["value"], Scope(self.field.item, self, Key(key)))

    @property
    def entries(self) -> Iterator[tuple[str, Node]]:
        """Yield key and value node of each well-formed entry of a map, in either spelling."""
        for item in self.items:
            if self.field.form == "map":
                yield str(item.scope.index), item
            elif (name := item["name"].text) is not None:
                yield name, item["value"]

    @property
    def children(self) -> Iterator[Node]:
        """Yield the members of a structure that are there and in the CRD."""
        for field in self.field.fields.values():
            node = self.scope.nodes.get(field.path)
            if node is not None:
                yield node

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
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        return None

    @property
    def flag(self) -> bool | None:
        """The value where it is a boolean."""
        return self.value if isinstance(self.value, bool) else None

    def invalid(
        self, text: str, *, use: str | None = None, compared: tuple[Any, ...] = ()
    ) -> Fault:
        """The value is wrong. `compared` is what an unchanged update must leave as it is."""
        return Fault(
            self.path, Sort.INVALID, text, self.value, use, compared or (_frozen(self.value),)
        )

    def unsupported(self, text: str, *, use: str | None = None) -> Fault:
        """The value is none of those that the API knows."""
        return Fault(self.path, Sort.UNSUPPORTED, text, self.value, use, (_frozen(self.value),))

    def required(self, text: str, *, compared: tuple[Any, ...] = ()) -> Fault:
        """Something must be here. Not said of an object that a controller will fill by itself."""
        return Fault(self.path, Sort.REQUIRED, text, compared=compared)

    def forbidden(self, text: str, *, compared: tuple[Any, ...] = ()) -> Fault:
        """Nothing may be here."""
        return Fault(
            self.path, Sort.FORBIDDEN, text, self.value, None, compared or (_frozen(self.value),)
        )


@cache
def _resolve(field: Field, name: str) -> Field:
    """Find the field of an AWS path; what only the API has gets a field of its own."""
    for step in name.split("."):
        found = next((child for child in field.fields.values() if child.member == step), None)
        if found is None:
            for key, member in field.absent.items():
                if member == step:
                    return Field(
                        key=key,
                        member=step,
                        shape="",
                        form="scalar",
                        type="",
                        path=name,
                        keys=(*field.keys, key),
                        constraints={},
                    )
            raise KeyError(f"{field.shape} has no member {step} (of {name})")
        field = found
    return field


def _frozen(value: Any) -> Any:
    """Return a value that may be kept and compared: containers as their text."""
    return repr(value) if isinstance(value, dict | list) else value


class Index:
    """All nodes of one resource, from one walk.

    `nodes` is every place that is there, in document order. `overlong` are the lists, maps and
    structures with more entries than any API call may have: they are walked up to their bound
    only, so that padding costs nothing.
    """

    __slots__ = ("nodes", "overlong", "root")

    def __init__(self, kind: Kind, spec: Any) -> None:
        """Walk `spec` (anything; None counts as absent) beside the kind's table."""
        self.nodes: list[Node] = []
        self.overlong: list[Node] = []
        scope = Scope(kind.spec, None, "")
        self.root = self._walk(kind.spec, scope, ABSENT if spec is None else spec)

    def _walk(self, field: Field, scope: Scope, value: Any) -> Node:
        node = Node(field, scope, value)
        scope.nodes[field.path] = node
        self.nodes.append(node)
        if type(value) is dict:
            if field.form == "structure":
                self._walk_structure(node, field.fields, scope, value)
            elif field.form == "map":
                self._walk_map(node, field, value)
        elif type(value) is list and field.item is not None and field.form != "map":
            self._walk_list(node, field, value)
        return node

    def _walk_structure(
        self, node: Node, fields: Mapping[str, Field], scope: Scope, value: dict[str, Any]
    ) -> None:
        if len(value) > len(fields) + SLACK:
            self.overlong.append(node)
        if len(value) <= len(fields):
            for key, item in value.items():
                found = fields.get(key)
                if found is not None:
                    self._walk(found, scope, item)
        else:
            for key, child in fields.items():
                if key in value:
                    self._walk(child, scope, value[key])

    def _walk_map(self, node: Node, field: Field, value: dict[str, Any]) -> None:
        item_field = field.item
        limit = field.limit or 0
        if len(value) > limit:
            self.overlong.append(node)
        if item_field is not None:
            for key in islice(value, limit):
                scope = Scope(item_field, node, Key(key))
                node.items.append(self._walk(item_field, scope, value[key]))

    def _walk_list(self, node: Node, field: Field, value: list[Any]) -> None:
        item_field = field.item
        limit = field.limit or 0
        if len(value) > limit:
            self.overlong.append(node)
            value = value[:limit]
        if item_field is not None:
            for index, item in enumerate(value):
                node.items.append(self._walk(item_field, Scope(item_field, node, index), item))
