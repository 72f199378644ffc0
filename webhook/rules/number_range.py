# SPDX-License-Identifier: Apache-2.0
"""A number below or above what the API takes.

Fix: choose a number within the bound that the message names.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Rank, Severity
from webhook.rule import Faults, Keyword, rule
from webhook.schema import Problem


@rule(
    "SM104",
    on=Keyword("minimum", "maximum"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html",
    rank=Rank.SCHEMA,
)
def number_range(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for a number outside its bound."""
    bound = problem.node.field.constraints[problem.keyword]
    word = "at least" if problem.keyword == "minimum" else "at most"
    yield problem.node.invalid(f"must be {word} {bound}")
