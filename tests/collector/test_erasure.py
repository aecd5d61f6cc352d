"""After an erase nothing holds the value: no row, no evidence, no page of the database; and it says what it did."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select
from trusts import DAY, START, Trust, asked, entity, group, system

from collector import corrections, history, identity, journal, passing, privacy, records, understand
from collector.errors import CollectorError
from collector.facts import Fact, Identifier, IdentifierKind, Reading, Source
from collector.intake import vault
from collector.privacy import Means, Wanted
from collector.records import files
from collector.screening import Watch, keyed
from collector.store import Store, Transaction, acts, agents, erasure, evidence, places, tombstones
from collector.store import schema as t
from collector.store.evidence import IncomingExamination, IncomingReport
from stocktake import wire
from stocktake.notations import MAC, TEXT, Item, item
from stocktake.redaction import Sought
from stocktake.values import Binding, Method, Sighting, Sightings, SnmpBindings, Subject, SubjectKind

PHONE = "00:1b:21:9a:0e:c1"
RAW = bytes.fromhex("001b219a0ec1")
OTHER = "00:1b:21:9a:0e:c2"
SWITCH = "00:1b:21:00:00:01"
LATER = START + 2 * DAY
GONE = Sought([item(MAC, PHONE)])


@dataclass
class Estate:
    """A trust in which a phone was seen on a network, in a switch's table, and asked by itself."""

    trust: Trust
    means: Means
    folder: Path
    sealed: list[bytes] = field(default_factory=list)

    def erase(self, kind: str = "mac", value: str = PHONE, **options: bool) -> tombstones.Tombstone:
        return privacy.erase(
            self.trust.store, self.trust.id, Wanted(kind, value), self.means, actor="console",
            reason="asked by the person", now=LATER, **options,
        )  # fmt: skip

    def plan(self, kind: str = "mac", value: str = PHONE) -> privacy.Plan:
        with self.trust.store.reader() as connection:
            return privacy.plan(connection, self.trust.id, Wanted(kind, value))

    def found(self, sought: Sought = GONE) -> dict[str, int]:
        with self.trust.store.reader() as connection:
            return erasure.find(connection, self.trust.id, sought).counts()

    def sweep(self, *sightings: Sighting) -> None:
        subject = Subject(SubjectKind.NETWORK, network="10.1.0.0/24")
        groups = (group("sightings", Sightings(sightings)),)
        self.trust.keep(IncomingExamination(subject, Method.ARP, b"", relayed=False, groups=groups), START)
        understand.understand_pending(self.trust.store, self.trust.id, START)


def forwarding(*macs: bytes) -> SnmpBindings:
    rows = [Binding(f"1.3.6.1.2.1.17.4.3.1.2.{'.'.join(map(str, mac))}", 2, b"\7") for mac in macs]
    return SnmpBindings((*rows, *(Binding(f"1.3.6.1.2.1.17.4.3.1.1.{'.'.join(map(str, m))}", 4, m) for m in macs)))


@pytest.fixture
def estate(store: Store, tmp_path: Path) -> Estate:
    trust = Trust(store)
    means = Means(vault.Vault(tmp_path / "credentials.key"), vault.seal_erased, tmp_path / "erasures.jsonl")
    made = Estate(trust, means, tmp_path)
    made.sweep(Sighting("10.1.0.9", PHONE), Sighting("10.1.0.8", OTHER))
    trust.say(
        START, system("sw1"), entity("CN7AB42"), group("forwarding", forwarding(RAW, bytes.fromhex("001b219a0ec2")))
    )
    trust.say(START, system("phone of Kim", description="seen as 001B.219A.0EC1"), address="10.1.0.9", mac=PHONE)
    return made


def table(connection: Transaction, name: str) -> list[dict[str, object]]:
    return [dict(row) for row in connection.execute(select(t.metadata.tables[name])).mappings()]


# ------------------------------------------------------------------------------------------------ everywhere


def test_nothing_holds_an_erased_mac_and_the_rest_stays(estate: Estate) -> None:
    before = {row.mac for row in estate.trust.devices()}
    assert {PHONE, OTHER, SWITCH} <= before
    assert estate.found()
    done = estate.erase()
    assert estate.found() == {}
    assert done.counts["content"] >= 2
    assert {row.mac for row in estate.trust.devices()} == before - {PHONE}
    assert {row.name for row in estate.trust.devices()} == {"sw1", ""}


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)  # PostgreSQL's files are its server's
def test_no_page_of_the_database_holds_an_erased_value(estate: Estate) -> None:
    files = sorted(estate.folder.glob("stocktake.db*"))
    assert any(RAW in file.read_bytes() or PHONE.encode() in file.read_bytes() for file in files)
    estate.erase(keep_away=True)
    for file in estate.folder.iterdir():
        assert not GONE.occurs(file.read_bytes()), file.name


def test_evidence_is_redacted_under_its_new_digest_and_says_so(estate: Estate) -> None:
    estate.erase()
    with estate.trust.store.reader() as connection:
        kept = {row["digest"]: row for row in table(connection, "content")}
        rows = table(connection, "evidence")
    assert [row for row in rows if str(row["detail"]).startswith("redacted")]
    assert {row["digest"] for row in rows if row["digest"]} <= kept.keys()
    with estate.trust.store.reader() as connection:
        for lane_id in evidence.lane_ids(connection, estate.trust.id):
            for each in evidence.lane(connection, estate.trust.id, lane_id).groups.values():
                assert wire.digest(each.content) in kept
                wire.decode_content(each.content)


def test_a_device_that_is_known_by_more_keeps_its_row_without_the_value(estate: Estate) -> None:
    switch = next(row for row in estate.trust.devices() if row.mac == SWITCH)
    assert estate.plan(value=SWITCH).whole == ()
    done = estate.erase(value=SWITCH)
    left = next(row for row in estate.trust.devices() if row.device_id == switch.device_id)
    assert (left.mac, left.name, left.serial) == ("", "sw1", "CN7AB42")
    assert [(each.device_id, each.whole) for each in done.devices] == [(switch.device_id, False)]


def test_a_device_goes_with_all_that_only_it_has(estate: Estate) -> None:
    switch = next(row for row in estate.trust.devices() if row.mac == SWITCH)
    estate.erase("device", switch.device_id)
    assert estate.found(Sought([item(MAC, SWITCH), item(TEXT, "CN7AB42")])) == {}
    assert switch.device_id not in {row.device_id for row in estate.trust.devices()}
    with estate.trust.store.reader() as connection:
        for each in erasure.searched():
            rows = table(connection, each.name) if each.name != "register" else []
            assert switch.device_id not in {row.get("device_id") for row in rows}, each.name


def test_a_preview_says_what_would_go_and_changes_nothing(estate: Estate) -> None:
    before = estate.found()
    planned = estate.plan()
    phone = next(row for row in estate.trust.devices() if row.mac == PHONE)
    assert planned.found.counts() == before
    assert planned.whole == (phone.device_id,)
    assert PHONE not in repr(planned)
    assert estate.found() == before


def test_all_is_read_again_without_it(estate: Estate) -> None:
    from collector import reinterpret  # noqa: PLC0415 - needed here alone

    estate.erase()
    reinterpret.reinterpret(estate.trust.store, estate.trust.id, LATER + DAY)
    assert estate.found() == {}
    assert PHONE not in {row.mac for row in estate.trust.devices()}


def test_what_people_said_of_it_goes_too_and_what_the_evidence_says_stands_again(estate: Estate) -> None:
    trust, store = estate.trust, estate.trust.store
    switch = next(row.device_id for row in trust.devices() if row.mac == SWITCH)

    def said(connection: Transaction) -> None:
        by = {"actor": "anna", "now": START + DAY}
        corrections.correct(connection, trust.id, switch, {"name": f"sw {PHONE}", "model": "2530"}, "seen", **by)
        corrections.correct(connection, trust.id, switch, {"maker": "HPE"}, f"it knows {PHONE}", **by)
        record = records.record_of(connection, trust.id, switch, **by)
        picture = b"\x89PNG\r\n\x1a\n" + bytes(9)
        for name, content in (("label.png", picture + PHONE.encode()), ("rack.png", picture)):
            files.keep(connection, trust.id, record, "photo", name, content, **by)

    store.write(said)
    for content in (f"MAC,Room\n{PHONE},R1\n".encode(), b"PK\3\4 a spreadsheet that nobody can look into"):
        made = acts.Change(content[:5].hex(), "import", "page", "anna", "x", START, "proposed", content=content)
        store.write(lambda c, made=made: acts.add(c, trust.id, made))
    done = estate.erase()
    assert done.counts["correction"] == 2
    assert (done.counts["document"], done.counts["change"]) == (1, 2)
    assert estate.found() == {}
    row = trust.detail(switch).row
    assert (row.name, row.model, row.maker) == ("sw1", "2530", "HPE")
    with store.reader() as connection:
        (kept,) = records.of_device(connection, trust.id, switch)
    assert [each.name for each in kept.documents] == ["rack.png"]


def test_a_value_that_json_spells_otherwise_is_found_as_well(estate: Estate) -> None:
    trust, serial = estate.trust, "GERÄT-77/ÖÜ"
    trust.say(START, system("sw9"), entity(serial), address="10.1.0.99", mac="00:1b:21:00:00:99")
    sought = Sought([item(TEXT, serial)])
    assert estate.found(sought)
    estate.erase("serial", serial)
    with trust.store.reader() as connection:
        for each in erasure.searched():
            for row in table(connection, each.name):
                assert not erasure.holds(sought, repr(row)), each.name


def test_the_register_says_that_a_device_went_because_it_was_erased(estate: Estate) -> None:
    trust = estate.trust
    phone = next(row.device_id for row in trust.devices() if row.mac == PHONE)
    switch = next(row.device_id for row in trust.devices() if row.mac == SWITCH)
    before = {row.device_id for row in history.register_as_known(trust.store, trust.id, START + DAY, LATER)}
    assert {phone, switch} < before
    estate.erase()
    estate.erase("serial", "CN7AB42")
    with trust.store.reader() as connection:
        versions = [row for row in table(connection, "register") if row["recorded_from"] >= LATER]
    assert {(row["device_id"], row["cells"], row["cause"]) for row in versions if not row["cells"]} == {
        (phone, "", "erase")
    }
    after = {row.device_id: row for row in history.register_as_known(trust.store, trust.id, START + DAY, LATER + DAY)}
    assert after.keys() == before
    assert (after[phone].cells.get("name", ""), after[switch].cells.get("serial", "")) == ("", "")
    gone = history.what_changed(trust.store, trust.id, START.date(), LATER + DAY).differences
    assert ("in the register", "erase") in {(one.cell, one.cause) for one in gone if one.device_id == phone}


def test_what_became_one_goes_as_one(estate: Estate) -> None:
    trust = estate.trust
    phone, other = (next(row.device_id for row in trust.devices() if row.mac == mac) for mac in (PHONE, OTHER))
    work = lambda c: identity.say_one(c, trust.id, phone, other, "seen", "anna", START + DAY)  # noqa: E731
    survivor = trust.store.write(work)
    done = estate.erase("device", survivor)
    assert {each.device_id for each in done.devices if each.whole} == {phone, other}
    assert estate.found(Sought([item(MAC, PHONE), item(MAC, OTHER)])) == {}
    with trust.store.reader() as connection:
        for each in erasure.searched():
            rows = table(connection, each.name) if each.name != "register" else []
            assert not {phone, other} & {row.get("device_id") for row in rows}, each.name
        assert not [row for row in table(connection, "register") if "name" in str(row["cells"])
                    and row["device_id"] in (phone, other)]  # fmt: skip


def test_what_cannot_be_erased_is_answered_with_a_sentence(estate: Estate) -> None:
    for kind, value, sentence in (
        ("mac", "00:1b:21:ff:ff:f1", "nothing of it is here"), ("mac", "no", "no MAC address"),
        ("name", "x", "cannot be"), ("device", "nobody", "no device"), ("serial", "abc", "found in everything"),
    ):  # fmt: skip
        with pytest.raises(CollectorError, match=sentence):
            estate.erase(kind, value)


# ------------------------------------------------------------------------------------------------ what is remembered


def test_a_tombstone_has_the_reason_and_a_keyed_hash_and_never_the_value(estate: Estate) -> None:
    done = privacy.erase(
        estate.trust.store, estate.trust.id, Wanted("mac", PHONE), estate.means, actor="anna",
        reason=f"Kim asked, for {PHONE}", now=LATER,
    )  # fmt: skip
    with estate.trust.store.reader() as connection:
        (kept,) = tombstones.all_of(connection, estate.trust.id)
        hashes = tombstones.hashes(connection, estate.trust.id)
        entries = table(connection, "journal")
        assert journal.verify(connection, estate.trust.id) == ""
    assert kept.reason == "Kim asked, for 00:00:00:00:00:00"
    assert kept.counts == done.counts
    assert hashes.keys() == keyed(estate.means.keys, estate.trust.id, [item(MAC, PHONE)])
    assert json.loads(str(entries[-1]["detail"]))["erasure"] == done.erasure_id
    assert not any(GONE.occurs(str(entry["detail"])) for entry in entries)


def test_exports_that_no_longer_match_are_named(estate: Estate) -> None:
    phone = next(row for row in estate.trust.devices() if row.mac == PHONE)
    estate.erase()
    with estate.trust.store.reader() as connection:
        between = tombstones.unmatched(connection, estate.trust.id, START + DAY)
        before = tombstones.unmatched(connection, estate.trust.id, START - DAY)
        after = tombstones.unmatched(connection, estate.trust.id, LATER + DAY)
    assert [each.device_id for each in between] == [phone.device_id]
    assert (before, after) == ([], [])


def test_agents_are_ordered_to_erase_it_and_only_they_can_read_what(estate: Estate) -> None:
    key = X25519PrivateKey.generate()
    row = agents.Agent("agent-2", estate.trust.site, "", "second", key.public_key().public_bytes_raw(), (), "2", None)
    estate.trust.store.write(lambda c: agents.add(c, estate.trust.id, row, version="", expires=LATER, now=START))
    done = estate.erase()
    with estate.trust.store.reader() as connection:
        (order,) = tombstones.orders(connection, estate.trust.id, "agent-2", 16)
        assert tombstones.orders(connection, estate.trust.id, "agent-1", 16) == []  # it has no sealing key
        assert tombstones.all_of(connection, estate.trust.id)[0].waiting == 1
    opened = vault._SUITE.decrypt(order.sealed, key, wire.ERASURE_SEALING_INFO)
    assert wire.decode_erased(opened) == (("mac", RAW),)

    def answered(connection: Transaction) -> tuple[bool, bool]:
        first = tombstones.acknowledge(connection, estate.trust.id, "agent-2", done.erasure_id, LATER)
        return first, tombstones.acknowledge(connection, estate.trust.id, "agent-2", done.erasure_id, LATER)

    assert estate.trust.store.write(answered) == (True, False)
    with estate.trust.store.reader() as connection:
        assert tombstones.orders(connection, estate.trust.id, "agent-2", 16) == []
        assert table(connection, "erase_order")[0]["sealed"] == b""


# ------------------------------------------------------------------------------------------------ again, and away


def test_what_a_restored_backup_brings_back_is_erased_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'stocktake.db'}"
    store = Store.open(url)
    trust = Trust(store)
    means = Means(vault.Vault(tmp_path / "credentials.key"), vault.seal_erased, tmp_path / "erasures.jsonl")
    made = Estate(trust, means, tmp_path)
    made.sweep(Sighting("10.1.0.9", PHONE))
    trust.say(START, system("sw1"), entity("CN7AB42"), group("forwarding", forwarding(RAW)))
    store.close()
    shutil.copy(tmp_path / "stocktake.db", tmp_path / "backup.db")
    made.trust.store = store = Store.open(url)
    first = made.erase()
    store.close()
    shutil.copy(tmp_path / "backup.db", tmp_path / "stocktake.db")
    made.trust.store = store = Store.open(url)
    try:
        assert made.found()
        done = privacy.erase_again(store, trust.id, means, LATER + DAY)
        assert [each.erasure_id for each in done] == [first.erasure_id]
        assert made.found() == {}
        with store.reader() as connection:
            assert [each.erasure_id for each in tombstones.all_of(connection, trust.id)] == [first.erasure_id]
        assert privacy.erase_again(store, trust.id, means, LATER + 2 * DAY) == []
    finally:
        store.close()
    assert not GONE.occurs((tmp_path / "stocktake.db").read_bytes())


def test_what_is_kept_away_is_redacted_before_it_is_kept_and_can_be_let_in_again(estate: Estate) -> None:
    done = estate.erase(keep_away=True)

    def screened(observed: datetime = LATER + DAY) -> IncomingReport:
        body = asked(system("x"), group("forwarding", forwarding(RAW)), address="10.1.0.9", mac=PHONE)
        with estate.trust.store.reader() as connection:
            watch = Watch.of(connection, estate.trust.id, estate.means.keys)
        return watch.screen([IncomingReport(1, observed, 0.0, "boot", body)])[0]

    body = screened().body
    assert isinstance(body, IncomingExamination)
    assert body.subject.mac == ""
    assert not any(GONE.occurs(each.content) for each in body.groups)
    assert [wire.digest(each.content) for each in body.groups] == [each.digest for each in body.groups]
    assert body.groups[0] == system("x")
    assert estate.trust.store.write(lambda c: tombstones.release(c, estate.trust.id, done.erasure_id))
    again = screened().body
    assert isinstance(again, IncomingExamination)
    assert again.subject.mac == PHONE
    before = screened(START).body  # an agent brings late what it saw before it heard of the erasure
    assert isinstance(before, IncomingExamination)
    assert before.subject.mac == ""
    assert not any(GONE.occurs(each.content) for each in before.groups)


def test_what_is_not_kept_away_is_a_new_device_when_it_comes_again(estate: Estate) -> None:
    old = next(row.device_id for row in estate.trust.devices() if row.mac == PHONE)
    estate.erase()
    estate.sweep(Sighting("10.1.0.9", PHONE))
    assert [row.device_id for row in estate.trust.devices() if row.mac == PHONE] not in ([], [old])


# ------------------------------------------------------------------------------------------------ counted, not tracked

MADE_UP, SECOND = "02:aa:00:00:00:01", "06:aa:00:00:00:02"


def reading(*identifiers: tuple[IdentifierKind, str], facts: tuple[str, ...] = ("mac",)) -> Reading:
    stated = tuple(Fact(name, "x", Source("sightings"), "rule") for name in facts)
    return Reading(stated, tuple(Identifier(kind, value) for kind, value in identifiers))


def test_only_who_says_nothing_of_itself_and_made_up_its_address_is_countable() -> None:
    local = (IdentifierKind.LOCAL_MAC, f"site/{MADE_UP}")
    assert passing.countable(reading(local))
    assert not passing.countable(reading(local, facts=("mac", "model")))
    assert not passing.countable(reading(local, (IdentifierKind.SERIAL, "hp:1")))
    assert not passing.countable(reading((IdentifierKind.MAC, OTHER)))
    assert passing.countable(reading((IdentifierKind.MAC, OTHER)), guest=True)
    assert not passing.countable(reading())


def test_machines_are_counted_once_a_day_and_never_named(estate: Estate) -> None:
    trust, passers, place = estate.trust, passing.Passers(), (estate.trust.site, "10.1.8.0/22")
    readings = [reading((IdentifierKind.LOCAL_MAC, f"s/{mac}")) for mac in (MADE_UP, SECOND, MADE_UP)]
    day = START.date()
    assert trust.store.write(lambda c: passers.note(c, trust.id, place, day, readings)) == 2
    fresh = passing.Passers()  # as after a restart
    assert trust.store.write(lambda c: fresh.note(c, trust.id, place, day, readings[:1])) == 1
    trust.store.write(lambda c: passers.note(c, trust.id, place, day + DAY, readings[:1]))
    with trust.store.reader() as connection:
        counted = list(tombstones.counted(connection, trust.id, day))
    assert counted == [(*place, day, 2), (*place, day + DAY, 1)]
    assert estate.found(Sought([Item(MAC, bytes.fromhex(MADE_UP.replace(":", "")))])) == {}
    assert trust.store.write(lambda c: tombstones.forget_counts(c, trust.id, day + DAY)) == 1


def test_a_network_is_marked_as_one_of_guests(estate: Estate) -> None:
    trust, place = estate.trust, (estate.trust.site, "10.1.8.0/22")
    mark = lambda c, guest: passing.set_guest(c, trust.id, place, guest=guest, actor="console", now=LATER)  # noqa: E731
    with pytest.raises(CollectorError, match="names no network"):
        trust.store.write(lambda c: mark(c, guest=True))
    trust.store.write(lambda c: places.add_networks(c, trust.id, trust.site, ["10.1.8.0/22"], START))
    trust.store.write(lambda c: mark(c, guest=True))
    with trust.store.reader() as connection:
        assert tombstones.guests(connection, trust.id, trust.site) == ["10.1.8.0/22"]
    trust.store.write(lambda c: mark(c, guest=False))
    with trust.store.reader() as connection:
        assert tombstones.guests(connection, trust.id, trust.site) == []


# ------------------------------------------------------------------------------------------------ retention


def test_made_up_addresses_fade_from_old_tables_and_others_stay(estate: Estate) -> None:
    trust = estate.trust
    made_up = bytes.fromhex(MADE_UP.replace(":", ""))
    trust.say(START, group("forwarding", forwarding(made_up, RAW)), address="10.1.0.6", mac="00:1b:21:00:00:02")
    fade = lambda before: trust.store.write(lambda c: passing.fade(c, trust.id, {"forwarding"}, before))  # noqa: E731
    held = Sought([Item(MAC, made_up)])
    assert fade(START) == 0
    assert estate.found(held).get("content") == 1
    assert fade(START + timedelta(days=14)) == 1
    assert "content" not in estate.found(held)
    assert estate.found()["content"] >= 2
    assert fade(START + timedelta(days=14)) == 0


def test_strangers_are_forgotten_after_their_time_and_equipment_stays(estate: Estate) -> None:
    trust = estate.trust
    forget = lambda since: trust.store.write(lambda c: passing.forget_strangers(c, trust.id, since, LATER))  # noqa: E731
    assert forget(START) == 0
    assert forget(START + DAY) == 2
    assert {row.name for row in trust.devices()} == {"sw1"}
