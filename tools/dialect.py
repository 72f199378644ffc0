# SPDX-License-Identifier: Apache-2.0
"""The two groups' ways with the API: what they expose, demand, and how they spell it.

A dialect is the group's rules; its exceptions are data, each with a reason, under `data/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from tools.data import load_data
from tools.model import Shape
from tools.place import Place
from tools.spelling import spell_ack


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for both groups, of data/model.toml."""

    gate_items: int
    gate_length: int
    read_only: frozenset[str]
    catalogued: frozenset[str]
    patterns: Mapping[str, str]


@cache
def load_facts() -> Facts:
    """Read data/model.toml."""
    raw = load_data("model.toml")
    return Facts(
        raw["gate_items"],
        raw["gate_length"],
        frozenset(raw["read_only"]),
        frozenset(raw["catalogued"]["shapes"]),
        {shape: entry["is"] for shape, entry in raw["patterns"].items()},
    )


class Dialect(Protocol):
    """What the grower asks of a group."""

    facts: Facts
    map_form: str

    def spell(self, path: str, member: str) -> str:
        """Return the CRD's key of a member."""

    def type_of(self, old: Shape | None, new: Shape | None) -> str:
        """Return the JSON type that the CRD gives a place."""

    def is_read_only(self, owner: str, member: str) -> bool:
        """Whether the member is an answer of the API that requests must not hold."""

    def exposes(self, path: str, owner: str, member: str, before: Mapping[str, str]) -> bool:
        """Whether the CRD has the member."""

    def makes_optional(self, path: str, member: str) -> bool:
        """Whether the controller supplies a member that the API demands."""

    def crd_required(
        self, path: str, old: Shape | None, new: Shape | None, members: frozenset[str]
    ) -> frozenset[str]:
        """Return the members that the CRD demands."""

    def crd_bounds(self, path: str, old: Shape | None, newest: Mapping[str, Any]) -> dict[str, Any]:
        """Return the bounds that the CRD states."""

    def operator_fields(self, made: Place) -> tuple[Place, ...]:
        """Return fields that are the controller's own."""


class _Common:
    """What both dialects do alike."""

    def __init__(self) -> None:
        self.facts = load_facts()

    def is_read_only(self, owner: str, member: str) -> bool:
        """Whether the member is an answer of the API that requests must not hold."""
        return f"{owner}.{member}" in self.facts.read_only


class Ack(_Common):
    """AWS's own controller: types only, real maps, acronyms raised."""

    map_form = "map"

    def __init__(self) -> None:
        """Read data/ack.toml."""
        super().__init__()
        raw = load_data("ack.toml")
        self._shapes = raw["left_out_shapes"]
        self._members = raw["left_out_members"]

    def spell(self, path: str, member: str) -> str:  # noqa: ARG002 - no exceptions in this group
        """Return the CRD's key of a member."""
        return spell_ack(member)

    def type_of(self, old: Shape | None, new: Shape | None) -> str:
        """Return the JSON type that the CRD gives a place."""
        shape = old or new
        return shape.json_type if shape is not None else "string"

    def exposes(
        self,
        path: str,  # noqa: ARG002 - this group's exceptions go by shape
        owner: str,
        member: str,
        before: Mapping[str, str],
    ) -> bool:
        """Whether the CRD has the member."""
        left_out = f"{owner}.{member}" in self._members or before.get(member) in self._shapes
        return member in before and not left_out

    def makes_optional(self, path: str, member: str) -> bool:  # noqa: ARG002 - never
        """Return False: every name is the user's."""
        return False

    def crd_required(
        self,
        path: str,
        old: Shape | None,
        new: Shape | None,  # noqa: ARG002 - the CRD is as old as its controller
        members: frozenset[str],
    ) -> frozenset[str]:
        """Only the top level demands anything."""
        return old.required & members if old is not None and "." not in path else frozenset()

    def crd_bounds(
        self,
        path: str,  # noqa: ARG002
        old: Shape | None,  # noqa: ARG002
        newest: Mapping[str, Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """Return nothing: these CRDs constrain types only."""
        return {}

    def operator_fields(self, made: Place) -> tuple[Place, ...]:  # noqa: ARG002
        """Return nothing: region and endpoint are annotations."""
        return ()
