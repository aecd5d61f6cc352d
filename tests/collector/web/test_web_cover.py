"""Support cover on pages: numbers open to as many rows, roles see what is theirs, forms and lists change it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from web_estate import NOW, SAME_ORIGIN, World, browser, fill, form_token, plain, set_up
from web_people import account, enter

from collector import cover_lists, covering
from collector.access import Scope
from collector.cover import Contract, Kind
from collector.cover.services import Provision
from collector.store import Transaction
from collector.store import cover as rows
from fresh_store import fresh_store


@pytest.fixture(scope="module")
def covered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The estate with a contract for all, one for Elm alone, and services."""
    store = fresh_store(tmp_path_factory.mktemp("cover") / "store.db")
    world = fill(set_up(store))
    by = {"actor": world.owner, "now": NOW}

    def write(c: Transaction) -> None:
        elm = world.school_ids["elm"]
        start, end = date(2026, 1, 1), date(2027, 1, 31)
        for wanted in (
            Contract("", "Bluecoat", Kind.MANAGED, start, end, cost=1_234_500),
            Contract("", "ElmCare", Kind.SUPPORT, start, end, frozenset({elm}), frozenset({"desktop"})),
        ):
            covering.put_contract(c, world.trust_id, wanted, **by)
        covering.put_provision(c, world.trust_id, Provision("", "backup", elm, "ElmVault", cost=77_700), **by)

    store.write(write)
    yield world
    store.close()


async def test_every_number_opens_to_as_many_devices(covered: World) -> None:
    async with browser(covered) as client:
        headers = enter(covered, covered.owner)
        page = (await client.get("/cover", headers=headers)).text
        found = re.findall(r'<a href="(/cover/devices\?[^"]*)">([\d,]+)</a>', page)
        assert len(found) > 8
        for way, number in found:
            opened = (await client.get(way.replace("&amp;", "&"), headers=headers)).text
            total = re.search(r"<strong>([\d,]+) devices?</strong>", opened)
            assert total is not None
            assert (total[1], opened.count('<a href="/devices/')) == (number, int(number)), way


async def test_a_device_says_who_covers_it_as_the_list_of_all_does(covered: World) -> None:
    today = NOW.date()
    with covered.store.reader() as connection:
        laid = cover_lists.look(connection, covered.trust_id, today)
        for one in laid.covers:
            alone = cover_lists.of_device(connection, covered.trust_id, one.device.device_id, today)
            assert alone == one
        strange = cover_lists.of_device(
            connection, covered.trust_id, one.device.device_id, today, frozenset({"another"})
        )
    assert strange is None
    async with browser(covered) as client:
        page = plain((await client.get(f"/devices/{one.device.device_id}", headers=enter(covered, covered.owner))).text)
    assert "Who covers it Bluecoat, managed service , until 31 Jan 2027" in page
    assert "Covered until 31 Jan 2027" in page


@pytest.mark.parametrize(
    ("role", "at", "sees", "costs", "edits", "marks"),
    [
        (Scope.OWNER, "", True, True, True, True), (Scope.FINANCE, "", True, True, True, False),
        (Scope.TECHNICIAN, "elm", True, True, False, True), (Scope.SCHOOL_VIEWER, "elm", True, False, False, True),
        (Scope.PROVIDER, "oak", False, True, False, True), (Scope.AUDITOR, "oak", False, False, False, False),
    ],
)  # fmt: skip
async def test_roles_see_what_is_theirs(
    covered: World, role: Scope, at: str, sees: bool, costs: bool, edits: bool, marks: bool
) -> None:
    async with browser(covered) as client:
        headers = enter(covered, covered.owner if role is Scope.OWNER else account(covered, role, at, f"{role} {at} x"))
        listed = (await client.get("/cover/contracts", headers=headers)).text
        assert "Bluecoat" in listed
        assert ("ElmCare" in listed) is sees
        assert ("£12,345.00" in listed) is costs
        assert ('action="/cover/contracts"' in listed) is edits
        assert ('action="/cover/marks"' in (await client.get("/cover/marks", headers=headers)).text) is marks
        services = await client.get(f"/cover/services/{covered.school_ids['elm']}", headers=headers)
        assert services.status_code == (200 if sees else 404)
        assert ("£777.00" in services.text) is (costs and sees)
        for path in ("/cover", "/cover/services", "/cover/renewals.ics", "/cover/devices"):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 200
            assert sees or not re.search("ElmCare|ElmVault|Elm Primary", answer.text), path


async def test_forms_add_change_end_and_mark(covered: World) -> None:
    headers = enter(covered, covered.owner)
    sent = headers | SAME_ORIGIN
    elm = covered.school_ids["elm"]
    async with browser(covered) as client:
        token = form_token((await client.get("/cover/contracts", headers=headers)).text.partition("Add a contract")[2])
        told = {
            "token": token,
            "provider": "Nightjar",
            "kind": "insurance",
            "starts": "2026-02-01",
            f"school_{elm}": "1",
        }
        added = await client.post("/cover/contracts", data=told, headers=sent)
        key = added.headers["location"].partition("=")[2]
        told |= {"contract": key, "ends": "2025-01-01"}
        assert (await client.post("/cover/contracts", data=told, headers=sent)).status_code == 400
        assert (
            await client.post("/cover/contracts", data=told | {"ends": "2028-01-01"}, headers=sent)
        ).status_code == 303
        with covered.store.reader() as connection:
            one = covering.get_contract(connection, covered.trust_id, key)
        assert (one.kind, one.ends, one.schools) == (Kind.INSURANCE, date(2028, 1, 1), {elm})
        gone = {"token": token, "contract": key, "mistake": "1"}
        assert (await client.post("/cover/contracts/end", data=gone, headers=sent)).status_code == 303
        page = (await client.get(f"/cover/services/{elm}", headers=headers)).text
        marks = form_token(page.partition('action="/cover/marks"')[2])
        said = {"token": marks, "school": elm, "service": "backup", "by": "users", "mark": "4", "remark": "<b>ok</b>"}
        assert (await client.post("/cover/marks", data=said, headers=sent)).status_code == 303
        assert (await client.post("/cover/marks", data=said | {"mark": "9"}, headers=sent)).status_code == 400
        page = (await client.get(f"/cover/services/{elm}", headers=headers)).text
        assert "4.0" in page
        assert "of 1 mark" in page
        assert "&lt;b&gt;ok" in page


async def test_a_list_with_a_bad_row_is_told_whole_and_nothing_is_taken(covered: World) -> None:
    headers = enter(covered, covered.owner)
    content = "School,Service,Provider\nElm Primary School,MIS,Arbour\nNowhere,MIS,Arbour\nElm Primary School,Tea,X\n"
    async with browser(covered) as client:
        token = form_token((await client.get("/cover/services", headers=headers)).text.partition("Bring a list")[2])
        told, sent = {"token": token, "list": "services", "do": "take"}, headers | SAME_ORIGIN
        bad = await client.post("/cover/import", data=told, files={"file": ("s.csv", content)}, headers=sent)
        assert bad.status_code == 409
        assert "no school of the trust is called" in bad.text
        assert "not on the list of services" in bad.text
        good = {"file": ("s.csv", content.partition("Nowhere")[0])}
        look = await client.post("/cover/import", data=told | {"do": "look"}, files=good, headers=sent)
        assert look.status_code == 200
        with covered.store.reader() as connection:
            assert "Arbour" not in {one.provider for one in rows.provisions(connection, covered.trust_id)}
        taken = await client.post("/cover/import", data=told, files=good, headers=sent)
        assert "taken in" in taken.text
    with covered.store.reader() as connection:
        assert "Arbour" in {one.provider for one in rows.provisions(connection, covered.trust_id)}
