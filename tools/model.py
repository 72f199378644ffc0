# SPDX-License-Identifier: Apache-2.0
"""botocore's description of the SageMaker API, as small values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tools.wheels import pinned

SERVICE: Final = "botocore/data/sagemaker/2017-07-24/service-2.json"

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

    @property
    def json_type(self) -> str:
        """The JSON type of its values."""
        return JSON_TYPES[self.type]


class Model:
    """One version of the API."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        """`description` is the content of a service-2.json."""
        self._shapes = description["shapes"]
        self._operations = description["operations"]

    def input_of(self, operation: str) -> Shape:
        """Return the shape of an operation's parameters."""
        return self.shape(self._operations[operation]["input"]["shape"])

    def has(self, shape: str) -> bool:
        """Whether the version has a shape of this name."""
        return shape in self._shapes

    def shape(self, name: str) -> Shape:
        """Return a shape by name."""
        raw = self._shapes[name]
        return Shape(
            name=name,
            type=raw["type"],
            members={key: item["shape"] for key, item in raw.get("members", {}).items()},
            required=frozenset(raw.get("required", ())),
            member=raw.get("member", {}).get("shape"),
            key=raw.get("key", {}).get("shape"),
            value=raw.get("value", {}).get("shape"),
            minimum=raw.get("min"),
            maximum=raw.get("max"),
            pattern=raw.get("pattern"),
            enum=tuple(raw.get("enum", ())),
        )


@cache
def load_model(role: str) -> Model:
    """Read the model of a pinned wheel, by its role."""
    return Model(pinned()[role].read(SERVICE))
