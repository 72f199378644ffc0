# SPDX-License-Identifier: Apache-2.0
"""How long an answer may take: the caller's own time-out, less a margin."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

DEFAULT_TIMEOUT: Final = 10.0
"""Seconds that a caller waits who names no time-out, as the API server's default is."""

MARGIN: Final = 0.5
"""Seconds kept back for the answer's way, never more than a fifth of the time-out."""

_TIMEOUT: Final = re.compile(rb"(?:^|&)timeout=([0-9]{1,4}(?:\.[0-9]{1,3})?)(ms|s|m)(?:&|$)")
_SECONDS: Final = {b"ms": 0.001, b"s": 1.0, b"m": 60.0}


@lru_cache(maxsize=64)
def time_allowed(query: bytes) -> float:
    """Return the seconds for an answer: the caller's time-out less the margin."""
    found = _TIMEOUT.search(query)
    timeout = float(found[1]) * _SECONDS[found[2]] if found is not None else DEFAULT_TIMEOUT
    timeout = min(timeout, 30.0)
    return max(timeout - min(MARGIN, timeout / 5), 0.0)
