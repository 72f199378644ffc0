# SPDX-License-Identifier: Apache-2.0
"""Values for the fields of a kind: the least that is valid, and valid ones at random."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from schemas import Field, Kind
from tests.specimens.text import texts
from webhook.resource import REGION

MOST_ITEMS = 3
"""Items of a random list or map, where it need not have more."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes values. Without `chance` the least, else each optional field with `share`."""

    chance: random.Random | None = None
    share: float = 0.0

    def value(self, place: Field) -> Any:
        """Return a valid value of a field."""
        match place.form:
            case "structure":
                return self._structure(place)
            case "list":
                assert place.item is not None
                return [self.value(place.item) for _ in range(self._count(place, "minItems"))]
            case "pairs":
                assert place.item is not None
                value = self.value(place.item.fields["value"])
                return [{"name": name, "value": value} for name in self._keys(place)]
            case "map":
                assert place.item is not None
                value = self.value(place.item)
                return dict.fromkeys(self._keys(place), value)
            case _:
                return self._scalar(place)

    def _structure(self, place: Field) -> dict[str, Any]:
        required = place.constraints.get("required", ())
        if "minProperties" in place.constraints:  # alternatives
            keys = sorted(place.fields)
            required = (keys[0] if self.chance is None else self.chance.choice(keys),)
        return {
            key: self.value(child)
            for key, child in place.fields.items()
            if key in required or ("minProperties" not in place.constraints and self._wants())
        }

    def _wants(self) -> bool:
        return self.chance is not None and self.chance.random() < self.share

    def _count(self, place: Field, word: str) -> int:
        least: int = place.constraints.get(word, 0)
        if self.chance is None:
            return least
        return max(least, min(self.chance.randint(0, MOST_ITEMS), place.limit or MOST_ITEMS))

    def _keys(self, place: Field) -> list[str]:
        assert place.item is not None
        holder = place.item.fields["name"] if place.form == "pairs" else _key_field(place)
        known = texts(holder)
        return list(known[: self._count(place, "minItems")])

    def _scalar(self, place: Field) -> Any:
        rules = place.constraints
        if place.type == "boolean":
            return self.chance is not None and self.chance.random() < 0.5
        if place.type in {"integer", "number"}:
            least, most = rules.get("minimum", 0), rules.get("maximum", 1000)
            low = max(least, 1) if most >= 1 else least
            return (
                low if self.chance is None else self.chance.randint(int(low), int(max(low, most)))
            )
        known = texts(place)
        return known[0] if self.chance is None else self.chance.choice(known)


def _key_field(place: Field) -> Field:
    """Return a map's keys as a field."""
    return Field("", "", "", "scalar", "string", "", (), place.key_constraints)


def wrap(kind: Kind, spec: Any) -> dict[str, Any]:
    """Return a whole object around a spec; ACK's with its region."""
    metadata: dict[str, Any] = {"name": "specimen", "namespace": "default"}
    if kind.is_ack:
        metadata["annotations"] = {REGION: "us-west-2"}
    return {"apiVersion": kind.api_version, "kind": kind.name, "metadata": metadata, "spec": spec}


def least(kind: Kind) -> Any:
    """Return the least spec that the kind's schema takes."""
    spec = Maker().value(kind.spec)
    if not kind.is_ack:
        spec["region"] = "us-west-2"
    return spec
