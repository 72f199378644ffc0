# SPDX-License-Identifier: Apache-2.0
"""One field of a kind, as both printers read it, and the names of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """One field. `bounds` are JSON Schema keywords of the newest API, `crd_bounds` of the CRD."""

    key: str
    member: str
    shape: str
    type: str
    form: str
    path: str
    bounds: Mapping[str, Any] = field(default_factory=dict)
    crd_bounds: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[Place, ...] = ()
    required: frozenset[str] = frozenset()
    """Keys that the API or the CRD demands."""
    crd_required: frozenset[str] = frozenset()
    """Keys that the CRD demands."""
    absent: Mapping[str, str] = field(default_factory=dict)
    """CRD spelling -> member that the newest API has here and the CRD has not."""
    lacks: frozenset[str] = frozenset()
    """Members of the calls that this structure stands for, which it does not hold."""
    item: Place | None = None
    map_key: Place | None = None
    operator: bool = False


@dataclass(frozen=True, slots=True)
class KindName:
    """A kind's names, and the operations that it becomes."""

    group: str
    version: str
    kind: str
    plural: str
    operations: tuple[str, ...]
    short_names: tuple[str, ...] = ()

    @property
    def root(self) -> str:
        """What describes the spec: the one operation, or a composite of the kind's name."""
        return self.operations[0] if len(self.operations) == 1 else self.kind
