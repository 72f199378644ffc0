# SPDX-License-Identifier: Apache-2.0
"""Small requests that AWS would accept, one per Create, for tests to change."""

from __future__ import annotations

from typing import Any, Final

ROLE: Final = "arn:aws:iam::123456789012:role/service-role/sagemaker"
IMAGE: Final = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1.7"


def training(name: str, **more: Any) -> dict[str, Any]:
    """Return a CreateTrainingJob."""
    return {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/output"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.xlarge",
            "InstanceCount": 1,
            "VolumeSizeInGB": 5,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        **more,
    }


def tuning(name: str, most: int = 4, parallel: int = 2, **more: Any) -> dict[str, Any]:
    """Return a CreateHyperParameterTuningJob."""
    ranges = {
        "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9"}],
        "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.9"}],
        "CategoricalParameterRanges": [{"Name": "booster", "Values": ["gbtree", "dart"]}],
    }
    limits = {"MaxNumberOfTrainingJobs": most, "MaxParallelTrainingJobs": parallel}
    definition = training("none") | {"StaticHyperParameters": {"objective": "reg:linear"}}
    del definition["TrainingJobName"]
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "rmse"},
            "ResourceLimits": limits,
            "ParameterRanges": ranges,
        },
        "TrainingJobDefinition": definition,
        **more,
    }


def transform(name: str, model_name: str = "model", **more: Any) -> dict[str, Any]:
    """Return a CreateTransformJob."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/input"}}
    return {
        "TransformJobName": name,
        "ModelName": model_name,
        "TransformInput": {"DataSource": source, "ContentType": "text/csv"},
        "TransformOutput": {"S3OutputPath": "s3://bucket/output"},
        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        **more,
    }


def processing(name: str, **more: Any) -> dict[str, Any]:
    """Return a CreateProcessingJob."""
    cluster = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5}
    return {
        "ProcessingJobName": name,
        "AppSpecification": {"ImageUri": IMAGE},
        "RoleArn": ROLE,
        "ProcessingResources": {"ClusterConfig": cluster},
        **more,
    }


def model(name: str = "model", **more: Any) -> dict[str, Any]:
    """Return a CreateModel."""
    container = {"Image": IMAGE, "ModelDataUrl": "s3://bucket/model.tar.gz"}
    return {
        "ModelName": name,
        "PrimaryContainer": container,
        "ExecutionRoleArn": ROLE,
        **more,
    }


def config(name: str = "config", model_name: str = "model", **more: Any) -> dict[str, Any]:
    """Return a CreateEndpointConfig."""
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": model_name,
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.xlarge",
    }
    return {"EndpointConfigName": name, "ProductionVariants": [variant], **more}


def endpoint(name: str = "endpoint", config_name: str = "config", **more: Any) -> dict[str, Any]:
    """Return a CreateEndpoint."""
    return {"EndpointName": name, "EndpointConfigName": config_name, **more}
