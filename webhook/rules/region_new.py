# SPDX-License-Identifier: Apache-2.0
"""The region has the form of one, and the gate does not know it.

It may be newer than the gate's tables, or misspelt.

Fix: check the name; update the gate where the region is new.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule


@rule(
    "SM202",
    on=Operation("*"),
    severity=Severity.WARNING,
    since="0.1",
    source="https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
)
def region_new(_root: Node, call: Call, facts: Catalog) -> Faults:
    """Yield a fault for a region that is well-formed and in no table."""
    node, region = call.site.node, call.region
    if region is None or node.text != region or facts.is_known_region(region):
        return
    if facts.partition(region) is not None:
        near = facts.nearest_region(region)
        hint = f'; did you mean "{near.name}"?' if near else ""
        yield node.invalid(f"is in no table of this gate{hint}")
