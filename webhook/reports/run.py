# SPDX-License-Identifier: Apache-2.0
"""What every format is given: one run of the check, and where its sources can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from webhook.adapters.yamlfile import FileError
from webhook.check import Check, Checked
from webhook.finding import Mode
from webhook.rule import Rule

LEVEL_OF: Final = {Mode.DENY: "error", Mode.WARN: "warning", Mode.AUDIT: "note"}
"""What a mode is called where there is no cluster to refuse anything."""


@dataclass(slots=True)
class Run:
    """One run. `checked` can be gone through once; `errors` and the counts are whole after that.

    `lines_of` gives the lines of a source, none of one that cannot be read again.
    """

    check: Check
    checked: Iterator[Checked]
    rules: Mapping[str, Rule]
    lines_of: Callable[[str], list[str]]
    errors: list[FileError] = field(default_factory=list)
    is_coloured: bool = False
    shows_defaults: bool = False
