# SPDX-License-Identifier: Apache-2.0
"""The same object through the check and through the gate: rules, paths and messages are identical.

Over thousands of random objects of all kinds, most of them wrong in some random places.
"""

from __future__ import annotations

import json
import os
import random

import msgspec
import pytest
import yaml

from schemas import Kind
from tests.check.test_check import check
from tests.specimens.mutant import mutant
from tests.test_admission import gate
from tests.test_kinds import KINDS
from webhook.admission import Decision, Route, admit
from webhook.patch import apply
from webhook.policy import parse
from webhook.protocol import decode
from webhook.review import moded_ids, parameter_types

OBJECTS = int(os.environ.get("FUZZ_EXAMPLES", "2000")) // len(KINDS)

POLICY = {
    "defaults": {"Region": "us-west-2", "RoleArn": "arn:aws:iam::123456789012:role/sagemaker"},
    "parameters": {"SM602": {"allowed": ["ml.m5.*"]}, "SM603": {"instances": 1}},
    "modes": {"SM106": "warn", "SM109": "audit", "SM104": "off"},
}


def decided(document: object) -> Decision:
    """Send an object, as kubectl would, through both routes; return what decided."""
    head = {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1"}
    asked = {"uid": "u", "operation": "CREATE", "namespace": "default", "object": document}
    request = decode(json.dumps({**head, "request": asked}).encode()).request
    first = admit(Route.MUTATE, request, GATE)
    if not first.answer.allowed:
        return first
    changed = apply(request.object, first.answer.patch)
    return admit(Route.VALIDATE, msgspec.structs.replace(request, object=changed), GATE)


GATE = gate(POLICY)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.group}-{kind.name}")
def test_check_and_gate_say_the_same(kind: Kind) -> None:
    """Each finding by rule, mode and sentence, in whatever form the file is written."""
    document = {
        "apiVersion": "kube-sagemaker.dev/v1alpha1", "kind": "SageMakerPolicy",
        "metadata": {"name": "case"}, "spec": {"sections": [{"name": "case", **POLICY}]},
    }  # fmt: skip
    policy = parse(document, parameter_types(), moded_ids())
    chance = random.Random(f"same {kind.group} {kind.name}")  # noqa: S311 - the same each time
    compared = 0
    for number in range(OBJECTS):
        body = mutant(kind, chance)
        text = json.dumps(body) if number % 2 else yaml.safe_dump(body, allow_unicode=True)
        (checked,) = check(text, policy)
        ours = [(f.rule, f.mode, f.sentence) for f in checked.verdict.findings]
        theirs = [(f.rule, f.mode, f.sentence) for f in decided(checked.document.value).findings]
        assert ours == theirs, text
        compared += len(ours)
    assert compared > OBJECTS // 4, "most of them have something wrong"
