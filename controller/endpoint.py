# SPDX-License-Identifier: Apache-2.0
"""An endpoint as the original's status shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from controller.condition import stamp
from webhook.catalog import load_catalog


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
