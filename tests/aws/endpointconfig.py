# SPDX-License-Identifier: Apache-2.0
"""Endpoint configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.aws.kind import CONFIG, MODEL
from tests.aws.refusal import invalid
from tests.aws.registry import Registry, Resource
from tests.aws.timeline import Phase, Timeline


def create(registry: Registry, request: Mapping[str, Any], now: float) -> Resource:
    """Return the new configuration. Raises ValidationException when a model does not exist."""
    variants = request["ProductionVariants"]
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) < len(names):
        raise invalid("Duplicate variant names are not allowed in an endpoint configuration.")
    for variant in (*variants, *request.get("ShadowProductionVariants", ())):
        if "ModelName" in variant:
            registry.find(MODEL, variant["ModelName"], now)
        serverless, counted = "ServerlessConfig" in variant, "InstanceType" in variant
        if serverless == counted and "InstancePools" not in variant:
            raise invalid(
                f"Variant {variant['VariantName']} needs either an InstanceType or a "
                "ServerlessConfig."
            )
    return Resource(
        CONFIG,
        name := request["EndpointConfigName"],
        CONFIG.arn(registry.region, name),
        request,
        now,
        Timeline(Phase(now, "Created")),
        registry.plan(CONFIG, name),
        tags={tag["Key"]: tag["Value"] for tag in request.get("Tags", ())},
    )


def describe(_registry: Registry, config: Resource, _now: float) -> dict[str, Any]:
    """Return DescribeEndpointConfig's answer. A variant's weight is 1.0 if none was given."""
    return {
        "EnableNetworkIsolation": False,
        **{key: value for key, value in config.request.items() if key != "Tags"},
        "ProductionVariants": [
            {"InitialVariantWeight": 1.0, **variant}
            for variant in config.request["ProductionVariants"]
        ],
        "EndpointConfigArn": config.arn,
        "CreationTime": config.created,
    }
