"""CSV and XLSX files as rows of cells, within bounds. It knows no field: what cells mean is `reading`.

A file comes from anybody and may be made to harm: its size, the size it unpacks to, its rows, columns and cells are
bounded, entities of XML are refused, and whatever a library raises over it is answered with a sentence.
"""

from __future__ import annotations

import csv
import io
import itertools
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from collector.errors import CollectorError

SIZE_LIMIT = 5 * 2**20  # octets of a file
UNPACKED_LIMIT = 40 * 2**20  # octets that a workbook may unpack to
PARTS_LIMIT = 1_000  # files in a workbook
ROWS_LIMIT, COLUMNS_LIMIT = 10_000, 60
CELL_LIMIT = 4_096  # characters
_PIECE = 64 * 1024
_DELIMITERS = ",;\t|"

Cell = str | int | float | bool | date | datetime | None


class NoTable(CollectorError):
    """A file that cannot be read as a table; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number as the spreadsheet shows it, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file that hold anything, and what is to be said of how it was read."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def read(content: bytes) -> Sheet:
    """The table of a CSV or XLSX file, told apart by content. NoTable where it is none, or too large."""
    if len(content) > SIZE_LIMIT:
        raise NoTable(f"the file is larger than {SIZE_LIMIT // 2**20} MB: split it")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NoTable("this is an old or encrypted Excel workbook: save it as .xlsx without a password, or as CSV")
    if content.startswith(b"%PDF") or content[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0"):
        raise NoTable("this is no table: bring a CSV or XLSX file")
    sheet = _workbook(content) if content.startswith(b"PK") else _text(content)
    if not sheet.rows:
        raise NoTable("the file holds no rows")
    return sheet


def _filled(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows that hold anything; NoTable where they are too many."""
    kept = []
    for row in rows:
        if any(cell not in (None, "") for cell in row.cells):
            kept.append(row)
        if len(kept) > ROWS_LIMIT:
            raise NoTable(f"the file has more than {ROWS_LIMIT:,} rows: split it")
    return tuple(kept)


# ------------------------------------------------------------------------------------------------ CSV


def _text(content: bytes) -> Sheet:
    said, notes = _decoded(content)
    if "\0" in said:
        raise NoTable("this is neither a CSV nor an XLSX file: save the list as one of them")
    said, delimiter = _delimiter(said)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=delimiter)
    try:
        rows = _filled(_numbered(reader))
    except csv.Error as error:
        raise NoTable(f"row {reader.line_num} of the file cannot be read as CSV ({error}): save it as XLSX") from None
    return Sheet(rows, tuple(notes))


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "the file is not UTF-8 and was read as Windows-1252: check £ signs and accents"
        return content.decode("cp1252", "replace"), [note]


def _delimiter(said: str) -> tuple[str, str]:
    """What parts the cells: what Excel's own first line says, else what parts the first lines most often."""
    first, _, rest = said.partition("\n")
    if (named := first.strip().strip('"')).startswith("sep=") and len(named) == 5:
        return "\n" + rest, named[4]  # the line stays one, so that rows keep their numbers
    lines = said[:_PIECE].splitlines()[:10]
    return said, max(_DELIMITERS, key=lambda one: (max((line.count(one) for line in lines), default=0), one == ","))


def _numbered(reader: Any) -> Iterator[Row]:
    """Rows with the number of the row, not of the line: a cell may hold several lines."""
    for number, cells in enumerate(reader, 1):
        yield Row(number, _bounded(number, cells))


def _bounded(number: int, cells: Iterable[Any]) -> tuple[Cell, ...]:
    found = tuple(_cell(cell) for cell in itertools.islice(cells, COLUMNS_LIMIT + 1))
    if len(found) > COLUMNS_LIMIT and found[COLUMNS_LIMIT] not in (None, ""):
        raise NoTable(f"row {number} has more than {COLUMNS_LIMIT} columns: take those out that are not needed")
    if any(isinstance(cell, str) and len(cell) > CELL_LIMIT for cell in found):
        raise NoTable(f"row {number} has a cell with more than {CELL_LIMIT:,} characters: shorten it")
    return found[:COLUMNS_LIMIT]


def _cell(value: Any) -> Cell:
    if isinstance(value, time | timedelta):
        return str(value)
    return value if value is None or isinstance(value, str | int | float | bool | date | datetime) else str(value)


# ------------------------------------------------------------------------------------------------ XLSX


def _workbook(content: bytes) -> Sheet:
    try:
        _check_parts(content)
        return _sheet(content)
    except NoTable:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl, zlib and expat raise whatever a broken workbook leads them to
        what = type(error).__name__
        raise NoTable(f"the workbook cannot be read ({what}): open it and save it again as .xlsx, or as CSV") from None


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to too much, and XML that declares entities, before any of it is parsed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
            raise NoTable("the workbook unpacks to more than is read: copy the list alone into a new one")
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise NoTable("this is no XLSX workbook: save the list as .xlsx or as CSV")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _check_part(archive, part)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    before = b""
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            seen = before + piece.replace(b"\0", b"")  # UTF-16 hides nothing
            if b"<!" + b"DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise NoTable("the workbook declares XML entities, which no spreadsheet does: it is not read")
            before = seen[-16:]


def _sheet(content: bytes) -> Sheet:
    import openpyxl  # noqa: PLC0415 - a third of a second to load, and only here

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of styles and extensions that say nothing of cells
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
            if not shown:
                raise NoTable("the workbook has no sheet")
            shown[0].reset_dimensions()  # what a workbook says of its own size is not believed
            found = shown[0].iter_rows(max_row=4 * ROWS_LIMIT, max_col=COLUMNS_LIMIT + 1, values_only=True)
            rows = _filled(Row(number, _bounded(number, cells)) for number, cells in enumerate(found, 1))
            title = str(shown[0].title)[:64]
        finally:
            book.close()
    notes = [f"only the first sheet, “{title}”, was read"] if len(shown) > 1 else []
    return Sheet(rows, tuple(notes))
