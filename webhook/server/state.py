# SPDX-License-Identifier: Apache-2.0
"""What the server's parts tell each other: is it ready, is it draining."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class State:
    """The one mutable thing of the server."""

    started: bool = False
    """The TLS port serves."""
    draining: bool = False
    """SIGTERM came: not ready, still serving, connections close after their answer."""
    conditions: list[Callable[[], str | None]] = field(default_factory=list)
    """Each says why the server is not ready, None when it is, as far as it knows."""

    @property
    def not_ready(self) -> list[str]:
        """Every reason for which traffic should not come here."""
        reasons = [] if self.started else ["not started"]
        if self.draining:
            reasons.append("draining")
        return [*reasons, *(r for condition in self.conditions if (r := condition()) is not None)]
