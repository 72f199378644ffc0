# SPDX-License-Identifier: Apache-2.0
"""Waivers: how one is written, which the gate honours, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from tests.test_admission import BAD, ask, gate, job
from webhook.admission import Decision, Gate, Route
from webhook.waiver import ANNOTATION, Waiver, WaiverError, parse_waiver

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "waiver"),
    [
        ("ignore[SM210] reason=moves", Waiver(("SM210",), "moves")),
        (
            'ignore[SM210, SM240,SM210] reason="moves in March" until=2027-03-31',
            Waiver(("SM210", "SM240"), "moves in March", date(2027, 3, 31)),
        ),
        (
            " ignore[SM999] until=2027-03-31 reason=two words ",
            Waiver(("SM999",), "two words", date(2027, 3, 31)),
        ),
    ],
    ids=range(3),
)
def test_a_waiver_is_read(text: str, waiver: Waiver) -> None:
    """Rules, a reason of any words, quoted or not, and a last day, in either order."""
    assert parse_waiver(text) == waiver


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ignore SM210 reason=x", "write ignore[SM210] reason=…"),
        ("ignore[] reason=x", "is no rule that can be waived"),
        ("ignore[SM2*] reason=x", "'SM2*' is no rule"),
        ("ignore[SM001] reason=x", "'SM001' is no rule that can be waived"),
        ("ignore[SM210]", "say why: reason=…"),
        ("ignore[SM210] reason=", "say why: reason=…"),
        ("ignore[SM210] because reason=x", "write ignore[SM210]"),
        ("ignore[SM210] reason=x reason=y", "write ignore[SM210]"),
        ("ignore[SM210] reason=x until=soon", "until=soon is no date"),
        ("ignore[SM210] reason=x until=2027-02-30", "is no date"),
    ],
    ids=range(10),
)
def test_what_is_no_waiver_says_why(text: str, says: str) -> None:
    """No reason, no rule, a pattern, an impossible day: each is named."""
    with pytest.raises(WaiverError) as caught:
        parse_waiver(text)
    assert says in str(caught.value)


def waived(text: str, **changes: Any) -> dict[str, Any]:
    """Return a job with an annotation."""
    body = job(**changes)
    body["metadata"]["annotations"] = {ANNOTATION: text}
    return body


def at_gate(policy: dict[str, Any]) -> Gate:
    """Return a gate whose day is TODAY."""
    return replace(gate(policy), today=lambda: TODAY)


def validate(text: str, policy: dict[str, Any], **changes: Any) -> Decision:
    """Admit a new job with an annotation."""
    return ask(Route.VALIDATE, waived(text, **(changes or BAD)), at_gate(policy))


ALLOWED = {"waivers": {"rules": ["SM240", "SM106"]}}


def test_the_gate_honours_a_waiver_where_the_policy_allows_it() -> None:
    """The object passes, and the audit annotation says on whose word."""
    answer = validate("ignore[SM240] reason=a new type", ALLOWED).answer
    assert answer.allowed
    assert answer.warnings == []
    assert answer.audit == {"waivers": "SM240: a new type", "policy": "p@0"}


def test_the_gate_honours_none_where_the_policy_does_not() -> None:
    """It refuses, and says that the waiver was not honoured, and why."""
    answer = validate("ignore[SM240] reason=a new type", {}).answer
    assert not answer.allowed
    (warning,) = answer.warnings
    assert warning.startswith("SM010 metadata.annotations[kube-sagemaker.dev/waivers][0]: ")
    assert "the policy does not let SM240 be waived here" in warning


@pytest.mark.parametrize(
    ("text", "allowed", "says"),
    [
        ("ignore[SM240] reason=x until=2026-06-01", True, ""),
        ("ignore[SM240] reason=x until=2026-05-31", False, "expired on 2026-05-31"),
        ("ignore[SM240] reason=x until=2026-07-01", True, ""),
        ("ignore[SM240] reason=x until=2026-07-02", False, "lets a waiver last 30 days"),
        ("ignore[SM240] reason=x", False, "wants a last day, until=..., at most 30 days"),
    ],
    ids=range(5),
)
def test_a_waiver_holds_until_its_last_day(text: str, allowed: bool, says: str) -> None:
    """That day included; no longer than the policy lets it."""
    policy = {"waivers": {"rules": ["SM240"], "longestDays": 30}}
    answer = validate(text, policy).answer
    assert answer.allowed is allowed
    assert [says in warning for warning in answer.warnings] == ([True] if says else [])


def test_a_waiver_waives_its_own_rules_only() -> None:
    """The other finding stays; two waivers do not add up."""
    changes = {**BAD, "AlgorithmSpecification.TrainingInputMode": "Files"}
    one = validate("ignore[SM240] reason=x", ALLOWED, **changes).answer
    assert one.status is not None
    assert [cause["message"][-7:] for cause in one.status["details"]["causes"]] == ["(SM106)"]
    both = "ignore[SM240] reason=x\nignore[SM106] reason=y until=2026-01-01"
    half = validate(both, ALLOWED, **changes).answer
    assert half.status is not None
    assert len(half.status["details"]["causes"]) == 1
    assert any("expired" in warning for warning in half.warnings)


def test_unused_and_unreadable_waivers_are_named() -> None:
    """As warnings, each with its line of the annotation; the policy can turn them off."""
    text = "ignore[SM240] reason=x\n\nignore SM240"
    answer = validate(text, ALLOWED, Environment={"a": "b"}).answer
    assert answer.allowed
    assert sorted(warning[:5] for warning in answer.warnings) == ["SM007", "SM009"]
    assert any("waivers][2]" in warning for warning in answer.warnings)
    off = {**ALLOWED, "modes": {"SM007": "off", "SM009": "off"}}
    assert not validate(text, off, Environment={"a": "b"}).answer.warnings


def test_an_annotation_of_any_length_or_type_is_read() -> None:
    """Of a thousand lines fifty; of what is no text nothing."""
    long = validate("ignore[SM240] reason=x\n" * 1000, ALLOWED).answer
    assert long.allowed
    body = job(**BAD)
    body["metadata"]["annotations"] = {ANNOTATION: 5}
    assert not ask(Route.VALIDATE, body, at_gate(ALLOWED)).answer.allowed


def update(old: dict[str, Any], new: dict[str, Any]) -> Decision:
    """Admit an update."""
    stored = msgspec.Raw(msgspec.json.encode(old))
    return ask(Route.VALIDATE, new, at_gate(ALLOWED), operation="UPDATE", old_object=stored)


def test_taking_a_waiver_away_shows_what_it_covered() -> None:
    """A finding that was waived in the stored object is no old sin."""
    old = waived("ignore[SM240] reason=x", **BAD)
    assert not update(old, job(**BAD)).answer.allowed
    assert update(job(**BAD), waived("ignore[SM106] reason=x", **BAD)).answer.allowed


def test_an_expired_waiver_blocks_no_later_edit() -> None:
    """The stored object has the finding by now, so that another edit of it passes."""
    old = waived("ignore[SM240] reason=x until=2026-01-01", **BAD)
    new = msgspec.json.decode(msgspec.json.encode(old))
    new["spec"]["stoppingCondition"]["maxRuntimeInSeconds"] = 1800
    assert update(old, new).answer.allowed


def test_mutate_asks_the_waivers_too() -> None:
    """What is waived is not refused early."""
    policy = {"waivers": {"rules": ["SM103"]}}
    body = waived("ignore[SM103] reason=filled later", OutputDataConfig=None)
    assert ask(Route.MUTATE, body, at_gate(policy)).answer.allowed
    assert not ask(Route.MUTATE, body, at_gate({})).answer.allowed
