# SPDX-License-Identifier: Apache-2.0
"""A kind's fields as a tree, from two versions of the API and the tables of exceptions.

An old version gives the structure that a CRD was made from, the newest one the constraints, and
the members that the CRD lacks. Both printers, JSON Schema and CRD, read this tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tools.dialect import Dialect
from tools.model import Model, Shape
from tools.patterns import UntranslatableError, translate
from tools.place import Place


@dataclass(frozen=True, slots=True)
class Grower:
    """Grows the tree of one kind in one group's dialect."""

    kind: str
    structure: Model
    newest: Model
    dialect: Dialect

    def grow(self, root: str) -> Place:
        """Return the tree of a kind's spec; `root` is an operation, or a composite kind."""
        old = self.structure.input_of(root)
        new = self.newest.input_of(root)
        return self._place(old, new, key="spec", member="", path=self.kind)

    def _place(
        self, old: Shape | None, new: Shape | None, *, key: str, member: str, path: str
    ) -> Place:
        """Grow one place. `old` is None for what the API has gained, `new` for what it has lost."""
        shape = new or old
        assert shape is not None, "one of the versions has it"  # noqa: S101 - the caller's promise
        bounds = self._bounds(shape)
        crd_bounds = self.dialect.crd_bounds(path, old, bounds)
        made = Place(
            key=key,
            member=member,
            shape=shape.name,
            type=self.dialect.type_of(old, new),
            form="scalar",
            path=path,
            bounds=self._both(bounds, crd_bounds),
            crd_bounds=crd_bounds,
        )
        if shape.type == "structure":
            return self._structure(made, old, new)
        if shape.type == "list":
            item = self._child(old, new, "member", path=f"{path}[]")
            return replace(made, form="list", item=item)
        if shape.type == "map":
            entries = self._child(old, new, "value", path=f"{path}{{}}")
            keys = self._child(old, new, "key", path=f"{path}{{key}}")
            return replace(made, form=self.dialect.map_form, item=entries, map_key=keys)
        return made

    def _child(self, old: Shape | None, new: Shape | None, role: str, *, path: str) -> Place:
        def part(shape: Shape | None, model: Model) -> Shape | None:
            name = getattr(shape, role) if shape is not None else None
            return model.shape(name) if name is not None else None

        return self._place(
            part(old, self.structure), part(new, self.newest), key="", member="", path=path
        )

    def _structure(self, made: Place, old: Shape | None, new: Shape | None) -> Place:
        before = old.members if old is not None else {}
        now = new.members if new is not None else {}
        children: list[Place] = []
        absent: dict[str, str] = {}
        for member in dict.fromkeys([*before, *now]):
            path = f"{made.path}.{member}"
            if self.dialect.is_read_only(made.shape, member):
                continue
            key = self.dialect.spell(path, member)
            if not self.dialect.exposes(path, made.shape, member, before):
                if member in now:
                    absent[key] = member
                continue
            child = self._place(
                self.structure.shape(before[member]) if member in before else None,
                self.newest.shape(now[member]) if member in now else None,
                key=key,
                member=member,
                path=path,
            )
            is_own = new is not None and member in new.own
            children.append(replace(child, operator=True) if is_own else child)
        children.extend(self.dialect.operator_fields(made))
        keys = {child.member: child.key for child in children}
        demanded = self.dialect.crd_required(made.path, old, new, frozenset(keys))
        api = new.required if new is not None else frozenset()
        api = frozenset(
            m for m in api if m in keys and not self.dialect.makes_optional(made.path, m)
        )
        called = self.newest.called_by(new) if new is not None else frozenset()
        return replace(
            made,
            form="structure",
            children=tuple(children),
            crd_required=frozenset(keys[m] for m in demanded),
            required=frozenset(keys[m] for m in demanded | api),
            absent=absent,
            lacks=called - frozenset(keys) - frozenset(absent.values()),
        )

    def _bounds(self, shape: Shape) -> dict[str, Any]:
        """Return the JSON Schema keywords of a shape, as the newest API states them."""
        facts = self.dialect.facts
        if shape.type in {"list", "map"}:
            words = ("minItems", "maxItems") if shape.type == "list" else ("", "maxProperties")
            found: dict[str, Any] = {words[1]: shape.maximum or facts.gate_items}
            if shape.maximum is None:
                found["x-bound"] = "gate"
            return {words[0]: shape.minimum, **found} if words[0] and shape.minimum else found
        if shape.is_union:
            return {"minProperties": 1, "maxProperties": 1}
        if shape.type != "string":
            pairs = {"minimum": shape.minimum, "maximum": shape.maximum}
            return {word: value for word, value in pairs.items() if value is not None}
        found = {"minLength": shape.minimum} if shape.minimum else {}
        if shape.maximum is not None:
            found["maxLength"] = shape.maximum
        if shape.enum and shape.name not in facts.catalogued:
            found["enum"] = sorted(shape.enum)
        elif (pattern := self._pattern(shape)) is not None:
            if "maxLength" not in found:
                found.update({"maxLength": facts.gate_length, "x-bound": "gate"})
            found["if"] = {"maxLength": found["maxLength"]}
            found["then"] = {"pattern": pattern}
        return found

    def _pattern(self, shape: Shape) -> str | None:
        if shape.pattern is None:
            return None
        repaired = self.dialect.facts.patterns.get(shape.name, shape.pattern)
        try:
            return translate(repaired)
        except UntranslatableError as error:
            raise UntranslatableError(
                f"{shape.name}: {error}; add an entry to [patterns] of data/model.toml"
            ) from None

    @staticmethod
    def _both(bounds: Mapping[str, Any], crd: Mapping[str, Any]) -> dict[str, Any]:
        """Return the stricter of each bound: the API's and the CRD's must both hold."""
        lows = {k: v for k, v in crd.items() if k.startswith("min") and v > bounds.get(k, -1)}
        highs = {
            k: v for k, v in crd.items() if k.startswith("max") and v < bounds.get(k, float("inf"))
        }
        both = {**bounds, **lows, **highs}
        return {**both, "if": {"maxLength": both["maxLength"]}} if "if" in both else both
