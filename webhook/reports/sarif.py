# SPDX-License-Identifier: Apache-2.0
"""All of a run as SARIF 2.1.0, the form that code-scanning pages read.

Source: docs.oasis-open.org/sarif/sarif/v2.1.0, and GitHub's page on what it shows of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from webhook.adapters.yamlfile import FileError
from webhook.baseline import entry
from webhook.check import Checked, Place
from webhook.finding import MODE_OF, Finding
from webhook.reports.run import LEVEL_OF, Run
from webhook.reports.text import said
from webhook.reserved import RESERVED
from webhook.rule import Rule
from webhook.version import VERSION
from webhook.waiver import Origin, Waived

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
HOME: Final = "https://kube-sagemaker.dev"


def sarif(run: Run) -> Iterator[str]:
    """Yield the log, indented."""
    places = {id_: number for number, id_ in enumerate([*run.rules, *RESERVED])}
    results = [each for checked in run.checked for each in _results(checked, places)]
    content = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(run.rules)},
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not run.errors,
                        "toolExecutionNotifications": [_notification(e) for e in run.errors],
                    }
                ],
                "results": results,
            }
        ],
    }
    yield msgspec.json.format(msgspec.json.encode(content), indent=2).decode()


def _driver(rules: Mapping[str, Rule]) -> dict[str, Any]:
    known = [
        {
            "id": rule.id,
            "name": "".join(word.capitalize() for word in rule.name.split("-")),
            "shortDescription": {"text": f"{rule.title}."},
            "fullDescription": {"text": rule.why or f"{rule.title}."},
            "help": {
                "text": f"Fix: {rule.fix}\n{rule.source}",
                "markdown": f"{rule.why}\n\n**Fix:** {rule.fix}\n\n[{rule.id}]({rule.source})",
            },
            "helpUri": rule.source,
            "defaultConfiguration": {"level": LEVEL_OF[MODE_OF[rule.severity]]},
        }
        for rule in rules.values()
    ]
    own = [
        {"id": id_, "shortDescription": {"text": text}, "help": {"text": text}}
        for id_, text in RESERVED.items()
    ]
    return {
        "name": "kube-sagemaker",
        "version": VERSION,
        "informationUri": HOME,
        "rules": [*known, *own],
    }


def _results(checked: Checked, places: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for finding, place in checked.findings:
        yield _result(checked, finding, place, places)
    for waived in checked.verdict.waived:
        place = checked.place(waived.finding)
        yield {
            **_result(checked, waived.finding, place, places),
            "suppressions": [_suppression(waived)],
        }


def _suppression(waived: Waived) -> dict[str, str]:
    kind = "external" if waived.origin is Origin.BASELINE else "inSource"
    return {"kind": kind, "status": "accepted", "justification": waived.reason}


def _result(
    checked: Checked, finding: Finding, place: Place, places: Mapping[str, int]
) -> dict[str, Any]:
    key = "\n".join(entry(place.source, checked.resource, finding))
    return {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": LEVEL_OF[finding.mode],
        "message": {"text": said(finding)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(place.source)},
                    "region": {
                        "startLine": place.line,
                        "startColumn": place.column,
                        "endLine": place.line,
                        "endColumn": place.column + place.width,
                    },
                },
                "logicalLocations": [{"fullyQualifiedName": finding.field, "kind": "member"}],
            }
        ],
        "partialFingerprints": {"finding/v1": hashlib.sha256(key.encode()).hexdigest()[:32]},
    }


def _notification(error: FileError) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(error.source)}}
    if error.line is not None:
        column = {} if error.column is None else {"startColumn": error.column}
        place["region"] = {"startLine": error.line, **column}
    return {
        "level": "error",
        "message": {"text": str(error)},
        "locations": [{"physicalLocation": place}],
    }


def _uri(source: str) -> str:
    """Return a file's name as a URI; relative ones are meant from the repository's root."""
    path = Path(source)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
