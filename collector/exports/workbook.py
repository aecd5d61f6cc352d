"""XLSX: typed cells under a frozen heading with filters, and a sheet that says what each column is and how fresh.

XlsxWriter makes the workbook: its styles, widths, panes, filters, the sheet About. The rows themselves are written here
as SpreadsheetML (ECMA-376 part 1, 18.3.1.4 and 18.3.1.73) straight into the sheet's part, which is three times as fast
and keeps no row: 50,000 rows take XlsxWriter more than the 15 seconds that a person waits. Texts are inline strings
whatever they look like: no formula, link or number is ever made of one.

The file says nothing of when it was made (its properties carry the time that it tells of), so it has the same octets
whenever it is made.
"""

from __future__ import annotations

import io
import operator
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date
from typing import IO, Any

from collector import workbooks
from collector.cells import inline, letters
from collector.exports import Content, Form, Sayings, printable, rules_sentence, unseen_sentence
from collector.register_rows import Column, Kind

_SHEET = "xl/worksheets/sheet1.xml"
_EPOCH = date(1899, 12, 30).toordinal()  # what a spreadsheet counts days from, after 1 March 1900
_FIRST_DAY = date(1900, 3, 1)
_ROWS_AT_ONCE = 200


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    styles, before = _frame(content, 1)[1:3]
    workbooks.write(out, _SHEET, _sheet(content, styles, before), lambda: _frame(content, content.tally.rows + 1)[0])


def _sheet(content: Content, styles: Sequence[str], before: bytes) -> Iterator[bytes]:
    """The sheet of rows; what stands behind them says how many there are."""
    yield before
    yield from _rows(content, styles)
    yield _frame(content, content.tally.rows + 1)[3]


# ------------------------------------------------------------------------------------------------ rows


def _rows(content: Content, styles: Sequence[str]) -> Iterator[bytes]:
    """The rows of the sheet, some at a time."""
    looks = {(c.kind, style) for c, style in zip(content.columns, styles, strict=True)}
    kept = {look: Sayings(_cell(*look)) for look in looks}
    said = [kept[c.kind, style] for c, style in zip(content.columns, styles, strict=True)]
    heads = [f'<c r="{letters(place)}' for place in range(len(said))]
    told: list[str] = []
    for number, row in enumerate(content.rows(), 2):
        content.note_empty(row)
        cells = map(operator.getitem, said, row)
        filled = [f"{head}{number}{cell}" for head, cell in zip(heads, cells, strict=True) if cell]
        told.append(f'<row r="{number}">{"".join(filled)}</row>')
        if len(told) == _ROWS_AT_ONCE:
            yield "".join(told).encode()
            told = []
    yield "".join(told).encode()


def _cell(kind: Kind, style: str) -> Callable[[Any], str]:
    """How a value is said after the number of its row."""
    say = _CELLS[kind]
    return lambda value: f'"{style}{say(value)}'


def _day(value: date) -> str:
    """A day as a spreadsheet counts; one that it cannot count as text."""
    return f"><v>{value.toordinal() - _EPOCH}</v></c>" if value >= _FIRST_DAY else inline(value.isoformat())


def _money(value: int) -> str:
    return f"><v>{value / 100!r}</v></c>"


def _number(value: int) -> str:
    return f"><v>{value}</v></c>"


_CELLS: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: inline, Kind.MARK: inline, Kind.DAY: _day, Kind.MONEY: _money, Kind.NUMBER: _number,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ the workbook


def _frame(content: Content, rows: int) -> tuple[bytes, list[str], bytes, bytes]:
    """The workbook without its rows, the style of each column's cells, and the sheet's part before and after rows."""
    import xlsxwriter  # noqa: PLC0415 - slow to load, and only here

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        created = content.as_known.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        workbook.set_properties({"title": "Register of devices", "company": content.trust, "created": created})
        looks = {
            "head": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
            Kind.DAY: workbook.add_format({"num_format": "yyyy-mm-dd"}),
            Kind.MONEY: workbook.add_format({"num_format": "#,##0.00"}),
            Kind.MARK: workbook.add_format({"num_format": "@"}),
        }
        _heading(workbook.add_worksheet("Register"), content.columns, looks, rows)
        _explanation(workbook.add_worksheet("About"), content, looks)
    with zipfile.ZipFile(made) as archive:
        sheet = archive.read(_SHEET).decode()
    head, _, rest = sheet.partition('<row r="2"')
    sample, _, after = rest.partition("</sheetData>")
    styles = [_style(sample, letters(place)) for place in range(len(content.columns))]
    head = re.sub(r'<dimension ref="[^"]*"/>', "", re.sub(r' spans="[^"]*"', "", head))
    return made.getvalue(), styles, head.encode(), b"</sheetData>" + after.encode()


def _style(sample: str, name: str) -> str:
    found = re.search(rf'<c r="{name}2"( s="\d+")', sample)
    return found[1] if found else ""


def _heading(sheet: Any, columns: Sequence[Column], looks: dict[Any, Any], rows: int) -> None:
    """The heading, and below it one row of blanks that tells which style is whose."""
    sheet.freeze_panes(1, 2)
    for place, column in enumerate(columns):
        look = looks.get(column.kind)
        sheet.set_column(place, place, column.width, look)
        sheet.write_string(0, place, column.heading, looks["head"])
        if look is not None:
            sheet.write_blank(1, place, None, look)
    if rows > 1:
        sheet.autofilter(0, 0, rows - 1, len(columns) - 1)
    sheet.write_string(1, len(columns), "")  # so that there is a second row, whatever the columns are


def _explanation(sheet: Any, content: Content, looks: dict[Any, Any]) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 3, 44)
    rows = [*_head(content), (), ("Column", "Who says it", "How fresh", "Empty in")]
    heading = len(rows) - 1
    for place, column in enumerate(content.columns):
        empty = f"{content.tally.empty[place]:,} of {content.tally.rows:,} rows"
        rows.append((column.heading, column.source, column.fresh, empty))
    for number, told in enumerate(rows):
        for place, said in enumerate(told):
            head = number == heading or (number < heading and not place)
            sheet.write_string(number, place, said, looks["head" if head else "wrap"])


def _head(content: Content) -> list[tuple[str, ...]]:
    total = content.tally.total
    return [
        ("The register of", printable(content.trust)),
        ("As known at", content.known(), "What was learnt later is not in it: its SHA-256 stays the same."),
        ("Chosen", content.chosen()),
        ("Rows", f"{content.tally.rows:,}"),
        ("Not seen", unseen_sentence(total)),
        ("Without cost", f"{total.unpriced:,} rows; totals of money leave them out"),
        ("Rules of the book", rules_sentence(content.rules)),
        ("Empty cells", "Nothing is guessed: an empty cell is not known, and the last column of its row says why."),
    ]


FORM = Form(
    "xlsx", "Excel workbook", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "typed cells, filters, and a sheet that explains every column", write,
)  # fmt: skip
