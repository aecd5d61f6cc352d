"""Consistency, catalogue and profiles as people of each role see them: every number is as many rows as it says."""

from __future__ import annotations

import csv
import html
import io
import re
import uuid
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from kit_estate import SCHOOLS, Made
from sqlalchemy import delete
from web_estate import HOSTILE, SAME_ORIGIN, World, browser, plain
from web_kit import CATALOGUE, as_new, with_kit
from web_people import account, enter

from collector.access import Scope
from collector.store import journal
from collector.store import schema as t
from fresh_store import fresh_store


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Made]]:
    store = fresh_store(tmp_path_factory.mktemp("kit") / "store.db")
    yield with_kit(store)
    store.close()


@pytest.fixture
def kit(estate: tuple[World, Made]) -> tuple[World, Made]:
    """The estate, with a catalogue and what is said of Ash as if nobody had changed it."""
    as_new(*estate)
    return estate


@pytest.fixture
async def client(kit: tuple[World, Made]) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without anybody."""
    async with browser(kit[0]) as opened:
        yield opened


def of(world: World, role: Scope, at: str = "") -> dict[str, str]:
    named = f"{role} {at} {uuid.uuid4().hex[:8]}"  # nobody is called as somebody else
    return enter(world, world.owner if role is Scope.OWNER else account(world, role, at, named))


async def read(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> str:
    answer = await client.get(path, headers=headers)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return answer.text


def links(page: str) -> list[tuple[str, int]]:
    """Every number of a page that leads to devices, and where it leads."""
    found = re.findall(r'<a href="(/consistency/devices\?[^"]*)">([\d,]+)</a>', page)
    return [(html.unescape(path), int(count.replace(",", ""))) for path, count in found]


async def count(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> tuple[int, int]:
    """What a list says of itself, and the rows that it has."""
    page = await read(client, path, headers)
    said = re.search(r"<h1>([\d,]+) devices?</h1>", page)
    assert said is not None
    return int(said[1].replace(",", "")), page.count('<th scope="row"')


async def test_every_number_of_consistency_is_as_many_devices_as_it_leads_to(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    who = of(kit[0], Scope.OWNER)
    seen = 0
    for path in ("/consistency", "/consistency?class=switch", "/consistency?class=desktop"):
        for link, number in links(await read(client, path, who)):
            assert await count(client, link, who) == (number, number), link
            seen += 1
    assert seen > 40


async def test_the_page_says_what_was_worked_by_hand(kit: tuple[World, Made], client: httpx.AsyncClient) -> None:
    world, made = kit
    page = plain(await read(client, "/consistency?class=laptop", of(world, Scope.OWNER)))
    assert f"Devices {made.devices} " in page
    # 17 on, 10 former and 10 off of 37 whose model is known, in classes with a standard
    assert "On the standard 46 % On standard 17 Former standard 10 Off standard 10 Model not known 2" in page
    assert "HP EliteBook 840 G5 2 Q78 Ver. 01.23.00 80 %" in page
    assert "10 × HP ProBook 450 G10" in page
    assert "2 spellings" in page


async def test_without_a_catalogue_nothing_is_on_or_off_a_standard(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    world, _ = kit
    world.store.write(lambda c: c.execute(delete(t.catalogue_entries)))
    page = plain(await read(client, "/consistency", of(world, Scope.OWNER)))
    assert "There is no standard catalogue yet" in page
    assert "What it would take" not in page


async def test_who_sees_one_school_sees_the_kit_and_the_profile_of_that_alone(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    world, made = kit
    who = of(world, Scope.SCHOOL_VIEWER, "elm")
    for path in ("/consistency", "/consistency/devices", "/profiles", "/profiles.csv", "/consistency/catalogue"):
        page = await read(client, path, who)
        assert "Ash Academy" not in page
        assert "Oak High" not in page
    assert await count(client, "/consistency/devices", who) == (19, 19)
    assert await count(client, f"/consistency/devices?school={made.school_ids[0]}", who) == (0, 0)
    assert (await client.get(f"/schools/{made.school_ids[0]}/profile", headers=who)).status_code == 404
    assert "Elm Primary School" in await read(client, f"/schools/{made.school_ids[1]}/profile", who)


async def test_what_cannot_be_asked_for_is_answered_with_a_sentence(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    who = of(kit[0], Scope.OWNER)
    for path in ("/consistency?class=toaster", "/consistency/devices?standing=odd", "/consistency/devices?first=x",
                 "/profiles?sort=beauty"):  # fmt: skip
        assert (await client.get(path, headers=who)).status_code == 400, path
    assert await count(client, "/consistency/devices?model=%00%27%22%3Cx%3E&firmware=z", who) == (0, 0)


# ------------------------------------------------------------------------------------------------ the catalogue


async def post(
    client: httpx.AsyncClient, page: str, path: str, who: dict[str, str], data: dict[str, str],
    content: bytes | None = None,
) -> httpx.Response:  # fmt: skip
    token = re.findall(r'name="token" value="([0-9a-f]{64})"', await read(client, page, who))[-1]  # the first signs out
    sent = data | {"token": token}
    files = None if content is None else {"file": ("x.csv", content)}
    return await client.post(path, data=sent, files=files, headers=who | SAME_ORIGIN)


async def test_finance_writes_the_catalogue_and_a_technician_only_reads_it(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    world, _ = kit
    finance, technician = of(world, Scope.FINANCE), of(world, Scope.TECHNICIAN, "ash")
    where = "/consistency/catalogue"
    line = {"class": "desktop", "maker": "Dell", "models": "OptiPlex 7010", "from": "01/09/2020", "note": HOSTILE}
    answer = await post(client, where, f"{where}/add", finance, line)
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    page = await read(client, where, technician)
    assert "Dell OptiPlex 7010" in page
    assert HOSTILE not in page
    assert 'name="token"' not in page.partition("<main")[2]
    assert (await client.post(f"{where}/add", data=line, headers=technician | SAME_ORIGIN)).status_code == 404
    page = await read(client, "/consistency?class=desktop", finance)
    assert "Dell OptiPlex 7010" in page
    entry = re.search(r'name="entry" value="([^"]+)"', await read(client, where, finance))
    assert entry is not None
    answer = await post(client, where, f"{where}/remove", finance, {"entry": entry[1]})
    assert answer.status_code == 303
    assert entry[1] not in await read(client, where, finance)


async def test_a_line_that_cannot_be_stays_typed_beside_its_sentence(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    who, where = of(kit[0], Scope.IT_LEAD), "/consistency/catalogue"
    answer = await post(
        client, where, f"{where}/add", who, {"class": "laptop", "maker": "Acer", "models": "B3*", "from": "soon"}
    )
    assert answer.status_code == 400
    assert "“soon” is no day" in plain(answer.text)
    assert 'value="Acer"' in answer.text


async def test_the_catalogue_as_a_file_is_taken_in_again_and_a_bad_one_changes_nothing(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    who, where = of(kit[0], Scope.IT_LEAD), "/consistency/catalogue"
    file = (await client.get(f"{where}.csv", headers=who)).content
    answer = await post(client, where, f"{where}/import", who, {}, file)
    assert answer.status_code == 200
    assert "3 lines: 0 are new or changed, 3 stood there already." in plain(answer.text)
    answer = await post(client, where, f"{where}/import", who, {}, CATALOGUE + b"toaster,,X,Y 1000,,,,\n")
    assert answer.status_code == 400
    assert "Row 5: there is no class “toaster”" in plain(answer.text)
    assert "Nothing was changed" in plain(answer.text)
    assert (await client.get(f"{where}.csv", headers=who)).content == file


# ------------------------------------------------------------------------------------------------ profiles


async def test_a_profile_says_what_was_worked_by_hand_and_its_devices_are_as_many(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    world, made = kit
    who = of(world, Scope.OWNER)
    page = await read(client, f"/schools/{made.school_ids[0]}/profile", who)
    told = plain(page)
    for words in (
        "Devices 17 Pupils 210 Computers and tablets 15 Support a week 6 h Digital lead Ms Lead Technician J. Fixit",
        "Pupils on 1 Oct 2026, from census", "0.07 at least 0.5", "12 of 15 devices are on the trust’s standard",
        "Security support has ended for 3 of 15 devices where it is known; for 2 nobody knows", "filtering broadband",
        "The age of 2 devices is not known", "This school was not audited yet",
    ):  # fmt: skip
        assert words in told, words
    for link, number in links(page):
        assert await count(client, link, who) == (number, number)


async def test_a_technicians_name_is_shown_to_who_sees_assignees_and_no_file_names_anybody(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    world, made = kit
    path = f"/schools/{made.school_ids[0]}/profile"
    for role, sees in ((Scope.TECHNICIAN, True), (Scope.AUDITOR, True), (Scope.SCHOOL_VIEWER, False)):
        page = await read(client, path, of(world, role, "ash"))
        assert "Ms Lead" in page
        assert ("J. Fixit" in page) is sees, role
    assert "J. Fixit" not in await read(client, path, of(world, Scope.FINANCE))
    everything = (await client.get("/profiles.csv", headers=of(world, Scope.OWNER))).text
    token = {"Authorization": f"Bearer {world.token(Scope.READ)}"}
    everything += (await client.get("/profiles.csv", headers=token)).text
    assert "Ash Academy" in everything
    assert "Lead," not in everything
    assert "Fixit" not in everything


async def test_a_technician_says_something_of_their_school_and_it_is_journaled(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    world, made = kit
    path, who = f"/schools/{made.school_ids[1]}/profile", of(world, Scope.TECHNICIAN, "elm")
    facts = f"/schools/{made.school_ids[1]}/facts"
    answer = await post(client, path, facts, who, {"pupils": "420", "digital_lead": HOSTILE, "as_of": "01/10/2026"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    page = await read(client, path, who)
    assert "Pupils 420" in plain(page)
    assert HOSTILE not in page
    with world.store.reader() as connection:
        last = journal.last(connection, made.trust_id)
    assert last is not None
    assert last.action == "school_facts_said"
    assert HOSTILE not in last.detail
    answer = await post(client, path, facts, who, {"pupils": "lots"})
    assert answer.status_code == 400
    assert "“lots” is no number of pupils" in plain(answer.text)
    other = await client.post(f"/schools/{made.school_ids[0]}/facts", data={}, headers=who | SAME_ORIGIN)
    assert other.status_code == 404


async def test_schools_stand_side_by_side_sorted_by_any_measure_what_is_not_known_last(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    who = of(kit[0], Scope.OWNER)

    async def order(sort: str) -> list[str]:
        page = await read(client, f"/profiles?sort={sort}", who)
        rows = re.findall(r'/profile"><bdi>([^<]+)</bdi>', page)
        return [SCHOOLS[SCHOOLS.index(html.unescape(name))].partition(" ")[0] for name in rows]

    assert await order("name") == ["Ash", "Elm", "Oak"]
    assert await order("-name") == ["Oak", "Elm", "Ash"]
    assert await order("standard_share") == ["Oak", "Elm", "Ash"]
    assert await order("-old_share") == ["Oak", "Elm", "Ash"]
    assert (await order("devices_per_pupil"))[0] == "Ash"
    assert (await order("-devices_per_pupil"))[0] == "Ash"


async def test_the_file_of_profiles_says_the_same_as_the_page(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    who = of(kit[0], Scope.OWNER)
    rows = list(csv.DictReader(io.StringIO((await client.get("/profiles.csv", headers=who)).text.lstrip("\ufeff"))))
    assert [row["School"] for row in rows] == list(SCHOOLS)
    ash = rows[0]
    assert (ash["Devices"], ash["Pupils"], ash["URN"].strip()) == ("17", "210", "100000")
    assert (ash["Over 5 years: stands"], ash["On standard: stands"], ash["Not well: stands"]) == (
        "at", "at", "not known",
    )  # fmt: skip
    assert ash["Devices whose age is known"] == "0.8824"


async def test_thresholds_are_set_with_a_reason_and_said_to_be_the_trusts_own(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    who = of(kit[0], Scope.FINANCE)
    said = {"measure": "old_share", "value": "50 %", "reason": "governors, May 2026"}
    assert (await post(client, "/profiles", "/profiles/threshold", who, said)).status_code == 303
    page = plain(await read(client, "/profiles", who))
    assert "50 %" in page
    assert "the trust’s own governors, May 2026" in page
    assert (await post(client, "/profiles", "/profiles/threshold", who, said | {"reason": ""})).status_code == 400
    assert (await post(client, "/profiles", "/profiles/threshold", who, said | {"value": ""})).status_code == 303
    assert "governors" not in await read(client, "/profiles", who)


async def test_facts_of_schools_are_brought_as_a_table_and_said_of_all(
    kit: tuple[World, Made], client: httpx.AsyncClient
) -> None:
    world, made = kit
    who = of(world, Scope.IT_LEAD)
    table = b"school,pupils,technician\nOak High School,900,N. Body\n"
    answer = await post(client, "/profiles", "/profiles/import", who, {}, table)
    assert "1 schools: 2 facts are new or changed." in plain(answer.text)
    bad = await post(client, "/profiles", "/profiles/import", who, {}, table + b"Nowhere,1,\n")
    assert bad.status_code == 400
    assert "'Nowhere' is not a school here" in plain(bad.text)
    said = {"shared": "broadband; MIS", "provider": "Northern ICT"}
    assert (await post(client, "/profiles", "/profiles/shared", who, said)).status_code == 303
    page = plain(await read(client, f"/schools/{made.school_ids[2]}/profile", who))
    assert "Pupils 900" in page
    assert "Northern ICT" in page
    assert "broadband MIS" in page
