# SPDX-License-Identifier: Apache-2.0
"""Findings as workflow commands of GitHub Actions: an annotation at the line of a pull request.

Grammar: docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from collections.abc import Iterator

from webhook.reports.run import LEVEL_OF, Run
from webhook.reports.text import said

_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def github(run: Run) -> Iterator[str]:
    """Yield `::error file=…,line=…,col=…,title=…::message`, also for what cannot be read."""
    for checked in run.checked:
        for finding, place in checked.findings:
            properties: dict[str, str | int] = {
                "file": place.source,
                "line": place.line,
                "endLine": place.line,
                "col": place.column,
                "endColumn": place.column + place.width,
                "title": finding.rule,
            }
            yield _command(_COMMAND[LEVEL_OF[finding.mode]], properties, said(finding))
    for error in run.errors:
        where: dict[str, str | int] = {"file": error.source}
        if error.line is not None:
            where["line"] = error.line
        if error.column is not None:
            where["col"] = error.column
        yield _command("error", {**where, "title": "not readable"}, error.text)


def _command(name: str, properties: dict[str, str | int], message: str) -> str:
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {listed}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
