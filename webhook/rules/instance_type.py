# SPDX-License-Identifier: Apache-2.0
"""The instance type exists for this use.

Training, processing, transform and hosting take different types. A type that is valid elsewhere
only, or a letter away from a valid one, is refused by SageMaker.

Fix: use the type that the message offers, or another of this use.
"""

import re

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Put, Severity
from webhook.instances import INSTANCE_SHAPES, WELL_FORMED, is_slip
from webhook.node import Node
from webhook.rule import Faults, Shape, rule


@rule(
    "SM240",
    on=Shape(*INSTANCE_SHAPES),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",
)
def instance_type(node: Node, _call: Call, facts: Catalog) -> Faults:
    """Yield a fault for a type of another use, a slip of letters, or no type at all."""
    text, shape = node.text, node.field.shape
    if text is None or text in facts.instance_types.get(shape, ()):
        return
    near = facts.nearest_type(shape, text)
    hint = f'; did you mean "{near.name}"?' if near else ""
    elsewhere = facts.uses_of(text)
    if elsewhere:
        use = INSTANCE_SHAPES[shape]
        others = ", ".join(sorted({INSTANCE_SHAPES[s] for s in elsewhere if s in INSTANCE_SHAPES}))
        yield node.unsupported(f"is not for {use}, only for {others}{hint}")
    elif not re.fullmatch(WELL_FORMED, text, re.ASCII):
        yield node.unsupported(f"is no instance type{hint}")
    elif near is not None and is_slip(text, near.name):
        edit = Put(near.name) if near.is_sole else None
        yield node.unsupported(hint.removeprefix("; "), edit=edit)
