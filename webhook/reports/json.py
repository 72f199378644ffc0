# SPDX-License-Identifier: Apache-2.0
"""All of a run as one JSON document, by the published schema schemas/report.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from webhook.adapters.yamlfile import FileError
from webhook.check import Checked, Place
from webhook.finding import ABSENT, Finding, show
from webhook.reports.text import WORD_OF
from webhook.rule import Rule

VERSION = 1
"""Of the document's form: raised when a reader of an older one would go wrong."""


def document(
    run: Iterable[Checked],
    errors: Iterable[FileError],
    passed_over: int,
    rules: Mapping[str, Rule],
) -> str:
    """Return the document, indented."""
    content = {
        "version": VERSION,
        "objects": [_object(checked, rules) for checked in run],
        "passedOver": passed_over,
        "errors": [
            {"file": error.source, "line": error.line, "column": error.column, "text": error.text}
            for error in errors
        ],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode()


def _object(checked: Checked, rules: Mapping[str, Rule]) -> dict[str, Any]:
    resource = checked.resource
    shadowed = [(each, checked.place(each.fault.path)) for each in checked.verdict.shadowed]
    return {
        "apiVersion": resource.kind.api_version,
        "kind": resource.kind.name,
        "namespace": resource.namespace,
        "name": resource.name,
        "file": checked.document.source,
        "findings": [_finding(each, place, rules) for each, place in checked.findings],
        "shadowed": [_finding(each, place, rules) for each, place in shadowed],
        "defaults": [filled.sentence for filled in checked.filled],
    }


def _finding(finding: Finding, place: Place, rules: Mapping[str, Rule]) -> dict[str, Any]:
    rule = rules.get(finding.rule)
    return {
        "rule": finding.rule,
        "level": WORD_OF[finding.mode],
        "field": finding.field,
        "sentence": finding.sentence,
        "value": None if finding.fault.value is ABSENT else show(finding.fault.value),
        "use": finding.fault.use,
        "line": place.line,
        "column": place.column,
        "width": place.width,
        "fix": rule.fix if rule is not None else None,
        "page": rule.source if rule is not None else None,
    }
