# SPDX-License-Identifier: Apache-2.0
"""The instance type is well-formed and not in the gate's table.

New families appear every few weeks; the gate cannot tell a new one from one that never was.

Fix: check the name; update the gate where the type is new.
"""

import re

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.instances import INSTANCE_SHAPES, WELL_FORMED, is_slip
from webhook.node import Node
from webhook.rule import Faults, Shape, rule


@rule(
    "SM241",
    on=Shape(*INSTANCE_SHAPES),
    severity=Severity.WARNING,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",
)
def instance_type_new(node: Node, _call: Call, facts: Catalog) -> Faults:
    """Yield a fault for a well-formed type that no use knows."""
    text, shape = node.text, node.field.shape
    if text is None or facts.uses_of(text) or not re.fullmatch(WELL_FORMED, text, re.ASCII):
        return
    near = facts.nearest_type(shape, text)
    if near is None or not is_slip(text, near.name):
        hint = f'; the nearest that is: "{near.name}"' if near else ""
        yield node.unsupported(
            f"is not in this gate's table of {INSTANCE_SHAPES[shape]} types{hint}"
        )
