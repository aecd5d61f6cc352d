"""XLSX that recomputes: change a price, a rate of inflation or a year, and every total follows.

    Years               totals by year, by school, and what is left undone: SUMIFS over Rows
    Rows                a line each: its price from Prices in its year, times how many
    Prices              what one costs today and how that rises (both to be changed), and so in each year
    Lines               the lines of DfE's returns by year: SUMIFS over Rows
    Needs and lines     what is asked for beside the devices, by aim, with references into Rows
    Explanations        how it reckons, and what was not seen

It rounds as the plan does: the price of a year is rounded once, half a penny up, in whole pence; all else is sums. A
spreadsheet reckons in binary, so the price is first rounded to a millionth of a penny, which takes its noise away; and
totals are rounded to the penny. A row whose sums the plan did not make of a price that is known here has them as
numbers, and says so. Texts of people and devices are written as strings, never as formulas, and no criterion is made
of one: schools and aims are summed by their numbers.

XlsxWriter makes all but the rows of Rows, which are written as they come and not kept (see `rows_sheet`). Sums of low
and high are as in `collector.refresh.totals`.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC
from typing import IO, Any

from collector import workbooks
from collector.cells import CELL_LIMIT, letters, printable
from collector.plan_files import Content
from collector.plan_files.quotes import Quote
from collector.plan_files.rows_sheet import AT, COLUMNS, COST, PRICE_YEARS, PRICES_TOP, UNDONE, RowsSheet
from collector.plan_files.sums import Sums, codes
from collector.refresh.years import label

_ROWS = "xl/worksheets/sheet2.xml"
_LOOKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}, "title": {"bold": True, "font_size": 14},
    "wrap": {"text_wrap": True, "valign": "top"}, "money": {"num_format": "#,##0.00"},
    "strong": {"bold": True, "top": 1}, "sum": {"bold": True, "top": 1, "num_format": "#,##0.00"},
    "share": {"num_format": "0%"},
    "set": {"num_format": "#,##0.00", "bg_color": "#FFF6D6", "border": 1},
    "set_rate": {"num_format": "0.00%", "bg_color": "#FFF6D6", "border": 1},
}  # fmt: skip
_EXPLAINED = (
    ("Change a price", "On the sheet Prices, what is yellow. A year may be changed on the sheet Rows, to another of "
     "the planned: cost follows, low and high stay what its dates ask for."),
    ("Rounding", "The price of a year is rounded once, half a penny up, to whole pence; all else is sums of those."),
    ("Low and high", "Of a year: low is what falls into it whatever is true of uncertain ages, high what may. So the "
     "highs of the years add up to more than the plan’s: what may be due in one of two years is bought once."),
    ("Assumed", "The year of the row rests on an assumption: the age of the device is not known."),
    ("Undone", "Its dates ask for it in these years, and it is in none: at the price of the year when it fell due."),
    ("Return", "CFR code of a maintained school, BFR line of an academy. What DfE takes as revenue only is in its "
     "revenue line."),
)  # fmt: skip


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    sums = Sums(content)
    rows = RowsSheet(content, sums)
    before, style, after = _cut(_frame(content, sums, rows))
    pieces = itertools.chain([before], rows.pieces(style), [after])
    workbooks.write(out, _ROWS, pieces, lambda: _frame(content, sums, rows))  # by then the rows are counted


def _frame(content: Content, sums: Sums, rows: RowsSheet) -> bytes:
    """The workbook with all but the rows of Rows."""
    import xlsxwriter  # noqa: PLC0415 - slow to load, and only here

    created = content.made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": _text(content.title), "company": _text(content.trust), "created": created})
        _Book(content, sums, rows, book).write()
    return made.getvalue()


def _cut(frame: bytes) -> tuple[bytes, str, bytes]:
    """The part of Rows before its rows, the style of money as an attribute, and the part after them."""
    with zipfile.ZipFile(io.BytesIO(frame)) as archive:
        sheet = archive.read(_ROWS).decode()
    head, _, rest = sheet.partition('<row r="2"')
    sample, _, after = rest.partition("</sheetData>")
    style = re.search(r' s="\d+"', sample)
    head = re.sub(r'<dimension ref="[^"]*"/>', "", re.sub(r' spans="[^"]*"', "", head))
    return head.encode(), style[0] if style else "", b"</sheetData>" + after.encode()


class _Book:
    """The workbook while it is written."""

    def __init__(self, content: Content, sums: Sums, rows: RowsSheet, book: Any) -> None:
        self.content = content
        self.sums = sums
        self.rows = rows
        self.book = book
        self.looks = {name: book.add_format(look) for name, look in _LOOKS.items()}

    def write(self) -> None:
        """Every sheet, in the order in which they are looked at."""
        names = ("Years", "Rows", "Prices", "Lines", "Needs and lines", "Explanations")
        years, rows, prices, returns, needs, about = (self.book.add_worksheet(name) for name in names)
        self._rows(rows)
        self._prices(prices)
        self._years(years)
        self._returns(returns)
        self._needs(needs)
        self._about(about)

    # -------------------------------------------------------------------------------------------- Rows

    def _rows(self, sheet: Any) -> None:
        """The heading of Rows, and below it a blank cell of money, that tells its style: see `rows_sheet`."""
        sheet.freeze_panes(1, 2)
        for place, (heading, width) in enumerate(COLUMNS):
            sheet.set_column(place, place, width, self.looks["money"] if "£" in heading else None)
            sheet.write_string(0, place, heading, self.looks["head"])
        sheet.write_blank(1, AT["Cost £"], None, self.looks["money"])
        sheet.autofilter(0, 0, max(len(self.content.rows), 1), len(COLUMNS) - 1)

    # -------------------------------------------------------------------------------------------- Prices

    def _prices(self, sheet: Any) -> None:
        years = self.content.years
        sheet.freeze_panes(PRICES_TOP, 1)
        for first, last, width in ((0, 1, 34), (2, 4, 12), (5, 5, 40), (6, 5 + len(years), 13)):
            sheet.set_column(first, last, width)
        sheet.write_string(0, 0, "Prices", self.looks["title"])
        sheet.write_string(1, 0, "Change what is yellow: every sheet follows. Pounds without VAT, of one.")
        heads = ("Of", "Such as", "Price £", "Rises a year", "From year", "Where it is from")
        sheet.write_string(3, 5, "year beginning")
        for place, year in enumerate(years):
            sheet.write_number(3, PRICE_YEARS + place, year)
        for place, head in enumerate((*heads, *map(label, years))):
            sheet.write_string(4, place, head, self.looks["head"])
        for at, quote in enumerate(self.rows.quotes, PRICES_TOP):
            self._price(sheet, at, quote)

    def _price(self, sheet: Any, at: int, quote: Quote) -> None:
        for place, words in enumerate((quote.what, quote.such)):
            sheet.write_string(at, place, _text(words))
        sheet.write_number(at, 2, quote.pence / 100, self.looks["set"])
        sheet.write_number(at, 3, quote.inflation / 10_000, self.looks["set_rate"])
        sheet.write_number(at, 4, quote.base)
        sheet.write_string(at, 5, _text(quote.source))
        for place, year in enumerate(self.content.years):
            column = letters(PRICE_YEARS + place)
            months = "" if quote.paid(place) == 12 else f"*{quote.paid(place)}/12"
            formula = f"=ROUND(ROUND($C{at + 1}*100*(1+$D{at + 1})^MAX(0,{column}$4-$E{at + 1}){months},6),0)/100"
            value = quote.of(year, self.content.first) / 100
            sheet.write_formula(at, PRICE_YEARS + place, formula, self.looks["money"], value)

    # -------------------------------------------------------------------------------------------- Years

    def _years(self, sheet: Any) -> None:
        content, years = self.content, self.content.years
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 3 + len(years), 14)
        sheet.write_string(0, 0, _text(f"{content.trust}: {content.title}"), self.looks["title"])
        sheet.write_string(1, 0, f"Plan of {content.span}, made on {content.day()}. {content.basis()}")
        heads = ("Year", "beginning", "Low £", "Expected £", "High £", "Assumed £", "Share", "Cap £")
        self._heads(sheet, 3, heads)
        for place, year in enumerate(years):
            self._year(sheet, 4 + place, year)
        end = 4 + len(years)
        self._whole(sheet, end)
        sheet.write_string(end + 2, 0, "By school, expected £", self.looks["title"])
        self._heads(sheet, end + 3, ("School", "no.", *map(label, years), "All", "VAT", "All with VAT"))
        for place, school_id in enumerate(self.sums.schools):
            self._school(sheet, end + 4 + place, school_id)

    def _year(self, sheet: Any, at: int, year: int) -> None:
        total, row = self.sums.years[year], at + 1
        sheet.write_string(at, 0, label(year))
        sheet.write_number(at, 1, year)
        low = self._sumifs("Low £", ("Earliest", f"$B{row}"), ("Latest", f"$B{row}"))
        high = self._sumifs("High £", ("Earliest", f'"<="&$B{row}'), ("Latest", f'">="&$B{row}'))
        self._formulas(sheet, at, 2, (
            (low, total.low), (self._sumifs("Cost £", ("Year", f"$B{row}")), total.cost), (high, total.high),
            (self._sumifs("Cost £", ("Year", f"$B{row}"), ("Assumed", '"yes"')), total.assumed),
        ))  # fmt: skip
        sheet.write_formula(at, 6, f"=IF(D{row}=0,0,F{row}/D{row})", self.looks["share"], total.share)
        if (cap := self.content.cap(year)) is not None:
            sheet.write_number(at, 7, cap / 100, self.looks["money"])

    def _whole(self, sheet: Any, at: int) -> None:
        """All years as one: what falls into them in any case, and what may."""
        first, last, total = "$B$5", f"$B${at}", self.sums.whole
        sheet.write_string(at, 0, "All years as one", self.looks["strong"])
        low = self._sumifs("Low £", ("Earliest", f'">="&{first}'), ("Latest", f'"<="&{last}'))
        high = self._sumifs("High £", ("Earliest", f'"<="&{last}'), ("Latest", f'">="&{first}'))
        cells = ((low, total.low), (f"=ROUND(SUM(D5:D{at}),2)", total.cost), (high, total.high),
                 (f"=ROUND(SUM(F5:F{at}),2)", total.assumed))  # fmt: skip
        self._formulas(sheet, at, 2, cells, "sum")
        sheet.write_formula(at, 6, f"=IF(D{at + 1}=0,0,F{at + 1}/D{at + 1})", self.looks["share"], total.share)
        sheet.write_string(at + 1, 0, "Left undone: due in these years, in none of them")
        column = self._column("Undone £")
        self._formulas(sheet, at + 1, 3, [(f"=ROUND(SUM({column}),2)", self.sums.left_undone.pence)])

    def _school(self, sheet: Any, at: int, school_id: str) -> None:
        content, row, years = self.content, at + 1, self.content.years
        costs = {year: total.cost for year, total in self.sums.by_school[school_id].items()}
        sheet.write_string(at, 0, _text(content.school(school_id)))
        sheet.write_number(at, 1, self.sums.numbers[school_id])
        cells = [
            (self._sumifs("Cost £", ("School no.", f"$B{row}"), ("Year", f"$B${5 + place}")), costs[year])
            for place, year in enumerate(years)
        ]
        self._formulas(sheet, at, 2, cells)
        whole, end, vat = sum(costs.values()), 2 + len(years), content.vat(school_id)
        last = letters(end - 1)
        self._formulas(sheet, at, end, [(f"=ROUND(SUM(C{row}:{last}{row}),2)", whole)], "money")
        sheet.write_number(at, end + 1, vat / 10_000, self.looks["set_rate"])
        a, b = letters(end), letters(end + 1)
        formula = f"=ROUND(ROUND({a}{row}*100*(1+{b}{row}),6),0)/100"
        self._formulas(sheet, at, end + 2, [(formula, self.sums.with_vat(school_id))])

    # -------------------------------------------------------------------------------------------- Lines

    def _returns(self, sheet: Any) -> None:
        years = self.content.years
        sheet.set_column(0, 0, 11)
        sheet.set_column(1, 2, 32)
        sheet.set_column(3, 3 + len(years), 14)
        sheet.write_string(0, 0, "Lines of DfE’s returns", self.looks["title"])
        note = "CFR codes are of maintained schools, BFR lines of academies: revenue 336 to 342, capital 621 to 625."
        sheet.write_string(1, 0, note)
        sheet.write_string(2, 2, "year beginning")
        for place, year in enumerate(years):
            sheet.write_number(2, 3 + place, year)
        self._heads(sheet, 3, ("Return", "Line", "Kind", *map(label, years), "All"))
        for place, code in enumerate(codes()):
            at, row = 4 + place, 5 + place
            for column, words in enumerate((code.code, code.name, code.kind)):
                sheet.write_string(at, column, words)
            costs = {year: self.sums.cost(self.sums.by_code, code.code, year) for year in years}
            cells = [
                (self._sumifs("Cost £", ("Return", f"$A{row}"), ("Year", f"{letters(3 + n)}$3")), costs[year])
                for n, year in enumerate(years)
            ]
            last = letters(2 + len(years))
            cells.append((f"=ROUND(SUM(D{row}:{last}{row}),2)", sum(costs.values())))
            self._formulas(sheet, at, 3, cells)

    # -------------------------------------------------------------------------------------------- Needs and lines

    def _needs(self, sheet: Any) -> None:
        for first, last, width in ((0, 0, 34), (1, 1, 8), (2, 3, 14), (4, 5, 30)):
            sheet.set_column(first, last, width)
        sheet.write_string(0, 0, "What is asked for beside the devices", self.looks["title"])
        self._heads(sheet, 2, ("Aim", "no.", "Planned £", "Undone £"))
        for at, (aim, number) in enumerate(self.sums.aims.items(), 3):
            fits = ("Aim no.", f"$B{at + 1}")
            planned, undone = self.sums.by_aim[number]
            sheet.write_string(at, 0, _text(aim or "without an aim"))
            sheet.write_number(at, 1, number)
            cells = ((self._sumifs("Cost £", fits), planned), (self._sumifs("Undone £", fits), undone))
            self._formulas(sheet, at, 2, cells)
        head = 4 + len(self.sums.aims)
        self._heads(sheet, head, ("What", "Year", "Cost £", "Undone £", "School", "Aim"))
        for at, (number, row) in enumerate(self.rows.asked, head + 1):
            for column, words in ((0, row.name), (4, self.content.school(row.school_id)), (5, row.aim)):
                sheet.write_string(at, column, _text(words))
            sheet.write_string(at, 1, "none" if row.year is None else label(row.year))
            cells = ((f"=Rows!{COST}{number + 1}", row.cost), (f"=Rows!{UNDONE}{number + 1}", self.sums.left(row)))
            self._formulas(sheet, at, 2, cells)

    # -------------------------------------------------------------------------------------------- Explanations

    def _about(self, sheet: Any) -> None:
        content = self.content
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 100)
        told = [
            ("Plan", f"{content.trust}: {content.title}, {content.span}, made on {content.day()}"),
            ("Rows", f"{len(content.rows):,}; SHA-256 of the plan {content.digest()}"),
            ("Money", content.basis()),
            *_EXPLAINED,
            ("Numbers", f"{self.rows.numbers:,} rows have a number as cost: the plan made it of no price of Prices."),
            *(("Not in it, or not known", words) for words in content.remarks),
        ]  # fmt: skip
        for at, (head, words) in enumerate(told):
            sheet.write_string(at, 0, head, self.looks["head"])
            sheet.write_string(at, 1, _text(words), self.looks["wrap"])

    # -------------------------------------------------------------------------------------------- cells

    def _heads(self, sheet: Any, at: int, heads: Sequence[str]) -> None:
        for place, head in enumerate(heads):
            sheet.write_string(at, place, head, self.looks["head"])

    def _formulas(self, sheet: Any, at: int, first: int, cells: Sequence[tuple[str, int]], look: str = "money") -> None:
        """Formulas side by side, with the pence that they come to now."""
        for place, (formula, pence) in enumerate(cells, first):
            sheet.write_formula(at, place, formula, self.looks[look], pence / 100)

    def _sumifs(self, heading: str, *criteria: tuple[str, str]) -> str:
        """The sum of a column of Rows over those that fit, to the penny."""
        told = ",".join(f"{self._column(name)},{fits}" for name, fits in criteria)
        return f"=ROUND(SUMIFS({self._column(heading)},{told}),2)"

    def _column(self, heading: str) -> str:
        column = letters(AT[heading])
        return f"Rows!${column}$2:${column}${max(len(self.content.rows), 1) + 1}"


def _text(words: str) -> str:
    return printable(words)[:CELL_LIMIT]
