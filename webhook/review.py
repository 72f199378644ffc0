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

import webhook.rules
from schemas import Kind
from webhook.call import Call
from webhook.catalog import Catalog
from webhook.context import Context, Verb
from webhook.extract import extract
from webhook.finding import MODE_OF, Fault, Finding, Mode, Rank, Severity, Sort, one_per_path
from webhook.node import Index
from webhook.policy import Effective
from webhook.resource import Resource
from webhook.rule import Keyword, Operation, Rule, Shape, Text
from webhook.schema import find_problems

CRASHED: Final = "SM001"
"""The ID of a rule that failed in itself: our fault, never the user's."""

MOST_FAULTS: Final = 200
"""Faults that one rule may yield of one object: four times what a verdict lists."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a resource.

    `findings` is one per path, most telling first seen first; `shadowed` are the others on the
    same paths; `ratcheted` would have blocked, had the stored object not had them too.
    """

    findings: tuple[Finding, ...] = ()
    shadowed: tuple[Finding, ...] = ()
    ratcheted: tuple[Finding, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Plan:
    """Which rules look where, for one kind; made once."""

    calls: Mapping[str, tuple[Rule, ...]]
    shapes: Mapping[str, tuple[Rule, ...]]
    keywords: Mapping[str, tuple[Rule, ...]]


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
def parameter_types() -> Mapping[str, type[Any]]:
    """Return the parameter dataclass of each rule that has one, by rule ID."""
    return {r.id: r.parameters for r in discover_rules().values() if r.parameters is not None}


@cache
def plan_of(kind: Kind) -> Plan:
    """Sort the rules by where they look in this kind."""
    calls: dict[str, list[Rule]] = {}
    shapes: dict[str, list[Rule]] = {}
    keywords: dict[str, list[Rule]] = {}
    for rule in discover_rules().values():
        match rule.on:
            case Operation(name):
                calls.setdefault(name, []).append(rule)
            case Keyword(names):
                for name in names:
                    keywords.setdefault(name, []).append(rule)
            case Shape(names):
                for name in names:
                    shapes.setdefault(name, []).append(rule)
            case Text():
                for name in _text_shapes(kind):
                    shapes.setdefault(name, []).append(rule)
    return Plan(*({k: tuple(v) for k, v in found.items()} for found in (calls, shapes, keywords)))


def _text_shapes(kind: Kind) -> frozenset[str]:
    """The shapes of strings with a meaning to AWS: not those of the user's own maps."""
    own: set[str] = set()
    texts: set[str] = set()
    for place in kind.spec.walk():
        if place.form in {"map", "pairs"} and place.item is not None:
            own.update(item.shape for item in place.item.walk())
        elif place.type == "string" and place.form == "scalar":
            texts.add(place.shape)
    return frozenset(texts - own)


def review(resource: Resource, context: Context) -> Verdict:
    """Judge a resource as it is."""
    effective = context.policy.effective(resource.kind, resource.namespace, context.namespace)
    findings = judge(resource, context, effective)
    ratcheted: list[Finding] = []
    if context.verb is Verb.UPDATE and context.old is not None:
        blocking = any(finding.mode is Mode.DENY for finding in findings)
        if blocking:
            findings, ratcheted = _ratchet(findings, judge(context.old, context, effective))
    best, rest = one_per_path(findings)
    return Verdict(tuple(best), tuple(rest), tuple(ratcheted))


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
    index = Index(resource.kind, resource.spec)
    plan = plan_of(resource.kind)
    calls = extract(
        resource, index, context.namespace, effective.values, effective.controller_region
    )
    bench = Bench(context.catalog, effective, resource.adopts)
    for problem in find_problems(resource.kind, resource.body, index, context.engine):
        for rule in plan.keywords.get(problem.keyword, ()):
            bench.hear(rule, problem, calls[0])
    shapes = plan.shapes
    for node in index.nodes:
        rules = shapes.get(node.field.shape)
        if rules is not None:
            for rule in rules:
                bench.hear(rule, node, calls[0])
    for call in calls:
        for rule in plan.calls.get("*", ()):
            bench.hear(rule, call.root, call)
        for rule in plan.calls.get(call.operation, ()):
            bench.hear(rule, call.root, call)
    return bench.findings


@dataclass(slots=True)
class Bench:
    """Where the rules are heard, one by one. Most have nothing to say: that must cost nothing."""

    catalog: Catalog
    effective: Effective
    is_partial: bool
    """A controller fills this object: what is missing is no fault."""
    findings: list[Finding] = field(default_factory=list)

    def hear(self, rule: Rule, at: Any, call: Call) -> None:
        """Run a rule at a node or problem; if it crashes, say so and go on."""
        try:
            if rule.parameters is None:
                faults = rule.check(at, call, self.catalog)
            else:
                limits = self.effective.parameters.get(rule.id) or rule.parameters()
                faults = rule.check(at, call, self.catalog, limits)
            for count, fault in enumerate(faults):
                if count < MOST_FAULTS:
                    self._keep(rule, fault)
        except Exception:  # noqa: BLE001 - one bad rule must not silence the others
            self._keep_crash(rule)

    def _keep(self, rule: Rule, fault: Fault) -> None:
        mode = self.effective.modes.get(rule.id, MODE_OF[rule.severity])
        if mode is Mode.OFF or (self.is_partial and fault.sort is Sort.REQUIRED):
            return
        self.findings.append(
            Finding(rule.id, fault, rule.severity, mode, rule.rank, rule.is_schema_stage)
        )

    def _keep_crash(self, rule: Rule) -> None:
        """What could not be judged is not let through, unless nobody wants to know."""
        if self.effective.modes.get(rule.id) is Mode.OFF:
            return
        text = f"rule {rule.id} failed on this object, which is a fault of the gate"
        trace = traceback.format_exc()
        crash = Crash(("metadata", "name"), Sort.INVALID, text, compared=(rule.id,), trace=trace)
        self.findings.append(Finding(CRASHED, crash, Severity.ERROR, Mode.DENY, Rank.RULE))


@dataclass(frozen=True, slots=True)
class Crash(Fault):
    """A rule that failed in itself."""

    trace: str = ""
