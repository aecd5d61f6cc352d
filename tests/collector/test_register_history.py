"""The register at past dates: exports reproduced bit for bit whatever comes later, and every difference named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from past import BEGIN, DAY, Past
from sqlalchemy import insert, select

from collector import history as rules
from collector import journal, london
from collector.errors import CollectorError
from collector.store import Store, cells, hindsight, history
from collector.store import schema as t

FIRST, SECOND, THIRD = date(2026, 1, 31), date(2026, 4, 30), date(2026, 8, 31)


@pytest.fixture
def past(store: Store) -> Past:
    return Past(store)


# ------------------------------------------------------------------------------------------------ show 4


def morning_after(day: date) -> datetime:
    return london.end_of(day) + timedelta(hours=8)


def a_year(past: Past) -> dict[date, rules.Export]:
    """Three devices live from January on, and the register is exported at three dates."""
    switch = past.device("switch", BEGIN, maker="HP", model="J9773A", serial="SG1", firmware="1.0")
    past.device("laptop", BEGIN, name="laptop-1", **{"class": "laptop"})
    again = past.device("laptop-again", BEGIN + 40 * DAY, name="laptop-1", **{"class": "laptop"})
    for number in range(0, 200, 5):
        when = BEGIN + number * DAY
        past.seen(when, when, switch, *([again] if number >= 40 else []))
    exports = {FIRST: past.export(FIRST, morning_after(FIRST))}
    past.change("switch", "evidence", BEGIN + 60 * DAY, firmware="1.1")
    exports[SECOND] = past.export(SECOND, morning_after(SECOND))
    past.change("laptop", "record", BEGIN + 150 * DAY, name="laptop-one")
    exports[THIRD] = past.export(THIRD, morning_after(THIRD))
    return exports


def troubles(past: Past) -> dict[str, datetime]:
    """Late replay, merge, correction and reinterpretation, in September; when each became known."""
    times = {name: datetime(2026, 9, n, 10, tzinfo=UTC) for n, name in enumerate(("late", "merge", "right", "rule"), 1)}
    claims = {row.device_id: row.claim_id for row in _claims(past)}
    past.seen(BEGIN + 10 * DAY, times["late"], claims["laptop"])
    past.device("found", times["late"], "late", first_seen=BEGIN + 50 * DAY, name="printer")
    past.merge("laptop", "laptop-again", [claims["laptop-again"]], times["merge"])
    past.change("switch", "correction", times["right"], model="2530-24G")
    past.change("laptop", "reinterpretation", times["rule"], os="Windows 11", serial="5CD1")
    return times


def _claims(past: Past) -> list[Any]:
    with past.store.reader() as connection:
        return list(connection.execute(select(t.claims).where(t.claims.c.trust_id == past.id)))


def test_exports_of_three_dates_are_reproduced_bit_for_bit_after_everything_that_came_later(past: Past) -> None:
    exports = a_year(past)
    assert len({export.manifest.sha256 for export in exports.values()}) == 3
    times = troubles(past)
    for day, export in exports.items():
        again = past.export(day, times["rule"] + DAY)
        assert again.csv == export.csv
        assert again.manifest.sha256 == export.manifest.sha256
        assert hashlib.sha256(export.csv.encode()).hexdigest() == export.manifest.sha256
        assert (again.manifest.as_known, again.manifest.rows) == (export.manifest.as_known, export.manifest.rows)


def test_what_is_known_now_of_each_date_names_every_difference_and_its_cause(past: Past) -> None:
    a_year(past)
    times = troubles(past)
    model = ("switch", "model", "J9773A", "2530-24G", "correction")
    serial = ("laptop", "serial", "", "5CD1", "reinterpretation")
    system = ("laptop", "os", "", "Windows 11", "reinterpretation")
    assert past.told(FIRST) == {
        model, serial, system,
        ("laptop", "last_seen", "", "2026-01-15", "late"),
        ("laptop", "last_agent", "", "agent-1", "late"),
        ("laptop", "last_method", "", "SNMP_V2C", "late"),
    }  # fmt: skip
    assert past.told(SECOND) == {
        model, serial, system,
        ("found", hindsight.PRESENT, "", "yes", "late"),
        ("laptop-again", hindsight.PRESENT, "yes", "", "merge"),
        ("laptop", "last_seen", "", "2026-04-30", "merge"),
        ("laptop", "last_agent", "", "agent-1", "merge"),
        ("laptop", "last_method", "", "SNMP_V2C", "merge"),
    }  # fmt: skip
    assert {one.when for one in past.differences(SECOND)} == set(times.values())
    names = past.now_known(SECOND)["laptop"]
    assert names.cells["name"] == "laptop-1", "it was renamed in June"
    assert past.now_known(FIRST)["switch"].cells["firmware"] == "1.0", "it was updated in March"


# ------------------------------------------------------------------------------------------------ keeping


def test_nothing_is_kept_where_no_cell_changed(past: Past) -> None:
    past.device("a", BEGIN, model="x")
    assert past.change("a", "evidence", BEGIN + DAY, last_seen=BEGIN + DAY, address="10.1.0.9") == 0
    assert past.change("a", "evidence", BEGIN + DAY, model="y") == 1
    (row,) = past.known(BEGIN + 2 * DAY)
    assert row.cells["model"] == "y"


def test_what_records_say_stands_in_the_register_but_no_name_of_a_person(past: Past) -> None:
    past.device("a", BEGIN)
    said = {"asset_tag": "ELM-1", "cost": 124999, "tags": ["one", "two"], "assignee": "Jo", "notes": "Jo's"}

    def work(connection: Any) -> None:
        act = {"actor": "jo", "source": "page", "change_id": "c"}
        base = {"trust_id": past.id, "record_id": "r"}
        connection.execute(insert(t.records).values(**base, device_id="a", created=BEGIN, change_id="c"))
        for number, (name, value) in enumerate(said.items()):
            row = {"row_id": number, "field": name, "value": json.dumps(value), "key": ""}
            times = {"observed_from": BEGIN, "recorded_from": BEGIN}
            connection.execute(insert(t.record_fields).values(**base, **act, **row, **times))

    past.store.write(work)
    assert past.keep(["a"], "record", BEGIN + DAY) == 1
    (row,) = past.known(BEGIN + DAY)
    assert (row.cells["asset_tag"], row.cells["cost"], row.cells["tags"]) == ("ELM-1", "124999", "one, two")
    assert "Jo" not in "".join(row.cells.values())


def test_what_is_recorded_after_a_question_never_falls_before_it(past: Past) -> None:
    past.device("a", BEGIN, model="x")
    asked = BEGIN + DAY
    export = past.export(asked, asked)
    past.change("a", "evidence", BEGIN + timedelta(hours=1), model="y")  # a pass that began before the question
    claim = past.claim("a", BEGIN + timedelta(hours=2))
    past.seen(BEGIN, BEGIN + timedelta(hours=2), claim)
    assert past.export(asked, asked + DAY).csv == export.csv
    (row,) = past.known(asked + DAY)
    assert row.cells["model"] == "y"


def test_a_school_has_the_rows_that_were_its_own_then(past: Past) -> None:
    past.device("a", BEGIN)
    past.store.write(lambda c: c.execute(insert(t.schools).values(trust_id=past.id, school_id="other", name="Ash")))
    past.change("a", "evidence", BEGIN + 10 * DAY, school_id="other")
    assert [row.cells["school"] for row in past.known(BEGIN + DAY, past.school)] == ["Oak Lane"]
    assert past.known(BEGIN + 11 * DAY, past.school) == []
    assert [row.cells["school"] for row in past.known(BEGIN + 11 * DAY, "other")] == ["Ash"]


def test_more_rows_than_a_page_come_in_order(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    monkeypatch.setattr(hindsight, "PAGE", 2)
    for name in "edcba":
        past.device(name, BEGIN)
    past.change("c", "correction", BEGIN + DAY, model="z")
    assert [row.device_id for row in past.known(BEGIN + DAY)] == list("abcde")
    assert list(past.now_known(BEGIN.date())) == list("abcde")
    assert past.told(BEGIN.date()) == {("c", "model", "", "z", "correction")}


# ------------------------------------------------------------------------------------------------ hindsight


def test_a_correction_that_is_taken_back_leaves_no_difference(past: Past) -> None:
    past.device("a", BEGIN, name="one", model="m")
    past.change("a", "evidence", BEGIN + 5 * DAY, name="two")
    past.change("a", "correction", BEGIN + 6 * DAY, name="three", model="n")
    assert {row[1:4] for row in past.told(BEGIN.date())} == {("name", "one", "three"), ("model", "m", "n")}
    past.change("a", "correction", BEGIN + 7 * DAY, name="two", model="m")
    assert past.told(BEGIN.date()) == set()


def test_a_merge_that_is_undone_leaves_no_difference_of_its_own(past: Past) -> None:
    past.device("a", BEGIN, name="one")
    claim = past.device("b", BEGIN, name="two")
    past.seen(BEGIN, BEGIN, claim)
    past.change("b", "evidence", BEGIN + DAY, name="two-b", serial="S1")
    past.merge("a", "b", [claim], BEGIN + 2 * DAY)
    assert ("b", hindsight.PRESENT, "yes", "", "merge") in past.told(BEGIN.date())
    past.split("b", [claim], BEGIN + 3 * DAY)
    assert past.told(BEGIN.date()) == {("b", "serial", "", "S1", "evidence")}


def test_a_device_that_is_split_off_was_there_before(past: Past) -> None:
    past.device("a", BEGIN)
    past.device("b", BEGIN + 9 * DAY, "split", first_seen=BEGIN)
    assert past.told(BEGIN.date()) == {("b", hindsight.PRESENT, "", "yes", "split")}


def test_what_came_late_counts_from_when_it_was_so(past: Past) -> None:
    past.device("a", BEGIN, name="one")
    past.keep(["a"], "evidence", BEGIN)
    past.change("a", "late", BEGIN + 30 * DAY, since=BEGIN + 10 * DAY, name="two")
    assert past.told(BEGIN.date()) == set()
    assert past.told((BEGIN + 10 * DAY).date()) == {("a", "name", "one", "two", "late")}


# ------------------------------------------------------------------------------------------------ exports


def test_an_export_is_in_the_journal_and_its_manifest_names_the_entry(past: Past) -> None:
    past.device("a", BEGIN, model='=cmd|" /C calc"!A0')
    export = past.export(BEGIN.date(), BEGIN + DAY)
    with past.store.reader() as connection:
        end = journal.checkpoint(connection, past.id)
        assert journal.verify(connection, past.id) == ""
    assert end is not None
    assert (export.manifest.journal_position, export.manifest.journal_hash) == (end.position, end.hash.hex())
    assert export.csv.splitlines()[0].split(",")[:3] == ["device_id", "school", "school_id"]
    assert "'=cmd" in export.csv


def test_a_day_that_is_not_over_is_not_known_yet(past: Past) -> None:
    evening = datetime(2026, 8, 31, 22, 59, tzinfo=UTC)  # a minute before midnight in London
    with pytest.raises(CollectorError, match=r"2026-08-31, which is not over in London"):
        rules.time_of(date(2026, 8, 31), evening)
    assert rules.time_of(date(2026, 8, 31), evening + timedelta(minutes=1)) == datetime(2026, 8, 31, 23, tzinfo=UTC)
    with pytest.raises(CollectorError, match="say a day as"):
        rules.parse("31/8/26")
    assert rules.parse("2026-08-31T16:00") == datetime(2026, 8, 31, 15, 0, tzinfo=UTC)


def test_the_form_of_an_export_is_never_changed() -> None:
    columns = ",".join(cells.FORMS[0])
    assert hashlib.sha256(columns.encode()).hexdigest()[:16] == "302c5e0f49888e29", "add a form beside it instead"
    later = {*cells.LATER_COLUMNS, cells.SITE}  # they are in the forms of `collector.register_rows`
    assert {*cells.FORMS[-1], *later} == {"device_id", *cells.CELLS, *cells.SEEN}
    assert set(cells.CELLS) >= cells.PASSING


# ------------------------------------------------------------------------------------------------ any history

NAMES = ("a", "b", "c")
Act = Callable[[Past, datetime], None]


def _changes(device: str, column: str, value: str, cause: str, behind: int) -> Act:
    def act(past: Past, now: datetime) -> None:
        past.change(device, cause, now - timedelta(minutes=behind), **{column: value})

    return act


def _seen(device: str, ago: int) -> Act:
    def act(past: Past, now: datetime) -> None:
        past.seen(now - ago * DAY, now, *(row.claim_id for row in _claims(past) if row.device_id == device))

    return act


def _merged(survivor: str, other: str) -> Act:
    def act(past: Past, now: datetime) -> None:
        there = {row.device_id for row in past.known(now)}
        if survivor != other and {survivor, other} <= there:
            past.merge(survivor, other, [row.claim_id for row in _claims(past) if row.device_id == other], now)

    return act


def _split(other: str) -> Act:
    def act(past: Past, now: datetime) -> None:
        with past.store.reader() as connection:
            mine = (t.devices.c.trust_id == past.id) & (t.devices.c.device_id == other)
            merged = connection.execute(select(t.devices.c.alias_of).where(mine)).scalar()
        if merged:
            past.split(other, [NAMES.index(other) + 1], now)

    return act


device = st.sampled_from(NAMES)
acts = st.one_of(
    st.builds(
        _changes, device, st.sampled_from(["name", "model", "serial", "firmware"]), st.sampled_from(["", "p", "q"]),
        st.sampled_from(["evidence", "late", "correction", "reinterpretation", "record"]), st.sampled_from([0, 90]),
    ),
    st.builds(_seen, device, st.integers(0, 40)),
    st.builds(_merged, device, device),
    st.builds(_split, device),
)  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(acts, st.integers(0, 60), st.booleans()), min_size=1, max_size=20))
def test_whatever_happens_every_answer_stays_and_every_difference_is_named(
    store: Store, steps: list[tuple[Act, int, bool]]
) -> None:
    past, now = Past(store), BEGIN
    for name in NAMES:
        past.device(name, now, name=name)
    exports: dict[datetime, str] = {}
    for act, hours, exported in steps:
        now += timedelta(hours=hours, minutes=1)
        act(past, now)
        if exported:
            exports[now] = past.export(now, now).csv
            day = london.day_of(now) - DAY
            exports[london.end_of(day)] = past.export(day, now).csv
    later = now + 30 * DAY
    for at, text in exports.items():
        assert past.export(at, later).csv == text
        day = london.day_of(at)
        then = {row.device_id: row for row in past.known(london.end_of(day))}
        today = past.now_known(day)
        differing = {
            (name, column, then[name].value(column), today[name].value(column))
            for name in then.keys() & today.keys()
            for column in cells.FORMS[-1]
            if then[name].value(column) != today[name].value(column)
        }
        differing |= {(name, hindsight.PRESENT, "yes", "") for name in then.keys() - today.keys()}
        differing |= {(name, hindsight.PRESENT, "", "yes") for name in today.keys() - then.keys()}
        named = past.differences(day)
        assert {(d.device_id, d.cell, d.before, d.after) for d in named} == differing
        assert len(named) == len(differing)
        assert all(d.when > london.end_of(day) and d.cause in set(history.Cause) for d in named)
