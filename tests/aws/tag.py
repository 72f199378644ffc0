# SPDX-License-Identifier: Apache-2.0
"""Tags of anything that has an ARN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.aws.refusal import invalid
from tests.aws.registry import Registry


def add(registry: Registry, request: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Add or overwrite tags. Raises the kind's refusal for an unknown ARN; at most 50 are kept."""
    resource = registry.find_arn(request["ResourceArn"], now)
    tags = resource.tags | {tag["Key"]: tag["Value"] for tag in request["Tags"]}
    if len(tags) > 50:
        raise invalid("A resource cannot have more than 50 tags.")
    resource.tags = tags
    return {"Tags": _listed(request["Tags"])}


def list_(registry: Registry, request: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Return all tags: 50 at most, so there is but one page."""
    resource = registry.find_arn(request["ResourceArn"], now)
    return {"Tags": [{"Key": key, "Value": value} for key, value in resource.tags.items()]}


def _listed(tags: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"Key": tag["Key"], "Value": tag["Value"]} for tag in tags]
