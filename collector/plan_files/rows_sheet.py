"""The sheet Rows of a plan's workbook, written as SpreadsheetML (ECMA-376 part 1, 18.3.1.4): no row is kept.

A price is looked up on the sheet Prices by the year of the row; cost is number times price; low and high are reckoned
from the prices of the first and last planned year that it may fall into. Where a formula would say something else than
the plan does, the plan's number stands. Texts are inline strings, whatever they look like.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from collector.cells import inline, letters
from collector.plan_files import Content
from collector.plan_files.quotes import Quote
from collector.plan_files.sums import ASKED, Sums
from collector.refresh.lines import line_of
from collector.refresh.totals import reach
from collector.refresh.values import Row, Span

PRICES_TOP = 5  # rows of the sheet Prices above the first price
PRICE_YEARS = 6  # columns of it before the first year
#: heading, width
COLUMNS = (
    ("What is done", 10), ("What", 26), ("School", 26), ("School no.", 6), ("Class", 13), ("Model", 22), ("Suite", 14),
    ("Line", 26), ("Kind", 9), ("Return", 11), ("Aim", 22), ("Aim no.", 6), ("Number", 8), ("Year", 7),
    ("Earliest", 8), ("Latest", 8), ("Price £", 11), ("Cost £", 12), ("Low £", 12), ("High £", 12), ("Assumed", 9),
    ("Undone £", 11), ("Why this year", 80), ("Id", 34),
)  # fmt: skip
AT = {heading: place for place, (heading, _) in enumerate(COLUMNS)}
_LETTERS = tuple(map(letters, range(len(COLUMNS))))
COST, UNDONE = _LETTERS[AT["Cost £"]], _LETTERS[AT["Undone £"]]
_NUMBER, _YEAR, _PRICE = (_LETTERS[AT[heading]] for heading in ("Number", "Year", "Price £"))
_EARLIEST, _LATEST = _LETTERS[AT["Earliest"]], _LETTERS[AT["Latest"]]
_ROWS_AT_ONCE = 200

_say = lru_cache(maxsize=16_384)(inline)


class RowsSheet:
    """The rows while they are written.

    `quotes`: the prices, as they stand on the sheet Prices. `numbers`: rows whose cost is a number. `asked`: needs and
    lines, with their place on the sheet; both are known when all pieces are written.
    """

    def __init__(self, content: Content, sums: Sums) -> None:
        self.content = content
        self.sums = sums
        self.numbers = 0
        self.asked: list[tuple[int, Row]] = []
        self.quotes = sums.priced()
        years, first = content.years, content.first
        last = letters(PRICE_YEARS + len(years) - 1)
        self._prices: dict[int, tuple[str, tuple[int, ...]]] = {
            id(quote): (f"Prices!${letters(PRICE_YEARS)}${at}:${last}${at}", tuple(quote.of(y, first) for y in years))
            for at, quote in enumerate(self.quotes, PRICES_TOP + 1)
        }  # range of the prices of a quote by year, and the prices

    def pieces(self, style: str) -> Iterator[bytes]:
        """The rows of the sheet, some at a time; `style`: the attribute of a cell of money."""
        told: list[str] = []
        for number, row in enumerate(self.content.rows, 2):
            told.append(f'<row r="{number}">{self._texts(number, row)}{self._money(number, row, style)}</row>')
            if row.action in ASKED:
                self.asked.append((number - 1, row))
            if len(told) == _ROWS_AT_ONCE:
                yield "".join(told).encode()
                told = []
        yield "".join(told).encode()

    def _texts(self, at: int, row: Row) -> str:
        """The cells before the price."""
        content, span = self.content, reach(row)
        values: tuple[str | int | None, ...] = (
            row.action.value, row.name, content.school(row.school_id), self.sums.numbers[row.school_id],
            row.device_class, row.model, row.suite, line_of(row.line).name, "capital" if row.capital else "revenue",
            content.code(row), row.aim, self.sums.aim_number(row), row.number, row.year, span.earliest, span.latest,
        )  # fmt: skip
        return "".join(
            f'<c r="{_LETTERS[place]}{at}"{_say(value)}' if isinstance(value, str)
            else f'<c r="{_LETTERS[place]}{at}"><v>{value}</v></c>'
            for place, value in enumerate(values) if value is not None and value != ""
        )  # fmt: skip

    def _money(self, at: int, row: Row, style: str) -> str:
        """The price and all after it, in the order of the columns."""
        quote = self.sums.quotes.of(row)
        if quote is not None and row.number * self._each(row, self._prices[id(quote)][1]) != row.cost:
            quote = None  # it was made of another price than this
        sums = dict(self._by_number(row)) if quote is None else self._by_formula(at, row, quote)
        self.numbers += bool(row.cost) and not sums["Cost £"][0]
        told = [self._sum(at, heading, sums, style) for heading in ("Price £", "Cost £", "Low £", "High £")]
        told.append(f'<c r="{_LETTERS[AT["Assumed"]]}{at}"{_say("yes")}' if row.assumed else "")
        told.append(self._sum(at, "Undone £", sums, style))
        told.append(f'<c r="{_LETTERS[AT["Why this year"]]}{at}"{inline(row.sentence)}')
        told.append(f'<c r="{_LETTERS[AT["Id"]]}{at}"{inline(row.row_id)}')
        return "".join(told)

    def _sum(self, at: int, heading: str, sums: dict[str, tuple[str, int]], style: str) -> str:
        formula, pence = sums.get(heading, ("", 0))
        if not formula and not pence:
            return ""
        reckoned = f"<f>{formula}</f>" if formula else ""
        return f'<c r="{_LETTERS[AT[heading]]}{at}"{style}>{reckoned}<v>{pence / 100!r}</v></c>'

    def _by_number(self, row: Row) -> Iterator[tuple[str, tuple[str, int]]]:
        """The sums of a row of which no price is known here."""
        planned = (("Cost £", row.cost), ("Low £", row.low), ("High £", row.high), ("Undone £", self.sums.left(row)))
        return ((heading, ("", pence)) for heading, pence in planned)

    def _by_formula(self, at: int, row: Row, quote: Quote) -> dict[str, tuple[str, int]]:
        """Formula ("" where the plan says another sum) and pence of each sum of a row."""
        content, number = self.content, row.number
        prices, pence = self._prices[id(quote)]
        first, left = content.first, self.sums.left(row)
        each = self._each(row, pence)
        low, high, ends = self._ends(at, row, prices, pence)
        told = {
            "Price £": (f'IF({_YEAR}{at}="",0,INDEX({prices},1,{_YEAR}{at}-{first - 1}))', each),
            "Cost £": (f"{_NUMBER}{at}*{_PRICE}{at}", row.cost),
            "Low £": (low * (number * min(ends) == row.low), row.low),
            "High £": (high * (number * max(ends) == row.high), row.high),
        }
        if left:
            due = max(row.span.best, first) - first + 1
            told["Undone £"] = (f"{_NUMBER}{at}*INDEX({prices},1,{due})", left)
        return told

    def _each(self, row: Row, pence: tuple[int, ...]) -> int:
        """What one costs in the year of a row; 0 where it is in none that is planned."""
        year = row.year
        return 0 if year is None or year not in self.content.years else pence[year - self.content.first]

    def _ends(self, at: int, row: Row, prices: str, pence: tuple[int, ...]) -> tuple[str, str, tuple[int, ...]]:
        """The formulas of low and high, and the prices that they choose between; see `collector.refresh.prices`."""
        content, span = self.content, reach(row)
        first, last = content.first, content.last
        if not first <= span.earliest <= last or (span.earliest == span.latest == row.year):
            return f"{COST}{at}", f"{COST}{at}", (self._each(row, pence),)
        ends = pence[span.earliest - first], pence[min(span.latest, last) - first]
        both = _both(prices, at, first, last, span)
        return f"{_NUMBER}{at}*MIN({both})", f"{_NUMBER}{at}*MAX({both})", ends


def _both(prices: str, at: int, first: int, last: int, span: Span) -> str:
    """The prices of the first and the last planned year that a row may fall into."""
    latest = f"{_LATEST}{at}" if span.latest <= last else str(last)
    return f"INDEX({prices},1,{_EARLIEST}{at}-{first - 1}),INDEX({prices},1,{latest}-{first - 1})"
