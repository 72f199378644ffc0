# SPDX-License-Identifier: Apache-2.0
"""A value of another type than the field holds.

YAML makes a number of `5` and a boolean of `yes` or `off`; the API wants text in many places
where people write numbers, hyperparameters above all.

Fix: quote what must be text (`"5"`), and do not quote what must be a number.
"""

import json

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Put, Rank, Severity
from webhook.rule import Faults, Keyword, rule
from webhook.schema import Problem

_NAMES = {
    "object": "an object",
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
}


@rule(
    "SM105",
    on=Keyword("type"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation",
    rank=Rank.SCHEMA,
)
def value_type(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for a value of the wrong type, with the quoted form where that is the fix."""
    node = problem.node
    text = f"must be {_NAMES.get(node.field.type, node.field.type)}"
    if node.field.type == "string" and isinstance(node.value, int | float):
        plain = json.dumps(node.value)
        edit = Put(plain)
        yield node.invalid(f"{text}; in YAML, quote it", use=json.dumps(plain), edit=edit)
    else:
        yield node.invalid(text)
