# SPDX-License-Identifier: Apache-2.0
"""IDs that are not rules: what the gate says of itself, of defaults and of waivers."""

from __future__ import annotations

from typing import Final

from webhook.waiver import EXPIRED, NOT_ALLOWED, UNREADABLE, UNUSED

CRASHED: Final = "SM001"
"""The ID of a rule that failed in itself: our fault, never the user's."""

RESERVED: Final = {
    CRASHED: "A rule failed in itself. Our fault: the gate's log holds the traceback.",
    "SM003": "A note: the kind is SageMaker's, and this version of the gate does not judge it.",
    "SM005": "A note: a default was filled in, and where it comes from.",
    "SM006": "A note: an update lacked a value, which was restored from the stored object.",
    UNREADABLE: "A waiver that cannot be read, so that it waives nothing.",
    EXPIRED: "A waiver whose last day has passed.",
    UNUSED: "A waiver of what is not found there: remove it.",
    NOT_ALLOWED: "A waiver that the gate's policy does not honour.",
}
"""ID -> what it says."""

MODED: Final = frozenset({CRASHED, UNREADABLE, EXPIRED, UNUSED, NOT_ALLOWED})
"""Those that are findings, whose mode the policy may set."""
