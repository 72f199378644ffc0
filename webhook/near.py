# SPDX-License-Identifier: Apache-2.0
"""What somebody meant who wrote a name a little wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

LONGEST = 60
"""Characters that are compared: no name of the API that people mistype is longer."""


class Near(NamedTuple):
    """The nearest known name, and whether nothing else comes near: then it is the one meant."""

    name: str
    is_sole: bool


def nearest(text: str, known: Iterable[str], cutoff: float) -> Near | None:
    """Return the known name nearest to a text, letters' case aside; None where none is near.

    `cutoff` is difflib's ratio, 0 to 1. Of several that are near none is the sole one, but for the
    one that differs in case only.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to a finding

    lower = {name.lower(): name for name in known}
    wanted = text[:LONGEST].lower()
    if wanted in lower:
        return Near(lower[wanted], is_sole=True)
    found = get_close_matches(wanted, lower, n=2, cutoff=cutoff)
    return Near(lower[found[0]], is_sole=len(found) == 1) if found else None
