# SPDX-License-Identifier: Apache-2.0
"""Objects of each of the original's kinds, complete as the gate would leave them."""

from __future__ import annotations

from typing import Any, Final

import yaml

from tests.gateprocess import ROOT

ROLE: Final = "arn:aws:iam::123456789012:role/sagemaker-execution"
REGION: Final = "us-west-2"
IMAGE: Final = "433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1"

SAMPLE_OF: Final = {
    "TrainingJob": "trainingjob-xgboost-mnist",
    "HyperparameterTuningJob": "hyperparametertuningjob",
    "BatchTransformJob": "batchtransformjob",
    "ProcessingJob": "processingjob",
    "Model": "model",
    "EndpointConfig": "endpointconfig",
    "HostingDeployment": "hostingdeployment",
    "HostingAutoscalingPolicy": "hostingautoscalingpolicy",
}
PLURAL_OF: Final = {
    "TrainingJob": "trainingjobs",
    "HyperparameterTuningJob": "hyperparametertuningjobs",
    "BatchTransformJob": "batchtransformjobs",
    "ProcessingJob": "processingjobs",
    "Model": "models",
    "EndpointConfig": "endpointconfigs",
    "HostingDeployment": "hostingdeployments",
    "HostingAutoscalingPolicy": "hostingautoscalingpolicies",
}

BASE_MODEL: Final = "base-model"
BASE_ENDPOINT: Final = "base-endpoint"
"""What transform jobs, configurations and autoscaling policies refer to; see `prepare`."""


def sample(kind: str, name: str) -> dict[str, Any]:
    """Return the sample of a kind, by another name, with region and roles."""
    body: dict[str, Any] = yaml.safe_load(
        (ROOT / "manifests" / "samples" / f"{SAMPLE_OF[kind]}.yaml").read_text()
    )
    body["metadata"] = {"name": name}
    spec = body["spec"]
    spec["region"] = REGION
    match kind:
        case "TrainingJob" | "ProcessingJob":
            spec["roleArn"] = ROLE
        case "HyperparameterTuningJob":
            spec["trainingJobDefinition"]["roleArn"] = ROLE
            limits = {"maxNumberOfTrainingJobs": 2, "maxParallelTrainingJobs": 2}
            spec["hyperParameterTuningJobConfig"]["resourceLimits"] = limits
        case "Model":
            spec["executionRoleArn"] = ROLE
        case "HostingDeployment":
            for model in spec["models"]:
                model["executionRoleArn"] = ROLE
        case "BatchTransformJob":
            spec["modelName"] = BASE_MODEL
        case "EndpointConfig":
            for variant in spec["productionVariants"]:
                variant["modelName"] = BASE_MODEL
        case _:
            spec["resourceId"] = [{"endpointName": BASE_ENDPOINT, "variantName": "all-traffic"}]
    return body


def prepare(sagemaker: Any) -> None:
    """Make in AWS what the samples refer to."""
    sagemaker.create_model(
        ModelName=BASE_MODEL, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": IMAGE}
    )
    variant = {
        "VariantName": "all-traffic",
        "ModelName": BASE_MODEL,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName="base", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=BASE_ENDPOINT, EndpointConfigName="base")
