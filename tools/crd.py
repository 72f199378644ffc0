# SPDX-License-Identifier: Apache-2.0
"""A kind's tree as a CustomResourceDefinition.

Ours keep every object of spec open (`x-kubernetes-preserve-unknown-fields`), as the original
stored them: so a misspelt field reaches the gate from every client, and is refused with the
right name instead of being dropped in silence. ACK's, for tests, prune, as AWS ships them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.place import KindName, Place

TIME = {"type": "string", "format": "date-time"}

CONDITIONS = {
    "type": "array",
    "description": "Ready, Synced and Failed, with reason and message.",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["type"],
    "items": {
        "type": "object",
        "required": ["type", "status", "lastTransitionTime", "reason"],
        "properties": {
            "type": {"type": "string"},
            "status": {"type": "string", "enum": ["True", "False", "Unknown"]},
            "observedGeneration": {"type": "integer", "format": "int64"},
            "lastTransitionTime": TIME,
            "reason": {"type": "string"},
            "message": {"type": "string"},
        },
    },
}


def print_crd(
    spec: Mapping[str, Any],
    status: Mapping[str, Any],
    name: KindName,
    *,
    columns: Sequence[Mapping[str, str]] = (),
    spec_required: bool = True,
) -> dict[str, Any]:
    """Return a CRD around the schemas of spec and status."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": spec,
            "status": status,
        },
    }
    if spec_required:
        schema["required"] = ["spec"]
    served: dict[str, Any] = {
        "name": name.version,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}},
    }
    if columns:
        served["additionalPrinterColumns"] = [dict(column) for column in columns]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{name.plural}.{name.group}"},
        "spec": {
            "group": name.group,
            "names": {
                "categories": ["sagemaker"],
                "kind": name.kind,
                "listKind": f"{name.kind}List",
                "plural": name.plural,
                **({"shortNames": list(name.short_names)} if name.short_names else {}),
                "singular": name.kind.lower(),
            },
            "scope": "Namespaced",
            "versions": [served],
        },
    }


def open_spec(tree: Place, operation: str) -> dict[str, Any]:
    """Return our schema of spec: types, what is demanded, bounds, descriptions; all of it open."""
    return _place(tree, operation, describe=True, is_open=True)


def plain_spec(tree: Place) -> dict[str, Any]:
    """Return ACK's schema of spec: types, and what the top level demands."""
    return _place(tree, "", describe=False, is_open=False)


def status_schema(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a status, of its table in data/status.toml."""
    fields = _status_field(table)["properties"]
    return {
        "type": "object",
        "properties": {
            **fields,
            "region": {"type": "string", "description": "Where its AWS side is."},
            "sageMakerEndpoint": {
                "type": "string",
                "description": "Where SageMaker was asked for it, if not at its own address.",
            },
            "requestedName": {
                "type": "string",
                "description": "By what name it was asked for, until it is seen in AWS.",
            },
            "conditions": CONDITIONS,
            "observedGeneration": {"type": "integer", "format": "int64"},
        },
    }


def _status_field(kind: Any) -> dict[str, Any]:
    if isinstance(kind, Mapping):
        properties = {name: _status_field(each) for name, each in kind.items()}
        return {"type": "object", "properties": properties}
    if isinstance(kind, list):
        return {"type": "array", "items": _status_field(kind[0])}
    return dict(TIME) if kind == "time" else {"type": kind}


def _place(place: Place, operation: str, *, describe: bool, is_open: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "array" if place.form == "pairs" else place.type}
    if describe:
        found["description"] = _description(place, operation)
    if place.type == "integer":
        found["format"] = "int64"
    words = place.crd_bounds.items()
    found.update({word.replace("Properties", "Items"): value for word, value in words})
    found.update(_content(place, operation, describe=describe, is_open=is_open))
    for schema in (found, found.get("items", {})):
        if is_open and schema.get("type") == "object":
            schema["x-kubernetes-preserve-unknown-fields"] = True
    return found


def _content(place: Place, operation: str, *, describe: bool, is_open: bool) -> dict[str, Any]:
    """Return the keywords for what is below a place."""

    def below(child: Place) -> dict[str, Any]:
        return _place(child, operation, describe=describe, is_open=is_open)

    if place.form == "structure":
        children = sorted(place.children, key=lambda child: child.key)
        required = {"required": sorted(place.crd_required)} if place.crd_required else {}
        return {**required, "properties": {child.key: below(child) for child in children}}
    if place.form == "list" and place.item is not None:
        return {"items": below(place.item)}
    if place.form == "pairs":
        text = {"type": "string"}
        return {"items": {"type": "object", "properties": {"name": text, "value": dict(text)}}}
    if place.form == "map" and place.item is not None:
        return {"additionalProperties": {"type": place.item.type}}
    return {}


def _description(place: Place, operation: str) -> str:
    if place.operator:
        what = "Region of the AWS call" if place.member == "Region" else "Endpoint to call instead"
        return f"{what}; no member of the API."
    path = place.path.partition(".")[2].replace("[]", "").replace("{}", "")
    if not path:
        return f"Parameters of {operation}."
    return f"{path} of {operation}."
