"""Whose turn it is to ask, where many devices are asked at once: whoever kept us waiting longest goes first.

The pace of a site is shared. Were it shared evenly, a device that is slow, or loses packets, would wait for its share
before each of its questions, and would be all that is waited for in the end. This module sends nothing, and makes
nothing faster than the scan contract allows: the budget is asked in a turn, not instead of one.
"""

from __future__ import annotations

import asyncio
import heapq
from itertools import count

PLACES = 16  # that wait for the pace at a time: enough to use it, few enough that their order matters
_ALIKE_SECONDS = 0.25  # of waiting make no difference


class Turns:
    """The turns that all sessions of a process share."""

    def __init__(self, places: int = PLACES) -> None:
        self._free = places
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._serial = count()

    async def enter(self, waited_seconds: float) -> Turn:
        """Wait for the turn of a device that so many seconds were waited for until now."""
        if self._free:
            self._free -= 1
            return Turn(self)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-int(waited_seconds / _ALIKE_SECONDS), next(self._serial), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.leave()
            raise
        return Turn(self)

    def leave(self) -> None:
        """Let the next one ask."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class Turn:
    """A turn; it is over when the request is sent, so that nobody waits for another's answer."""

    def __init__(self, turns: Turns) -> None:
        self._turns: Turns | None = turns

    def __enter__(self) -> Turn:
        return self

    def __exit__(self, *_: object) -> None:
        self.over()

    def over(self) -> None:
        """Let the next one ask; once."""
        if self._turns is not None:
            self._turns.leave()
            self._turns = None
