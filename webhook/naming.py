# SPDX-License-Identifier: Apache-2.0
"""What AWS will know an object by: the name that the user gives, or the one its controller makes.

The original makes `<metadata.name>-<uid without hyphens>`, cut to what the API takes by shortening
the name; ACK makes no names. Until the API server has given an object its name and uid, each has a
stand-in of the same length and alphabet, which no message and no compared value ever contains.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from webhook.resource import Resource

NAME_OF: Final[Mapping[str, str]] = {
    "CreateApp": "AppName",
    "CreateDataQualityJobDefinition": "JobDefinitionName",
    "CreateDomain": "DomainName",
    "CreateEndpoint": "EndpointName",
    "CreateEndpointConfig": "EndpointConfigName",
    "CreateFeatureGroup": "FeatureGroupName",
    "CreateHyperParameterTuningJob": "HyperParameterTuningJobName",
    "CreateInferenceComponent": "InferenceComponentName",
    "CreateLabelingJob": "LabelingJobName",
    "CreateModel": "ModelName",
    "CreateModelBiasJobDefinition": "JobDefinitionName",
    "CreateModelExplainabilityJobDefinition": "JobDefinitionName",
    "CreateModelPackage": "ModelPackageName",
    "CreateModelPackageGroup": "ModelPackageGroupName",
    "CreateModelQualityJobDefinition": "JobDefinitionName",
    "CreateMonitoringSchedule": "MonitoringScheduleName",
    "CreateNotebookInstance": "NotebookInstanceName",
    "CreateNotebookInstanceLifecycleConfig": "NotebookInstanceLifecycleConfigName",
    "CreatePipeline": "PipelineName",
    "CreateProcessingJob": "ProcessingJobName",
    "CreateProject": "ProjectName",
    "CreateSpace": "SpaceName",
    "CreateTrainingJob": "TrainingJobName",
    "CreateTransformJob": "TransformJobName",
    "CreateUserProfile": "UserProfileName",
    "PutScalingPolicy": "PolicyName",
    "RegisterScalableTarget": "ResourceId",
    "StartPipelineExecution": "PipelineExecutionDisplayName",
}
"""Operation -> the parameter that AWS will know the result by."""

NO_UID: Final = "0" * 32
"""Stands for a uid that the API server has not given yet."""

NO_SUFFIX: Final = "00000"
"""Stands for the five characters that generateName gets."""

LONGEST: Final = 63
LONGEST_TUNING: Final = 32
"""Characters of a name: of a tuning job, and of anything else."""


def object_name(resource: Resource) -> str:
    """Return metadata.name, or what generateName will become, at its length."""
    metadata = resource.metadata
    name, stem = metadata.get("name"), metadata.get("generateName")
    if isinstance(name, str) and name:
        return name
    return f"{stem}{NO_SUFFIX}" if isinstance(stem, str) else NO_SUFFIX


def object_uid(resource: Resource) -> str:
    """Return the uid without its hyphens, or its stand-in."""
    uid = resource.metadata.get("uid")
    return uid.replace("-", "") if isinstance(uid, str) and uid else NO_UID


def generation(resource: Resource) -> int:
    """Return metadata.generation, 1 before there is one."""
    found = resource.metadata.get("generation")
    return found if type(found) is int else 1


def generated_name(name: str, uid: str, longest: int = LONGEST) -> str:
    """Return `name-uid` in at most `longest` characters, of which the uid keeps its own.

    Where not one character of the name fits, the uid alone, cut.
    """
    room = longest - len(uid) - 1
    return f"{name[:room]}-{uid}" if room > 0 else uid[:longest]


def made_name(operation: str, resource: Resource) -> str:
    """Return the name that the original makes for the object's own call."""
    longest = LONGEST_TUNING if operation == "CreateHyperParameterTuningJob" else LONGEST
    return generated_name(object_name(resource), object_uid(resource), longest)


def made_parameters(operation: str, resource: Resource, given: Any) -> Mapping[str, Any]:
    """Return what the controller adds to a call that has the spec as its parameters.

    `given` is the name in the spec: where it is text, and not empty, it stands.
    """
    if resource.kind.is_ack:
        has_token = operation in {"CreatePipeline", "StartPipelineExecution"}
        return {"ClientRequestToken": object_uid(resource)} if has_token else {}
    if isinstance(given, str) and given:
        return {}
    return {NAME_OF[operation]: made_name(operation, resource)}
