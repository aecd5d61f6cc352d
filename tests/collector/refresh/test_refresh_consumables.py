"""Toner and drums by page counts, batteries of laptops and UPSs, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from collector.refresh.consumables import (
    Battery,
    Count,
    Demand,
    Printer,
    Window,
    batteries,
    pages_in,
    parts_of,
    printing,
    rows,
    ups_batteries,
    worn_on,
)
from collector.refresh.plan import plan
from collector.refresh.policies import Policies
from collector.refresh.values import Action, Estate, Kit, Terms

TODAY = date(2026, 11, 22)
WINDOW = Window(TODAY, 2026, 2028, {"": Terms(9)})
#: 36,500 pages in 365 days, a hundred a day
YEAR = (Count(date(2025, 11, 22), 10_000), Count(date(2026, 11, 22), 46_500))
LASER = Printer("p1", "Office printer", "oak", "HP LaserJet Pro M402", YEAR, left=(("toner", 100),))


def told(demands: object) -> list[tuple[str, int, int, int]]:
    return [(one.part, one.year, one.number, one.cost) for one in demands]  # type: ignore[attr-defined]


def test_toner_is_what_the_pages_of_a_year_use_at_five_percent() -> None:
    # from 22 November 2026 to 31 August 2027 are 283 days: 28,300 pages / 3,100 = 9.13: 9 cartridges of £95
    # by 31 August 2028, 366 days on, 64,900 / 3,100 = 20.94: 11 more of 95 × 1.03 = 97.85
    # by 31 August 2029, 365 days on, 101,400 / 3,100 = 32.71: 12 more of 95 × 1.0609 = 100.7855 → 100.79
    assert told(printing([LASER], WINDOW)) == [
        ("toner", 2026, 9, 855_00),
        ("toner", 2027, 11, 1_076_35),
        ("toner", 2028, 12, 1_209_48),
    ]
    demand = next(printing([LASER], WINDOW))
    assert not demand.assumed
    assert demand.sentence == (
        "36,500 pages a year by its counts of 365 days, at 5 % coverage; a toner yields 3,100 pages."
    )


def test_twice_the_coverage_uses_twice_the_toner() -> None:
    # 56,600 / 3,100 = 18.26
    assert told(printing([replace(LASER, coverage=10_00)], WINDOW))[0] == ("toner", 2026, 18, 1_710_00)


def test_a_drum_is_used_by_pages_alone_and_half_is_left_where_nobody_tells() -> None:
    # half of 25,000 are used: 12,500 + 28,300 = 40,800: 1 by August 2027; 77,400: 3 in all; 113,900: 4 in all
    other = replace(LASER, model="Some printer", left=(("toner", 100),), coverage=20_00)
    drums = [one for one in printing([other], WINDOW) if one.part == "drum"]
    assert [(one.year, one.number, one.assumed) for one in drums] == [(2026, 1, True), (2027, 2, True), (2028, 1, True)]


def test_a_printer_that_goes_needs_nothing_after_it_went() -> None:
    # 9 days of 100 pages on from half a cartridge: 900 + 1,550 = 2,450 of 3,100
    assert told(printing([replace(LASER, goes=date(2026, 12, 1), left=())], WINDOW)) == []


def test_one_reading_or_two_that_are_close_tell_nothing() -> None:
    assert pages_in(()) is None
    assert pages_in(YEAR[:1]) is None
    assert pages_in((Count(date(2026, 11, 1), 1), Count(date(2026, 11, 28), 9_000))) is None
    assert not list(printing([replace(LASER, counts=YEAR[:1])], WINDOW))


def test_a_counter_that_was_reset_loses_no_page() -> None:
    counts = [Count(date(2026, 1, 1), 5_000), Count(date(2026, 3, 1), 6_000), Count(date(2026, 5, 1), 400)]
    assert pages_in(reversed(counts)) == (1_400, 120)


def test_readings_of_less_than_a_year_are_marked() -> None:
    few = (Count(date(2026, 9, 1), 0), Count(date(2026, 11, 22), 8_200))
    assert next(printing([replace(LASER, counts=few)], WINDOW)).assumed


def test_a_model_has_its_own_parts_else_those_of_its_kind() -> None:
    assert [part.name for part in parts_of("mono", "HP LaserJet Pro M501")] == ["toner", "drum"]
    assert [(part.name, part.pages) for part in parts_of("mono", "HP LaserJet Pro M402dn")] == [("toner", 3_100)]
    assert [part.number for part in parts_of("colour", "")] == [4, 4]


def test_a_battery_that_loses_evenly_is_changed_when_it_is_worn() -> None:
    # 20 of 100 lost in 1,096 days: 40 in 2,192 days from 22 November 2023, on 22 November 2029, in 2029/30
    pack = Battery("l1", "Laptop 1", "oak", date(2023, 11, 22), 80.0)
    assert worn_on(pack, 60, TODAY) == date(2029, 11, 22)
    assert not list(batteries([pack], WINDOW))
    longer = replace(WINDOW, last=2030)
    # 60 × 1.03³ = 65.56362
    assert told(batteries([pack], longer)) == [("laptop battery", 2029, 1, 65_56)]
    assert not list(batteries([replace(pack, goes=date(2028, 9, 1))], longer))


def test_a_battery_that_is_worn_is_changed_now_and_one_that_lost_nothing_never() -> None:
    pack = Battery("l1", "Laptop 1", "oak", date(2023, 11, 22), 41.0)
    assert told(batteries([pack], WINDOW)) == [("laptop battery", 2026, 1, 60_00)]
    assert worn_on(replace(pack, health=100.0), 60, TODAY) is None
    assert worn_on(replace(pack, health=104.0), 60, TODAY) is None
    assert worn_on(replace(pack, health=80.0, since=TODAY), 60, TODAY) is None


def test_batteries_of_a_ups_are_told_and_their_money_is_counted_in_the_plan() -> None:
    ups = Kit("u1", "UPS 1", "oak", "ups", bought=date(2024, 12, 1))
    found = list(ups_batteries(plan(Estate(TODAY, 2026, 3, (ups,)), Policies())))
    assert [(one.year, one.number, one.in_plan) for one in found] == [(2027, 1, True)]
    assert not list(rows(found))


def test_demand_is_revenue_of_other_hardware_in_its_year() -> None:
    one = Demand("p1", "Office printer", "oak", "toner", 2027, 11, 1_076_35, "So many pages.", assumed=True)
    row = next(rows([one]))
    assert (row.action, row.year, row.cost, row.number, row.capital, row.line) == (
        Action.SPEND, 2027, 1_076_35, 11, False, "hardware",
    )  # fmt: skip
    assert (row.low, row.high, row.name, row.assumed) == (1_076_35, 1_076_35, "Office printer: toner", True)
