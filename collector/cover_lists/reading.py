"""Reads a list of cover from a sheet: which column is which field, and what each row says. Pure: it knows no row kept.

Every cell that cannot be taken is told with its row, its column and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collector.cover_lists.fields import List, read, run_together
from collector.errors import CollectorError
from collector.facts import text
from collector.records.fields import BLANKS, Value
from collector.records.reading import HEADER_ROWS, Column, Trouble
from collector.records.sheets import NoTable, Row, Sheet

Said = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says, by field; what it leaves blank is not said. `headings`: of the file, by field."""

    row: int
    said: Said
    headings: Mapping[str, str]

    def trouble(self, field: str, sentence: str) -> Trouble:
        """What is wrong with a cell of it."""
        return Trouble(self.row, self.headings.get(field, ""), sentence)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list says. `columns`: what each is taken for; `notes` are about the whole file."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    troubles: tuple[Trouble, ...]
    notes: tuple[str, ...]


def rows(sheet: Sheet, of: List) -> Reading:
    """Read a list. NoTable where no row of headings is found, or a column that every row needs is not there."""
    header = max(sheet.rows[:HEADER_ROWS], key=lambda row: (_known(row, of), -row.number))
    columns = _columns(header, of)
    there = {column.field: column.heading for column in columns if column.field}
    if missing := [one.field.label for name, one in of.columns.items() if one.needed and name not in there]:
        seen = ", ".join(column.heading for column in columns if column.heading)
        raise NoTable(f"there is no column “{missing[0]}”; the headings are: {seen or 'none'}")
    body = [row for row in sheet.rows if row.number > header.number]
    if not body:
        raise NoTable("there is no row below the headings")
    lines, troubles = [], []
    for row in body:
        line, found = _line(row, columns, there, of)
        lines.append(line)
        troubles += found
    left = [column.heading for column in columns if column.heading and not column.field]
    notes = (*sheet.notes, *([f"not taken: {', '.join(left)}"] if left else []))
    return Reading(tuple(columns), tuple(lines), tuple(troubles), notes)


def _known(row: Row, of: List) -> int:
    return len({of.guess(cell) for cell in row.cells} - {""})


def _columns(header: Row, of: List) -> list[Column]:
    """Each column with its field; of two that could be one, that which bears its own name, else the first."""
    taken: dict[str, int] = {}
    headings = [text(str(cell), 80) if cell is not None else "" for cell in header.cells]
    for place, heading in enumerate(headings):
        name = of.guess(heading)
        own = name and run_together(heading) in (run_together(name), run_together(of.columns[name].field.label))
        if name and (name not in taken or own):
            taken[name] = place
    fields = {place: name for name, place in taken.items()}
    return [Column(place, heading, fields.get(place, "")) for place, heading in enumerate(headings)]


def _line(
    row: Row, columns: Sequence[Column], there: Mapping[str, str], of: List
) -> tuple[Line, list[Trouble]]:  # fmt: skip
    said: dict[str, Value | None] = {}
    troubles: list[Trouble] = []
    for column in columns:
        cell = row.cells[column.place] if column.place < len(row.cells) else None
        if not column.field or cell is None or (isinstance(cell, str) and cell.strip().casefold() in BLANKS):
            continue
        try:
            said[column.field] = read(of.columns[column.field].field, cell)
        except CollectorError as error:
            troubles.append(Trouble(row.number, column.heading, str(error)))
    wrong = {trouble.column for trouble in troubles}
    for name, one in of.columns.items():
        if one.needed and not said.get(name) and there[name] not in wrong:
            troubles.append(
                Trouble(row.number, there[name], f"it is empty: say {one.field.label.lower()} in every row")
            )
    return Line(row.number, said, there), troubles
