# SPDX-License-Identifier: Apache-2.0
"""The deadline of an answer."""

from __future__ import annotations

import pytest

from webhook.server.deadline import time_allowed


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        (b"timeout=5s", 4.5),
        (b"timeout=1s", 0.8),
        (b"timeout=500ms", 0.4),
        (b"", 9.5),
        (b"timeout=nonsense", 9.5),
        (b"timeout=9999s", 29.5),
    ],
)
def test_the_deadline_is_the_callers_less_a_margin(query: bytes, seconds: float) -> None:
    """The API server's `?timeout=`, less half a second or a fifth."""
    assert time_allowed(query) == pytest.approx(seconds)
