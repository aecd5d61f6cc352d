"""A physical check on the pages: drawn, walked, signed by two; labels with codes, and a dossier on paper."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import segno
from web_estate import HOST, NOW, SAME_ORIGIN, World, browser, fill, plain, set_up, sign_in
from web_people import account, enter

from collector import checking, records
from collector.access import Scope
from collector.errors import CollectorError
from collector.store import Transaction, journal
from collector.store import shelf_checks as rows
from collector.web.pages import labels
from fresh_store import fresh_store

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """An estate of which the owner keeps the records, in a file to be copied."""
    path = tmp_path_factory.mktemp("checks") / "store.db"
    store = fresh_store(path)
    world = fill(set_up(store))
    say(world, "elm-server", {"asset_tag": "ELM-1", "room": "Server room", "cost": "650"}, world.owner)
    say(world, "elm-core", {"asset_tag": "ELM-2", "room": HOSTILE}, world.owner)
    store.close()
    return path, world


@pytest.fixture
def busy(tmp_path: Path, made: tuple[Path, World]) -> Iterator[World]:
    """An estate of its own: these tests write."""
    path, world = made
    for part in path.parent.glob("store.db*"):  # what is not in the file yet is in the log beside it
        shutil.copy(part, tmp_path / part.name)
    store = fresh_store(tmp_path / "store.db")
    yield replace(world, store=store)
    store.close()


def say(world: World, device: str, said: dict[str, str], actor: str) -> None:
    device_id = world.device(device).device_id

    def write(connection: Transaction) -> None:
        told = records.read_said(said)
        records.enter(connection, world.trust_id, device_id, told, actor=actor, source="page", now=NOW)

    world.store.write(write)


@pytest.fixture
async def ada(busy: World) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(busy) as client:
        await sign_in(busy, client)
        yield client


@pytest.fixture
async def auditor(busy: World) -> AsyncIterator[httpx.AsyncClient]:
    headers = enter(busy, account(busy, Scope.AUDITOR, "elm", name="Noor"))
    async with browser(busy, headers=headers) as client:
        yield client


async def token(client: httpx.AsyncClient, path: str) -> str:
    """The token of the forms of checks; those of a page are all alike, but for that which signs out."""
    found = re.findall(r'name="token" value="([0-9a-f]{64})"', (await client.get(path)).text)
    assert found, path
    return str(found[-1])


async def begin(client: httpx.AsyncClient, world: World, **other: str) -> httpx.Response:
    said = {
        "school": world.school_ids["elm"], "method": "simple random", "size": "25", "rooms": "5",
        "second_name": "Ms Kaur", "declared": "1", "seed": "a seed",
    }  # fmt: skip
    data = said | {"token": await token(client, "/check")} | other
    return await client.post("/check", data=data, headers=SAME_ORIGIN)


async def press(client: httpx.AsyncClient, path: str, to: str, **said: str) -> httpx.Response:
    return await client.post(f"{path}{to}", data={"token": await token(client, "/check")} | said, headers=SAME_ORIGIN)


def noted(world: World) -> list[str]:
    with world.store.reader() as connection:
        return [f"{entry.action} {entry.detail}" for entry in journal.entries(connection, world.trust_id)]


async def walked(client: httpx.AsyncClient, world: World, **other: str) -> str:
    """The path of a check of which everything was looked at and found."""
    path = (await begin(client, world, **other)).headers["location"]
    with world.store.reader() as connection:
        key = path.removeprefix("/check/")
        drawn = rows.rows(connection, world.trust_id, key)
        walks = rows.rooms(connection, world.trust_id, key)
    for row in drawn:
        assert (await press(client, path, f"/mark?line={row.line}", outcome="found")).status_code == 303
    for room in walks:
        assert (await press(client, path, f"/room?room={room.line}", what="done")).status_code == 303
    return path


# ------------------------------------------------------------------------------------------------ a check


async def test_an_auditor_draws_walks_and_sees_what_came_out(busy: World, auditor: httpx.AsyncClient) -> None:
    path = (await begin(auditor, busy)).headers["location"]
    page = (await auditor.get(path)).text
    assert HOSTILE not in page
    titles = re.findall(r'href="/check/\w+\?line=(\d+)"[^>]*>\d+ <bdi>(.*?)</bdi>', page)
    lines = {title: line for line, title in titles}
    assert {"elm-core", "elm-server"} <= lines.keys()
    await press(auditor, path, f"/mark?line={lines['elm-server']}", outcome="found", note="lid is scratched")
    nowhere = await press(auditor, path, f"/mark?line={lines['elm-core']}", outcome="elsewhere", note="kept & shown")
    assert (nowhere.status_code, "say in which room" in nowhere.text.lower()) == (400, True)
    assert "kept &amp; shown" in nowhere.text
    enter_key = await press(auditor, path, f"/mark?line={lines['elm-core']}", outcome="")
    assert (enter_key.status_code, "Press what was found" in enter_key.text) == (400, True)
    moved = await press(auditor, path, f"/mark?line={lines['elm-core']}", outcome="elsewhere", room="Hall")
    assert (moved.status_code, moved.headers["location"].startswith(f"{path}?line=")) == (303, True)
    result = plain((await auditor.get(f"{path}/result")).text)
    assert "elm-core" in result
    assert "elsewhere in Hall" in result
    assert "reckoned once every device has been looked at" in result
    for line in set(lines.values()) - {lines["elm-core"], lines["elm-server"]}:
        await press(auditor, path, f"/mark?line={line}", outcome="not found")
    result = plain((await auditor.get(f"{path}/result")).text)
    assert "this share is there: 50 % , which is counted and not estimated" in result
    assert "drawn again just now, it gives the same devices" in result
    assert not any("scratched" in line or "Hall" in line for line in noted(busy))
    assert any(line.startswith("check_marked") for line in noted(busy))


async def test_what_stands_in_a_room_is_looked_up_as_far_as_whoever_checks_sees(
    busy: World, auditor: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    path = (await begin(auditor, busy)).headers["location"]
    at = re.search(r"\?room=(\d+)\"[^>]*><bdi>Server room", (await auditor.get(path)).text)
    assert at
    room = f"/room?room={at[1]}"
    oak = busy.device("00:1b:21:00:01:10").mac
    for mark in ("elm-1", "FOC2016X0AB", "NOWHERE-7", oak):
        assert (await press(auditor, path, room, mark=mark)).status_code == 303
    again = await press(auditor, path, room, mark="7xkq 2p3")
    assert (again.status_code, "written down already" in again.text) == (400, True)
    assert (await press(auditor, path, room, mark="--")).status_code == 400
    page = plain((await auditor.get(f"{path}?room={at[1]}")).text)
    assert re.search(r"elm-1 in the book .*FOC2016X0AB elsewhere in the book .*NOWHERE-7 not in the book", page)
    assert f"{oak} not in the book" in page
    assert "2 of 4" not in page
    assert (await press(auditor, path, room, strike="3")).status_code == 303
    assert "NOWHERE-7" not in (await auditor.get(f"{path}?room={at[1]}")).text
    begun = (await begin(ada, busy)).headers["location"]
    await press(ada, begun, room, mark=oak)
    assert "elsewhere in the book" in plain((await ada.get(f"{begun}?room={at[1]}")).text)
    result = plain((await auditor.get(f"{begun}/result")).text)  # who sees Elm alone learns nothing of Oak
    assert ("elsewhere in the book" in result.lower(), "Oak" in result) == (True, False)
    assert f"{oak} Server room not in the book" in result


async def test_the_second_person_is_neither_who_checks_nor_the_keeper(busy: World, auditor: httpx.AsyncClient) -> None:
    grace = account(busy, Scope.SCHOOL_VIEWER, "elm", name="Grace")
    oak = account(busy, Scope.SCHOOL_VIEWER, "oak", name="Olive")
    none = {"second_name": "", "declared": ""}
    for said, why in (
        (none, "has two"), ({"second_name": "grace"} | {"declared": "1"}, "has an account"),
        ({"second_name": "Ms Kaur", "declared": ""}, "declare that Ms Kaur"),
        (none | {"second": oak}, "sees this school"), (none | {"second": busy.owner}, "entered records of 2 devices"),
        (none | {"second": "nobody"}, "sees this school"),
    ):  # fmt: skip
        answer = await begin(auditor, busy, **said)
        assert (answer.status_code, why.lower() in answer.text.lower()) == (400, True), why
    assert (await begin(auditor, busy, **none, second=grace)).status_code == 303


async def test_both_sign_and_nothing_is_changed_any_more(busy: World, auditor: httpx.AsyncClient) -> None:
    grace = account(busy, Scope.SCHOOL_VIEWER, "elm", name="Grace")
    path = await walked(auditor, busy, second=grace, second_name="", size="2")
    async with browser(busy, headers=enter(busy, grace)) as other:
        seen = await other.get(f"{path}/result")
        assert "Sign as second person" in seen.text
        assert "Sign as who checked" not in seen.text
        forged = await other.post(f"{path}/sign", data={"token": "x", "as": "second"}, headers=SAME_ORIGIN)
        assert forged.status_code == 403
        mine = re.findall(r'name="token" value="([0-9a-f]{64})"', seen.text)[-1]
        wrong = await other.post(f"{path}/sign", data={"token": mine, "as": "first"}, headers=SAME_ORIGIN)
        assert (wrong.status_code, "somebody else" in wrong.text) == (400, True)
        signed = await other.post(f"{path}/sign", data={"token": mine, "as": "second"}, headers=SAME_ORIGIN)
        assert signed.status_code == 303
    assert (await press(auditor, path, "/mark?line=1", outcome="not found")).status_code == 400
    assert (await press(auditor, path, "/sign", **{"as": "first"})).status_code == 303
    assert (await press(auditor, path, "/sign", **{"as": "first"})).status_code == 400
    for to, said in (("/mark?line=1", {"outcome": "damaged"}), ("/room?room=1", {"mark": "X1"}),
                     ("/room?room=1", {"what": "open"}), ("/withdraw", {"reason": "it does not suit"})):  # fmt: skip
        assert (await press(auditor, path, to, **said)).status_code == 400
    closed = plain((await auditor.get(f"{path}/result")).text)
    assert "Closed, signed by both" in closed
    assert "this share is there: 100 % , and with 95 % confidence between" in closed
    actions = [line.partition(" ")[0] for line in noted(busy)]
    assert (actions.count("check_signed"), actions.count("check_closed")) == (2, 1)
    kept = [json.loads(line.partition(" ")[2]) for line in noted(busy) if line.startswith("check_")]
    names = {"check", "school", "devices", "rooms", "room", "line", "device", "outcome", "done", "second"}
    assert all(set(one) <= names for one in kept)


async def test_a_check_is_not_signed_before_everything_was_looked_at_nor_by_who_began_to_edit(
    busy: World, auditor: httpx.AsyncClient
) -> None:
    grace = account(busy, Scope.TECHNICIAN, "elm", name="Grace")
    path = (await begin(auditor, busy, second=grace, second_name="")).headers["location"]
    early = await press(auditor, path, "/sign", **{"as": "first"})
    assert (early.status_code, "have not been looked at" in early.text) == (400, True)
    path = await walked(auditor, busy, second=grace, second_name="")
    say(busy, "elm-core", {"funding": "PTA"}, grace)
    key = path.removeprefix("/check/")
    with pytest.raises(CollectorError, match="Grace entered records of 1 device"):
        busy.store.write(
            lambda c: checking.sign(c, busy.trust_id, key, second=True, declared=False, actor=grace, now=NOW)
        )


async def test_who_has_no_account_signs_on_the_device_of_who_checked(busy: World, auditor: httpx.AsyncClient) -> None:
    path = await walked(auditor, busy)
    assert (await press(auditor, path, "/sign", **{"as": "second"})).status_code == 400
    assert (await press(auditor, path, "/sign", **{"as": "second", "declared": "1"})).status_code == 303
    page = plain((await auditor.get(f"{path}/result")).text)
    assert "Ms Kaur , signed" in page
    assert "declared: has no account here" in page


async def test_a_check_that_went_wrong_is_withdrawn_and_stays(busy: World, auditor: httpx.AsyncClient) -> None:
    path = (await begin(auditor, busy)).headers["location"]
    assert (await press(auditor, path, "/withdraw", reason=" ")).status_code == 400
    assert (await press(auditor, path, "/withdraw", reason=f"fire drill {HOSTILE}")).status_code == 303
    page = (await auditor.get("/check")).text
    assert "fire drill" in page
    assert HOSTILE not in page
    assert (await press(auditor, path, "/mark?line=1", outcome="found")).status_code == 400


async def test_others_look_and_write_nothing_and_another_school_is_not_there(
    busy: World, auditor: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    path = (await begin(auditor, busy)).headers["location"]
    page = (await ada.get(path)).text
    assert 'name="outcome"' not in page
    refused = await press(ada, path, "/mark?line=1", outcome="found")
    assert (refused.status_code, "who began the check" in refused.text) == (400, True)
    headers = enter(busy, account(busy, Scope.AUDITOR, "oak", name="Olive"))
    async with browser(busy, headers=headers) as olive:
        for to in ("", "/sheet", "/result"):
            assert (await olive.get(path + to)).status_code == 404
        for to in ("/mark?line=1", "/room?room=1", "/sign", "/withdraw"):
            assert (await press(olive, path, to, outcome="found")).status_code == 404
        assert path not in (await olive.get("/check")).text
        assert (await begin(olive, busy)).status_code == 404
    viewer = enter(busy, account(busy, Scope.SCHOOL_VIEWER, "elm", name="Vera"))
    async with browser(busy, headers=viewer) as vera:
        assert "Draw and begin" not in (await vera.get("/check")).text
        assert (await vera.post(f"{path}/mark?line=1", data={}, headers=SAME_ORIGIN)).status_code == 404


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"size": "0"}, "draw from 1"), ({"size": "x"}, "whole number"), ({"rooms": "51"}, "walk from 0"),
        ({"method": "as I like"}, "say how"), ({"school": ""}, "choose the school"),
        ({"method": "by class", "size": "1"}, "classes"),
    ],
)  # fmt: skip
async def test_a_check_that_cannot_be_is_said(
    busy: World, ada: httpx.AsyncClient, said: dict[str, str], why: str
) -> None:
    answer = await begin(ada, busy, **said)
    assert (answer.status_code, why in answer.text.lower()) == (400, True)


async def test_by_value_what_has_no_cost_is_said(busy: World, ada: httpx.AsyncClient) -> None:
    path = (await begin(ada, busy, method="by value")).headers["location"]
    assert "have no cost on record and could not be drawn" in plain((await ada.get(f"{path}/result")).text)


async def test_the_same_seed_draws_the_same_devices(busy: World, ada: httpx.AsyncClient) -> None:
    drawn = []
    for _ in range(2):
        path = (await begin(ada, busy, size="2", rooms="1")).headers["location"]
        sheet = (await ada.get(f"{path}/sheet")).text
        drawn.append(re.findall(r'role="rowheader"><bdi>(.*?)</bdi>', sheet))
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 2


# ------------------------------------------------------------------------------------------------ paper


async def test_labels_have_the_address_of_the_device_in_their_code(busy: World, ada: httpx.AsyncClient) -> None:
    device = busy.device("elm-server")
    page = (await ada.get(f"/labels?device={device.device_id}")).text
    address = f"https://{HOST}/devices/{device.device_id}"
    assert page.count('class="label"') == 1
    assert str(labels.code(address)) in page
    assert segno.make_qr(address, error="m").error in "MQH"
    assert " style=" not in page
    assert "ELM-1" in page
    every = (await ada.get("/labels")).text
    assert HOSTILE not in every
    assert "have no asset tag" in plain(every)
    assert (await ada.get("/labels?device=nonsense")).text.count('class="label"') == 0
    headers = enter(busy, account(busy, Scope.AUDITOR, "oak", name="Olive"))
    async with browser(busy, headers=headers) as olive:
        assert "elm-server" not in (await olive.get(f"/labels?device={device.device_id}")).text


async def test_a_dossier_has_evidence_with_digests_and_where_the_journal_ended(
    busy: World, ada: httpx.AsyncClient
) -> None:
    device = busy.device("elm-server")
    page = (await ada.get(f"/devices/{device.device_id}/dossier")).text
    assert "<nav" not in page
    assert "<form" not in page
    assert len(re.findall(r'class="code digest">[0-9a-f]{64}<', page)) >= 6
    with busy.store.reader() as connection:
        end = [entry.hash.hex() for entry in journal.entries(connection, busy.trust_id)]
    assert any(f">{value}<" in page for value in end)
    words = plain(page)
    assert "Server room" in words
    assert "Lived at" in words
    assert "7XKQ2P3" in words
    assert f'href="/devices/{device.device_id}/dossier"' in (await ada.get(f"/devices/{device.device_id}")).text
    assert (await ada.get("/devices/nonsense/dossier")).status_code == 404
