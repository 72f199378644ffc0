# SPDX-License-Identifier: Apache-2.0
"""A kind's tree as JSON Schema, draft 2020-12, with the AWS names beside each place."""

from __future__ import annotations

from typing import Any, Final

from tools.place import KindName, Place

BASE: Final = "https://kube-sagemaker.dev/schemas"


def print_schema(tree: Place, name: KindName) -> dict[str, Any]:
    """Return the schema of a kind."""
    definitions: dict[str, Any] = {}
    spec = _schema(tree, definitions)
    spec["x-aws"] = {"shape": tree.shape, "operations": list(name.operations)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}/{name.group}/{name.version}/{name.kind}.json",
        "title": name.kind,
        "x-kubernetes-kind": {
            "group": name.group,
            "version": name.version,
            "kind": name.kind,
            "plural": name.plural,
        },
        "type": "object",
        "required": ["spec"],
        "additionalProperties": False,
        "properties": {
            "apiVersion": {"const": f"{name.group}/{name.version}"},
            "kind": {"const": name.kind},
            "metadata": {"type": "object"},
            "spec": spec,
            "status": {"type": "object"},
        },
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(place: Place, definitions: dict[str, Any]) -> dict[str, Any]:
    aws: dict[str, Any] = {"member": place.member} if place.member else {}
    aws["shape"] = place.shape
    if place.operator:
        aws["operator"] = True
    match place.form:
        case "structure":
            return _structure(place, aws, definitions)
        case "list":
            assert place.item is not None  # noqa: S101 - the tree's promise
            items = _schema(place.item, definitions)
            return {"type": "array", **place.bounds, "x-aws": aws, "items": items}
        case "map" | "pairs":
            return _entries(place, {**aws, "form": place.form}, definitions)
        case _:
            return _scalar(place, aws, definitions)


def _structure(place: Place, aws: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", **place.bounds, "x-aws": aws}
    if place.absent:
        found["x-aws-absent"] = dict(sorted(place.absent.items()))
    if place.lacks:
        found["x-aws-lacks"] = sorted(place.lacks)
    if place.required:
        found["required"] = sorted(place.required)
    found["additionalProperties"] = False
    found["properties"] = {
        child.key: _schema(child, definitions)
        for child in sorted(place.children, key=lambda child: child.key)
    }
    return found


def _entries(place: Place, aws: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    assert place.item is not None and place.map_key is not None  # noqa: S101, PT018 - the tree's promise
    keys, values = _schema(place.map_key, definitions), _schema(place.item, definitions)
    if place.form == "map":
        return {
            "type": "object",
            **place.bounds,
            "x-aws": aws,
            "propertyNames": keys,
            "additionalProperties": values,
        }
    bounds = {word.replace("Properties", "Items"): value for word, value in place.bounds.items()}
    pair = {
        "type": "object",
        "required": ["name", "value"],
        "additionalProperties": False,
        "properties": {"name": keys, "value": values},
    }
    return {"type": "array", **bounds, "x-aws": aws, "items": pair}


def _scalar(place: Place, aws: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Refer to the shape's definition; a place with bounds of its own spells them out."""
    own = {"type": place.type, **place.bounds}
    if len(own) == 1 or definitions.setdefault(place.shape, own) != own:
        return {**own, "x-aws": aws}
    return {"$ref": f"#/$defs/{place.shape}", "x-aws": aws}
