# SPDX-License-Identifier: Apache-2.0
"""One job stays within the size that the platform team allows.

Instances of all groups are counted together; the volume is that of each instance.

Fix: ask for less, or ask the owners of the policy.
"""

from dataclasses import dataclass

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule

SECONDS = 3600


@dataclass(frozen=True, slots=True)
class JobLimits:
    """The most that one job may ask for; None is no limit."""

    instances: int | None = None
    volume_gb: int | None = None
    runtime_hours: float | None = None


@rule(
    "SM603",
    on=Operation("CreateTrainingJob"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/regions-quotas.html",
    parameters=JobLimits,
)
def job_limits(job: Node, _call: Call, _facts: Catalog, limits: JobLimits) -> Faults:
    """Yield a fault for each limit that the job exceeds."""
    if limits.instances is not None:
        count, groups = job["ResourceConfig.InstanceCount"], job["ResourceConfig.InstanceGroups"]
        asked = (count.number or 0) + sum(
            group["InstanceCount"].number or 0 for group in groups.items
        )
        if asked > limits.instances:
            place = groups if groups.items else count
            yield place.forbidden(
                f"{_plain(asked)} instances, the policy allows {limits.instances}",
                compared=(asked,),
            )
    volume = job["ResourceConfig.VolumeSizeInGB"]
    if limits.volume_gb is not None and (volume.number or 0) > limits.volume_gb:
        yield volume.forbidden(f"the policy allows {limits.volume_gb} GB")
    runtime = job["StoppingCondition.MaxRuntimeInSeconds"]
    if limits.runtime_hours is not None and (runtime.number or 0) > limits.runtime_hours * SECONDS:
        yield runtime.forbidden(
            f"the policy allows {limits.runtime_hours:g} hours,"
            f" {_plain(limits.runtime_hours * SECONDS)} seconds"
        )


def _plain(number: float) -> str:
    return f"{number:,.0f}".replace(",", "")
