# SPDX-License-Identifier: Apache-2.0
"""Completing a resource: `default(resource, context)`, pure.

On CREATE an absent place gets what the policy gives. On UPDATE it gets back what the stored object
had, and otherwise stays absent: were it filled from today's policy, a policy edit would move jobs
that nobody touched. What the user wrote is never changed, nothing is added to a list, and no
missing parent is made, but for the annotations that hold an ACK object's region.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import webhook.defaults
from webhook.context import Context, Verb
from webhook.default import DefaultRule, Filling, Subject
from webhook.finding import ABSENT, Path, render_path, show
from webhook.patch import Add, apply
from webhook.resource import Resource


@dataclass(frozen=True, slots=True)
class Filled:
    """A value that was put into a resource, and where it comes from."""

    path: Path
    value: Any
    origin: str
    restored: bool

    @property
    def sentence(self) -> str:
        """One line for the user."""
        if self.restored:
            return f"{render_path(self.path)} restored to {show(self.value)}, as stored"
        return f"{render_path(self.path)} defaulted to {show(self.value)} by {self.origin}"


@dataclass(frozen=True, slots=True)
class Defaulted:
    """A completed resource, the patch that leads there, and what was filled and why."""

    resource: Resource
    patch: tuple[Add, ...] = ()
    filled: tuple[Filled, ...] = ()


@cache
def discover_defaults() -> tuple[DefaultRule, ...]:
    """Import every module of `webhook.defaults` and return the defaults, by name."""
    found = [
        value
        for module in iter_modules(webhook.defaults.__path__)
        for value in vars(import_module(f"webhook.defaults.{module.name}")).values()
        if isinstance(value, DefaultRule)
    ]
    return tuple(sorted(found, key=lambda rule: rule.name))


def default(resource: Resource, context: Context) -> Defaulted:
    """Fill what is absent. Applied to its own result, it fills nothing."""
    effective = context.policy.effective(resource.kind, resource.namespace, context.namespace)
    old = context.old if context.verb is Verb.UPDATE else None
    subject = Subject(resource, effective, context.namespace, old)
    patch: list[Add] = []
    filled: list[Filled] = []
    body: Mapping[str, Any] = resource.body
    for rule in discover_defaults():
        for filling in rule.fill(subject):
            for add, note in _fill(body, filling, resource, context):
                patch.append(add)
                filled.append(note)
                body = apply(dict(body), [add])
    subject.release()
    if not patch:
        return Defaulted(resource)
    return Defaulted(resource.with_body(body), tuple(patch), tuple(filled))


def _fill(
    body: Mapping[str, Any], filling: Filling, resource: Resource, context: Context
) -> Iterator[tuple[Add, Filled]]:
    path = filling.path
    if look_up(body, path) is not ABSENT:
        return
    restored = context.verb is Verb.UPDATE
    if restored:
        stored = path if filling.stored is None else filling.stored
        old = context.old
        value = look_up(old.body, stored) if old is not None and stored else ABSENT
    elif resource.adopts and path[0] == "spec":
        return
    else:
        value = filling.value
    if value is ABSENT:
        return
    note = Filled(path, value, filling.origin, restored)
    steps = tuple(step if isinstance(step, int) else str(step) for step in path)
    parent = look_up(body, path[:-1])
    has_metadata = isinstance(body.get("metadata"), dict)
    if isinstance(parent, dict):
        yield Add(steps, value), note
    elif parent in (ABSENT, None) and path[:2] == ("metadata", "annotations") and has_metadata:
        yield Add(steps[:2], {str(path[2]): value}), note


def look_up(body: Mapping[str, Any], path: Path) -> Any:
    """Return the value at a path of keys and indices, ABSENT where any step is missing."""
    value: Any = body
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return ABSENT
            value = value[step]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return ABSENT
    return value
