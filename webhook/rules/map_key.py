# SPDX-License-Identifier: Apache-2.0
"""A key of a map that the API does not take.

Fix: rename the key; the message says what is wrong with it.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Fault, Key, Rank, Severity, Sort
from webhook.rule import Faults, Keyword, rule
from webhook.schema import MOST_UNKNOWN, Problem, matches


@rule(
    "SM110",
    on=Keyword("propertyNames"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html",
    rank=Rank.SCHEMA,
)
def map_key(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for each key that is too long or of the wrong form."""
    node = problem.node
    limits = node.field.key_constraints
    longest, pattern = limits.get("maxLength"), limits.get("then", {}).get("pattern")
    count = 0
    for item in node.items:
        key = str(item.scope.index)
        if longest is not None and len(key) > longest:
            text = f"the key may have {longest} characters, has {len(key)}"
        elif pattern is not None and not matches(pattern, key):
            text = f"the key must match {pattern.removeprefix('^(?:').removesuffix(')$')}"
        else:
            continue
        count += 1
        if count > MOST_UNKNOWN:
            return
        yield Fault((*node.path, Key(key)), Sort.INVALID, text, key, compared=(key,))
