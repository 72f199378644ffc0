# SPDX-License-Identifier: Apache-2.0
"""The registry of one region: every resource by kind and name, and what became of each Create."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.aws.kind import ENDPOINT, KINDS, TUNING, Kind
from tests.aws.plan import Plan, Plans
from tests.aws.refusal import Refusal
from tests.aws.timeline import FINAL, Timeline


@dataclass(slots=True, eq=False)
class Resource:
    """A thing in AWS: what it was made from (the request), its plan and its timeline."""

    kind: Kind
    name: str
    arn: str
    request: Mapping[str, Any]
    created: float
    timeline: Timeline
    plan: Plan
    tags: dict[str, str] = field(default_factory=dict)
    children: list[Resource] = field(default_factory=list)
    parent: Resource | None = None

    def is_over(self, now: float) -> bool:
        """Whether it is a job that has ended."""
        return self.timeline.at(now).status in FINAL


class Registry:
    """The names of a region: unique per kind, also those of finished jobs.

    Models, endpoint configurations and endpoints free theirs when deleted. Source: the API
    reference on CreateTrainingJob ("must be unique within an AWS Region in an AWS account");
    CreateEndpoint compares names regardless of case (its reference says so).
    """

    def __init__(self, region: str, plans: Plans) -> None:
        """Start empty."""
        self.region = region
        self.plans = plans
        self.created: dict[str, Counter[str]] = {noun: Counter() for noun in KINDS}
        self.duplicates: dict[str, Counter[str]] = {noun: Counter() for noun in KINDS}
        self.running_tunings: list[Resource] = []
        self._by_name: dict[str, dict[str, Resource]] = {noun: {} for noun in KINDS}
        self._by_arn: dict[str, Resource] = {}

    def plan(self, kind: Kind, name: str) -> Plan:
        """Return the plan for a resource about to be made."""
        return self.plans.of(kind.noun, name) or self.plans.default

    def check_free(self, kind: Kind, name: str, now: float) -> None:
        """Raise the kind's refusal when a name is taken."""
        taken = self.get(kind, name, now) is not None
        if not taken and kind is ENDPOINT:
            taken = any(each.name.lower() == name.lower() for each in self.all(kind, now))
        if taken:
            self.duplicates[kind.noun][name] += 1
            raise kind.already(self.region, name)

    def add(self, resource: Resource) -> None:
        """Keep a resource whose name is free."""
        self._by_name[resource.kind.noun][resource.name] = resource
        self._by_arn[resource.arn] = resource
        if resource.kind is TUNING:
            self.running_tunings.append(resource)

    def get(self, kind: Kind, name: str, now: float) -> Resource | None:
        """Return a resource, None if there is none (any more)."""
        found = self._by_name[kind.noun].get(name)
        if found is not None and found.timeline.at(now).status == "":
            self.remove(found)
            return None
        return found

    def find(self, kind: Kind, name: str, now: float) -> Resource:
        """Return a resource, or raise the kind's own words for its absence."""
        found = self.get(kind, name, now)
        if found is None:
            raise kind.not_found(self.region, name)
        return found

    def find_arn(self, arn: str, now: float) -> Resource:
        """Return the resource of an ARN. The words for its absence are the kind's own."""
        found = self._by_arn.get(arn)
        if found is not None and self.get(found.kind, found.name, now) is found:
            return found
        noun, _, name = arn.split(":", 5)[-1].partition("/")
        kind = next((each for each in KINDS.values() if each.arn_noun == noun), None)
        raise kind.not_found(self.region, name) if kind else Refusal("ResourceNotFound", arn)

    def all(self, kind: Kind, now: float) -> Iterable[Resource]:
        """Return the resources of a kind in the order they were made."""
        everything = list(self._by_name[kind.noun].values())
        if kind is not ENDPOINT:
            return everything
        return [each for each in everything if self.get(kind, each.name, now) is each]

    def remove(self, resource: Resource) -> None:
        """Forget a resource; its name is free again."""
        self._by_name[resource.kind.noun].pop(resource.name, None)
        self._by_arn.pop(resource.arn, None)
