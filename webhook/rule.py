# SPDX-License-Identifier: Apache-2.0
"""What a rule is, and how one is declared.

A rule is a module with one decorated generator: it is given a node and the call that it is in,
and yields faults. The module's docstring is its manual: the first line its title, then why, then
a paragraph that starts with `Fix:`. Rules are discovered, never listed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from typing import Any, Final

from webhook.finding import Fault, Rank, Severity

Faults = Iterator[Fault]


@dataclass(frozen=True, slots=True)
class Operation:
    """Every call of one of these AWS operations; the rule is given the call's root.

    "*": once for each resource, whatever its calls; the rule is given the whole spec.
    """

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        """Operation("CreateTrainingJob")."""
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, slots=True)
class Shape:
    """Every place that holds one of these AWS shapes, wherever it occurs."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        """Shape("RoleArn", "KmsKeyId")."""
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, slots=True)
class Text:
    """Every string that AWS gives a meaning to, with one of these marks in it.

    Not the values of the user's own maps. Most texts have no mark, and are done with at a glance.
    """

    marks: tuple[str, ...]

    def __init__(self, *marks: str) -> None:
        """Text("arn:")."""
        object.__setattr__(self, "marks", marks)


@dataclass(frozen=True, slots=True)
class Keyword:
    """Every place where the schema fails with one of these keywords; the rule gets a Problem."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        """Keyword("minimum", "maximum")."""
        object.__setattr__(self, "names", names)


Target = Operation | Shape | Text | Keyword

ID: Final = re.compile(r"SM[0-9]{3}")


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule as declared, with its manual."""

    id: str
    on: Target
    severity: Severity
    since: str
    source: str
    rank: Rank
    parameters: type[Any] | None
    check: Callable[..., Faults]
    name: str
    manual: str

    @property
    def title(self) -> str:
        """The first line of the manual, without its full stop."""
        return self.manual.partition("\n")[0].rstrip(".")

    @property
    def why(self) -> str:
        """What the manual says between its title and the fix; maybe nothing."""
        return self.manual.partition("\n")[2].partition("\nFix: ")[0].strip()

    @property
    def fix(self) -> str:
        """What the manual says to do."""
        return self.manual.partition("\nFix: ")[2].partition("\n\n")[0].replace("\n", " ").strip()

    @property
    def is_schema_stage(self) -> bool:
        """Whether the CRD's own schema may speak first of what this rule finds."""
        return isinstance(self.on, Keyword)


def rule(  # noqa: PLR0913 - required by design: a rule without its facts cannot be declared
    id: str,  # noqa: A002 - the word of the documents
    *,
    on: Target,
    severity: Severity,
    since: str,
    source: str,
    rank: Rank = Rank.RULE,
    parameters: type[Any] | None = None,
) -> Callable[[Callable[..., Faults]], Rule]:
    """Declare the decorated generator as the rule of its module.

    `source` is the page that it enforces, `since` the first version with it. A rule with
    `parameters` (a frozen dataclass whose defaults mean "no limit") gets them as last argument.

    Raises ValueError at import when a declaration is not complete.
    """

    def declare(check: Callable[..., Faults]) -> Rule:
        manual = inspect.getdoc(inspect.getmodule(check)) or ""
        if not ID.fullmatch(id):
            raise ValueError(f"rule ID {id!r}: SM and three digits")
        if "\nFix: " not in manual:
            raise ValueError(f"{id}: the module's docstring has no paragraph 'Fix: …'")
        if not source.startswith("https://"):
            raise ValueError(f"{id}: source {source!r} is not an https page")
        if parameters is not None and not is_dataclass(parameters):
            raise ValueError(f"{id}: parameters must be a frozen dataclass")
        return Rule(
            id,
            on,
            severity,
            since,
            source,
            rank,
            parameters,
            check,
            check.__name__.replace("_", "-"),
            manual,
        )

    return declare
