"""Rounds of health in a store: silence is seen within two, a long absence is replayed, little is left behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from trusts import Trust, asked, group, keep, system

from collector import plan, tidying, understand, watching
from collector.store import Store, Transaction, conditions, readings, rounds
from collector.store import schema as t
from collector.store.evidence import IncomingGroup
from stocktake import ber
from stocktake.values import Binding, Outcome, SnmpBindings

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STEP, DAY = timedelta(minutes=5), timedelta(days=1)
UPS = "1.3.6.1.2.1.33.1"
MAINS, BATTERY = 3, 5
SILENT = IncomingGroup("uptime", Outcome.REFUSED, b"", b"", "It did not answer.")


def numbers(name: str, **told: int) -> IncomingGroup:
    """A group of readings; `_` stands for a dot."""
    rows = ((f"{oid.strip('_').replace('_', '.')}", value) for oid, value in told.items())
    return group(name, SnmpBindings(tuple(Binding(f"{UPS}.{oid}.0", 2, ber.encode_integer(v)) for oid, v in rows)))


def ups(charge: int = 100, source: int = MAINS) -> IncomingGroup:
    return numbers("ups_battery", _2_3=45, _2_4=charge, _4_1=source)


def met(trust: Trust) -> None:
    """A sweep meets a UPS, which is asked everything."""
    name = Binding(f"{UPS}.1.2.0", 4, b"Smart-UPS")
    trust.say(START, system("ups"), group("ups", SnmpBindings((name,))), ups())


def state(trust: Trust, aspect: str = "reachability") -> str:
    (device,) = trust.devices()
    with trust.store.reader() as connection:
        rows = conditions.of_device(connection, trust.id, device.device_id, START.date())
    return next(row.state for row in rows if row.aspect == aspect and not row.component)


@pytest.fixture
def trust(store: Store) -> Trust:
    found = Trust(store)
    met(found)
    return found


def count(trust: Trust, table: object) -> int:
    with trust.store.reader() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]  # a Table


def test_what_does_not_answer_two_rounds_is_critical_within_ten_minutes_and_well_after_two_more(trust: Trust) -> None:
    found = []
    for number in range(1, 8):
        when = START + number * STEP
        trust.say(when, SILENT if number in (2, 3, 4) else ups())
        watching.watch(trust.store, trust.id, when)
        found.append(state(trust))
    assert found == ["ok", "ok", "critical", "critical", "critical", "ok", "ok"]
    assert state(trust, "ups") == "ok"


def test_one_round_that_is_not_answered_is_no_condition(trust: Trust) -> None:
    found = set()
    for number in range(1, 9):
        trust.say(START + number * STEP, SILENT if number % 2 else ups())
        found.add(state(trust))
    assert found == {"ok"}


def test_silence_that_comes_late_is_no_alarm(trust: Trust) -> None:
    for number in range(1, 5):
        trust.keep(asked(SILENT), START + number * STEP)
    now = START + 3 * DAY
    understand.understand_pending(trust.store, trust.id, now)
    watching.watch(trust.store, trust.id, now)
    assert state(trust) != "critical"
    assert count(trust, t.devices) == 1


def test_agents_are_told_the_addresses_of_what_a_school_stands_on(trust: Trust) -> None:
    trust.say(START, system("pc", description="Hardware: AMD64 - Software: Windows"), address="10.1.0.6",
              mac="00:1b:21:00:00:06")  # fmt: skip
    with trust.store.reader() as connection:
        assert rounds.often(connection, trust.id, trust.site) == ["10.1.0.5"]
        assert rounds.often(connection, trust.id, "elsewhere") == []


def test_days_of_rounds_without_a_link_fill_every_day_at_its_time_and_raise_no_storm(trust: Trust) -> None:
    steps = 17 * 12  # hours of five minutes: from nine in the morning into the next day
    out = range(60, 66)

    def arrive(connection: Transaction) -> None:
        for number in range(1, steps):
            told = ups(50 + number % 30, BATTERY if number in out else MAINS)
            keep(connection, (trust.id, trust.site), number + 1, asked(told), START + number * STEP)

    trust.store.write(arrive)
    now, states = START + 7 * DAY, set()
    while understand.understand_pending(trust.store, trust.id, now):
        states.add(state(trust, "ups"))
    watching.watch(trust.store, trust.id, now)
    states.add(state(trust, "ups"))
    assert states <= {"ok", "unknown"}
    (device,) = trust.devices()
    with trust.store.reader() as connection:
        days = readings.days(connection, trust.id, device.device_id, START.date(), ["charge"])
        found = conditions.history(connection, trust.id, device.device_id)
    assert [(row.day, row.least, row.most) for row in days] == [
        (START.date(), 50.0, 100.0),
        (START.date() + DAY, 50.0, 73.0),
    ]
    bad = [(row.since, row.until) for row in found if row.state == "critical"]
    assert bad == [(START + out.start * STEP, START + (out.stop) * STEP)]


def test_what_rounds_leave_behind_is_forgotten_and_what_they_told_is_not(trust: Trust) -> None:
    health = plan.compile_plan()
    for number in range(1, 25):
        trust.say(START + number * STEP, ups(100 - number))
    (device,) = trust.devices()
    before = count(trust, t.evidence), trust.detail(device.device_id).facts
    later = START + 2 * DAY
    assert tidying.tidy(trust.store, trust.id, health, later) > 24
    assert count(trust, t.evidence) == 3  # what stands of each group
    assert count(trust, t.contents) == 3
    assert count(trust, t.reports) == 0
    assert trust.detail(device.device_id).facts == before[1]
    again = trust.keep(asked(ups(1)), START + STEP, sequence=2)
    assert (again.fresh, again.highest_contiguous) == (0, 25)
    assert count(trust, t.reports) == 0
