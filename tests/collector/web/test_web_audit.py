"""The pages of audits: counts lead to their lists, findings are accepted by a form, and schools bound what is seen."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from web_estate import SAME_ORIGIN, World, browser, fill, judge_all, set_up, sign_in
from web_people import account, enter

from collector import judging_now, schools
from collector.access import Scope
from collector.store import journal
from collector.store import schema as t
from collector.web import words
from fresh_store import fresh_store
from waiting import eventually


def tokens(page: str, action: str) -> str:
    """The token of the first form that posts there."""
    found = re.search(rf'action="{action}"><input type="hidden" name="token" value="([0-9a-f]+)"', page)
    assert found, action
    return found[1]


@pytest.mark.parametrize("rules", ["dfe-2026", "cyber-essentials", "wales-hwb", "own"])
async def test_every_count_leads_to_a_list_of_as_many(world: World, rules: str) -> None:
    async with browser(world) as client:
        await sign_in(world, client)
        page = (await client.get(f"/audit?set={rules}")).text
        links = re.findall(r'href="(/audit/\w+\?[^"]*outcome=[^"]*)">([\d,]+)</a>', page)
        assert links
        for path, count in links[:12]:
            listed = (await client.get(path.replace("&amp;", "&"))).text
            assert listed.count('data-label="Outcome"') == int(count.replace(",", "")), path
        assert "What could not be seen" in page


async def test_a_finding_is_accepted_and_taken_back(world: World) -> None:
    async with browser(world) as client:
        await sign_in(world, client)
        path = "/audit/labelled"
        page = (await client.get(f"{path}?outcome=cannot+be+told")).text
        device = re.search(r'name="device" value="([^"]+)"', page)
        assert device
        said = {
            "set": "dfe-2026",
            "device": device[1],
            "reason": "labels come <b>",
            "owner": "Ada",
            "until": "2026-12-24",
        }
        token = tokens(page, f"{path}/accept")
        refused = await client.post(f"{path}/accept", data=said | {"token": token, "reason": ""}, headers=SAME_ORIGIN)
        assert (refused.status_code, "Say why" in refused.text) == (400, True)
        made = await client.post(f"{path}/accept", data=said | {"token": token}, headers=SAME_ORIGIN)
        assert made.status_code == 303
        page = (await client.get(f"{path}?outcome=accepted")).text
        assert "labels come &lt;b&gt;" in page
        assert "accepted until 24 Dec 2026" in page
        acceptance = re.search(r'name="acceptance" value="([^"]+)"', page)
        assert acceptance
        back = {"token": tokens(page, f"{path}/end"), "acceptance": acceptance[1], "set": "dfe-2026"}
        assert (await client.post(f"{path}/end", data=back, headers=SAME_ORIGIN)).status_code == 303
        again = await client.get(f"{path}?outcome=accepted")
        assert "Nothing like that was found" in again.text


async def test_what_is_no_set_rule_outcome_or_school_is_refused(world: World) -> None:
    async with browser(world) as client:
        await sign_in(world, client)

        async def status(path: str) -> int:
            answer: httpx.Response = await client.get(path)
            return answer.status_code

        assert await status("/audit?set=dfe-1999") == 400
        assert await status("/audit/nonsense") == 404
        assert await status("/audit/labelled?outcome=maybe") == 400
        assert "There is no rule set" in (await client.get("/audit?set=%3Cb%3E")).text


async def test_the_termly_pack_says_what_ends_and_what_is_not_known(world: World) -> None:
    async with browser(world) as client:
        await sign_in(world, client)
        page = (await client.get("/audit/term")).text
    assert "Debian" in page
    assert re.search(r"Of \d+ devices? no end of support is known", page)
    assert "What could not be seen" in page
    assert words.day(world.now.date()) in page


# ------------------------------------------------------------------------------------------------ who sees what

PATHS = ("/audit", "/audit?set=own", "/audit/serial_alone", "/audit/networks_swept", "/audit/purchase_date?set=own",
         "/audit/labelled?outcome=cannot+be+told", "/audit/term")  # fmt: skip
OF_ELM = re.compile(r"elm-core|elm-server|elm-agent|Elm Primary|FOC2016X0AB|7XKQ2P3", re.IGNORECASE)


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[World]:
    """An estate of a test's own: with people of schools, or without one of its schools."""
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


def counted(page: str) -> int:
    return sum(int(count.replace(",", "")) for count in re.findall(r'outcome=[^"]*">([\d,]+)</a>', page))


async def test_an_auditor_of_one_school_is_told_of_that_school_alone(apart: World) -> None:
    headers = enter(apart, account(apart, Scope.AUDITOR, "oak"))
    elm = apart.school_ids["elm"]
    async with browser(apart, headers=headers) as client:
        for path in PATHS:
            page = await client.get(path)
            assert page.status_code == 200
            assert not OF_ELM.search(page.text), path
            assert elm not in page.text, path
            assert apart.device("elm-core").device_id not in page.text
            assert "Accept</button>" not in page.text  # who only looks has no form
            narrowed = await client.get(f"{path}{'&' if '?' in path else '?'}school={elm}")
            assert narrowed.status_code == 404
        mine = counted((await client.get("/audit")).text)
    async with browser(apart) as client:
        await sign_in(apart, client)
        whole = counted((await client.get("/audit")).text)
        same = counted((await client.get(f"/audit?school={apart.school_ids['oak']}")).text)
    assert 0 < mine == same < whole


async def test_a_finding_of_another_school_can_be_neither_accepted_nor_taken_back(apart: World) -> None:
    path = "/audit/labelled"
    device = apart.device("elm-core").device_id
    said = {"set": "dfe-2026", "device": device, "reason": "why", "owner": "Ada", "until": "2026-12-24"}
    async with browser(apart) as client:
        await sign_in(apart, client)
        page = (await client.get(path)).text
        made = await client.post(
            f"{path}/accept", data=said | {"token": tokens(page, f"{path}/accept")}, headers=SAME_ORIGIN
        )
        assert made.status_code == 303
        page = (await client.get(f"{path}?outcome=accepted")).text
    acceptance = re.search(r'name="acceptance" value="([^"]+)"', page)
    assert acceptance
    headers = enter(apart, account(apart, Scope.TECHNICIAN, "oak")) | SAME_ORIGIN
    async with browser(apart, headers=headers) as client:
        page = (await client.get(path)).text
        token = {"token": tokens(page, f"{path}/accept")}
        assert (await client.post(f"{path}/accept", data=said | token)).status_code == 404
        of_school = {**said, "device": "", "school": apart.school_ids["elm"]}
        assert (await client.post("/audit/networks_swept/accept", data=of_school | token)).status_code == 404
        # a school of one's own beside the device opens no door
        both = said | token | {"school": apart.school_ids["oak"]}
        assert (await client.post(f"{path}/accept", data=both)).status_code == 404
        back = {"acceptance": acceptance[1], "set": "dfe-2026", **token}
        assert (await client.post(f"{path}/end", data=back)).status_code in (403, 404)
    async with browser(apart) as client:
        await sign_in(apart, client)
        assert acceptance[1] in (await client.get(f"{path}?outcome=accepted")).text
        page = (await client.get(f"{path}?outcome=accepted")).text
        back = {"acceptance": acceptance[1], "set": "dfe-2026", "token": tokens(page, f"{path}/end")}
        assert (await client.post(f"{path}/end", data=back, headers=SAME_ORIGIN)).status_code == 303


async def test_a_school_that_left_the_trust_or_was_not_judged_is_said_to_be_so(apart: World) -> None:
    oak, ash = apart.school_ids["oak"], apart.school_ids["ash"]
    mine = (t.judgements.c.school_id == ash) & (t.judgements.c.asking_id.like("labelled:%"))
    apart.store.write(lambda c: c.execute(t.judgements.delete().where(mine)))
    async with browser(apart) as client:
        await sign_in(apart, client)
        page = (await client.get("/audit")).text
        assert "Not judged yet" in page
        assert "as judged" in page
        assert "Not judged yet" not in (await client.get("/audit/serial_alone")).text
        judge_all(apart)
        assert "Not judged yet" not in (await client.get("/audit")).text
        apart.store.write(
            lambda c: schools.leave(c, apart.trust_id, oak, apart.now.date(), actor=apart.owner, now=apart.now)
        )
        page = (await client.get("/audit")).text
        assert f'<option value="{oak}"' not in page
        gone = (await client.get(f"/audit?school={oak}")).text
        assert "Left the trust, so it is not audited any more" in gone
        assert counted(gone) == 0


# ------------------------------------------------------------------------------------------------ judged at once


def asked_of(world: World) -> list[str]:
    with world.store.reader() as connection:
        entries = journal.entries(connection, world.trust_id)
    return [entry.detail for entry in entries if entry.action == "judging_asked"]


def wait(world: World) -> None:
    eventually(lambda: not judging_now.under_way(world.store, world.trust_id), 20)


def forget(world: World, school: str) -> None:
    mine = t.judgements.c.school_id == world.school_ids[school]
    world.store.write(lambda c: c.execute(t.judgements.delete().where(mine)))


async def test_who_may_has_a_school_or_all_judged_at_once_and_the_page_does_not_wait(apart: World) -> None:
    ash = apart.school_ids["ash"]
    async with browser(apart) as client:
        await sign_in(apart, client)
        forget(apart, "ash")
        page = (await client.get(f"/audit?school={ash}&set=own")).text
        assert "Judge this school now" in page
        assert "Not judged yet" in page
        said = {"token": tokens(page, "/audit/judge"), "school": ash, "set": "own"}
        made = await client.post("/audit/judge", data=said, headers=SAME_ORIGIN)
        assert (made.status_code, made.headers["location"]) == (303, f"/audit?set=own&school={ash}")
        wait(apart)
        assert "Not judged yet" not in (await client.get(made.headers["location"])).text
        forget(apart, "ash")
        forget(apart, "oak")
        made = await client.post("/audit/judge", data=said | {"school": ""}, headers=SAME_ORIGIN)
        wait(apart)
        page = (await client.get(made.headers["location"])).text
        assert "Not judged yet" not in page
        assert "Judge all schools now" in page
        assert (await client.post("/audit/judge", data=said | {"token": "x"}, headers=SAME_ORIGIN)).status_code == 403
    assert asked_of(apart) == [f'{{"school":"{ash}"}}', '{"schools":3}']


async def test_the_page_says_what_is_being_judged_and_nobody_has_it_judged_twice(apart: World) -> None:
    async with browser(apart) as client:
        await sign_in(apart, client)
        token = tokens((await client.get("/audit")).text, "/audit/judge")
        release = threading.Event()  # judging takes too short a time here to be met: it waits behind something else
        judging_now._JOBS.of(apart.store, apart.trust_id).begin("something else", release.wait)
        judging_now.begin(apart.store, apart.trust_id, apart.school_ids.values(), apart.now)
        page = (await client.get("/audit")).text
        assert "3 schools are being judged" in page
        assert "look again" in page
        assert "Judge all schools now" not in page
        assert "1 school is being judged" in (await client.get(f"/audit?school={apart.school_ids['ash']}")).text
        again = await client.post("/audit/judge", data={"token": token}, headers=SAME_ORIGIN)
    release.set()
    wait(apart)
    assert (again.status_code, asked_of(apart)) == (303, [])


async def test_a_school_of_others_is_not_judged_and_who_only_looks_is_not_asked(apart: World) -> None:
    headers = enter(apart, account(apart, Scope.TECHNICIAN, "oak")) | SAME_ORIGIN
    async with browser(apart, headers=headers) as client:
        token = {"token": tokens((await client.get("/audit")).text, "/audit/judge")}
        of_others = await client.post("/audit/judge", data=token | {"school": apart.school_ids["elm"]})
        assert of_others.status_code == 404
        forget(apart, "elm")
        assert (await client.post("/audit/judge", data=token)).status_code == 303
        wait(apart)
    oak = apart.school_ids["oak"]
    assert asked_of(apart) == [f'{{"school":"{oak}"}}'], "all that they see, and no more"
    async with browser(apart, headers=enter(apart, account(apart, Scope.AUDITOR, "oak"))) as client:
        assert "/audit/judge" not in (await client.get("/audit")).text
