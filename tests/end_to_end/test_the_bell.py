"""The bell, from the agent's end to the collector's: who may wait at it, when it rings, what a thousand cost."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import bell
from agent.errors import Unreachable
from collector import wishes
from collector.intake.bell import Bell
from collector.intake.certificates import Authority
from collector.intake.doorway import Doorway
from collector.store import Store, agents, places
from fresh_store import fresh_store
from stocktake.tokens import BELL_SERVER_NAME

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SOME = 100


@dataclass
class Tower:
    """A bell behind its doorway, and a trust with agents."""

    store: Store
    trust: str
    school: str
    bell: Bell
    place: str
    authority: bytes

    def rings(self, agent_id: str, key: str = "") -> contextlib.aclosing[AsyncGenerator[bool, None]]:
        found = bell.rings(self.place, self.authority, key or self.bell.key(self.trust, agent_id))
        return contextlib.aclosing(found)

    def wish(self) -> None:
        def write(connection: object) -> wishes.Wish:
            return wishes.look_at_network(connection, self.trust, "", "10.1.0.0/24", actor="ada", now=NOW)  # type: ignore[arg-type]  # a transaction

        self.store.write(write)


@pytest.fixture
async def tower(tmp_path: Path) -> AsyncIterator[Tower]:
    store = fresh_store(tmp_path / "store.db")

    def make(connection: object) -> tuple[str, str]:
        trust = places.add_trust(connection, "Elm", NOW)  # type: ignore[arg-type]  # a transaction
        school = places.add_school(connection, trust, "Oak", "", NOW)  # type: ignore[arg-type]
        site = places.add_site(connection, trust, school, "Main")  # type: ignore[arg-type]
        for n in range(SOME):
            agent = agents.Agent(f"a{n}", site, school, "server", b"", (), "1", None)
            agents.add(connection, trust, agent, version="", expires=NOW + timedelta(days=9), now=NOW)  # type: ignore[arg-type]
        told = agents.Told("1", "{}", "[]", '["10.1.0.0/24"]')
        agents.note_sync(connection, trust, "a7", told, NOW)  # type: ignore[arg-type]
        return trust, school

    trust, school = store.write(make)
    authority = Authority.open(tmp_path / "ca", NOW)
    authority.server(tmp_path / "ca", ["localhost"], datetime.now(UTC))
    made = Bell(store, b"s" * 32, (tmp_path / "ca" / "server.crt", tmp_path / "ca" / "server.key"), lambda: NOW)
    doorway = Doorway({BELL_SERVER_NAME: made.enter})
    port = await doorway.open("127.0.0.1", 0)
    watch = asyncio.create_task(made.watch())
    yield Tower(store, trust, school, made, f"127.0.0.1:{port}", authority.der)
    watch.cancel()
    await doorway.close()
    store.close()


async def test_it_rings_at_the_agent_that_is_wanted_within_two_seconds_and_at_no_other(tower: Tower) -> None:
    async with tower.rings("a7") as wanted, tower.rings("a8") as other:
        assert [await anext(wanted), await anext(other)] == [False, False]
        tower.wish()
        async with asyncio.timeout(2 + 3):
            assert await anext(wanted) is True
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await anext(other)


@pytest.mark.parametrize("key", ["", "elm/a7/00", "no key", "elm/a7", "x" * 300])
async def test_who_has_no_key_is_shown_the_door(tower: Tower, key: str) -> None:
    async with tower.rings("a7", key or " ") as ringing:
        with pytest.raises(Unreachable):
            await anext(ringing)
    assert tower.bell.connected() == 0


async def test_an_agent_that_was_shut_out_hears_nothing_more(tower: Tower) -> None:
    tower.store.write(lambda c: agents.revoke(c, tower.trust, "a7", NOW))
    async with tower.rings("a7") as ringing:
        with pytest.raises(Unreachable, match="closed"):
            await anext(ringing)


async def test_a_bell_of_another_collector_is_not_believed(tower: Tower, tmp_path: Path) -> None:
    another = Authority.open(tmp_path / "other", NOW).der
    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        async for _ in bell.rings(tower.place, another, "k"):
            pass


async def test_an_agent_that_comes_again_takes_its_own_place(tower: Tower) -> None:
    async with tower.rings("a7") as first, tower.rings("a7") as second:
        await anext(first)
        await anext(second)
        with pytest.raises(Unreachable):
            await anext(first)
        assert tower.bell.connected() == 1
        tower.wish()
        async with asyncio.timeout(5):
            assert await anext(second) is True


async def test_what_says_nothing_or_no_tls_is_ended(tower: Tower, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.intake.bell.HELLO_SECONDS", 0.2)
    made = bell.context(tower.authority)
    host, _, port = tower.place.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port), ssl=made, server_hostname=BELL_SERVER_NAME)
    async with asyncio.timeout(5):
        with contextlib.suppress(ssl.SSLError, ConnectionError):
            assert await reader.read() == b""
    writer.close()
    assert tower.bell.connected() == 0


async def test_a_bell_that_falls_silent_is_left(tower: Tower) -> None:
    key = tower.bell.key(tower.trust, "a7")
    async with contextlib.aclosing(bell.rings(tower.place, tower.authority, key, silence_seconds=0.2)) as ringing:
        assert await anext(ringing) is False
        with pytest.raises(Unreachable, match="fell silent"):
            await anext(ringing)


async def test_a_hundred_agents_wait_at_once(tower: Tower) -> None:
    async with contextlib.AsyncExitStack() as all_of_them:
        waiting = [await all_of_them.enter_async_context(tower.rings(f"a{n}")) for n in range(SOME)]
        assert await asyncio.gather(*(anext(each) for each in waiting)) == [False] * SOME
        assert tower.bell.connected() == SOME
