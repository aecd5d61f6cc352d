"""The register at an earlier day, for people and programs: the same for ever, with every difference and its cause."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from past import DAY, Past
from web_estate import NOW, World, browser, plain, sign_in

from collector import access
from collector.store import journal as rows
from fresh_store import fresh_store

MONTH_AGO = NOW - 30 * DAY
DAY_THEN = (NOW - 20 * DAY).date().isoformat()


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    """Two devices, of which one is corrected later."""
    opened = fresh_store(tmp_path / "store.db")
    made = Past(opened)
    made.device("pc", MONTH_AGO, name="<b>pc</b>", model="OptiPlex")
    made.device("sw", MONTH_AGO, name="sw")
    made.change("pc", "correction", NOW - DAY, model="OptiPlex 7010")
    yield made
    opened.close()


@pytest.fixture
def world(past: Past) -> World:
    return World(past.store, past.id, access.make_owner(past.store, past.id, "Ada", MONTH_AGO))


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(world) as client:
        await sign_in(world, client)
        yield client


async def test_a_day_is_chosen_and_every_difference_is_shown_with_its_cause(visitor: httpx.AsyncClient) -> None:
    assert 'href="/register/history"' in (await visitor.get("/devices")).text
    asks = plain((await visitor.get("/register/history")).text)
    assert "Known otherwise now" not in asks
    answer = await visitor.get(f"/register/history?day={DAY_THEN}")
    words = plain(answer.text)
    assert "Devices then 2 Known otherwise now 1" in words
    assert "correction 1" in words
    assert "pc model OptiPlex OptiPlex 7010 correction 21 Nov 2026 09:31" in words
    assert "Download the register of 2 Nov 2026 as CSV" in words


async def test_the_file_has_the_hash_that_the_page_shows_whenever_it_is_downloaded(
    world: World, past: Past, visitor: httpx.AsyncClient
) -> None:
    address = f"/register/history.csv?as_known={DAY_THEN}&school={past.school}"
    first = await visitor.get(address)
    past.change("sw", "reinterpretation", NOW, model="2530")
    world.now += timedelta(minutes=5)
    again = await visitor.get(address)
    assert again.content == first.content
    digest = hashlib.sha256(first.content).digest()
    assert b64decode(again.headers["repr-digest"].removeprefix("sha-256=:").removesuffix(":")) == digest
    assert digest.hex() in (await visitor.get(f"/register/history?day={DAY_THEN}&school={past.school}")).text
    with past.store.reader() as connection:
        made = next(entry for entry in rows.latest(connection, past.id, limit=9) if entry.action == "register_exported")
    assert again.headers["stocktake-journal"] == f"{made.position} {made.hash.hex()}"
    assert 'filename="register-as-known-20261103T000000Z.csv"' in again.headers["content-disposition"]


@pytest.mark.parametrize(
    "asked", ["2026-11-22", "2027-01-01", "yesterday", "2026-13-01", "2026-11-22T23:00", "%F3%92%BC%B5"]
)
async def test_a_day_that_is_not_over_or_none_is_refused_with_a_sentence(
    visitor: httpx.AsyncClient, asked: str
) -> None:
    for address in ("/register/history?day=", "/register/history.csv?as_known=", "/api/v1/register?as_known="):
        answer = await visitor.get(address + asked)
        assert answer.status_code == (404 if asked[:4].isdigit() and "-13-" not in asked else 400), address
        assert "day" in answer.json()["error"] if "api" in address else "day" in answer.text


async def test_the_api_gives_rows_as_they_were_known_page_by_page(world: World, visitor: httpx.AsyncClient) -> None:
    token = {"Authorization": f"Bearer {world.token(access.Scope.READ)}"}
    async with browser(world, headers=token) as program:
        first = (await program.get(f"/api/v1/register?as_known={DAY_THEN}&limit=1")).json()
        assert (first["as_known"], first["next_after"]) == ("2026-11-03T00:00:00Z", "pc")
        assert (first["devices"][0]["model"], first["devices"][0]["name"]) == ("OptiPlex", "<b>pc</b>")
        rest = (await program.get(f"/api/v1/register?as_known={DAY_THEN}&limit=1&after=pc")).json()
        assert ([row["device_id"] for row in rest["devices"]], rest["next_after"]) == (["sw"], None)
        now = (await program.get("/api/v1/register?as_known=2026-11-22T09:00")).json()
        assert now["devices"][0]["model"] == "OptiPlex 7010"
