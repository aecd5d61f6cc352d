"""What charts are drawn with: an SVG that is written on the server, at two widths, and its table. Pure.

Nothing here knows what a chart is about. A unit of a drawing is a pixel of the page, so that letters have their true
size: each chart is drawn wide and narrow, and the style sheet shows the one that fits. Colours are classes of the style
sheet, and every colour has a pattern of its own. Texts are cut to what fits; the table has them whole.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from collector.web.words import plain, sentence_case

WIDE, NARROW = 720, 360
LETTER = 6.6  # units that a letter is wide on average, at the size of the style sheet (12 units)
_STRONG = 7.6  # and one of strong letters
PATTERNS = 8
LEAST = 1e-9  # below which a number is drawn as none
_OPEN = 48  # a table of at most so many cells stands open
_HATCHES = (
    "", "M0 6L6 0M-1 1L1 -1M5 7L7 5", "M3 1.4v3.2M1.4 3h3.2", "M0 3h6", "M0 0L6 6M5 -1L7 1M-1 5L1 7", "M3 0v6",
    "M0 0L6 6M0 6L6 0", "M0 3h6M3 0v6",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table: words, and the address of what is behind them or ""."""

    words: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its title, what it shows in a sentence, and its table. In a template `{{ chart }}` prints all.

    `key`: unique on its page. `drawings`: the SVG at each width; `caption`: how to read it.
    """

    key: str
    title: str
    words: str
    drawings: tuple[Markup, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    numbers: bool = True  # what stands in the columns after the first

    def __html__(self) -> str:
        return figure(self)


def figure(chart: Chart) -> Markup:
    """The whole chart: title, drawing, and its table below."""
    shown = Markup(" open") if len(chart.rows) * len(chart.heads) <= _OPEN else ""
    note = Markup('<p class="note">{}</p>').format(_said(chart.caption)) if chart.caption else ""
    return Markup(
        '<figure class="chart-of"><figcaption>{}</figcaption>{}{}<details class="offer"{}><summary>The same as a table'
        "</summary>{}</details></figure>"
    ).format(_said(chart.title), Markup("").join(chart.drawings), note, shown, table(chart))


def table(chart: Chart) -> Markup:
    """The table of a chart: its rows, the first cell of each being its name."""
    heads = Markup("").join(
        Markup('<th scope="col" role="columnheader"{}>{}</th>').format(
            _right(chart.numbers and place > 0), _said(sentence_case(head))
        )
        for place, head in enumerate(chart.heads)
    )
    rows = Markup("").join(_row(chart, row) for row in chart.rows)
    return Markup(
        '<div class="wide-table"><table class="list" role="table"><caption class="unseen">{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}'
        '</tr></thead><tbody role="rowgroup">{}</tbody></table></div>'
    ).format(_said(chart.title), heads, rows)


def _row(chart: Chart, row: Sequence[Cell]) -> Markup:
    told = [Markup('<th scope="row" role="rowheader">{}</th>').format(_cell(row[0]))]
    told += [
        Markup('<td role="cell"{} data-label="{}">{}</td>').format(
            _right(chart.numbers), _said(sentence_case(head)), _cell(cell)
        )
        for head, cell in zip(chart.heads[1:], row[1:], strict=True)
    ]
    return Markup('<tr role="row">{}</tr>').format(Markup("").join(told))


def _right(numbers: bool) -> Markup:  # noqa: FBT001
    return Markup(' class="right"') if numbers else Markup("")


def _cell(cell: Cell) -> Markup:
    words = Markup("<bdi>{}</bdi>").format(_said(cell.words))
    return Markup('<a href="{}">{}</a>').format(cell.link, words) if cell.link else words


def _said(words: str) -> str:
    return str(plain(words))


def slug(title: str) -> str:
    """A title as a key: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60] or "chart"


def letters(words: str, style: str = "") -> float:
    """About how many units a text is wide in a style."""
    return len(_said(words)) * (_STRONG if style == "strong" else LETTER)


def fitting(words: str, width: float, style: str = "") -> str:
    """As much of a text as fits a width in a style, with an ellipsis where it was cut."""
    most = int(width / (_STRONG if style == "strong" else LETTER))
    said = _said(words)
    return said if len(said) <= most else f"{said[: max(most - 1, 0)].rstrip()}…"


def ticks(most: float, about: int = 4) -> list[float]:
    """Round numbers from 0 to at least `most`: steps of 1, 2, 2.5 or 5 times a power of ten."""
    if most < LEAST:
        return [0.0, 1.0]
    rough = most / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough * 0.999)
    return [step * place for place in range(math.ceil(most / step - 1e-9) + 1)]


@dataclass(slots=True)
class Drawing:
    """An SVG as it is drawn. `height` may be set until it is done. Places are in units from the top left corner."""

    key: str
    width: int
    height: float = 0
    _behind: list[Markup] = field(default_factory=list)
    _pieces: list[Markup] = field(default_factory=list)
    _styles: set[int] = field(default_factory=set)

    @property
    def narrow(self) -> bool:
        """It is the one for phones."""
        return self.width == NARROW

    def text(self, x: float, y: float, words: str, style: str = "", anchor: str = "start") -> None:
        """A line of text, its base line at y."""
        self._pieces.append(
            Markup('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>').format(
                _at(x), _at(y), style, anchor, _said(words)
            )
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str = "") -> None:
        """A straight line; those of the grid are behind everything."""
        (self._behind if style == "grid" else self._pieces).append(
            Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(
                _at(x1), _at(y1), _at(x2), _at(y2), style
            )
        )

    def area(self, x: float, y: float, size: tuple[float, float], style: str) -> None:
        """A rectangle in a style of the sheet."""
        width, height = (max(each, 0.0) for each in size)
        self._pieces.append(
            Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>').format(
                _at(x), _at(y), _at(width), _at(height), style
            )
        )

    def filled(self, x: float, y: float, size: tuple[float, float], style: int) -> None:
        """A rectangle in the colour and pattern of a series, by its place."""
        place = style % PATTERNS
        self.area(x, y, size, f"c{place}")
        if _HATCHES[place] and min(size) > 0:
            self._styles.add(place)
            self._pieces.append(
                Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="url(#{})"/>').format(
                    _at(x), _at(y), _at(size[0]), _at(size[1]), self._name(f"p{place}")
                )
            )

    def dot(self, x: float, y: float, reach: float) -> None:
        """A diamond: what is one's own."""
        points = (
            f"{_at(x - reach)},{_at(y)} {_at(x)},{_at(y - reach)} {_at(x + reach)},{_at(y)} {_at(x)},{_at(y + reach)}"
        )
        self._pieces.append(Markup('<polygon class="own" points="{}"/>').format(points))

    def legend(self, x: float, y: float, names: Sequence[str]) -> float:
        """A swatch and a name of every series, in columns; where the next line would be."""
        columns = 1 if self.narrow else 3
        wide = (self.width - x) / columns
        for place, name in enumerate(names):
            left, top = x + place % columns * wide, y + place // columns * 20
            self.filled(left, top, (14, 14), place)
            self.area(left, top, (14, 14), "edge")
            self.text(left + 20, top + 11.5, fitting(name, wide - 24))
        return y + math.ceil(len(names) / columns) * 20

    def done(self, title: str, words: str) -> Markup:
        """The SVG, named by its title and told by its sentence."""
        patterns = Markup("").join(
            Markup(
                '<pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse">'
                '<path class="hatch" d="{}"/></pattern>'
            ).format(self._name(f"p{place}"), _HATCHES[place])
            for place in sorted(self._styles)
        )
        return Markup(
            '<svg class="chart {}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-labelledby="{}" '
            'aria-describedby="{}" focusable="false"><title id="{}">{}</title><desc id="{}">{}</desc>'
            "<defs>{}</defs>{}</svg>"
        ).format(
            "narrow" if self.narrow else "wide", self.width, _at(self.height), self.width, _at(self.height),
            self._name("t"), self._name("d"), self._name("t"), _said(title), self._name("d"), _said(words),
            patterns, Markup("").join([*self._behind, *self._pieces]),
        )  # fmt: skip

    def _name(self, what: str) -> str:
        return f"{escape(self.key)}-{'n' if self.narrow else 'w'}-{what}"


def _at(value: float) -> str:
    return f"{round(value, 1):g}" if abs(value) < 1e5 else f"{value:.0f}"
