"""The journal on the pages: who saw what is in it before the answer leaves, and nobody else reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from web_estate import World, browser, fill, plain, set_up, sign_in

from collector.access import Scope
from collector.store import journal as rows
from fresh_store import fresh_store


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[World]:
    """An estate of its own, whose journal is read."""
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


def seen(world: World) -> list[str]:
    with world.store.reader() as connection:
        found = rows.latest(connection, world.trust_id, limit=100, action="saw")
    return [entry.detail for entry in reversed(found)]


async def test_what_somebody_sees_is_in_the_journal_once_an_hour(watched: World) -> None:
    device = watched.device("elm-core").device_id
    async with browser(watched) as client:
        await sign_in(watched, client)
        before = len(seen(watched))
        for path in (f"/devices/{device}", f"/devices/{device}", "/devices?q=FOC1234", "/devices/none", "/metrics"):
            await client.get(path)
        told = seen(watched)[before:]
        assert [f'"page":"/devices/{device}"' in told[0], '"page":"/devices"' in told[1], len(told)] == [True, True, 2]
        assert "FOC1234" not in "".join(told)
        watched.now += timedelta(minutes=61)
        bearer = {"Authorization": f"Bearer {watched.token(Scope.READ)}"}
        await client.get("/api/v1/devices", headers=bearer)
        await client.get("/api/v1/devices?after=x", headers=bearer)
        assert len(seen(watched)) == before + 3


async def test_the_journal_is_read_filtered_and_checked_on_its_page(watched: World) -> None:
    async with browser(watched) as client:
        await sign_in(watched, client)
        await client.get("/devices")
        words = plain((await client.get("/journal")).text)
        assert "saw" in words
        assert "page /devices" in words
        assert "signed in" in words
        only = plain((await client.get("/journal?action=signed_in&verify=yes")).text)
        assert "page /devices" not in only
        assert "The chain holds from the first entry to the last." in only
        first = (await client.get("/journal?before=2")).text
        assert first.count('scope="row"') == 1
        assert (await client.get("/journal?before=x")).status_code == 400
