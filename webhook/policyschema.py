# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of the policy document, made from the rules' parameter types."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from webhook.finding import Mode
from webhook.reserved import MODED


class PolicyError(Exception):
    """The policy document is wrong: what, and where (`path`, keys and indices)."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        """Say what is wrong at a path of the document."""
        super().__init__(message)
        self.path = path
        self.message = message


def policy_schema(
    parameter_types: Mapping[str, type[Any]], rules: frozenset[str]
) -> dict[str, Any]:
    """Return the schema (draft 2020-12) for the given rules."""
    section = _object(
        {
            "name": {"type": "string", "minLength": 1},
            "match": _object(
                {
                    "namespaces": _object(
                        {
                            "names": {"type": "array", "items": {"type": "string"}},
                            "selector": _object(
                                {
                                    "matchLabels": {
                                        "type": "object",
                                        "additionalProperties": {"type": "string"},
                                    }
                                }
                            ),
                        }
                    ),
                    "kinds": {"type": "array", "items": {"type": "string"}},
                }
            ),
            "defaults": {
                "type": "object",
                "properties": {
                    "Region": {"type": "string", "minLength": 1},
                    "RoleArn": {"type": "string", "minLength": 20},
                },
            },
            "parameters": _object(
                {rule: _parameters(type_) for rule, type_ in sorted(parameter_types.items())}
            ),
            "modes": _object({rule: {"enum": [*Mode]} for rule in sorted(rules)}),
            "waivers": _object(
                {
                    "rules": {"type": "array", "items": {"enum": sorted(rules - MODED)}},
                    "longestDays": {"type": "integer", "minimum": 1},
                }
            ),
        },
        required=["name"],
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://kube-sagemaker.dev/schemas/policy.json",
        "title": "SageMakerPolicy",
        **_object(
            {
                "apiVersion": {"const": "kube-sagemaker.dev/v1alpha1"},
                "kind": {"const": "SageMakerPolicy"},
                "metadata": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": {"type": "string", "minLength": 1}},
                },
                "spec": _object(
                    {
                        "ackController": _object(
                            {
                                "region": {"type": "string", "minLength": 1},
                                "serviceAccount": {
                                    "type": "string",
                                    "pattern": "^[a-z0-9-]+:[a-z0-9.-]+$",
                                },
                            }
                        ),
                        "sections": {"type": "array", "items": section},
                    }
                ),
            },
            required=["apiVersion", "kind", "metadata", "spec"],
        ),
    }


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**found, "required": required} if required else found


def _parameters(type_: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(type_)
    properties = {
        item.name: {**_schema_of(hints[item.name]), **dict(item.metadata)} for item in fields(type_)
    }
    return _object(properties)


def _schema_of(hint: Any) -> dict[str, Any]:
    """Turn a parameter's type into a schema: int, float, bool, str, tuple[…, ...], or None."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        (inner,) = (arg for arg in typing.get_args(hint) if arg is not type(None))
        return _schema_of(inner)
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _schema_of(typing.get_args(hint)[0])}
    names = {int: "integer", float: "number", bool: "boolean", str: "string"}
    if hint in names:
        return {"type": names[hint]}
    raise TypeError(f"a policy parameter cannot be of type {hint!r}")


def validate_document(document: Any, schema: Mapping[str, Any]) -> None:
    """Refuse a document that does not conform, naming the deepest place that is wrong.

    Raises PolicyError.
    """
    import jsonschema  # noqa: PLC0415 - only a gate with a policy pays its import

    errors = list(jsonschema.Draft202012Validator(dict(schema)).iter_errors(document))
    if not errors:
        return
    error = max(errors, key=lambda e: len(e.absolute_path))
    path = tuple(error.absolute_path)
    raise PolicyError(path, _sentence(error, document))


def _sentence(error: Any, document: Any) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        unknown = next(key for key in error.instance if key not in error.schema["properties"])
        near = get_close_matches(str(unknown), known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(known[:5])}"
        return f"unknown key {str(unknown)!r}; {hint}"
    if error.validator in {"type", "enum", "const"}:
        want = error.validator_value
        want = ", ".join(map(str, want)) if isinstance(want, list) else want
        return f"is {error.instance!r}, must be {want}"[:300]
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return f"lacks the key {missing!r}"
    del document
    return str(error.message)[:300]
