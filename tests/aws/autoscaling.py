# SPDX-License-Identifier: Apache-2.0
"""What application autoscaling asks of SageMaker and moto does not: that the variant exists.

Source: the developer guide on autoscaling of endpoints (a variant can be registered while its
endpoint is InService); the words are ours, as no public thread has AWS's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.aws.kind import ENDPOINT
from tests.aws.refusal import invalid
from tests.aws.registry import Registry


def check(registry: Registry, parameters: Mapping[str, Any], now: float) -> None:
    """Raise ValidationException for a scalable target that is no variant of a live endpoint."""
    if parameters.get("ServiceNamespace") != "sagemaker":
        return
    identity = str(parameters.get("ResourceId"))
    match identity.split("/"):
        case ["endpoint", name, "variant", variant]:
            endpoint = registry.find(ENDPOINT, name, now)
        case _:
            raise invalid(f"Unsupported resource ID: {identity}")
    phase = endpoint.timeline.at(now)
    if phase.status != "InService":
        raise invalid(f'Endpoint "{endpoint.arn}" is in status {phase.status}, not InService.')
    if variant not in {each["VariantName"] for each in phase.more["variants"]}:
        raise invalid(f'Could not find variant "{variant}" of endpoint "{endpoint.arn}".')
