# SPDX-License-Identifier: Apache-2.0
"""The jobs that the tests send through the API server, good and bad, of both groups."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.gateprocess import ROOT

SAMPLES = {
    "legacy": ROOT / "manifests" / "samples" / "trainingjob-xgboost-mnist.yaml",
    "ack": ROOT / "manifests" / "samples" / "ack-trainingjob-xgboost-mnist.yaml",
}
RESOURCE = {
    "legacy": "trainingjobs.sagemaker.aws.amazon.com/xgboost-mnist",
    "ack": "trainingjobs.sagemaker.services.k8s.aws/xgboost-mnist",
}

both = pytest.mark.parametrize("group", ["legacy", "ack"])

NINE = {
    "legacy": [
        "spec.hyperParameters[0].value",  # wrong type
        "spec.outputDataConfig",  # missing
        "spec.inputDataConfig[1].compressionType",  # enum
        "spec.inputDataConfig[0].channelName",  # pattern
        "spec.stoppingCondition.maxRuntimeInSeconds",  # range
        "spec.resourceConfig.volumeSizeInGb",  # misspelt key
        "spec.stoppingCondition.maxWaitTimeInSeconds",  # cross-field
        "spec.algorithmSpecification.trainingImage",  # image region
        "spec.resourceConfig.instanceType",  # policy
    ],
    "ack": [
        "spec.hyperParameters[max_depth]",
        "spec.outputDataConfig",
        "spec.inputDataConfig[1].compressionType",
        "spec.inputDataConfig[0].channelName",
        "spec.stoppingCondition.maxRuntimeInSeconds",
        "spec.resourceConfig.volumeSizeInGb",
        "spec.stoppingCondition.maxWaitTimeInSeconds",
        "spec.algorithmSpecification.trainingImage",
        "spec.resourceConfig.instanceType",
    ],
}


def good(group: str) -> dict[str, Any]:
    """Return the sample."""
    body: dict[str, Any] = yaml.safe_load(SAMPLES[group].read_text())
    return body


def nine_faults(group: str) -> dict[str, Any]:
    """Return the sample with one fault of each sort."""
    body = good(group)
    spec = body["spec"]
    if group == "legacy":
        spec["hyperParameters"][0]["value"] = 5
    else:
        spec["hyperParameters"]["max_depth"] = 5
    del spec["outputDataConfig"]
    spec["inputDataConfig"][1]["compressionType"] = "gzip"
    spec["inputDataConfig"][0]["channelName"] = "bad name!"
    spec["stoppingCondition"] = {"maxRuntimeInSeconds": 0, "maxWaitTimeInSeconds": 60}
    resources = spec["resourceConfig"]
    resources["volumeSizeInGb"] = resources.pop("volumeSizeInGB")
    resources["instanceType"] = "ml.p4d.24xlarge"
    spec["algorithmSpecification"]["trainingImage"] = (
        "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"
    )
    return body


def listed(text: str) -> list[str]:
    """Return the fields of kubectl's own list."""
    return re.findall(r"^\* (\S+): ", text, re.MULTILINE)
