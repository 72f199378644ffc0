# SPDX-License-Identifier: Apache-2.0
"""A length of time as Go writes it: `10m`, `1h30m`, `1.5h`, `300ms`."""

from __future__ import annotations

import re
from typing import Final

UNITS: Final = {"h": 3_600_000.0, "m": 60_000.0, "s": 1000.0, "ms": 1.0, "us": 1e-3, "µs": 1e-3,
                "μs": 1e-3, "ns": 1e-6}  # fmt: skip
"""Unit -> milliseconds. Of micro both signs of Unicode, as in Go."""

LONGEST: Final = 2**63 / 1e6
"""Milliseconds: Go's own bound, 292 years."""

PART: Final = re.compile(r"(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns)", re.ASCII)


class NotDuration(ValueError):
    """The text is no length of time; the message says what one looks like."""


def milliseconds(text: str) -> int:
    """Return the length of a time that is not negative, in milliseconds, rounded down.

    Raises NotDuration.
    """
    unsigned = text.removeprefix("+")
    if unsigned == "0":
        return 0
    total, end = 0.0, 0
    for part in PART.finditer(unsigned):
        if part.start() != end:
            break
        end = part.end()
        total += float(part[1]) * UNITS[part[2]]
    if not unsigned or end != len(unsigned) or total > LONGEST:
        raise NotDuration(f"{text!r} is no length of time such as 30s, 10m or 1h30m")
    return int(total)
