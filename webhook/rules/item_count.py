# SPDX-License-Identifier: Apache-2.0
"""A list or map with fewer or more entries than the API takes.

Fix: stay within the number of entries that the message names.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Fault, Rank, Severity, Sort
from webhook.rule import Faults, Keyword, rule
from webhook.schema import Problem


@rule(
    "SM109",
    on=Keyword("minItems", "maxItems", "minProperties", "maxProperties"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html",
    rank=Rank.SCHEMA,
)
def item_count(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault with the number of entries and its bound."""
    node = problem.node
    if node.field.form == "structure":
        return  # SM111 speaks of alternatives
    bound, count = node.field.constraints[problem.keyword], len(node.value)
    if problem.keyword.startswith("min"):
        yield Fault(node.path, Sort.REQUIRED, f"must have at least {bound} entries, has {count}")
    else:
        yield Fault(
            node.path, Sort.TOO_MANY, f"may have {bound} entries, has {count}", compared=(count,)
        )
