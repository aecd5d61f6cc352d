"""The rows of an uploaded register, each with what it says, what is spoilt in it, and all its text. Pure.

Columns are known and cells are read by `records.reading`. There a row with a spoilt cell is not taken; here it is, with
that cell named: what else it says may still tell whose it is. It knows no device.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from collector.facts import text
from collector.records import reading
from collector.records.fields import BLANKS, Value
from collector.records.reading import Column, Reading, Trouble
from collector.records.sheets import Cell, Row, Sheet

_QUANTITIES = frozenset({"qty", "quantity", "noof", "count", "units", "numberof", "no", "qty."})
_TOTALS = frozenset({"total", "totals", "subtotal", "sub total", "grand total", "sum"})
#: things that are on no network, as books call them
OFF_NETWORK = re.compile(
    r"\b(visuali[sz]ers?|headphones?|headsets?|keyboards?|mouse|mice|monitors?|screens?|trolleys?|chargers?|charging"
    r"|whiteboards?|calculators?|digital cameras?|camcorders?|tripods?|speakers?|microphones?|docking stations?"
    r"|adapters?|cables?|furniture|desks?|chairs?|projector screens?|beebots?|bee-bots?|lego|micro:?bits?|webcams?"
    r"|batteries|cases?|covers?|stylus|memory|hard drives?|usb sticks?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the book. `spoilt`: by field the cell that could not be taken; `cells`: every text with its heading.

    `nothing`: why the row is no asset of its own, empty where it may be one.
    """

    row: int
    said: Mapping[str, Value | None]
    cells: tuple[tuple[str, str], ...] = ()
    spoilt: Mapping[str, Cell] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    device: str = ""
    school: str = ""
    nothing: str = ""

    @property
    def title(self) -> str:
        """What people call the row."""
        told = (self.said.get(name) for name in ("local_name", "asset_tag", "serial", "model", "mac"))
        return next((str(value) for value in told if value), "") or " · ".join(said for _, said in self.cells)[:80]

    @property
    def rounded(self) -> bool:
        """Whether the serial number is a number whose last digits a spreadsheet may have made 0."""
        said = str(self.said.get("serial") or "")
        return said.isdigit() and len(said) >= 10 and said.endswith("00000")

    @property
    def off_network(self) -> str:
        """The word that says that it is a thing that is never on a network; "" where none does."""
        told = " ".join(said for heading, said in self.cells if heading not in ("notes", "room"))
        found = OFF_NETWORK.search(told)
        return found[0].casefold() if found else ""


@dataclass(frozen=True, slots=True)
class Book:
    """A book as it was read: its columns and what they are taken for, its rows, and what is to be said of the whole."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def read(sheet: Sheet, mapping: Mapping[str, str] | None = None) -> Book:
    """Read a book. NoTable where no row of headings is found, or a mapping names what is not there."""
    first = reading.read(sheet, mapping)
    spoilt = {(trouble.row, trouble.column) for trouble in first.troubles if trouble.stops}
    whole = reading.read(_without(sheet, first.columns, spoilt), mapping) if spoilt else first
    return Book(first.columns, tuple(_lines(sheet, first, whole)), first.notes)


def _without(sheet: Sheet, columns: Iterable[Column], spoilt: set[tuple[int, str]]) -> Sheet:
    """The same sheet with the spoilt cells empty."""
    places = {column.heading: column.place for column in columns if column.field}
    gone: dict[int, set[int]] = {}
    for row, heading in spoilt:
        gone.setdefault(row, set()).add(places[heading])
    rows = (
        replace(row, cells=tuple(None if at in gone[row.number] else cell for at, cell in enumerate(row.cells)))
        if row.number in gone
        else row
        for row in sheet.rows
    )
    return Sheet(tuple(rows), sheet.notes)


def _lines(sheet: Sheet, first: Reading, whole: Reading) -> Iterable[Line]:
    cells_of = {row.number: row for row in sheet.rows}
    troubles: dict[int, list[Trouble]] = {}
    for trouble in first.troubles:
        troubles.setdefault(trouble.row, []).append(trouble)
    fields = {column.heading: column for column in first.columns if column.field}
    for item in whole.items:
        row = cells_of[item.row]
        mine = tuple(troubles.get(item.row, ()))
        spoilt = {fields[one.column].field: row.cells[fields[one.column].place] for one in mine if one.stops}
        line = Line(
            item.row, item.said, _cells(row, first.columns), spoilt, mine, item.device, item.school
        )  # fmt: skip
        yield replace(line, nothing=_nothing(line, row, first.columns))


def _cells(row: Row, columns: Iterable[Column]) -> tuple[tuple[str, str], ...]:
    """Every text of a row with the field it is taken for, or its heading."""
    told = (
        (column.field or column.heading, row.cells[column.place]) for column in columns if column.place < len(row.cells)
    )
    return tuple(
        (heading, said)
        for heading, cell in told
        if isinstance(cell, str | int) and not isinstance(cell, bool) and (said := text(str(cell), 120))
        if said.casefold() not in BLANKS
    )


def _nothing(line: Line, row: Row, columns: tuple[Column, ...]) -> str:
    """Why a row is no asset of its own."""
    said = [cell for cell in row.cells if cell not in (None, "")]
    headings = {column.heading.casefold() for column in columns}
    if len(said) > 1 and all(text(str(cell), 80).casefold() in headings for cell in said):
        return "it repeats the headings"
    if any(str(cell).strip().casefold().rstrip(":") in _TOTALS for cell in said):
        return "it is a sum"
    if (count := _quantity(row, columns)) > 1 and not any(line.said.get(mark) for mark in ("serial", "mac")):
        return f"it stands for {count} things: give each a row of its own, with its serial number"
    if len(said) == 1 and len(headings) > 2:
        return "it is one cell alone, such as a heading between rows"
    return ""


def _quantity(row: Row, columns: Iterable[Column]) -> int:
    for column in columns:
        heading = re.sub(r"[^a-z]", "", column.heading.casefold())
        if column.field or heading not in _QUANTITIES or column.place >= len(row.cells):
            continue
        said = str(row.cells[column.place] or "").strip().removesuffix(".0")
        if said.isdigit() and len(said) < 6:
            return int(said)
    return 1
