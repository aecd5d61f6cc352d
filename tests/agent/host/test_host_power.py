"""Power: the machine's own batteries, in milliwatt-hours whichever way they count, and its mains."""

from __future__ import annotations

from typing import Any

import pytest

from agent.host import examine
from agent.host._machine import LiveBattery, RecordedMachine
from stocktake.values import Battery, Outcome, Power

SUPPLY = "sys/class/power_supply"


def supply(name: str, **attributes: object) -> dict[str, str]:
    return {f"{SUPPLY}/{name}/{attribute}": f"{value}\n" for attribute, value in attributes.items()}


#: a laptop with an inner and a removable battery, a mouse, and both ways of charging
LAPTOP = {
    **supply(
        "BAT0", type="Battery", present=1, manufacturer="LGC", model_name="01AV430", serial_number=" 3247",
        technology="Li-poly", energy_full_design=23940000, energy_full=19870000, cycle_count=412, capacity=96,
        manufacture_year=2018, manufacture_month=3, manufacture_day=9,
    ),
    **supply(
        "BAT1", type="Battery", present=1, manufacturer="SANYO", model_name="45N1777", serial_number="1183",
        technology="Li-ion", charge_full_design=4400000, charge_full=2600000, voltage_min_design=10800000, capacity=101,
    ),
    **supply("BAT2", type="Battery", present=0),
    **supply("hidpp_battery_0", type="Battery", scope="Device", model_name="Wireless Mouse M280", capacity=55),
    **supply("AC", type="Mains", online=0),
    **supply("ucsi-source-psy-1", type="USB", online=1),
}  # fmt: skip


def test_a_laptop_with_two_batteries_that_count_differently(plant: Any) -> None:
    [result] = examine(plant(LAPTOP), only=["power"])
    inner = Battery("BAT0", "LGC", "01AV430", "3247", "Li-poly", "2018-03-09", 23940, 19870, 412, 96)
    removable = Battery("BAT1", "SANYO", "45N1777", "1183", "Li-ion", "", 47520, 28080, None, None)
    assert (result.outcome, result.content) == (Outcome.COMPLETE, Power((inner, removable), mains_online=True))


@pytest.mark.parametrize(("online", "told"), [("1", True), ("0", False), ("", None), ("yes", None)])
def test_mains_is_told_or_open(plant: Any, online: str, told: bool | None) -> None:
    [result] = examine(plant(supply("AC", type="Mains", online=online)), only=["power"])
    assert result.content == Power((), told)


def test_a_desktop_has_neither(plant: Any) -> None:
    [result] = examine(plant({SUPPLY: None}), only=["power"])
    assert (result.outcome, result.content) == (Outcome.COMPLETE, Power())


@pytest.mark.parametrize(
    "attributes",
    [
        {"energy_full": -1, "energy_full_design": "n/a"},
        {"energy_full": 10**15, "energy_full_design": "9" * 40},
        {"charge_full": 4400000, "charge_full_design": 4400000},  # no voltage to reckon with
        {"manufacture_year": 0, "manufacture_month": 0, "manufacture_day": 0},
        {"manufacture_year": 2020, "manufacture_month": 5},
    ],
)
def test_numbers_that_cannot_be_are_not_told(plant: Any, attributes: dict[str, object]) -> None:
    [result] = examine(plant(supply("BAT0", type="Battery", **attributes)), only=["power"])
    assert result.content == Power((Battery("BAT0"),))


def test_a_battery_whose_serial_is_refused_is_cut(plant: Any, refuse: Any) -> None:
    files = supply("BAT0", type="Battery", serial_number="7", technology="Li-ion")
    [result] = examine(plant(files, read=refuse("serial_number")), only=["power"])
    assert (result.outcome, result.content) == (Outcome.CUT, Power((Battery("BAT0", technology="Li-ion"),)))


def test_elsewhere_the_battery_is_summed_up_and_what_is_missing_is_told(plant_windows: Any) -> None:
    machine = RecordedMachine(recorded_battery=LiveBattery(81, mains_online=False))
    [result] = examine(plant_windows(machine), only=["power"])
    assert (result.outcome, result.content) == (Outcome.CUT, Power((Battery("battery", charge_percent=81),), False))
    assert result.detail == "Could not read the battery's maker, age and capacity (not read on win32 yet)."


def test_elsewhere_without_a_battery_there_is_nothing(plant_windows: Any) -> None:
    [result] = examine(plant_windows(), only=["power"])
    assert (result.outcome, result.content) == (Outcome.COMPLETE, Power())
