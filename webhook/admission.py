# SPDX-License-Identifier: Apache-2.0
"""A review in, an answer out: what the two routes do, without HTTP.

`/mutate` completes the object, and refuses it when the CRD's own schema would otherwise speak
first and tell half of the faults. `/validate` judges the object as it then is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import msgspec

from schemas import kinds
from webhook.catalog import Catalog
from webhook.context import Context, Verb
from webhook.controllers import is_controller
from webhook.defaulting import Defaulted, default
from webhook.denial import fail, refuse
from webhook.finding import Finding, Mode, clean
from webhook.namespaces import Namespaces, NamespaceUnknown
from webhook.policy import Policy
from webhook.protocol import Answer, Request, decode_object
from webhook.reserved import CRASHED
from webhook.resource import Resource, read_resource
from webhook.review import CLEAN, Verdict, review
from webhook.schema import Engine

LONGEST_WARNING: Final = 240
"""Characters of one warning; the API server cuts at 256."""

MOST_WARNINGS: Final = 16
"""16 warnings of 240 characters stay below the 4,096 at which the API server cuts the sum."""

LONGEST_ANNOTATION: Final = 1024
"""Characters of the audit annotation that repeats the reasons of waivers."""

GROUPS: Final = frozenset(group for group, _ in kinds())

VERBS: Final = frozenset(Verb)


class Route(StrEnum):
    """The two routes."""

    MUTATE = "mutate"
    VALIDATE = "validate"


class Outcome(StrEnum):
    """How an answer came about, for metrics and logs."""

    ALLOWED = "allowed"
    DENIED = "denied"
    PASSED = "passed"
    """Not judged: a controller's write, another operation, or no kind of ours."""
    FAILED = "failed"
    """Refused for no fault of the object."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What all reviews have in common. `digest` identifies the policy in audit annotations."""

    catalog: Catalog
    engine: Callable[[Mapping[str, Any]], Engine]
    policy: Policy
    digest: str
    namespaces: Namespaces
    today: Callable[[], date] = date.today
    refuses_early: bool = True


class Decision(msgspec.Struct, frozen=True):
    """An answer, with what logs and metrics want to know of it."""

    answer: Answer
    outcome: Outcome
    kind: str = ""
    findings: Sequence[Finding] = ()


def admit(route: Route, request: Request, gate: Gate) -> Decision:
    """Answer one request. Synchronous; the caller minds the deadline."""
    if not _is_judged(request, gate):
        return _pass(request)
    resource = read_resource(request.object, request.namespace)
    if resource is None:
        return _pass_unjudged(request) if request.kind.group in GROUPS else _pass(request)
    old = None
    if request.operation == Verb.UPDATE:
        old = read_resource(decode_object(request.old_object), request.namespace)
        if old is not None and _is_unchanged(resource, old):
            return _pass(request, resource.kind.name)
    try:
        namespace = gate.namespaces.find(resource.namespace)
    except NamespaceUnknown as error:
        return failed(request.uid, 500, str(error), resource.kind.name)
    context = Context(
        verb=Verb(request.operation),
        catalog=gate.catalog,
        engine=gate.engine,
        today=gate.today(),
        policy=gate.policy,
        namespace=namespace,
        old=old,
        requester=request.user.username,
    )
    if route is Route.MUTATE:
        return _mutate(request, resource, context, gate)
    return _validate(request, resource, context, gate)


def _is_judged(request: Request, gate: Gate) -> bool:
    """Whether a request is for us to judge: no subresource, no deletion, no controller's write."""
    if request.operation not in VERBS or request.sub_resource:
        return False
    user = request.user
    return not is_controller(user.username, user.groups or [], gate.policy.controller_account)


def _is_unchanged(resource: Resource, old: Resource) -> bool:
    """Whether an update touches neither spec nor annotations: labels, finalizers, owners."""
    return resource.spec == old.spec and resource.annotations == old.annotations


def _pass(request: Request, kind: str = "") -> Decision:
    return Decision(Answer(request.uid, allowed=True), Outcome.PASSED, kind)


def _pass_unjudged(request: Request) -> Decision:
    """Let pass what there is no schema for, and say so: unknown is never a silent pass."""
    kind = request.kind
    warning = f"SM003 this gate does not judge {kind.kind} of {kind.version}"
    answer = Answer(request.uid, allowed=True, warnings=_warnings([warning]))
    return Decision(answer, Outcome.PASSED)


def _mutate(request: Request, resource: Resource, context: Context, gate: Gate) -> Decision:
    defaulted = default(resource, context)
    if gate.refuses_early:
        verdict = review(defaulted.resource, context)
        if verdict.refused_early:
            return _deny(request, resource, verdict, gate, _notes(defaulted))
    audit = {"policy": gate.digest} if defaulted.filled else {}
    answer = Answer(
        request.uid,
        allowed=True,
        patch=defaulted.patch,
        warnings=_warnings(_notes(defaulted)),
        audit=audit,
    )
    return Decision(answer, Outcome.ALLOWED, resource.kind.name)


def _validate(request: Request, resource: Resource, context: Context, gate: Gate) -> Decision:
    verdict = review(resource, context)
    if verdict is CLEAN:
        return Decision(Answer(request.uid, allowed=True), Outcome.ALLOWED, resource.kind.name)
    if verdict.denied:
        return _deny(request, resource, verdict, gate, [])
    answer = Answer(
        request.uid,
        allowed=True,
        warnings=_warnings(_lines(verdict.warned)),
        audit=_audit(verdict, gate),
    )
    return Decision(answer, Outcome.ALLOWED, resource.kind.name, _counted(verdict))


def _deny(
    request: Request, resource: Resource, verdict: Verdict, gate: Gate, notes: list[str]
) -> Decision:
    denied = verdict.denied
    if all(finding.rule == CRASHED for finding in denied):
        rules = ", ".join(str(finding.fault.compared[0]) for finding in denied)
        message = f"the gate failed on this object, in {rules}; its log holds the details"
        decision = failed(request.uid, 500, message, resource.kind.name)
        return Decision(decision.answer, decision.outcome, decision.kind, _counted(verdict))
    answer = Answer(
        request.uid,
        allowed=False,
        status=refuse(resource, denied),
        warnings=_warnings([*_lines(verdict.warned), *notes]),
        audit=_audit(verdict, gate),
    )
    return Decision(answer, Outcome.DENIED, resource.kind.name, _counted(verdict))


def failed(uid: str, code: int, message: str, kind: str = "") -> Decision:
    """Refuse for no fault of the object: too large, out of time, our own failure."""
    return Decision(Answer(uid, allowed=False, status=fail(code, message)), Outcome.FAILED, kind)


def _counted(verdict: Verdict) -> tuple[Finding, ...]:
    return (*verdict.findings, *verdict.ratcheted)


def _notes(defaulted: Defaulted) -> list[str]:
    return [f"{'SM006' if f.restored else 'SM005'} {f.sentence}" for f in defaulted.filled]


def _lines(findings: Sequence[Finding]) -> list[str]:
    return [f"{f.rule} {f.sentence.removesuffix(f' ({f.rule})')}" for f in findings]


def _warnings(lines: Sequence[str]) -> list[str]:
    """Make lines that the API server neither drops nor cuts: ASCII, short, each once."""
    found: dict[str, None] = {}
    for line in lines:
        text = clean(line).replace("…", "...").encode("ascii", "backslashreplace").decode()
        short = text if len(text) <= LONGEST_WARNING else text[: LONGEST_WARNING - 3] + "..."
        found[short] = None
    return list(found)[:MOST_WARNINGS]


def _audit(verdict: Verdict, gate: Gate) -> dict[str, str]:
    """Return audit annotations; the same object always gets the same ones."""
    modes: dict[str, Mode] = {}
    for finding in _counted(verdict):
        modes.setdefault(finding.rule, finding.mode)
    found: dict[str, str] = {}
    if modes:
        found["findings"] = " ".join(f"{rule}={mode}" for rule, mode in sorted(modes.items()))
    if verdict.waived:
        said = sorted({f"{w.finding.rule}: {w.reason}" for w in verdict.waived})
        found["waivers"] = clean("; ".join(said))[:LONGEST_ANNOTATION]
    return {**found, "policy": gate.digest} if found else {}
