# SPDX-License-Identifier: Apache-2.0
"""The controllers whose writes are never blocked: the one list of them.

The server lets their requests pass, and the webhook configurations, rendered from this list, do
not even send them. `namespace:name` of service accounts, exact.
"""

from __future__ import annotations

from typing import Final

OWN_NAMESPACE: Final = "sagemaker-k8s-operator-system"
"""Where gate and operators run; users' IAM trust policies name it."""

OWN_SERVICE_ACCOUNT: Final = "sagemaker-k8s-operator-default"
"""The operators'; the same trust policies name it."""

CONTROLLERS: Final = (
    "ack-system:ack-sagemaker-controller",
    f"{OWN_NAMESPACE}:{OWN_SERVICE_ACCOUNT}",
)
"""ACK's controller and our operators."""

SYSTEM_GROUP: Final = "system:serviceaccounts:kube-system"
"""Garbage collector, namespace controller and their like."""


def username(account: str) -> str:
    """Return the user name of a service account, `namespace:name`, as the API server gives it."""
    return f"system:serviceaccount:{account}"


_USERS: Final = frozenset(username(account) for account in CONTROLLERS)


def is_controller(user: str, groups: list[str], further: str | None = None) -> bool:
    """Whether a request comes from a controller; `further` is one more account, a policy's."""
    if user in _USERS or SYSTEM_GROUP in groups:
        return True
    return further is not None and user == username(further)
