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

    def connection_lost(self, _: Exception | None) -> None:
        """The socket is closed."""
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
            self._reader = loop.create_future()
            late = loop.call_later(seconds, self._wake)
            try:
                await self._reader
            finally:
                late.cancel()
            if not self._waiting:
                raise TimeoutError(f"nothing came for {seconds:.1f} s")
        return self._waiting.popleft()
