# SPDX-License-Identifier: Apache-2.0
"""A call that was made: what, when, where, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    `at` is the fake's time in seconds. `outcome` is `ok`, the code it was refused with, or `lost`
    or `hung`: it took effect, and nobody was told; where it would have been refused, the code
    follows, as in `lost ResourceInUse`.
    """

    operation: str
    parameters: Mapping[str, Any]
    at: float
    region: str
    service: str
    outcome: str

    @property
    def took_effect(self) -> bool:
        """Whether it did what it asked for, answered or not."""
        return self.outcome in {"ok", "lost", "hung", "late"}
