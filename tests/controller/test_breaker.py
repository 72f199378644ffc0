# SPDX-License-Identifier: Apache-2.0
"""An address that keeps silent is left alone, and tried again by one call at a time."""

from __future__ import annotations

import pytest

from controller.breaker import PAUSE_SECONDS, SILENCES, Breaker


@pytest.mark.parametrize(
    ("events", "is_open"),
    [("", False), ("s" * (SILENCES - 1), False), ("s" * SILENCES, True),
     ("s" * SILENCES + "a", False), ("s" * (SILENCES - 1) + "a" + "s", False)],
)  # fmt: skip
def test_after_so_many_silences_in_a_row(events: str, is_open: bool) -> None:
    """An answer (a) makes up for every silence (s) before it."""
    breaker = Breaker()
    for event in events:
        if event == "s":
            breaker.unheard(100.0, "no")
        else:
            breaker.heard()
    assert breaker.is_open(101.0) is is_open


def test_one_at_a_time_tries() -> None:
    """After the pause one is let through, the others wait for what it hears."""
    breaker = Breaker()
    for _ in range(SILENCES):
        breaker.unheard(0.0, "no route")
    assert breaker.last == "no route"
    late = PAUSE_SECONDS + 1
    assert [breaker.is_open(late), breaker.is_open(late), breaker.is_open(late + 1)] == [
        False, True, True,
    ]  # fmt: skip
    breaker.unheard(late + 2, "no")
    assert breaker.is_open(late + 3)
    assert not breaker.is_open(late + 2 + PAUSE_SECONDS)
    breaker.heard()
    assert not any(breaker.is_open(late) for _ in range(50))
