# SPDX-License-Identifier: Apache-2.0
"""Throttling slows down and never fails; answers make up for it, up to the best."""

from __future__ import annotations

import asyncio

import pytest

from controller.pace import LEAST, MOST_OTHERS, Pace, most


@pytest.mark.parametrize(
    ("operation", "rate"),
    [("CreateTrainingJob", 4.0), ("DescribeModel", 25.0), ("ListTags", 10.0),
     ("StopTrainingJob", MOST_OTHERS), ("", MOST_OTHERS)],
)  # fmt: skip
def test_the_best_by_verb(operation: str, rate: float) -> None:
    """Calls a second."""
    assert most(operation) == rate


@pytest.mark.parametrize(
    ("events", "rate"),
    [("", 4.0), ("t", 2.0), ("tt", 1.0), ("t" * 50, LEAST), ("ta", 2.2), ("t" + "a" * 50, 4.0),
     ("a" * 50, 4.0), ("t" * 50 + "a" * 50, 4.0)],
)  # fmt: skip
def test_rate(events: str, rate: float) -> None:
    """Halved by each refusal (t) down to a least, raised by each answer (a) up to the best."""
    pace = Pace(4.0)
    for event in events:
        if event == "t":
            pace.throttled()
        else:
            pace.answered()
    assert pace.rate == pytest.approx(rate)


def test_turns_are_apart() -> None:
    """The first at once, each other one a turn later, however many ask at once."""

    async def work() -> list[float]:
        pace = Pace(1000.0)
        return await asyncio.gather(*(pace.wait() for _ in range(5)))

    waits = asyncio.run(asyncio.wait_for(work(), 20))
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert waits[4] >= 0.002


def test_a_throttled_pace_gives_longer_turns() -> None:
    """From the next turn on."""

    async def work() -> float:
        pace = Pace(1000.0)
        for _ in range(4):
            pace.throttled()
        await pace.wait()
        return await pace.wait()

    assert asyncio.run(asyncio.wait_for(work(), 20)) > 0.005
