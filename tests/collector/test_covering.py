"""Support cover in the store: laid over what stands, changed by people, journaled by ids; on both databases."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta

import pytest
from trusts import START, Trust, entity, system

from collector import cover_lists, covering, records, schools
from collector.cover import Contract, Kind, State, Wanted
from collector.cover.marks import By, DeviceMark, ServiceMark
from collector.cover.services import Provision
from collector.errors import CollectorError
from collector.store import Store, places
from collector.store import cover as rows
from collector.store import journal as journal_rows

BY = {"actor": "ada", "now": START + timedelta(days=1)}
TODAY = date(2026, 9, 2)


@pytest.fixture
def trust(store: Store) -> Trust:
    """A trust whose one school has two switches; a second school has none."""
    trust = Trust(store)
    for number in (1, 2):
        trust.say(START, system(f"sw{number}"), entity(f"CN0000000{number}"), address=f"10.1.0.{number}",
                  mac=f"00:1b:21:00:00:0{number}")  # fmt: skip
    trust.store.write(lambda c: places.add_school(c, trust.id, "Ash", "", START))
    return trust


def put(trust: Trust, provider: str = "Bluecoat", **scope: object) -> str:
    values = {"kind": Kind.SUPPORT, "starts": date(2026, 1, 1), "ends": date(2027, 8, 31)} | scope
    wanted = Contract("", provider, **values)  # type: ignore[arg-type]
    return trust.store.write(lambda c: covering.put_contract(c, trust.id, wanted, **BY))


def laid(trust: Trust, schools: frozenset[str] | None = None) -> covering.Laid:
    with trust.store.reader() as connection:
        return cover_lists.look(connection, trust.id, TODAY, schools)


def ids(trust: Trust) -> list[str]:
    return sorted(one.device_id for one in trust.devices())


def journaled(trust: Trust) -> list[tuple[str, dict[str, object]]]:
    with trust.store.reader() as connection:
        return [(one.action, json.loads(one.detail)) for one in journal_rows.entries(connection, trust.id)]


def test_what_stands_is_covered_by_what_fits_it(trust: Trust) -> None:
    first, second = ids(trust)
    key = put(trust, devices=frozenset({first}))
    put(trust, "Northern", classes=frozenset({trust.detail(first).row.device_class}), kind=Kind.MANAGED)
    found = laid(trust)
    assert {one.device.device_id: one.state for one in found.covers} == {first: State.SEVERAL, second: State.ONE}
    assert [one.device.device_id for one in found.covers if Wanted(contract_id=key).fits(one)] == [first]


def test_a_warranty_and_a_purchase_on_record_say_until_when(trust: Trust) -> None:
    first, second = ids(trust)
    said = records.read_said({"warranty_ends": "31/03/2027", "purchased": "01/09/2020", "room": "R7"})
    trust.store.write(lambda c: records.enter(c, trust.id, first, said, source="page", **BY))
    found = {one.device.device_id: one for one in laid(trust).covers}
    assert (found[first].warranty, found[first].until) == (True, date(2027, 3, 31))
    assert (found[first].device.why, found[first].device.room) == ("policy age", "R7")
    assert found[first].falls_short is (date(2027, 3, 31) < found[first].device.ends)  # type: ignore[operator]
    assert found[second].state is State.NONE


def test_what_is_gone_needs_no_cover(trust: Trust) -> None:
    first, _ = ids(trust)
    trust.store.write(
        lambda c: records.enter(c, trust.id, first, records.read_said({"status": "disposed"}), source="page", **BY)
    )
    assert first not in {one.device.device_id for one in laid(trust).covers}


def test_who_sees_one_school_is_told_what_concerns_it(trust: Trust) -> None:
    with trust.store.reader() as connection:
        sites = {place.school_name: place.school_id for place in places.places(connection, trust.id)}
        oak = sites["Oak Lane"]
        ash = next(s.school_id for s in covering.cases.school_lives.schools(connection, trust.id) if s.name == "Ash")
    put(trust, "Everywhere")
    put(trust, "Both", schools=frozenset({oak, ash}))
    put(trust, "Oak alone", schools=frozenset({oak}))
    put(trust, "One device", devices=frozenset(ids(trust)[:1]))
    told = {one.provider: one.schools for one in laid(trust, frozenset({ash})).contracts}
    assert told == {"Everywhere": frozenset(), "Both": {ash}}
    assert {one.provider for one in laid(trust, frozenset({oak})).contracts} == {
        "Everywhere", "Both", "Oak alone", "One device",
    }  # fmt: skip
    assert all(one.device.school_id == oak for one in laid(trust, frozenset({oak})).covers)


def test_a_contract_is_changed_ended_and_taken_out_and_the_journal_has_its_id(trust: Trust) -> None:
    key = put(trust, "Secret Provider", notice=date(2027, 5, 1))
    with trust.store.reader() as connection:
        before = covering.get_contract(connection, trust.id, key)
    changed = Contract(key, "Other", before.kind, before.starts, before.ends, cost=120_000_00)
    trust.store.write(lambda c: covering.put_contract(c, trust.id, changed, **BY))
    trust.store.write(lambda c: covering.end_contract(c, trust.id, key, date(2026, 9, 1), **BY))
    assert laid(trust).covers[0].state is State.NONE
    trust.store.write(lambda c: covering.withdraw_contract(c, trust.id, key, **BY))
    assert laid(trust).contracts == ()
    noted = [one for one in journaled(trust) if one[0].startswith("contract")]
    assert [action for action, _ in noted] == [
        "contract_added", "contract_changed", "contract_ended", "contract_withdrawn",
    ]  # fmt: skip
    assert all(detail == {"contract": key} for _, detail in noted)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"provider": ""}, "who provides it"), ({"ends": date(2025, 1, 1)}, "cannot end"),
        ({"notice": date(2028, 1, 1)}, "too late"), ({"classes": frozenset({"spaceship"})}, "no class"),
        ({"schools": frozenset({"nowhere"})}, "no school"), ({"devices": frozenset({"nothing"})}, "no device"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(trust: Trust, wanted: dict[str, object], why: str) -> None:
    with pytest.raises(CollectorError, match=why):
        put(trust, **wanted)
    assert laid(trust).contracts == ()


def test_services_stand_by_school_with_marks_and_the_list_is_the_trusts(trust: Trust) -> None:
    def work(c: rows.Connection) -> None:
        oak = schools.named(c, trust.id, "Oak Lane").school_id
        covering.put_provision(c, trust.id, Provision("", "broadband", oak, "FibreCo", cost=600_000), **BY)
        covering.put_provision(c, trust.id, Provision("", "broadband", "", "LineCo"), **BY)
        given = [ServiceMark("", oak, "broadband", By.USERS, mark, TODAY) for mark in (2, 3)]
        covering.give_marks(c, trust.id, given, source="page", **BY)
        covering.add_service(c, trust.id, "Telephony", **BY)
        covering.leave_out_service(c, trust.id, "MIS", **BY)

    trust.store.write(work)
    with trust.store.reader() as connection:
        found = covering.provided(connection, trust.id, TODAY)
    by_name = {(found.schools[school], cell.service.name): cell for (school, _), cell in found.cells.items()}
    oak = by_name["Oak Lane", "Broadband"]
    assert (oak.providers, oak.is_contention) == (("FibreCo", "LineCo"), True)
    assert (oak.marks[By.USERS].value, oak.marks[By.USERS].count) == (2.5, 2)
    assert by_name["Ash", "Broadband"].providers == ("LineCo",)
    assert by_name["Ash", "Telephony"].is_gap
    assert ("Ash", "MIS") not in by_name
    trust.store.write(lambda c: covering.add_service(c, trust.id, "mis", **BY))
    with trust.store.reader() as connection:
        assert "MIS" in {one.name for one in covering.services(connection, trust.id)}
        with pytest.raises(CollectorError, match="on the list already"):
            covering.add_service(connection, trust.id, "Telephony", **BY)


def test_marks_on_devices_are_averages_by_device_and_can_be_taken_back(trust: Trust) -> None:
    first, second = ids(trust)
    school_id, kind = trust.detail(first).row.school_id, trust.detail(first).row.device_class
    given = [
        DeviceMark("", school_id, 4, TODAY, kind), DeviceMark("", school_id, 1, TODAY, device_id=first),
        DeviceMark("", school_id, 2, TODAY, device_id=first), DeviceMark("", school_id, 5, date(2024, 1, 1), kind),
    ]  # fmt: skip
    made = trust.store.write(lambda c: covering.give_marks(c, trust.id, given, source="page", **BY))
    with trust.store.reader() as connection:
        assert rows.marks_of(connection, trust.id, TODAY) == {first: 1.5, second: 4.0}
        assert rows.marks_of(connection, trust.id) == {first: 1.5, second: 4.5}
        assert rows.marked(connection, trust.id, TODAY)[first].count == 2
    trust.store.write(lambda c: covering.withdraw_mark(c, trust.id, made[1], **BY))
    with pytest.raises(CollectorError, match="no such mark"):
        trust.store.write(lambda c: covering.withdraw_mark(c, trust.id, made[2], schools=frozenset(), **BY))
    with trust.store.reader() as connection:
        assert rows.marks_of(connection, trust.id, TODAY)[first] == 2.0


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        (DeviceMark("", "OAK", 0, TODAY, "switch"), "from 1"), (DeviceMark("", "OAK", 6, TODAY, "switch"), "from 1"),
        (DeviceMark("", "OAK", 3, date(2030, 1, 1), "switch"), "has not come"),
        (DeviceMark("", "OAK", 3, TODAY), "say of which"),
        (DeviceMark("", "OAK", 3, TODAY, device_id="strange"), "no device"),
        (DeviceMark("", "gone", 3, TODAY, "switch"), "no school"),
        (ServiceMark("", "OAK", "tea", By.USERS, 3, TODAY), "no service"),
    ],
)  # fmt: skip
def test_a_mark_that_cannot_be_is_refused_and_none_beside_it_is_kept(
    trust: Trust, mark: ServiceMark | DeviceMark, why: str
) -> None:
    school_id = trust.devices()[0].school_id
    wanted = dataclasses.replace(mark, school_id=school_id) if mark.school_id == "OAK" else mark
    good = DeviceMark("", school_id, 3, TODAY, "switch")
    with pytest.raises(CollectorError, match=why):
        trust.store.write(lambda c: covering.give_marks(c, trust.id, [good, wanted], source="page", **BY))
    with trust.store.reader() as connection:
        assert rows.device_marks(connection, trust.id) == []
