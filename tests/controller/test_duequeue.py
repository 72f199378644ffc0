# SPDX-License-Identifier: Apache-2.0
"""Keys come out when they are due, each once, whoever waits."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from controller.duequeue import DueQueue

BOUND = 20.0
"""Seconds after which something hangs."""


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end, or fail where it hangs."""
    return asyncio.run(asyncio.wait_for(work, BOUND))


@pytest.mark.parametrize(
    ("puts", "order"),
    [
        ([("a", 0.0), ("b", -1.0)], ["b", "a"]),
        ([("a", 0.0), ("a", -1.0)], ["a"]),
        ([("a", -1.0), ("a", 0.0)], ["a"]),
        ([("a", 0.05), ("b", 0.02), ("a", -1.0)], ["a", "b"]),
        ([("a", 0.0), ("b", 0.0), ("c", 0.0)], ["a", "b", "c"]),
    ],
)
def test_order(puts: list[tuple[str, float]], order: list[str]) -> None:
    """By time, then by arrival; of a key that is put twice the earlier time stands, and once."""

    async def work() -> list[str]:
        queue, now = DueQueue(), asyncio.get_running_loop().time()
        for key, after in puts:
            queue.put(key, now + after)
        found = [await queue.take() for _ in order]
        assert len(queue) == 0
        return found

    assert run(work()) == order


def test_what_is_dropped_does_not_come() -> None:
    """And may be put anew."""

    async def work() -> list[str]:
        queue, now = DueQueue(), asyncio.get_running_loop().time()
        queue.put("a", now - 2)
        queue.put("b", now - 1)
        queue.drop("a")
        queue.drop("never")
        first = await queue.take()
        queue.put("a", now)
        return [first, await queue.take()]

    assert run(work()) == ["b", "a"]


def test_nothing_comes_early() -> None:
    """Neither a key nor, by an earlier one that was dropped, another."""

    async def work() -> bool:
        loop = asyncio.get_running_loop()
        queue, due = DueQueue(), loop.time() + 0.05
        queue.put("early", due - 0.04)
        queue.put("a", due)
        queue.drop("early")
        await queue.take()
        return loop.time() >= due

    assert run(work())


def test_many_wait_and_each_key_comes_to_one() -> None:
    """A waiter that was asleep for a later key is woken for an earlier one."""

    async def work() -> list[str]:
        queue, now = DueQueue(), asyncio.get_running_loop().time()
        queue.put("last", now + 0.1)
        takers = [asyncio.create_task(queue.take()) for _ in range(51)]
        await asyncio.sleep(0)
        for number in range(50):
            queue.put(f"k{number:02}", now)
        assert queue.waiting(now + 0.05) == 50
        return await asyncio.gather(*takers)

    found = run(work())
    assert sorted(found) == [*(f"k{n:02}" for n in range(50)), "last"]


def test_a_waiter_that_is_cancelled_takes_nothing_with_it() -> None:
    """The key is there for the next."""

    async def work() -> str:
        queue = DueQueue()
        taker = asyncio.create_task(queue.take())
        await asyncio.sleep(0)
        taker.cancel()
        await asyncio.gather(taker, return_exceptions=True)
        queue.put("a", 0.0)
        return await queue.take()

    assert run(work()) == "a"
