"""Weighing clues: bounds, candidates, decades, contradictions; and what holds whatever the clues are."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.age import (
    Clue,
    Grade,
    Says,
    Span,
    decades,
    made,
    not_after,
    not_before,
    nothing,
    of_day,
    of_month,
    of_week,
    of_year,
    words,
)
from collector.age.estimate import Confidence, Estimate, Verdict, estimate

SEEN = not_after(date(2026, 11, 22), Grade.SEEN, "first sighting", "2026-11-22", "seen")


def serial(*years: int, month: int = 10, grade: Grade = Grade.DOCUMENTED) -> Clue:
    return made([of_month(year, month) for year in years], grade, "serial.test", "CN50A1Z4BN", "October of a year")


def verdicts(found: Estimate) -> list[Verdict]:
    return [weighed.verdict for weighed in found.case]


def test_one_documented_month_is_believed_highly() -> None:
    found = estimate([serial(2015), SEEN])
    assert (found.earliest, found.best, found.latest) == (date(2015, 10, 1), date(2015, 10, 16), date(2015, 10, 31))
    assert found.confidence is Confidence.HIGH
    assert words.when(found) == "October 2015"


def test_bounds_choose_the_decade() -> None:
    launch = not_before(date(2012, 3, 1), Grade.LAUNCH, "launch", "Gen8", "launched in March 2012")
    found = estimate([serial(2006, 2016, 2026), launch, not_after(date(2024, 1, 1), Grade.SEEN, "s", "", "seen")])
    assert found.best == date(2016, 10, 16)
    assert len(found.candidates) == 1


def test_decades_that_bounds_leave_open_stay_open() -> None:
    found = estimate([serial(2005, 2015, 2025), SEEN])
    assert found.best is None
    assert found.confidence is Confidence.NONE
    assert [span.earliest.year for span in found.candidates] == [2005, 2015, 2025]
    assert words.when(found) == "2005 or 2015 or 2025"
    assert (found.earliest, found.latest) == (date(2005, 10, 1), date(2025, 10, 31))


def test_a_weaker_date_settles_the_decade_and_is_narrowed_by_it() -> None:
    told = made([of_day(date(2015, 11, 4), before=60, after=60)], Grade.TOLD, "told", "2015-11-04", "told")
    found = estimate([serial(2005, 2015, 2025), told, SEEN])
    assert found.best
    assert found.best.year == 2015
    assert found.confidence is Confidence.HIGH


def test_a_contradiction_is_flagged_and_never_averaged() -> None:
    told = made([of_day(date(2019, 5, 1))], Grade.TOLD, "told", "2019-05-01", "told")
    found = estimate([serial(2015), told, SEEN])
    assert found.contradicted
    assert found.best == date(2015, 10, 16)  # the stronger stands
    assert (found.earliest, found.latest) == (date(2015, 10, 1), date(2019, 5, 1))  # and both are possible
    assert found.confidence is Confidence.LOW
    assert words.verdict(found.case[-1]) == "contradicts: 42 months off"


def test_a_contradiction_beyond_the_bounds_widens_nothing() -> None:
    told = made([of_day(date(2031, 5, 1))], Grade.TOLD, "told", "2031-05-01", "told")
    found = estimate([serial(2015), told, SEEN])
    assert found.contradicted
    assert found.latest == date(2015, 10, 31)


def test_a_small_difference_is_noted_and_costs_confidence() -> None:
    told = made([of_day(date(2016, 2, 1))], Grade.TOLD, "told", "2016-02-01", "told")
    found = estimate([serial(2015), told, SEEN])
    assert not found.contradicted
    assert found.confidence is Confidence.MEDIUM
    assert verdicts(found)[-1] is Verdict.DIFFERS


def test_a_week_inside_a_year_makes_the_year_precise() -> None:
    year = made([of_year(2020)], Grade.DOCUMENTED, "serial.year", "FGT60F", "year 20")
    week = made([of_week(2020, 12)], Grade.PART, "part", "w12", "panel of week 12")
    found = estimate([week, year, SEEN])
    assert (found.earliest, found.latest) == (date(2020, 3, 16), date(2020, 3, 22))
    assert found.decided_by == week


def test_bounds_alone_give_no_date_unless_they_are_close() -> None:
    launch = not_before(date(2018, 1, 1), Grade.LAUNCH, "launch", "x", "launched")
    apart = estimate([launch, SEEN])
    assert apart.best is None
    assert words.when(apart) == "between 2018 and 2026"
    close = estimate([not_before(date(2025, 11, 22), Grade.LAUNCH, "launch", "x", "launched"), SEEN])
    assert close.best == date(2026, 5, 23)
    assert close.confidence is Confidence.MEDIUM


def test_a_silent_serial_number_says_why() -> None:
    found = estimate([nothing("serial.ubiquiti", "F03E34F342C3", "the serial number is the MAC"), SEEN])
    assert words.reason(found) == "the serial number is the MAC"
    assert found.best is None


def test_nothing_at_all_is_unknown() -> None:
    found = estimate([])
    assert (found.earliest, found.latest, found.best, found.confidence) == (None, None, None, Confidence.NONE)
    assert words.when(found) == "unknown"


def test_bounds_that_cross_keep_the_stronger() -> None:
    launch = not_before(date(2020, 1, 1), Grade.LAUNCH, "launch", "x", "launched")
    seen = not_after(date(2018, 1, 1), Grade.SEEN, "first sighting", "2018-01-01", "seen")
    found = estimate([launch, seen])
    assert found.latest == date(2018, 1, 1)
    assert found.contradicted
    assert found.earliest is None


@pytest.mark.parametrize(("year", "week"), [(2016, 0), (2016, 54), (2021, 99)])
def test_no_year_has_such_a_week(year: int, week: int) -> None:
    with pytest.raises(ValueError, match="week"):
        of_week(year, week)


def test_decades_are_the_years_of_a_digit() -> None:
    assert list(decades(6, 2004, 2030)) == [2006, 2016, 2026]


# ------------------------------------------------------------------------------------------------ whatever the clues

days = st.dates(date(1995, 1, 1), date(2027, 12, 31))
spans = st.builds(lambda day, width: Span(day, date.fromordinal(day.toordinal() + width)), days, st.integers(0, 800))
grades = st.sampled_from(Grade)
texts = st.sampled_from("abcdef")
clues = st.one_of(
    st.builds(made, st.lists(spans, min_size=1, max_size=3), grades, texts, texts, texts),
    st.builds(not_before, days, grades, texts, texts, texts),
    st.builds(not_after, days, grades, texts, texts, texts),
    st.builds(nothing, texts, texts, texts),
)
cases = st.lists(clues, max_size=8)


@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_evidence_never_matters(case: list[Clue], chance: object) -> None:
    shuffled = list(case)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random
    assert estimate(shuffled) == estimate([*case, *case[:2]])


def disagreeing(found: Estimate) -> set[Clue]:
    return {w.clue for w in found.case if w.verdict in (Verdict.DIFFERS, Verdict.CONTRADICTS)}


def reach(found: Estimate) -> tuple[date, date]:
    return found.earliest or date.min, found.latest or date.max


@given(cases, clues)
def test_more_evidence_never_widens_except_by_a_flagged_disagreement(case: list[Clue], more: Clue) -> None:
    before, after = estimate(case), estimate([*case, more])
    if disagreeing(after) <= disagreeing(before):
        assert reach(before)[0] <= reach(after)[0]
        assert reach(after)[1] <= reach(before)[1]


@given(cases)
def test_the_best_date_is_inside_what_is_possible_and_inside_every_bound_that_stands(case: list[Clue]) -> None:
    found = estimate(case)
    if found.best is None:
        return
    assert reach(found)[0] <= found.best <= reach(found)[1]
    for weighed in found.case:
        if weighed.clue.says in (Says.NOT_BEFORE, Says.NOT_AFTER) and not weighed.gap_days:
            (allowed,) = weighed.clue.spans
            assert allowed.earliest <= found.best <= allowed.latest
