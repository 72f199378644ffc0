# SPDX-License-Identifier: Apache-2.0
"""A waiver: somebody takes a finding upon themselves, says why, and maybe until when.

`ignore[SM210, SM240] reason=moves in March until=2027-03-31`, as a comment of a manifest (after
`kube-sagemaker:`) or as a line of the annotation `kube-sagemaker.dev/waivers`. Each stands alone:
two of them never add up to more than either says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from webhook.finding import Finding

ANNOTATION: Final = "kube-sagemaker.dev/waivers"

UNREADABLE: Final = "SM007"
EXPIRED: Final = "SM008"
UNUSED: Final = "SM009"
NOT_ALLOWED: Final = "SM010"
"""The IDs of what can be wrong with a waiver."""

FORM: Final = "ignore[SM210] reason=… until=2027-03-31"

_WAIVER: Final = re.compile(r"ignore\[([^\]]*)\](.*)", re.DOTALL)
_RULE: Final = re.compile(r"SM[1-9][0-9]{2}")
_KEYS: Final = re.compile(r"(?:^|\s)(reason|until)=")


class WaiverError(Exception):
    """A text that is no waiver: why, for the user."""


class Origin(StrEnum):
    """Where a finding was waived."""

    ANNOTATION = "annotation"
    COMMENT = "comment"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Waiver:
    """The rules that are waived, why, and the last day on which that holds."""

    rules: tuple[str, ...]
    reason: str
    until: date | None = None

    def has_expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and today > self.until

    @property
    def obituary(self) -> str:
        """What is said of one that has expired."""
        return f"expired on {self.until}; mend what it waives, or say anew until when"


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that does not count, and by whose word."""

    finding: Finding
    origin: Origin
    reason: str
    until: date | None = None


def parse_waiver(text: str) -> Waiver:
    """Read a waiver. Raises WaiverError."""
    found = _WAIVER.fullmatch(text.strip())
    if found is None:
        raise WaiverError(f"write {FORM}")
    rules = tuple(dict.fromkeys(part.strip() for part in found[1].split(",")))
    for rule in rules:
        if not _RULE.fullmatch(rule):
            raise WaiverError(f"{rule[:40]!r} is no rule that can be waived; write {FORM}")
    lead, *parts = _KEYS.split(found[2])
    keys, values = parts[::2], [_unquoted(part) for part in parts[1::2]]
    said = dict(zip(keys, values, strict=True))
    if lead.strip() or len(said) != len(keys):
        raise WaiverError(f"write {FORM}")
    if not said.get("reason"):
        raise WaiverError("say why: reason=…")
    return Waiver(rules, said["reason"], _date(said["until"]) if "until" in said else None)


def _unquoted(text: str) -> str:
    stripped = text.strip()
    is_quoted = len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'"
    return stripped[1:-1].strip() if is_quoted else stripped


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WaiverError(f"until={text[:40]} is no date; write it as 2027-03-31") from None
