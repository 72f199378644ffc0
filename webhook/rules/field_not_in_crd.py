# SPDX-License-Identifier: Apache-2.0
"""A field that the SageMaker API has, and this custom resource has not.

The resource's controller was made for a set of API members that was fixed at its release. It
drops what is not among them, so the job runs without what the field asks for.

Fix: remove the field; where the job cannot do without it, use the SageMaker API or a newer
controller.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Fault, Rank, Severity, Sort
from webhook.rule import Faults, Keyword, rule
from webhook.schema import MOST_UNKNOWN, Problem


@rule(
    "SM102",
    on=Keyword("additionalProperties"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/Welcome.html",
    rank=Rank.NAME,
)
def field_not_in_crd(problem: Problem, call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for each key that only the API has here."""
    node = problem.node
    if node.field.form != "structure" or not isinstance(node.value, dict):
        return
    found = [key for key in node.value if key in node.field.absent]
    for key in found[:MOST_UNKNOWN]:
        yield Fault(
            (*node.path, key),
            Sort.FORBIDDEN,
            f"the SageMaker API has {node.field.absent[key]} here, but not this version of"
            f" {call.resource.kind.name} ({call.resource.kind.api_version})",
            compared=(key,),
        )
