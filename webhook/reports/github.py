# SPDX-License-Identifier: Apache-2.0
"""Findings as workflow commands of GitHub Actions: an annotation at the line of a pull request.

Grammar: docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from collections.abc import Iterator

from webhook.check import Checked
from webhook.reports.text import WORD_OF

_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def github(checked: Checked) -> Iterator[str]:
    """Yield `::error file=…,line=…,col=…,title=…::message`."""
    for finding, place in checked.findings:
        properties = {
            "file": place.source,
            "line": place.line,
            "col": place.column,
            "endColumn": place.column + place.width,
            "title": finding.rule,
        }
        listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield f"::{_COMMAND[WORD_OF[finding.mode]]} {listed}::{_message(finding.sentence)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
