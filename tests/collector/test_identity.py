"""Identity in the store, the same on SQLite and PostgreSQL: in whatever order evidence comes, and as people say."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from trusts import DAY, START, Trust, asked, entity, group, smbios, system

from collector import identity, journal, reinterpret, understand
from collector.errors import CollectorError
from collector.facts import Identifier, IdentifierKind
from collector.store import Store, Transaction, claims, days, kinship, places, questions, tombstones
from collector.store.evidence import IncomingExamination
from collector.store.journal import entries as entries_of
from stocktake.values import Binding, Method, SnmpBindings, Subject, SubjectKind

MAC_1, MAC_2 = "00:1b:21:00:00:01", "00:1b:21:00:00:02"
BOARD = {"sys_vendor": "Dell Inc.", "product_name": "OptiPlex 7010", "product_serial": "7XKQ2P3"}


@pytest.fixture
def trust(store: Store) -> Trust:
    return Trust(store)


def partition_of(trust: Trust) -> set[frozenset[tuple[str, str]]]:
    """Which claims are of one device: by what their lanes are about and what they say."""
    with trust.store.reader() as connection:
        return {
            frozenset(
                (row.subject, ", ".join(row.marks))
                for row in kinship.of_device(connection, trust.id, device.device_id).claims
            )
            for device in trust.devices()
        }


def ids_of(trust: Trust) -> dict[str, str]:
    return {row.name: row.device_id for row in trust.devices()}


# ------------------------------------------------------------------------------------------------ order

REPORTS = (
    (0, asked(system("old"), entity("S1"))),
    (1, asked(system("old"), entity("S2"), mac=MAC_2)),  # another switch has the address
    (2, asked(system("new"), entity("S1"), address="10.1.0.6")),
    (3, asked(system("new"), address="10.1.0.6")),
    (4, asked(system("only"), address="10.1.0.9", mac="")),
)


def bring(store: Store, order: tuple[int, ...]) -> Trust:
    trust = Trust(store)
    for place, number in enumerate(order):
        day, body = REPORTS[number]
        trust.keep(body, START + day * DAY, sequence=number + 1)
        if place % 2:
            understand.understand_pending(store, trust.id, START + 9 * DAY)
    understand.understand_pending(store, trust.id, START + 9 * DAY)
    return trust


@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 0, 4, 1, 3), (1, 3, 0, 2, 4), (3, 1, 0, 4, 2)])
def test_evidence_is_of_the_same_devices_in_whatever_order_it_comes(store: Store, order: tuple[int, ...]) -> None:
    in_order, otherwise = bring(store, tuple(range(5))), bring(store, order)
    assert partition_of(otherwise) == partition_of(in_order)
    assert len(in_order.devices()) == 3


def test_what_is_replayed_changes_nothing(trust: Trust) -> None:
    for number in (0, 1, 2, 3, 4, 0, 2, 1):
        day, body = REPORTS[number]
        trust.keep(body, START + day * DAY)
        understand.understand_pending(trust.store, trust.id, START + 9 * DAY)
    once = bring(trust.store, tuple(range(5)))
    assert partition_of(trust) == partition_of(once)


def test_late_evidence_tells_of_a_device_that_nobody_knew(trust: Trust) -> None:
    trust.say(START + 2 * DAY, system("b"), entity("S2"), mac=MAC_2)
    trust.keep(asked(system("a"), entity("S1")), START)
    understand.understand_pending(trust.store, trust.id, START + 3 * DAY)
    (a,) = [row for row in trust.devices() if row.serial == "S1"]
    assert (a.name, a.first_seen, a.last_seen) == ("a", START, START)
    assert {row.serial for row in trust.devices()} == {"S1", "S2"}


def test_a_week_without_a_link_is_kept_with_its_days(trust: Trust) -> None:
    for day in (0, 1, 4):
        trust.keep(asked(system("a"), entity("S1")), START + day * DAY)
    understand.understand_pending(trust.store, trust.id, START + 7 * DAY)
    (row,) = trust.devices()
    assert (row.first_seen, row.last_seen) == (START, START + 4 * DAY)
    with trust.store.reader() as connection:
        (seen,) = days.day_sets(connection, trust.id, [row.device_id], START + 8 * DAY).values()
    assert seen == {(START + day * DAY).date() for day in (0, 1, 4)}


def test_late_evidence_of_a_network_of_guests_makes_no_device(trust: Trust) -> None:
    def guests(connection: Transaction) -> None:
        places.add_networks(connection, trust.id, trust.site, ["10.1.0.0/24"], START)
        tombstones.mark_guest(connection, trust.id, trust.site, "10.1.0.0/24", guest=True)

    trust.store.write(guests)
    for day, name in ((1, b"phone"), (0, b"earlier")):
        told = group("system", SnmpBindings((Binding("1.3.6.1.2.1.1.5.0", 4, name),)))
        trust.keep(asked(told), START + day * DAY)
        understand.understand_pending(trust.store, trust.id, START + 2 * DAY)
    assert trust.devices() == []


# ------------------------------------------------------------------------------------------------ a person's word


def two(trust: Trust) -> tuple[str, str]:
    """Two switches that the evidence keeps apart."""
    trust.say(START, system("a"), entity("S1"))
    trust.say(START + DAY, system("b"), entity("S2"), address="10.1.0.6", mac=MAC_2)
    ids = ids_of(trust)
    return ids["a"], ids["b"]


def write(trust: Trust, *said: object, name: str, day: int = 3) -> str:
    def work(connection: Transaction) -> str:
        return getattr(identity, name)(connection, trust.id, *said, "as I saw it", "owner", START + day * DAY)  # type: ignore[no-any-return]

    return trust.store.write(work)


def decisions(trust: Trust, device_id: str) -> tuple[kinship.DecidedRow, ...]:
    with trust.store.reader() as connection:
        return kinship.of_device(connection, trust.id, device_id).decided


def test_what_a_person_calls_one_is_one_through_reinterpretation_and_later_evidence(trust: Trust) -> None:
    a, b = two(trust)
    assert write(trust, a, b, name="say_one") == a
    reinterpret.reinterpret(trust.store, trust.id, START + 4 * DAY)
    trust.say(START + 5 * DAY, system("b", description="anew"), entity("S2"), address="10.1.0.6", mac=MAC_2)
    (row,) = trust.devices()
    assert row.device_id == a
    assert trust.detail(b).row.device_id == a
    assert trust.detail(a).aliases == (b,)


def test_undoing_a_merge_brings_both_back_with_all_that_was_known(trust: Trust) -> None:
    a, b = two(trust)
    before = {device: trust.detail(device) for device in (a, b)}
    write(trust, a, b, name="say_one")
    (merged,) = decisions(trust, a)
    assert (merged.verdict, merged.other, merged.reason) == ("merge", b, "a person said that these are one")
    assert write(trust, merged.decision_id, name="undo", day=4) == b
    for device in (a, b):
        detail = trust.detail(device)
        assert detail.row == before[device].row
        assert detail.identifiers == before[device].identifiers
        assert [(fact.name, fact.value) for fact in detail.facts] == [
            (fact.name, fact.value) for fact in before[device].facts
        ]
    reinterpret.reinterpret(trust.store, trust.id, START + 5 * DAY)
    assert set(ids_of(trust).values()) == {a, b}


def test_a_merge_by_evidence_can_be_undone_by_a_person_and_stays_undone(trust: Trust) -> None:
    trust.say(START, system("a"), mac=MAC_1)
    trust.say(START + DAY, system("b"), entity("S2"), address="10.1.0.6", mac=MAC_2)
    a, b = (ids_of(trust)[name] for name in "ab")
    trust.say(START + 2 * DAY, system("b"), entity("S2"), mac=MAC_1)
    (row,) = trust.devices()
    assert row.device_id == a
    (merged,) = [item for item in decisions(trust, a) if item.verdict == "merge"]
    assert "both have serial hp:S2" in merged.reason
    write(trust, merged.decision_id, name="undo", day=3)
    reinterpret.reinterpret(trust.store, trust.id, START + 4 * DAY)
    assert {a, b} <= {row.device_id for row in trust.devices()}


def test_a_word_that_is_taken_back_leaves_the_evidence_to_decide(trust: Trust) -> None:
    a, b = two(trust)
    write(trust, a, b, name="say_one")
    with trust.store.reader() as connection:
        (word,) = kinship.of_device(connection, trust.id, a).words
    trust.store.write(lambda c: identity.take_back(c, trust.id, word.word_id, "owner", START + 4 * DAY))
    assert set(ids_of(trust).values()) == {a, b}


def test_a_word_needs_a_reason_and_devices_that_are_there(trust: Trust) -> None:
    a, b = two(trust)
    for ours, theirs, reason in ((a, b, " "), (a, "nothere", "why"), (a, a, "why")):
        with pytest.raises(CollectorError):
            trust.store.write(
                lambda c, x=ours, y=theirs, r=reason: identity.say_one(c, trust.id, x, y, r, "owner", START)
            )
    with pytest.raises(CollectorError, match="leave it some"):
        trust.store.write(lambda c: identity.say_two(c, trust.id, a, [], "why", "owner", START))


def test_the_journal_holds_ids_of_what_was_said_and_no_value(trust: Trust) -> None:
    a, b = two(trust)
    write(trust, a, b, name="say_one")
    with trust.store.reader() as connection:
        last = list(entries_of(connection, trust.id))[-1]
        assert journal.verify(connection, trust.id) == ""
    assert last.action == "word_said"
    assert a in last.detail
    assert b in last.detail
    assert "S1" not in last.detail
    assert MAC_1 not in last.detail


# ------------------------------------------------------------------------------------------------ questions


def machine(trust: Trust, when: int, uuid: str, mac: str, address: str) -> None:
    """A machine that is examined by SNMP and lists its board; one MAC of its own."""
    body = asked(smbios(**BOARD, product_uuid=uuid), system("pc"), address=address, mac=mac)
    trust.keep(body, START + timedelta(hours=when))
    understand.understand_pending(trust.store, trust.id, START + timedelta(hours=when))


UUIDS = ("4c4c4544-0058-5910-805a-b5c04f313233", "4c4c4544-0058-5910-805a-b5c04f313299")


def test_two_machines_with_one_serial_are_asked_of_people_and_their_answer_binds(trust: Trust) -> None:
    for when, (uuid, mac, address) in itertools.product(
        (0, 30), zip(UUIDS, (MAC_1, MAC_2), ("10.1.0.5", "10.1.0.6"), strict=True)
    ):
        machine(trust, when + (uuid == UUIDS[1]), uuid, mac, address)
    assert len(trust.devices()) == 2
    with trust.store.reader() as connection:
        (asked_of,) = questions.still_open(connection, trust.id)
    assert asked_of.reason.startswith("both have serial dell:7XKQ2P3, but one has SMBIOS UUID")
    write(trust, asked_of.question_id, name="dismiss")
    with trust.store.reader() as connection:
        assert not questions.still_open(connection, trust.id)
    machine(trust, 99, UUIDS[0], MAC_1, "10.1.0.5")
    with trust.store.reader() as connection:
        assert not questions.still_open(connection, trust.id)


def test_a_replaced_mainboard_is_in_the_same_machine_until_the_old_one_is_seen_again(trust: Trust) -> None:
    machine(trust, 0, UUIDS[0], MAC_1, "10.1.0.5")
    machine(trust, 48, UUIDS[1], MAC_2, "10.1.0.6")
    (row,) = trust.devices()
    machine(trust, 72, UUIDS[0], MAC_1, "10.1.0.5")
    found = trust.devices()
    assert len(found) == 2
    assert row.device_id in {one.device_id for one in found}
    assert decisions(trust, row.device_id)[0].verdict == "split"


# ------------------------------------------------------------------------------------------------ records


def expect(trust: Trust, record: str, *values: str) -> str:
    said = [Identifier(IdentifierKind.SERIAL, value) for value in values]

    def work(connection: Transaction) -> str:
        return identity.expect(connection, trust.id, record, said, trust.site, START + 2 * DAY)

    return trust.store.write(work)


def test_a_device_on_a_delivery_list_is_expected_and_is_met_at_first_sight(trust: Trust) -> None:
    expected = expect(trust, "r1", "?:S1")
    (row,) = trust.devices()
    assert (row.device_id, row.last_method) == (expected, "RECORD")
    trust.say(START + DAY, system("a"), entity("S1"))
    (row,) = trust.devices()
    assert (row.device_id, row.serial, row.name) == (expected, "S1", "a")


def test_a_record_follows_its_serial_when_that_is_mended(trust: Trust) -> None:
    a, _ = two(trust)
    wrong = expect(trust, "r1", "hp:WRONG")
    assert wrong != a
    said = [Identifier(IdentifierKind.SERIAL, "hp:S1")]
    assert trust.store.write(lambda c: identity.reidentify(c, trust.id, "r1", said, START + 3 * DAY)) == a
    with trust.store.reader() as connection:
        assert {claim.lane for claim in claims.of_device(connection, trust.id, a)} >= {0}


def test_a_subject_that_says_nothing_is_met_again_at_its_place(trust: Trust) -> None:
    subject = Subject(SubjectKind.ADDRESS, "10.1.0.77", "", "10.1.0.0/24")
    for day in (0, 1):
        trust.keep(
            IncomingExamination(subject, Method.SNMP_V2C, b"", relayed=False, groups=(system(f"x{day}"),)),
            START + day * DAY,
        )
        understand.understand_pending(trust.store, trust.id, START + day * DAY)
    (row,) = trust.devices()
    assert row.name == "x1"
