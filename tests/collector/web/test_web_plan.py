"""Pages of the plan: sums that open to their rows, what was not seen beside them, and what people say."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from html import unescape

import httpx
import pytest
from web_estate import SAME_ORIGIN, World, browser, form_token, plain, sign_in
from web_people import account, enter

import plan_estate
from collector import access
from collector.access import Scope
from collector.planning import shelf
from collector.refresh import totals
from collector.web.planned import of_schools, whole
from fresh_store import fresh_store


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store = fresh_store(tmp_path_factory.mktemp("plan") / "store.db")
    trust_id, schools = plan_estate.three(store)
    owner = access.make_owner(store, trust_id, "Ada", plan_estate.NOW)
    yield World(store, trust_id, owner, schools)
    store.close()


async def made(client: httpx.AsyncClient, path: str) -> str:
    """A page whose plan is made: a device's page says after a second that it is at it."""
    for _ in range(1_000):
        found = (await client.get(path)).text
        if "The plan is being made" not in found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("no plan came")


async def say(client: httpx.AsyncClient, page: str, path: str, about: str, **said: str) -> httpx.Response:
    """Fill in the form of a page that goes to a path and holds some words."""
    found = await made(client, page)
    form = next(f for f in re.findall(r"<form.*?</form>", found, re.DOTALL) if f'action="{path}"' in f and about in f)
    return await client.post(path, data={"token": form_token(form), **said}, headers=SAME_ORIGIN)


async def rows_of(client: httpx.AsyncClient, link: str) -> tuple[int, int]:
    """How many rows a link opens to, and what they cost in all, page by page."""
    count = pence = 0
    while link:
        page = (await client.get(link)).text
        count += len(re.findall(r'data-label="Cost"', page))
        costs = re.findall(r'data-label="Cost" class="right">£([\d,]+)\.(\d\d)', page)
        pence += sum(int(pounds.replace(",", "")) * 100 + int(rest) for pounds, rest in costs)
        more = re.search(r'<a href="([^"]+)">Later</a>', page)
        link = unescape(more[1]) if more else ""
    return count, pence


async def test_every_sum_of_the_plan_is_the_sum_of_the_rows_that_it_opens_to(estate: World) -> None:
    made = shelf.plans.take(estate.store, estate.trust_id, plan_estate.NOW, 3)
    async with browser(estate) as client:
        await sign_in(estate, client)
        page = (await client.get("/plan")).text
        links = {
            (unescape(link), said) for link, said in re.findall(r'<a href="(/plan/rows[^"]*)">£([\d,]+)</a>', page)
        }
        assert len(links) > 30
        for link, said in sorted(links):
            _, pence = await rows_of(client, link)
            assert whole(pence) == f"£{said}", link
    everything = totals.total(made.plan.rows, 2026, 2028)
    assert whole(everything.cost) in page
    each = [of_schools(made.plan.rows, frozenset({key})) for key in estate.school_ids.values()]
    schools = [totals.total(rows, 2026, 2028).cost for rows in each]
    assert sum(schools) == everything.cost


async def test_who_sees_one_school_is_shown_its_plan_alone(estate: World) -> None:
    headers = enter(estate, account(estate, Scope.SCHOOL_VIEWER, "oak"))
    async with browser(estate) as client:
        for path in ("/plan", "/plan/rows", "/plan/budgets", "/plan/policies", "/plan/whatif", "/plan/export/json"):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 200, path
            assert "Elm Primary" not in answer.text, path
            assert "elm-laptop" not in answer.text, path
            assert 'action="/plan' not in answer.text.replace('method="get" action="/plan', ""), path
        assert (await client.get(f"/plan?school={estate.school_ids['elm']}", headers=headers)).status_code == 404
        assert (await client.get("/plan?school=-", headers=headers)).status_code == 404


@pytest.mark.parametrize("query", ["years=4", "class=teapot", "year=soon", "why=weather", "action=burn", "assumed=?"])
async def test_a_filter_that_asks_for_nothing_there_is_gets_a_sentence(estate: World, query: str) -> None:
    async with browser(estate) as client:
        await sign_in(estate, client)
        answer = await client.get(f"/plan/rows?{query}")
        assert answer.status_code == 400
        assert "Something went wrong" not in answer.text


async def test_a_device_says_its_place_and_is_pinned_with_its_room_and_let_go_again(estate: World) -> None:
    async with browser(estate) as client:
        await sign_in(estate, client)
        path = "/devices/elm-desktop-0"
        page = plain(await made(client, path))
        assert "Its place in the plan" in page
        assert "desktops are kept 5 years" in page
        said = {"action": "pin", "of": "suite", "year": "2028", "reason": "the suite is rebuilt",
                "school": estate.school_ids["elm"], "suite": "ICT suite"}  # fmt: skip
        answer = await say(client, path, f"{path}/plan", "Reason", **said)
        assert answer.status_code == 303
        suite = (await client.get("/plan/rows?class=desktop&year=2028&why=pinned+by+a+person")).text
        assert len(re.findall(r'data-label="Cost"', suite)) == 8
        assert "the suite is rebuilt" in suite
        answer = await say(client, path, f"{path}/plan", 'value="release"', action="release", of="suite",
                           school=estate.school_ids["elm"], suite="ICT suite")  # fmt: skip
        assert answer.status_code == 303
        answer = await say(client, path, f"{path}/plan", "Reason", action="pin", reason="x")
        assert answer.status_code == 400
        assert "Say to which year it is pinned" in plain(answer.text)


async def test_policies_caps_needs_and_lines_are_said_and_taken_back(estate: World) -> None:
    async with browser(estate) as client:
        await sign_in(estate, client)
        policy = {"scope": "class", "class": "server", "life": "72", "cost": "7,000", "source": "a quote"}
        assert (await say(client, "/plan/policies", "/plan/policies", "Source", **policy)).status_code == 303
        page = plain((await client.get("/plan/policies")).text)
        assert "class server the trust Cost £7,000.00 ; Life (months) 72 a quote" in page
        need = {"kind": "need", "school": estate.school_ids["oak"], "what": "Panels", "class": "display",
                "number": "2", "start": "2027-09-01", "aim": "Reading"}  # fmt: skip
        assert (await say(client, "/plan/budgets", "/plan/budgets", 'value="need"', **need)).status_code == 303
        plan = plain((await client.get("/plan")).text)
        assert "By aim of the development plan" in plan
        assert "Reading" in plan
        page = (await client.get("/plan/budgets")).text
        ends = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if "/plan/budgets/end" in form]
        said = re.findall(r'name="said" value="([^"]+)"', next(form for form in ends if 'value="need"' in form))
        answer = await say(client, "/plan/budgets", "/plan/budgets/end", said[0], kind="need", said=said[0])
        assert answer.status_code == 303
        said = re.findall(r'name="said" value="([^"]+)"', (await client.get("/plan/policies")).text)
        answer = await say(client, "/plan/policies", "/plan/policies/unset", said[0], said=said[0])
        assert answer.status_code == 303
        bad = {"kind": "budget", "year": "soon", "cap": "10"}
        answer = await say(client, "/plan/budgets", "/plan/budgets", 'value="budget"', **bad)
        assert (answer.status_code, "is no year" in plain(answer.text)) == (400, True)


async def opens_to_its_rows(client: httpx.AsyncClient, page: str) -> None:
    """Every sum of what is chosen within caps is the sum of the rows that it opens to; so is what is left undone."""
    sums = re.findall(r'<a href="(/plan/rows\?[^"]*what=[^"]+)">(£[\d,]+)</a>', page)
    assert len(sums) == 6
    for address, said in sums:
        assert f": {said} expected" in plain((await client.get(unescape(address))).text), address
    left = re.findall(r'<a href="(/plan/rows\?[^"]*what=[^"]+)">(\d+) devices</a><span class="under">(£[\d,]+)<', page)
    assert left
    for address, devices, pounds in left:
        listed = (await client.get(unescape(address))).text
        assert f"{devices} rows: {pounds} expected" in plain(listed), re.findall(r"[\d,]+ rows: .*?Made", plain(listed))
        assert len(re.findall(r"/devices/[^#\"]+#plan", listed)) == min(int(devices), 200)
    assert (await client.get("/plan/rows?what=nobody")).status_code == 404
    assert (await client.get("/plan/rows?year=undone")).status_code == 400


async def test_a_what_if_is_reckoned_in_the_background_and_stands_beside_the_plain_rule(estate: World) -> None:
    async with browser(estate) as client:
        await sign_in(estate, client)
        for year in ("2026/27", "2027/28", "2028/29"):
            cap = {"kind": "budget", "year": year, "cap": "4000"}
            await say(client, "/plan/budgets", "/plan/budgets", 'value="budget"', **cap)
        asked = {"name": "Half of it", "caps": "50", "suites": "yes", "class": "laptop", "price": "10"}
        assert (await say(client, "/plan/whatif", "/plan/whatif", "Ask", **asked)).status_code == 303
        until = time.monotonic() + 60
        page = (await client.get("/plan/whatif")).text
        while "Look again" in page and time.monotonic() < until:
            await asyncio.sleep(0.2)
            page = (await client.get("/plan/whatif")).text
        words = plain(page)
        assert "As it stands : within caps" in words
        assert "Half of it : within caps" in words
        assert "a laptop costs +10 %" in words
        assert "the least possible" in words
        await opens_to_its_rows(client, page)
        for said in re.findall(r'name="said" value="([^"]+)"', (await client.get("/plan/budgets")).text):
            await say(client, "/plan/budgets", "/plan/budgets/end", said, kind="budget", said=said)


@pytest.mark.parametrize("form", ["xlsx", "pdf", "json", "returns"])
async def test_the_plan_is_taken_as_a_file_and_that_is_in_the_journal(estate: World, form: str) -> None:
    async with browser(estate) as client:
        await sign_in(estate, client)
        answer = await client.get(f"/plan/export/{form}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["content-disposition"]
        assert len(answer.content) > 500
        assert "plan exported" in plain((await client.get("/journal")).text)
        assert (await client.get("/plan/export/doc")).status_code == 404
