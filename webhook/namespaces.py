# SPDX-License-Identifier: Apache-2.0
"""Where the labels and annotations of namespaces come from: the port, and the empty one."""

from __future__ import annotations

from typing import Protocol

from webhook.resource import Namespace


class NamespaceUnknown(Exception):
    """Policy or defaults ask for a namespace that cannot be read just now."""


class Namespaces(Protocol):
    """Where the labels and annotations of namespaces come from."""

    def find(self, name: str) -> Namespace | None:
        """Return a namespace, None where no cluster is configured.

        Raises NamespaceUnknown when it is not in the cache: never "no match".
        """

    def must_fetch(self, name: str) -> bool:
        """Whether `find` would raise before a `fetch`."""

    def fetch(self, name: str, seconds: float) -> None:
        """Try to read a namespace into the cache; blocks at most so many seconds."""


class NoCluster:
    """No cluster is configured: nothing is known of namespaces but their names."""

    def find(self, _name: str) -> Namespace | None:
        """Return None."""
        return None

    def must_fetch(self, _name: str) -> bool:
        """Return False."""
        return False

    def fetch(self, _name: str, _seconds: float) -> None:
        """Do nothing."""
