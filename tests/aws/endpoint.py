# SPDX-License-Identifier: Apache-2.0
"""Endpoints: Creating, InService, Updating, RollingBack, Failed, Deleting, gone.

A phase's `more` holds what serves in it: `config` (the name), `variants` (summaries), and while
updating `pending`. AWS refuses both update and deletion of an endpoint under way with the same
words (public issue threads; the original operator relied on them).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tests.aws.kind import CONFIG, ENDPOINT, MODEL
from tests.aws.model import containers_of
from tests.aws.plan import Plan
from tests.aws.refusal import Refusal, invalid
from tests.aws.registry import Registry, Resource
from tests.aws.timeline import Phase, Timeline

GONE = ""
"""The status after deletion: there is no such endpoint any more."""


def create(registry: Registry, request: Mapping[str, Any], now: float) -> Resource:
    """Return the new endpoint. Raises ValidationException without its configuration or a model."""
    name = request["EndpointName"]
    config = registry.find(CONFIG, request["EndpointConfigName"], now)
    plan = registry.plan(ENDPOINT, name)
    serving = {"config": config.name, "variants": _variants(registry, config, now)}
    end = now + plan.seconds
    last = Phase(end, "InService", more=serving)
    if plan.end == "Failed":
        last = Phase(end, "Failed", reason=_reason(plan), more={"config": config.name})
    return Resource(
        ENDPOINT,
        name,
        ENDPOINT.arn(registry.region, name),
        request,
        now,
        Timeline(Phase(now, "Creating", more={"config": config.name}), last),
        plan,
        tags={tag["Key"]: tag["Value"] for tag in request.get("Tags", ())},
    )


def update(registry: Registry, request: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Start an update: Updating, then InService with the new configuration, or with the old one.

    Raises ValidationException unless InService, and when the new configuration or the present one
    does not exist (hashicorp/terraform-provider-aws#40048: the old one is looked up too).
    """
    endpoint = registry.find(ENDPOINT, request["EndpointName"], now)
    phase = endpoint.timeline.at(now)
    if phase.status != "InService":
        raise _busy(endpoint, phase.status)
    registry.find(CONFIG, phase.more["config"], now)
    config = registry.find(CONFIG, request["EndpointConfigName"], now)
    variants = _variants(registry, config, now)
    if request.get("RetainAllVariantProperties"):
        variants = _retained(phase.more["variants"], variants, request)
    plan = registry.plan(ENDPOINT, endpoint.name)
    pending = {"EndpointConfigName": config.name, "StartTime": now}
    updating = Phase(now, "Updating", more={**phase.more, "pending": pending})
    new = {"config": config.name, "variants": variants}
    if "DeploymentConfig" in request:
        new["deployment"] = request["DeploymentConfig"]
    endpoint.timeline.turn(now, updating, *_outcome(plan, now, phase.more, new))
    return {"EndpointArn": endpoint.arn}


def _outcome(plan: Plan, now: float, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Phase]:
    """Return the phases after Updating. A failed update leaves the old configuration in service."""
    end = now + plan.seconds
    if plan.end in {"RolledBack", "Failed"}:
        back = Phase(end + plan.stop_seconds, "InService", reason=_reason(plan), more=old)
        return [Phase(end, "RollingBack", reason=_reason(plan), more=old), back]
    if plan.end == "UpdateRollbackFailed":
        return [Phase(end, plan.end, reason=_reason(plan), more=old)]
    return [Phase(end, "InService", more=new)]


def delete(registry: Registry, request: Mapping[str, Any], now: float) -> None:
    """Start a deletion. Raises ValidationException while another change is under way."""
    endpoint = registry.find(ENDPOINT, request["EndpointName"], now)
    phase = endpoint.timeline.at(now)
    if phase.status not in {"InService", "Failed", "UpdateRollbackFailed", "OutOfService"}:
        raise _busy(endpoint, phase.status)
    endpoint.timeline.turn(
        now,
        Phase(now, "Deleting", more=phase.more),
        Phase(now + endpoint.plan.stop_seconds, GONE),
    )


def describe(_registry: Registry, endpoint: Resource, now: float) -> dict[str, Any]:
    """Return DescribeEndpoint's answer: no variants before it first served."""
    phase = endpoint.timeline.at(now)
    answer: dict[str, Any] = {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "EndpointConfigName": phase.more["config"],
        "EndpointStatus": phase.status,
        "CreationTime": endpoint.created,
        "LastModifiedTime": phase.at,
    }
    for member, kept in (
        ("ProductionVariants", "variants"),
        ("PendingDeploymentSummary", "pending"),
        ("LastDeploymentConfig", "deployment"),
    ):
        if kept in phase.more:
            answer[member] = phase.more[kept]
    if phase.reason:
        answer["FailureReason"] = phase.reason[:1024]
    return answer


def finish(endpoint: Resource, now: float, plan: Plan) -> None:
    """End what is under way at once. Raises ValueError if nothing is."""
    phase = endpoint.timeline.at(now)
    coming = [each for each in endpoint.timeline.phases if each.at > now]
    if not coming:
        raise ValueError(f"Endpoint {endpoint.name} is {phase.status}: nothing is under way")
    last = Phase(now, coming[-1].status, reason=coming[-1].reason, more=coming[-1].more)
    if plan.end != "Completed":
        status = "Failed" if phase.status == "Creating" else "InService"
        more = {key: value for key, value in phase.more.items() if key != "pending"}
        last = Phase(now, status, reason=_reason(plan), more=more)
    endpoint.timeline.turn(now, last)


def _busy(endpoint: Resource, status: str) -> Refusal:
    if status in {"Failed", "OutOfService", "UpdateRollbackFailed"}:
        return invalid(  # words of our own: no public thread has AWS's
            f'Cannot update endpoint "{endpoint.arn}" in status {status}.'
        )
    return invalid(f'Cannot update in-progress endpoint "{endpoint.arn}".')


def _reason(plan: Plan) -> str:
    return plan.reason or (
        "The primary container for production variant AllTraffic did not pass the ping health "
        "check. Please check CloudWatch logs for this endpoint."
    )


def _variants(registry: Registry, config: Resource, now: float) -> list[dict[str, Any]]:
    variants = []
    for variant in config.request["ProductionVariants"]:
        weight = float(variant.get("InitialVariantWeight", 1.0))
        summary = {
            "VariantName": variant["VariantName"],
            "CurrentWeight": weight,
            "DesiredWeight": weight,
        }
        if "ModelName" in variant:
            model = registry.find(MODEL, variant["ModelName"], now)
            summary["DeployedImages"] = [
                _deployed(container["Image"], now)
                for container in containers_of(model.request)
                if "Image" in container
            ]
        if "ServerlessConfig" in variant:
            serverless = variant["ServerlessConfig"]
            summary |= {
                "CurrentServerlessConfig": serverless,
                "DesiredServerlessConfig": serverless,
            }
        else:
            count = variant.get("InitialInstanceCount", 1)
            summary |= {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
        variants.append(summary)
    return variants


def _deployed(image: str, now: float) -> dict[str, Any]:
    """Return an image and the digest it was resolved to, as a made-up but stable one."""
    repository = image.partition("@")[0]
    if ":" in repository.rpartition("/")[2]:
        repository = repository.rpartition(":")[0]
    digest = hashlib.sha256(image.encode()).hexdigest()
    return {
        "SpecifiedImage": image,
        "ResolvedImage": f"{repository}@sha256:{digest}",
        "ResolutionTime": now,
    }


def _retained(
    old: list[dict[str, Any]], new: list[dict[str, Any]], request: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the new variants with counts and weights of the old ones of the same names."""
    excluded = {
        each["VariantPropertyType"] for each in request.get("ExcludeRetainedVariantProperties", ())
    }
    kept = [
        *(["CurrentWeight", "DesiredWeight"] if "DesiredWeight" not in excluded else []),
        *(
            ["CurrentInstanceCount", "DesiredInstanceCount"]
            if "DesiredInstanceCount" not in excluded
            else []
        ),
    ]
    before = {variant["VariantName"]: variant for variant in old}
    return [
        variant
        | {
            key: value
            for key, value in before.get(variant["VariantName"], {}).items()
            if key in kept and key in variant
        }
        for variant in new
    ]
