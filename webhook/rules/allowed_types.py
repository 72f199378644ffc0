# SPDX-License-Identifier: Apache-2.0
"""The platform team allows this instance type here.

Patterns as in a shell: `ml.m5.*`. What is refused stays refused, though an allowed pattern fits.

Fix: use an allowed type, or ask the owners of the policy.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.instances import INSTANCE_SHAPES
from webhook.node import Node
from webhook.rule import Faults, Shape, rule

FEW = 5


@dataclass(frozen=True, slots=True)
class AllowedTypes:
    """Patterns of instance types; an empty `allowed` allows all."""

    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@rule(
    "SM602",
    on=Shape(*INSTANCE_SHAPES),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/regions-quotas.html",
    parameters=AllowedTypes,
)
def allowed_types(node: Node, _call: Call, _facts: Catalog, limits: AllowedTypes) -> Faults:
    """Yield a fault for a type that the policy refuses, or does not allow."""
    text = node.text
    if text is None:
        return
    refused = next((p for p in limits.refused if fnmatchcase(text, p)), None)
    if refused is not None:
        yield node.forbidden(f"the policy refuses {refused}")
    elif limits.allowed and not any(fnmatchcase(text, p) for p in limits.allowed):
        some = ", ".join(limits.allowed[:FEW])
        yield node.forbidden(
            f"the policy allows only {some}{', …' if len(limits.allowed) > FEW else ''}"
        )
