"""The columns of the register as an auditor reads it, and one device as a row of them. Pure.

DfE's own definition of the register comes first (what, asset and serial number, assigned to, where, purchased, how old,
review due, securely disposed), then what insurers, Cyber Essentials and the book ask for. It knows no store, no file
format and no page.

What is not known stays an empty, typed cell, so that columns of days and money can be sorted and added up; the column
`not_known` beside them names each of these cells and says why it is empty. Nothing is ever filled in by guessing.

A column has its place for ever: `FORM` numbers the list, and what comes later is a new form beside it.
"""

from __future__ import annotations

import enum
import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from collector import london
from collector.book import Asset, Rules, Worth, worth
from collector.store.cells import SOME_DAY
from collector.store.sheet import Entry

FORM = 1

Value = str | int | date | None


class Kind(enum.Enum):
    """What a column holds: text, text that identifies (never a number, whatever it looks like), days, pence, counts."""

    TEXT = "text"
    MARK = "mark"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `source`: who says it; `fresh`: how new it is; `width`: characters that a sheet shows."""

    name: str
    heading: str
    kind: Kind
    source: str
    fresh: str
    width: int = 14


SAID = "a person, in the device's record"
READ = "the device itself, as an agent read it"
DATED = "reckoned from serial number, dates it tells and its model"
COUNTED = "reckoned from purchase, cost and the rules of the book"
_OF_RECORD = "as entered by the time of the register"
_OF_EVIDENCE = "as read by the time of the register"
_OF_DAYS = "days that were over by the time of the register"
_OF_DAY = "at the end of the day of the register"

T, M, D, P, N = Kind.TEXT, Kind.MARK, Kind.DAY, Kind.MONEY, Kind.NUMBER

ASSIGNEE = Column("assigned_to", "Assigned to", T, SAID, _OF_RECORD, 20)
COLUMNS: tuple[Column, ...] = (
    Column("device_id", "Device", M, "Stocktake; it never changes", "for ever", 14),
    Column("what", "What", T, "local name, name or model: what people call it", _OF_EVIDENCE, 24),
    Column("class", "Class", T, READ, _OF_EVIDENCE),
    Column("asset_tag", "Asset tag", M, SAID, _OF_RECORD),
    Column("serial", "Serial number", M, f"{READ}; else {SAID}", _OF_EVIDENCE, 18),
    ASSIGNEE,
    Column("school", "School", T, "where an agent met it last; else its record", _OF_EVIDENCE, 26),
    Column("site", "Site", T, "where an agent met it last; else its record", _OF_EVIDENCE, 18),
    Column("room", "Room", T, SAID, _OF_RECORD),
    Column("purchased", "Purchased", D, SAID, _OF_RECORD, 12),
    Column("made_earliest", "Made, earliest", D, DATED, _OF_EVIDENCE),
    Column("made_best", "Made, best", D, DATED, _OF_EVIDENCE),
    Column("made_latest", "Made, latest", D, DATED, _OF_EVIDENCE),
    Column("made_confidence", "Confidence in the age", T, "how far the evidence agrees", _OF_EVIDENCE),
    Column("review_due", "Review due", D, SAID, _OF_RECORD, 12),
    Column("disposed_on", "Securely disposed on", D, SAID, _OF_RECORD, 12),
    Column("disposal_method", "Way of disposal", T, SAID, _OF_RECORD),
    Column("disposal_certificate", "Disposal certificate", M, SAID, _OF_RECORD),
    Column("status", "Status", T, SAID, _OF_RECORD),
    Column("life", "What became of it", T, "its record, else when it was seen", _OF_DAYS),
    Column("maker", "Maker", T, f"{READ}; else {SAID}", _OF_EVIDENCE, 18),
    Column("model", "Model", T, f"{READ}; else {SAID}", _OF_EVIDENCE, 24),
    Column("name", "Name on the network", T, READ, _OF_EVIDENCE, 20),
    Column("mac", "MAC", M, READ, _OF_EVIDENCE, 18),
    Column("os", "Operating system", T, READ, _OF_EVIDENCE, 26),
    Column("os_edition", "Edition", T, READ, _OF_EVIDENCE),
    Column("os_build", "Build", M, READ, _OF_EVIDENCE),
    Column("support_ends", "Support ends", D, "published ends of support, of what ends first", _OF_EVIDENCE, 12),
    Column("support_extended", "Paid support ends", D, "published ends of support", _OF_EVIDENCE, 12),
    Column("firmware", "Firmware", M, READ, _OF_EVIDENCE, 18),
    Column("condition", "Worst condition", T, "what the device tells of its health", _OF_EVIDENCE),
    Column("first_seen", "First seen", D, "agents", _OF_EVIDENCE, 12),
    Column("last_seen", "Last seen", D, "agents", _OF_DAYS, 12),
    Column("last_agent", "Last seen by agent", M, "agents", _OF_DAYS),
    Column("last_method", "Last seen by", T, "agents", _OF_DAYS),
    Column("supplier", "Supplier", T, SAID, _OF_RECORD, 18),
    Column("funding", "Funding source", T, SAID, _OF_RECORD),
    Column("grant", "Grant", T, SAID, _OF_RECORD),
    Column("warranty_ends", "Warranty ends", D, SAID, _OF_RECORD, 12),
    Column("lease_ends", "Lease ends", D, SAID, _OF_RECORD, 12),
    Column("cost", "Cost", P, SAID, _OF_RECORD, 12),
    Column("bought_together", "Cost of what was bought together", P,
           "costs of the trust's devices of one day, supplier and model", _OF_RECORD),
    Column("book", "Register", T, COUNTED, _OF_DAY),
    Column("life_months", "Written off over months", N, "the rules of the book", _OF_DAY),
    Column("written_off", "Depreciation", P, COUNTED, _OF_DAY, 12),
    Column("book_value", "Book value", P, COUNTED, _OF_DAY, 12),
    Column("tags", "Tags", T, SAID, _OF_RECORD),
    Column("said_otherwise", "The record says otherwise", T, f"{SAID}, against {READ}", _OF_RECORD, 26),
    Column("not_known", "Not known, because", T, "which cells of this row are empty, and why", _OF_EVIDENCE, 40),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}

_FROM_CELLS = frozenset(
    column.name for column in COLUMNS
) - {
    "device_id", "what", "assigned_to", "serial", "maker", "model", "condition", "first_seen", "last_seen",
    "last_agent", "last_method", "cost", "bought_together", "book", "life_months", "written_off", "book_value",
    "said_otherwise", "not_known",
}  # fmt: skip
#: what a device and its record both may say -> the cell of the record
_EITHER = tuple((name, f"record_{name}") for name in ("serial", "maker", "model", "mac"))

#: what of a row is expected to be known -> why it is not
_WHY = {
    "asset_tag": "no record says it", "serial": "neither the device nor a record says it",
    "room": "no record names one", "purchased": "no record says it",
    "made_best": "nothing that is known of it has a date",
    "review_due": "no record says it", "maker": "neither the device nor a record says it",
    "model": "neither the device nor a record says it", "os": "it did not tell", "firmware": "it did not tell",
    "funding": "no record says it", "warranty_ends": "no record says it", "cost": "no record says it",
    "condition": "it tells nothing of its health", "last_seen": "nothing has seen it",
    "assigned_to": "no record says it",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One device as a row: its values in the order of the columns, and what it stands for in the book."""

    device_id: str
    values: tuple[Value, ...]
    worth: Worth
    entry: Entry


def columns(*, assignees: bool) -> tuple[Column, ...]:
    """The columns; whom devices are assigned to is among them for those who may see it."""
    return COLUMNS if assignees else tuple(column for column in COLUMNS if column is not ASSIGNEE)


def asset(entry: Entry) -> Asset:
    """What the book asks of a device."""
    return _asset(*_booked(entry))


def _booked(entry: Entry) -> tuple[str, str, str, int | None, str, str, str]:
    """The cells that an asset follows from."""
    get = entry.cells.get
    return (
        get("class", ""), get("cost", ""), get("purchased", ""), entry.together, get("status", ""),
        get("lease_ends", ""), get("disposed_on", ""),
    )  # fmt: skip


def _asset(
    device_class: str, cost: str, purchased: str, together: int | None, status: str, lease_ends: str, disposed_on: str
) -> Asset:  # fmt: skip
    gone = disposed_on or (SOME_DAY if status == "disposed" else "")
    return Asset(
        device_class, int(cost) if cost.isdigit() else None, _day(purchased), together,
        owned=status != "leased" and not lease_ends, gone=date.min if gone == SOME_DAY else _day(gone),
    )  # fmt: skip


class Reader:
    """Makes rows of some columns, as things stood at the end of a day; what devices have in common is reckoned once."""

    def __init__(self, rules: Rules, day: date, shown: Sequence[Column]) -> None:
        names = [column.name for column in shown]
        self._rules, self._day = rules, day
        self._stands = functools.lru_cache(4_096)(self._reckoned)
        self._blank: dict[str, Value] = dict.fromkeys(BY_NAME)
        self._days = [c.name for c in COLUMNS if c.name in _FROM_CELLS and c.kind is Kind.DAY]
        asked = {n: f"{BY_NAME[n].heading.lower()}: {why}" for n, why in _WHY.items() if n in names}
        self._asked, self._whys = operator.itemgetter(*asked), tuple(asked.values())
        self._pick = operator.itemgetter(*names)

    def _reckoned(self, *booked: Any) -> tuple[Asset, Worth, int | None]:
        """What the book asks of devices, what they stand for, and over how many months they are written off."""
        held = _asset(*booked)
        stands = worth(held, self._rules, self._day)
        return held, stands, self._rules.life(held.device_class).months if stands.months is not None else None

    def line(self, entry: Entry) -> Line:
        """A device as a row. Columns that are cells have their names; all others are set here."""
        cells, get = entry.cells, entry.cells.get
        held, stands, months = self._stands(*_booked(entry))
        told: dict[str, Value] = {**self._blank, **cells}
        for name in self._days:
            if name in cells:
                told[name] = _day(cells[name])
        for name, record in _EITHER:
            told[name] = get(name) or get(record)
        told["device_id"], told["assigned_to"] = entry.device_id, entry.assignee or None
        told["condition"], told["first_seen"] = entry.condition or None, _day_of(get("first_seen", ""))
        told["cost"], told["bought_together"], told["book"] = held.cost, entry.together, stands.shelf.value
        told["written_off"], told["book_value"] = stands.written_off, stands.value
        told["life_months"] = months
        told["said_otherwise"] = _otherwise(cells) or None
        told["what"] = _what(told, cells)
        seen = entry.seen
        if seen is not None:
            told["last_seen"], told["last_agent"], told["last_method"] = seen.day, seen.agent_id, seen.method
        told["not_known"] = self._not_known(told, cells, stands) or None
        return Line(entry.device_id, self._pick(told), stands, entry)

    def _not_known(self, told: Mapping[str, Value], cells: Mapping[str, str], stands: Worth) -> str:
        missing = [why for value, why in zip(self._asked(told), self._whys, strict=True) if value is None]
        if "support_known" not in cells:
            missing.append("support ends: nobody has published when, or what it runs is not known")
        if stands.why and stands.value is None:
            missing.append(f"book value: {stands.why}")
        return "; ".join(missing)


def _what(told: Mapping[str, Value], cells: Mapping[str, str]) -> str:
    name = cells.get("local_name") or cells.get("name")
    return name or " ".join(str(told[n]) for n in ("maker", "model") if told[n]) or cells.get("class", "")


@functools.lru_cache(8_192)
def _day(said: str) -> date | None:
    """A day as ISO text; None where it is none."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


@functools.lru_cache(8_192)
def _day_of(said: str) -> date | None:
    """The day in London of a time as ISO text."""
    return london.day_of(datetime.fromisoformat(said)) if said else None


def _otherwise(cells: Mapping[str, str]) -> str:
    """What a record says otherwise than the device does; a maker or model in other words is none of it."""
    get, found = cells.get, []
    for name in ("serial", "mac"):
        if (record := get(f"record_{name}")) and (own := get(name)) and _differ(own, record):
            found.append(f"{name}: {record}")
    return "; ".join(found)


def _differ(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() != "".join(other.split()).casefold()
