# SPDX-License-Identifier: Apache-2.0
"""Waivers in comments: what they cover, and what is said of those that cover nothing."""

from __future__ import annotations

from dataclasses import replace as with_changes
from datetime import date
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from tests.check.test_check import JOB, context, policy_of
from tests.check.test_check import check as gate_check
from webhook.adapters.yamlfile import read_documents
from webhook.check import Check, Checked
from webhook.waiver import ANNOTATION, Origin

LINE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"
WAIVER = "# kube-sagemaker: ignore[SM210] reason=moves"


def check(text: str, policy: dict[str, Any] | None = None) -> list[Checked]:
    """Check one input as the command does."""
    around = context() if policy is None else context(policy_of(policy))
    around = replace(around, honours_waivers=True, today=date(2026, 6, 1))
    return list(Check(around).run(read_documents(text.encode(), "x.yaml")))


def rules(checked: Checked) -> list[tuple[str, int]]:
    """Return rule and line of each finding that counts."""
    return [(finding.rule, place.line) for finding, place in checked.findings]


REST = [("SM105", 12), ("SM103", 13), ("SM101", 14), ("SM104", 15)]


def test_a_comment_on_the_line_waives() -> None:
    """Its rule, on that line, and nothing else."""
    (checked,) = check(JOB.replace(LINE, f"{LINE}  {WAIVER}"))
    assert rules(checked) == REST
    (waived,) = checked.verdict.waived
    assert (waived.finding.rule, waived.origin, waived.reason) == (
        "SM210", Origin.COMMENT, "moves",
    )  # fmt: skip


def test_a_comment_alone_on_its_line_speaks_of_the_next() -> None:
    """The next that holds anything: blank lines and other comments stand between."""
    text = f"    {WAIVER}\n\n    # and why\n    trainingImage"
    (checked,) = check(JOB.replace("    trainingImage", text))
    assert rules(checked) == [(rule, line + 3) for rule, line in REST]


def test_a_comment_at_the_key_or_at_the_value_waives() -> None:
    """Where they stand on lines of their own."""
    for text in (
        f"trainingImage:  {WAIVER}\n      {LINE}",
        f"trainingImage:\n      {LINE}  {WAIVER}",
    ):
        (checked,) = check(JOB.replace(f"trainingImage: {LINE}", text))
        assert "SM210" not in dict(rules(checked)), text


def test_what_is_missing_is_waived_at_its_parent() -> None:
    """There is no other line."""
    text = "outputDataConfig: {}  # kube-sagemaker: ignore[SM103] reason=kustomize adds it"
    (checked,) = check(JOB.replace("outputDataConfig: {}", text))
    assert "SM103" not in dict(rules(checked))


@pytest.mark.parametrize(
    ("comment", "rule", "says"),
    [
        ("ignore[SM210]", "SM007", "say why: reason=…"),
        ("skip this", "SM007", "write ignore[SM210]"),
        ("ignore[SM210] reason=x until=2026-05-31", "SM008", "expired on 2026-05-31"),
        ("ignore[SM240] reason=x", "SM009", "SM240 finds nothing in line 9"),
        ("ignore[SM210, SM240] reason=x", "SM009", "SM240 finds nothing in line 9"),
    ],
    ids=range(5),
)
def test_what_is_wrong_with_a_comment_is_a_finding(comment: str, rule: str, says: str) -> None:
    """Unreadable, expired, unused: a warning at the comment."""
    (checked,) = check(JOB.replace(LINE, f"{LINE}  # kube-sagemaker: {comment}"))
    found = {f.rule: (f.sentence, p) for f, p in checked.findings if f.rule == rule}
    sentence, place = found[rule]
    assert says in sentence
    assert (place.line, place.column) == (9, 76)
    assert ("SM210" in dict(rules(checked))) is ("SM210, SM240" not in comment)


@pytest.mark.parametrize(
    "text",
    [
        'x: "a # kube-sagemaker: ignore[SM210] reason=x"',
        "x: |\n    # kube-sagemaker: ignore[SM210] reason=x\n    b",
        "x: a#kube-sagemaker:skip",
        "x: >-\n    a\n    # kube-sagemaker: skip\n",
    ],
    ids=range(4),
)
def test_what_only_looks_like_a_comment_is_none(text: str) -> None:
    """Text of scalars, quoted and folded, and a # without a blank before it."""
    annotated = JOB.replace("  name: job\n", f"  name: job\n  annotations:\n   {text}\n")
    (document,) = read_documents(annotated.encode(), "x.yaml")
    assert document.comments == ()


def test_each_document_has_its_own_comments() -> None:
    """Also in a List, where the last object tells of those that served none."""
    one = JOB.replace(LINE, f"{LINE}  {WAIVER}")
    clean = JOB.replace("us-east-1", "us-west-2").replace("811284229777", "433757028032")
    both = check(f"{one}---\n{clean}  {WAIVER}\n---\n{JOB}")
    assert ["SM210" in dict(rules(each)) for each in both] == [False, False, True]
    assert ["SM009" in dict(rules(each)) for each in both] == [False, True, False]
    first, second = one.replace("\n", "\n    "), JOB.replace("\n", "\n    ")
    listed = check(f"apiVersion: v1\nkind: List\nitems:\n  - {first}\n  - {second}\n")
    assert [dict(rules(each)).get("SM210") for each in listed] == [None, 28]


def test_encodings_and_line_ends_keep_the_place() -> None:
    """A byte order mark, UTF-16, line ends of Windows, wide characters before the comment."""
    text = JOB.replace(LINE, f"{LINE}  {WAIVER}").replace("name: job", "name: job # ünï 日本")
    for data in (text.encode("utf-8-sig"), text.encode("utf-16"),
                 text.replace("\n", "\r\n").encode()):  # fmt: skip
        run = Check(replace(context(), honours_waivers=True))
        (checked,) = run.run(read_documents(data, "x.yaml"))
        assert rules(checked) == REST


def test_an_annotation_is_honoured_and_the_policy_s_word_on_it_told() -> None:
    """Without a policy nobody knows what the gate will say; with one it is said."""
    line = f"  annotations:\n    {ANNOTATION}: ignore[SM210] reason=moves\n"
    text = JOB.replace("  name: job\n", f"  name: job\n{line}")
    (free,) = check(text)
    assert rules(free) == [(rule, number + 2) for rule, number in REST]
    assert free.verdict.waived[0].origin is Origin.ANNOTATION
    strict = yaml.safe_load(
        "{apiVersion: kube-sagemaker.dev/v1alpha1, kind: SageMakerPolicy, metadata: {name: p},"
        " spec: {sections: [{name: a, modes: {SM210: deny}}]}}"
    )
    (told,) = check(text, strict)
    assert ("SM010", 6) in rules(told)
    assert "SM210" not in dict(rules(told))
    strict["spec"]["sections"][0]["waivers"] = {"rules": ["SM210"]}
    (allowed,) = check(text, strict)
    assert rules(allowed) == rules(free)


def test_a_text_without_comments_is_read_once() -> None:
    """The mark is searched for before anything else."""
    (checked,) = gate_check(JOB)
    assert checked.document.comments == ()
    assert with_changes(checked, remarks=()).findings == checked.findings
