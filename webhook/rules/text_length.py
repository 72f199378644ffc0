# SPDX-License-Identifier: Apache-2.0
"""Text that is too short or too long for the API.

Fix: stay within the number of characters that the message names.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Fault, Rank, Severity, Sort
from webhook.rule import Faults, Keyword, rule
from webhook.schema import Problem


@rule(
    "SM108",
    on=Keyword("minLength", "maxLength"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html",
    rank=Rank.SCHEMA,
)
def text_length(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault with the length and its bound."""
    node = problem.node
    bound = node.field.constraints[problem.keyword]
    length = len(node.text or "")
    if problem.keyword == "minLength":
        yield node.invalid(f"must have at least {bound} characters, has {length}")
    else:
        yield Fault(
            node.path,
            Sort.TOO_LONG,
            f"may have {bound} characters, has {length}",
            compared=(length,),
        )
