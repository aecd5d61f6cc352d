"""Years of schools, months, prices and assumed ages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.refresh.assume import Ages, middle
from collector.refresh.policies import Policies
from collector.refresh.prices import inflated, span_of
from collector.refresh.values import Kit, Span, Terms
from collector.refresh.wording import length, many, money
from collector.refresh.years import Years, add_months, half_up, years_of

APRIL, SEPTEMBER = Years(4), Years(9)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_a_year_begins_on_a_first_and_ends_before_the_next() -> None:
    assert (SEPTEMBER.of(date(2026, 8, 31)), SEPTEMBER.of(date(2026, 9, 1))) == (2025, 2026)
    assert (APRIL.of(date(2027, 3, 31)), APRIL.of(date(2027, 4, 1))) == (2026, 2027)
    assert (APRIL.first_day(2026), APRIL.last_day(2026)) == (date(2026, 4, 1), date(2027, 3, 31))
    assert [Years(9).label(year) for year in (2026, 1999, 2108)] == ["2026/27", "1999/00", "2108/09"]
    assert Years(1).label(2026) == "2026"


@given(days, st.sampled_from([1, 4, 8, 9]))
def test_every_day_is_in_its_year(day: date, month: int) -> None:
    years = Years(month)
    year = years.of(day)
    assert years.first_day(year) <= day <= years.last_day(year)


def test_a_school_without_terms_of_its_own_has_those_of_all_others() -> None:
    assert years_of({"": Terms(4), "oak": Terms(9)}, "oak") == SEPTEMBER
    assert years_of({"": Terms(4)}, "elm") == APRIL
    assert years_of({}, "elm") == SEPTEMBER


def test_a_year_of_the_other_kind_is_split_by_its_months() -> None:
    assert APRIL.shares(2026, SEPTEMBER) == ((2025, 5), (2026, 7))
    assert SEPTEMBER.shares(2026, APRIL) == ((2026, 7), (2027, 5))
    assert APRIL.shares(2026, APRIL) == ((2026, 12),)
    assert APRIL.split(1_00, 2026, SEPTEMBER) == ((2025, 42), (2026, 58))  # 41.67 and the rest


@given(st.integers(0, 10**10), st.sampled_from([1, 4, 9]), st.sampled_from([1, 4, 9]))
def test_splitting_loses_no_penny(pence: int, month: int, other: int) -> None:
    assert sum(part for _, part in Years(month).split(pence, 2026, Years(other))) == pence


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 1), -13, date(2024, 12, 1)),
    ],
)
def test_months_are_added_as_a_calendar_has_them(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(days, st.integers(0, 1_000), st.integers(1, 240))
def test_what_is_bought_later_is_never_due_earlier(day: date, later: int, life: int) -> None:
    assert add_months(day + timedelta(days=later), life) >= add_months(day, life)


def test_prices_rise_compound_and_are_rounded_once_half_up() -> None:
    assert inflated(100_00, 3_00, 2) == 106_09
    assert inflated(45, 3_00, 2) == 48  # 47.7405
    assert inflated(10, 5_00, 1) == 11  # 10.5
    assert inflated(100_00, -10_00, 2) == 81_00
    assert inflated(100_00, 3_00, -4) == 100_00
    assert half_up(5, 2) == 3


def test_low_and_high_are_the_prices_of_both_ends_of_a_span() -> None:
    def price(year: int) -> int:
        return 100 + year

    assert span_of(price, Span(1, 2, 3), 2, 5) == (101, 102, 103)
    assert span_of(price, Span(1, 2, 9), 2, 5) == (0, 102, 105)  # it may be after the plan
    assert span_of(price, Span(4, 7, 9), None, 5) == (0, 0, 105)
    assert span_of(price, Span(6, 7, 9), None, 5) == (0, 0, 0)
    assert span_of(lambda year: 100 - year, Span(1, 2, 3), 2, 5) == (97, 98, 99)


def test_the_middle_of_days_and_their_quartiles() -> None:
    first = date(2020, 1, 1)
    ten = [first + timedelta(days=place) for place in range(10)]
    found = middle(reversed(ten))
    assert (found.count, found.low, found.median, found.high) == (10, ten[2], ten[4], ten[7])
    one = middle([first])
    assert (one.low, one.median, one.high) == (first, first, first)


def test_an_assumed_age_is_never_after_today() -> None:
    today = date(2026, 11, 22)
    known = Kit("k", "k", "oak", "laptop", bought=date(2026, 11, 1))
    unknown = Kit("u", "u", "oak", "laptop")
    age = Ages([known, unknown], today).of(unknown, Policies().of(unknown))
    assert (age.earliest, age.best, age.latest, age.assumed) == (date(2025, 11, 1), date(2026, 11, 1), today, True)
    assert "the median of 1 laptop of its school" in age.words


def test_what_was_bought_stands_before_what_was_made() -> None:
    bought = Kit("k", "k", "oak", "laptop", bought=date(2021, 9, 1))
    assert Ages([bought], date(2026, 11, 22)).of(bought, Policies().of(bought)).words == "Bought September 2021"


def test_lengths_classes_and_money_are_said_as_people_say_them() -> None:
    assert [length(months) for months in (1, 12, 66, 60, 25)] == [
        "1 month", "1 year", "5 years and 6 months", "5 years", "2 years and 1 month",
    ]  # fmt: skip
    assert (many("switch"), many("ups"), many("access point")) == ("switches", "UPSs", "access points")
    assert (money(1_249_99), money(2_400_00), money(5)) == ("£1,249.99", "£2,400", "£0.05")
