# SPDX-License-Identifier: Apache-2.0
"""Which AWS calls a custom resource will become.

Rules never ask what kind they look at: they are given calls. A kind that becomes one call with
its spec as parameters needs no line anywhere; any other is one entry of `webhook.composite`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from schemas import Field
from webhook.call import Call, Site
from webhook.composite import SPLITS
from webhook.finding import Key
from webhook.naming import NAME_OF, made_parameters
from webhook.node import Scope, View
from webhook.resource import DEFAULT_REGION, REGION, Namespace, Resource

REGION_ANNOTATION: Final = Field(
    key=REGION,
    member="Region",
    shape="Region",
    form="scalar",
    type="string",
    path="Region",
    keys=("metadata", "annotations", Key(REGION)),
    constraints={},
    operator=True,
)


def extract(
    resource: Resource,
    view: View,
    namespace: Namespace | None,
    defaults: Mapping[str, Any],
    controller_region: str | None,
) -> tuple[Call, ...]:
    """Return the calls that the resource's controller will make, in their order.

    `defaults` and `controller_region` are the policy's: its default values by AWS path, and the
    region that it states for ACK's controller.
    """
    site = find_site(resource, view, namespace, defaults.get("Region") or controller_region)
    operation = resource.kind.operations[0]

    def make() -> Mapping[str, Any]:
        given = view.root.get(NAME_OF[operation])
        return made_parameters(operation, resource, given.value if given is not None else None)

    call = Call(operation, view.root, site, resource, namespace, defaults, make=make)
    split = SPLITS.get(resource.kind.name)
    return (call,) if split is None else split(call)


def find_site(
    resource: Resource, view: View, namespace: Namespace | None, default_region: str | None
) -> Site:
    """Find the region, in the order that the kind's controller uses.

    Legacy: `spec.region`. ACK: status, annotation, the namespace's annotation, then the default.
    """
    if not resource.kind.is_ack:
        node = view.root["Region"]
        return Site(node.text, node)
    node = Scope(view, resource.body, ()).node(REGION_ANNOTATION)
    inherited = namespace.annotations.get(DEFAULT_REGION) if namespace is not None else None
    for region in (resource.status_region, node.value, inherited, default_region):
        if isinstance(region, str) and region:
            return Site(region, node)
    return Site(None, node)
