# SPDX-License-Identifier: Apache-2.0
"""One job stays within the size that the platform team allows.

Instances of all groups of a training job are counted together, and those of all variants of an
endpoint; the volume is that of each instance.

Fix: ask for less, or ask the owners of the policy.
"""

from dataclasses import dataclass

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule
from webhook.sizes import SIZES, Size

SECONDS = 3600


@dataclass(frozen=True, slots=True)
class JobLimits:
    """The most that one job may ask for; None is no limit."""

    instances: int | None = None
    volume_gb: int | None = None
    runtime_hours: float | None = None


@rule(
    "SM603",
    on=Operation(*SIZES),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/regions-quotas.html",
    parameters=JobLimits,
)
def job_limits(job: Node, call: Call, _facts: Catalog, limits: JobLimits) -> Faults:
    """Yield a fault for each limit that the job exceeds."""
    size = SIZES[call.operation]
    if limits.instances is not None:
        yield from _instances(job, size, limits.instances)
    volume = job[size.volume] if size.volume else None
    if limits.volume_gb is not None and volume and (volume.number or 0) > limits.volume_gb:
        yield volume.forbidden(f"the policy allows {limits.volume_gb} GB")
    runtime = job[size.runtime] if size.runtime else None
    hours = limits.runtime_hours
    if hours is not None and runtime and (runtime.number or 0) > hours * SECONDS:
        yield runtime.forbidden(
            f"the policy allows {hours:g} hours, {_plain(hours * SECONDS)} seconds"
        )


def _instances(job: Node, size: Size, most: int) -> Faults:
    groups = job[size.groups] if size.groups else None
    count = job[size.count] if size.count else None
    grouped = [group[size.group_count].number or 0 for group in groups.items] if groups else []
    asked = sum(grouped) + ((count.number or 0) if count else 0)
    place = groups if grouped else count
    if place is not None and asked > most:
        text = f"{_plain(asked)} instances, the policy allows {most}"
        yield place.forbidden(text, compared=(asked,))


def _plain(number: float) -> str:
    return f"{number:,.0f}".replace(",", "")
