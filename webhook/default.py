# SPDX-License-Identifier: Apache-2.0
"""What a default is, and how one is declared.

A default is a module with one decorated generator: given a resource as it is to be completed, it
yields what to put where. It says only what would be right for something that is absent; whether
it comes from the policy (CREATE) or from the stored object (UPDATE) is decided for all of them in
one place, `defaulting.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from webhook.call import Call
from webhook.extract import extract
from webhook.finding import ABSENT, Path
from webhook.node import View
from webhook.policy import Default, Effective
from webhook.resource import Namespace, Resource


@dataclass(slots=True)
class Subject:
    """The resource that a default may complete, with what decides the value."""

    resource: Resource
    effective: Effective
    namespace: Namespace | None
    old: Resource | None = None
    """The stored object, on UPDATE."""
    _calls: dict[str, tuple[Call, ...]] = field(default_factory=dict)
    _views: list[View] = field(default_factory=list)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls that the resource will become."""
        return self._extracted("new", self.resource)

    @property
    def old_calls(self) -> tuple[Call, ...]:
        """The calls that the stored object became; none on CREATE."""
        return self._extracted("old", self.old) if self.old is not None else ()

    def _extracted(self, which: str, resource: Resource) -> tuple[Call, ...]:
        if which not in self._calls:
            values, region = self.effective.values, self.effective.controller_region
            view = View(resource.kind, resource.spec)
            self._views.append(view)
            self._calls[which] = extract(resource, view, self.namespace, values, region)
        return self._calls[which]

    def release(self) -> None:
        """Let go of the views at once, without the garbage collector."""
        for view in self._views:
            view.release()


@dataclass(frozen=True, slots=True)
class Filling:
    """A place that a default cares for.

    `value` is what belongs there today, ABSENT where nothing says; `origin` names who says so.
    `stored` is where the stored object has it, where that is another place; () is nowhere.
    """

    path: Path
    value: Any = ABSENT
    origin: str = ""
    stored: Path | None = None

    @classmethod
    def of(cls, path: Path, default: Default | None, stored: Path | None = None) -> Filling:
        """Make a filling of a policy's default, be there one or not."""
        if default is None:
            return cls(path, stored=stored)
        return cls(path, default.value, default.origin, stored)


@dataclass(frozen=True, slots=True, eq=False)
class DefaultRule:
    """A default as declared, with its manual."""

    name: str
    fill: Callable[[Subject], Iterator[Filling]]
    manual: str


def default_rule(fill: Callable[[Subject], Iterator[Filling]]) -> DefaultRule:
    """Declare the decorated generator as the default of its module."""
    manual = inspect.getdoc(inspect.getmodule(fill)) or ""
    return DefaultRule(fill.__name__.replace("_", "-"), fill, manual)
