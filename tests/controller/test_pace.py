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
    for now, event in enumerate(events):
        if event == "t":
            pace.throttled(now, now + 0.5)
        else:
            pace.answered()
    assert pace.rate == pytest.approx(rate)


def test_what_was_under_way_when_it_slowed_down_counts_once() -> None:
    """Calls that were sent at the old rate are refused together."""
    pace = Pace(4.0)
    for answered in (1.2, 1.3, 1.4):
        pace.throttled(1.0, answered)
    assert pace.rate == 2.0
    pace.throttled(1.25, 1.5)
    assert pace.rate == 1.0


def test_turns_are_apart() -> None:
    """Each a turn later than the one before it, however many ask at once."""

    async def work() -> list[float]:
        pace = Pace(1000.0)
        return await asyncio.gather(*(pace.wait() for _ in range(5)))

    waits = asyncio.run(asyncio.wait_for(work(), 20))
    assert waits == sorted(waits)
    assert waits[4] - waits[0] >= 0.003


def test_those_who_wait_go_at_the_rate_of_their_turn() -> None:
    """Refused meanwhile: the next is not sent at the pace of when it came."""

    async def work() -> list[float]:
        pace = Pace(50.0)
        waiting = [asyncio.create_task(pace.wait()) for _ in range(3)]
        await waiting[0]
        for now in range(3):
            pace.throttled(now, now + 0.5)
        return await asyncio.gather(*waiting)

    waits = asyncio.run(asyncio.wait_for(work(), 20))
    assert waits[2] - waits[1] >= 8 / 50 * 0.9


def test_a_throttled_pace_gives_longer_turns() -> None:
    """From the next turn on."""

    async def work() -> float:
        pace = Pace(1000.0)
        for now in range(4):
            pace.throttled(now, now + 0.5)
        await pace.wait()
        return await pace.wait()

    assert asyncio.run(asyncio.wait_for(work(), 20)) > 0.005
