# SPDX-License-Identifier: Apache-2.0
"""Every kind, by objects made from its own table: the least that is valid, and each fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from schemas import Kind, find_kind, kinds
from tests.specimens.fault import RULE_OF, Faulty, faults
from tests.specimens.specimen import least, wrap
from webhook.catalog import load_catalog
from webhook.context import Context, Verb
from webhook.resource import read_resource
from webhook.review import Verdict, review
from webhook.schema import PythonEngine, RustEngine
from webhook.spelling import spell

KINDS = [kind for name in kinds() if (kind := find_kind(*name)) is not None]
IDS = [f"{'ack' if kind.is_ack else 'original'}-{kind.name}" for kind in KINDS]
FAULTS = [(kind, faulty) for kind in KINDS for faulty in faults(kind)]

_DEFINITION: Mapping[str, Any] = {
    "AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 1},
}
ALSO: Mapping[str, Mapping[str, Any]] = {
    "CreateTrainingJob": _DEFINITION,
}
"""What rules demand beyond the schema, by operation, in AWS names."""

LACKING = {
    "ack-App": {"range"},
    "ack-InferenceComponent": {"enum"},
    "ack-Model": {"range"},
    "ack-ModelPackageGroup": {"enum", "range"},
    "ack-NotebookInstanceLifecycleConfig": {"enum", "range"},
    "ack-Pipeline": {"enum"},
    "ack-PipelineExecution": {"enum"},
    "ack-Project": {"enum", "range"},
    "original-Model": {"range"},
}
"""Sorts of fault that a kind's model cannot have."""


def judge(body: dict[str, Any], engine: Any = RustEngine) -> Verdict:
    """Judge a new object without a policy."""
    resource = read_resource(body)
    assert resource is not None
    return review(resource, Context(Verb.CREATE, load_catalog(), engine, date(2026, 1, 1)))


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_the_least_that_is_valid_is_admitted(kind: Kind) -> None:
    """With what the rules demand, and not a word is said."""
    spec = least(kind)
    for member, value in ALSO.get(kind.operations[0], {}).items():
        field = next(f for f in kind.spec.fields.values() if f.member == member)
        spec[field.key] = spell(field, value)
    assert [finding.sentence for finding in judge(wrap(kind, spec)).everything] == []


@pytest.mark.parametrize(
    ("kind", "faulty"),
    FAULTS,
    ids=[f"{'ack' if kind.is_ack else 'original'}-{kind.name}-{f.sort}" for kind, f in FAULTS],
)
@pytest.mark.parametrize("engine", [RustEngine, PythonEngine])
def test_each_fault_is_refused_at_its_place(kind: Kind, faulty: Faulty, engine: Any) -> None:
    """By the rule of its sort, with both engines."""
    verdict = judge(wrap(kind, faulty.spec), engine)
    rules = {finding.rule for finding in verdict.everything if finding.field == faulty.at}
    assert RULE_OF[faulty.sort] in rules, [finding.sentence for finding in verdict.everything]
    assert faulty.at in {finding.field for finding in verdict.denied}


def test_no_sort_of_fault_is_passed_over_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    """The table of kinds and sorts: what a kind lacks is known, and named."""
    sorts = list(RULE_OF)
    lines = [f"{'':44}" + " ".join(f"{sort:8}" for sort in sorts)]
    lacking: dict[str, set[str]] = {}
    for kind, name in zip(KINDS, IDS, strict=True):
        has = {faulty.sort for of, faulty in FAULTS if of is kind}
        lines.append(f"{name:44}" + " ".join(f"{'x' if s in has else '-':8}" for s in sorts))
        if set(sorts) - has:
            lacking[name] = set(sorts) - has
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201 - meant to be seen
    assert lacking == LACKING
