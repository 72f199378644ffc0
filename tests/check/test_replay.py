# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker replay`: a recorded review, answered as the server answers it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.check.command import run
from tests.gateprocess import ROOT, GateProcess
from tests.server.reviews import SAMPLE, review

POLICY = ROOT / "manifests" / "samples" / "policy.yaml"
LARGE = {**SAMPLE, "spec": {**SAMPLE["spec"]}}
LARGE["spec"]["resourceConfig"] = {**SAMPLE["spec"]["resourceConfig"], "instanceCount": 64}
MISSPELT = {**SAMPLE, "spec": {**SAMPLE["spec"], "roleARN": "x"}}


def recorded(body: Any, **request: Any) -> str:
    """Return a review as the API server sends it."""
    kind = {"group": "sagemaker.aws.amazon.com", "version": "v1", "kind": "TrainingJob"}
    return json.dumps(review(object=body, kind=kind, namespace="default", **request))


def replay(text: str, *arguments: str) -> tuple[int, str]:
    """Replay a review from standard input; return exit code and what is printed."""
    done = run("replay", "--policy", str(POLICY), *arguments, "-", stdin=text)
    return done.returncode, done.stdout or done.stderr


def test_a_good_job_is_completed_and_allowed() -> None:
    """What is added, and what the user would be told."""
    code, shown = replay(recorded(SAMPLE))
    assert code == 0
    assert shown.splitlines()[:3] == [
        "/mutate: allowed",
        '  add /spec/region: "us-west-2"',
        '  add /spec/roleArn: "arn:aws:iam::123456789012:role/service-role/sagemaker-execution"',
    ]
    assert "  Warning: SM005 spec.region defaulted" in shown
    assert shown.splitlines()[-1] == "/validate: allowed"


def test_validate_is_asked_with_the_patched_object() -> None:
    """It refuses the size and not the region that was missing."""
    code, shown = replay(recorded(LARGE))
    assert code == 1
    assert shown.splitlines()[-5:-2] == [
        "/validate: refused (422 Invalid)",
        '  TrainingJob "xgboost-mnist" is invalid:',
        (
            "  * spec.resourceConfig.instanceCount: Forbidden: "
            "64 instances, the policy allows 16 (SM603)"
        ),
    ]


def test_validate_is_not_asked_when_mutate_refused() -> None:
    """As the API server does."""
    code, shown = replay(recorded(MISSPELT))
    assert code == 1
    assert shown.startswith("/mutate: refused (422 Invalid)")
    assert shown.splitlines()[-1] == "/validate: not asked, since /mutate refused"


@pytest.mark.parametrize("body", [SAMPLE, LARGE, MISSPELT], ids=["good", "large", "misspelt"])
def test_it_says_what_the_server_says(body: Any) -> None:
    """Byte for byte but the policy's digest, in --format json."""
    answers = json.loads(replay(recorded(body), "--format", "json")[1])
    with GateProcess(policy=POLICY) as gate:
        sent = json.loads(recorded(body))["request"]
        first = gate.review("mutate", **sent)
        asked = {"mutate": first}
        if first["allowed"]:
            filled = json.loads(base64.b64decode(first["patch"]))
            spec = {**body["spec"], **{o["path"].rpartition("/")[2]: o["value"] for o in filled}}
            asked["validate"] = gate.review(
                "validate", **{**sent, "object": {**body, "spec": spec}}
            )
    assert answers.keys() == asked.keys()
    for route, answer in asked.items():
        ours = answers[route]["response"]
        for each in (ours, answer):
            each.get("auditAnnotations", {}).pop("policy", None)
        assert ours == answer


def test_labels_of_the_namespace_are_given(tmp_path: Path) -> None:
    """The review has none."""
    policy = POLICY.read_text().replace(
        "    - name: everyone\n",
        "    - name: everyone\n      match: {namespaces: {selector: {matchLabels: {a: b}}}}\n",
    )
    path = tmp_path / "policy.yaml"
    path.write_text(policy)
    for labels, code in (([], 1), (["--label", "a=b"], 0), (["--label", "a=c"], 1)):
        done = run("replay", "--policy", str(path), *labels, "-", stdin=recorded(SAMPLE))
        assert done.returncode == code, done.stdout
    wrong = run("replay", "--label", "a", "-", stdin=recorded(SAMPLE))
    assert (wrong.returncode, "'a' is not KEY=VALUE" in wrong.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no AdmissionReview"),
        ("{}", "no AdmissionReview"),
        ('{"request": {"uid": "a", "operation": "CREATE"}}', "is not admission.k8s.io/v1"),
    ],
    ids=range(3),
)
def test_what_is_no_review_is_told(text: str, says: str) -> None:
    """In one line, exit code 2."""
    code, shown = replay(text)
    assert code == 2
    assert says in shown
    assert shown.count("\n") == 1


def test_controllers_and_other_kinds_pass() -> None:
    """As in the cluster."""
    name = "system:serviceaccount:kube-system:generic-garbage-collector"
    user = {"username": name, "groups": ["system:serviceaccounts:kube-system"]}
    assert replay(recorded(LARGE, userInfo=user))[0] == 0
    assert replay(recorded({**LARGE, "kind": "ConfigMap", "apiVersion": "v1"}))[0] == 0
