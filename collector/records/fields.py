"""The closed list of what a record says, and how each field is read, kept and shown. It knows no row and no device.

A field is read from what a person typed, from a cell of a spreadsheet, or from JSON, always by `parse`; what cannot be
read is answered with a sentence that says what to write instead. Kept are JSON values: text, whole numbers (pence),
days as ISO text, tags as a list.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isnan

from collector.errors import CollectorError
from collector.facts import (
    Identifier,
    IdentifierKind,
    identifier_text,
    locally_administered,
    mac,
    maker_key,
    maker_name,
    text,
)
from collector.records import days, money
from collector.resolve.claims import ANY_MAKER

Value = str | int | list[str]
#: what a cell may hold: numbers and days come from spreadsheets
Raw = str | int | float | bool | date | datetime | list[str] | None

TAG_LIMIT, TAGS_MOST = 32, 20
STATUSES = ("expected", "in use", "in store", "on loan", "leased", "retired", "disposed")
_LARGEST_WHOLE = 10**15  # a spreadsheet keeps 15 digits of a number; of a longer one the end is lost


class Wrong(CollectorError):
    """What was written is not a value of its field; the text says what to write instead."""


class Kind(enum.Enum):
    """How a field is read."""

    TEXT = "text"
    LONG = "long"  # text of several lines
    MARK = "mark"  # text that identifies: asset tag, serial number
    MAC = "mac"
    DAY = "day"
    MONEY = "money"
    TAGS = "tags"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that people say of a device.

    `corrects`: a new value corrects the old one, which was never so (a purchase happens once); else the old one was so
    until now. `alone`: it tells devices apart, so no two have the same. `personal`: it may name a person.
    """

    name: str
    kind: Kind
    label: str
    help: str = ""
    limit: int = 120  # characters
    corrects: bool = False
    alone: bool = False
    personal: bool = False
    choices: tuple[str, ...] = ()


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("asset_tag", Kind.MARK, "Asset tag", "as on the label, as ELM-0042", 64, corrects=True, alone=True),
        Field("status", Kind.CHOICE, "Status", "", 16, choices=STATUSES),
        Field("serial", Kind.MARK, "Serial number", "as on the maker’s label", 64, corrects=True, alone=True),
        Field("mac", Kind.MAC, "MAC", "for example 00:1b:21:0a:0b:0c", 17, corrects=True, alone=True),
        Field("maker", Kind.TEXT, "Maker", "", corrects=True),
        Field("model", Kind.TEXT, "Model", "", corrects=True),
        Field("local_name", Kind.TEXT, "Local name", "what people at the school call it"),
        Field("room", Kind.TEXT, "Room"),
        Field("assignee", Kind.TEXT, "Assigned to", "shown only to those who may see it", personal=True),
        Field("purchased", Kind.DAY, "Purchased", "day/month/year", corrects=True),
        Field("cost", Kind.MONEY, "Cost", "in pounds, for example 1,249.99", corrects=True),
        Field("supplier", Kind.TEXT, "Supplier", "", corrects=True),
        Field("funding", Kind.TEXT, "Funding source", "for example capital, PTA, DfE", corrects=True),
        Field("grant", Kind.TEXT, "Grant", "name or reference; its conditions may bind later use", corrects=True),
        Field("warranty_ends", Kind.DAY, "Warranty ends", "day/month/year"),
        Field("lease_ends", Kind.DAY, "Lease ends", "day/month/year"),
        Field("review_due", Kind.DAY, "Review due", "day/month/year"),
        Field("tags", Kind.TAGS, "Tags", "separated by commas", TAG_LIMIT),
        Field("notes", Kind.LONG, "Notes", "no names of pupils", 2000),
        Field("disposed_on", Kind.DAY, "Disposed on", "day/month/year"),
        Field("disposal_method", Kind.TEXT, "Way of disposal", "for example WEEE collection, resale"),
        Field("disposal_certificate", Kind.TEXT, "Disposal certificate", "number of the data destruction certificate"),
    )
}  # fmt: skip

#: in a list these words say that a cell is empty; to empty a field, a cell says `EMPTY`
BLANKS = frozenset({"", "-", "–", "—", "n/a", "na", "none", "null", "nil", "tbc", "tba", "?", "unknown"})
EMPTY = "(empty)"


def named(name: str) -> Field:
    """The field of a name; Wrong lists what there is."""
    if name not in FIELDS:
        raise Wrong(f"there is no field {text(name, 64)!r}; there are: {', '.join(FIELDS)}")
    return FIELDS[name]


def parse(field: Field, raw: Raw) -> Value | None:
    """What was written as it is kept; None where nothing was. Wrong where it cannot be read."""
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
        return None
    match field.kind:
        case Kind.DAY:
            return days.read(raw).isoformat()
        case Kind.MONEY:
            return money.read(raw)
        case Kind.TAGS:
            return _tags(raw)
        case Kind.CHOICE:
            return _choice(field, raw)
        case Kind.MAC:
            return _mac(raw)
    value = _written(field, raw)
    if field.kind is Kind.MARK and not identifier_text(value):
        raise Wrong(f"“{value}” is no {field.label.lower()}: leave it empty where there is none")
    return value or None


def _written(field: Field, raw: Raw) -> str:
    """Text as it stands; numbers of a spreadsheet as they were typed."""
    if isinstance(raw, datetime | date):
        raise Wrong(f"a spreadsheet took “{raw:%d/%m/%Y}” for a day: set the column to Text and type it again")
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return _whole(raw)
    if not isinstance(raw, str):
        raise Wrong(f"{field.label} is text")
    said = raw[: 4 * field.limit + 64]
    value = _lines(said) if field.kind is Kind.LONG else text(said, field.limit + 1)
    if len(value) > field.limit:
        raise Wrong(f"it is longer than {field.limit} characters: shorten it")
    return value


def _lines(said: str) -> str:
    lines = [text(line, 4096) for line in said.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip()


def _whole(number: float) -> str:
    if isnan(number):
        raise Wrong("the cell holds no number, but what a spreadsheet writes in its place: type it again")
    if abs(number) >= _LARGEST_WHOLE:
        raise Wrong("a spreadsheet lost the last digits of this number: set the column to Text and type it again")
    return str(int(number)) if number == int(number) else repr(number)


def _tags(raw: Raw) -> list[str] | None:
    given = raw if isinstance(raw, list) else [_plain(raw)]
    parts = [part for one in given for part in re.split(r"[,;\n]", str(one))]
    found = dict.fromkeys(value for part in parts if (value := text(part, TAG_LIMIT + 1).casefold()))
    if len(found) > TAGS_MOST:
        raise Wrong(f"at most {TAGS_MOST} tags are kept")
    if long := next((tag for tag in found if len(tag) > TAG_LIMIT), None):
        raise Wrong(f"the tag “{long[:TAG_LIMIT]}…” is longer than {TAG_LIMIT} characters")
    return sorted(found) or None


def _choice(field: Field, raw: Raw) -> str:
    value = " ".join(re.sub(r"[\s_-]+", " ", _plain(raw)).casefold().split())
    if value not in field.choices:
        raise Wrong(f"“{value}” is no {field.label.lower()}; it is one of: {', '.join(field.choices)}")
    return value


def _mac(raw: Raw) -> str:
    value = mac(_plain(raw))
    if not value:
        raise Wrong(f"“{_plain(raw)}” is no MAC of a device: write it as 00:1b:21:0a:0b:0c")
    return value


def _plain(raw: Raw) -> str:
    """Any cell as text, for fields that are judged after."""
    if isinstance(raw, datetime | date | list):
        raise Wrong("this is no text")
    return text(_whole(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else str(raw), 1000)


# ------------------------------------------------------------------------------------------------ showing


def shown(field: Field, value: Value) -> str:
    """A kept value as people read it."""
    if field.kind is Kind.MONEY and isinstance(value, int):
        return f"£{money.pounds(value)}"
    if field.kind is Kind.DAY:
        return days.said(str(value))
    return ", ".join(value) if isinstance(value, list) else str(value)


def written(field: Field, value: Value) -> str:
    """A kept value as a form takes it again: `parse` of it is the value."""
    if field.kind is Kind.MONEY and isinstance(value, int):
        return money.pounds(value)
    return days.typed(str(value)) if field.kind is Kind.DAY else shown(field, value)


# ------------------------------------------------------------------------------------------------ identity


def key(field: Field, value: Value | None) -> str:
    """A value as it is looked for among others, where its field tells devices apart; else empty."""
    if not field.alone or not isinstance(value, str):
        return ""
    return value if field.kind is Kind.MAC else re.sub(r"\s", "", value).upper()[:64]


def identifiers(said: Mapping[str, Value]) -> tuple[Identifier, ...]:
    """What of a record identifies its device: asset tag, serial number with or without its maker, MAC."""
    found = []
    if tag := key(FIELDS["asset_tag"], said.get("asset_tag")):
        found.append(Identifier(IdentifierKind.TAG, tag))
    if serial := key(FIELDS["serial"], said.get("serial")):
        maker = maker_key(maker_name(str(said.get("maker", ""))))
        found.append(Identifier(IdentifierKind.SERIAL, f"{maker}:{serial}" if maker else ANY_MAKER + serial))
    if (address := str(said.get("mac", ""))) and not locally_administered(address):
        found.append(Identifier(IdentifierKind.MAC, address))
    return tuple(found)
