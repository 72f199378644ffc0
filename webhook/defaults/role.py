# SPDX-License-Identifier: Apache-2.0
"""The execution role, wherever the operation keeps it: one row of a table per operation.

A kind that becomes several calls is filled in each of them: every training definition of a tuning
job, every model of a HostingDeployment. On UPDATE those are known again by their names, not by
their places in the list.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from webhook.call import Call
from webhook.default import Filling, Subject, default_rule
from webhook.finding import Path
from webhook.node import Node

EXECUTION_ROLE: Final[Mapping[str, tuple[str, ...]]] = {
    "CreateApp": (),  # runs as its user profile or space
    "CreateDataQualityJobDefinition": ("RoleArn",),
    "CreateDomain": ("DefaultUserSettings.ExecutionRole", "DefaultSpaceSettings.ExecutionRole"),
    "CreateEndpoint": (),  # its models have roles
    "CreateEndpointConfig": (),  # its models have; its own is for inference components only
    "CreateFeatureGroup": ("RoleArn",),
    "CreateHyperParameterTuningJob": (),  # its training definitions are calls of their own
    "CreateInferenceComponent": (),  # its endpoint configuration has one
    "CreateLabelingJob": ("RoleArn",),
    "CreateModel": ("ExecutionRoleArn",),
    "CreateModelBiasJobDefinition": ("RoleArn",),
    "CreateModelExplainabilityJobDefinition": ("RoleArn",),
    "CreateModelPackage": ("ValidationSpecification.ValidationRole",),
    "CreateModelPackageGroup": (),
    "CreateModelQualityJobDefinition": ("RoleArn",),
    "CreateMonitoringSchedule": ("MonitoringScheduleConfig.MonitoringJobDefinition.RoleArn",),
    "CreateNotebookInstance": ("RoleArn",),
    "CreateNotebookInstanceLifecycleConfig": (),
    "CreatePipeline": ("RoleArn",),
    "CreateProcessingJob": ("RoleArn",),
    "CreateProject": (),  # Service Catalog's launch role
    "CreateSpace": (),  # its domain's
    "CreateTrainingJob": ("RoleArn",),
    "CreateTransformJob": (),  # its model's
    "CreateUserProfile": (),  # its domain's: one of its own would override that
    "PutScalingPolicy": (),  # a service-linked role
    "RegisterScalableTarget": (),  # a service-linked role
    "StartPipelineExecution": (),  # its pipeline's
}
"""Operation -> AWS paths of the role that its work runs as; never each member that holds a role."""

ALIASES: Final = ("Name", "DefinitionName")
"""What a user knows a model of a deployment, or a definition of a tuning job, by."""


@default_rule
def role(subject: Subject) -> Iterator[Filling]:
    """Yield the place of the execution role of each call."""
    default = subject.effective.defaults.get("RoleArn")
    for call in subject.calls:
        for member in EXECUTION_ROLE[call.operation]:
            node = call.root[member]
            if not node.present:
                yield Filling.of(node.path, default, _stored(node.path, member, call, subject))


def _stored(path: Path, member: str, call: Call, subject: Subject) -> Path:
    """Return where the stored object has this role: at the same path, or under the same alias."""
    alias = _alias(call.root)
    if alias is None:
        return path
    for old in subject.old_calls:
        if old.operation == call.operation and _alias(old.root) == alias:
            return old.root[member].path
    return ()


def _alias(root: Node) -> str | None:
    named = (root.get(member) for member in ALIASES)
    return next((node.text for node in named if node is not None and node.text), None)
