# SPDX-License-Identifier: Apache-2.0
"""An endpoint as the original's status shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from controller.condition import FAILED, READY, SYNCED, Conditions, stamp
from controller.subject import ENDPOINT, REGION, REQUESTED, Subject
from webhook.catalog import load_catalog
from webhook.naming import made_name

SENT: Final = "UpdateSent"
MOVING: Final = "Updating"
"""Reasons of Synced of an update: sent for this generation, and seen under way."""

BUSY: Final = "EndpointBusy"
"""The same while an earlier update is under way, or AWS's own: this generation's comes after it."""

UPDATING: Final = frozenset({"Updating", "SystemUpdating", "RollingBack"})


def endpoint_name(subject: Subject) -> str:
    """Return the endpoint's name: as recorded, else as requested, else as it is to be."""
    return subject.noted("endpointName") or subject.noted(REQUESTED) or _wanted(subject)


def _wanted(subject: Subject) -> str:
    return subject.text("endpointName") or made_name("CreateEndpoint", subject.resource)


def is_elsewhere(subject: Subject) -> bool:
    """Whether the spec asks for another place or name than was requested."""
    return subject.is_elsewhere(_wanted(subject))


def fixed(subject: Subject) -> tuple[str, str] | None:
    """Return reason and text, where an edit asks what no endpoint can do: move, or be renamed."""
    name = subject.text("endpointName")
    if not subject.noted("endpointArn"):
        return None
    if subject.moved == REGION:
        change = f"is in {subject.region}, and cannot be moved to {subject.text(REGION)}"
        return "RegionChanged", f"the endpoint {change}: make another object"
    if subject.moved:
        made, asked = subject.endpoint or "AWS's own", subject.text(ENDPOINT) or "AWS's own"
        change = f"was made through {made}, and cannot be moved to {asked}"
        return "SageMakerEndpointChanged", f"the endpoint {change}: make another object"
    if name not in {None, endpoint_name(subject)}:
        change = f"is {endpoint_name(subject)!r}, and cannot be renamed to {name!r}"
        return "EndpointNameChanged", f"the endpoint {change}: make another object"
    return None


def mirror(description: Mapping[str, Any], region: str) -> Mapping[str, Any]:
    """Return the status fields that say what DescribeEndpoint said."""
    name = str(description["EndpointName"])
    partition = load_catalog().partition(region)
    suffix = partition.dns_suffix if partition is not None else "amazonaws.com"
    found = {
        "endpointName": name,
        "endpointConfigName": description["EndpointConfigName"],
        "endpointUrl": f"https://runtime.sagemaker.{region}.{suffix}/endpoints/{name}/invocations",
        "endpointStatus": description["EndpointStatus"],
        "endpointArn": description["EndpointArn"],
        "failureReason": description.get("FailureReason", ""),
        "productionVariants": [_variant(v) for v in description.get("ProductionVariants") or []],
    }
    for member, key in (("CreationTime", "creationTime"), ("LastModifiedTime", "lastModifiedTime")):
        if member in description:
            found[key] = stamp(description[member])
    return found


def _variant(variant: Mapping[str, Any]) -> Mapping[str, Any]:
    found: dict[str, Any] = {"variantName": variant["VariantName"]}
    for member, key in (
        ("CurrentInstanceCount", "currentInstanceCount"),
        ("DesiredInstanceCount", "desiredInstanceCount"),
        ("CurrentWeight", "currentWeight"),
        ("DesiredWeight", "desiredWeight"),
    ):
        if member in variant:
            found[key] = int(variant[member])  # a whole number in the original's status
    images = variant.get("DeployedImages")
    if images:
        found["deployedImages"] = [_image(image) for image in images]
    return found


def _image(image: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {
        "specifiedImage": image.get("SpecifiedImage", ""),
        "resolvedImage": image.get("ResolvedImage", ""),
    }
    if "ResolutionTime" in image:
        found["resolutionTime"] = stamp(image["ResolutionTime"])
    return found


def was_sent(subject: Subject, description: Mapping[str, Any]) -> bool:
    """Whether the update to this generation has been sent, and is over.

    It was seen under way; or it was about to be sent, and the endpoint has changed since.
    """
    said = subject.said(SYNCED)
    changed = description.get("LastModifiedTime")
    is_changed = changed is not None and stamp(changed) != subject.noted("lastModifiedTime")
    return said == MOVING or (said == SENT and is_changed)


def endpoint_status(
    subject: Subject,
    description: Mapping[str, Any],
    names: Sequence[Mapping[str, str]],
    now: datetime,
    *,
    is_moved: bool,
) -> Mapping[str, Any]:
    """Return the whole status of an endpoint that is there. `names` are those of its models."""
    word = str(description["EndpointStatus"])
    reason = str(description.get("FailureReason", ""))
    conditions = Conditions(subject, now)
    conditions.set(READY, word, reason, holds=word == "InService" or word in UPDATING)
    conditions.set(FAILED, word, reason, holds=word == "Failed")
    if word in UPDATING and subject.said(SYNCED) in {SENT, MOVING}:
        conditions.false(SYNCED, MOVING, "the endpoint is being moved")
    elif is_moved and word == "InService":
        was = subject.condition(SYNCED).get("reason")
        conditions.true(SYNCED, "Updated" if was in {SENT, MOVING, "Updated"} else "Created")
    else:
        conditions.false(SYNCED, BUSY if word == MOVING else word)
    status = {
        **subject.status,
        REQUESTED: "",
        **mirror(description, subject.region or ""),
        **subject.where,
        "additional": "",
        "modelNames": list(names),
        "observedGeneration": subject.observed_generation or subject.generation,
        "conditions": conditions.items,
    }
    if status != {**subject.status, "lastCheckTime": status.get("lastCheckTime")}:
        status["lastCheckTime"] = stamp(now)
    return status
