# SPDX-License-Identifier: Apache-2.0
"""A kind's table: where each AWS member sits in the custom resource, and what it may hold.

The generated JSON Schema of a kind carries the AWS member and shape of every property. Read once,
it becomes a tree of `Field`s in which every path is already spelt out in both languages, so that
a review never builds or splits a path. A list starts a new scope: paths inside an item are
relative to that item.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One place in a custom resource.

    `path` is the AWS path relative to the scope ("ResourceConfig.InstanceType", "" at the
    scope's own root); `keys` are the same steps in the CRD's spelling. `form` is "pairs" (a list of
    name and value that is a map in the API), "map", "list", "structure" or "scalar".
    `constraints` holds the JSON Schema keywords of this place, references resolved.
    """

    key: str
    member: str
    shape: str
    form: str
    type: str
    path: str
    keys: tuple[str, ...]
    constraints: Mapping[str, Any]
    fields: Mapping[str, Field] = field(default_factory=dict)
    item: Field | None = None
    key_constraints: Mapping[str, Any] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    """Key in the CRD's spelling -> member that the API has here, and the CRD has not."""
    lacks: frozenset[str] = frozenset()
    """Parameters of the calls that this structure stands for, which have no place here."""
    operator: bool = False
    """No parameter of a call: the controller's own."""

    @property
    def limit(self) -> int | None:
        """The most items or entries that a list or map may have; of others None."""
        if self.form == "structure":
            return None
        found: int | None = self.constraints.get("maxItems", self.constraints.get("maxProperties"))
        return found

    def walk(self) -> Iterator[Field]:
        """Yield this field and every field below it, items of lists included."""
        yield self
        for child in self.fields.values():
            yield from child.walk()
        if self.item is not None:
            yield from self.item.walk()


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A custom resource kind: its names, its schema and its table."""

    group: str
    version: str
    name: str
    plural: str
    operations: tuple[str, ...]
    """The AWS calls that it becomes; of a sole one, the spec holds the parameters."""
    schema: Mapping[str, Any]
    spec: Field
    members: Mapping[str, Field]
    """AWS path -> field, for every place that is not inside a list."""

    @property
    def api_version(self) -> str:
        """`group/version`, as a manifest writes it."""
        return f"{self.group}/{self.version}"

    @property
    def is_ack(self) -> bool:
        """Whether AWS's own controller (ACK) runs this kind."""
        return self.group == "sagemaker.services.k8s.aws"


def load_table(name: str) -> Any:
    """Read one generated JSON file of this package, e.g. "catalog/images.json"."""
    return json.loads(files("schemas").joinpath(name).read_bytes())


@cache
def kinds() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Every (group, kind) that has a schema -> (version, file name in this package)."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for group in files("schemas").joinpath("kinds").iterdir():
        for version in group.iterdir():
            for file in version.iterdir():
                kind = file.name.removesuffix(".json")
                found[group.name, kind] = (
                    version.name,
                    f"kinds/{group.name}/{version.name}/{file.name}",
                )
    return dict(sorted(found.items()))


@cache
def find_kind(group: str, kind: str) -> Kind | None:
    """Return the kind's table, read at first use; None where we have no schema for it."""
    if (group, kind) not in kinds():
        return None
    schema = load_table(kinds()[group, kind][1])
    names = schema["x-kubernetes-kind"]
    spec = schema["properties"]["spec"]
    root = _field(schema, spec, key="spec", member="", path="", keys=())
    return Kind(
        group=group,
        version=names["version"],
        name=kind,
        plural=names["plural"],
        operations=tuple(spec["x-aws"]["operations"]),
        schema=schema,
        spec=root,
        members={field.path: field for field in _same_scope(root)},
    )


def _same_scope(root: Field) -> Iterator[Field]:
    yield root
    for child in root.fields.values():
        yield from _same_scope(child)


def _field(  # noqa: PLR0913 - one place, six facts; all named at each call
    schema: Mapping[str, Any],
    node: Mapping[str, Any],
    *,
    key: str,
    member: str,
    path: str,
    keys: tuple[str, ...],
) -> Field:
    aws = node.get("x-aws", {})
    constraints = _resolved(schema, node)
    kind = constraints.get("type", "string")
    form = aws.get("form") or {"object": "structure", "array": "list"}.get(kind, "scalar")
    fields: dict[str, Field] = {}
    item: Field | None = None
    if form == "structure":
        for name, child in node.get("properties", {}).items():
            step = child["x-aws"]["member"] if "member" in child.get("x-aws", {}) else name
            fields[name] = _field(
                schema,
                child,
                key=name,
                member=step,
                path=f"{path}.{step}" if path else step,
                keys=(*keys, name),
            )
    elif form in {"list", "pairs"}:
        item = _field(schema, node["items"], key="", member="", path="", keys=())
    elif form == "map":
        item = _field(schema, node["additionalProperties"], key="", member="", path="", keys=())
    return Field(
        key=key,
        member=member,
        shape=aws.get("shape", ""),
        form=form,
        type=kind,
        path=path,
        keys=keys,
        constraints=constraints,
        fields=fields,
        item=item,
        key_constraints=_key_constraints(schema, node, form),
        absent=node.get("x-aws-absent", {}),
        lacks=frozenset(node.get("x-aws-lacks", ())),
        operator=bool(aws.get("operator")),
    )


def _key_constraints(
    schema: Mapping[str, Any], node: Mapping[str, Any], form: str
) -> Mapping[str, Any]:
    if form == "map" and "propertyNames" in node:
        return _resolved(schema, node["propertyNames"])
    return {}


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the keywords of a place that speak of its own value, its reference followed."""
    found = {
        name: value for name, value in node.items() if name not in {"properties", "items", "$ref"}
    }
    reference = node.get("$ref")
    if reference is not None:
        found = {**schema["$defs"][reference.removeprefix("#/$defs/")], **found}
    return found
