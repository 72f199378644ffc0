# SPDX-License-Identifier: Apache-2.0
"""Values against the shapes of botocore's own service model, in AWS's words.

AWS checks patterns against the whole value and counts list items from 1; a message reads
`1 validation error detected: Value '0' at 'resourceConfig.instanceCount' failed to satisfy
constraint: Member must have value greater than or equal to 1`. One thing differs: AWS ignores
members it does not know, and this fake refuses them, since a client that sends them has a bug.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import botocore.session
import jsonschema_rs

from tests.aws.refusal import Refusal, invalid

_WORD: Final = {
    "string": "a String",
    "integer": "an Integer",
    "long": "a Long",
    "float": "a Float",
    "double": "a Double",
    "boolean": "a Boolean",
    "timestamp": "a Timestamp",
}


@cache
def service_model() -> Any:
    """Return botocore's model of SageMaker."""
    return botocore.session.get_session().get_service_model("sagemaker")


def check(shape: Any, value: Any) -> None:
    """Raise ValidationException or SerializationException if a request is not of its shape."""
    found = list(failures(shape, value, ""))
    if found:
        errors = "error" if len(found) == 1 else "errors"
        raise invalid(f"{len(found)} validation {errors} detected: {'; '.join(found)}")


def failures(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Yield a sentence for each constraint that a value fails.

    Raises SerializationException for a value of another type.
    """
    _check_type(shape, value)
    if shape.type_name == "structure":
        yield from _structure(shape, value, path)
        return
    for constraint in _constraints(shape, value):
        yield f"Value {_shown(value)} at '{path}' failed to satisfy constraint: {constraint}"
    if shape.type_name == "list":
        for place, item in enumerate(value, start=1):
            yield from failures(shape.member, item, f"{path}.{place}.member")
    elif shape.type_name == "map":
        yield from _map(shape, value, path)


def _structure(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            where = _step(path, name)
            yield f"Value null at '{where}' failed to satisfy constraint: Member must not be null"
    for name, item in value.items():
        if name not in shape.members:
            raise Refusal("SerializationException", f"Unknown member {name} of {shape.name}")
        if item is not None:
            yield from failures(shape.members[name], item, _step(path, name))


def _map(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    for part, words, items in (
        (shape.key, "keys", value.keys()),
        (shape.value, "value", value.values()),
    ):
        for item in items:
            _check_type(part, item)
            if part.type_name != "string":
                yield from failures(part, item, path)
            elif found := ", ".join(_constraints(part, item)):
                yield (
                    f"Value {_shown(value)} at '{path}' failed to satisfy constraint: "
                    f"Map {words} must satisfy constraint: [{found}]"
                )


def _constraints(shape: Any, value: Any) -> Iterator[str]:
    facts = shape.metadata
    if shape.type_name in {"integer", "long", "float", "double"}:
        what, size = "value", value
    elif shape.type_name in {"string", "list", "map"}:
        what, size = "length", len(value)
    else:
        return
    if "min" in facts and size < facts["min"]:
        yield f"Member must have {what} greater than or equal to {facts['min']}"
    if "max" in facts and size > facts["max"]:
        yield f"Member must have {what} less than or equal to {facts['max']}"
    if shape.type_name == "string":
        if facts.get("enum") and value not in facts["enum"]:
            yield f"Member must satisfy enum value set: [{', '.join(facts['enum'])}]"
        if "pattern" in facts and not matches(facts["pattern"], value):
            yield f"Member must satisfy regular expression pattern: {facts['pattern']}"


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern of the model matches the whole text; true for the two it cannot read."""
    validator = _compiled(pattern)
    return validator is None or bool(validator.is_valid(text))


@cache
def _compiled(pattern: str) -> Any:
    try:
        return jsonschema_rs.validator_for({"pattern": f"^(?:{pattern})$"})
    except (jsonschema_rs.ValidationError, ValueError):
        return None


def _check_type(shape: Any, value: Any) -> None:
    expected = shape.type_name
    fits = {
        "structure": isinstance(value, dict),
        "map": isinstance(value, dict),
        "list": isinstance(value, list),
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "long": isinstance(value, int) and not isinstance(value, bool),
    }.get(expected, isinstance(value, int | float) and math.isfinite(value))
    if fits:
        return
    if expected in _WORD:
        raise Refusal(
            "SerializationException", f"{_token(value)} can not be converted to {_WORD[expected]}"
        )
    raise Refusal(
        "SerializationException", f"Unexpected {_token(value)} where a {expected} belongs"
    )


def _token(value: Any) -> str:
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE"
    kinds = ((str, "STRING_VALUE"), (int | float, "NUMBER_VALUE"), (list, "START_ARRAY"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "START_OBJECT")


def _shown(value: Any) -> str:
    return f"'{value if isinstance(value, str) else json.dumps(value)}'"


def _step(path: str, name: str) -> str:
    step = name[:1].lower() + name[1:]
    return f"{path}.{step}" if path else step
