# SPDX-License-Identifier: Apache-2.0
"""Models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.aws.image import check_model_image
from tests.aws.kind import MODEL
from tests.aws.refusal import invalid
from tests.aws.registry import Registry, Resource
from tests.aws.timeline import Phase, Timeline


def create(registry: Registry, request: Mapping[str, Any], now: float) -> Resource:
    """Return the new model. Raises ValidationException as CreateModel does."""
    containers = containers_of(request)
    if not containers:
        raise invalid("You must provide either a primary container or a list of containers.")
    if "PrimaryContainer" in request and request.get("Containers"):
        raise invalid("You can't specify both PrimaryContainer and Containers.")
    for container in containers:
        check_model_image(container.get("Image"), registry.region)
    return Resource(
        MODEL,
        name := request["ModelName"],
        MODEL.arn(registry.region, name),
        request,
        now,
        Timeline(Phase(now, "Created")),
        registry.plan(MODEL, name),
        tags={tag["Key"]: tag["Value"] for tag in request.get("Tags", ())},
    )


def containers_of(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the containers of a model's request, the primary one first."""
    primary = request.get("PrimaryContainer")
    return [*([primary] if primary is not None else []), *request.get("Containers", ())]


def describe(_registry: Registry, model: Resource, _now: float) -> dict[str, Any]:
    """Return DescribeModel's answer. AWS adds Mode and an empty Environment to containers."""
    answer: dict[str, Any] = {
        "EnableNetworkIsolation": False,
        **{key: value for key, value in model.request.items() if key != "Tags"},
        "ModelArn": model.arn,
        "CreationTime": model.created,
    }
    if "PrimaryContainer" in answer:
        answer["PrimaryContainer"] = _filled(answer["PrimaryContainer"])
    if "Containers" in answer:
        answer["Containers"] = [_filled(each) for each in answer["Containers"]]
    return answer


def _filled(container: Mapping[str, Any]) -> dict[str, Any]:
    return {"Mode": "SingleModel", "Environment": {}, **container}
