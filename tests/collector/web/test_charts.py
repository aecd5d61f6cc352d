"""Charts: what is drawn is what was given, whatever is given; each has its table; colour is never alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from collector.web import charts
from collector.web.charts import BarRow, Bounds, Lane, Marks, Series, Stretch, Strip, Window
from collector.web.drawing import NARROW, Chart, letters, ticks

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script>\x07\u202e'
YEARS = ("2026/27", "2027/28", "2028/29")
WINDOW = Window(date(2026, 9, 1), date(2029, 8, 31), date(2026, 11, 22))


def _stacked(name: str = "Laptops") -> Chart:
    series = [Series(name, (100_00, 0, 250_50), ("/a", "/b", "/c")), Series("Servers", (50_00, 900_00, 0))]
    return charts.stacked("Cost", YEARS, series, Bounds((10_00,) * 3, (2000_00,) * 3, (800_00, None, 0)))


def _lanes(name: str = "Servers") -> list[Lane]:
    first = Stretch(date(2025, 1, 1), date(2027, 3, 31), name, "/contract", 0)
    return [
        Lane(name, (first, Stretch(date(2027, 1, 1), date(2028, 1, 31), "Beta", style=1)), "/lane"),
        Lane("None", ()),
    ]


def _all(name: str = "Ashgrove") -> list[Chart]:
    return [
        _stacked(name),
        charts.pyramid("Ages", ("0–1", "unknown"), Series(name, (1, 2)), Series("All", (10, 20))),
        charts.bars("Per pupil", [BarRow(name, 0.5, "below", own=True), BarRow("B", None)], Marks(0.6, 1.2)),
        charts.gantt("Cover", _lanes(name), WINDOW),
        charts.percentiles("Others", [Strip(name, 4.0, (1, 2, 3, 4, 5)), Strip("Few", None, None)]),
    ]


def _xml(told: str) -> ET.Element:
    return ET.fromstring(told)  # noqa: S314 - what was drawn here


def _parsed(chart: Chart) -> list[ET.Element]:
    return [_xml(str(each).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)) for each in chart.drawings]


@pytest.mark.parametrize("place", range(5))
def test_a_chart_is_drawn_wide_and_narrow_with_title_description_and_a_table(place: int) -> None:
    chart = _all()[place]
    wide, narrow = _parsed(chart)
    for svg, width in ((wide, 720.0), (narrow, 360.0)):
        box = [float(each) for each in svg.attrib["viewBox"].split()]
        assert box[:3] == [0, 0, width]
        assert box[3] > 20
        named = {each.attrib["id"] for each in svg.iter() if "id" in each.attrib}
        assert {svg.attrib["aria-labelledby"], svg.attrib["aria-describedby"]} <= named
        title, told = svg.find(f"{NS}title"), svg.find(f"{NS}desc")
        assert title is not None
        assert title.text == chart.title
        assert told is not None
        assert told.text == chart.words
    assert all(len(row) == len(chart.heads) for row in chart.rows)
    assert charts.table(chart) in charts.figure(chart)
    assert Markup("{}").format(chart) == charts.figure(chart)


@pytest.mark.parametrize("place", range(5))
def test_nothing_of_a_drawing_lies_outside_it_or_brings_a_style_or_script(place: int) -> None:
    for svg in _parsed(_all()[place]):
        _, _, width, height = (float(each) for each in svg.attrib["viewBox"].split())
        for each in svg.iter():
            assert "style" not in each.attrib
            assert not [name for name in each.attrib if name.startswith("on")]
            if each.tag == f"{NS}rect":
                x, y, w, h = (float(each.attrib[name]) for name in ("x", "y", "width", "height"))
                assert x >= -0.2
                assert x + w <= width + 0.2
                assert y >= -0.2
                assert y + h <= height + 0.2


def test_no_name_of_two_charts_or_two_widths_is_the_same() -> None:
    drawn = [svg for chart in _all() for svg in _parsed(chart)]
    names = [each.attrib["id"] for svg in drawn for each in svg.iter() if "id" in each.attrib]
    assert len(names) == len(set(names))
    for chart in _all():
        told = str(charts.figure(chart))
        assert set(re.findall(r"url\(#([^)]+)\)", told)) <= set(re.findall(r'pattern id="([^"]+)"', told))


@pytest.mark.parametrize("place", range(5))
def test_texts_of_people_and_devices_stay_texts(place: int) -> None:
    told = str(charts.figure(_all(HOSTILE)[place]))
    assert "<script" not in told
    assert "\x07" not in told
    assert "\u202e" not in told
    _xml(told.replace("&nbsp;", " ").replace('<details class="offer" open>', "<details>"))


def test_columns_are_as_high_as_their_numbers_and_stand_on_each_other() -> None:
    chart = charts.stacked("Cost", ("a", "b"), [Series("x", (100, 300)), Series("y", (100, 0))], say=charts.count)
    wide = _parsed(chart)[0]
    drawn = [each.attrib for each in wide.iter(f"{NS}rect")]
    first = [float(each["height"]) for each in drawn if each.get("class") == "c0" and each["width"] != "14"]
    second = [float(each["height"]) for each in drawn if each.get("class") == "c1" and each["width"] != "14"]
    assert first[1] == pytest.approx(3 * first[0], abs=0.3)
    assert second[0] == pytest.approx(first[0], abs=0.3)
    assert [tuple(cell.words for cell in row) for row in chart.rows] == [
        ("a", "100", "100", "200"),
        ("b", "300", "0", "300"),
    ]


def test_each_number_of_a_stacked_year_opens_to_what_is_behind_it() -> None:
    chart = _stacked()
    assert [row[1].link for row in chart.rows] == ["/a", "/b", "/c"]
    assert '<a href="/b"><bdi>£0</bdi></a>' in charts.table(chart)
    assert [row[-1].words for row in chart.rows] == ["£800", "none", "£0"]


def test_what_is_not_known_is_said_and_never_drawn_as_nothing() -> None:
    chart = charts.bars("Per pupil", [BarRow("A", None), BarRow("B", 0.0)])
    assert [row[1].words for row in chart.rows] == ["not known", "0"]
    assert [len(list(svg.iter(f"{NS}rect"))) for svg in _parsed(chart)] == [1, 1]
    strip = charts.percentiles("Others", [Strip("Few", 3, None)])
    assert "too few told: not shown" in str(strip.drawings[0])
    assert not list(_parsed(strip)[0].iter(f"{NS}rect"))


def test_every_second_series_and_more_has_a_pattern_beside_its_colour() -> None:
    chart = charts.stacked("Cost", ("a",), [Series(str(number), (1,)) for number in range(8)])
    patterns = re.findall(r'class="hatch" d="([^"]+)"', str(chart.drawings[0]))
    assert len(patterns) == len(set(patterns)) == 7


def test_what_is_beside_a_bar_ends_within_a_phone() -> None:
    words = "14 schools, 5 % not known"
    rows = [BarRow("This trust", 4.0, words, own=True), BarRow("Oak", 4.5, words), BarRow("Ash", 3.0, words * 4)]
    narrow = str(charts.bars("Median age", rows, Marks(4.0), lambda value: f"{value:.1f} years").drawings[1])
    told = re.findall(r'<text x="([\d.]+)"[^>]*class="(over[^"]*)"[^>]*>([^<]*)</text>', narrow)
    assert any("5 % not known" in said for _, _, said in told)
    for x, style, said in told:
        assert float(x) + letters(said, "strong" if "strong" in style else "") <= NARROW, said


def test_gaps_and_overlaps_of_cover_are_whole_days() -> None:
    servers, none = _lanes()
    assert charts.gaps(servers, WINDOW) == [(date(2028, 2, 1), date(2029, 8, 31))]
    assert charts.overlaps(servers, WINDOW) == [(date(2027, 1, 1), date(2027, 3, 31))]
    assert charts.gaps(none, WINDOW) == [(WINDOW.start, WINDOW.end)]
    assert charts.overlaps(none, WINDOW) == []
    until = Lane("x", servers.stretches, needed_until=date(2028, 1, 31))
    assert charts.gaps(until, WINDOW) == []
    following = (Stretch(None, date(2027, 1, 1), "a"), Stretch(date(2027, 1, 2), None, "b"))
    assert charts.gaps(Lane("x", following), WINDOW) == charts.overlaps(Lane("x", following), WINDOW) == []


DAYS = st.none() | st.integers(-100, 1300).map(lambda days: WINDOW.start + timedelta(days=days))


@given(st.lists(st.tuples(DAYS, DAYS), max_size=6), DAYS, DAYS)
def test_every_day_that_needs_cover_is_covered_or_in_a_gap_and_twice_covered_days_overlap(
    spans: list[tuple[date | None, date | None]], needed_from: date | None, needed_until: date | None
) -> None:
    lane = Lane("x", tuple(Stretch(a, b, "s") for a, b in spans), "", needed_from, needed_until)
    without, twice = charts.gaps(lane, WINDOW), charts.overlaps(lane, WINDOW)
    for number in range((WINDOW.end - WINDOW.start).days + 1):
        day = WINDOW.start + timedelta(days=number)
        covers = sum((a or day) <= day <= (b or day) for a, b in spans if not (a and b) or a <= b)
        needed = (needed_from or day) <= day <= (needed_until or day)
        assert any(a <= day <= b for a, b in without) == (needed and not covers)
        assert any(a <= day <= b for a, b in twice) == (covers > 1)
    charts.gantt("Cover", [lane], WINDOW)


@given(st.floats(0, 1e12))
def test_a_scale_reaches_its_most_in_a_few_round_steps(most: float) -> None:
    scale = ticks(most)
    assert scale[0] == 0
    assert scale[-1] >= most * (1 - 1e-6)
    assert 2 <= len(scale) <= 7


@pytest.mark.parametrize(
    ("pence", "told"),
    [(0, "£0"), (95_000, "£950"), (99_960, "£1k"), (950_000, "£9.5k"), (12_000_000, "£120k"), (99_960_000, "£1m"),
     (125_000_000, "£1.25m")],
)  # fmt: skip
def test_sums_are_said_as_briefly_as_a_scale_needs(pence: int, told: str) -> None:
    assert charts.pounds(pence) == told


def test_charts_of_nothing_are_charts() -> None:
    nothing = [
        charts.stacked("a", (), ()), charts.pyramid("b", (), Series("x", ()), Series("y", ())), charts.bars("c", ()),
        charts.gantt("d", (), WINDOW), charts.percentiles("e", ()), charts.stacked("f", ("x",), [Series("y", (0,))]),
    ]  # fmt: skip
    for chart in nothing:
        assert len(_parsed(chart)) == 2
        assert charts.figure(chart)
