"""Health in a store: readings beside facts, conditions with their history, late evidence, what people know of."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select
from trusts import Trust, asked, group, system

from collector import acknowledging, metrics, understand, watching
from collector.errors import CollectorError
from collector.metrics import Counts, school
from collector.store import Store, conditions, health, readings
from collector.store import journal as journal_rows
from collector.store import schema as t
from collector.store.evidence import IncomingExamination, IncomingGroup
from collector.store.health import ConditionRow
from stocktake import ber
from stocktake.values import Binding, Method, Sighting, Sightings, SnmpBindings, Subject, SubjectKind

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STEP, DAY = timedelta(minutes=5), timedelta(days=1)
UPS, ENTRY = "1.3.6.1.2.1.33.1", "1.3.6.1.2.1.2.2.1"
MAINS, BATTERY = 3, 5


def ups(source: int = MAINS, charge: int = 100, minutes: int = 45) -> IncomingGroup:
    """What a UPS tells of itself (RFC 1628)."""
    told = {"1.2.0": b"Smart-UPS", "2.3.0": minutes, "2.4.0": charge, "4.1.0": source}
    bindings = [
        Binding(f"{UPS}.{tail}", 4, value) if isinstance(value, bytes)
        else Binding(f"{UPS}.{tail}", 2, ber.encode_integer(value))
        for tail, value in told.items()
    ]  # fmt: skip
    return group("ups", SnmpBindings(tuple(bindings)))


def ports(errors: int, status: int = 1, name: str = "1") -> IncomingGroup:
    """Four ports of a switch, the first with errors."""
    rows = [Binding("1.3.6.1.2.1.17.1.2.0", 2, ber.encode_integer(4))]
    for index in range(1, 5):
        cells = {3: 6, 8: status if index == 1 else 1, 14: errors if index == 1 else 0}
        rows += [Binding(f"{ENTRY}.{n}.{index}", 2, ber.encode_integer(value)) for n, value in cells.items()]
        text = (name if index == 1 else str(index)).encode()
        rows += [Binding(f"{ENTRY}.2.{index}", 4, text), Binding(f"1.3.6.1.2.1.31.1.1.1.1.{index}", 4, text)]
    return group("ports", SnmpBindings(tuple(sorted(rows, key=lambda row: [int(arc) for arc in row.oid.split(".")]))))


def sweep(trust: Trust, when: datetime, *addresses: str) -> None:
    """The agent sees who is on the network."""
    seen = Sightings(
        tuple(Sighting(address, f"00:1b:21:00:00:{n:02x}") for n, address in enumerate(addresses, 1)), swept=True
    )
    subject = Subject(SubjectKind.NETWORK, network="10.1.0.0/24")
    trust.keep(IncomingExamination(subject, Method.ARP, b"", relayed=False, groups=(group("sightings", seen),)), when)
    understand.understand_pending(trust.store, trust.id, when)


TODAY = START.date()


def standing(trust: Trust, aspect: str, today: date = TODAY) -> dict[str, ConditionRow]:
    (device,) = trust.devices()
    with trust.store.reader() as connection:
        rows = conditions.of_device(connection, trust.id, device.device_id, today)
    return {row.component: row for row in rows if row.aspect == aspect}


def past(trust: Trust, aspect: str) -> list[tuple[str, datetime, datetime | None]]:
    """The states of an aspect, the earliest first."""
    (device,) = trust.devices()
    with trust.store.reader() as connection:
        rows = conditions.history(connection, trust.id, device.device_id)
    found = [(row.state, row.since, row.until) for row in rows if row.aspect == aspect and not row.component]
    return sorted(found, key=lambda row: row[1])


@pytest.fixture
def trust(store: Store) -> Trust:
    return Trust(store)


# ------------------------------------------------------------------------------------------------ conditions


def test_a_ups_on_its_battery_is_told_at_once_and_is_well_after_two_walks(trust: Trust) -> None:
    trust.say(START, system("ups"), ups())
    assert standing(trust, "ups")[""].state == "ok"
    trust.say(START + STEP, system("ups"), ups(BATTERY))
    found = standing(trust, "ups")[""]
    assert (found.state, found.since, found.previous) == ("critical", START + STEP, "ok")
    assert found.sentence == "it runs on its battery"
    trust.say(START + 2 * STEP, system("ups"), ups())
    assert standing(trust, "ups")[""].state == "critical"
    trust.say(START + 3 * STEP, system("ups"), ups())
    assert standing(trust, "ups")[""].state == "ok"
    assert past(trust, "ups") == [
        ("ok", START, START + STEP),
        ("critical", START + STEP, START + 2 * STEP),
        ("ok", START + 2 * STEP, None),
    ]


def test_errors_of_a_port_are_a_rate_of_two_readings_and_told_when_found_twice(trust: Trust) -> None:
    for number, errors in enumerate((10, 10, 5_000, 10_000)):
        trust.say(START + number * STEP, system("sw"), ports(errors))
        assert standing(trust, "ports")[""].state == ("critical" if number == 3 else "ok")
    (bad,) = [row for component, row in standing(trust, "ports").items() if component]
    assert (bad.component, bad.readings) == ("interface/1", ("interface/1 errors_in",))
    for number in range(4, 7):
        trust.say(START + number * STEP, system("sw"), ports(10_000))
    assert {component: row.state for component, row in standing(trust, "ports").items()} == {"": "ok"}


def test_the_first_faulty_frames_of_a_port_are_a_rise_from_none(trust: Trust) -> None:
    for number, errors in enumerate((0, 5_000, 10_000)):
        trust.say(START + number * STEP, system("sw"), ports(errors))
        assert standing(trust, "ports")[""].state == ("critical" if number == 2 else "ok")
        if number:
            (device,) = trust.devices()
            with trust.store.reader() as connection:
                told = readings.latest(connection, trust.id, [device.device_id])[device.device_id]
            (count,) = [row for row in told if row.name == "errors_in"]
            assert (count.previous, count.earlier) == (errors - 5_000, START + (number - 1) * STEP)
    assert past(trust, "ports")[1][:2] == ("critical", START + STEP)


def test_faulty_frames_of_a_port_that_was_not_looked_at_before_are_no_rise(trust: Trust) -> None:
    trust.say(START, system("sw"))
    for number in (1, 2):
        trust.say(START + number * STEP, system("sw"), ports(5_000))
    assert {component: row.state for component, row in standing(trust, "ports").items()} == {"": "ok"}


def test_late_evidence_knows_the_first_faulty_frames_of_a_port_too(trust: Trust) -> None:
    for number, errors in enumerate((0, 5_000, 10_000, 10_000, 10_000)):
        trust.keep(asked(system("sw"), ports(errors)), START + number * STEP)
    understand.understand_pending(trust.store, trust.id, START + 7 * DAY)
    assert ("critical", START + STEP) in [row[:2] for row in past(trust, "ports")]


def test_a_device_that_does_not_answer_two_looks_is_down_and_up_after_two(trust: Trust) -> None:
    sweep(trust, START, "10.1.0.5")
    trust.say(START, system("ups"), ups())
    states = []
    for number in range(1, 5):
        when = START + number * timedelta(hours=1)
        sweep(trust, when)
        watching.watch(trust.store, trust.id, when)
        states.append(standing(trust, "reachability")[""].state)
    assert states == ["ok", "critical", "critical", "critical"]
    for number in range(5, 7):
        when = START + number * timedelta(hours=1)
        sweep(trust, when, "10.1.0.5")
        watching.watch(trust.store, trust.id, when)
    assert standing(trust, "reachability")[""].state == "ok"


def test_a_day_without_an_agent_makes_everything_reachable_unknown_and_nothing_critical(trust: Trust) -> None:
    sweep(trust, START, "10.1.0.5")
    trust.say(START, system("ups"), ups())
    watching.watch(trust.store, trust.id, START + 2 * DAY, whole=True)
    assert standing(trust, "reachability")[""].state == "unknown"


# ------------------------------------------------------------------------------------------------ readings


def count(trust: Trust, table: object) -> int:
    with trust.store.reader() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]  # a Table


def test_what_changes_at_every_walk_adds_no_row_of_history(trust: Trust) -> None:
    trust.say(START, system("ups"), ups(charge=100))
    before = count(trust, t.facts), count(trust, t.readings), count(trust, t.condition_changes)
    for number in range(1, 13):
        trust.say(START + number * STEP, system("ups"), ups(charge=100 - number, minutes=45 - number))
    assert (count(trust, t.facts), count(trust, t.readings), count(trust, t.condition_changes)) == before


def test_readings_are_shown_with_the_facts_and_lead_to_their_evidence(trust: Trust) -> None:
    trust.say(START, system("ups"), ups(charge=100))
    trust.say(START + STEP, system("ups"), ups(charge=97))
    (device,) = trust.devices()
    told = {(fact.component, fact.name): fact for fact in trust.detail(device.device_id).facts}
    charge = told["battery/ups", "charge"]
    assert (charge.value, charge.unit, charge.last_observed) == (97, "percent", START + STEP)
    assert charge.evidence_id is not None
    assert told["", "output_source"].value == "normal"


def test_a_day_has_a_summary_that_late_evidence_completes(trust: Trust) -> None:
    for number, charge in enumerate((90, 40, 70)):
        trust.say(START + number * STEP, system("ups"), ups(charge=charge))
    trust.keep(asked(system("ups"), ups(charge=20)), START + STEP / 2)
    understand.understand_pending(trust.store, trust.id, START + 9 * STEP)
    (device,) = trust.devices()
    with trust.store.reader() as connection:
        days = readings.days(connection, trust.id, device.device_id, START.date(), ["charge"])
        latest = readings.latest(connection, trust.id, [device.device_id])[device.device_id]
    assert [(d.day, d.least, d.most, d.last) for d in days] == [(START.date(), 20, 90, 70)]
    (charge,) = [row for row in latest if row.name == "charge"]
    assert (charge.value, charge.previous, charge.earlier) == (70, 40, START + STEP)
    assert trust.store.write(lambda c: readings.prune(c, trust.id, START.date() + DAY)) > 0


def test_a_reading_that_a_complete_answer_does_not_have_any_more_goes(trust: Trust) -> None:
    trust.say(START, system("sw"), ports(10))
    trust.say(START + STEP, system("sw"), ports(0))
    (device,) = trust.devices()
    with trust.store.reader() as connection:
        names = {row.name for row in readings.latest(connection, trust.id, [device.device_id])[device.device_id]}
    assert "errors_in" not in names
    assert "status" in names


def test_a_port_that_goes_up_and_down_is_counted_by_day(trust: Trust) -> None:
    for number in range(45):
        trust.say(START + number * STEP, system("sw"), ports(0, status=1 + number % 2))
    found = standing(trust, "ports")["interface/1"]
    assert (found.state, found.sentence) == ("warning", "port 1 went up and down 44 times since yesterday")


# ------------------------------------------------------------------------------------------------ late


def week(trust: Trust) -> list[tuple[datetime, IncomingGroup]]:
    """Days of a UPS, hour by hour: on the third it ran on its battery for an hour."""
    del trust
    found = []
    for hour in range(56):
        when = START + timedelta(hours=hour)
        out = START + 2 * DAY <= when < START + 2 * DAY + timedelta(hours=2)
        found.append((when, ups(BATTERY if out else MAINS, charge=80 if out else 100)))
    return found


@pytest.mark.parametrize("at_once", [True, False])
def test_a_week_without_a_link_fills_history_at_its_true_times_and_raises_no_storm(
    trust: Trust,
    at_once: bool,
) -> None:
    trust.say(START - timedelta(hours=1), system("ups"), ups())
    now = START + 7 * DAY
    seen = set()
    for when, told in week(trust):
        trust.keep(asked(system("ups"), told), when)
        if not at_once:
            understand.understand_pending(trust.store, trust.id, now)
            seen.add(standing(trust, "ups")[""].state)
    understand.understand_pending(trust.store, trust.id, now)
    seen.add(standing(trust, "ups")[""].state)
    assert seen <= {"ok", "unknown"}
    bad = [row for row in past(trust, "ups") if row[0] == "critical"]
    assert [(since, until) for _, since, until in bad] == [(START + 2 * DAY, START + 2 * DAY + timedelta(hours=2))]
    ordered = past(trust, "ups")
    assert all(until is not None and until <= after[1] for (_, _, until), after in itertools.pairwise(ordered))


# ------------------------------------------------------------------------------------------------ people


def test_what_a_person_knows_of_is_counted_apart_and_returns_by_itself(trust: Trust) -> None:
    trust.say(START, system("ups"), ups(BATTERY))
    trust.say(START + STEP, system("ups"), ups(BATTERY))
    (device,) = trust.devices()
    until = START.date() + timedelta(days=2)

    def known(**more: object) -> str:
        said = {"reason": "generator test", "owner": "Site team", "until": until, **more}
        return trust.store.write(
            lambda c: acknowledging.acknowledge(
                c, trust.id, device.device_id, "ups", "", actor="ann", now=START + STEP, **said  # type: ignore[arg-type]  # as named
            )
        )  # fmt: skip

    for wrong in ({"reason": " "}, {"owner": ""}, {"until": START.date() - DAY}, {"until": date(2030, 1, 1)}):
        with pytest.raises(CollectorError):
            known(**wrong)
    made = known()
    assert standing(trust, "ups")[""].acknowledged
    assert standing(trust, "ups")[""].state == "critical"
    assert standing(trust, "ups", until)[""].acknowledged
    assert not standing(trust, "ups", until + DAY)[""].acknowledged
    with trust.store.reader() as connection:
        assert conditions.acknowledged_counts(connection, trust.id, until) == {(device.school_id, "ups"): 1}
        assert conditions.acknowledged_counts(connection, trust.id, until + DAY) == {}
        states = {(c.aspect, c.state): c.devices for c in conditions.counts(connection, trust.id)}
    assert states["ups", "critical"] == 1
    trust.store.write(lambda c: acknowledging.take_back(c, trust.id, made, actor="bob", now=START + 2 * STEP))
    assert not standing(trust, "ups")[""].acknowledged
    with pytest.raises(CollectorError):
        trust.store.write(lambda c: acknowledging.take_back(c, trust.id, made, actor="bob", now=START + 2 * STEP))
    with trust.store.reader() as connection:
        actions = [entry.action for entry in journal_rows.entries(connection, trust.id)]
    assert actions[-2:] == ["condition_acknowledged", "acknowledgement_ended"]


def test_a_limit_of_the_trust_holds_from_the_next_walk_on(trust: Trust) -> None:
    trust.say(START, system("ups"), ups(minutes=45))
    trust.store.write(
        lambda c: acknowledging.set_limit(
            c, trust.id, "ups", "runtime_warning_minutes", "*", 60.0, reason="long shutdown", actor="ann", now=START
        )
    )
    for number in (1, 2):
        trust.say(START + number * STEP, system("ups"), ups(minutes=45))
    assert standing(trust, "ups")[""].state == "warning"
    with pytest.raises(CollectorError):
        trust.store.write(
            lambda c: acknowledging.set_limit(c, trust.id, "ups", "made up", "*", 1.0, reason="", actor="a", now=START)
        )
    trust.store.write(
        lambda c: acknowledging.unset_limit(c, trust.id, "ups", "runtime_warning_minutes", "*", actor="ann", now=START)
    )
    with trust.store.reader() as connection:
        assert conditions.overrides(connection, trust.id) == []


# ------------------------------------------------------------------------------------------------ metrics


def series(trust: Trust, when: datetime) -> dict[tuple[str, ...], float]:
    (device,) = trust.devices()
    page = school.exposition(trust.store, trust.id, device.school_id, when.date())
    assert page is not None
    hidden = ("trust", "school", "device")
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels) if name not in hidden)): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def test_the_series_of_a_school_are_what_its_devices_told(trust: Trust) -> None:
    sweep(trust, START, "10.1.0.5")
    trust.say(START, system("ups"), ups(BATTERY, charge=80, minutes=20))
    found = series(trust, START)
    assert found[("stocktake_device_up",)] == 1
    assert found[("stocktake_ups_on_battery",)] == 1
    assert found[("stocktake_ups_charge_ratio",)] == 0.8
    assert found[("stocktake_ups_runtime_seconds",)] == 1200
    assert found["stocktake_device_condition", "reachability"] == 0
    assert found["stocktake_device_condition", "ups"] == 2
    with trust.store.reader() as connection:
        assert health.due(connection, trust.id, whole=True)
    estate = metrics.read_estate(trust.store, trust.id, Counts(), START.date())
    told = metrics.exposition(estate, trust.id).decode()
    wanted = f'trust="{trust.id}",school="123456",class="ups",aspect="ups",state="critical"'
    assert f"stocktake_conditions{{{wanted}}} 1.0" in told.splitlines()


def test_a_device_that_renames_itself_at_every_walk_makes_one_series_a_day(trust: Trust) -> None:
    told = set()
    for number in range(12):
        when = START + number * STEP
        trust.say(when, system(f"sw-{number}"), ports(number, name=f"port-{number}"))
        told |= {key for key in series(trust, when) if key[0].endswith("_info")}
    assert len([key for key in told if key[0] == "stocktake_device_info"]) == 1
    assert len([key for key in told if key[0] == "stocktake_port_info"]) == 4
    trust.say(START + DAY, system("sw-b"), ports(0, name="port-b"))
    tomorrow = {key for key in series(trust, START + DAY) if key[0].endswith("_info")}
    assert ("stocktake_port_info", "port-b", "1") in tomorrow
