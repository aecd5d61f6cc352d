"""Erasing on the page: a form, a preview that changes nothing, and a tombstone without the value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from web_estate import HOST, SAME_ORIGIN, World, fill, plain, set_up, sign_in

from collector.intake import vault
from collector.privacy import Means
from collector.web.application import application
from collector.web.visit import Settings
from fresh_store import fresh_store


@pytest.fixture
def erasable(tmp_path: Path) -> Iterator[tuple[World, Means]]:
    """An estate of its own: these tests erase."""
    store = fresh_store(tmp_path / "store.db")
    means = Means(vault.Vault(tmp_path / "key"), vault.seal_erased, tmp_path / "erasures.jsonl")
    yield fill(set_up(store)), means
    store.close()


def visiting(world: World, means: Means) -> httpx.AsyncClient:
    """A browser of pages that can erase."""
    made = Settings(allowed_hosts=(HOST,), trust_name="Three Trees Trust")
    site = application(world.store, world.trust_id, clock=world.clock, settings=made, erasing=means)
    transport = httpx.ASGITransport(app=site, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}")


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    form = page[page.index(f'action="{path}"') :]
    token = form[form.index('name="token" value="') + 20 :][:64]
    return await client.post(path, data={"token": token} | fields, headers=SAME_ORIGIN)


async def test_a_value_is_previewed_and_erased_and_only_its_tombstone_is_shown(erasable: tuple[World, Means]) -> None:
    world, means = erasable
    device = world.device("elm-core")
    asked = {"kind": "mac", "value": device.mac, "reason": "the owner left"}
    async with visiting(world, means) as client:
        await sign_in(world, client)
        seen = await send(client, (await client.get("/privacy")).text, "/privacy/preview", **asked)
        assert seen.status_code == 200
        assert "This would go" in plain(seen.text)
        assert world.device("elm-core").mac == device.mac
        done = await send(client, seen.text, "/privacy/erase", **asked)
        assert (done.status_code, done.headers["location"]) == (303, "/privacy")
        page = (await client.get("/privacy")).text
        assert "the owner left" in page
        assert device.mac not in page
    assert world.device("elm-core").mac != device.mac  # one of its other ports tells it now


async def test_what_cannot_be_erased_is_answered_with_a_sentence(erasable: tuple[World, Means]) -> None:
    world, means = erasable
    async with visiting(world, means) as client:
        await sign_in(world, client)
        page = (await client.get("/privacy")).text
        odd = await send(client, page, "/privacy/preview", kind="mac", value="nothing", reason="x")
        assert odd.status_code == 400
        assert "This is no MAC address" in plain(odd.text)
        forged = await client.post("/privacy/erase", data={"token": "0" * 64, "kind": "mac"}, headers=SAME_ORIGIN)
        assert forged.status_code == 403


async def test_strangers_see_no_page_of_privacy(erasable: tuple[World, Means]) -> None:
    world, means = erasable
    async with visiting(world, means) as client:
        assert (await client.get("/privacy")).status_code == 401
