"""The bell: tells an agent that somebody waits for its next Sync, over a quiet TLS connection that it holds open.

It says nothing but that, so a key of its own opens it, which Sync hands down: whoever stole one learns when a school's
agent is wanted and can do nothing. A thousand agents wait at little cost: TLS without asyncio's buffers, one question
to the store a second for all of them, a line every 45 seconds so that no filter takes a connection for dead.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import logging
import ssl
from datetime import datetime
from pathlib import Path

from collector.errors import StoreError
from collector.intake.peer import Clock
from collector.store import Store, agents, wishes

LOOK_SECONDS = 1.0
ALIVE_SECONDS = 45.0
HELLO_SECONDS = 10.0
GREETING = "stocktake-bell 1"
HELLO_BYTES = 256
_READ_BYTES = 4_096

log = logging.getLogger(__name__)


class Bell:
    """Rings at the agents for which somebody waits. `enter` serves one connection, `watch` runs beside."""

    def __init__(self, store: Store, secret: bytes, chain: tuple[Path, Path], clock: Clock) -> None:
        """`secret` makes the keys, `chain` is the file of the server's certificate and that of its key."""
        self._store = store
        self._secret = secret
        self._clock = clock
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.num_tickets = 0
        self._context.load_cert_chain(*chain)
        self._waiting: dict[tuple[str, str], _Line] = {}

    def key(self, trust_id: str, agent_id: str) -> str:
        """What an agent says to be let in."""
        name = f"{trust_id}/{agent_id}"
        return f"{name}/{hmac.new(self._secret, f'bell:{name}'.encode(), hashlib.sha256).hexdigest()}"

    def connected(self) -> int:
        """How many agents wait."""
        return len(self._waiting)

    async def enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, greeting: bytes) -> None:
        """Serve one connection, whose TLS greeting was read already, until it ends."""
        line = _Line(self._context, reader, writer, greeting)
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                who = self._opened(await line.hello())
        except ssl.SSLError as error:
            log.info("somebody at the bell does not speak TLS: %s", error)
            return
        if who is None:
            return
        before = self._waiting.get(who)
        self._waiting[who] = line
        if before is not None:
            before.close()
        try:
            line.say(b"ok\n")
            await line.until_closed()
        finally:
            if self._waiting.get(who) is line:
                del self._waiting[who]

    def _opened(self, hello: str) -> tuple[str, str] | None:
        """Trust and agent of a key; None where it does not open, or the agent was shut out."""
        said, _, key = hello.rpartition(" ")
        trust_id, _, rest = key.partition("/")
        agent_id = rest.partition("/")[0]
        if said != GREETING or not hmac.compare_digest(key.encode(), self.key(trust_id, agent_id).encode()):
            return None
        with self._store.reader() as connection:
            agent = agents.get(connection, trust_id, agent_id)
        return (trust_id, agent_id) if agent is not None and agent.revoked is None else None

    async def watch(self) -> None:
        """Ring where somebody waits, and give a sign of life now and then; until cancelled."""
        loop = asyncio.get_running_loop()
        alive_at = loop.time() + ALIVE_SECONDS
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._waiting:
                try:
                    wanted = await asyncio.to_thread(self._wanted, {trust for trust, _ in self._waiting}, self._clock())
                except StoreError:
                    log.exception("the bell will look again")
                    wanted = set()
                for who in wanted & self._waiting.keys():
                    self._waiting[who].say(b"ring\n")
            if loop.time() >= alive_at:
                alive_at = loop.time() + ALIVE_SECONDS
                for line in list(self._waiting.values()):
                    line.say(b".\n")

    def _wanted(self, trusts: set[str], now: datetime) -> set[tuple[str, str]]:
        with self._store.reader() as connection:
            return {(trust, agent) for trust in trusts for agent in wishes.agents_waited_for(connection, trust, now)}


class _Line:
    """TLS over a pair of streams, as far as a bell needs it: read one line, then only write."""

    def __init__(
        self, context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, greeting: bytes
    ) -> None:
        self._reader, self._writer = reader, writer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._incoming.write(greeting)
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def hello(self) -> str:
        """The first line, at most 256 octets; "" where there is none. ssl.SSLError where it is no TLS."""
        while not self._shaken():
            if not await self._more():
                return ""
        said = b""
        while not said.endswith(b"\n") and len(said) < HELLO_BYTES:
            try:
                said += self._tls.read(HELLO_BYTES)
            except ssl.SSLWantReadError:
                if not await self._more():
                    return ""
        return said.decode("ascii", "replace").strip()

    def _shaken(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        finally:
            self._flush()
        return True

    async def _more(self) -> bool:
        octets = await self._reader.read(_READ_BYTES)
        self._incoming.write(octets)
        return bool(octets)

    async def until_closed(self) -> None:
        """Wait for the other end to go; what it says is not heard."""
        while await self._reader.read(_READ_BYTES):
            pass

    def say(self, octets: bytes) -> None:
        """Write a line; a connection that does not take it is ended."""
        with contextlib.suppress(ssl.SSLError):
            self._tls.write(octets)
            self._flush()
        if self._writer.transport.get_write_buffer_size() > HELLO_BYTES:
            self.close()

    def _flush(self) -> None:
        if octets := self._outgoing.read():
            self._writer.write(octets)

    def close(self) -> None:
        """End the connection."""
        self._writer.transport.abort()
