"""Places on the pages: schools, rooms and suggestions, the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from web_estate import SAME_ORIGIN, World, browser, fill, plain, set_up, sign_in

from fresh_store import fresh_store


@pytest.fixture
def own(tmp_path: Path) -> Iterator[World]:
    """An estate of its own: these tests write."""
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


async def send(client: httpx.AsyncClient, page: str, path: str, file: bytes = b"", **fields: str) -> httpx.Response:
    """Fill in a form of a page."""
    found = (await client.get(page)).text
    form = found[found.index(f'action="{path}"') :]
    token = form[form.index('name="token" value="') + 20 :][:64]
    files = {"file": ("terms.csv", file)} if file else None
    return await client.post(path, data={"token": token} | fields, files=files, headers=SAME_ORIGIN)


async def test_a_location_is_tied_to_a_room_and_the_page_offers_what_follows(own: World) -> None:
    school = own.school_ids["elm"]
    here, device = f"/schools/{school}/rooms", own.device("elm-core")
    async with browser(own) as client:
        await sign_in(own, client)
        site = (await client.get(here)).text.split('<select name="site"><option value="')[1].split('"')[0]
        assert (
            await send(client, here, f"{here}/add", site=site, name="Server room", building="Main")
        ).status_code == 303
        room = (await client.get(here)).text.split('<select name="room"><option value="')[1].split('"')[0]
        said = {"what": "access point", "device": device.device_id, "room": room}
        answer = await client.get(here)
        token = answer.text.split('name="token" value="')[2][:64]
        tied = await client.post(f"{here}/tie", data={"token": token} | said, headers=SAME_ORIGIN)
        assert tied.status_code == 303
        page = plain((await client.get(here)).text)
        assert "It is the access point of this room" in page
        assert "Server room (Main)" in page
        assert (await send(client, here, f"{here}/accept", device=device.device_id, room=room)).status_code == 303
        assert "Nothing is suggested" in plain((await client.get(here)).text)


async def test_a_school_joins_converts_and_leaves_and_is_then_read_only(own: World) -> None:
    async with browser(own) as client:
        await sign_in(own, client)
        answer = await send(client, "/places", "/places/join", name="Rowan <b>", urn="100777")
        here = answer.headers["location"]
        school = here.removesuffix("/rooms")
        changed = await send(client, here, f"{school}/change", what="convert", urn="150777", name="Rowan Academy")
        assert changed.status_code == 303
        page = plain((await client.get(here)).text)
        assert "Rowan Academy" in page
        assert "100777" in page
        assert (await send(client, here, f"{school}/change", what="leave")).status_code == 303
        page = (await client.get(here)).text
        assert "It left the trust on 2026-11-22: what is known of it can be read and is kept until 2032-11-21" in plain(
            page
        )
        assert "<button>Add</button>" not in page


async def test_term_dates_are_taken_in_and_what_is_assumed_says_so(own: World) -> None:
    async with browser(own) as client:
        await sign_in(own, client)
        assert plain((await client.get("/calendar")).text).count("assumed") > 5
        table = b"name,first,last\nAutumn term,2026-09-03,2026-12-18\nBad term,soon,\n"
        answer = await send(client, "/calendar", "/calendar/import", file=table, school="")
        assert "1 spans: 1 new" in plain(answer.text)
        assert "is no date" in plain(answer.text)
        page = plain((await client.get("/calendar")).text)
        assert "terms.csv" in page
        assert (await send(client, "/calendar", "/calendar/forget", school="")).status_code == 303
        wrong = await send(client, "/calendar", "/calendar/import", file=b"nothing", school="")
        assert wrong.status_code == 400
