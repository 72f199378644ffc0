# SPDX-License-Identifier: Apache-2.0
"""What a rule says of one field, and how it is said.

The sentences are those of Kubernetes' own field errors, so that kubectl users read what they
know: `spec.resourceConfig.instanceCount: Invalid value: 0: must be at least 1 (SM104)`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final

SHOWN_VALUE: Final = 120
"""Characters of a user's value that a message repeats: an image URI with its tag fits."""

SHOWN_FAULT: Final = 1024
"""Characters of one sentence: 50 of them, the most that are listed, stay near 16 KB."""


class Key(str):
    """A key that the user chose (of a map or an annotation): shown in brackets, never a field."""

    __slots__ = ()


Path = tuple[str | int, ...]
"""A place in the user's object, in the user's spelling: fields, list indices, map `Key`s."""


class _Absent:
    """The type of ABSENT."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Absent()
"""The value of a field that is not there; null is a value."""


class Sort(Enum):
    """The sorts of fault, with Kubernetes' sentence and its machine-readable cause."""

    REQUIRED = ("Required value", "FieldValueRequired")
    INVALID = ("Invalid value", "FieldValueInvalid")
    UNSUPPORTED = ("Unsupported value", "FieldValueNotSupported")
    FORBIDDEN = ("Forbidden", "FieldValueForbidden")
    TOO_LONG = ("Too long", "FieldValueTooLong")
    TOO_MANY = ("Too many", "FieldValueTooMany")

    def __init__(self, sentence: str, cause: str) -> None:
        self.sentence = sentence
        self.cause = cause


class Severity(StrEnum):
    """How sure and how grave a rule is; the policy may turn it into another mode."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Mode(StrEnum):
    """What a finding does: refuse, warn the user, only leave an audit annotation, nothing."""

    DENY = "deny"
    WARN = "warn"
    AUDIT = "audit"
    OFF = "off"


MODE_OF: Final = {
    Severity.ERROR: Mode.DENY,
    Severity.WARNING: Mode.WARN,
    Severity.INFO: Mode.AUDIT,
}
"""What happens to a finding where the policy says nothing."""


class Rank(Enum):
    """Which of several findings on one path is the most telling: the lower number wins."""

    NAME = 0
    PLACEHOLDER = 1
    RULE = 2
    SCHEMA = 3


@dataclass(frozen=True, slots=True)
class Rename:
    """An edit that mends a fault: the key at its path becomes another."""

    key: str


@dataclass(frozen=True, slots=True)
class Put:
    """An edit that mends a fault: the value at its path becomes another."""

    value: str


Edit = Rename | Put


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule yields: a place, what is wrong there, and what would be right.

    `compared` holds the values that the rule weighed, own and others': an update is let through
    while they are as they were (hard rule 1). `use` is the replacement that the sentence offers;
    `edit` mends the fault where there is one right answer.
    """

    path: Path
    sort: Sort
    text: str
    value: Any = ABSENT
    use: str | None = None
    compared: tuple[Any, ...] = ()
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault with the rule that found it and what becomes of it."""

    rule: str
    fault: Fault
    severity: Severity
    mode: Mode
    rank: Rank
    schema_stage: bool = False

    @property
    def identity(self) -> tuple[str, Path, str]:
        """What makes two findings equal for the ratchet: rule, path without indices, values."""
        path = tuple(step for step in self.fault.path if not isinstance(step, int))
        return (self.rule, path, repr(self.fault.compared))

    @property
    def field(self) -> str:
        """The path as text: `spec.inputDataConfig[0].channelName`."""
        return render_path(self.fault.path)

    @property
    def detail(self) -> str:
        """The sentence without its path, as a cause of a Kubernetes status holds it."""
        fault = self.fault
        parts = [fault.sort.sentence]
        if fault.value is not ABSENT and fault.sort not in {Sort.REQUIRED, Sort.FORBIDDEN}:
            parts.append(show(fault.value))
        text = clean(fault.text)
        if fault.use is not None:
            text = f"{text}: use {clean(fault.use)}"
        if len(text) > SHOWN_FAULT:
            text = text[: SHOWN_FAULT - 1] + "…"
        return f"{': '.join([*parts, text])} ({self.rule})"

    @property
    def sentence(self) -> str:
        """The whole line: `field: sort: value: text (ID)`."""
        return f"{self.field}: {self.detail}"


def render_path(path: Path) -> str:
    """Write a path as Kubernetes does: dots between fields, brackets for indices and keys."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif isinstance(step, Key):
            parts.append(f"[{_short(clean(step))}]")
        else:
            parts.append(f".{_short(clean(step))}" if parts else clean(step))
    return "".join(parts)


def clean(text: str) -> str:
    """Escape what a terminal or a log would act on: controls, ANSI escapes, bidi overrides."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text
    )


def show(value: Any) -> str:
    """Write a user's value for a message: as JSON, one line, shortened, nothing live in it."""
    if isinstance(value, str):
        cut = value if len(value) <= SHOWN_VALUE else value[:SHOWN_VALUE] + "…"
        return clean(json.dumps(cut, ensure_ascii=False))
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    return _short(json.dumps(value))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_VALUE else text[:SHOWN_VALUE] + "…"


def one_per_path(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Split findings into the most telling one of each path, in order of the paths, and the rest.

    A blocking finding is never hidden behind one that does not block.
    """
    best: dict[Path, Finding] = {}
    rest: list[Finding] = []
    for finding in findings:
        path = finding.fault.path
        other = best.get(path)
        if other is None:
            best[path] = finding
        elif _telling(finding) < _telling(other):
            best[path] = finding
            rest.append(other)
        else:
            rest.append(finding)
    return sorted(best.values(), key=lambda finding: finding.field), rest


def _telling(finding: Finding) -> tuple[bool, int, str]:
    return (finding.mode is not Mode.DENY, finding.rank.value, finding.rule)
