"""The pages of shared reports and of API tokens: making, showing, revoking; and that a report names nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from test_web_people_access import WORDS_OF_ELM
from web_estate import HOST, HOSTILE, NOW, SAME_ORIGIN, World, browser, form_token, plain
from web_people import account, enter

from collector import access
from collector.access import Scope
from collector.store import journal, register

UNTIL = "2026-12-24"
PEOPLE_WOULD_READ = ("10.1.0.", HOSTILE, "WS-C2960X", "Ada")  # an address, a name of a device, a model, a person


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    text = (await client.get(page)).text
    token = form_token(text.partition(f'action="{path}"')[2])
    return await client.post(path, data={"token": token, **fields}, headers=SAME_ORIGIN)


async def shared(client: httpx.AsyncClient, **fields: str) -> str:
    """The path of a new link."""
    made = await send(client, "/shares", "/shares/make", **{"name": "governors", "until": UNTIL, **fields})
    found = re.search(rf"https://{HOST}(/shared/[\w-]+)", made.text)
    assert (made.status_code, found is not None) == (200, True)
    assert found is not None
    return found[1]


async def test_whoever_holds_a_link_reads_numbers_of_the_trust_and_no_name(
    world: World, visitor: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answer = await stranger.get(await shared(visitor))
    assert answer.status_code == 200
    said = plain(answer.text)
    with world.store.reader() as connection:
        totals = register.totals(connection, world.trust_id)
        rows = register.devices(connection, world.trust_id)
    assert f"Devices {totals.devices} Schools 3" in said
    assert "Three Trees Trust: devices in numbers" in said
    told = ("Beyond support", "By class and age", "Health", "What could not be seen", "Desktop", "24 Dec 2026")
    for word in told:
        assert word in said, word
    named = {word for row in rows for word in (row.name, row.serial, row.mac, row.address, row.device_id) if word}
    for word in {*named, *PEOPLE_WOULD_READ}:
        assert word not in said, word
    assert not WORDS_OF_ELM.findall(answer.text)
    assert "/devices" not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_report_of_a_school_counts_that_school_alone(
    world: World, visitor: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    said = plain((await stranger.get(await shared(visitor, school=world.school_ids["oak"]))).text)
    with world.store.reader() as connection:
        mine = register.totals(connection, world.trust_id, frozenset({world.school_ids["oak"]}))
    assert f"Devices {mine.devices} Beyond support" in said
    assert "Oak" in said
    assert not WORDS_OF_ELM.findall(said)


async def test_a_link_is_shut_by_revoking_it_and_by_its_last_day(
    world: World, visitor: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    path = await shared(visitor, name="for the revoking")
    assert (await stranger.get(path)).status_code == 200
    row = (await visitor.get("/shares")).text.partition("for the revoking")[2]
    share = re.search(r'name="share" value="(\w+)"', row)
    assert share is not None
    assert (await send(visitor, "/shares", "/shares/revoke", share=share[1])).status_code == 303
    assert (await stranger.get(path)).status_code == 404
    again = await shared(visitor)
    world.now = NOW + timedelta(days=33)
    assert (await stranger.get(again)).status_code == 404


@pytest.mark.parametrize("secret", ["x", "a" * 43, "a" * 500, "%00", "é", "..%2f"])
async def test_a_made_up_link_shows_nothing(stranger: httpx.AsyncClient, secret: str) -> None:
    answer = await stranger.get(f"/shared/{secret}")
    assert answer.status_code == 404
    assert "Elm" not in answer.text


async def test_opening_is_journaled_before_anything_is_shown(
    world: World, visitor: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    path = await shared(visitor)
    for _ in range(3):
        await stranger.get(path)
    with world.store.reader() as connection:
        last = list(journal.latest(connection, world.trust_id, limit=1, before=0, actor="", action="share_opened"))
    page = plain((await visitor.get("/journal?action=share_opened")).text)
    assert "shared link shared report opened" in page
    assert path.rpartition("/")[2] not in page + last[0].detail


@pytest.mark.parametrize(("field", "value"), [("until", "2027-03-31"), ("until", "soon"), ("school", "nowhere")])
async def test_what_cannot_be_shared_is_said_on_the_page(
    visitor: httpx.AsyncClient, field: str, value: str
) -> None:  # fmt: skip
    answer = await send(visitor, "/shares", "/shares/make", **{"name": "n", "until": UNTIL, field: value})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "/shared/" not in answer.text


# ------------------------------------------------------------------------------------------------ tokens


def secret_of(answer: httpx.Response) -> str:
    found = re.search(r"stk_[\w-]+", answer.text)
    assert (answer.status_code, found is not None) == (200, True), plain(answer.text)
    assert found is not None
    return found[0]


async def test_a_token_is_made_shown_once_used_and_revoked(
    world: World, visitor: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    fields = {"name": "Power BI", "scope": "read", "days": "30", f"school-{world.school_ids['oak']}": "1"}
    bearer = {"Authorization": f"Bearer {secret_of(await send(visitor, '/tokens', '/tokens/make', **fields))}"}
    schools = (await stranger.get("/api/v1/schools", headers=bearer)).text
    assert "Oak" in schools
    assert "Elm" not in schools
    listed = (await visitor.get("/tokens")).text
    assert "stk_" not in listed
    row = listed.partition("Power BI")[2].partition("</tr>")[0]
    assert "Oak" in row
    token_id = re.search(r'name="revoked" value="(\w+)"', row)
    assert token_id is not None
    revoking = {"token": form_token(row), "revoked": token_id[1]}
    assert (await visitor.post("/tokens/revoke", data=revoking, headers=SAME_ORIGIN)).status_code == 303
    assert (await stranger.get("/api/v1/schools", headers=bearer)).status_code == 401
    assert (await visitor.post("/tokens/revoke", data=revoking, headers=SAME_ORIGIN)).status_code == 400  # twice


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": ""}, "who will use"), ({"days": "366"}, "365 days"), ({"days": "x"}, "how many days"),
        ({"scope": "owner"}, "scope"), ({"school-nowhere": "1"}, "no school"),
    ],
)  # fmt: skip
async def test_what_no_token_can_be_is_said_on_the_page(
    visitor: httpx.AsyncClient, fields: dict[str, str], why: str
) -> None:
    asked = {"name": "a", "scope": "read", "days": "30", **fields}
    answer = await send(visitor, "/tokens", "/tokens/make", **asked)
    assert answer.status_code == 400
    assert why in plain(answer.text)


async def test_a_technician_sees_makes_and_revokes_their_own_tokens_of_their_schools_alone(world: World) -> None:
    elm, oak = world.school_ids["elm"], world.school_ids["oak"]
    world.token(Scope.READ)  # the owner's
    headers = enter(world, account(world, Scope.TECHNICIAN, "oak", name="Joan of Oak"))
    async with browser(world, headers=headers) as client:
        page = (await client.get("/tokens")).text
        assert "There is no token yet" in page
        assert f"school-{oak}" in page
        assert f"school-{elm}" not in page
        foreign = await send(
            client, "/tokens", "/tokens/make", name="a", scope="read", days="9", **{f"school-{elm}": "1"}
        )
        assert foreign.status_code == 400
        made = await send(client, "/tokens", "/tokens/make", name="mine", scope="read", days="9")
        bearer = {"Authorization": f"Bearer {secret_of(made)}"}
        assert "Elm" not in (await client.get("/api/v1/schools", headers=bearer)).text
        owners = _ids_but_for(world, "mine")
        assert (await send(client, "/tokens", "/tokens/revoke", revoked=owners)).status_code == 404


def _ids_but_for(world: World, name: str) -> str:
    return next(t.token_id for t in access.tokens(world.store, world.trust_id) if t.name != name and not t.revoked)
