# SPDX-License-Identifier: Apache-2.0
"""Where each operation says how large its work is: instances, volumes, time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """AWS paths of one operation; "" where it has none.

    `groups` is a list whose items hold `group_count` instances each, and maybe volumes.
    """

    count: str = ""
    volume: str = ""
    runtime: str = ""
    groups: str = ""
    group_count: str = "InstanceCount"


def _cluster(path: str, runtime: str = "StoppingCondition.MaxRuntimeInSeconds") -> Size:
    return Size(f"{path}.InstanceCount", f"{path}.VolumeSizeInGB", runtime)


_SCHEDULED: Final = "MonitoringScheduleConfig.MonitoringJobDefinition"

SIZES: Final[Mapping[str, Size]] = {
    "CreateDataQualityJobDefinition": _cluster("JobResources.ClusterConfig"),
    "CreateEndpointConfig": Size(groups="ProductionVariants", group_count="InitialInstanceCount"),
    "CreateModelBiasJobDefinition": _cluster("JobResources.ClusterConfig"),
    "CreateModelExplainabilityJobDefinition": _cluster("JobResources.ClusterConfig"),
    "CreateModelQualityJobDefinition": _cluster("JobResources.ClusterConfig"),
    "CreateMonitoringSchedule": _cluster(
        f"{_SCHEDULED}.MonitoringResources.ClusterConfig",
        f"{_SCHEDULED}.StoppingCondition.MaxRuntimeInSeconds",
    ),
    "CreateNotebookInstance": Size(volume="VolumeSizeInGB"),
    "CreateProcessingJob": _cluster("ProcessingResources.ClusterConfig"),
    "CreateTrainingJob": Size(
        "ResourceConfig.InstanceCount",
        "ResourceConfig.VolumeSizeInGB",
        "StoppingCondition.MaxRuntimeInSeconds",
        "ResourceConfig.InstanceGroups",
    ),
    "CreateTransformJob": Size("TransformResources.InstanceCount"),
}
