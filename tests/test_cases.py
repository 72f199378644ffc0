# SPDX-License-Identifier: Apache-2.0
"""Every case of every rule, in both groups: by the pipeline, by the other engine, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas import Kind
from tests.cases.case import FOLDER, Case, policy_document, read_cases, render, user_path
from tests.gateprocess import ROOT, GateProcess
from webhook.catalog import load_catalog
from webhook.context import Context, Verb
from webhook.policy import parse
from webhook.resource import read_resource
from webhook.review import Verdict, discover_rules, moded_ids, parameter_types, review
from webhook.schema import PythonEngine, RustEngine

CASES = [(case, kind) for case in read_cases() for kind in case.kinds()]
IDS = [f"{case.rule}-{case.name}-{'ack' if kind.is_ack else 'legacy'}" for case, kind in CASES]

every = pytest.mark.parametrize(("case", "kind"), CASES, ids=IDS)


def judge(case: Case, kind: Kind, engine: Any = RustEngine) -> Verdict:
    """Judge a case as a new object."""
    policy = parse(policy_document(case.policy), parameter_types(), moded_ids())
    resource = read_resource(render(case, kind))
    assert resource is not None
    context = Context(Verb.CREATE, load_catalog(), engine, date(2026, 1, 1), policy)
    return review(resource, context)


@every
def test_case(case: Case, kind: Kind) -> None:
    """A refused case yields its rule's finding where and as it says; an accepted one does not."""
    everything = list(judge(case, kind).everything)
    found = [finding for finding in everything if finding.rule == case.rule]
    if case.at is None:
        assert not found
    else:
        wanted = user_path(kind, case.at)
        at = [finding for finding in found if finding.field == wanted]
        assert at, [finding.sentence for finding in everything]
        assert case.says in at[0].sentence


@every
def test_both_engines_say_the_same(case: Case, kind: Kind) -> None:
    """jsonschema-rs and jsonschema lead to the same findings, word for word."""
    fast, reference = judge(case, kind), judge(case, kind, PythonEngine)
    assert sorted(f.sentence for f in fast.everything) == sorted(
        f.sentence for f in reference.everything
    )


@pytest.fixture(scope="module")
def gate() -> Iterator[GateProcess]:
    """A gate without a policy."""
    with GateProcess() as running:
        yield running


@pytest.mark.parametrize(
    ("case", "kind"),
    [pair for pair in CASES if not pair[0].policy],
    ids=[name for name, pair in zip(IDS, CASES, strict=True) if not pair[0].policy],
)
def test_the_server_says_the_same(case: Case, kind: Kind, gate: GateProcess) -> None:
    """Over HTTP the causes and warnings are the verdict's, word for word."""
    verdict = judge(case, kind)
    answer = gate.review("validate", operation="CREATE", object=render(case, kind))
    assert answer["allowed"] is not bool(verdict.denied)
    causes = answer.get("status", {}).get("details", {}).get("causes", [])
    said = sorted(f"{cause['field']}: {cause['message']}" for cause in causes)
    assert said == sorted(finding.sentence for finding in verdict.denied)
    assert len(answer.get("warnings", [])) == len(verdict.warned)


def test_every_rule_has_cases_and_a_page() -> None:
    """A rule without a refused case, an accepted case and a page in the docs is not done."""
    for rule in discover_rules().values():
        cases = [case for case in read_cases() if case.rule == rule.id]
        assert any(case.at is not None for case in cases), f"{rule.id} has no refused case"
        assert any(case.at is None for case in cases), f"{rule.id} has no accepted case"
        module = Path(rule.check.__code__.co_filename).stem
        assert (FOLDER / f"{module}.yaml").exists(), f"{rule.id}: the case file is {module}.yaml"
        assert (ROOT / "docs" / "rules" / f"{rule.id}.md").exists(), f"make docs for {rule.id}"


def test_the_base_objects_are_clean() -> None:
    """What the cases change is accepted without a word in every group."""
    for path in sorted((FOLDER / "bases").glob("*.yaml")):
        base = Case("", path.stem, "base", {}, None, "")
        assert list(base.kinds())
        for kind in base.kinds():
            assert list(judge(base, kind).everything) == []
