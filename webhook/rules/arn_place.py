# SPDX-License-Identifier: Apache-2.0
"""ARNs are of the partition and region that the call goes to.

A role, key or function of another partition can never be used; one of another region is not
found.

Fix: use the ARN of a resource in the region of the job.
"""

from typing import Final

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Text, rule

PARTS: Final = 6
"""`arn:partition:service:region:account:resource`; the resource may hold more colons."""

ANY_REGION: Final = frozenset({"iam", "s3", "aws-marketplace", "organizations"})
"""Services whose resources a job of any region may name."""


@rule(
    "SM220",
    on=Text("arn:"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
)
def arn_place(node: Node, call: Call, facts: Catalog) -> Faults:
    """Yield a fault for an ARN of another partition, or of another region than the call's."""
    text, region = node.text, call.region
    if text is None or region is None or not text.startswith("arn:"):
        return
    parts = text.split(":", PARTS - 1)
    partition = facts.partition(region)
    if len(parts) != PARTS or partition is None:
        return
    if parts[1] != partition.id:
        yield node.invalid(
            f"the ARN is of partition {parts[1][:20]}, {region} is in {partition.id}",
            compared=(text, region),
        )
    elif parts[3] not in {"", region} and parts[2] not in ANY_REGION:
        yield node.invalid(
            f"the {parts[2][:20]} resource is in {parts[3][:30]}, the job runs in {region}",
            compared=(text, region),
        )
