# SPDX-License-Identifier: Apache-2.0
"""An autoscaling policy as AWS has it: an update is judged against that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from controller.observed import Observed
from controller.step import AUTOSCALING, AwsCall, Step
from controller.subject import Subject
from webhook.spelling import spell

BATCH: Final = 50
"""Resource ids that one Describe takes."""

IDS: Final = ("ServiceNamespace", "ScalableDimension", "ResourceId")
"""What says which target or policy one is."""

_PARTS: Final = 4
"""Of `endpoint/NAME/variant/NAME`."""


def last_sent(
    subject: Subject, ids: list[str], listed: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return the object as its first target and policy say it was; None where it was not made."""
    if subject.observed_generation is None or not ids:
        return None
    found: dict[str, Any] = {"ResourceIds": [_resource(each) for each in ids]}
    for answer in listed.values():
        for item in answer.get("ScalableTargets", ()):
            if item["ResourceId"] == ids[0]:
                found |= item
        for item in answer.get("ScalingPolicies", ()):
            is_ours = item["PolicyName"] == subject.noted("policyName")
            if item["ResourceId"] == ids[0] and is_ours:
                found |= item
    field = subject.resource.kind.spec
    members = {child.member for child in field.fields.values()}
    spec = spell(field, {member: value for member, value in found.items() if member in members})
    return {**subject.resource.body, "spec": {**spec, **subject.where}}


def _resource(each: str) -> Mapping[str, str]:
    parts = each.split("/")
    return {"EndpointName": parts[1], "VariantName": parts[3]} if len(parts) == _PARTS else {}


def agrees(call: AwsCall, found: Any) -> bool:
    """Whether AWS has what a call asks for: everything that is asked is there and equal."""
    return found is not None and _within(call.parameters, found)


def _within(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            _within(value, found.get(key)) for key, value in wanted.items() if key != "Tags"
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(wanted) == len(found)
            and all(map(_within, wanted, found))
        )
    return bool(wanted == found)


def look_for(observed: Observed, ids: list[str], call: AwsCall) -> Step | None:
    """Return the next Describe that has not been answered; None when all is known."""
    unique = list(dict.fromkeys(ids))
    namespace = {"ServiceNamespace": call.parameters["ServiceNamespace"]}
    for start in range(0, len(unique), BATCH):
        batch = {**namespace, "ResourceIds": unique[start : start + BATCH]}
        key = f"DescribeScalableTargets {start}"
        if key not in observed.listed:
            return Step(call=AwsCall("DescribeScalableTargets", batch, AUTOSCALING), keep=key)
    for each in unique:
        one = {**namespace, "ResourceId": each}
        key = f"DescribeScalingPolicies {each}"
        if key not in observed.listed:
            return Step(call=AwsCall("DescribeScalingPolicies", one, AUTOSCALING), keep=key)
    return None


def shown(observed: Observed, operation: str, member: str) -> Iterator[Mapping[str, Any]]:
    """Yield the targets or policies of what was described."""
    for key, answer in observed.listed.items():
        if key.startswith(f"{operation} "):
            yield from answer.get(member, ())


def current(observed: Observed, call: AwsCall) -> Mapping[str, Any] | None:
    """Return what AWS has in place of what a call would make."""
    is_target = call.operation == "RegisterScalableTarget"
    operation = "DescribeScalableTargets" if is_target else "DescribeScalingPolicies"
    member = "ScalableTargets" if is_target else "ScalingPolicies"
    ids = IDS if is_target else (*IDS, "PolicyName")
    for item in shown(observed, operation, member):
        if all(item.get(each) == call.parameters.get(each) for each in ids):
            return item
    return None
