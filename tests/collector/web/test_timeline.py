"""The drawing of an estimate: its scale, its bars, open ends, open decades, and nothing where nothing is known."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from collector.age import Clue, Grade, Span, made, not_after, not_before, nothing, of_day, of_month, of_year
from collector.age.estimate import estimate
from collector.web.timeline import LEAST_YEARS, MOST_YEARS, THIN, TICKS, WIDTH, Bar, TimeLine, draw

TODAY = date(2026, 11, 22)
SEEN = not_after(TODAY, Grade.SEEN, "first sighting", "2026-11-22", "an agent saw it for the first time")
LAUNCHED = not_before(date(2013, 6, 1), Grade.LAUNCH, "launch.model", "X", "it was launched in June 2013")
APRIL = made([of_month(2016, 4)], Grade.DOCUMENTED, "serial.x", "1604", "April 2016")


def drawn(*clues: Clue) -> TimeLine:
    return draw(estimate(clues), TODAY)


def line_of(line: TimeLine, rule: str) -> tuple[Bar, ...]:
    (found,) = [each.bars for each in line.lines if each.rule == rule]
    return found


# ------------------------------------------------------------------------------------------------ scale


def test_the_scale_goes_from_the_year_before_the_first_date_that_matters_to_the_end_of_this_year() -> None:
    line = drawn(SEEN, LAUNCHED, APRIL)
    assert line.label == "Made April 2016; the scale goes from 2012 to 2027"
    years = dict(line.ticks)
    assert years[2013] < years[2015] < years[2025]
    assert all(0 <= place <= WIDTH for place in years.values())


def test_the_years_above_the_scale_stand_apart_evenly_and_are_few() -> None:
    for since in (1997, 2005, 2012, 2019, 2024):
        line = drawn(SEEN, made([of_year(since)], Grade.DOCUMENTED, "serial.x", "x", "x"))
        years = [year for year, _ in line.ticks]
        assert 4 <= len(years) <= TICKS + 1
        assert len({later - earlier for earlier, later in itertools.pairwise(years)}) == 1


def test_a_device_of_this_year_has_a_scale_of_some_years_all_the_same() -> None:
    line = drawn(SEEN, made([of_month(2026, 10)], Grade.DOCUMENTED, "serial.x", "x", "x"))
    assert line.ticks[0][0] == TODAY.year - LEAST_YEARS


def test_no_scale_is_longer_than_three_decades_and_what_is_before_it_is_cut() -> None:
    line = drawn(SEEN, made([Span(date(1990, 1, 1), date(1999, 12, 31))], Grade.DOCUMENTED, "serial.x", "x", "x"))
    assert f"from {TODAY.year - MOST_YEARS} to" in line.label
    (bar,) = line_of(line, "serial.x")
    assert bar.x == 0
    assert 0 < bar.width < WIDTH


def test_a_hint_does_not_stretch_the_scale() -> None:
    hint = made([of_year(2001)], Grade.HINT, "hint", "2001", "a hint")
    assert "from 2015 to" in drawn(SEEN, APRIL, hint).label


# ------------------------------------------------------------------------------------------------ bars


def test_the_estimate_is_a_bar_where_its_evidence_is_with_its_best_day_on_it() -> None:
    line = drawn(SEEN, LAUNCHED, APRIL)
    (estimated,), (told,) = line.bars, line_of(line, "serial.x")
    assert (estimated.x, estimated.width) == (told.x, told.width)
    assert estimated.best is not None
    assert estimated.x <= estimated.best <= estimated.x + estimated.width
    assert told.best is None


def test_bounds_reach_the_edge_that_they_leave_open() -> None:
    line = drawn(SEEN, LAUNCHED, APRIL)
    (seen,), (launched,) = line_of(line, "first sighting"), line_of(line, "launch.model")
    assert seen.x == 0
    assert seen.width < WIDTH
    assert launched.x > 0
    assert launched.x + launched.width == WIDTH
    assert [each.bound for each in line.lines] == [True, True, False]


def test_a_day_can_be_seen_also_at_the_edge() -> None:
    for day in (date(2016, 4, 1), TODAY, date(2026, 12, 31)):
        (bar,) = line_of(drawn(made([of_day(day)], Grade.DOCUMENTED, "serial.x", "x", "x")), "serial.x")
        assert bar.width == THIN
        assert bar.x + bar.width <= WIDTH


def test_decades_that_are_open_are_bars_of_their_own_and_none_is_best() -> None:
    decades = made([of_month(year, 5) for year in (2013, 2023, 2033)], Grade.DOCUMENTED, "serial.x", "3", "May of a 3")
    line = drawn(SEEN, decades)
    assert (line.when, line.confidence) == ("2013 or 2023", "none")
    assert len(line.bars) == 2
    assert {bar.best for bar in line.bars} == {None}
    assert len(line_of(line, "serial.x")) == 2
    assert line.reach is not None
    assert line.reach.x == line.bars[0].x
    assert line.reach.x + line.reach.width == line.bars[1].x + line.bars[1].width


def test_what_contradicts_is_drawn_where_it_says_and_the_reach_holds_both() -> None:
    other = made([of_year(2021)], Grade.TOLD, "told.manufactured", "2021", "it tells 2021")
    line = drawn(SEEN, APRIL, other)
    assert line.contradicted
    assert [(each.rule, each.mark) for each in line.lines if each.mark != "stands"] == [
        ("told.manufactured", "contradicts")
    ]
    (bar,) = line_of(line, "told.manufactured")
    assert bar.x > line.bars[0].x + line.bars[0].width
    assert line.reach is not None
    assert line.reach.x + line.reach.width == bar.x + bar.width


def test_evidence_that_says_nothing_is_listed_with_its_reason_and_has_no_bar() -> None:
    line = drawn(SEEN, nothing("serial.dell", "7XKQ2P3", "a service tag carries no date"))
    (silent,) = [each for each in line.lines if each.rule == "serial.dell"]
    assert (silent.says, silent.bars, silent.grade, silent.mark) == ("no date", (), "", "silent")
    assert line.reason == "a service tag carries no date"


def test_where_nothing_is_known_there_is_a_scale_and_nothing_on_it() -> None:
    line = drawn()
    assert (line.when, line.confidence, line.bars, line.reach, line.lines) == ("unknown", "none", (), None, ())
    assert line.label == f"Made unknown; the scale goes from {TODAY.year - LEAST_YEARS - 1} to {TODAY.year + 1}"
    assert drawn(SEEN).bars == ()


# ------------------------------------------------------------------------------------------------ any case

DAYS = some.dates(date(1985, 1, 1), date(2040, 12, 31))
GRADES = some.sampled_from(Grade)
SPANS = some.builds(lambda first, days: Span(first, first + timedelta(days=days)), DAYS, some.integers(0, 4000))
CLUES = some.one_of(
    some.builds(lambda day, grade: not_after(day, grade, "after", "x", "x"), DAYS, GRADES),
    some.builds(lambda day, grade: not_before(day, grade, "before", "x", "x"), DAYS, GRADES),
    some.builds(lambda s, grade: made(s, grade, "made", "x", "x"), some.lists(SPANS, min_size=1, max_size=4), GRADES),
    some.just(nothing("nothing", "x", "x")),
)


@given(some.lists(CLUES, max_size=8), some.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_whatever_the_case_every_bar_is_inside_the_drawing(clues: list[Clue], today: date) -> None:
    line = draw(estimate(clues), today)
    assert len(line.lines) == len(set(clues))
    bars = [*line.bars, *([line.reach] if line.reach else []), *(bar for each in line.lines for bar in each.bars)]
    for bar in bars:
        assert bar.x >= 0
        assert bar.width >= THIN
        assert bar.x + bar.width <= WIDTH
        assert bar.best is None or 0 <= bar.best <= WIDTH
    places = [place for _, place in line.ticks]
    assert places == sorted(set(places))
    assert all(0 <= place <= WIDTH for place in places)
