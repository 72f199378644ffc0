# SPDX-License-Identifier: Apache-2.0
"""Answers: modes, warnings, audit annotations, crashes, and who is never judged."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.cases.case import GROUPS, Case, policy_document, render
from webhook.admission import Decision, Gate, Outcome, Route, admit
from webhook.catalog import load_catalog
from webhook.namespaces import Namespaces, NamespaceUnknown, NoCluster
from webhook.policy import Policy, parse
from webhook.protocol import GroupVersionKind, Request, UserInfo
from webhook.resource import Namespace
from webhook.review import Bench, moded_ids, parameter_types
from webhook.schema import RustEngine

RULES = moded_ids()


def gate(policy: dict[str, Any] | None = None, namespaces: Namespaces | None = None) -> Gate:
    """Return a gate with a policy of one section."""
    parsed: Policy = parse(policy_document(policy or {}), parameter_types(), RULES)
    return Gate(load_catalog(), RustEngine, parsed, "p@0", namespaces or NoCluster())


def job(**changes: Any) -> dict[str, Any]:
    """Return the legacy base job, changed."""
    case = Case("", "CreateTrainingJob", "", changes, None, "")
    return render(case, next(kind for kind in case.kinds() if kind.group == GROUPS["legacy"]))


def ask(route: Route, body: Any, with_gate: Gate, **request: Any) -> Decision:
    """Admit a new object."""
    asked = Request(uid="u", operation="CREATE", object=body, namespace="default")
    return admit(route, msgspec.structs.replace(asked, **request), with_gate)


BAD = {"ResourceConfig.InstanceType": "ml.c5.large"}


@pytest.mark.parametrize(
    ("mode", "allowed", "warnings", "audit"),
    [("deny", False, 0, "SM240=deny"), ("warn", True, 1, "SM240=warn"),
     ("audit", True, 0, "SM240=audit"), ("off", True, 0, None)],
)  # fmt: skip
def test_the_policy_sets_a_rules_mode(
    mode: str, allowed: bool, warnings: int, audit: str | None
) -> None:
    """Refuse, warn, leave a trace, or nothing."""
    answer = ask(Route.VALIDATE, job(**BAD), gate({"modes": {"SM240": mode}})).answer
    assert answer.allowed is allowed
    assert len(answer.warnings) == warnings
    assert answer.audit.get("findings") == audit
    assert answer.audit.get("policy") == ("p@0" if audit else None)


def test_mutate_refuses_only_what_the_schema_would_answer() -> None:
    """A rule's finding is left to /validate; a schema's is refused early, with all the others."""
    assert ask(Route.MUTATE, job(**BAD), gate()).answer.allowed
    both = job(**BAD, OutputDataConfig=None)
    status = ask(Route.MUTATE, both, gate()).answer.status
    assert status is not None
    assert [c["field"] for c in status["details"]["causes"]] == [
        "spec.outputDataConfig", "spec.resourceConfig.instanceType",
    ]  # fmt: skip


def test_a_schema_finding_that_only_warns_is_not_refused_early() -> None:
    """Modes come first."""
    body = job(OutputDataConfig=None)
    assert ask(Route.MUTATE, body, gate({"modes": {"SM103": "warn"}})).answer.allowed


def test_early_refusal_can_be_turned_off() -> None:
    """For clusters where a later mutator repairs objects."""
    late = gate()
    late = Gate(
        late.catalog, late.engine, late.policy, late.digest, late.namespaces, refuses_early=False
    )
    assert ask(Route.MUTATE, job(OutputDataConfig=None), late).answer.allowed
    assert not ask(Route.VALIDATE, job(OutputDataConfig=None), late).answer.allowed


def test_a_placeholder_is_one_finding() -> None:
    """`<role arn>` breaks a length, a pattern and the rule: the user reads of it once."""
    status = ask(Route.VALIDATE, job(RoleArn="<role arn>"), gate()).answer.status
    assert status is not None
    (cause,) = status["details"]["causes"]
    assert (cause["field"], "SM120" in cause["message"]) == ("spec.roleArn", True)


@pytest.mark.parametrize(
    "request_",
    [
        {"operation": "DELETE"},
        {"operation": "CONNECT"},
        {"sub_resource": "status"},
        {"user": UserInfo("system:serviceaccount:ack-system:ack-sagemaker-controller", [])},
        {"user": UserInfo("x", ["system:serviceaccounts:kube-system"])},
        {"user": UserInfo("system:serviceaccount:mine:ack", [])},
    ],
)
@pytest.mark.parametrize("route", list(Route))
def test_what_is_never_judged(route: Route, request_: dict[str, Any]) -> None:
    """Other operations, subresources, and controllers, also one that the policy names."""
    with_gate = gate({"ackController": {"serviceAccount": "mine:ack"}})
    decision = ask(route, job(OutputDataConfig=None), with_gate, **request_)
    assert decision.outcome is Outcome.PASSED
    assert (decision.answer.allowed, decision.answer.patch) == (True, ())


def test_a_user_who_only_looks_like_a_controller_is_judged() -> None:
    """The account is matched exactly."""
    user = UserInfo("system:serviceaccount:ack-system:ack-sagemaker-controller2", [])
    assert not ask(Route.VALIDATE, job(OutputDataConfig=None), gate(), user=user).answer.allowed


def test_a_sagemaker_kind_without_a_schema_is_said_to_be_unjudged() -> None:
    """Unknown is never a silent pass."""
    body = {
        "apiVersion": "sagemaker.services.k8s.aws/v1alpha1",
        "kind": "AutoMLJob",
        "metadata": {},
    }
    kind = GroupVersionKind("sagemaker.services.k8s.aws", "v1alpha1", "AutoMLJob")
    decision = ask(Route.VALIDATE, body, gate(), kind=kind)
    assert decision.answer.allowed
    assert decision.answer.warnings == ["SM003 this gate does not judge AutoMLJob of v1alpha1"]


def test_a_rule_that_crashes_is_our_fault_and_the_others_speak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Alone it is a 500 in the message; beside others it is one cause more."""
    real = Bench.hear

    def hear(self: Bench, rule: Any, at: Any) -> None:
        if rule.id == "SM232":
            at = None  # the rule stumbles over it
        real(self, rule, at)

    monkeypatch.setattr(Bench, "hear", hear)
    alone = ask(Route.VALIDATE, job(), gate())
    assert alone.outcome is Outcome.FAILED
    assert alone.answer.status is not None
    assert alone.answer.status["code"] == 500
    assert "SM232" in alone.answer.status["message"]
    beside = ask(Route.VALIDATE, job(**BAD), gate()).answer.status
    assert beside is not None
    assert beside["code"] == 422
    assert {c["field"] for c in beside["details"]["causes"]} == {
        "spec.resourceConfig.instanceType", "metadata.name",
    }  # fmt: skip
    assert ask(Route.VALIDATE, job(), gate({"modes": {"SM001": "warn"}})).answer.allowed
    assert ask(Route.VALIDATE, job(), gate({"modes": {"SM232": "off"}})).answer.allowed


def test_warnings_are_clean_short_lines() -> None:
    """ASCII, no control characters, ID first, under 240 characters, at most sixteen."""
    tags = [{"Key": f"k{i}\u202e\n", "Value": "\x1b[31m" + "x" * 300} for i in range(30)]
    policy = {"modes": {rule: "warn" for rule in RULES if rule.startswith("SM1")}}
    warnings = ask(Route.VALIDATE, job(Tags=tags), gate(policy)).answer.warnings
    assert 0 < len(warnings) <= 16
    for warning in warnings:
        assert warning.isascii()
        assert warning.isprintable()
        assert warning.startswith("SM1")
        assert len(warning) <= 240


def test_a_refusal_is_bounded() -> None:
    """At most fifty causes and 16 KB, then how many more; the last cause says it too."""
    channels = [{"ChannelName": "bad name!" + "x" * 500}] * 20
    body = job(InputDataConfig=channels)
    body["spec"] |= {f"unknown{i}": 1 for i in range(20)}
    body["spec"]["hyperParameters"] = [{"name": 5, "value": 5}] * 60
    status = ask(Route.VALIDATE, body, gate()).answer.status
    assert status is not None
    assert len(status["details"]["causes"]) <= 51
    assert len(status["message"].encode()) <= 17 * 1024
    assert status["message"].splitlines()[-1].startswith("… and ")


def test_no_terminal_is_written_to_by_a_value() -> None:
    """Escapes, bells and bidi marks of a value are shown, not sent."""
    status = ask(Route.VALIDATE, job(RoleArn="\x1b[2J\x07\u202e" * 10), gate()).answer.status
    assert status is not None
    assert not set("\x1b\x07\u202e") & set(str(status["message"]))


class Unreadable(NoCluster):
    """A cluster that does not answer."""

    def find(self, name: str) -> Namespace | None:
        """Raise."""
        raise NamespaceUnknown(f"the gate cannot read namespace {name!r}, try again")


def test_a_namespace_that_cannot_be_read_is_never_no_match() -> None:
    """A 500 in band, whatever the object."""
    answer = ask(Route.VALIDATE, job(), gate(namespaces=Unreadable())).answer
    assert answer.status is not None
    assert (answer.allowed, answer.status["code"]) == (False, 500)
