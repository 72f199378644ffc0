# SPDX-License-Identifier: Apache-2.0
"""The instance type is offered in the region.

AWS's price list names the types of each use by region. A type without a price there is most likely
not to be had: the call is refused, or the endpoint never comes up. For training there is no such
list.

Fix: take a type that the region offers, or another region.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.instances import INSTANCE_SHAPES
from webhook.node import Node
from webhook.rule import Faults, Shape, rule

FEW = 3


@rule(
    "SM242",
    on=Shape("ProcessingInstanceType", "ProductionVariantInstanceType", "TransformInstanceType"),
    severity=Severity.WARNING,
    since="0.1",
    source="https://aws.amazon.com/sagemaker/ai/pricing/",
)
def instance_offer(node: Node, call: Call, facts: Catalog) -> Faults:
    """Yield a fault for a type that has prices, but none in the region of the call."""
    text, shape, region = node.text, node.field.shape, call.region
    if text is None or region is None or not facts.is_surveyed(shape, region):
        return
    regions = facts.regions_with(shape, text)
    if regions is not None and region not in regions:
        some = ", ".join(sorted(regions)[:FEW])
        yield node.unsupported(
            f"has no price for {INSTANCE_SHAPES[shape]} in {region}, only in"
            f" {some}{', …' if len(regions) > FEW else ''}"
        )
