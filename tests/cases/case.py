# SPDX-License-Identifier: Apache-2.0
"""Reading a case file, and rendering its cases as custom resources of both groups.

A case changes a good base object of its operation: `set` gives AWS paths their values (null takes
one away), `at` says where the finding is, `says` what its text holds. `policy` is the spec of a
policy, or what one section of it says. `in` is another operation than the file's; `groups` narrows
a case to "legacy" or "ack".
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from schemas import Kind, find_kind, kinds
from webhook.finding import Key, render_path
from webhook.naming import NAME_OF
from webhook.resource import REGION
from webhook.spelling import spell

FOLDER: Final = Path(__file__).parent
GROUPS: Final = {"legacy": "sagemaker.aws.amazon.com", "ack": "sagemaker.services.k8s.aws"}


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one rule. `at` is None for one that is to be accepted."""

    rule: str
    operation: str
    name: str
    set: Mapping[str, Any]
    at: str | None
    says: str
    policy: Mapping[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ()

    def kinds(self) -> Iterator[Kind]:
        """Yield the kinds that the case can be rendered into."""
        for group, name in kinds():
            kind = find_kind(group, name)
            if kind is None or kind.operations != (self.operation,):
                continue
            if not self.groups or kind.group in {GROUPS[g] for g in self.groups}:
                yield kind


def read_cases() -> Iterator[Case]:
    """Yield every case of every file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        document = yaml.safe_load(path.read_text())
        for sort in ("refused", "accepted"):
            for name, item in document[sort].items():
                yield Case(
                    document["rule"],
                    item.get("in", document["in"]),
                    name,
                    item["set"],
                    item["at"] if sort == "refused" else None,
                    item.get("says", ""),
                    item.get("policy", {}),
                    tuple(item.get("groups", ())),
                )


def render(case: Case, kind: Kind) -> dict[str, Any]:
    """Return the case's custom resource."""
    aws = yaml.safe_load((FOLDER / "bases" / f"{case.operation}.yaml").read_text())
    for path, value in case.set.items():
        _put(aws, path, copy.deepcopy(value))
    if (name := NAME_OF[case.operation]) not in kind.members:
        aws.pop(name, None)  # the controller makes it
    metadata: dict[str, Any] = {"name": "case", "namespace": "default"}
    if kind.is_ack and (region := aws.pop("Region", None)) is not None:
        metadata["annotations"] = {REGION: region}
    spec = spell(kind.spec, aws)
    return {"apiVersion": kind.api_version, "kind": kind.name, "metadata": metadata, "spec": spec}


def _put(aws: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = re.findall(r"[^.\[\]]+", path)
    place: Any = aws
    for step in parents:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value


def user_path(kind: Kind, path: str) -> str:
    """Return an AWS path in the kind's spelling: `InputDataConfig[0].ChannelName`, `Map{key}`."""
    if path == "Region" and kind.is_ack:
        return f"metadata.annotations[{REGION}]"
    steps: list[str | int] = ["spec"]
    place = kind.spec
    for step in re.findall(r"[^.\[\]{}]+|\{[^}]+\}", path):
        if step.startswith("{"):
            steps.append(Key(step[1:-1]))
        elif step.isdigit():
            steps.append(int(step))
            assert place.item is not None
            place = place.item
        else:
            known = {child.member: child for child in place.fields.values()}
            absent = {member: key for key, member in place.absent.items()}
            steps.append(known[step].key if step in known else absent.get(step, step))
            place = known.get(step, place)
    return render_path(tuple(steps))


def policy_document(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case's policy as a whole document."""
    spec: dict[str, Any] = {}
    section = {key: value for key, value in policy.items() if key != "ackController"}
    if "ackController" in policy:
        spec["ackController"] = policy["ackController"]
    spec["sections"] = [{"name": "case", **section}]
    return {
        "apiVersion": "kube-sagemaker.dev/v1alpha1",
        "kind": "SageMakerPolicy",
        "metadata": {"name": "case"},
        "spec": spec,
    }
