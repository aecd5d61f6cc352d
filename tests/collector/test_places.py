"""Schools that come and go, rooms and what stands for them, term dates: rules above the rows, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select
from trusts import DAY, START, Trust, entity, group, system

from collector import (
    corrections,
    history,
    identity,
    journal,
    passing,
    records,
    rooms,
    schools,
    tenure,
    terms,
    wishes,
)
from collector.calendar import Kind
from collector.errors import CollectorError
from collector.gias import Change
from collector.records import files, proposing, roomed
from collector.store import Store, Transaction, kinship, places, school_lives, words
from collector.store import agents as agent_rows
from collector.store import schema as t
from collector.store import terms as term_rows
from stocktake.values import Binding, SnmpBindings

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
BY = {"actor": "me", "now": NOW}
SERIAL = "CN77FP1234"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def trust(store: Store) -> Trust:
    return Trust(store)


def school_id(trust: Trust, name: str = "Oak Lane") -> str:
    with trust.store.reader() as connection:
        return schools.named(connection, trust.id, name).school_id


def actions(trust: Trust) -> list[str]:
    with trust.store.reader() as connection:
        assert journal.verify(connection, trust.id) == ""
        return list(connection.execute(select(t.journal.c.action).order_by(t.journal.c.position)).scalars())


# ------------------------------------------------------------------------------------------------ coming and going


def test_a_conversion_keeps_the_school_and_both_urns_with_their_days(trust: Trust) -> None:
    own = school_id(trust)
    trust.store.write(
        lambda c: schools.convert(c, trust.id, own, "150001", date(2026, 10, 1), "Oak Academy", actor="me", now=NOW)
    )
    with trust.store.reader() as connection:
        numbers = school_lives.numbers(connection, trust.id, own)
        assert schools.named(connection, trust.id, "150001").school_id == own
        believed = connection.execute(select(t.school_urns).where(t.school_urns.c.urn == "123456")).all()
    assert [(n.urn, n.predecessor) for n in numbers] == [("123456", ""), ("150001", "123456")]
    assert numbers[0].until == numbers[1].since == datetime(2026, 9, 30, 23, 0, tzinfo=UTC)  # midnight in London
    assert {row.recorded_to for row in believed} == {NOW, None}
    assert actions(trust)[-1] == "school_converted"


def test_a_urn_that_another_school_has_and_a_day_to_come_are_refused(trust: Trust) -> None:
    own = school_id(trust)
    trust.store.write(lambda c: schools.join(c, trust.id, "Elm", "150001", TODAY, actor="me", now=NOW))
    for urn, day, sentence in (
        ("150001", TODAY, "is Elm's already"),
        ("150002", date(2027, 1, 1), "has not come yet"),
        ("15x", TODAY, "is no URN"),
    ):
        with pytest.raises(CollectorError, match=sentence):
            trust.store.write(lambda c, u=urn, d=day: schools.convert(c, trust.id, own, u, d, actor="me", now=NOW))


def test_a_school_that_left_is_read_only_its_agents_shut_out_and_its_secrets_forgotten(trust: Trust) -> None:
    own = school_id(trust)
    trust.say(START, system("sw"))

    def secrets(connection: Transaction) -> None:
        made = agent_rows.StoredCredential("", "switches", "2c", own, b"sealed")
        agent_rows.add_credential(connection, trust.id, made, START)
        agent_rows.add_token(connection, trust.id, b"x" * 32, trust.site, now=START, expires=START + DAY)

    trust.store.write(secrets)
    life = trust.store.write(lambda c: schools.leave(c, trust.id, own, date(2026, 8, 31), actor="me", now=NOW))
    assert life.retention_until == date(2032, 8, 30)
    assert not tenure.is_over(life, NOW)
    assert tenure.is_over(life, NOW.replace(year=2033))
    refused = (
        lambda c: schools.find(c, trust.id, "Oak Lane"),
        lambda c: schools.find_or_add(c, trust.id, "Oak Lane", "", NOW),
        lambda c: schools.rename(c, trust.id, own, "x", actor="me", now=NOW),
        lambda c: schools.add_site(c, trust.id, own, "x", "me", NOW),
        lambda c: rooms.add_room(c, trust.id, trust.site, "x", actor="me", now=NOW),
        lambda c: terms.bring(c, trust.id, own, "name,first\nINSET,2026-11-09\n", "x", actor="me", now=NOW),
        lambda c: schools.close(c, trust.id, own, TODAY, actor="me", now=NOW),
    )
    for work in refused:
        with pytest.raises(
            CollectorError, match=r"Oak Lane left the trust on 2026-08-31: what is known .* but not changed"
        ):
            trust.store.write(work)
    with trust.store.reader() as connection:
        assert school_lives.active_agents(connection, trust.id, own) == []
        assert agent_rows.credentials_for(connection, trust.id, own) == []
        assert connection.execute(select(t.enrolment_tokens)).first() is None
    assert len(trust.devices()) == 1
    assert {"agent_revoked", "school_left"} <= set(actions(trust))


def test_a_merge_tells_the_register_s_history_where_devices_live_and_since_when(trust: Trust) -> None:
    own = school_id(trust)
    trust.say(START, system("sw"), entity(SERIAL))
    into = trust.store.write(lambda c: schools.join(c, trust.id, "Elm", "150001", TODAY, actor="me", now=NOW))
    before = history.export_csv(trust.store, trust.id, NOW, NOW, actor="me")
    later, day = NOW + DAY, date(2026, 10, 1)
    trust.store.write(lambda c: schools.merge(c, trust.id, own, into, day, actor="me", now=later))
    assert history.export_csv(trust.store, trust.id, NOW, later, actor="me").csv == before.csv
    (row,) = history.register_as_known(trust.store, trust.id, later + DAY, later + DAY)
    assert (row.cells["school"], row.cells["school_id"]) == ("Elm", into)
    told = history.what_changed(trust.store, trust.id, date(2026, 10, 2), later + DAY)
    assert {(d.cell, d.after, d.cause) for d in told.differences} == {
        ("school", "Elm", "residency"), ("school_id", into, "residency"), ("site", "Oak Lane, Main site", "residency"),
    }  # fmt: skip
    assert not history.what_changed(trust.store, trust.id, date(2026, 9, 30), later + DAY).differences
    with trust.store.reader() as connection:
        homes = connection.execute(select(t.residencies).where(t.residencies.c.recorded_to.is_(None))).all()
    since = schools.midnight(day)
    assert {(home.school_id, home.observed_from, home.observed_to) for home in homes} == {
        (own, START, since), (into, since, None),
    }  # fmt: skip


def test_nobody_changes_what_is_of_a_school_that_closed(trust: Trust) -> None:
    own = school_id(trust)
    trust.say(START, system("a"), entity(SERIAL))
    trust.say(START, system("b"), entity("CN77FP9999"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    a, b = sorted(row.device_id for row in trust.devices())
    room = trust.store.write(lambda c: rooms.add_room(c, trust.id, trust.site, "Office", **BY))
    tied = trust.store.write(lambda c: rooms.tie_location(c, trust.id, room.room_id, "office", **BY))
    said = trust.store.write(
        lambda c: records.enter(c, trust.id, a, {"room": "Office"}, actor="me", source="page", now=NOW)
    )
    record = trust.store.write(lambda c: records.record_of(c, trust.id, a, **BY))
    kept = trust.store.write(lambda c: files.keep(c, trust.id, record, "photo", "x.png", PNG, **BY))
    (one,) = trust.store.write(
        lambda c: corrections.correct(c, trust.id, a, {"name": "office-1"}, "seen", **BY)
    ).corrections
    survivor = trust.store.write(lambda c: identity.say_one(c, trust.id, a, b, "seen", "me", NOW))
    assert said
    with trust.store.reader() as connection:
        (word,) = words.heard(connection, trust.id)
        decided = [row.decision_id for row in kinship.of_device(connection, trust.id, survivor).decided]
    trust.store.write(lambda c: schools.close(c, trust.id, own, date(2026, 8, 31), actor="me", now=NOW))
    page = {"actor": "me", "source": "page", "now": NOW}
    refused = (
        lambda c: records.enter(c, trust.id, a, {"room": "Hall"}, **page),
        lambda c: records.undo(c, trust.id, said.change_id, **page),
        lambda c: records.enter_unseen(c, trust.id, "Oak Lane", {"asset_tag": "T1"}, **page),
        lambda c: files.keep(c, trust.id, record, "photo", "y.png", PNG, **BY),
        lambda c: files.remove(c, trust.id, kept.document_id, **BY),
        lambda c: corrections.correct(c, trust.id, survivor, {"name": "office-2"}, "seen", **BY),
        lambda c: corrections.undo(c, trust.id, one.correction_id, **BY),
        lambda c: identity.take_back(c, trust.id, word.word_id, "me", NOW),
        lambda c: identity.undo(c, trust.id, decided[-1], "seen", "me", NOW),
        lambda c: wishes.pause(c, trust.id, own, NOW + DAY, **BY),
        lambda c: wishes.resume(c, trust.id, own, **BY),
        lambda c: wishes.look_at_device(c, trust.id, own, "10.1.0.5", a, **BY),
        lambda c: wishes.look_at_network(c, trust.id, own, "10.1.0.0/24", **BY),
        lambda c: wishes.try_credential(c, trust.id, own, "10.1.0.5", "x", **BY),
        lambda c: rooms.untie(c, trust.id, tied.tie_id, **BY),
        lambda c: rooms.accept(c, trust.id, own, [], lambda *_: None, **BY),
        lambda c: passing.set_guest(c, trust.id, (trust.site, "10.1.0.0/24"), guest=True, **BY),
        lambda c: terms.forget(c, trust.id, own, **BY),
    )
    for number, work in enumerate(refused):
        with pytest.raises(CollectorError, match=r"Oak Lane closed on 2026-08-31: .* but not changed") as told:
            trust.store.write(work)
        assert told, number
    bulk = trust.store.write(lambda c: proposing.of_devices(c, trust.id, [a], {"room": "Hall"}, **page))
    assert not bulk.plan.moves
    assert "Oak Lane closed" in bulk.plan.troubles[0].sentence
    (merged,) = trust.devices()
    listed = trust.store.write(
        lambda c: proposing.of_file(c, trust.id, f"Serial,Room\n{merged.serial},Hall\n".encode(), "x.csv", **page)
    )
    assert not listed.plan.moves
    assert "Oak Lane closed" in listed.plan.troubles[0].sentence


def test_a_school_that_comes_back_is_the_same_school(trust: Trust) -> None:
    own = school_id(trust)
    trust.store.write(
        lambda c: schools.close(c, trust.id, own, date(2026, 8, 31), date(2030, 1, 1), actor="me", now=NOW)
    )
    later = NOW + DAY
    back = trust.store.write(lambda c: schools.join(c, trust.id, "oak lane", "123456", TODAY, actor="me", now=later))
    assert back == own
    with trust.store.reader() as connection:
        assert school_lives.life(connection, trust.id, own).is_member
        lives = connection.execute(select(t.school_lives).where(t.school_lives.c.recorded_to.is_(None))).all()
    assert [(row.state, row.observed_to is None) for row in sorted(lives, key=lambda r: r.observed_from)] == [
        ("closed", False), ("joined", True),
    ]  # fmt: skip
    with pytest.raises(CollectorError, match="is a school of the trust already"):
        trust.store.write(lambda c: schools.join(c, trust.id, "Oak Lane", "", TODAY, actor="me", now=later))


def test_a_merger_hands_over_sites_agents_and_devices_with_two_residencies(trust: Trust) -> None:
    own = school_id(trust)
    trust.say(START, system("sw"), entity(SERIAL))
    elm = trust.store.write(lambda c: schools.join(c, trust.id, "Elm", "", date(2026, 8, 1), actor="me", now=START))
    moved = trust.store.write(lambda c: schools.merge(c, trust.id, own, elm, date(2026, 10, 1), actor="me", now=NOW))
    assert (moved["sites"], moved["devices"]) == (1, 1)
    (device,) = trust.devices()
    assert device.school_id == elm
    with trust.store.reader() as connection:
        believed = select(t.residencies).where(t.residencies.c.recorded_to.is_(None))
        homes = connection.execute(believed.order_by(t.residencies.c.observed_from)).all()
        names = {place.site_name for place in places.places(connection, trust.id)}
        assert school_lives.active_agents(connection, trust.id, elm) == ["agent-1"]
        assert "became part of" in tenure.said(school_lives.life(connection, trust.id, own))
    assert [(home.school_id, home.observed_to is None) for home in homes] == [(own, False), (elm, True)]
    assert names == {"Main site", "Oak Lane, Main site"}
    trust.say(NOW + DAY, system("sw"), entity(SERIAL))
    assert [row.school_id for row in trust.devices()] == [elm]


def test_what_gias_says_is_done_and_what_waits_is_left(trust: Trust) -> None:
    own = school_id(trust)
    changes = [
        Change("rename", "", own, name="Oak Lane Primary"),
        Change("join", "", urn="150009", name="Ash", day=date(2026, 9, 1)),
        Change("ask", "?", own),
    ]
    assert trust.store.write(lambda c: schools.apply(c, trust.id, changes, actor="me", now=NOW)) == 2
    with trust.store.reader() as connection:
        assert {s.name: s.urn for s in school_lives.schools(connection, trust.id)} == {
            "Ash": "150009", "Oak Lane Primary": "123456",
        }  # fmt: skip


# ------------------------------------------------------------------------------------------------ rooms


def located(name: str, where: str) -> object:
    said = (Binding("1.3.6.1.2.1.1.1.0", 4, b"a switch"), Binding("1.3.6.1.2.1.1.5.0", 4, name.encode()),
            Binding("1.3.6.1.2.1.1.6.0", 4, where.encode()))  # fmt: skip
    return group("system", SnmpBindings(said))


def attach(trust: Trust, mac: str, switch: str, port: int, how: str = "direct", via: str = "") -> None:
    row = {
        "trust_id": trust.id, "site_id": trust.site, "mac": mac, "switch_id": switch, "port": port,
        "port_name": f"Gi1/0/{port}", "vlans": "[]", "how": how, "via": via, "reason": "", "since": START,
    }  # fmt: skip
    trust.store.write(lambda c: c.execute(insert(t.attachments).values(row)))


@pytest.fixture
def wired(trust: Trust) -> dict[str, str]:
    """A switch, three computers at its ports and one that says where it is; by name."""
    trust.say(START, system("switch"), address="10.1.0.1", mac="00:1b:21:00:00:10")
    for number in (1, 2, 3):
        trust.say(START, system(f"pc{number}"), address=f"10.1.0.{10 + number}", mac=f"00:1b:21:00:00:0{number}")
    trust.say(START, located("printer", "Library,  first floor"), address="10.1.0.20", mac="00:1b:21:00:00:20")  # type: ignore[arg-type]
    named = {row.name: row.device_id for row in trust.devices()}
    attach(trust, "00:1b:21:00:00:01", named["switch"], 1)
    attach(trust, "00:1b:21:00:00:02", named["switch"], 2, "behind a phone")
    attach(trust, "00:1b:21:00:00:03", named["switch"], 2, "behind an access point", named["printer"])
    return named


def room(trust: Trust, name: str, building: str = "") -> str:
    made = trust.store.write(lambda c: rooms.add_room(c, trust.id, trust.site, name, building, actor="me", now=NOW))
    return made.room_id


def suggested(trust: Trust) -> dict[str, list[tuple[str, str]]]:
    with trust.store.reader() as connection:
        found = rooms.suggest(connection, trust.id, school_id(trust), roomed.recorded)
    told: dict[str, list[tuple[str, str]]] = {}
    for item in found:
        told.setdefault(item.device, []).append((item.room, item.reason))
    return told


def test_rooms_are_lists_of_a_site_and_names_are_there_once(trust: Trust) -> None:
    room(trust, "101", "Block A")
    room(trust, "101", "Block B")
    with pytest.raises(CollectorError, match="there is a room 101 already"):
        room(trust, " 101", "block a")
    with trust.store.reader() as connection:
        own = school_id(trust)
        assert rooms.find(connection, trust.id, own, "101 (Block A)").building == "Block A"
        with pytest.raises(CollectorError, match="means several rooms"):
            rooms.find(connection, trust.id, own, "101")
        with pytest.raises(CollectorError, match=r"is not a room here; known: 101 .Block A., 101 .Block B."):
            rooms.find(connection, trust.id, own, "102")


def test_ports_access_points_and_locations_suggest_rooms_with_the_reason(trust: Trust, wired: dict[str, str]) -> None:
    library, office = room(trust, "Library"), room(trust, "Office")
    trust.store.write(lambda c: rooms.tie_port(c, trust.id, library, wired["switch"], "1", actor="me", now=NOW))
    trust.store.write(lambda c: rooms.tie_port(c, trust.id, office, wired["switch"], "2", actor="me", now=NOW))
    trust.store.write(lambda c: rooms.tie_location(c, trust.id, library, "library, FIRST floor", actor="me", now=NOW))
    assert suggested(trust) == {
        "pc1": [("Library", "it hangs at port Gi1/0/1 of switch")],
        "pc2": [("Office", "it hangs at port Gi1/0/2 of switch (behind a phone)")],
        "printer": [("Library", "it says that it is at “library, first floor”")],
    }
    trust.store.write(lambda c: rooms.tie_access_point(c, trust.id, library, wired["printer"], actor="me", now=NOW))
    assert suggested(trust)["pc3"] == [("Library", "it is connected to the access point printer")]
    with pytest.raises(CollectorError, match="no device of this school has the id"):
        trust.store.write(lambda c: rooms.tie_access_point(c, trust.id, library, "nobody", actor="me", now=NOW))


def test_what_is_without_doubt_is_accepted_at_once_and_then_suggested_no_more(
    trust: Trust, wired: dict[str, str]
) -> None:
    own, library, office = school_id(trust), room(trust, "Library", "Block A"), room(trust, "Office")
    trust.store.write(lambda c: rooms.tie_port(c, trust.id, library, wired["switch"], "1", actor="me", now=NOW))
    for where in (library, office):
        trust.store.write(
            lambda c, w=where: rooms.tie_access_point(c, trust.id, w, wired["printer"], actor="me", now=NOW)
        )
    trust.store.write(lambda c: rooms.tie_location(c, trust.id, library, "Library, first floor", actor="me", now=NOW))
    written: dict[str, str] = {}

    def work(connection: Transaction) -> int:
        certain = rooms.certain(rooms.suggest(connection, trust.id, own, lambda *_: {}))
        write = lambda _c, _t, device_id, name: written.update({device_id: name})  # noqa: E731 - the caller's way to write
        return rooms.accept(connection, trust.id, own, certain, write, actor="me", now=NOW)

    assert trust.store.write(work) == 2
    assert written[wired["pc1"]] == "Library (Block A)"
    assert "room_accepted" in actions(trust)
    with trust.store.reader() as connection:
        again = rooms.suggest(connection, trust.id, own, lambda *_: written)
    assert wired["pc1"] not in {item.device_id for item in again}


def test_a_port_is_tied_once_and_a_tie_ends_with_its_room(trust: Trust, wired: dict[str, str]) -> None:
    library, office = room(trust, "Library"), room(trust, "Office")
    for where in (library, office):
        trust.store.write(lambda c, w=where: rooms.tie_port(c, trust.id, w, wired["switch"], "1", actor="me", now=NOW))
    assert suggested(trust)["pc1"][0][0] == "Office"
    trust.store.write(lambda c: rooms.remove_room(c, trust.id, office, actor="me", now=NOW))
    assert suggested(trust) == {}
    made = trust.store.write(lambda c: rooms.tie_port(c, trust.id, library, wired["switch"], "1", actor="me", now=NOW))
    trust.store.write(lambda c: rooms.untie(c, trust.id, made.tie_id, actor="me", now=NOW))
    assert suggested(trust) == {}
    with pytest.raises(CollectorError, match="tied to no room any more"):
        trust.store.write(lambda c: rooms.untie(c, trust.id, made.tie_id, actor="me", now=NOW))


# ------------------------------------------------------------------------------------------------ terms


def test_term_dates_replace_those_of_the_same_kind_and_year_and_nothing_else(trust: Trust) -> None:
    own = school_id(trust)
    first = "name,first,last\nAutumn term,2026-09-03,2026-12-18\nAutumn term,2025-09-03,2025-12-19\nINSET,2026-11-09,\n"
    again = "name,first,last\nAutumn term,2026-09-01,2026-12-18\n"
    for content, counts in ((first, (3, 0)), (first, (0, 0)), (again, (1, 1))):
        brought = trust.store.write(
            lambda c, said=content: terms.bring(c, trust.id, own, said, "terms.csv", actor="me", now=NOW)
        )
        assert (brought.fresh, brought.ended) == counts
    with trust.store.reader() as connection:
        lived = term_rows.calendar(connection, trust.id, own)
        assert lived.is_term_day(date(2026, 9, 1))
        assert not lived.is_term_day(date(2026, 11, 9))
        assert not lived.is_assumed(date(2025, 9, 3))
        assert term_rows.calendar(connection, trust.id).is_assumed(date(2026, 9, 1))
        assert {span.kind for span in lived.own} == {Kind.TERM, Kind.INSET}
        assert connection.execute(select(t.terms)).all().__len__() == 4
    assert trust.store.write(lambda c: terms.forget(c, trust.id, own, actor="me", now=NOW)) == 3
    with trust.store.reader() as connection:
        assert term_rows.calendar(connection, trust.id, own).is_assumed(date(2026, 9, 1))


def test_a_file_that_says_nothing_changes_nothing(trust: Trust) -> None:
    for content, sentence in (("x", "neither a calendar"), ("name,first\nTerm,soon\n", "is no date")):
        with pytest.raises(CollectorError, match=f"t.csv: .*{sentence}.*; nothing was changed"):
            trust.store.write(lambda c, said=content: terms.bring(c, trust.id, "", said, "t.csv", actor="me", now=NOW))
