"""Takes in a catalogue, or facts of schools, from a table: all of it, or nothing and a sentence for every bad row.

A table is a CSV or XLSX file with a row of headings. An empty cell says nothing: what stands there stays. A line of the
catalogue replaces the one about the same class, use, maker, models and first day; lines that a file leaves out stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from collector import journal, schools, tenure
from collector.benchmark.consistency import Entry
from collector.errors import CollectorError
from collector.facts import text
from collector.profiling import saying
from collector.records import days, sheets
from collector.store import Transaction
from collector.store import consistency as rows

Value = TypeVar("Value")

MOST_SENTENCES = 50
LARGEST = sheets.SIZE_LIMIT  # octets
CATALOGUE = ("class", "use", "maker", "models", "from", "until", "successor", "note")
FACTS = ("school", "pupils", "as of", "source", "support hours", "digital lead", "technician", "provider", "shared")
_CALLED = {
    "class": "class|device class|type|category", "use": "use|used for|purpose|tag",
    "maker": "maker|make|manufacturer|brand", "models": "models|model|model name",
    "from": "from|starts|start|since|first day",
    "until": "until|ends|end|to|last day", "successor": "successor|preferred successor|replaced by|replacement",
    "note": "note|notes|remark|comment",
    "school": "school|school name|urn|establishment",
    "pupils": "pupils|number of pupils|pupil numbers|numberofpupils|nor",
    "as of": "as of|date|census date|day", "source": "source|where from",
    "support hours": "support hours|hours|hours of support|hours of it support a week|support hours per week",
    "digital lead": "digital lead|digital lead slt|slt digital lead|lead",
    "technician": "technician|it technician", "provider": "provider|it provider|provider of it support|it support",
    "shared": "shared|shared through the trust",
}  # fmt: skip
_FIELDS = {"support hours": "support_hours", "digital lead": "digital_lead"}  # where a heading is no field's name


class BadTable(CollectorError):
    """A table of which nothing was taken. `sentences`: what is wrong with it, row by row."""

    def __init__(self, sentences: Sequence[str]) -> None:
        """`sentences`: at least one."""
        self.sentences = (*sentences[:MOST_SENTENCES], *_more(len(sentences) - MOST_SENTENCES))
        super().__init__("; ".join(self.sentences) + "; nothing was changed")


def _more(count: int) -> list[str]:
    return [f"and {count:,} more"] if count > 0 else []


@dataclass(frozen=True, slots=True)
class _Line:
    """A row below the headings: its number in the file, and its cells by column."""

    number: int
    cells: Mapping[str, sheets.Cell]

    def said(self, name: str) -> str:
        """A cell as text."""
        cell = self.cells.get(name)
        if cell is None:
            return ""
        whole = isinstance(cell, float) and cell.is_integer()
        return str(int(cell)) if whole and isinstance(cell, float) else text(str(cell), saying.NOTE_LIMIT)

    def day(self, name: str) -> date | None:
        """A cell as a day, None where it is empty; CollectorError where it is none."""
        cell = self.cells.get(name)
        if cell in (None, ""):
            return None
        try:
            return days.read(cell)
        except CollectorError as error:
            raise CollectorError(f"{name}: {error}") from None


# ------------------------------------------------------------------------------------------------ taking in


def catalogue(connection: Transaction, trust_id: str, content: bytes, *, actor: str, now: datetime) -> str:
    """Take in a catalogue; what came of it, in a sentence. BadTable, with nothing taken, where a row is wrong."""
    found, wrong = _each(_lines(content, CATALOGUE, ("class", "maker", "models")), _entry)
    twice = [f"row {later}: the same as row {earlier}" for earlier, later in _repeated(found)]
    if wrong or twice:
        raise BadTable([*wrong, *twice])
    taken = [made for _, made in found if _take(connection, trust_id, made, actor, now)]
    detail = {"lines": len(found), "new": len(taken)}
    journal.append(connection, trust_id, actor=actor, action="catalogue_imported", detail=detail, now=now)
    return f"{len(found):,} lines: {len(taken):,} are new or changed, {len(found) - len(taken):,} stood there already"


def _entry(line: _Line) -> Entry:
    said = {name: line.said(name) for name in CATALOGUE if name not in ("from", "until")}
    return saying.entry(said, line.day("from"), line.day("until"))


def _take(connection: Transaction, trust_id: str, made: Entry, actor: str, now: datetime) -> bool:
    if any(replace(one, entry_id="") == made for one in rows.entries(connection, trust_id)):
        return False
    saying.add(connection, trust_id, made, actor=actor, now=now)
    return True


def _repeated(found: Sequence[tuple[int, Entry]]) -> Iterator[tuple[int, int]]:
    seen: dict[object, int] = {}
    for number, made in found:
        earlier = seen.setdefault(saying.about(made), number)
        if earlier != number:
            yield earlier, number


def facts(connection: Transaction, trust_id: str, content: bytes, *, actor: str, now: datetime) -> str:
    """Take in facts of schools; what came of it, in a sentence. BadTable, with nothing taken, where a row is wrong."""
    lines = _lines(content, FACTS, ("school",))

    def of_school(line: _Line) -> tuple[str, dict[str, str], date | None, str]:
        known = schools.named(connection, trust_id, line.said("school"))
        said = {_FIELDS.get(name, name): line.said(name) for name in FACTS if name not in ("school", "as of", "source")}
        told = {name: written for name, written in said.items() if written}
        for name, written in told.items():
            saying.value(name, written)
        tenure.require(connection, trust_id, known.school_id)
        return known.school_id, told, line.day("as of"), line.said("source")

    found, wrong = _each(lines, of_school)
    numbers: dict[str, int] = {}
    for number, (school_id, *_) in found:
        earlier = numbers.setdefault(school_id, number)
        wrong += [f"row {number}: the same school as row {earlier}"] if earlier != number else []
    if wrong:
        raise BadTable(wrong)
    changed = sum(
        saying.say(connection, trust_id, school_id, said, as_of=day, source=source, actor=actor, now=now)
        for _, (school_id, said, day, source) in found
    )
    return f"{len(found):,} schools: {changed:,} facts are new or changed"


# ------------------------------------------------------------------------------------------------ reading


def _each(lines: Iterable[_Line], read: Callable[[_Line], Value]) -> tuple[list[tuple[int, Value]], list[str]]:
    """Every line read, with its number; and a sentence for each that cannot be."""
    found: list[tuple[int, Value]] = []
    wrong: list[str] = []
    for line in lines:
        try:
            found.append((line.number, read(line)))
        except CollectorError as error:
            wrong.append(f"row {line.number}: {error}")
    return found, wrong


def _lines(content: bytes, columns: Sequence[str], needed: Sequence[str]) -> list[_Line]:
    """The rows below the headings. NoTable where it is no table, or a column that is needed is missing."""
    if not content:
        raise sheets.NoTable("choose a file: a table (CSV or XLSX)")
    head, *body = sheets.read(content).rows
    at: dict[str, int] = {}
    for place, cell in enumerate(head.cells):
        name = _column(cell, columns)
        if name in at:
            raise sheets.NoTable(f"two columns are called {name}: take one out")
        if name:
            at[name] = place
    if missing := [name for name in needed if name not in at]:
        raise sheets.NoTable(f"the first row has no heading {missing[0]!r}; it may have: {', '.join(columns)}")
    if not body:
        raise sheets.NoTable("there is no row below the headings")
    return [_Line(row.number, {n: row.cells[p] for n, p in at.items() if p < len(row.cells)}) for row in body]


def _column(cell: sheets.Cell, columns: Sequence[str]) -> str:
    bare = " ".join(re.sub(r"[^a-z0-9]", " ", str(cell or "").casefold()).split())
    return next((name for name in columns if bare in _CALLED[name].split("|")), "")
