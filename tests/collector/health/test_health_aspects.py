"""Every aspect of health: what passes, what fails, what is unknown; and that nothing a device says makes one raise."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import health
from collector.facts import CLASSES
from collector.health import ASPECTS, Agent, Condition, Dossier, State, Support, Told

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OK, WARNING, CRITICAL, UNKNOWN = State.OK, State.WARNING, State.CRITICAL, State.UNKNOWN


def known(device_class: str, told: Mapping[str, Any] | None = None, **more: Any) -> Dossier:
    """A device; `told` has `component name` or `name` → value, or a `Told`."""
    parts: dict[str, dict[str, Told]] = {}
    for key, value in (told or {}).items():
        component, _, name = key.rpartition(" ")
        parts.setdefault(component, {})[name] = value if isinstance(value, Told) else Told(value, NOW)
    return Dossier("d1", device_class, NOW, parts, observed=NOW, **more)


def of(aspect: str, dossier: Dossier) -> dict[str, Condition]:
    """Component → condition of an aspect."""
    return {found.component: found for found in health.judge(dossier) if found.aspect == aspect}


def state(aspect: str, dossier: Dossier) -> State | None:
    found = of(aspect, dossier).get("")
    return found.state if found else None


def counted(value: float, before: float, seconds: float = 300) -> Told:
    return Told(value, NOW, before, NOW - timedelta(seconds=seconds))


def test_every_aspect_has_a_file_and_every_file_an_aspect() -> None:
    assert tuple(judge.aspect for judge in health.judges()) == ASPECTS


def test_every_threshold_has_a_unit_and_a_source_and_stands_once() -> None:
    rows = health.threshold_rows()
    assert {row.aspect for row in rows} <= set(ASPECTS)
    assert {row.device_class for row in rows} <= {"*", *CLASSES}
    assert all(row.unit and row.source for row in rows)
    assert len({row[:3] for row in rows}) == len(rows)


def seen(ago: timedelta, **more: Any) -> dict[str, Any]:
    return {"last_seen": NOW - ago, "looked": NOW, **more}


@pytest.mark.parametrize(
    ("device_class", "ago", "expected"),
    [
        ("switch", timedelta(), OK),
        ("switch", 5 * MINUTE, WARNING),
        ("switch", 10 * MINUTE, CRITICAL),
        ("router", 10 * MINUTE, WARNING),
        ("router", 40 * MINUTE, CRITICAL),
        ("laptop", 40 * MINUTE, OK),
        ("laptop", 40 * DAY, WARNING),
        ("printer", 40 * MINUTE, OK),
    ],
)
def test_infrastructure_must_answer_and_machines_of_people_may_be_off(
    device_class: str, ago: timedelta, expected: State
) -> None:
    assert state("reachability", known(device_class, **seen(ago))) is expected


def test_a_laptop_that_is_silent_in_the_holidays_is_well() -> None:
    august = seen(40 * DAY, is_term_day=lambda _day: False)
    assert state("reachability", known("laptop", **august)) is OK


def test_where_nobody_looked_nothing_is_known_of_reachability() -> None:
    assert state("reachability", known("switch", last_seen=NOW - DAY, looked=None)) is UNKNOWN
    assert state("reachability", known("switch", last_seen=NOW - 9 * DAY, looked=NOW - 2 * DAY)) is UNKNOWN
    assert state("reachability", known("switch")) is None


@pytest.mark.parametrize("life", ["retired", "disposed", "in store", "on loan", "expected"])
def test_nothing_is_wrong_with_what_is_not_in_use(life: str) -> None:
    assert health.judge(known("switch", {"fan/1 status": "failed"}, life=life)) == ()


@pytest.mark.parametrize(
    ("device_class", "changes", "expected"),
    [("switch", 0, OK), ("switch", 1, WARNING), ("switch", 5, CRITICAL), ("desktop", 5, OK)],
)
def test_infrastructure_does_not_restart_by_itself(device_class: str, changes: int, expected: State) -> None:
    told = {"uptime": Told(86_400.0, NOW, changes=changes)}
    assert state("restarts", known(device_class, told)) is expected


FAILING: list[tuple[str, str, dict[str, Any], State | None]] = [
    ("processor", "switch", {"processor_load": 12}, OK),
    ("processor", "switch", {"processor_load": 92}, WARNING),
    ("processor", "switch", {"processor/1 load": 12, "processor/2 load": 99}, CRITICAL),
    ("processor", "server", {"processor_load": 92}, OK),
    ("processor", "switch", {"processor_load": 1200}, None),
    ("memory", "server", {"memory": 1000, "memory_used": 100}, OK),
    ("memory", "server", {"memory": 1000, "memory_used": 990}, CRITICAL),
    ("memory", "server", {"memory": 1000, "memory_used": 9900}, None),
    ("memory", "firewall", {"memory_load": 91}, WARNING),
    ("memory", "switch", {"memory/1 used": 95, "memory/1 size": 100}, WARNING),
    ("storage", "server", {"volume/1 used": 10, "volume/1 size": 100}, OK),
    ("storage", "server", {"volume/1 used": 96, "volume/1 size": 100}, CRITICAL),
    ("storage", "server", {"volume/1 used": 100, "volume/1 size": 100, "volume/1 type": "optical disc"}, None),
    ("storage", "server", {"volume/s used": 100, "volume/s size": 100, "volume/s file_system": "squashfs"}, None),
    ("storage", "server", {"volume/1 used": 100, "volume/1 size": 100, "volume/1 type": "ram"}, None),
    ("storage", "server", {"volume/3 used": 100, "volume/3 size": 100, "volume/3 type": "swap"}, None),
    ("storage", "server", {"volume/6 used": 9, "volume/6 size": 9, "volume/6 name": "Memory buffers"}, None),
    ("storage", "server", {"volume/9 used": 9, "volume/9 size": 9, "volume/9 name": "/run/lock"}, None),
    ("storage", "nas", {"array/0 status": "degraded"}, WARNING),
    ("storage", "nas", {"array/0 status": "crashed"}, CRITICAL),
    ("storage", "nas", {"array/0 free": 5, "array/0 size": 100}, CRITICAL),
    ("storage", "nas", {}, UNKNOWN),
    ("storage", "switch", {}, None),
    ("disk", "server", {"disk/sda healthy": True, "disk/sda wear": 3}, OK),
    ("disk", "server", {"disk/sda healthy": False}, CRITICAL),
    ("disk", "server", {"disk/sda wear": 85}, WARNING),
    ("disk", "server", {"disk/sda spare": 5}, CRITICAL),
    ("disk", "server", {"disk/sda reallocated_sectors": 8}, WARNING),
    ("disk", "nas", {"disk/0 status": "failed"}, CRITICAL),
    ("disk", "nas", {}, UNKNOWN),
    ("temperature", "switch", {"temperature": 44}, OK),
    ("temperature", "switch", {"temperature": 70}, WARNING),
    ("temperature", "switch", {"sensor/1 temperature": 33.5, "sensor/1 name": "Inlet"}, WARNING),
    ("temperature", "switch", {"sensor/1 temperature": 80, "sensor/1 name": "CPU"}, OK),
    ("temperature", "sensor", {"sensor/1 temperature": 45}, CRITICAL),
    ("temperature", "sensor", {"sensor/1 temperature": 2}, WARNING),
    ("temperature", "switch", {"temperature": 9999}, None),
    ("temperature", "switch", {"sensor/3 status": "failed"}, CRITICAL),
    ("fan", "switch", {"fan/1 status": "ok"}, OK),
    ("fan", "switch", {"fan/1 status": "ok", "fan/2 status": "failure"}, CRITICAL),
    ("fan", "switch", {"fan/1 status": "not present"}, None),
    ("power supply", "switch", {"power supply/1 status": "ok", "power supply/2 status": "ok"}, OK),
    ("power supply", "switch", {"power supply/1 status": "ok", "power supply/2 status": "off"}, WARNING),
    ("power supply", "switch", {"power supply/1 status": "failed"}, CRITICAL),
    ("power supply", "switch", {"power supply/1 status": "not present"}, None),
    ("ups", "ups", {"output_source": "normal", "battery/ups runtime": 1800}, OK),
    ("ups", "ups", {"output_source": "battery"}, CRITICAL),
    ("ups", "ups", {"battery/ups seconds_on_battery": 60}, CRITICAL),
    ("ups", "ups", {"output_source": "bypass"}, WARNING),
    ("ups", "ups", {"battery/ups runtime": 1740}, WARNING),
    ("ups", "ups", {"battery/ups runtime": 300}, CRITICAL),
    ("ups", "ups", {"output/1 load": 85}, WARNING),
    ("ups", "ups", {"self_test": "failed"}, CRITICAL),
    ("ups", "ups", {}, UNKNOWN),
    ("ups", "switch", {}, None),
    ("battery", "ups", {"battery/ups to_be_replaced": False, "battery/ups replaced": "2025-01-01"}, OK),
    ("battery", "ups", {"battery/ups to_be_replaced": True}, CRITICAL),
    ("battery", "ups", {"battery/ups replaced": "2022-01-01"}, WARNING),
    ("battery", "ups", {"battery/ups replaced": "tomorrow"}, UNKNOWN),
    ("battery", "laptop", {"battery/BAT0 health": 95}, OK),
    ("battery", "laptop", {"battery/BAT0 health": 35}, CRITICAL),
    ("battery", "laptop", {}, None),
    ("supplies", "printer", {"supply/1.1 level": 60}, OK),
    ("supplies", "printer", {"supply/1.1 level": 60, "supply/1.2 level": 12}, WARNING),
    ("supplies", "printer", {"supply/1.1 level": 0}, CRITICAL),
    ("supplies", "printer", {"supply/1.1 status": "some left"}, OK),
    ("supplies", "printer", {}, UNKNOWN),
    ("supplies", "switch", {}, None),
    ("printer", "printer", {"status": "idle"}, OK),
    ("printer", "printer", {"problems": "low paper"}, WARNING),
    ("printer", "printer", {"problems": "jammed, low toner"}, CRITICAL),
    ("printer", "printer", {"status": "idle", "tray/1 status": "empty"}, WARNING),
    ("printer", "printer", {}, UNKNOWN),
    ("printer", "switch", {"problems": "jammed"}, None),
    ("ports", "switch", {"interface/1 status": "up", "interface/1 speed": 10**9}, OK),
    ("ports", "switch", {"interface/1 status": "up", "interface/1 speed": 10**8}, WARNING),
    ("ports", "switch", {"interface/1 status": "down", "interface/1 speed": 10**7}, OK),
    ("ports", "switch", {"interface/1 status": "up", "interface/1 duplex": "half"}, WARNING),
    ("ports", "switch", {"interface/1 errors_in": counted(10_000, 9_000)}, CRITICAL),
    ("ports", "switch", {"interface/1 errors_in": counted(9_010, 9_000)}, WARNING),
    ("ports", "switch", {"interface/1 errors_in": counted(9_000, 9_000)}, OK),
    ("ports", "switch", {"interface/1 errors_in": counted(5, 9_000)}, OK),
    ("ports", "switch", {"interface/1 errors_in": 9_000}, OK),
    ("ports", "switch", {"interface/1 status": Told("up", NOW, changes=50)}, WARNING),
    ("ports", "switch", {"interface/1 speed": 10**7, "interface/1 status": "up", "interface/1 type": "vlan"}, UNKNOWN),
    ("ports", "switch", {}, UNKNOWN),
    ("ports", "printer", {"interface/1 status": "up", "interface/1 speed": 10**8}, None),
    ("poe", "switch", {"power over ethernet/1 capacity": 370, "power over ethernet/1 consumption": 40}, OK),
    ("poe", "switch", {"power over ethernet/1 capacity": 370, "power over ethernet/1 consumption": 360}, CRITICAL),
    ("poe", "switch", {"power over ethernet/1 status": "faulty"}, CRITICAL),
    ("poe", "switch", {"ports_with_power_faults": 2}, WARNING),
    ("poe", "switch", {}, None),
    ("access point", "access point", {"status": "associated"}, OK),
    ("access point", "access point", {"status": "offline"}, CRITICAL),
    ("access point", "access point", {"status": "sixteen"}, UNKNOWN),
    ("access point", "access point", {}, None),
    ("firmware", "switch", {"firmware": "15.2"}, UNKNOWN),
    ("firmware", "switch", {}, None),
    ("certificate", "switch", {}, None),
    ("agent", "switch", {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("aspect", "device_class", "told", "expected"), FAILING)
def test_an_aspect_is_what_its_readings_say(
    aspect: str, device_class: str, told: dict[str, Any], expected: State | None
) -> None:
    assert state(aspect, known(device_class, told)) is expected


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_is_tried_where_it_passes_and_where_it_fails(aspect: str) -> None:
    apart = {"reachability", "restarts", "firmware", "certificate", "agent"}
    states = {expected for tried, _, _, expected in FAILING if tried == aspect}
    assert aspect in apart or ({OK, WARNING, CRITICAL} & states >= {OK} and states & {WARNING, CRITICAL})


def test_a_part_that_is_bad_has_a_condition_of_its_own_and_the_whole_tells_the_worst() -> None:
    told = {"fan/1 status": "ok", "fan/2 status": "failed", "fan/3 status": "warning", "fan/2 name": "Fan 2"}
    found = of("fan", known("switch", told))
    assert {component: one.state for component, one in found.items()} == {
        "": CRITICAL, "fan/2": CRITICAL, "fan/3": WARNING,
    }  # fmt: skip
    assert found[""].sentence == "Fan 2 is failed (and 1 more)"
    assert found["fan/2"].readings == ("fan/2 status",)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("port 1", "port 1"),
        ("Port: 7", "Port: 7"),
        ("Gi1/0/7", "port Gi1/0/7"),
        ("portal", "port portal"),
        ("", "port 7"),
    ],
)
def test_a_port_is_called_a_port_once(name: str, sentence: str) -> None:
    told = {"interface/7 name": name, "interface/7 status": "up", "interface/7 duplex": "half"}
    (found,) = [each for each in health.judge(known("switch", told)) if each.component == "interface/7"]
    assert found.sentence == f"{sentence} runs at half duplex"


def test_a_sensor_is_called_a_sensor_once() -> None:
    told = {"sensor/1 name": "Over-temperature Sensor", "sensor/1 status": "failed", "sensor/2 status": "failed"}
    found = of("temperature", known("switch", told))
    assert found["sensor/1"].sentence == "Over-temperature Sensor is failed"
    assert found["sensor/2"].sentence == "sensor 2 is failed"


def test_a_ups_that_runs_on_its_battery_is_told_at_once() -> None:
    assert of("ups", known("ups", {"output_source": "battery"}))[""].at_once
    assert not of("ups", known("ups", {"battery/ups runtime": 60}))[""].at_once


def test_uplinks_are_judged_together_and_not_as_ports_of_desks() -> None:
    told = {f"interface/{port} {name}": value for port in (49, 50)
            for name, value in (("status", "up"), ("speed", 10**9))}  # fmt: skip
    one = known("switch", told, uplinks={"interface/49": "core", "interface/50": "core"})
    assert of("ports", one)[""].sentence == "its uplink has 2 Gb/s; 20 Gb/s (2 × 10) are asked for"
    fast = {key: 10**10 if key.endswith("speed") else value for key, value in told.items()}
    two = known("switch", fast, uplinks={"interface/49": "core", "interface/50": "core"})
    assert state("ports", two) is OK
    apart = known("switch", fast, uplinks={"interface/49": "core", "interface/50": "another"})
    assert state("ports", apart) is WARNING


@pytest.mark.parametrize(
    ("support", "expected"),
    [
        (Support(known=True), OK),
        (Support(known=True, ends=date(2028, 1, 1)), OK),
        (Support(known=True, ends=date(2027, 1, 1)), WARNING),
        (Support(known=True, ends=date(2025, 10, 14)), CRITICAL),
        (Support(known=True, ends=date(2025, 10, 14), extended=date(2028, 10, 10)), WARNING),
    ],
)
def test_firmware_is_as_long_well_as_it_is_supported(support: Support, expected: State) -> None:
    assert state("firmware", known("desktop", {"os.name": "Windows"}, support=support)) is expected


def agent(**changes: Any) -> Dossier:
    whole = Agent(NOW, NOW + 60 * DAY, {"clock_skew_seconds": 1.0}, 0)
    return known("server", agent=whole._replace(**changes))


@pytest.mark.parametrize(
    ("aspect", "changes", "expected"),
    [
        ("certificate", {}, OK),
        ("certificate", {"certificate_expires": NOW + 5 * DAY}, WARNING),
        ("certificate", {"certificate_expires": NOW - DAY}, CRITICAL),
        ("certificate", {"certificate_expires": None}, UNKNOWN),
        ("agent", {}, OK),
        ("agent", {"last_report": NOW - 100 * MINUTE}, WARNING),
        ("agent", {"last_report": NOW - 3 * DAY}, CRITICAL),
        ("agent", {"last_report": None}, UNKNOWN),
        ("agent", {"numbers": {"clock_skew_seconds": -400.0}}, WARNING),
        ("agent", {"numbers": {"spool_oldest_seconds": 90_000.0}}, CRITICAL),
        ("agent", {"troubles": 2}, WARNING),
    ],
)
def test_an_agent_reports_keeps_up_and_renews_its_certificate(
    aspect: str, changes: dict[str, Any], expected: State
) -> None:
    assert state(aspect, agent(**changes)) is expected


def test_a_trust_may_set_a_limit_of_its_own() -> None:
    own = health.shipped().overridden({("supplies", "warning", "printer"): 30.0, ("made", "up", "*"): 1.0})
    told = {"supply/1.1 level": 20}
    assert state("supplies", known("printer", told)) is OK
    assert state("supplies", dataclasses.replace(known("printer", told), limits=own)) is WARNING
    hostile = health.shipped().overridden({("supplies", "warning", "*"): float("nan")})
    assert hostile("supplies", "warning", "printer") == health.shipped()("supplies", "warning", "printer")


def test_one_aspect_that_fails_silences_no_other() -> None:
    def broken(_known: Dossier) -> list[Any]:
        raise RuntimeError("what a device said")

    files = [health.Judge("fan", broken, damped=True), *(f for f in health.judges() if f.aspect == "supplies")]
    found = health.judge(known("printer", {"supply/1.1 level": 60}), files)
    assert [(one.aspect, one.state) for one in found] == [("fan", UNKNOWN), ("supplies", OK)]
    assert found[0].sentence == "this could not be judged: RuntimeError"


NAMES = sorted({key.rpartition(" ")[2] for _, _, told, _ in FAILING for key in told} | {"load", "alarms", "packs_bad"})
FIRSTS = sorted({key.partition("/")[0] for _, _, told, _ in FAILING for key in told if "/" in key})
VALUES = st.one_of(
    st.text(max_size=20), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(["failed", "battery", "half", "up", "0000-00-00", "9999-12-31"]),
)  # fmt: skip
TIMES = st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)))
TOLD = st.builds(Told, VALUES, TIMES, st.one_of(st.none(), VALUES), TIMES, st.integers(-5, 10**9))
COMPONENTS = st.builds(
    lambda first, rest: f"{first}/{rest}" if first else "", st.sampled_from(["", *FIRSTS]),
    st.text(min_size=1, max_size=8),
)  # fmt: skip
DEVICES = st.dictionaries(COMPONENTS, st.dictionaries(st.sampled_from(NAMES), TOLD, max_size=6), max_size=6)
AGENTS = st.one_of(
    st.none(),
    st.builds(
        Agent, TIMES, TIMES, st.dictionaries(st.sampled_from(["clock_skew_seconds"]), st.floats()), st.integers()
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CLASSES), DEVICES, TIMES, TIMES, AGENTS, st.one_of(st.none(), st.dates()))
def test_no_device_makes_an_aspect_fail(
    device_class: str, told: Any, last_seen: Any, looked: Any, agent_: Any, ends: date | None
) -> None:
    dossier = Dossier(
        "d", device_class, NOW, told, observed=NOW, last_seen=last_seen, looked=looked, agent=agent_,
        uplinks=dict.fromkeys(told, "core"), support=Support(known=True, ends=ends),
    )  # fmt: skip
    for found in health.judge(dossier):
        assert "could not be judged" not in found.sentence, (found, told)
        assert len(found.sentence) <= health.MOST_WORDS
