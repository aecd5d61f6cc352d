"""One TCP port for agents: leads each connection to enrolment or reports by the server name in its TLS greeting.

A school's firewall then needs one rule. The greeting is read by OpenSSL, not by us; no byte is decrypted or changed
here. A connection that does not greet in time, greets too long, or asks for another name is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Mapping

GREETING_SECONDS = 5.0
GREETING_BYTES = 16_384
CONNECTIONS = 4_000  # at once; 21 kB each

#: serves a connection here, given both streams and the greeting that was read already
Room = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[None]]


class Doorway:
    """Listens on one address and splices connections to local servers by server name."""

    def __init__(self, routes: Mapping[str, int | Room], *, greeting_seconds: float = GREETING_SECONDS) -> None:
        """`routes`: server name → local port of the server that speaks TLS for it, or who serves it here."""
        self._routes = dict(routes)
        self._greeting_seconds = greeting_seconds
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.turned_away = 0

    async def open(self, host: str, port: int) -> int:
        """Start listening; returns the port (0 asks for a free one)."""
        self._server = await asyncio.start_server(self._enter, host, port, limit=GREETING_BYTES)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and end what is open."""
        if self._server:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio.start_server runs this as a task
        if len(self._open) >= CONNECTIONS:
            self._turn_away(writer)
            return
        self._open.add(task)
        try:
            await self._lead(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            self.turned_away += 1
        except asyncio.CancelledError:
            pass  # only `close` cancels; asyncio would log each connection that ends so as an error
        finally:
            self._open.discard(task)
            writer.close()

    def _turn_away(self, writer: asyncio.StreamWriter) -> None:
        self.turned_away += 1
        writer.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(self._greeting_seconds):
            greeting, name = await _greeting(reader)
        port = self._routes.get(name)
        if port is None:
            self.turned_away += 1
            return
        if not isinstance(port, int):
            await port(reader, writer, greeting)
            return
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            inner_writer.write(greeting)
            await asyncio.gather(_pour(reader, inner_writer), _pour(inner_reader, writer))
        finally:
            inner_writer.close()


async def _greeting(reader: asyncio.StreamReader) -> tuple[bytes, str]:
    """Read until the TLS greeting is whole; returns what was read and the server name ("" where none is asked for)."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    incoming = ssl.MemoryBIO()
    listening = context.wrap_bio(incoming, ssl.MemoryBIO(), server_side=True)
    read = b""
    while not names and len(read) < GREETING_BYTES:
        chunk = await reader.read(4096)
        if not chunk:
            raise asyncio.IncompleteReadError(read, None)
        read += chunk
        incoming.write(chunk)
        if not _wants_more(listening):
            break
    return read, (names[0] or "") if names else ""


def _wants_more(listening: ssl.SSLObject) -> bool:
    """Let OpenSSL read on. It never gets further than the greeting: it has no certificate to answer with."""
    try:
        listening.do_handshake()
    except ssl.SSLWantReadError:
        return True
    except ssl.SSLError:
        return False
    return False


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy one direction until its end, then tell the other side."""
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
