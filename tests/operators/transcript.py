# SPDX-License-Identifier: Apache-2.0
"""A page that is a transcript: its blocks, its commands, and what differs from run to run."""

from __future__ import annotations

import re
from typing import Final

BLOCK: Final = re.compile(r"^```(console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND: Final = re.compile(r"^\$ (.*)$", re.MULTILINE)

UID: Final = "e06b46ed-02fe-46a2-8d99-e1c47820ddbb"
VARYING: Final = (
    (r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", UID),
    (r"\b[0-9a-f]{32}\b", UID.replace("-", "")),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-11-23T09:29:26Z"),
    (r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.", "2026-11-23 09:31:08."),
    (r"/algo-1-\d{10}\b", "/algo-1-1795426166"),
)
"""What no two runs have in common, and what stands on the page in its place."""

EVENT: Final = re.compile(
    r"^  (?P<before>(?:Type|----|Normal|Warning) +\S+ +)"
    r"(?P<age>Age|----|\S+(?: \(x\d+ over \S+\))?) +(?=\S)"
)
"""A row of the events that `kubectl describe` shows, its head included, up to their source."""


def first_command(language: str, text: str) -> str:
    """Return a block's first command, by which the test knows the block."""
    line = text.splitlines()[0]
    return line.removeprefix("$ ") if language == "console" else line


def stable(output: str) -> str:
    """Return output as the page shows it: examples for what varies, no white space at ends."""
    for pattern, example in VARYING:
        output = re.sub(pattern, example, output)
    lines = [EVENT.sub(_without_age, line).rstrip() for line in output.splitlines()]
    return "".join(f"{line}\n" for line in lines)


def _without_age(row: re.Match[str]) -> str:
    """Return the row with an example for its age; the column is as wide as the widest age."""
    age = row["age"] if row["age"] in {"Age", "----"} else "9s"
    return f"  {row['before']}{age:6}"
