"""Days on which claims were seen: in London, once over, and for ever as they were known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from past import BEGIN, DAY, Past
from sqlalchemy import select

from collector import london
from collector.store import Store, days
from collector.store import schema as t


@pytest.fixture
def past(store: Store) -> Past:
    return Past(store)


def last(past: Past, claim_id: int, at: datetime | None) -> date | None:
    with past.store.reader() as connection:
        return days.last_days(connection, past.id, [claim_id], at).get(claim_id)


def test_a_day_ends_at_midnight_in_london_in_summer_as_in_winter() -> None:
    assert london.end_of(date(2026, 8, 31)) == datetime(2026, 8, 31, 23, 0, tzinfo=UTC)
    assert london.end_of(date(2026, 12, 31)) == datetime(2027, 1, 1, 0, 0, tzinfo=UTC)
    assert london.day_of(datetime(2026, 8, 31, 23, 30, tzinfo=UTC)) == date(2026, 9, 1)


def test_a_day_counts_once_it_is_over(past: Past) -> None:
    claim = past.device("a", BEGIN)
    past.seen(BEGIN, BEGIN, claim)
    assert last(past, claim, BEGIN + timedelta(hours=5)) is None
    assert last(past, claim, london.end_of(BEGIN.date())) == BEGIN.date()
    assert last(past, claim, None) == BEGIN.date()


def test_what_is_noted_twice_is_kept_once(past: Past) -> None:
    claim = past.device("a", BEGIN)
    for when in (BEGIN, BEGIN, BEGIN + timedelta(hours=1), BEGIN + DAY):
        past.seen(when, when, claim)
    past.seen(BEGIN, BEGIN + 3 * DAY, claim)
    with past.store.reader() as connection:
        (row,) = connection.execute(select(t.presence))
        assert (row.month, row.days) == (202601, 0b110000)
        assert connection.execute(select(t.late_days)).all() == []
        assert days.day_sets(connection, past.id, ["a"], None) == {"a": {BEGIN.date(), (BEGIN + DAY).date()}}


def test_a_day_that_came_late_is_known_from_then_on(past: Past) -> None:
    claim = past.device("a", BEGIN)
    past.seen(BEGIN, BEGIN, claim)
    came = BEGIN + 30 * DAY
    past.seen(BEGIN + 7 * DAY, came, claim)
    past.seen(BEGIN + 7 * DAY, came + DAY, claim)
    assert last(past, claim, came - DAY) == BEGIN.date()
    assert last(past, claim, came) == (BEGIN + 7 * DAY).date()
    with past.store.reader() as connection:
        assert days.late_since(connection, past.id, claim, (BEGIN + 7 * DAY).date()) == came
        known = days.day_sets(connection, past.id, ["a"], came - DAY)
    assert known == {"a": {BEGIN.date()}}


def test_a_month_that_has_only_today_leaves_the_month_before(past: Past) -> None:
    claim = past.device("a", BEGIN)
    past.seen(BEGIN, BEGIN, claim)
    march = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    past.seen(march, march, claim)
    assert last(past, claim, march) == BEGIN.date()
    assert last(past, claim, march + DAY) == march.date()


def test_nobody_saw_tomorrow(past: Past) -> None:
    claim = past.device("a", BEGIN)
    past.seen(BEGIN + 400 * DAY, BEGIN, claim)
    assert last(past, claim, None) == BEGIN.date()


def test_what_others_told_of_a_device_counts_where_nothing_met_it(past: Past) -> None:
    told = past.device("a", BEGIN)
    past.store.write(lambda c: c.execute(t.claims.update().values(told_of=True)))
    past.seen(BEGIN + 2 * DAY, BEGIN + 2 * DAY, told)
    with past.store.reader() as connection:
        assert days.last_seen(connection, past.id, ["a"], None)["a"].day == (BEGIN + 2 * DAY).date()
    met = past.claim("a", BEGIN, lane_id=2)
    past.seen(BEGIN + DAY, BEGIN + DAY, met)
    with past.store.reader() as connection:
        found = days.last_seen(connection, past.id, ["a"], None)["a"]
    assert (found.day, found.agent_id, found.method) == ((BEGIN + DAY).date(), "agent-2", "ARP")
