"""Keeps what comes in at a datagram socket until it is read; it knows nothing of what is sent, nor of the contract."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

_QUEUE = 64  # datagrams of one device that wait to be read; more are dropped
_ICMP_ERRORS = 4  # refusals kept for a reader


class Received(asyncio.DatagramProtocol):
    """What came in: datagrams, and the kernel's word that nothing listens there; for one reader at a time."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self._waiting: deque[bytes | OSError] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._deadline = 0.0  # of the reader, by the loop's clock

    def connection_lost(self, _: Exception | None) -> None:
        """The socket is closed."""
        if self._alarm is not None:
            self._alarm.cancel()
        self.gone.set()

    def datagram_received(self, data: bytes, _: Any) -> None:
        """Keep it; a device that floods loses the surplus."""
        if len(self._waiting) < _QUEUE:
            self._keep(data)

    def error_received(self, error: Exception) -> None:
        """Keep the kernel's word (ICMP port or host unreachable)."""
        if isinstance(error, OSError) and len(self._waiting) < _ICMP_ERRORS:
            self._keep(error)

    def _keep(self, item: bytes | OSError) -> None:
        self._waiting.append(item)
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def next(self, seconds: float) -> bytes | OSError:
        """What came first; TimeoutError where nothing comes in time."""
        if not self._waiting:
            loop = asyncio.get_running_loop()
            self._reader, self._deadline = loop.create_future(), loop.time() + seconds
            if self._alarm is None or self._alarm.when() > self._deadline:
                self._set_alarm(loop)
            await self._reader
            if not self._waiting:
                raise TimeoutError(f"nothing came for {seconds:.1f} s")
        return self._waiting.popleft()

    def _set_alarm(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = loop.call_at(self._deadline, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake the reader if its time is up. Most are answered long before, so an alarm stays set for those to come."""
        self._alarm = None
        if self._reader is None or self._reader.done():
            return
        if loop.time() < self._deadline:
            self._set_alarm(loop)
        else:
            self._wake()
