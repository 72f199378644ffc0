# SPDX-License-Identifier: Apache-2.0
"""The dialect of the original operators, extended by what the API has gained since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.data import load_data
from tools.dialect import _Common
from tools.model import Shape
from tools.place import Place
from tools.spelling import spell_legacy


class Original(_Common):
    """`sagemaker.aws.amazon.com/v1`: lower-case first letters, maps as lists of pairs."""

    map_form = "pairs"

    def __init__(self) -> None:
        """Read data/legacy.toml."""
        super().__init__()
        raw = load_data("legacy.toml")
        self._renamed = raw["renamed"]
        self._left_out = raw["left_out"]
        self._optional = raw["optional"]
        self._open_in_crd = raw["open_in_crd"]
        self._plain_region = frozenset(raw["plain_region"]["kinds"])
        self._demanded = raw["demanded"]
        self._bounds = raw["bounds"]
        self._maxima = frozenset(raw["kept_maxima"]["shapes"])

    def spell(self, path: str, member: str) -> str:
        """Return the CRD's key of a member."""
        entry = self._renamed.get(path)
        return entry["key"] if entry is not None else spell_legacy(member)

    def type_of(self, old: Shape | None, new: Shape | None) -> str:
        """Return the JSON type; a float of 2021 is an integer, a newer one a number."""
        if old is not None:
            return "integer" if old.json_type == "number" else old.json_type
        return new.json_type if new is not None else "string"

    def exposes(
        self,
        path: str,
        owner: str,  # noqa: ARG002 - this group's exceptions go by path
        member: str,  # noqa: ARG002
        before: Mapping[str, str],  # noqa: ARG002
    ) -> bool:
        """Whether the CRD has the member: all but what the original left out."""
        return path not in self._left_out

    def makes_optional(self, path: str, member: str) -> bool:
        """Whether the controller supplies a member that the API demands."""
        return f"{path}.{member}" in self._optional

    def crd_required(
        self, path: str, old: Shape | None, new: Shape | None, members: frozenset[str]
    ) -> frozenset[str]:
        """Return what 2021 demanded and today's API still does, and what was set by hand.

        A structure that the API has gained since demands what the API does.
        """
        now = new.required if new is not None else frozenset()
        then = old.required if old is not None else now
        is_open = {
            m for m in members if self.makes_optional(path, m) or f"{path}.{m}" in self._open_in_crd
        }
        kept = (then & now & members) - is_open
        by_hand = {m for m in members if f"{path}.{m}" in self._demanded}
        own = {"Region"} if "." not in path else set()
        return frozenset(kept | by_hand | own)

    def crd_bounds(self, path: str, old: Shape | None, newest: Mapping[str, Any]) -> dict[str, Any]:
        """Return the bounds of 2021 that today's API still has, and those set by hand."""
        found: dict[str, Any] = {}
        if old is not None and not old.enum:
            words = _words(old)
            if words is not None and old.minimum and newest.get(words[0], 0) >= old.minimum:
                found[words[0]] = old.minimum
            if words is not None and old.maximum is not None and old.name in self._maxima:
                found[words[1]] = old.maximum
        for word, value in self._bounds.get(path, {}).items():
            if value is False:
                found.pop(word, None)
            elif word != "reason":
                found[word] = value
        return found

    def operator_fields(self, made: Place) -> tuple[Place, ...]:
        """Return `region` and `sageMakerEndpoint` at the top of a spec."""
        if "." in made.path or "[" in made.path:
            return ()
        endpoint = {"if": {"maxLength": 2048}, "then": {"pattern": "^(?:https?://.*)$"}}
        return (
            Place(
                "region",
                "Region",
                "Region",
                "string",
                "scalar",
                f"{made.path}.Region",
                {"minLength": 1, "maxLength": 64},
                {} if made.path in self._plain_region else {"minLength": 1},
                operator=True,
            ),
            Place(
                "sageMakerEndpoint",
                "SageMakerEndpoint",
                "SageMakerEndpoint",
                "string",
                "scalar",
                f"{made.path}.SageMakerEndpoint",
                {"maxLength": 2048, **endpoint},
                operator=True,
            ),
        )


def _words(shape: Shape) -> tuple[str, str] | None:
    """Return the keywords for a shape's least and most."""
    match shape.type:
        case "string":
            return "minLength", "maxLength"
        case "list" | "map":
            return "minItems", "maxItems"
        case "integer" | "long" | "float" | "double":
            return "minimum", "maximum"
        case _:
            return None
