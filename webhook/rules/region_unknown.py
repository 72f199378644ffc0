# SPDX-License-Identifier: Apache-2.0
"""Nobody says which region an ACK object goes to.

ACK takes the region from an annotation of the object or of its namespace, else from its own
settings, which the gate does not see. Without a region the rules that compare with it (images,
ARNs) cannot judge.

Fix: annotate the object with `services.k8s.aws/region`, or state `ackController.region` in the
policy.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule


@rule(
    "SM203",
    on=Operation("*"),
    severity=Severity.WARNING,
    since="0.1",
    source="https://aws-controllers-k8s.github.io/community/docs/user-docs/multi-region-resource-management/",
)
def region_unknown(_root: Node, call: Call, _facts: Catalog) -> Faults:
    """Yield a fault where no source names a region."""
    if call.region is None and call.resource.kind.is_ack:
        yield call.site.node.required(
            "no annotation, namespace or policy names a region, so images and ARNs are not checked"
        )
