# SPDX-License-Identifier: Apache-2.0
"""The region exists and has SageMaker.

A region that is misspelt ends in a name that does not resolve, retried for ever; one without
SageMaker has no endpoint to call.

Fix: name a region of the table that the message offers one of.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Put, Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule


@rule(
    "SM201",
    on=Operation("*"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
)
def region_exists(_root: Node, call: Call, facts: Catalog) -> Faults:
    """Yield a fault for a region of no known form, or known to be without SageMaker."""
    node, region = call.site.node, call.region
    if region is None or node.text != region:
        return
    if facts.partition(region) is None:
        near = facts.nearest_region(region)
        hint = f'; did you mean "{near.name}"?' if near else ""
        edit = Put(near.name) if near is not None and near.is_sole else None
        yield node.invalid(f"is not an AWS region{hint}", edit=edit)
    elif facts.is_known_region(region) and not facts.has_sagemaker(region):
        yield node.invalid("SageMaker is not in this region")
