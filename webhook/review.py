# SPDX-License-Identifier: Apache-2.0
"""Judging a resource: `review(resource, context)`, pure.

Schema and rules speak of the whole object at once. Then the policy's modes apply, one finding is
kept per path, and on UPDATE what the stored object already had does not block (the ratchet).
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

import msgspec

import webhook.rules
from schemas import Kind
from webhook.call import Call
from webhook.catalog import Catalog
from webhook.context import Context, Verb
from webhook.extract import extract
from webhook.finding import MODE_OF, Fault, Finding, Mode, Rank, Severity, Sort, one_per_path
from webhook.node import View
from webhook.plan import Plan, make_plan
from webhook.policy import Effective
from webhook.reserved import CRASHED, MODED
from webhook.resource import Resource
from webhook.rule import Rule
from webhook.schema import find_problems
from webhook.waiver import Waived
from webhook.waiving import waive

MOST_FINDINGS: Final = 1000
"""Findings of one object that are kept: twenty times what a verdict lists."""


class Verdict(msgspec.Struct, frozen=True):
    """What is to be said of a resource.

    `findings` is one per path, the most telling, in order of the paths; `shadowed` are the others
    there; `ratcheted` would have blocked, had the stored object not had them too; `waived` count
    no more, by somebody's word.
    """

    findings: tuple[Finding, ...] = ()
    shadowed: tuple[Finding, ...] = ()
    ratcheted: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()

    @property
    def denied(self) -> tuple[Finding, ...]:
        """The findings that refuse the object."""
        return tuple(f for f in self.findings if f.mode is Mode.DENY)

    @property
    def warned(self) -> tuple[Finding, ...]:
        """The findings that the user is warned of."""
        return tuple(f for f in self.findings if f.mode is Mode.WARN)

    @property
    def refused_early(self) -> bool:
        """Whether the CRD's schema could speak before us, with half of the faults."""
        return any(f.schema_stage and f.mode is Mode.DENY for f in self.everything)

    @property
    def everything(self) -> Iterator[Finding]:
        """Yield all findings that count, also the shadowed ones."""
        yield from self.findings
        yield from self.shadowed


@cache
def discover_rules() -> Mapping[str, Rule]:
    """Import every module of `webhook.rules`; return the rules by ID.

    Raises ValueError when two rules have one ID.
    """
    found: dict[str, Rule] = {}
    for module in iter_modules(webhook.rules.__path__):
        for value in vars(import_module(f"webhook.rules.{module.name}")).values():
            if isinstance(value, Rule) and found.setdefault(value.id, value) is not value:
                raise ValueError(f"two rules have the ID {value.id}")
    return dict(sorted(found.items()))


@cache
def moded_ids() -> frozenset[str]:
    """Return the IDs whose mode a policy may set: the rules, and what is said of their use."""
    return frozenset(discover_rules()) | MODED


@cache
def parameter_types() -> Mapping[str, type[Any]]:
    """Return the parameter dataclass of each rule that has one, by rule ID."""
    return {r.id: r.parameters for r in discover_rules().values() if r.parameters is not None}


CLEAN: Final = Verdict()
"""Nothing to say."""


def plan_of(kind: Kind) -> Plan:
    """Return where the rules look in a kind, worked out at the first call."""
    found = _plans.get(kind)
    if found is None:
        found = _plans[kind] = make_plan(kind, discover_rules().values())
    return found


_plans: dict[Kind, Plan] = {}


def review(resource: Resource, context: Context) -> Verdict:
    """Judge a resource as it is."""
    effective = context.policy.effective(resource.kind, resource.namespace, context.namespace)
    findings, waived = waive(judge(resource, context, effective), resource, context, effective)
    if not findings and not waived:
        return CLEAN
    ratcheted: list[Finding] = []
    if context.verb is Verb.UPDATE and context.old is not None:
        blocking = any(finding.mode is Mode.DENY for finding in findings)
        if blocking:
            stored = judge(context.old, context, effective)
            findings, ratcheted = _ratchet(
                findings, waive(stored, context.old, context, effective)[0]
            )
    best, rest = one_per_path(findings)
    return Verdict(tuple(best), tuple(rest), tuple(ratcheted), tuple(waived))


def _ratchet(
    findings: Iterable[Finding], stored: Iterable[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """Let a blocking finding pass for each equal one of the stored object, as a multiset."""
    known = Counter(finding.identity for finding in stored)
    kept: list[Finding] = []
    passed: list[Finding] = []
    for finding in findings:
        if finding.mode is Mode.DENY and known[finding.identity] > 0:
            known[finding.identity] -= 1
            passed.append(replace(finding, mode=Mode.AUDIT))
        else:
            kept.append(finding)
    return kept, passed


def judge(resource: Resource, context: Context, effective: Effective) -> list[Finding]:
    """Return every finding of schema and rules, with the mode that the policy gives it."""
    plan = plan_of(resource.kind)
    view = View(resource.kind, resource.spec)
    calls = extract(
        resource, view, context.namespace, effective.values, effective.controller_region
    )
    bench = Bench(context.catalog, effective, resource.adopts, calls[0])
    is_overlong = plan.walk(view.root, bench.hear)
    for problem in find_problems(
        resource.kind, resource.body, view.root, context.engine, is_overlong=is_overlong
    ):
        for rule in plan.keywords.get(problem.keyword, ()):
            bench.hear(rule, problem)
    for rule in plan.calls.get("*", ()):
        bench.hear(rule, view.root)
    for call, rules in _once(plan, calls):
        bench.call = call
        for rule in rules:
            bench.hear(rule, call.root)
    view.release()
    return bench.findings


def _once(plan: Plan, calls: tuple[Call, ...]) -> Iterator[tuple[Call, tuple[Rule, ...]]]:
    """Yield the calls that rules attach to; of calls alike with one root, the first."""
    seen: set[tuple[str, int]] = set()
    for call in calls:
        rules = plan.calls.get(call.operation)
        if rules is not None and (call.operation, id(call.root)) not in seen:
            seen.add((call.operation, id(call.root)))
            yield call, rules


@dataclass(slots=True)
class Bench:
    """Where the rules are heard, one by one. Most have nothing to say: that must cost nothing."""

    catalog: Catalog
    effective: Effective
    is_partial: bool
    """A controller fills this object: what is missing is no fault."""
    call: Call
    """The call that is being looked at."""
    findings: list[Finding] = field(default_factory=list)

    def hear(self, rule: Rule, at: Any) -> None:
        """Run a rule at a node or problem; if it crashes, say so and go on."""
        try:
            if rule.parameters is None:
                faults = rule.check(at, self.call, self.catalog)
            else:
                limits = self.effective.parameters.get(rule.id)
                if limits is None:
                    return
                faults = rule.check(at, self.call, self.catalog, limits)
            for fault in faults:
                self._keep(rule, fault)
        except Exception:  # noqa: BLE001 - one bad rule must not silence the others
            self._keep_crash(rule)

    def _keep(self, rule: Rule, fault: Fault) -> None:
        mode = self.effective.modes.get(rule.id, MODE_OF[rule.severity])
        if (
            mode is Mode.OFF
            or len(self.findings) >= MOST_FINDINGS
            or (self.is_partial and fault.sort is Sort.REQUIRED)
        ):
            return
        self.findings.append(
            Finding(rule.id, fault, rule.severity, mode, rule.rank, rule.is_schema_stage)
        )

    def _keep_crash(self, rule: Rule) -> None:
        """What could not be judged is not let through, unless nobody wants to know."""
        mode = self.effective.modes.get(CRASHED, Mode.DENY)
        if mode is Mode.OFF or self.effective.modes.get(rule.id) is Mode.OFF:
            return
        text = f"rule {rule.id} failed on this object, which is a fault of the gate"
        trace = traceback.format_exc()
        crash = Crash(("metadata", "name"), Sort.INVALID, text, compared=(rule.id,), trace=trace)
        self.findings.append(Finding(CRASHED, crash, Severity.ERROR, mode, Rank.RULE))


@dataclass(frozen=True, slots=True)
class Crash(Fault):
    """A rule that failed in itself."""

    trace: str = ""
