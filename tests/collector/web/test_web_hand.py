"""A person's hand on the pages: what is offered, that a form makes a wish, that its page says what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from web_estate import NOW, SAME_ORIGIN, World, browser, fill, plain, set_up, sign_in

from collector import wishes
from collector.intake.vault import Vault
from collector.store import agents
from collector.store import wishes as rows
from collector.web import forms
from fresh_store import fresh_store
from stocktake.values import Credential, Secret


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    """An estate of its own, with a credential: these tests write."""
    store = fresh_store(tmp_path / "store.db")
    made = fill(set_up(store))
    kept = Vault(tmp_path / "key").encrypt(Credential("switches <b>", "2c", community=Secret("never shown")))
    store.write(lambda c: agents.add_credential(c, made.trust_id, kept, NOW))
    yield made
    store.close()


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Fill in the form of a page that leads to a path."""
    found = (await client.get(page)).text
    form = found[found.index(f'action="{path}"') :]
    token = form[form.index('name="token" value="') + 20 :][:64]
    return await client.post(path, data={"token": token} | fields, headers=SAME_ORIGIN)


def wish_of(world: World, path: str) -> wishes.Wish:
    with world.store.reader() as connection:
        found = wishes.get(connection, world.trust_id, path.rpartition("/")[2])
    assert found is not None
    return found


async def test_a_credential_is_tried_and_its_page_looks_again_until_it_says_what_came_of_it(busy: World) -> None:
    device = busy.device("elm-core")
    async with browser(busy) as client:
        await sign_in(busy, client)
        here = f"/devices/{device.device_id}"
        answer = await send(client, here, f"{here}/try", credential="switches <b>")
        assert answer.status_code == 303
        wish = wish_of(busy, answer.headers["location"])
        assert (wish.kind, wish.address, wish.credential) == ("try", "10.1.0.1", "switches <b>")
        page = (await client.get(answer.headers["location"])).text
        assert '<meta http-equiv="refresh" content="2">' in page
        assert "has not fetched it yet" in plain(page)
        ended = dataclasses.replace(wish, state=rows.DONE, sentence="<i>it answers</i>", ended=NOW, begun=NOW)
        busy.store.write(lambda c: rows.note(c, busy.trust_id, ended))
        page = (await client.get(answer.headers["location"])).text
        assert "refresh" not in page
        assert "&lt;i&gt;it answers" in page
        assert "<i>" not in page
        assert "it answers" in (await client.get(f"/schools/{device.school_id}")).text


async def test_a_device_and_a_network_are_looked_at_again(busy: World) -> None:
    device, school = busy.device("elm-core"), f"/schools/{busy.school_ids['elm']}"
    async with browser(busy) as client:
        await sign_in(busy, client)
        here = f"/devices/{device.device_id}"
        looked = await send(client, here, f"{here}/look")
        assert wish_of(busy, looked.headers["location"]).device_id == device.device_id
        swept = await send(client, school, f"{school}/look", network="10.1.0.0/22")
        assert wish_of(busy, swept.headers["location"]).network == "10.1.0.0/22"
        odd = await send(client, school, f"{school}/look", network="192.0.2.0/24")
        assert odd.status_code == 400
        assert "No agent sweeps 192.0.2.0/24; swept are: 10.1.0.0/22" in plain(odd.text)


async def test_a_school_is_paused_until_a_local_time_and_resumed(busy: World) -> None:
    school = f"/schools/{busy.school_ids['elm']}"
    async with browser(busy) as client:
        await sign_in(busy, client)
        for wrong in ("", "tomorrow", "2026-11-22T08:00", "2027-11-22T08:00"):
            assert (await send(client, school, f"{school}/pause", until=wrong)).status_code == 400
        answer = await send(client, school, f"{school}/pause", until="2026-11-22T16:00")
        assert answer.headers["location"] == school
        page = (await client.get(school)).text
        assert "Paused until 22 Nov 2026 16:00" in plain(page)
        assert f'action="{school}/pause"' not in page
        assert "is paused until" in plain((await client.get(f"/devices/{busy.device('elm-core').device_id}")).text)
        await send(client, school, f"{school}/resume")
        assert f'action="{school}/pause"' in (await client.get(school)).text
        await send(client, school, f"{school}/pause", until="2026-11-22T16:00")
        busy.now = NOW + timedelta(hours=7)
        await sign_in(busy, client)
        assert f'action="{school}/pause"' in (await client.get(school)).text, "a pause ends by itself"


async def test_a_form_that_is_not_of_our_page_asks_nobody_for_anything(busy: World) -> None:
    path = f"/devices/{busy.device('elm-core').device_id}/look"
    async with browser(busy) as client:
        await sign_in(busy, client)
        for token in ("", "0" * 64, forms.token("another", "look")):
            answer = await client.post(path, data={"token": token}, headers=SAME_ORIGIN)
            assert answer.status_code == 403
        assert (
            await client.post(path, data={"token": ""}, headers={"Sec-Fetch-Site": "cross-site"})
        ).status_code == 403
        assert (await client.get("/wishes/nothere")).status_code == 404
    with busy.store.reader() as connection:
        assert rows.of_school(connection, busy.trust_id, busy.school_ids["elm"]) == []


async def test_what_could_not_be_seen_is_said_of_the_school(busy: World) -> None:
    async with browser(busy) as client:
        await sign_in(busy, client)
        words = plain((await client.get(f"/schools/{busy.school_ids['elm']}")).text)
    assert "Addresses that were seen and never identified Elm Primary School 1 device" in words
