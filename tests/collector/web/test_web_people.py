"""The pages by which people are let in, come in with a password, and are shut out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from web_estate import HOST, NOW, SAME_ORIGIN, World, fill, form_token, set_up, sign_in
from web_people import UNTIL

from collector.access import passwords
from collector.access.passwords import Seal
from collector.store import Store
from collector.web.application import application
from collector.web.door import COOKIE
from collector.web.visit import Settings, Ways
from fresh_store import fresh_store

GOOD = "correct horse battery"


@pytest.fixture
def busy(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobody.cache_clear()
    yield fill(set_up(store))
    passwords._nobody.cache_clear()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = fresh_store(tmp_path / "stocktake.db")
    yield opened
    opened.close()


def open_browser(world: World) -> httpx.AsyncClient:
    made = Settings(allowed_hosts=(HOST,), trust_name="Three Trees Trust")
    ways = Ways(Seal(b"k" * 32))
    app = application(world.store, world.trust_id, clock=world.clock, settings=made, ways=ways)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}")


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Fill in a form of a page; its token is that which stands before its action's first field."""
    text = (await client.get(page)).text
    found = re.search(rf'action="{path}"><?[^>]*>?\s*<input type="hidden" name="token" value="([0-9a-f]+)"', text)
    token = found[1] if found else form_token(text.partition(f'action="{path}"')[2])
    return await client.post(path, data={"token": token, **fields}, headers=SAME_ORIGIN)


async def test_an_auditor_is_let_in_until_a_day_comes_in_by_link_then_password_and_is_shut_out(busy: World) -> None:
    elm = busy.school_ids["elm"]
    async with open_browser(busy) as owner, open_browser(busy) as auditor:
        await sign_in(busy, owner)
        made = await send(
            owner, "/people", "/people/invite", name="Grace", role="auditor", until=str(UNTIL), **{f"school-{elm}": "1"}
        )  # fmt: skip
        assert made.status_code == 200
        link = re.search(r"https://[^<]+/enter/[\w-]+", made.text)
        assert link is not None
        path = link[0].removeprefix(f"https://{HOST}")
        token = form_token((await auditor.get(path)).text)
        assert (await auditor.post(path, data={"token": token}, headers=SAME_ORIGIN)).status_code == 303
        account = (await auditor.get("/account")).text
        assert "Elm Primary School" in account
        assert "Oak" not in account
        assert (await auditor.get("/people")).status_code == 404
        refused = await send(auditor, "/account", "/account/password", after="short", again="short")
        assert (refused.status_code, "three words" in refused.text) == (400, True)
        set_it = await send(auditor, "/account", "/account/password", after=GOOD, again=GOOD)
        assert set_it.status_code == 303
        async with open_browser(busy) as again:
            wrong = await again.post("/sign-in", data={"name": "Grace", "password": "wrong"}, headers=SAME_ORIGIN)
            assert (wrong.status_code, COOKIE in again.cookies) == (403, False)
            right = await again.post("/sign-in", data={"name": "Grace", "password": GOOD}, headers=SAME_ORIGIN)
            assert (right.status_code, right.headers["location"]) == (303, "/")
            assert "Elm Primary School" in (await again.get("/")).text
            listed = (await owner.get("/people")).text
            account_id = re.findall(r'name="account" value="([^"]+)"', listed)
            gone = next(one for one in account_id if one != busy.owner)
            assert (await send(owner, "/people", "/people/remove", account=gone)).status_code == 303
            assert (await again.get("/")).status_code == 401
            assert (await auditor.get("/")).status_code == 401
            assert "Grace" not in (await owner.get("/people")).text


async def test_the_owner_comes_in_by_password_with_a_code_only(busy: World) -> None:
    async with open_browser(busy) as owner:
        await sign_in(busy, owner)
        assert (await send(owner, "/account", "/account/password", after=GOOD, again=GOOD)).status_code == 303
        asked = {"name": "Ada", "password": GOOD}
        alone = await owner.post("/sign-in", data=asked, headers=SAME_ORIGIN)
        assert (alone.status_code, "second factor only" in alone.text) == (403, True)
        page = (await owner.get("/account")).text
        secret = re.search(r'name="secret" value="(\w+)"', page)
        assert secret is not None
        totp = pyotp.TOTP(secret[1])
        done = await send(
            owner, "/account", "/account/second-factor", secret=secret[1], code=totp.at(NOW), before=GOOD
        )  # fmt: skip
        assert done.status_code == 303
    busy.now = NOW.replace(minute=45)
    async with open_browser(busy) as owner:
        answer = await owner.post("/sign-in", data=asked | {"code": totp.at(busy.now)}, headers=SAME_ORIGIN)
        assert answer.status_code == 303
        assert (await owner.get("/people")).status_code == 200


async def test_the_eleventh_guess_is_not_taken_and_a_form_of_another_site_none(busy: World) -> None:
    async with open_browser(busy) as client:
        foreign = await client.post("/sign-in", data={"name": "Ada", "password": "x"}, headers={"Origin": "null"})
        assert foreign.status_code == 403
        assert "did not come from these pages" in foreign.text
        codes = []
        for _ in range(11):
            answer = await client.post("/sign-in", data={"name": "Ada", "password": "x"}, headers=SAME_ORIGIN)
            codes.append(answer.status_code)
        assert codes == [403] * 10 + [429]
        assert "five minutes" in answer.text
