# SPDX-License-Identifier: Apache-2.0
"""All of a run as one JSON document, by the published schema schemas/report.json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from webhook.check import Checked, Place
from webhook.finding import ABSENT, Finding, Rename, show
from webhook.reports.run import LEVEL_OF, Run
from webhook.rule import Rule
from webhook.waiver import Waived

VERSION = 1
"""Of the document's form: raised when a reader of an older one would go wrong."""


def json(run: Run) -> Iterator[str]:
    """Yield the document, indented."""
    content = {
        "version": VERSION,
        "objects": [_object(checked, run.rules) for checked in run.checked],
        "passedOver": run.check.passed_over,
        "errors": [
            {"file": error.source, "line": error.line, "column": error.column, "text": error.text}
            for error in run.errors
        ],
    }
    yield msgspec.json.format(msgspec.json.encode(content), indent=2).decode()


def _object(checked: Checked, rules: Mapping[str, Rule]) -> dict[str, Any]:
    resource = checked.resource
    shadowed = [(each, checked.place(each)) for each in checked.verdict.shadowed]
    return {
        "apiVersion": resource.kind.api_version,
        "kind": resource.kind.name,
        "namespace": resource.namespace,
        "name": resource.name,
        "file": checked.document.source,
        "findings": [_finding(each, place, rules) for each, place in checked.findings],
        "shadowed": [_finding(each, place, rules) for each, place in shadowed],
        "waived": [_waived(each, checked, rules) for each in checked.verdict.waived],
        "defaults": [filled.sentence for filled in checked.filled],
    }


def _waived(waived: Waived, checked: Checked, rules: Mapping[str, Rule]) -> dict[str, Any]:
    place = checked.place(waived.finding)
    return {
        **_finding(waived.finding, place, rules),
        "waiver": {"origin": waived.origin, "reason": waived.reason, "until": waived.until},
    }


def _finding(finding: Finding, place: Place, rules: Mapping[str, Rule]) -> dict[str, Any]:
    rule, fault = rules.get(finding.rule), finding.fault
    edit = fault.edit
    if edit is None:
        shown = None
    else:
        shown = {"rename": edit.key} if isinstance(edit, Rename) else {"put": edit.value}
    return {
        "rule": finding.rule,
        "level": LEVEL_OF[finding.mode],
        "field": finding.field,
        "sentence": finding.sentence,
        "value": None if fault.value is ABSENT else show(fault.value),
        "use": fault.use,
        "edit": shown,
        "line": place.line,
        "column": place.column,
        "width": place.width,
        "fix": rule.fix if rule is not None else None,
        "page": rule.source if rule is not None else None,
    }
