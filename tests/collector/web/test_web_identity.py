"""Which device is which, on the pages: the queue, why a device is one, merge, split, undo, and what is refused."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from web_estate import HOSTILE, NOW, SAME_ORIGIN, World, browser, fill, plain, set_up, sign_in
from web_identity import MACS, doubt

from collector import access, lives, records
from collector.store import kinship, questions, register
from collector.store.journal import entries
from collector.web import forms
from fresh_store import fresh_store


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    """An estate of its own: these tests write."""
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


@pytest.fixture
async def client(busy: World) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(busy) as opened:
        await sign_in(busy, opened)
        yield opened


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Fill in the form of a page that leads to a path."""
    found = (await client.get(page)).text
    form = found[found.index(f'action="{path}"') :]
    token = form[form.index('name="token" value="') + 20 :][:64]
    return await client.post(path, data={"token": token} | fields, headers=SAME_ORIGIN)


def asked(world: World) -> list[questions.QuestionRow]:
    with world.store.reader() as connection:
        return questions.still_open(connection, world.trust_id)


def kin(world: World, device_id: str) -> kinship.Kinship:
    with world.store.reader() as connection:
        return kinship.of_device(connection, world.trust_id, device_id)


def ids(world: World) -> set[str]:
    with world.store.reader() as connection:
        return {row.device_id for row in register.devices(connection, world.trust_id)}


# ------------------------------------------------------------------------------------------------ the queue


async def test_the_queue_shows_both_devices_and_why_and_the_navigation_counts(
    busy: World, client: httpx.AsyncClient
) -> None:
    assert "Nothing is asked" in plain((await client.get("/questions")).text)
    assert 'class="doubt"' not in (await client.get("/")).text
    _, one, other = doubt(busy)
    page = (await client.get("/questions")).text
    words = plain(page)
    assert "Both have serial dell:6TWIN42, but one has SMBIOS UUID" in words
    assert f'href="/devices/{one}"' in page
    assert f'href="/devices/{other}"' in page
    assert "room-12-pc" in words
    assert f"MAC {MACS[0]}" in words
    assert HOSTILE in words
    assert "<img src=x" not in page
    assert '<span class="doubt">1</span>' in (await client.get("/agents")).text
    elsewhere = (await client.get(f"/questions?school={busy.school_ids['oak']}")).text
    assert "Nothing is asked" in plain(elsewhere)


@pytest.mark.parametrize(("said", "left"), [("one", 1), ("two", 2)])
async def test_an_answer_closes_the_question_and_binds(
    busy: World, client: httpx.AsyncClient, said: str, left: int
) -> None:
    question, one, other = doubt(busy)
    path = f"/questions/{question.question_id}"
    answer = await send(client, "/questions", path, answer=said, reason="<b>I stood before it")
    assert (answer.status_code, answer.headers["location"]) == (303, "/questions")
    assert asked(busy) == []
    assert len({one, other} & ids(busy)) == left
    here = f"/devices/{one}/identity"
    page = (await client.get(here, follow_redirects=True)).text
    assert "<b>I stood" not in page
    assert f"These are {said} , with" in plain(page).replace("one,", "one ,").replace("two,", "two ,")
    assert "I stood before it" in page
    with busy.store.reader() as connection:
        told = [entry for entry in entries(connection, busy.trust_id) if entry.action == "word_said"]
    assert [entry.actor for entry in told] == [busy.owner]
    assert "stood" not in told[0].detail  # ids, never values
    again = await client.post(
        path, data={"token": _token((await client.get(here)).text), "answer": said, "reason": "x"}, headers=SAME_ORIGIN
    )
    assert again.status_code == 404


def _token(page: str) -> str:
    form = page[page.index("/split") :] if "/split" in page else page[page.index("/merge") :]
    return form[form.index('name="token" value="') + 20 :][:64]


# ------------------------------------------------------------------------------------------------ merge and split


async def test_two_are_merged_and_the_merge_is_undone(busy: World, client: httpx.AsyncClient) -> None:
    doubt(busy)
    one, other = busy.device(MACS[0]), busy.device("10.1.0.50")
    busy.now += timedelta(minutes=1)
    here = f"/devices/{one.device_id}/identity"
    answer = await send(client, here, f"/devices/{one.device_id}/merge", other=f" {other.device_id} ", reason="a card")
    assert answer.status_code == 303
    (survivor,) = {one.device_id, other.device_id} & ids(busy)
    assert answer.headers["location"] == f"/devices/{survivor}/identity"
    gone = ({one.device_id, other.device_id} - {survivor}).pop()
    page = (await client.get(answer.headers["location"])).text
    assert f"Two became one , with {gone}" in plain(page).replace("one,", "one ,")
    assert f"{gone} leads to it" in plain(page)
    assert (await client.get(f"/devices/{gone}")).headers["location"] == f"/devices/{survivor}"
    (merge,) = kin(busy, survivor).decided
    busy.now += timedelta(minutes=1)
    undone = await send(
        client, f"/devices/{survivor}/identity", f"/decisions/{merge.decision_id}/undo", reason="wrong card"
    )
    assert undone.status_code == 303
    assert {one.device_id, other.device_id} <= ids(busy)
    assert busy.device(MACS[0]) == one
    assert busy.device("10.1.0.50") == other


async def test_what_is_ticked_is_split_off_and_the_word_is_taken_back(busy: World, client: httpx.AsyncClient) -> None:
    switch = busy.device("elm-core")
    here = f"/devices/{switch.device_id}/identity"
    claims = kin(busy, switch.device_id).claims
    assert len(claims) > 1
    heard = next(claim for claim in claims if claim.told_of)
    before = ids(busy)
    busy.now += timedelta(minutes=1)
    split = await send(
        client, here, f"/devices/{switch.device_id}/split", reason="another card", **{f"claim-{heard.claim_id}": "on"}
    )
    assert split.status_code == 303
    (fresh,) = ids(busy) - before
    assert [claim.claim_id for claim in kin(busy, fresh).claims] == [heard.claim_id]
    page = plain((await client.get(here)).text)
    assert "One became two" in page
    (word,) = kin(busy, switch.device_id).words
    busy.now += timedelta(minutes=1)
    back = await send(client, here, f"/words/{word.word_id}/take-back", device=switch.device_id)
    assert (back.status_code, back.headers["location"]) == (303, here)
    assert ids(busy) == before
    assert kin(busy, switch.device_id).words == ()


# ------------------------------------------------------------------------------------------------ refusals


async def test_what_cannot_be_done_is_said_in_a_sentence_and_changes_nothing(
    busy: World, client: httpx.AsyncClient
) -> None:
    question, one, _ = doubt(busy)
    here, before = f"/devices/{one}/identity", ids(busy)
    claim = kin(busy, one).claims[0].claim_id
    for page, path, fields, sentence in (
        ("/questions", f"/questions/{question.question_id}", {"answer": "one", "reason": "  "}, "Say why"),
        (here, f"/devices/{one}/merge", {"other": busy.device("elm-core").device_id, "reason": ""}, "Say why"),
        (here, f"/devices/{one}/merge", {"other": "nothing", "reason": "r"}, "no device of the register"),
        (here, f"/devices/{one}/merge", {"other": one, "reason": "r"}, "is one device already"),
        (here, f"/devices/{one}/split", {"reason": "r"}, "Choose some of the device's claims"),
        (here, f"/devices/{one}/split", {"reason": "r", "claim-999999": "on"}, "Choose some of the device's claims"),
        (here, f"/devices/{one}/split", {"reason": "r", f"claim-{claim}x": "on"}, "Choose some of the device's claims"),
    ):
        answer = await send(client, page, path, **fields)
        assert answer.status_code == 400, path
        assert sentence in plain(answer.text), (path, plain(answer.text))
    assert ids(busy) == before
    assert len(asked(busy)) == 1


async def test_a_form_of_another_page_or_session_and_a_stranger_are_refused(
    busy: World, client: httpx.AsyncClient
) -> None:
    question, one, _ = doubt(busy)
    paths = (
        f"/questions/{question.question_id}", f"/devices/{one}/merge", f"/devices/{one}/split", "/decisions/1/undo",
        "/words/w/take-back",
    )  # fmt: skip
    other = re.search(r'action="/records/propose">\s*<input type="hidden" name="token" value="(\w+)"',
                        (await client.get("/records/import")).text)  # fmt: skip
    assert other is not None
    for path in paths:
        for token in ("", "0" * 64, forms.token("another session", "identity"), other[1]):
            data = {"token": token, "answer": "one", "reason": "r", "other": "x", "device": one}
            assert (await client.post(path, data=data, headers=SAME_ORIGIN)).status_code == 403, path
    async with browser(busy) as stranger:
        for path in (*paths, "/questions", f"/devices/{one}/identity"):
            ask = stranger.post(path, data={"token": ""}, headers=SAME_ORIGIN) if path in paths else stranger.get(path)
            assert (await ask).status_code == 401, path
        read = {"Authorization": f"Bearer {busy.token(access.Scope.WRITE)}"}
        assert (await stranger.post(paths[0], headers=read | SAME_ORIGIN)).status_code == 401
    assert len(asked(busy)) == 1


async def test_what_is_of_another_trust_or_nowhere_is_not_found(busy: World, client: httpx.AsyncClient) -> None:
    _, one, _ = doubt(busy)
    token = _token((await client.get(f"/devices/{one}/identity")).text)
    neighbour = set_up(busy.store)
    async with browser(neighbour) as theirs:
        await sign_in(neighbour, theirs)
        assert (await theirs.get(f"/devices/{one}/identity")).status_code == 404
        assert "Nothing is asked" in plain((await theirs.get("/questions")).text)
        assert one not in (await theirs.get("/devices?q=room-12")).text
    for path in ("/devices/nothing/merge", "/devices/nothing/split", "/questions/999", "/questions/x", "/questions/-1"):
        answer = await client.post(path, data={"token": token, "reason": "r"}, headers=SAME_ORIGIN)
        assert answer.status_code == 404, path
    refused = await client.post("/decisions/999/undo", data={"token": token, "reason": "r"}, headers=SAME_ORIGIN)
    assert (refused.status_code, "no merge or split" in plain(refused.text)) == (400, True)


# ------------------------------------------------------------------------------------------------ the list of devices


async def test_a_search_finds_what_records_say_and_a_mac_in_any_notation(
    busy: World, client: httpx.AsyncClient
) -> None:
    switch = busy.device("elm-core").device_id
    said = records.read_said(
        {"asset_tag": "ELM 0042", "serial": "FOC9999X0ZZ", "room": "Café, Block A", "assignee": "A. Teacher"}
    )
    busy.store.write(
        lambda c: records.enter(c, busy.trust_id, switch, said, actor=busy.owner, source="page", now=busy.now)
    )
    macs = ("00:1b:21:00:00:15", "00-1B-21-00-00-15", "001b.2100.0015", "001B21000015", "0:1b:21:0:0:15")
    for word in ("ELM 0042", "elm0042", "foc9999x0zz", "Café, block", *macs):
        page = (await client.get("/devices", params={"q": word})).text
        assert f'href="/devices/{switch}"' in page, word
        assert page.count('<th scope="row"') == 1, word
    assert "the record differs: serial" in plain((await client.get("/devices?q=elm-core")).text)
    assert switch not in (await client.get("/devices", params={"q": "A. Teacher"})).text
    for word in ("%", "_", "00:1b:zz", "' OR 1=1 --"):
        assert switch not in (await client.get("/devices", params={"q": word})).text.replace("\n", ""), word


async def test_the_page_of_a_device_says_what_became_of_it_and_the_list_is_filtered_by_it(
    busy: World,
) -> None:
    busy.now = NOW + timedelta(days=120)
    lives.live(busy.store, busy.trust_id, busy.now)
    async with browser(busy) as client:
        await sign_in(busy, client)
        await _look_at_lives(busy, client)


async def _look_at_lives(busy: World, client: httpx.AsyncClient) -> None:
    switch = busy.device("elm-core")
    page = plain((await client.get("/devices?q=elm-core")).text)
    assert switch.life in page
    assert switch.life != "in use"
    assert "Life " + switch.life in plain((await client.get(f"/devices/{switch.device_id}")).text)
    shown = (await client.get("/devices", params={"life": switch.life, "school": switch.school_id})).text
    assert "elm-core" in shown
    assert "Show all" in shown
    assert "elm-core" not in (await client.get("/devices", params={"life": "disposed"})).text
    assert "elm-core" not in (await client.get("/devices", params={"school": busy.school_ids["oak"]})).text
    assert (await client.get("/devices", params={"life": "eaten"})).status_code == 400
