"""Hears that somebody waits for this agent's next Sync: one quiet TLS connection, held by the main process.

The bell says nothing but "ask": what is wanted comes by Sync, from a collector that proved itself there. So it needs no
certificate of ours and no gRPC, and an idle agent stays small. It goes to the same port as all else. The other end says
something every 45 seconds, so that no filter on the way takes the connection for dead, and neither do we.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncGenerator, Callable

from agent.errors import Unreachable
from agent.timing import Backoff
from stocktake.tokens import BELL_SERVER_NAME

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 100.0  # two sayings of the other end, and some
GREETING = "stocktake-bell 1"
_LINE_BYTES = 256

_log = logging.getLogger(__name__)


async def listen(
    place: Callable[[], tuple[str, bytes, str]], heard: Callable[[bool], object], backoff: Backoff
) -> None:
    """Wait at the bell until cancelled; `place` is the collector, its CA and the key, asked for at every new try.

    `heard` gets True for a ring, False for a sign of life. Without a bell, wishes come with the next Sync: its absence
    is no trouble.
    """
    while True:
        try:
            async with contextlib.aclosing(rings(*place())) as ringing:
                async for rung in ringing:
                    backoff.worked()
                    heard(rung)
        except Unreachable as error:
            _log.info("%s", error)
        await asyncio.sleep(backoff.failed())


def context(authority: bytes) -> ssl.SSLContext:
    """TLS that trusts the collector's own CA (DER) alone."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_verify_locations(cadata=authority)
    return made


async def rings(
    collector: str, authority: bytes, key: str, *, silence_seconds: float = SILENCE_SECONDS
) -> AsyncGenerator[bool, None]:
    """True for each ring, False for each sign of life; the first comes when the bell took the key.

    Raises:
        Unreachable: it cannot be had, does not take the key, or fell silent.
    """
    host, _, port = collector.rpartition(":")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                host.strip("[]"), int(port), ssl=context(authority), server_hostname=BELL_SERVER_NAME, limit=_LINE_BYTES
            )
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise Unreachable(f"The bell of {collector} is not to be had: {type(error).__name__} {error}") from None
    try:
        writer.write(f"{GREETING} {key}\n".encode())
        while True:
            yield await _said(reader, silence_seconds) == b"ring\n"
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            writer.transport.abort()


async def _said(reader: asyncio.StreamReader, silence_seconds: float) -> bytes:
    try:
        async with asyncio.timeout(silence_seconds):
            line = await reader.readline()
    except TimeoutError:
        raise Unreachable("The bell fell silent.") from None
    except (OSError, ValueError) as error:
        raise Unreachable(f"The bell was cut off: {error}") from None
    if not line:
        raise Unreachable("The bell was closed.")
    return line
