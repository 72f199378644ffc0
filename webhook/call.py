# SPDX-License-Identifier: Apache-2.0
"""An AWS call that a resource will become: what rules attach to, and what a controller sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from webhook.node import Node
from webhook.resource import Namespace, Resource


class Site(msgspec.Struct, frozen=True):
    """Where calls go: the region, and the node where the user would say so.

    `region` is None when nobody says, which `node` then shows as absent.
    """

    region: str | None
    node: Node


class Call(msgspec.Struct, frozen=True):
    """One AWS call. `root` is the node whose members are the call's parameters."""

    operation: str
    root: Node
    site: Site
    resource: Resource
    namespace: Namespace | None
    defaults: Mapping[str, Any]
    """What the policy gives by default here, by AWS path, in AWS names."""

    part_of: str = ""
    """The operation that holds this one's parameters: then it is judged, and not sent."""

    members: frozenset[str] | None = None
    """The members of `root` that this call takes, where it shares them with others."""

    make: Callable[[], Mapping[str, Any]] | None = None
    """Returns the parameters that the controller makes: names above all."""

    @property
    def region(self) -> str | None:
        """The region of the call, None when it is not known."""
        return self.site.region
