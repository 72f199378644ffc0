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
from dataclasses import dataclass
from typing import Any

from webhook.finding import ABSENT, Path
from webhook.policy import Default, Effective
from webhook.resource import Namespace, Resource


@dataclass(frozen=True, slots=True)
class Subject:
    """The resource that a default may complete, with what decides the value."""

    resource: Resource
    effective: Effective
    namespace: Namespace | None


@dataclass(frozen=True, slots=True)
class Filling:
    """A place that a default cares for.

    `value` is what belongs there today, ABSENT where nothing says; `origin` names who says so.
    """

    path: Path
    value: Any = ABSENT
    origin: str = ""

    @classmethod
    def of(cls, path: Path, default: Default | None) -> Filling:
        """Make a filling of a policy's default, be there one or not."""
        return cls(path) if default is None else cls(path, default.value, default.origin)


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
