"""Corrections on the pages and in the API: made by a form, marked, listed, undone; refused to who may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from web_estate import HOSTILE, NOW, SAME_ORIGIN, World, browser, fill, plain, set_up, sign_in

from collector import corrections
from collector.access import Scope
from collector.web import forms
from fresh_store import fresh_store


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    """An estate of its own: these tests write."""
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Fill in the form of a page that leads to a path."""
    found = (await client.get(page)).text
    form = found[found.index(f'action="{path}"') :]
    token = form[form.index('name="token" value="') + 20 :][:64]
    return await client.post(path, data={"token": token} | fields, headers=SAME_ORIGIN)


async def test_a_form_corrects_and_the_page_shows_both_words(busy: World) -> None:
    here = f"/devices/{busy.device('elm-core').device_id}"
    async with browser(busy) as client:
        await sign_in(busy, client)
        answer = await send(
            client, here, f"{here}/correct", model="2960-X <b>", made="2012", reason="its <i>label", maker="", name="",
            scope="device", **{"class": "router"},
        )  # fmt: skip
        assert (answer.status_code, answer.headers["location"]) == (303, here)
        page = (await client.get(here)).text
        words = plain(page)
        assert "Model 2960-X <b> corrected the evidence says WS-C2960X-24TS-L" in words
        assert "Class router corrected the evidence says nothing of it" in words
        assert "2012, " in words
        assert "told confidence" in words
        assert "2960-X <b>" not in page
        assert "its <i>label" in words
        assert "corrected: class, model, made" in plain((await client.get("/devices?q=2960-X")).text)
        listed = (await client.get("/corrections")).text
        assert "elm-core" in listed
        assert "Ada" in plain(listed)
        undo = re.search(r'action="(/corrections/\w+/undo)"', listed)
        assert undo is not None
        assert (await send(client, "/corrections", undo[1])).headers["location"] == "/corrections"
        assert "What was taken back or replaced" in plain((await client.get("/corrections")).text)


async def test_all_alike_can_be_chosen_where_there_is_a_model(busy: World) -> None:
    here = f"/devices/{busy.device('elm-core').device_id}"
    bare = f"/devices/{busy.device('10.1.0.9').device_id}"
    async with browser(busy) as client:
        await sign_in(busy, client)
        assert "every Cisco WS-C2960X-24TS-L" in plain((await client.get(here)).text)
        assert 'value="alike"' not in (await client.get(bare)).text
        refused = await send(client, bare, f"{bare}/correct", model="x y", reason="r", scope="alike")
        assert refused.status_code == 400
        assert "The evidence names no model" in plain(refused.text)
        await send(client, here, f"{here}/correct", maker="Acme", reason="r", scope="alike")
        assert "of all alike" in plain((await client.get(here)).text)
        assert "every Cisco WS-C2960X-24TS-L" in plain((await client.get("/corrections")).text)


async def test_the_api_marks_what_is_corrected_and_says_what_the_evidence_says(busy: World) -> None:
    device = busy.device("elm-core")
    busy.store.write(
        lambda c: corrections.correct(
            c, busy.trust_id, device.device_id, {"class": "router", "made": "2012-09-14"}, "r", actor="x", now=NOW
        )
    )
    headers = {"Authorization": f"Bearer {busy.token(Scope.READ)}"}
    async with browser(busy, headers=headers) as client:
        (row,) = (await client.get("/api/v1/devices?q=elm-core")).json()["devices"]
        assert (row["device_class"], row["corrected"], row["as_read"]) == (
            "router", ["class", "made"], {"class": "unknown"},
        )  # fmt: skip
        assert (row["made_best"], row["made_confidence"]) == ("2012-09-14", "told")
        detail = (await client.get(f"/api/v1/devices/{device.device_id}")).json()["device"]
        assert [(one["cell"], one["value"], one["reason"], one["made"]) for one in detail["corrections"]] == [
            ("class", "router", "r", "2026-11-22T09:31:00Z"), ("made", "2012-09-14", "r", "2026-11-22T09:31:00Z"),
        ]  # fmt: skip
        numbers = (await client.get("/metrics", headers={"Authorization": f"Bearer {busy.token(Scope.METRICS)}"})).text
    assert re.search(r'stocktake_devices_by_age_confidence\{[^}]*confidence="told"[^}]*\} 1', numbers)
    assert re.search(r'stocktake_devices\{[^}]*class="router"[^}]*\} 1', numbers)


async def test_who_may_not_correct_is_refused_and_offered_nothing(busy: World) -> None:
    device = busy.device("elm-core")
    path = f"/devices/{device.device_id}/correct"
    async with browser(busy) as client:
        assert (await client.post(path, data={"token": "x"}, headers=SAME_ORIGIN)).status_code == 401
        assert (await client.get("/corrections")).status_code == 401
        await sign_in(busy, client)
        for token in ("", "0" * 64, forms.token("another", "correct")):
            answer = await client.post(path, data={"token": token, "model": "x y", "reason": "r"}, headers=SAME_ORIGIN)
            assert answer.status_code == 403
        cross = {"Sec-Fetch-Site": "cross-site"}
        assert (await client.post(path, data={"token": ""}, headers=cross)).status_code == 403
        missing = await send(client, f"/devices/{device.device_id}", path, model="x y")
        assert (missing.status_code, "Say why" in plain(missing.text)) == (400, True)
    assert busy.device("elm-core") == device


async def test_a_hostile_device_can_be_corrected_and_its_words_stay_words(busy: World) -> None:
    here = f"/devices/{busy.device('onerror').device_id}"
    async with browser(busy) as client:
        await sign_in(busy, client)
        await send(client, here, f"{here}/correct", name="Hall switch", reason=HOSTILE, scope="device")
        for page in (here, "/corrections"):
            assert "<img src=x" not in (await client.get(page)).text
        assert f"the evidence says {HOSTILE}" in plain((await client.get(here)).text)
