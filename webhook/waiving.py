# SPDX-License-Identifier: Apache-2.0
"""Taking out of a judgement what was waived, and saying what is wrong with the waivers.

The gate honours an annotation only for the rules that the policy lets be waived; the check honours
every waiver, and says which of them the gate will not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from webhook.context import Context
from webhook.finding import Fault, Finding, Key, Mode, Path, Rank, Severity, Sort
from webhook.policy import EMPTY, Effective
from webhook.resource import Resource
from webhook.waiver import (
    ANNOTATION,
    EXPIRED,
    NOT_ALLOWED,
    UNREADABLE,
    UNUSED,
    Origin,
    Waived,
    Waiver,
    WaiverError,
    parse_waiver,
)

MOST_WAIVERS = 50
"""Lines of the annotation that are read: more is no list of exceptions."""


@dataclass(slots=True)
class Note:
    """One line of the annotation: the waiver, where it stands, and which rules it served."""

    waiver: Waiver
    path: Path
    text: str
    served: set[str] = field(default_factory=set)


def waive(
    findings: list[Finding], resource: Resource, context: Context, effective: Effective
) -> tuple[list[Finding], list[Waived]]:
    """Split findings into those that count, with those about the waivers, and those waived."""
    annotation = resource.annotations.get(ANNOTATION)
    if annotation is None and context.excuse is None:
        return findings, []
    notes, said = _read(annotation, effective)
    kept: list[Finding] = []
    waived: list[Waived] = []
    for finding in findings:
        excuse = _excuse(finding, notes, context, effective)
        if excuse is None and context.excuse is not None:
            excuse = context.excuse(finding)
        if excuse is None:
            kept.append(finding)
        else:
            waived.append(excuse)
    for note in notes:
        said.extend(_complaints(note, findings, context, effective))
    return [*kept, *said], waived


def _read(annotation: object, effective: Effective) -> tuple[list[Note], list[Finding]]:
    notes: list[Note] = []
    said: list[Finding] = []
    lines = annotation.splitlines()[:MOST_WAIVERS] if isinstance(annotation, str) else []
    for index, line in enumerate(lines):
        path: Path = ("metadata", "annotations", Key(ANNOTATION), index)
        try:
            if line.strip():
                notes.append(Note(parse_waiver(line), path, line.strip()))
        except WaiverError as error:
            said.extend(complain(UNREADABLE, path, line.strip(), str(error), effective))
    return notes, said


def _excuse(
    finding: Finding, notes: Sequence[Note], context: Context, effective: Effective
) -> Waived | None:
    for note in notes:
        waiver = note.waiver
        if finding.rule not in waiver.rules or waiver.has_expired(context.today):
            continue
        note.served.add(finding.rule)
        if context.honours_waivers or not refusal(finding.rule, waiver, context, effective):
            return Waived(finding, Origin.ANNOTATION, waiver.reason, waiver.until)
    return None


def refusal(rule: str, waiver: Waiver, context: Context, effective: Effective) -> str:
    """Return why the policy does not let the gate honour a waiver of a rule; "" where it does."""
    if rule not in effective.waivable:
        return f"the policy does not let {rule} be waived here"
    most = effective.longest_waiver_days
    if most is None:
        return ""
    if waiver.until is None:
        return f"the policy wants a last day, until=…, at most {most} days ahead"
    if (waiver.until - context.today).days > most:
        return f"the policy lets a waiver last {most} days, not until {waiver.until}"
    return ""


def _complaints(
    note: Note, findings: Sequence[Finding], context: Context, effective: Effective
) -> Iterator[Finding]:
    """Yield what is to be said of a waiver that was read."""
    waiver = note.waiver
    if waiver.has_expired(context.today):
        yield from complain(EXPIRED, note.path, note.text, waiver.obituary, effective)
        return
    for rule in waiver.rules:
        if rule not in note.served and not any(f.rule == rule for f in findings):
            text = f"{rule} finds nothing here; remove it"
            yield from complain(UNUSED, note.path, note.text, text, effective)
            return
    if context.honours_waivers and context.policy is EMPTY:
        return
    for rule in waiver.rules:
        text = refusal(rule, waiver, context, effective)
        if text:
            yield from complain(NOT_ALLOWED, note.path, note.text, text, effective)
            return


def complain(rule: str, path: Path, value: str, text: str, effective: Effective) -> list[Finding]:
    """Return a finding about a waiver, or none where the policy turned that off."""
    mode = effective.modes.get(rule, Mode.WARN)
    if mode is Mode.OFF:
        return []
    fault = Fault(path, Sort.INVALID, text, value, compared=(value,))
    return [Finding(rule, fault, Severity.WARNING, mode, Rank.RULE)]
