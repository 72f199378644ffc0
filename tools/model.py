# SPDX-License-Identifier: Apache-2.0
"""botocore's description of an AWS API, as small values, and what no version of it describes.

The specs of kinds that become several calls are shapes of data/composites.toml, in the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tools.data import load_data
from tools.wheels import pinned

SERVICES: Final = {
    "sagemaker": "botocore/data/sagemaker/2017-07-24/service-2.json",
    "application-autoscaling": "botocore/data/application-autoscaling/2016-02-06/service-2.json",
}

JSON_TYPES: Final = {
    "string": "string",
    "blob": "string",
    "timestamp": "string",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "boolean": "boolean",
    "structure": "object",
    "map": "object",
    "list": "array",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of the API. `members` maps names to shape names; of a list there is `member`."""

    name: str
    type: str
    members: Mapping[str, str]
    required: frozenset[str]
    member: str | None
    key: str | None
    value: str | None
    minimum: int | float | None
    maximum: int | float | None
    pattern: str | None
    enum: tuple[str, ...]
    is_union: bool = False
    """Whether exactly one of the members must be given."""
    own: frozenset[str] = frozenset()
    """Members that are no parameter of a call: the controller's own."""

    @property
    def json_type(self) -> str:
        """The JSON type of its values."""
        return JSON_TYPES[self.type]


class Model:
    """One version of an API, with the shapes of our own."""

    def __init__(self, description: Mapping[str, Any], composites: Mapping[str, Any]) -> None:
        """`description` is the content of a service-2.json, `composites` of composites.toml."""
        self._shapes = description["shapes"]
        self._operations = description["operations"]
        self._composites = composites

    def input_of(self, operation: str) -> Shape:
        """Return the shape of an operation's parameters, or of a composite kind's spec."""
        composite = self._composites["operations"].get(operation)
        return self.shape(composite or self._operations[operation]["input"]["shape"])

    def has(self, shape: str) -> bool:
        """Whether the version has a shape of this name."""
        return shape in self._shapes or shape in self._composites["shapes"]

    def shape(self, name: str) -> Shape:
        """Return a shape by name."""
        composite = self._composites["shapes"].get(name)
        if composite is not None:
            return self._composite(name, composite)
        raw = self._shapes[name]
        members = {key: item["shape"] for key, item in raw.get("members", {}).items()}
        added = self._composites["added"].get(name, {})
        return Shape(
            name=name,
            type=raw["type"],
            members={**members, **added},
            required=frozenset(raw.get("required", ())),
            member=raw.get("member", {}).get("shape"),
            key=raw.get("key", {}).get("shape"),
            value=raw.get("value", {}).get("shape"),
            minimum=raw.get("min"),
            maximum=raw.get("max"),
            pattern=raw.get("pattern"),
            enum=tuple(raw.get("enum", ())),
            is_union=bool(raw.get("union")),
            own=frozenset(added),
        )

    def _composite(self, name: str, raw: Mapping[str, Any]) -> Shape:
        members = {key: shape for key, shape in raw.get("members", {}).items() if self.has(shape)}
        return Shape(
            name=name,
            type=raw["type"],
            members=members,
            required=frozenset(raw.get("required", ())) & frozenset(members),
            member=raw.get("member"),
            key=None,
            value=None,
            minimum=raw.get("min"),
            maximum=raw.get("max"),
            pattern=raw.get("pattern"),
            enum=(),
            own=frozenset(raw.get("own", ())),
        )

    def called_by(self, shape: Shape) -> frozenset[str]:
        """Return the parameters of the calls that a shape stands for; mostly of none."""
        operations = self._composites["stands_for"].get(shape.name, ())
        return frozenset(m for operation in operations for m in self.input_of(operation).members)


@cache
def load_model(role: str, service: str = "sagemaker") -> Model:
    """Read the model of a pinned wheel, by its role."""
    return Model(pinned()[role].read(SERVICES[service]), load_data("composites.toml"))
