# SPDX-License-Identifier: Apache-2.0
"""A value that is none of those the API knows.

Fix: use the value that the message offers; the rule's source lists all.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Put, Rank, Severity
from webhook.near import nearest
from webhook.rule import Faults, Keyword, rule
from webhook.schema import Problem

FEW = 5


@rule(
    "SM106",
    on=Keyword("enum"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Types.html",
    rank=Rank.SCHEMA,
)
def enum_value(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault with the nearest known value, or with all of them where they are few."""
    node = problem.node
    known = [str(value) for value in node.field.constraints["enum"]]
    near = nearest(str(node.value), known, 0.6)
    if near is not None:
        edit = Put(near.name) if near.is_sole and node.text is not None else None
        yield node.unsupported(f'did you mean "{near.name}"?', edit=edit)
    elif len(known) <= FEW:
        quoted = ", ".join(f'"{value}"' for value in known)
        yield node.unsupported(f"supported values: {quoted}")
    else:
        yield node.unsupported(f"is none of the {len(known)} values of {node.field.shape}")
