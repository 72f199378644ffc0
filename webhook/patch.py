# SPDX-License-Identifier: Apache-2.0
"""JSON Patch (RFC 6902), only the one operation that defaults need: add what is absent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Add:
    """Put `value` at `path`; the parent is an object that is there, the last step is not."""

    path: tuple[str | int, ...]
    value: Any

    @property
    def operation(self) -> dict[str, Any]:
        """The operation as the API server reads it."""
        return {"op": "add", "path": pointer(self.path), "value": self.value}


def pointer(path: Iterable[str | int]) -> str:
    """Write a JSON Pointer (RFC 6901): `~` and `/` in a step are escaped, in this order."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def apply(document: dict[str, Any], patch: Sequence[Add]) -> dict[str, Any]:
    """Return the document with the patch applied; what the patch does not touch is shared.

    Raises KeyError or IndexError when a parent is missing: a default never creates one.
    """
    result = dict(document)
    copied: dict[tuple[str | int, ...], Any] = {(): result}
    for add in patch:
        for depth in range(1, len(add.path)):
            step = add.path[:depth]
            if step not in copied:
                parent = copied[step[:-1]]
                copied[step] = parent[step[-1]] = copy(parent[step[-1]])
        copied[add.path[:-1]][add.path[-1]] = add.value
    return result
