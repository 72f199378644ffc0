# SPDX-License-Identifier: Apache-2.0
"""The least object of each kind that becomes something."""

from __future__ import annotations

from typing import Any

from tests.controller.world import Body, kind_of, make
from tests.specimens.specimen import least

ROLE = "arn:aws:iam::123456789012:role/sagemaker"
ENDPOINT, VARIANT = "endpoint-1", "AllTraffic"
RESOURCE = f"endpoint/{ENDPOINT}/variant/{VARIANT}"


def container(name: str = "first") -> Body:
    """Return a container of a model."""
    image = "433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1"
    return {"containerHostname": name, "image": image, "modelDataUrl": "s3://bucket/m.tar.gz"}


def sample(kind: str, /, **metadata: Any) -> Body:
    """Return an object that becomes something in AWS."""
    spec = least(kind_of(kind))
    if kind == "HostingDeployment":
        model = {"name": "xgboost", "executionRoleArn": ROLE, "containers": [container()]}
        spec["models"] = [model]
        spec["productionVariants"] = [variant()]
    elif kind == "HostingAutoscalingPolicy":
        spec["resourceId"] = [{"endpointName": ENDPOINT, "variantName": VARIANT}]
        spec |= {"minCapacity": 1, "maxCapacity": 4}
        spec["targetTrackingScalingPolicyConfiguration"] = {"targetValue": 60}
    elif kind == "Model":
        spec |= {"executionRoleArn": ROLE, "primaryContainer": container()}
    return make(kind, spec, **metadata)


def variant(count: int = 1) -> Body:
    """Return a variant of the deployment's model."""
    instances = {"instanceType": "ml.m5.xlarge", "initialInstanceCount": count}
    return {"variantName": VARIANT, "modelName": "xgboost", **instances}
