# SPDX-License-Identifier: Apache-2.0
"""A baseline: the findings that a repository had when it adopted the check, which do not count.

A finding is known by file, object, rule, path without list indices, and the values that the rule
compared: whoever touches the value has to mend it. Equal ones are counted, so that a new one beside
an old one is new.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from webhook.finding import Finding, render_path
from webhook.resource import Resource
from webhook.waiver import Origin, Waived

REASON = "known when the baseline was written"


class Entry(NamedTuple):
    """One known finding. `values` is a digest of what the rule compared."""

    file: str
    object: str
    rule: str
    field: str
    values: str


def entry(file: str, resource: Resource, finding: Finding) -> Entry:
    """Return what a finding is known by."""
    rule, path, compared = finding.identity
    named = f"{resource.kind.api_version} {resource.kind.name} {resource.namespace}/{resource.name}"
    digest = hashlib.sha256(compared.encode()).hexdigest()[:16]
    return Entry(file, named, rule, render_path(path), digest)


@dataclass(slots=True)
class Baseline:
    """The entries of a baseline; `left` are those that no finding of this run has taken yet."""

    entries: tuple[Entry, ...]
    left: Counter[Entry] = field(default_factory=Counter)

    def start(self) -> None:
        """Begin a run."""
        self.left = Counter(self.entries)

    def take(self, file: str, resource: Resource, finding: Finding) -> Waived | None:
        """Return the finding as waived where it is known, once for each time that it is."""
        key = entry(file, resource, finding)
        if self.left[key] <= 0:
            return None
        self.left[key] -= 1
        return Waived(finding, Origin.BASELINE, REASON)

    @property
    def stale(self) -> int:
        """How many entries no finding has taken."""
        return sum(self.left.values())
