# SPDX-License-Identifier: Apache-2.0
"""Alternatives of which exactly one is given.

Some structures of the API hold alternatives, such as the kinds of file system that may be
mounted. With none, or with two, the call is refused before it is sent.

Fix: keep one of the fields that the message names.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Rank, Severity
from webhook.rule import Faults, Keyword, rule
from webhook.schema import Problem


@rule(
    "SM111",
    on=Keyword("minProperties", "maxProperties"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CustomFileSystem.html",
    rank=Rank.SCHEMA,
)
def one_of(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for none, or for more than one."""
    node = problem.node
    if node.field.form != "structure":
        return
    given = sorted(key for key in node.value if key in node.field.fields)
    if not given:
        yield node.required(f"one of {', '.join(sorted(node.field.fields))} must be given")
    elif len(given) > 1:
        yield node.forbidden(f"only one of {', '.join(given)} may be given", compared=tuple(given))
