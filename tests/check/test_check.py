# SPDX-License-Identifier: Apache-2.0
"""The check says what the gate says, word for word, and where it stands in the file."""

from __future__ import annotations

import gc
from datetime import date
from textwrap import indent
from typing import Any

import pytest
import yaml

from schemas import Kind
from tests.cases.case import Case, policy_document, render
from tests.samples import FOLDER
from tests.test_cases import CASES, IDS
from webhook.adapters.yamlfile import read_documents
from webhook.catalog import load_catalog
from webhook.check import Check, Checked
from webhook.context import Context, Verb
from webhook.defaulting import default
from webhook.policy import EMPTY, Policy, parse
from webhook.resource import Namespace, read_resource
from webhook.review import moded_ids, parameter_types, review
from webhook.schema import RustEngine


def context(policy: Policy = EMPTY) -> Context:
    """Return the surroundings of a CREATE."""
    return Context(Verb.CREATE, load_catalog(), RustEngine, date(2026, 1, 1), policy)


def check(text: str, policy: Policy = EMPTY, namespace: str = "default") -> list[Checked]:
    """Check one input."""
    return list(Check(context(policy), namespace).run(read_documents(text.encode(), "x.yaml")))


def policy_of(document: dict[str, Any]) -> Policy:
    """Parse a policy document."""
    return parse(document, parameter_types(), moded_ids())


@pytest.mark.parametrize(("case", "kind"), CASES, ids=IDS)
def test_every_rule_case_is_judged_as_the_gate_does(case: Case, kind: Kind) -> None:
    """IDs, paths and messages, once the gate has filled in what it fills in."""
    policy, body = policy_of(policy_document(case.policy)), render(case, kind)
    resource = read_resource(body)
    assert resource is not None
    gate = context(policy)
    namespaced = Context(
        gate.verb, gate.catalog, gate.engine, gate.today, policy, Namespace("default", {}, {})
    )
    verdict = review(default(resource, namespaced).resource, namespaced)
    (checked,) = check(yaml.safe_dump(body), policy)
    assert [f.sentence for f in checked.verdict.findings] == [f.sentence for f in verdict.findings]
    assert [f.mode for f in checked.verdict.findings] == [f.mode for f in verdict.findings]
    for _, place in checked.findings:
        assert place.line >= 1
        assert place.column >= 1


JOB = """\
apiVersion: sagemaker.aws.amazon.com/v1
kind: TrainingJob
metadata:
  name: job
spec:
  region: us-west-2
  roleArn: arn:aws:iam::123456789012:role/x
  algorithmSpecification:
    trainingImage: 811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1
    trainingInputMode: File
  hyperParameters:
    - {name: max_depth, value: 5}
  outputDataConfig: {}
  resourceConfig: {instanceType: ml.m5.xlarge, instanceCount: 1, volumeSizeInGb: 5}
  stoppingCondition: {maxRuntimeInSeconds: 0}
"""


def places(checked: Checked) -> dict[str, tuple[int, int, int]]:
    """Return field -> line, column, width of each finding."""
    return {f.field: (p.line, p.column, p.width) for f, p in checked.findings}


def test_places_are_those_of_the_values() -> None:
    """A value's own place, a misspelt key's, and the parent's of what is missing."""
    (checked,) = check(JOB)
    assert places(checked) == {
        "spec.algorithmSpecification.trainingImage": (9, 20, 54),
        "spec.hyperParameters[0].value": (12, 32, 1),
        "spec.outputDataConfig.s3OutputPath": (13, 3, 16),
        "spec.resourceConfig.volumeSizeInGb": (14, 66, 14),
        "spec.stoppingCondition.maxRuntimeInSeconds": (15, 44, 1),
    }


def test_a_quoted_value_is_underlined_with_its_quotes() -> None:
    """A value of several lines at its first letter."""
    text = JOB.replace("region: us-west-2", "region: 'us-west2'")
    (checked,) = check(text)
    assert places(checked)["spec.region"] == (6, 11, 10)
    folded = JOB.replace("region: us-west-2", "region: us\n    west2")
    (checked,) = check(folded)
    assert places(checked)["spec.region"] == (6, 11, 1)


def test_a_misspelt_required_field_is_one_finding() -> None:
    """Not also a missing one."""
    (checked,) = check(
        JOB.replace("outputDataConfig: {}", "outputDataConfig: {s3OutputPth: s3://b/k}")
    )
    found = [f for f, _ in checked.findings if "outputDataConfig" in f.field]
    assert [(f.rule, f.field) for f in found] == [("SM101", "spec.outputDataConfig.s3OutputPth")]


LIST = """\
apiVersion: v1
kind: Namespace
metadata: {name: gpu, labels: {tier: gpu}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
---
apiVersion: v1
kind: List
items:
  -
"""

BY_LABEL = """\
apiVersion: kube-sagemaker.dev/v1alpha1
kind: SageMakerPolicy
metadata: {name: labels}
spec:
  sections:
    - name: gpu
      match: {namespaces: {selector: {matchLabels: {tier: gpu}}}}
      modes: {SM210: "off"}
"""


def test_lists_namespaces_and_other_kinds() -> None:
    """Objects of a List one by one; labels of a Namespace in the input select a section."""
    text = LIST + indent(JOB.replace("name: job", "name: job\n  namespace: gpu"), "    ")
    run = Check(context(policy_of(yaml.safe_load(BY_LABEL))))
    (checked,) = run.run(read_documents(text.encode(), "x.yaml"))
    found = places(checked)
    assert "spec.algorithmSpecification.trainingImage" not in found, "the section's mode holds"
    line = text[: text.index("max_depth")].count("\n") + 1
    assert found["spec.hyperParameters[0].value"] == (line, 36, 1)
    assert run.passed_over == 2


def test_no_message_lists_more_than_five_values() -> None:
    """Whatever the case: a nearest value is offered, not two hundred."""
    for case, kind in CASES:
        for checked in check(
            yaml.safe_dump(render(case, kind)), policy_of(policy_document(case.policy))
        ):
            for finding in checked.verdict.everything:
                assert finding.fault.text.count(", ") <= 5, finding.sentence


def test_the_samples_are_clean() -> None:
    """As files, under the sample policy."""
    policy = policy_of(yaml.safe_load((FOLDER / "policy.yaml").read_text()))
    for path in sorted(FOLDER.glob("*.yaml")):
        for checked in check(path.read_text(), policy):
            assert not checked.verdict.findings


def test_judging_leaves_no_rings() -> None:
    """The command runs without the garbage collector: what it judges must go by itself."""
    documents = [(yaml.safe_dump(render(case, kind)), case.policy) for case, kind in CASES[:200]]
    runs = [(text, policy_of(policy_document(policy))) for text, policy in documents]
    for text, policy in runs:
        check(text, policy)  # what is made once is no garbage
    gc.collect()
    gc.disable()
    try:
        for text, policy in runs:
            check(text, policy)
        assert gc.collect() == 0
    finally:
        gc.enable()
