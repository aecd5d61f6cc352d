"""Term-time: which days count, what is assumed, and that the usual year of England is what it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import calendar
from collector.calendar import BANK_HOLIDAYS, Calendar, Kind, Span

TERM = Span(date(2026, 9, 3), date(2026, 12, 18), Kind.TERM, "Autumn term")
HALF = Span(date(2026, 10, 19), date(2026, 10, 30), Kind.HOLIDAY, "Half-term")
INSET = Span(date(2026, 11, 9), date(2026, 11, 9), Kind.INSET, "INSET")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-02", False), ("2026-09-03", True), ("2026-09-05", False), ("2026-10-19", False),
        ("2026-11-02", True), ("2026-11-09", False), ("2026-12-18", True), ("2026-12-21", False),
    ],
)  # fmt: skip
def test_a_day_is_term_time_inside_a_term_and_outside_what_closes_it(day: str, expected: bool) -> None:
    assert Calendar((TERM, HALF, INSET)).is_term_day(date.fromisoformat(day)) is expected


def test_a_schools_own_terms_come_before_the_trusts_and_closures_add_up() -> None:
    trust = (Span(date(2026, 9, 1), date(2026, 12, 16), Kind.TERM), HALF)
    assert Calendar((TERM,), trust).is_term_day(date(2026, 12, 17))
    assert not Calendar((TERM,), trust).is_term_day(date(2026, 9, 2))
    assert not Calendar((INSET,), trust).is_term_day(INSET.first)
    assert not Calendar((TERM,), trust).is_term_day(HALF.first)


def test_years_that_nobody_brought_are_assumed_and_say_so() -> None:
    lived = Calendar((), (TERM,))
    assert not lived.is_assumed(date(2026, 10, 1))
    assert lived.is_assumed(date(2027, 10, 1))
    assert lived.is_term_day(date(2027, 10, 5))
    assert Calendar((INSET,)).is_assumed(INSET.first)
    assert not Calendar((INSET,)).is_term_day(INSET.first)


@pytest.mark.parametrize(
    ("year", "holiday", "expected"),
    [
        (2025, "Christmas holiday", "2025-12-22"), (2025, "Easter holiday", "2026-03-30"),
        (2025, "February half-term", "2026-02-16"), (2025, "May half-term", "2026-05-25"),
        (2026, "October half-term", "2026-10-26"), (2024, "October half-term", "2024-10-28"),
        (2023, "October half-term", "2023-10-23"), (2022, "Christmas holiday", "2022-12-19"),
    ],
)  # fmt: skip
def test_the_usual_year_has_the_holidays_that_most_schools_had(year: int, holiday: str, expected: str) -> None:
    assert next(s.first for s in calendar.usual_year(year) if s.name == holiday) == date.fromisoformat(expected)


@given(st.integers(2000, 2100))
def test_a_usual_year_has_about_190_days_and_no_gap(year: int) -> None:
    lived = Calendar()
    assert 185 <= lived.term_days(date(year, 9, 1), date(year + 1, 8, 31)) <= 200
    spans = lived.spans(year)
    covered = {day for span in spans for day in calendar.days(span.first, span.last)}
    missing = [
        d for d in calendar.days(date(year, 9, 2), date(year + 1, 8, 31)) if d not in covered and d.weekday() < 5
    ]
    assert missing == []


def test_what_was_proclaimed_differs_from_the_rule_only_where_a_year_was_special() -> None:
    special = {}
    for line in BANK_HOLIDAYS.split():
        if line.endswith(":"):
            year = int(line[:-1])
            special[year] = calendar.bank_holidays(year) ^ calendar.statutory_holidays(year)
    differ = {year: sorted(days) for year, days in special.items() if days}
    assert differ == {
        2020: [date(2020, 5, 4), date(2020, 5, 8)],
        2022: [date(2022, 5, 30), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)],
        2023: [date(2023, 5, 8)],
    }


@settings(deadline=None)  # a loaded machine is no fault of the calendar
@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.integers(0, 400))
def test_term_days_are_the_sum_of_days(first: date, length: int) -> None:
    lived, last = Calendar((TERM, HALF)), first + timedelta(days=length)
    assert lived.term_days(first, last) == sum(lived.is_term_day(day) for day in calendar.days(first, last))


def test_august_is_silent_and_an_endless_range_is_refused() -> None:
    assert Calendar().term_days(date(2026, 8, 1), date(2026, 8, 31)) == 0
    assert Calendar().term_days(date(2026, 8, 2), date(2026, 8, 1)) == 0
    with pytest.raises(ValueError, match="longer than"):
        Calendar().term_days(date.min, date.max)
    with pytest.raises(ValueError, match="before it begins"):
        Span(date(2026, 2, 2), date(2026, 2, 1), Kind.TERM)


def test_school_years_are_named_as_people_write_them() -> None:
    assert (calendar.year_name(2026), calendar.year_name(2099)) == ("2026/27", "2099/00")
