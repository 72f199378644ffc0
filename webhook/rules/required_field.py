# SPDX-License-Identifier: Apache-2.0
"""A field that must be there.

The CRD of the kind, or the SageMaker API itself, demands it.

Fix: add the field.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Fault, Rank, Severity, Sort
from webhook.near import nearest
from webhook.rule import Faults, Keyword, rule
from webhook.schema import Problem


@rule(
    "SM103",
    on=Keyword("required"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html",
    rank=Rank.SCHEMA,
)
def required_field(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for each missing field, unless a misspelt key stands in its place."""
    node = problem.node
    if not isinstance(node.value, dict):
        yield Fault(node.path, Sort.REQUIRED, "the object has no such section")
        return
    unknown = {key[:60].lower() for key in node.unknown_keys}
    for key in node.field.constraints.get("required", ()):
        if key in node.value or _is_misspelt(key, unknown):
            continue
        member = node.field.fields[key].path.replace("..", ".")
        yield Fault((*node.path, key), Sort.REQUIRED, f"must be given ({member} of the API)")


def _is_misspelt(key: str, unknown: set[str]) -> bool:
    """Whether SM101 offers this key for one that is there: then that is the one finding."""
    return nearest(key, unknown, 0.7) is not None
