"""Charts of plans, cover and comparison: figures in, a `Chart` out, which a template prints with `{{ chart }}`. Pure.

Each has its drawing (SVG from the server, wide and narrow, without script or style of its own) and its table:
`figure(chart)` is both, `table(chart)` the table alone. Titles are unique on a page, or give `key`.

    stacked(title, years, series, bounds=Bounds(...))   columns by year: Series(name, values, links), whiskers, caps
    pyramid(title, bands, left, right)                  ages on both sides of one scale: two Series over the bands
    bars(title, rows, marks=Marks(median, threshold))   BarRow(name, value or None, words, link, own), one a line
    gantt(title, lanes, Window(start, end, today))      Lane(name, stretches, needed_from, needed_until, link)
    percentiles(title, rows)                            Strip(name, own, points or None, say, words)

A value that is not known is None and is said so, never drawn as nothing. `say` turns a number into words: `pounds`
(pence, rounded to what a scale needs), `count`, `share` (of 1), or any function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from collector.web import words as said
from collector.web.drawing import (
    LETTER,
    NARROW,
    WIDE,
    Cell,
    Chart,
    Drawing,
    figure,
    fitting,
    letters,
    slug,
    table,
    ticks,
)
from collector.web.gantt import Lane, Stretch, Window, gantt, gaps, overlaps

__all__ = [
    "BarRow", "Bounds", "Cell", "Chart", "Lane", "Marks", "Say", "Series", "Stretch", "Strip", "Window", "bars",
    "count", "figure", "gantt", "gaps", "overlaps", "percentiles", "pounds", "pyramid", "share", "stacked", "table",
]  # fmt: skip

Say = Callable[[float], str]
_TEXT = 4  # from the middle of a line of text to its base line


def pounds(pence: float) -> str:
    """Pence as people say a sum in a chart: £950, £9.5k, £120k, £1.25m."""
    value = pence / 100
    for least, unit, short in ((999_500, 1e6, "m"), (999.5, 1e3, "k")):
        if abs(value) >= least:
            return f"£{_three(value / unit)}{short}"
    return f"£{value:,.0f}"


def _three(value: float) -> str:
    told = f"{value:.2f}" if abs(value) < 9.995 else f"{value:.1f}" if abs(value) < 99.95 else f"{value:,.0f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def count(value: float) -> str:
    """A number of things; parts of one with one decimal."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def share(value: float) -> str:
    """A part of 1 as a percentage."""
    return f"{100 * value:.0f} %"


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers with a name, one a year or band, and for each the address of what is behind it (or none at all)."""

    name: str
    values: tuple[float, ...]
    links: tuple[str, ...] = ()

    def cell(self, place: int, say: Say) -> Cell:
        """One of its numbers for a table."""
        return Cell(say(self.values[place]), self.links[place] if self.links else "")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is drawn over stacked columns, one a year: the least and most it may be, and the cap of its budget."""

    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    caps: tuple[float | None, ...] = ()


# ------------------------------------------------------------------------------------------------ stacked years


def stacked(
    title: str,
    years: Sequence[str],
    series: Sequence[Series],
    bounds: Bounds = Bounds(),
    say: Say = pounds,
    key: str = "",
) -> Chart:
    """Columns by year, one series on the other; a whisker from low to high; a dashed line at a year's cap.

    The first column of the table is the year, then a column a series, all, low to high, cap.
    """
    totals = [sum(each.values[place] for each in series) for place in range(len(years))]
    plot = _Columns(tuple(years), tuple(series), bounds, tuple(totals), say)
    parts = [f"{year} {say(total)}" for year, total in zip(years, totals, strict=True)]
    told = f"{', '.join(each.name for each in series) or 'Nothing'} by year, in all: {'; '.join(parts) or 'nothing'}"
    name = key or slug(title)
    drawings = tuple(plot.draw(Drawing(name, width)).done(title, told) for width in (WIDE, NARROW))
    heads = ["Year", *(each.name for each in series), "All"]
    heads += ["From low to high"] * bool(bounds.low) + ["Cap"] * bool(bounds.caps)
    rows = tuple(tuple(plot.row(place)) for place in range(len(years)))
    return Chart(name, title, told, drawings, tuple(heads), rows, plot.caption())


@dataclass(frozen=True, slots=True)
class _Columns:
    years: tuple[str, ...]
    series: tuple[Series, ...]
    bounds: Bounds
    totals: tuple[float, ...]
    say: Say

    def row(self, place: int) -> Iterable[Cell]:
        """A year of the table."""
        yield Cell(self.years[place])
        yield from (each.cell(place, self.say) for each in self.series)
        yield Cell(self.say(self.totals[place]))
        if self.bounds.low:
            yield Cell(f"{self.say(self.bounds.low[place])} to {self.say(self.bounds.high[place])}")
        if self.bounds.caps:
            cap = self.bounds.caps[place]
            yield Cell("none" if cap is None else self.say(cap))

    def caption(self) -> str:
        """What the lines over the columns are."""
        parts = ["The thin line over a column goes from the lowest to the highest it may be"] * bool(self.bounds.low)
        parts += ["a dashed line is the cap of the year"] * any(cap is not None for cap in self.bounds.caps)
        return f"{'; '.join(parts)}." if parts else ""

    def draw(self, on: Drawing) -> Drawing:
        """The scale, the columns, and the names of the series below."""
        most = max([*self.totals, *self.bounds.high, *(cap for cap in self.bounds.caps if cap is not None), 0])
        scale = ticks(most)
        left, top, bottom = 52.0, 24.0, 24.0 + (200 if on.narrow else 260)
        step = (on.width - left) / max(len(self.years), 1)

        def up(value: float) -> float:
            return bottom - (bottom - top) * max(value, 0) / scale[-1]

        for value in scale:
            on.line(left, up(value), on.width, up(value), "grid" if value else "axis")
            on.text(left - 6, up(value) + _TEXT, self.say(value), "soft", "end")
        for place, year in enumerate(self.years):
            self._column(on, place, (left + step * place, step), up)
            on.text(left + step * (place + 0.5), bottom + 17, fitting(year, step), "", "middle")
        on.height = on.legend(left if not on.narrow else 0, bottom + 32, [each.name for each in self.series]) + 4
        return on

    def _column(self, on: Drawing, place: int, across: tuple[float, float], up: Callable[[float], float]) -> None:
        x, step = across
        wide = min(step * 0.62, 72)
        left, middle = x + (step - wide) / 2, x + step / 2
        below = 0.0
        for style, each in enumerate(self.series):
            above = below + max(each.values[place], 0)
            top, base = up(above), up(below)
            on.filled(left, top, (wide, base - top), style)
            below = above
        highest = up(below)
        if self.bounds.low:
            low, high = up(self.bounds.low[place]), up(self.bounds.high[place])
            on.line(middle, low, middle, high, "whisker")
            for y in (low, high):
                on.line(middle - 6, y, middle + 6, y, "whisker")
            highest = min(highest, high)
        if self.bounds.caps and (cap := self.bounds.caps[place]) is not None:
            on.line(x + step * 0.08, up(cap), x + step * 0.92, up(cap), "cap")
        told = self.say(self.totals[place])
        if len(told) * LETTER <= step:
            on.text(middle, highest - 6, told, "strong", "middle")


# ------------------------------------------------------------------------------------------------ age pyramid


def pyramid(
    title: str, bands: Sequence[str], left: Series, right: Series, say: Say = count, key: str = ""
) -> Chart:  # fmt: skip
    """Two series over the same bands, left and right of them: how old kit is, here and elsewhere. First band on top."""
    told = f"{left.name} on the left, {right.name} on the right: " + "; ".join(
        f"{band} {say(left.values[place])} and {say(right.values[place])}" for place, band in enumerate(bands)
    )
    name = key or slug(title)
    drawings = tuple(_pyramid(Drawing(name, w), bands, (left, right), say).done(title, told) for w in (WIDE, NARROW))
    rows = tuple((Cell(band), left.cell(place, say), right.cell(place, say)) for place, band in enumerate(bands))
    return Chart(name, title, told, drawings, ("Band", left.name, right.name), rows)


def _pyramid(on: Drawing, bands: Sequence[str], sides: tuple[Series, Series], say: Say) -> Drawing:
    label = min(max([len(band) for band in bands] or [0]) * LETTER + 16, on.width / 3)
    room = (on.width - label) / 2
    most = max([*sides[0].values, *sides[1].values, 0])
    longest = max([len(say(value)) for each in sides for value in each.values] or [0]) * LETTER + 10
    for style, (each, anchor) in enumerate(zip(sides, ("end", "start"), strict=True)):
        edge = room if anchor == "end" else room + label
        on.text(edge, 14, fitting(each.name, room, "strong"), "strong", anchor)
        for place, value in enumerate(each.values):
            y, wide = 26 + place * 26, (room - longest) * max(value, 0) / most if most else 0.0
            outer = edge - wide if style == 0 else edge
            on.filled(outer, y, (wide, 18), style)
            on.text(edge - wide - 5 if style == 0 else edge + wide + 5, y + 13, say(value), "", anchor)
    for place, band in enumerate(bands):
        on.text(on.width / 2, 26 + place * 26 + 13, fitting(band, label - 4), "", "middle")
    on.height = 26 + len(bands) * 26
    return on


# ------------------------------------------------------------------------------------------------ schools side by side


@dataclass(frozen=True, slots=True)
class BarRow:
    """A school or whatever else is compared. `words`: what its number means ("below"); `own`: it stands out."""

    name: str
    value: float | None
    words: str = ""
    link: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Lines over all bars, each None where there is none."""

    median: float | None = None
    threshold: float | None = None
    median_words: str = "median of the trust"
    threshold_words: str = "threshold"

    def each(self) -> list[tuple[float, str, str]]:
        """Value, words and style of each."""
        both = ((self.median, self.median_words, "median"), (self.threshold, self.threshold_words, "cap"))
        return [(value, words, style) for value, words, style in both if value is not None]


def bars(title: str, rows: Sequence[BarRow], marks: Marks = Marks(), say: Say = count, key: str = "") -> Chart:
    """A bar a row in the order given, with the median and the threshold as lines across."""
    told = "; ".join(f"{words} {say(value)}" for value, words, _ in marks.each())
    told = f"{said.plural(len(rows), 'bar')}{'; ' if told else ''}{told}"
    name = key or slug(title)
    drawings = tuple(_bars(Drawing(name, width), rows, marks, say).done(title, told) for width in (WIDE, NARROW))
    with_words = any(row.words for row in rows)
    told_rows = tuple(
        (Cell(row.name, row.link), Cell("not known" if row.value is None else say(row.value)),
         *((Cell(row.words),) if with_words else ()))
        for row in rows
    )  # fmt: skip
    caption = "; ".join(f"{words}: {say(value)}" for value, words, _ in marks.each())
    heads = ("Name", title, *(("Beside it",) if with_words else ()))
    return Chart(name, title, told, drawings, heads, told_rows, f"{said.sentence_case(caption)}." if caption else "")


def _bars(on: Drawing, rows: Sequence[BarRow], marks: Marks, say: Say) -> Drawing:
    left, pitch = (0.0, 40) if on.narrow else (230.0, 26)
    values = [row.value for row in rows if row.value is not None]
    most = max([*values, *(value for value, _, _ in marks.each()), 0])
    tail = max([letters(_tail(row, say), "strong" if row.own else "") for row in rows] or [0.0]) + 12
    room = on.width - left - min(tail, (on.width - left) * 0.75)
    top = 8 + 18 * len(marks.each())

    def across(value: float) -> float:
        return left + (room * max(value, 0) / most if most else 0.0)

    on.height = top + len(rows) * pitch
    for place, (value, words, style) in enumerate(marks.each()):
        x = across(value)
        on.line(x, 18 * place + 14, x, on.height, style)
        mark = f"{words} {say(value)}"
        anchor = "start" if x + letters(mark) + 8 < on.width else "end"
        on.text(x + (4 if anchor == "start" else -4), 18 * place + 12, mark, "soft", anchor)
    for place, row in enumerate(rows):
        y = top + place * pitch
        style = "strong" if row.own else ""
        name = fitting(row.name, on.width if on.narrow else left - 10, style)
        on.text(0, y + (12 if on.narrow else 13), name, f"over {style}".rstrip())
        y += 17 if on.narrow else 0
        end = left
        if row.value is not None:
            end = across(row.value)
            on.filled(left, y, (end - left, 18), 1 if row.own else 0)
        words = fitting(_tail(row, say), on.width - end - 6, style)
        on.text(end + 6, y + 13, words, f"over {style if row.value is not None else 'soft'}".rstrip())
    return on


def _tail(row: BarRow, say: Say) -> str:
    value = "not known" if row.value is None else say(row.value)
    return f"{value}, {row.words}" if row.words else value


# ------------------------------------------------------------------------------------------------ percentiles


@dataclass(frozen=True, slots=True)
class Strip:
    """A measure among others. `points`: of the 10th, 25th, 50th, 75th and 90th percentile, None where too few told.

    `own`: None where it is not known. `words`: how many told, what is unknown.
    """

    name: str
    own: float | None
    points: tuple[float, float, float, float, float] | None
    say: Say = count
    words: str = ""
    link: str = ""


def percentiles(title: str, rows: Sequence[Strip], key: str = "") -> Chart:
    """A strip a measure, each on its own scale: the percentiles, the middle half, the median, and one’s own."""
    told = "; ".join(f"{row.name}: own {_own(row)}, median {row.say(row.points[2]) if row.points else 'not shown'}"
                     for row in rows)  # fmt: skip
    name = key or slug(title)
    drawings = tuple(_strips(Drawing(name, width), rows).done(title, told) for width in (WIDE, NARROW))
    heads = ("Measure", "Own", "10th", "25th", "Median", "75th", "90th percentile", "Told by")
    told_rows = tuple(
        (Cell(row.name, row.link), Cell(_own(row)),
         *(Cell(row.say(point)) for point in row.points or ()), *(Cell("–") for _ in range(0 if row.points else 5)),
         Cell(row.words))
        for row in rows
    )  # fmt: skip
    caption = "The bar is the middle half, its line the median, the thin line from the 10th to the 90th percentile; "
    return Chart(name, title, told, drawings, heads, told_rows, f"{caption}the diamond is one’s own.")


def _own(row: Strip) -> str:
    return "not known" if row.own is None else row.say(row.own)


def _strips(on: Drawing, rows: Sequence[Strip]) -> Drawing:
    left, pitch = (0.0, 62) if on.narrow else (230.0, 46)
    for place, row in enumerate(rows):
        y = 4.0 + place * pitch
        on.text(0, y + 13, fitting(row.name, on.width if on.narrow else left - 10))
        y += 17 if on.narrow else 0
        if row.points is None:
            on.text(left, y + 13, "too few told: not shown", "soft")
        else:
            _strip(on, row, row.points, (left + 8, on.width - 8, y))
    on.height = 4 + len(rows) * pitch
    return on


def _strip(on: Drawing, row: Strip, points: Sequence[float], where: tuple[float, float, float]) -> None:
    left, right, y = where
    told = [*points, *(() if row.own is None else (row.own,))]
    least, most = min(told), max(told)

    def across(value: float) -> float:
        return left + (right - left) * ((value - least) / (most - least) if most > least else 0.5)

    p10, p25, p50, p75, p90 = map(across, points)
    on.line(p10, y + 9, p90, y + 9, "whisker")
    on.filled(p25, y + 1, (max(p75 - p25, 2), 16), 0)
    on.line(p50, y - 1, p50, y + 19, "middle")
    if row.own is not None:
        on.dot(across(row.own), y + 9, 7)
    _under(on, [(p50, f"median {row.say(points[2])}", ""), *([] if row.own is None else
           [(across(row.own), f"own {_own(row)}", "strong")])], (left - 8, right + 8, y + 31))  # fmt: skip


def _under(on: Drawing, texts: Sequence[tuple[float, str, str]], where: tuple[float, float, float]) -> None:
    """Up to two texts under their places, moved apart and into the drawing; the second has the better claim."""
    left, right, y = where
    half = [len(words) * LETTER / 2 for _, words, _ in texts]
    middle = [min(max(x, left + h), right - h) for (x, _, _), h in zip(texts, half, strict=True)]
    if len(texts) == 2 and abs(middle[0] - middle[1]) < (apart := sum(half) + 8):
        side = -1 if middle[0] <= middle[1] else 1
        if not left + half[0] <= middle[1] + side * apart <= right - half[0]:
            side = -side
        middle[0] = middle[1] + side * apart
    for x, (_, words, style) in zip(middle, texts, strict=True):
        on.text(x, y, words, style, "middle")
