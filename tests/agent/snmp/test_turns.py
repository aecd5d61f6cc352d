"""Turns to ask: who waited longest for answers goes first, and no place is ever lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agent.snmp.turns import Turn, Turns


@contextmanager
def ended(tasks: list[asyncio.Task[None]]) -> Iterator[None]:
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def entered(turns: Turns, waited_seconds: float, order: list[float]) -> None:
    with await turns.enter(waited_seconds):
        order.append(waited_seconds)


async def test_who_kept_us_waiting_longest_goes_first_and_others_in_their_order() -> None:
    turns, order = Turns(1), list[float]()
    first = await turns.enter(0.0)
    tasks = [asyncio.create_task(entered(turns, waited, order)) for waited in (0.01, 0.0, 1.5, 0.6, 3.0)]
    with ended(tasks):
        await asyncio.sleep(0)
        first.over()
        await asyncio.gather(*tasks)
    assert order == [3.0, 1.5, 0.6, 0.01, 0.0]


async def test_as_many_go_at_once_as_there_are_places() -> None:
    turns = Turns(2)
    held: list[Turn] = [await turns.enter(0.0), await turns.enter(0.0)]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await turns.enter(0.0)
    held.pop().over()
    held.append(await turns.enter(0.0))


async def test_a_turn_is_over_once() -> None:
    turns = Turns(1)
    with await turns.enter(0.0) as turn:
        turn.over()
    await turns.enter(0.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await turns.enter(0.0)


@pytest.mark.parametrize("when", ["while it waits", "just when it is its turn"])
async def test_who_is_cancelled_leaves_its_place_to_the_next(when: str) -> None:
    turns, order = Turns(1), list[float]()
    first = await turns.enter(0.0)
    cancelled = asyncio.create_task(entered(turns, 9.0, order))
    other = asyncio.create_task(entered(turns, 0.0, order))
    with ended([cancelled, other]):
        await asyncio.sleep(0)
        if when == "while it waits":
            cancelled.cancel()
        first.over()
        cancelled.cancel()
        async with asyncio.timeout(1):
            await other
            await turns.enter(0.0)
    assert order == [0.0]
