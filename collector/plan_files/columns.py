"""The chart of stacked years on paper: parts with a letter each, a line from low to high, a dashed line at the cap.

It knows pence and names, and draws at the place where the page stands. A part too thin for its letter has its colour
alone; the table of the same numbers is in the same file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from collector.cells import printable

_HEIGHT = 88.0  # mm of the columns
_LEFT = 20.0  # mm for the scale
_LETTER = 3.6  # mm that a part is high at least to hold its letter
#: fill, and whether the letter on it is white: they differ in grey too, one from its neighbour
_FILLS = (
    ((11, 92, 74), True), ((236, 196, 128), False), ((79, 109, 184), True), ((214, 226, 190), False),
    ((150, 60, 95), True), ((205, 208, 214), False), ((60, 64, 72), True),
)  # fmt: skip
_FAINT, _INK, _CAP = (200, 200, 200), (0, 0, 0), (155, 28, 28)


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a column is: its letter and its name."""

    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class Column:
    """A year: pence of each part, the least and the most it may be, its cap or None."""

    name: str
    pence: tuple[int, ...]
    low: int
    high: int
    cap: int | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The chart."""

    parts: tuple[Part, ...]
    columns: tuple[Column, ...]

    @property
    def most(self) -> int:
        """The highest of anything that is drawn, pence."""
        return max([*(max(sum(c.pence), c.high, c.cap or 0) for c in self.columns), 1])


def draw(pdf: Any, chart: Columns) -> None:
    """Draw it across the page, and move below it."""
    top = pdf.get_y() + 6
    if top + _HEIGHT + 30 > pdf.h - 20:
        pdf.add_page()
        top = pdf.get_y() + 6
    step = _step(chart.most)
    scale = step * math.ceil(chart.most / step)
    bottom = top + _HEIGHT
    pdf.set_font("DejaVu", size=8)
    for place in range(scale // step + 1):
        y = bottom - _HEIGHT * place * step / scale
        pdf.set_draw_color(*(_FAINT if place else _INK))
        pdf.line(pdf.l_margin + _LEFT, y, pdf.w - pdf.r_margin, y)
        pdf.set_xy(pdf.l_margin, y - 2)
        pdf.cell(_LEFT - 2, 4, _short(place * step), align="R")
    wide = (pdf.epw - _LEFT) / max(len(chart.columns), 1)
    for place, column in enumerate(chart.columns):
        _column(pdf, column, (pdf.l_margin + _LEFT + place * wide, wide), bottom, _HEIGHT / scale)
    pdf.set_draw_color(*_INK)
    pdf.set_xy(pdf.l_margin, bottom + 7)
    _legend(pdf, chart)
    pdf.set_fill_color(255, 255, 255)


def _column(pdf: Any, column: Column, across: tuple[float, float], bottom: float, scale: float) -> None:
    x, step = across
    wide = min(step * 0.6, 26)
    left, middle, y = x + (step - wide) / 2, x + step / 2, bottom
    for place, pence in enumerate(column.pence):
        high = pence * scale
        y -= high
        fill, white = _FILLS[place % len(_FILLS)]
        pdf.set_fill_color(*fill)
        pdf.rect(left, y, wide, high, style="F")
        if high >= _LETTER:
            pdf.set_text_color(*((255, 255, 255) if white else _INK))
            pdf.set_font("DejaVu", "B", 8)
            pdf.set_xy(left + 1, y + high / 2 - 2)
            pdf.cell(5, 4, chr(65 + place))
    pdf.set_text_color(*_INK)
    pdf.set_draw_color(*_INK)
    edge = left + wide + 2.5  # beside the column, so that it hides no letter
    for pence in (column.low, column.high):
        pdf.line(edge - 1.2, bottom - pence * scale, edge + 1.2, bottom - pence * scale)
    pdf.line(edge, bottom - column.low * scale, edge, bottom - column.high * scale)
    if column.cap is not None:
        _cap(pdf, (x + step * 0.04, x + step * 0.96), bottom - column.cap * scale)
    pdf.set_font("DejaVu", "B", 8.5)
    pdf.set_xy(x, y - 4.5)
    pdf.cell(step, 4, _short(sum(column.pence)), align="C")
    pdf.set_font("DejaVu", size=8.5)
    pdf.set_xy(middle - step / 2, bottom + 1)
    pdf.cell(step, 4.5, printable(column.name), align="C")


def _cap(pdf: Any, ends: tuple[float, float], y: float) -> None:
    pdf.set_draw_color(*_CAP)
    pdf.set_line_width(0.5)
    pdf.set_dash_pattern(dash=2, gap=1.2)
    pdf.line(ends[0], y, ends[1], y)
    pdf.set_dash_pattern()
    pdf.set_line_width(0.2)
    pdf.set_draw_color(*_INK)


def _legend(pdf: Any, chart: Columns) -> None:
    pdf.set_font("DejaVu", size=8.5)
    half = pdf.epw / 2
    top = pdf.get_y()
    for place, part in enumerate(chart.parts):
        x, y = pdf.l_margin + place % 2 * half, top + place // 2 * 5
        pdf.set_fill_color(*_FILLS[place % len(_FILLS)][0])
        pdf.rect(x, y + 0.7, 4, 3.4, style="F")
        pdf.set_xy(x + 5, y)
        pdf.cell(half - 6, 5, printable(f"{part.letter}  {part.name}"))
    pdf.set_xy(pdf.l_margin, top + math.ceil(len(chart.parts) / 2) * 5 + 1)
    caps = " The dashed line is the cap of the year." if any(c.cap is not None for c in chart.columns) else ""
    words = f"The thin line beside a column goes from the lowest to the highest that the year may ask for.{caps}"
    pdf.multi_cell(0, 4.5, words, align="L", new_x="LMARGIN", new_y="NEXT")


def _step(most: int) -> int:
    """A round step, in pence, of which five or so reach the most."""
    rough = max(most / 5, 100)
    power = 10 ** math.floor(math.log10(rough))
    return int(next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough * 0.999))


def _short(pence: int) -> str:
    """£950, £9.5k, £120k, £1.25m."""
    value = pence / 100
    for least, unit, name in ((999_500, 1e6, "m"), (999.5, 1e3, "k")):
        if value >= least:
            parts = value / unit
            told = f"{parts:.2f}" if parts < 9.995 else f"{parts:.1f}" if parts < 99.95 else f"{parts:,.0f}"
            return f"£{told.rstrip('0').rstrip('.') if '.' in told else told}{name}"
    return f"£{value:,.0f}"
