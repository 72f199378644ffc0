# SPDX-License-Identifier: Apache-2.0
"""The check: the gate's verdict on documents, before there is a cluster.

Each object is completed and judged as a CREATE would be. What a cluster would add is taken from the
input where it is there: the labels and annotations of namespaces.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from webhook.adapters.yamlfile import Document
from webhook.baseline import Baseline
from webhook.context import Context
from webhook.defaulting import Filled, default
from webhook.finding import Finding, Path, Rank
from webhook.margin import Margin
from webhook.resource import Namespace, Resource, read_resource
from webhook.review import Verdict, review
from webhook.waiver import Waived


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, from 1. `width` is that of a value on its line, 1 where unknown."""

    source: str
    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """One object with its verdict, and where it stands. `base` leads to it in its document.

    `remarks` are about comments of the document, and stand with the last object of it.
    """

    document: Document
    base: Path
    resource: Resource
    verdict: Verdict
    filled: tuple[Filled, ...]
    remarks: tuple[tuple[Finding, Place], ...] = ()

    def place(self, finding: Finding) -> Place:
        """Return where a finding is."""
        path = (*self.base, *finding.fault.path)
        return find_place(self.document, path, is_of_key=finding.rank is Rank.NAME)

    @property
    def findings(self) -> list[tuple[Finding, Place]]:
        """The findings with their places, in the order of the file."""
        placed = [(finding, self.place(finding)) for finding in self.verdict.findings]
        return sorted([*placed, *self.remarks], key=lambda each: (each[1].line, each[1].column))


def find_place(document: Document, path: Path, *, is_of_key: bool = False) -> Place:
    """Return where the value at a path stands; for one that is missing, where its parent does."""
    key, item, is_there = document.find(path)
    if (
        is_there
        and not (is_of_key and key is not None)
        and isinstance(item.value, str | int | float)
    ):
        return Place(document.source, item.line, item.column, item.width or 1)
    if key is not None:
        return Place(document.source, key.line, key.column, key.width or 1)
    return Place(document.source, item.line, item.column)


@dataclass(slots=True)
class Check:
    """One run. `passed_over` counts objects of other kinds."""

    context: Context
    namespace: str = "default"
    baseline: Baseline | None = None
    passed_over: int = 0

    def run(self, documents: Iterable[Document]) -> Iterator[Checked]:
        """Judge every SageMaker object of the documents, counting anew."""
        self.passed_over = 0
        if self.baseline is not None:
            self.baseline.start()
        known = [(document, tuple(_objects(document.value, ()))) for document in documents]
        namespaces = {n.name: n for _, objects in known for n in _namespaces(objects)}
        for document, objects in known:
            yield from self._run_document(document, objects, namespaces)

    def _run_document(
        self,
        document: Document,
        objects: tuple[tuple[Path, Any], ...],
        namespaces: Mapping[str, Namespace],
    ) -> Iterator[Checked]:
        margin = Margin.of(document.comments) if document.comments else None
        last: Checked | None = None
        context = self.context
        for base, body in objects:
            resource = read_resource(body, self.namespace)
            if resource is None:
                self.passed_over += 1
                continue
            if last is not None:
                yield last
            namespace = namespaces.get(resource.namespace)
            nobody = Namespace(resource.namespace, {}, {})
            context = replace(self.context, namespace=namespace or nobody)
            last = self._judge(document, base, resource, context, margin)
        if last is not None:
            yield last if margin is None else _with_remarks(last, margin, context)

    def _judge(
        self,
        document: Document,
        base: Path,
        resource: Resource,
        context: Context,
        margin: Margin | None,
    ) -> Checked:
        if margin is not None or self.baseline is not None:

            def excuse(finding: Finding) -> Waived | None:
                lines = _lines(document, (*base, *finding.fault.path))
                found = margin.take(finding, lines, context) if margin is not None else None
                if found is None and self.baseline is not None:
                    found = self.baseline.take(document.source, resource, finding)
                return found

            context = replace(context, excuse=excuse)
        done = default(resource, context)
        verdict = review(done.resource, context)
        return Checked(document, base, done.resource, verdict, done.filled)


def _with_remarks(checked: Checked, margin: Margin, context: Context) -> Checked:
    """Add what is wrong with the document's comments."""
    resource, source = checked.resource, checked.document.source
    effective = context.policy.effective(resource.kind, resource.namespace, context.namespace)
    remarks = tuple(
        (finding, Place(source, comment.line, comment.column, len(comment.text)))
        for finding, comment in margin.complaints(context, effective)
    )
    return dataclasses.replace(checked, remarks=remarks)


def _lines(document: Document, path: Path) -> frozenset[int]:
    """Return the lines of a place's key and value, which a comment may speak of."""
    key, item, _ = document.find(path)
    return frozenset({item.line if key is None else key.line, find_place(document, path).line})


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
