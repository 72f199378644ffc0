# SPDX-License-Identifier: Apache-2.0
"""An autoscaling policy as AWS has it: an update is judged against that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from controller.step import AwsCall
from controller.subject import Subject
from webhook.spelling import spell

_KEPT: Final = ("region", "sageMakerEndpoint")
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
    own = {key: subject.spec[key] for key in _KEPT if key in subject.spec}
    return {**subject.resource.body, "spec": {**spec, **own}}


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
