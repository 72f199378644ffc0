# SPDX-License-Identifier: Apache-2.0
"""A field that this kind does not have.

Kubernetes drops such a field in silence, or stores it and nobody reads it: what the author meant
by it never reaches SageMaker. Most are a letter off, or spelt as the other API group spells them.

Fix: use the name that the message offers, or remove the field.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Fault, Rank, Rename, Severity, Sort
from webhook.near import nearest
from webhook.rule import Faults, Keyword, rule
from webhook.schema import MOST_UNKNOWN, Problem


@rule(
    "SM101",
    on=Keyword("additionalProperties"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://kubernetes.io/docs/reference/using-api/api-concepts/#validation-for-unrecognized-or-duplicate-fields",
    rank=Rank.NAME,
)
def unknown_field(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for each key that neither the CRD nor the API has here."""
    node = problem.node
    if node.field.form != "structure" or not isinstance(node.value, dict):
        return
    unknown = [k for k in node.value if k not in node.field.fields and k not in node.field.absent]
    for key in unknown[:MOST_UNKNOWN]:
        near = nearest(key, node.field.fields, 0.7)
        hint = f'; did you mean "{near.name}"?' if near else ""
        is_right = near is not None and near.is_sole and near.name not in node.value
        yield Fault(
            (*node.path, key),
            Sort.FORBIDDEN,
            f"there is no such field{hint}",
            compared=(key,),
            edit=Rename(near.name) if near is not None and is_right else None,
        )
