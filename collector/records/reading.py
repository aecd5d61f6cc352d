"""Reads a list of devices from a sheet: which column is which field, and what each row says. Pure: it knows no device.

Every cell that cannot be taken is named with its row, its column and what to do. Cells that a spreadsheet spoilt before
they came here (2E+123456, a tag that became a day, lost leading zeros) are named as such, never guessed at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from collector.errors import CollectorError
from collector.facts import text
from collector.records import days
from collector.records.fields import BLANKS, EMPTY, FIELDS, Field, Kind, Raw, Value, parse
from collector.records.sheets import Cell, NoTable, Row, Sheet

HEADER_ROWS = 15  # in which the row of headings is looked for
DEVICE, SCHOOL = "device", "school"  # columns that are no field: which device a row is of, where an expected one goes
PLACES = {DEVICE: "Device id", SCHOOL: "School"}

#: what columns are called elsewhere, run together; the fields' own names and labels are added
_HEADINGS = {
    "device": "device id|stocktake id|device",
    "school": "school|school name|site|establishment|location site",
    "asset_tag": "asset|asset no|asset number|asset id|asset code|asset ref|tag|tag no|tag number|barcode|bar code"
    "|label|security mark|security marking|inventory number|inventory no|asset label",
    "serial": "serial no|serialno|serial num|s/n|sn|service tag|serial number s/n|serial nos|device serial",
    "mac": "mac address|wifi mac|wi-fi mac|lan mac|ethernet mac|mac id|wireless mac|hardware address",
    "maker": "make|manufacturer|brand|mfr|oem",
    "model": "model name|product|product name|model number|model no|item|item description|equipment|description",
    "purchased": "purchase date|date purchased|date of purchase|date acquired|acquired|acquisition date|bought"
    "|date bought|invoice date|delivery date|date of acquisition",
    "cost": "price|unit price|unit cost|purchase price|purchase cost|value|amount|cost £|cost gbp|price £|net cost",
    "funding": "funding|funded by|source of funding|fund|budget|cost centre",
    "grant": "grant name|grant reference|grant ref",
    "supplier": "vendor|reseller|purchased from|bought from|seller",
    "warranty_ends": "warranty|warranty end|warranty end date|warranty expiry|warranty until|warranty expires"
    "|warranty expiry date|end of warranty",
    "assignee": "assigned|assignee|user|owner|issued to|allocated to|custodian|person responsible"
    "|responsible|member of staff",
    "room": "location|room no|room number|classroom|room name|base room",
    "local_name": "name|device name|hostname|host name|computer name|machine name|asset name",
    "notes": "note|comment|comments|remarks|condition",
    "tags": "keywords|categories",
    "status": "state|asset status|lifecycle",
    "lease_ends": "lease end|lease end date|lease expiry|end of lease",
    "disposed_on": "disposal date|date of disposal|date disposed|disposed",
    "disposal_certificate": "certificate|certificate number|certificate no|weee certificate"
    "|disposal certificate number",
    "disposal_method": "disposal method|method of disposal|how disposed",
    "review_due": "review|review date|due for review|next review",
}
#: where two columns could be one field, the one whose heading stands further left above wins
_SPOILT_NUMBER = re.compile(r"\d(?:\.\d+)?E[+-]?\d+", re.IGNORECASE)
_SPOILT_DAY = re.compile(r"\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
                         r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}", re.IGNORECASE)  # fmt: skip
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_AS_TEXT = "format the column as Text, type it again and bring the file again"
_IDENTIFYING = frozenset({Kind.MARK, Kind.MAC})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file; `field` is what it is taken for, empty where it is left out."""

    place: int
    heading: str
    field: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a cell or row, and what to do. `stops`: the row is not taken; else only the cell is not."""

    row: int
    column: str
    sentence: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """What one row says: by field its value, None to empty it. `device` and `school` as they were written."""

    row: int
    said: Mapping[str, Value | None]
    device: str = ""
    school: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list says. `notes` are about the whole file."""

    columns: tuple[Column, ...]
    items: tuple[Item, ...]
    troubles: tuple[Trouble, ...]
    notes: tuple[str, ...]
    rows: int


def read(sheet: Sheet, mapping: Mapping[str, str] | None = None) -> Reading:
    """Read a list. `mapping`: heading to field, or to "" to leave the column out; it wins over what is guessed.

    NoTable where no row of headings is found, or a mapping names what is not there.
    """
    wanted = {_run_together(heading): name for heading, name in (mapping or {}).items()}
    _check(mapping or {})
    header = _header(sheet.rows[:HEADER_ROWS], wanted)
    columns = tuple(_columns(header, wanted))
    if missing := sorted(set(wanted) - {_run_together(column.heading) for column in columns}):
        raise NoTable(f"there is no column “{missing[0]}”; there are: {', '.join(c.heading for c in columns)}")
    body = [row for row in sheet.rows if row.number > header.number]
    if not body:
        raise NoTable("there is no row below the headings")
    items, troubles = [], list(_lost_zeros(body, columns))
    for row in body:
        item, found = _item(row, columns)
        troubles += found
        if not any(trouble.stops for trouble in found):
            items.append(item)
    left = [column.heading for column in columns if not column.field and column.heading]
    notes = [*sheet.notes, *([f"not taken: {', '.join(left)}"] if left else [])]
    return Reading(
        columns, tuple(items), tuple(sorted(troubles, key=lambda t: (t.row, t.column))), tuple(notes), len(body)
    )


def _check(mapping: Mapping[str, str]) -> None:
    for heading, name in mapping.items():
        if name and name not in FIELDS and name not in PLACES:
            known = ", ".join([*PLACES, *FIELDS])
            raise NoTable(f"“{text(heading, 64)}” cannot be taken for {text(name, 64)!r}; fields are: {known}")


# ------------------------------------------------------------------------------------------------ columns


def _run_together(heading: object) -> str:
    return re.sub(r"[^a-z0-9]", "", str(heading).casefold())


_KNOWN = {
    _run_together(heading): name for name, listed in _HEADINGS.items() for heading in listed.split("|")
} | {_run_together(said): f.name for f in FIELDS.values() for said in (f.name, f.label)}  # fmt: skip
_RANK = {heading: place for place, heading in enumerate(_KNOWN)}


def guess(heading: object) -> str:
    """The field that a heading means, or "" where it is none that is known."""
    return _KNOWN.get(_run_together(heading), "")


def _header(rows: Sequence[Row], wanted: Mapping[str, str]) -> Row:
    """The row of headings: of the first rows the one with most known headings; lists often have a title above."""

    def score(row: Row) -> int:
        return len({guess(c) or _run_together(c) for c in row.cells if guess(c) or _run_together(c) in wanted} - {""})

    best = max(rows, key=lambda row: (score(row), -row.number))
    if not score(best):
        first = ", ".join(text(str(cell), 40) for cell in rows[0].cells if cell not in (None, ""))
        raise NoTable(
            f"no column is known by its heading (the first row says: {first}): say which column is which field"
        )
    return best


def _columns(header: Row, wanted: Mapping[str, str]) -> list[Column]:
    headings = [text(str(cell), 80) if cell is not None else "" for cell in header.cells]
    taken: dict[str, int] = {}
    for place, heading in enumerate(headings):
        key = _run_together(heading)
        name = wanted.get(key, "" if key in wanted else guess(heading))
        other = taken.get(name)
        if name and (other is None or _before(heading, headings[other], wanted)):
            taken[name] = place
    of = {place: name for name, place in taken.items()}
    return [Column(place, heading, of.get(place, "")) for place, heading in enumerate(headings)]


def _before(heading: str, other: str, wanted: Mapping[str, str]) -> bool:
    """Whether a heading fits its field better than another: what a person said, then the field's own words."""
    this, that = _run_together(heading), _run_together(other)
    own = {_run_together(said) for f in FIELDS.values() for said in (f.name, f.label)}
    return (this in wanted, this in own, -_RANK.get(this, 0)) > (that in wanted, that in own, -_RANK.get(that, 0))


# ------------------------------------------------------------------------------------------------ rows


def _item(row: Row, columns: Iterable[Column]) -> tuple[Item, list[Trouble]]:
    said: dict[str, Value | None] = {}
    places: dict[str, str] = {}
    headings: dict[str, str] = {}
    troubles: list[Trouble] = []
    for column in columns:
        cell = row.cells[column.place] if column.place < len(row.cells) else None
        if not column.field or _blank(cell):
            continue
        headings[column.field] = column.heading
        if column.field in PLACES:
            places[column.field] = text(str(cell), 120)
            continue
        found = FIELDS[column.field]
        if sentence := _spoilt(found, cell):
            troubles.append(Trouble(row.number, column.heading, sentence, found.kind in _IDENTIFYING))
            continue
        try:
            said[column.field] = None if cell == EMPTY else parse(found, cell)
        except CollectorError as error:
            troubles.append(Trouble(row.number, column.heading, str(error)))
            continue
        if found.kind is Kind.DAY and days.is_number(cell):
            was = days.typed(str(said[column.field]))
            told = f"“{cell}” is a spreadsheet’s day number and is taken as {was}: check it"
            troubles.append(Trouble(row.number, column.heading, told, stops=False))
    item = Item(row.number, said, places.get(DEVICE, ""), places.get(SCHOOL, ""), headings)
    return item, troubles


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in BLANKS)


def _spoilt(found: Field, cell: Raw) -> str:
    """What a spreadsheet did to a cell before it came here, in a sentence; "" where nothing is seen."""
    said = str(cell).strip()
    if said.upper() in _ERRORS:
        return f"“{said}” is a formula that failed: put the value itself there"
    if len(said) > 2 and not said.strip("#"):
        return "the column was too narrow when the file was saved, so only # is left: widen it and save again"
    if found.kind in (Kind.MARK, Kind.MAC, Kind.TEXT):
        if isinstance(cell, str) and _SPOILT_NUMBER.fullmatch(said):
            return f"“{said}” is not what was typed: a spreadsheet took it for a number; {_AS_TEXT}"
        if isinstance(cell, date | datetime) or (found.kind in _IDENTIFYING and _SPOILT_DAY.fullmatch(said)):
            return f"“{said}” is not what was typed: a spreadsheet took it for a day; {_AS_TEXT}"
        if isinstance(cell, float) and cell != int(cell) and found.kind in _IDENTIFYING:
            return f"“{said}” is a number with a fraction: {_AS_TEXT}"
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 1e15:
            return f"“{said}” lost its last digits, a spreadsheet keeps 15: {_AS_TEXT}"
    return ""


def _lost_zeros(rows: Sequence[Row], columns: Iterable[Column]) -> Iterable[Trouble]:
    """Numbers in a column whose other values begin with 0 and are all of one, greater, length."""
    for column in columns:
        if column.field not in FIELDS or FIELDS[column.field].kind is not Kind.MARK:
            continue
        cells = {row.number: str(row.cells[column.place]).strip() for row in rows if column.place < len(row.cells)}
        lengths = Counter(len(said) for said in cells.values() if said.isdigit() and said.startswith("0"))
        if len(lengths) != 1:
            continue
        length = next(iter(lengths))
        for number, said in cells.items():
            if said.isdigit() and len(said) < length:
                told = f"“{said}” may have lost its leading zeros: others in this column have {length} digits"
                yield Trouble(number, column.heading, told, stops=False)
