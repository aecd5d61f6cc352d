"""Dates that devices tell: what is believed of them, and how far."""

from __future__ import annotations

from datetime import date

import pytest

from collector.age import About, Clue, Grade, Says, Told, made, of_month, told
from collector.age.assess import Dossier, abouts, assess
from collector.age.estimate import Confidence, estimate
from collector.facts import Value

SEEN = date(2026, 11, 22)


def thing(kind: str, component: str = "", since: date = SEEN, serial: str = "", **facts: Value) -> About:
    said = {
        name.replace("__", "."): (Told(name.replace("__", "."), value, component=component, since=since),)
        for name, value in facts.items()
    }
    return About(kind, told=said, component=component, serial=serial, first_seen=None if component else SEEN)


def said(about: About, *parts: About) -> list[Clue]:
    return list(told.clues(about, parts))


def only(about: About, *parts: About) -> Clue:
    (clue,) = said(about, *parts)
    return clue


# ------------------------------------------------------------------------------------------------ reading a day


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2020-04-15", date(2020, 4, 15)),
        ("20200415", date(2020, 4, 15)),
        ("2020-04-15T10:30:00+00:00", date(2020, 4, 15)),
        ("04/30/25", date(2025, 4, 30)),
        ("04/30/2025", date(2025, 4, 30)),
        ("08/01/99", date(1999, 8, 1)),
        ("23361", date(2025, 10, 1)),
        (23361, date(2025, 10, 1)),
        ("0", None),
        ("00/00/0000", None),
        ("", None),
    ],
)
def test_days_are_read_in_the_forms_that_devices_write(value: str | int, day: date | None) -> None:
    assert told.read_day(value) == day


@pytest.mark.parametrize("value", ["INVALID", "2015-23-00", "13/30/25", "last summer", "31", "4294967167"])
def test_what_is_no_day_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        told.read_day(value)


# ------------------------------------------------------------------------------------------------ manufacture


def test_a_day_of_manufacture_is_believed_within_weeks() -> None:
    clue = only(thing("switch", manufactured="2015-10-13"))
    assert (clue.says, clue.grade, clue.raw) == (Says.MADE, Grade.TOLD, "2015-10-13")
    (span,) = clue.spans
    assert (span.earliest, span.best, span.latest) == (date(2015, 8, 18), date(2015, 10, 13), date(2015, 12, 8))
    assert estimate([clue]).confidence is Confidence.HIGH


@pytest.mark.parametrize(
    ("value", "because"),
    [
        ("2009-08-06", "software kit"),
        ("1999-12-27", "Rittal"),
        ("2000-01-01", "clocks start"),
        ("2000-04-26", "Comware"),
        ("1985-03-02", "before 1990"),
        ("2027-02-01", "later than 2026-11-22"),
        ("9999-12-31", "year 9999"),
        ("INVALID", "is no date"),
        ("199000300000", "no date"),
        ("00000000", "nothing is filled in"),
    ],
)
def test_placeholders_and_impossible_days_say_why_they_tell_nothing(value: str, because: str) -> None:
    clue = only(thing("switch", manufactured=value))
    assert clue.says is Says.NOTHING
    assert because in clue.words


def test_what_a_hypervisor_calls_its_manufacture_is_its_firmware() -> None:
    """ESXi answers entPhysicalMfgDate with the BIOS date: a DL380p built in 2016 says 2018-05-21."""
    clue = only(thing("hypervisor", manufactured="2018-05-21"))
    assert (clue.says, clue.grade) == (Says.NOT_AFTER, Grade.HINT)
    server = said(thing("server", manufactured="2018-05-21", bios_date="2018-05-21"))
    assert {clue.grade for clue in server} == {Grade.HINT}


def test_a_virtual_machine_was_never_made() -> None:
    clue = only(thing("virtual machine", bios_date="2020-12-12", os__install_time="2024-01-05T00:00:00+00:00"))
    assert (clue.says, clue.words) == (Says.NOTHING, "a virtual machine is not manufactured")


# ------------------------------------------------------------------------------------------------ in use


@pytest.mark.parametrize("name", ["first_used", "installed"])
def test_first_use_bounds_the_manufacture_and_makes_the_year_before_likely(name: str) -> None:
    bound, likely = said(thing("printer", **{name: "2016-09-05"}))
    assert (bound.says, bound.grade, bound.spans[0].latest) == (Says.NOT_AFTER, Grade.IN_SERVICE, date(2016, 9, 5))
    assert (likely.grade, likely.spans[0].best) == (Grade.PART, date(2016, 6, 6))
    found = estimate([bound, likely])
    assert (found.best, found.latest, found.confidence) == (date(2016, 6, 6), date(2016, 9, 5), Confidence.MEDIUM)


def test_a_switch_that_lay_on_a_shelf_is_as_old_as_its_serial_number_says() -> None:
    serial = made([of_month(2013, 5)], Grade.DOCUMENTED, "serial.test", "CN35", "May 2013")
    found = estimate([serial, *said(thing("switch", first_used="2015-02-01"))])
    assert found.best == date(2013, 5, 16)
    assert not found.contradicted


def test_the_day_of_a_battery_is_the_batterys_alone() -> None:
    facts = (
        Told("class", "ups", since=SEEN),
        Told("manufactured", "2012-03-14", since=SEEN),
        Told("battery.replaced", "2025-04-30", since=SEEN),
    )
    assessment = assess(Dossier("d1", facts, SEEN))
    assert assessment.estimate.best == date(2012, 3, 14)
    battery = assessment.parts["battery/ups"]
    assert (battery.best, battery.latest) == (date(2025, 1, 29), date(2025, 4, 30))


def test_an_undefined_day_of_a_battery_tells_nothing() -> None:
    assert only(thing("battery", "battery/ups", replaced="2000-01-01")).says is Says.NOTHING


def test_a_disk_is_at_least_as_old_as_its_hours() -> None:
    clue = only(thing("disk", "disk/sda", since=date(2026, 11, 20), power_on_time=1000 * 86400))
    assert (clue.says, clue.grade, clue.spans[0].latest) == (Says.NOT_AFTER, Grade.PART, date(2024, 3, 31))
    assert only(thing("disk", "disk/sda", power_on_time=99 * 365 * 86400)).says is Says.NOTHING
    assert said(thing("disk", "disk/sda", power_on_time=True)) == []


# ------------------------------------------------------------------------------------------------ soft


def test_only_the_earliest_firmware_counts_and_it_makes_no_date() -> None:
    facts = tuple(Told("bios_date", value, since=SEEN) for value in ("2024-05-01", "2016-03-10", "2019-01-01", ""))
    clue = only(About("desktop", told={"bios_date": facts}, first_seen=SEEN))
    assert (clue.says, clue.grade, clue.raw) == (Says.NOT_AFTER, Grade.HINT, "2016-03-10")
    assert clue.spans[0].latest == date(2020, 3, 9)
    assert estimate([clue]).best is None


def test_an_installed_system_bounds_the_machine_as_a_hint() -> None:
    clue = only(thing("laptop", os__install_time="2021-09-02T08:00:00+00:00"))
    assert (clue.says, clue.grade, clue.spans[0].latest) == (Says.NOT_AFTER, Grade.HINT, date(2021, 9, 2))


# ------------------------------------------------------------------------------------------------ monitors


@pytest.mark.parametrize(
    ("year", "week", "maker_id", "first", "last"),
    [
        (2019, 10, "DEL", date(2019, 2, 25), date(2019, 3, 24)),
        (2020, 53, "DEL", date(2020, 12, 21), date(2021, 1, 17)),
        (2020, 54, "DEL", date(2020, 12, 21), date(2021, 1, 17)),
        (2015, 4, "GSM", date(2015, 3, 25), date(2015, 5, 14)),
        (2018, 51, "GSM", date(2018, 12, 10), date(2019, 1, 6)),
        (2012, None, "SAM", date(2012, 1, 1), date(2013, 1, 31)),
    ],
)
def test_edid_tells_week_month_or_year(year: int, week: int | None, maker_id: str, first: date, last: date) -> None:
    facts = {"manufacture_year": year, "maker_id": maker_id} | ({"manufacture_week": week} if week else {})
    clue = only(thing("monitor", "monitor/DP-1", serial="CNC432", **facts))
    assert (clue.says, clue.grade) == (Says.MADE, Grade.TOLD)
    assert (clue.spans[0].earliest, clue.spans[0].latest) == (first, last)


def test_an_edid_without_serial_number_is_the_models() -> None:
    clue = only(thing("monitor", "monitor/HDMI-A-1", manufacture_year=2012, manufacture_week=18))
    (span,) = clue.spans
    assert (clue.says, clue.grade) == (Says.MADE, Grade.PART)
    assert (span.earliest, span.best, span.latest) == (date(2012, 4, 23), date(2012, 5, 3), date(2014, 5, 20))


def test_a_model_year_is_a_lower_bound() -> None:
    clue = only(thing("monitor", "monitor/DP-1", serial="X1", model_year=2013))
    assert (clue.says, clue.spans[0].earliest) == (Says.NOT_BEFORE, date(2012, 9, 3))


@pytest.mark.parametrize(("year", "week"), [(2012, 60), (2156, 4)])
def test_a_week_that_no_year_has_tells_nothing(year: int, week: int) -> None:
    clue = only(thing("monitor", "monitor/DP-1", serial="X1", manufacture_year=year, manufacture_week=week))
    assert clue.says is Says.NOTHING


# ------------------------------------------------------------------------------------------------ parts of a device


def battery(day: str) -> About:
    return thing("battery", "battery/BAT0", manufactured=day)


def panel(year: int, week: int, serial: str = "88123", connector: str = "eDP-1") -> About:
    return thing("monitor", f"monitor/{connector}", serial=serial, manufacture_year=year, manufacture_week=week)


CORE_I5_8250U = "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz"  # launched on 2017-08-21


def test_a_laptop_is_as_old_as_the_battery_it_was_sold_with() -> None:
    clue = only(thing("laptop", processor=CORE_I5_8250U), battery("2018-06-04"))
    assert (clue.says, clue.grade, clue.rule) == (Says.MADE, Grade.PART, "told.manufactured.battery/BAT0")
    assert clue.spans[0].best == date(2018, 6, 4)
    assert (clue.spans[0].earliest.year, clue.spans[0].latest.year) == (2017, 2019)


@pytest.mark.parametrize("processor", [CORE_I5_8250U, ""])
def test_a_battery_that_may_have_been_replaced_only_bounds_the_laptop(processor: str) -> None:
    clue = only(thing("laptop", processor=processor), battery("2022-06-04"))
    assert (clue.says, clue.grade, clue.spans[0].latest) == (Says.NOT_AFTER, Grade.PART, date(2023, 1, 4))
    assert "may have been replaced" in clue.words


def test_the_oldest_part_counts() -> None:
    clues = said(thing("laptop"), battery("2021-03-01"), panel(2016, 20))
    assert {clue.rule: clue.says for clue in clues} == {
        "told.manufactured.battery/BAT0": Says.NOT_AFTER,
        "told.edid.monitor/eDP-1": Says.MADE,
    }
    found = estimate(clues)
    assert found.best == date(2016, 5, 19)
    assert not found.contradicted


def test_a_panel_without_serial_number_bounds_the_laptop_from_below() -> None:
    clue = only(thing("laptop"), panel(2017, 0, serial=""))
    assert (clue.says, clue.spans[0].earliest) == (Says.NOT_BEFORE, date(2016, 7, 2))


def test_a_monitor_on_the_desk_and_the_battery_of_a_ups_say_nothing_of_the_computer() -> None:
    assert said(thing("desktop"), panel(2009, 12, connector="DP-1")) == []
    assert said(thing("ups"), battery("2009-03-02")) == []


def test_hostile_values_become_reasons() -> None:
    facts = tuple(
        Told(name, "\u202e" * 9000, since=SEEN)
        for name in ("class", "manufactured", "first_used", "bios_date", "os.install_time", "manufacture_year")
    )
    whole, parts = abouts(Dossier("d1", facts, SEEN))
    assert {clue.says for clue in told.clues(whole, parts)} == {Says.NOTHING}
