"""Beliefs of age in the store, the same on SQLite and PostgreSQL: kept with their reasons, ended, never rewritten."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, Row, create_engine, insert, make_url, select
from trusts import DAY, START, Trust, asked, entity, group, keep, make_trust, smbios, system

from collector import reinterpret, understand
from collector.age import Says
from collector.age.estimate import Confidence
from collector.store import MIGRATIONS, Store, Transaction, evidence, register
from collector.store import schema as t
from stocktake.values import SnmpBindings

CATALYST = ("Cisco", "WS-C2960X-24TS-L")
APRIL_2016 = "FOC2016X0AB"  # week 16 of 2016
OPTIPLEX = {"sys_vendor": "Dell Inc.", "product_name": "OptiPlex 7010", "product_serial": "7XKQ2P3"}


@pytest.fixture
def trust(store: Store) -> Trust:
    return Trust(store)


def beliefs(trust: Trust, component: str | None = "") -> list[Row[Any]]:
    """Every row of a component (None: of all), the oldest first."""
    query = select(t.ages).where(t.ages.c.trust_id == trust.id).order_by(t.ages.c.age_id)
    with trust.store.reader() as connection:
        rows = list(connection.execute(query))
    return [row for row in rows if component is None or row.component == component]


# ------------------------------------------------------------------------------------------------ beliefs


def test_a_device_that_tells_nothing_is_believed_to_be_of_unknown_age(trust: Trust) -> None:
    trust.say(START, system("sw"))
    (row,) = trust.devices()
    assert (row.made_earliest, row.made_best, row.made_confidence) == (None, None, "none")
    assert row.made_latest == START.date()
    found = trust.detail(row.device_id).assessment
    assert found is not None
    assert found.estimate.confidence is Confidence.NONE
    assert [weighed.clue.rule for weighed in found.estimate.case] == ["first sighting"]


def test_a_belief_comes_back_from_the_store_with_its_whole_case(trust: Trust) -> None:
    trust.say(START, system("sw"), entity(APRIL_2016, *CATALYST))
    (row,) = trust.devices()
    assert row.made_best is not None
    assert (row.made_best.year, row.made_best.month, row.made_confidence) == (2016, 4, "high")
    found = trust.detail(row.device_id).assessment
    assert found is not None
    assert found.estimate.best == row.made_best
    (serial,) = [w for w in found.estimate.case if w.clue.rule == "serial.cisco"]
    assert (serial.clue.says, serial.clue.raw) == (Says.MADE, APRIL_2016)
    assert serial.clue.told is not None
    assert (serial.clue.told.group, serial.clue.told.locator) == ("entity", "1.3.6.1.2.1.47.1.1.1.1.11.1")
    assert list(found.parts) == ["chassis/1"]
    assert found.parts["chassis/1"].best == row.made_best


def test_a_belief_that_changes_is_ended_and_the_new_one_begins(trust: Trust) -> None:
    trust.say(START, system("sw"))
    trust.say(START + DAY, system("sw"), entity(APRIL_2016, *CATALYST))
    old, new = beliefs(trust)
    assert (old.recorded_from, old.recorded_to) == (START, START + DAY)
    assert (new.recorded_from, new.recorded_to) == (START + DAY, None)
    assert "serial.cisco" not in old.assessed
    assert "serial.cisco" in new.assessed
    (part,) = beliefs(trust, "chassis/1")
    assert (part.recorded_from, part.recorded_to) == (START + DAY, None)


def test_a_belief_that_did_not_change_is_not_written_again(trust: Trust) -> None:
    trust.say(START, system("sw"), entity(APRIL_2016, *CATALYST))
    before = beliefs(trust, None)
    trust.say(START + DAY, system("renamed"), entity(APRIL_2016, *CATALYST))
    reinterpret.reinterpret(trust.store, trust.id, START + 2 * DAY)
    assert beliefs(trust, None) == before
    assert {row.recorded_to for row in before} == {None}


def test_a_part_that_is_gone_is_not_believed_in_any_more(trust: Trust) -> None:
    trust.say(START, system("sw"), entity(APRIL_2016, *CATALYST))
    trust.say(START + DAY, system("sw"), group("entity", SnmpBindings(())))
    (part,) = beliefs(trust, "chassis/1")
    assert part.recorded_to == START + DAY
    found = trust.detail(trust.devices()[0].device_id).assessment
    assert found is not None
    assert found.parts == {}


def test_of_the_firmware_dates_that_a_machine_ever_had_the_earliest_counts(trust: Trust) -> None:
    trust.host(START, smbios(**OPTIPLEX, bios_date="05/02/2013"))
    trust.host(START + DAY, smbios(**OPTIPLEX, bios_date="06/28/2018"))
    trust.host(START + 2 * DAY, smbios(**OPTIPLEX, bios_date="03/01/2021"))
    (row,) = trust.devices()
    found = trust.detail(row.device_id).assessment
    assert found is not None
    (firmware,) = [w.clue for w in found.estimate.case if w.clue.rule == "told.bios_date"]
    assert firmware.raw == "2013-05-02"
    assert firmware.spans[0].latest == date(2017, 5, 1)
    (machine,) = [fact for fact in trust.detail(row.device_id).facts if fact.name == "bios_date"]
    assert machine.value == "2021-03-01"


def test_a_first_sighting_stays_the_first(trust: Trust) -> None:
    trust.say(START, system("sw"))
    trust.say(START + 400 * DAY, system("sw"))
    (row,) = trust.devices()
    assert row.made_latest == START.date()


def test_what_ends_first_is_in_the_row_of_the_register(trust: Trust) -> None:
    trust.say(START, system("sw"), entity(APRIL_2016, *CATALYST))
    (row,) = trust.devices()
    found = trust.detail(row.device_id).assessment
    assert found is not None
    ends = [item.ends for item in found.support if item.known and item.ends]
    assert ends
    assert (row.support_known, row.support_ends) == (True, min(ends))


# ------------------------------------------------------------------------------------------------ merges


def test_of_devices_that_turn_out_to_be_one_the_age_is_told_once(trust: Trust) -> None:
    trust.say(START, system("a"), address="10.1.0.5", mac="00:1b:21:00:00:01")
    trust.say(START + DAY, system("b"), entity(APRIL_2016, *CATALYST), address="10.1.0.6", mac="00:1b:21:00:00:02")
    older, younger = sorted(trust.devices(), key=lambda row: row.first_seen)
    trust.say(START + 2 * DAY, system("a"), entity(APRIL_2016, *CATALYST))
    (row,) = trust.devices()
    assert row.device_id == older.device_id
    assert row.made_best == younger.made_best
    merged = trust.detail(younger.device_id).assessment
    assert merged is not None
    assert merged == trust.detail(older.device_id).assessment
    assert {w.clue.raw for w in merged.estimate.case if w.clue.rule == "first sighting"} == {"2026-09-01"}
    with trust.store.reader() as connection:
        counts = register.age_counts(connection, trust.id, START.date())
    assert [(count.bands, count.confidences) for count in counts] == [({"10 years and more": 1}, {"high": 1})]


def test_of_a_device_that_became_another_nothing_is_believed_any_more(trust: Trust) -> None:
    trust.say(START, system("a"), address="10.1.0.5", mac="00:1b:21:00:00:01")
    trust.say(START + DAY, system("b"), entity(APRIL_2016, *CATALYST), address="10.1.0.6", mac="00:1b:21:00:00:02")
    trust.say(START + 2 * DAY, system("a"), entity(APRIL_2016, *CATALYST))
    (row,) = trust.devices()
    ended = [belief for belief in beliefs(trust, None) if belief.device_id != row.device_id]
    assert ended
    assert {belief.recorded_to for belief in ended} == {START + 2 * DAY}


# ------------------------------------------------------------------------------------------------ bands


@pytest.mark.parametrize(
    ("today", "band"),
    [
        (date(2019, 4, 1), "under 3 years"),
        (date(2019, 6, 1), "3 to 5 years"),
        (date(2021, 6, 1), "5 to 7 years"),
        (date(2026, 4, 1), "7 to 10 years"),
        (date(2026, 6, 1), "10 years and more"),
    ],
)
def test_a_device_is_of_the_band_of_its_best_date(trust: Trust, today: date, band: str) -> None:
    trust.say(START, system("sw"), entity(APRIL_2016, *CATALYST))
    trust.say(START, system("other"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    with trust.store.reader() as connection:
        counts = register.age_counts(connection, trust.id, today)
    bands: Counter[str] = Counter()
    confidences: Counter[str] = Counter()
    for count in counts:
        bands.update(count.bands)
        confidences.update(count.confidences)
    assert (bands, confidences) == ({band: 1, "unknown": 1}, {"high": 1, "none": 1})


# ------------------------------------------------------------------------------------------------ migration


def engine_of(url: str) -> Engine:
    parsed = make_url(url)
    return create_engine(parsed.set(drivername="postgresql+psycopg") if parsed.get_backend_name() != "sqlite" else url)


def first_release(connection: Transaction) -> str:
    """A database as the first release left it, with a device that was read by it; returns the id of the trust."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
    ids = make_trust(connection)
    keep(connection, ids, 1, asked(system("sw"), entity(APRIL_2016, *CATALYST)), START)
    (pending,) = evidence.pending(connection, ids[0])
    _read_by_the_first_release(connection, ids[0], pending.lane_id)
    understand.note(connection, ids[0], pending, (), START)
    return ids[0]


def _read_by_the_first_release(connection: Transaction, trust_id: str, lane_id: int) -> None:
    """The rows that it made of the switch: they had no claims."""
    tables = MetaData()
    tables.reflect(connection)
    lane = connection.execute(select(tables.tables["lane"])).one()
    school = connection.execute(select(tables.tables["school"].c.school_id)).scalar_one()
    it, at = {"trust_id": trust_id, "device_id": "olddevice001"}, {"first_seen": START, "last_seen": START}
    true = {"observed_from": START, "recorded_from": START}
    kept = {"class": "switch", "maker": "Cisco", "model": "", "serial": APRIL_2016, "firmware": "", "name": "sw"}
    place = {"school_id": school, "site_id": lane.site_id}
    rows = {
        "device": it | at | place | kept | {"created": START, "address": "", "mac": "", "os": "",
                                            "last_agent": lane.agent_id, "last_method": lane.method},
        "identifier": it | true | {"identifier_id": 1, "kind": "SERIAL", "value": f"cisco:{APRIL_2016}",
                                   "lane_id": lane_id},
        "meeting": it | at | {"lane_id": lane_id, "address": lane.address},
        "residency": it | true | place | {"residency_id": 1},
    }  # fmt: skip
    for name, row in rows.items():
        connection.execute(insert(tables.tables[name]).values({c: _utc(v, connection) for c, v in row.items()}))
    for name in ("identifier", "residency"):
        connection.execute(insert(tables.tables["counter"]).values(trust_id=trust_id, name=name, next=2))


def _utc(value: object, connection: Transaction) -> object:
    is_time = isinstance(value, datetime) and connection.dialect.name == "sqlite"
    return value.replace(tzinfo=None) if is_time else value


def test_a_store_of_the_first_release_is_taken_along_and_dated_by_reading_it_again(store_url: str) -> None:
    engine = engine_of(store_url)
    with engine.begin() as connection:
        trust_id = first_release(connection)
    engine.dispose()
    store = Store.open(store_url)
    with store.reader() as connection:
        (before,) = register.devices(connection, trust_id)
        detail = register.device(connection, trust_id, before.device_id)
    assert (before.name, before.serial) == ("sw", APRIL_2016)
    assert (before.made_best, before.made_confidence, before.made_contradicted) == (None, "none", False)
    assert (before.support_known, before.windows_11) == (False, "")
    assert detail is not None
    assert detail.assessment is None
    moved = reinterpret.reinterpret(store, trust_id, START + DAY)
    assert {(m.column, m.before) for m in moved} >= {("made_best", ""), ("made_confidence", "none")}
    with store.reader() as connection:
        (after,) = register.devices(connection, trust_id)
    assert after.device_id == before.device_id
    assert after.made_best is not None
    assert (after.made_best.year, after.made_confidence) == (2016, "high")
    store.close()
