# SPDX-License-Identifier: Apache-2.0
"""The check: the gate's verdict on documents, before there is a cluster.

Each object is completed and judged as a CREATE would be. What a cluster would add is taken from the
input where it is there: the labels and annotations of namespaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from webhook.adapters.yamlfile import Document
from webhook.context import Context
from webhook.defaulting import Filled, default
from webhook.finding import Finding, Path
from webhook.resource import Namespace, Resource, read_resource
from webhook.review import Verdict, review


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, from 1. `width` is that of a value on its line, 1 where unknown."""

    source: str
    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """One object with its verdict, and where it stands. `base` leads to it in its document."""

    document: Document
    base: Path
    resource: Resource
    verdict: Verdict
    filled: tuple[Filled, ...]

    def place(self, path: Path) -> Place:
        """Return where a value stands; for one that is missing, where its parent does."""
        key, item, is_there = self.document.find((*self.base, *path))
        if is_there and isinstance(item.value, str | int | float):
            return Place(self.document.source, item.line, item.column, len(str(item.value)) or 1)
        if key is not None:
            width = len(str(key.value))
            return Place(self.document.source, key.line, key.column, width)
        return Place(self.document.source, item.line, item.column)

    @property
    def findings(self) -> Iterator[tuple[Finding, Place]]:
        """Yield the findings with their places, in the order of the file."""
        placed = [(finding, self.place(finding.fault.path)) for finding in self.verdict.findings]
        yield from sorted(placed, key=lambda each: (each[1].line, each[1].column))


@dataclass(slots=True)
class Check:
    """One run. `passed_over` counts objects of other kinds."""

    context: Context
    namespace: str = "default"
    passed_over: int = 0

    def run(self, documents: Iterable[Document]) -> Iterator[Checked]:
        """Judge every SageMaker object of the documents."""
        known = [(document, tuple(_objects(document.value, ()))) for document in documents]
        namespaces = {n.name: n for _, objects in known for n in _namespaces(objects)}
        for document, objects in known:
            for base, body in objects:
                resource = read_resource(body, self.namespace)
                if resource is None:
                    self.passed_over += 1
                    continue
                found = namespaces.get(resource.namespace)
                nobody = Namespace(resource.namespace, {}, {})
                yield self._judge(document, base, resource, found or nobody)

    def _judge(
        self, document: Document, base: Path, resource: Resource, namespace: Namespace
    ) -> Checked:
        context = replace(self.context, namespace=namespace)
        done = default(resource, context)
        verdict = review(done.resource, context)
        return Checked(document, base, done.resource, verdict, done.filled)


def _objects(value: Any, base: Path) -> Iterator[tuple[Path, Any]]:
    """Yield the objects of a document with where they are in it, those of Lists one by one."""
    if not isinstance(value, dict):
        return
    items, kind = value.get("items"), value.get("kind")
    if isinstance(items, list) and isinstance(kind, str) and kind.endswith("List"):
        for index, item in enumerate(items):
            yield from _objects(item, (*base, "items", index))
    else:
        yield base, value


def _namespaces(objects: Iterable[tuple[Path, Any]]) -> Iterator[Namespace]:
    """Yield the Namespace objects among others."""
    for _, body in objects:
        metadata = body.get("metadata")
        if (body.get("apiVersion"), body.get("kind")) != ("v1", "Namespace"):
            continue
        if isinstance(metadata, dict) and isinstance(metadata.get("name"), str):
            yield Namespace(
                metadata["name"], _texts(metadata, "labels"), _texts(metadata, "annotations")
            )


def _texts(metadata: Mapping[str, Any], key: str) -> Mapping[str, str]:
    found = metadata.get(key)
    return found if isinstance(found, dict) else {}
