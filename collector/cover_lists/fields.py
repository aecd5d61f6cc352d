"""What lists of cover say: the fields of contracts, services and marks, and what their columns are called elsewhere.

A field is read, kept and shown as those of records are (`records.fields`). Several values of one cell stand apart by
semicolons or lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from collector.cover.marks import HIGHEST, LOWEST, By
from collector.cover.values import Kind as ContractKind
from collector.errors import CollectorError
from collector.facts import text
from collector.records.fields import EMPTY, Field, Kind, Raw, Value, parse

SEVERAL_LIMIT = 4_000  # characters of a cell with several values
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_SPOILT_NUMBER = re.compile(r"\d(?:\.\d+)?E[+-]?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a list. `called`: headings that it has elsewhere; `needed`: a row without it cannot be taken."""

    field: Field
    called: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """One sort of list: its name, and its columns by the names of their fields."""

    name: str
    columns: Mapping[str, Column]

    def guess(self, heading: object) -> str:
        """The field that a heading means, or "" where it is none that is known."""
        wanted = run_together(heading)
        for name, column in self.columns.items():
            said = (name, column.field.label, *column.called)
            if wanted and wanted in map(run_together, said):
                return name
        return ""


def run_together(heading: object) -> str:
    """A heading as headings are compared: letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", str(heading).casefold())


def _list(name: str, *columns: Column) -> List:
    return List(name, {column.field.name: column for column in columns})


def _text(name: str, label: str, called: str = "", help_text: str = "", limit: int = 120) -> Column:
    return Column(Field(name, Kind.TEXT, label, help_text, limit), _apart(called))


def _day(name: str, label: str, called: str = "", *, needed: bool = False) -> Column:
    return Column(Field(name, Kind.DAY, label, "day/month/year"), _apart(called), needed)


def _several(name: str, label: str, called: str = "", help_text: str = "") -> Column:
    return Column(Field(name, Kind.LONG, label, help_text, SEVERAL_LIMIT), _apart(called))


def _apart(called: str) -> tuple[str, ...]:
    return tuple(called.split("|")) if called else ()


_PROVIDER = Column(
    Field("provider", Kind.TEXT, "Provider", ""), _apart("supplier|vendor|company|supported by|contractor"), needed=True
)
_COST = Column(Field("cost", Kind.MONEY, "Cost a year", "in pounds without VAT"),
               _apart("cost|annual cost|price|yearly cost|cost pa|cost per year|annual fee"))  # fmt: skip
_NOTES = Column(Field("notes", Kind.LONG, "Notes", "", 2000), _apart("note|comment|comments"))
_ALL = "empty: all"

CONTRACTS = _list(
    "contracts",
    _PROVIDER,
    Column(Field("kind", Kind.CHOICE, "Kind", "", 32, choices=tuple(ContractKind)), _apart("type|contract type|cover")),
    _several("schools", "Schools", "school|sites|for schools", _ALL),
    _several("classes", "Classes", "class|device class|device classes|device type|equipment", _ALL),
    _several("models", "Models", "model", _ALL),
    _several("devices", "Devices", "device|device ids|asset tags|serial numbers|asset tag|serial number", _ALL),
    _text("hours", "Service hours", "hours|cover hours|support hours"),
    _text("response", "Response", "response time|sla|fix time"),
    _day("starts", "Starts", "start|start date|from|begins|contract start", needed=True),
    _day("ends", "Ends", "end|end date|until|expires|expiry|expiry date|to|renewal date|contract end"),
    _day("notice", "Notice by", "notice|notice day|notice date|give notice by|last notice"),
    _COST,
    _text("owner", "Owner", "looked after by|contract owner|responsible"),
    _text("reference", "Reference", "ref|contract|contract no|contract number|contract id|agreement|agreement number"),
    _NOTES,
)

SERVICES = _list(
    "services",
    Column(Field("school", Kind.TEXT, "School", "“all” for every school"), _apart("school name|site|urn"), needed=True),
    Column(Field("service", Kind.TEXT, "Service", ""), _apart("service name|type"), needed=True),
    _PROVIDER,
    _text("level", "Service level", "sla|level|agreed|speed", limit=300),
    _day("starts", "Starts", "start|start date|from|begins"),
    _day("ends", "Ends", "end|end date|until|expires|expiry|contract end"),
    _day("reviewed", "Last review", "reviewed|last reviewed|review date|review"),
    _COST,
    _NOTES,
)

MARKS = _list(
    "marks",
    Column(Field("school", Kind.TEXT, "School", ""), _apart("school name|site|urn"), needed=True),
    _text("service", "Service", "service name"),
    Column(Field("by", Kind.CHOICE, "Given by", "", 32, choices=tuple(By)), _apart("who|from|respondent|role")),
    _text("class", "Class", "device class|classes"),
    _text("model", "Model"),
    _text("room", "Room", "location|classroom"),
    _text("device", "Device", "device id|asset tag|serial number"),
    Column(Field("mark", Kind.TEXT, "Mark", f"{LOWEST} (poor) to {HIGHEST} (good)", 8),
           _apart("score|rating|marks|stars|satisfaction"), needed=True),
    _day("day", "Day", "date|given on|timestamp|when|submitted", needed=True),
    Column(Field("remark", Kind.LONG, "Remark", "no names of pupils", 500), _apart("comment|comments|remarks|notes")),
)  # fmt: skip

LISTS = {found.name: found for found in (CONTRACTS, SERVICES, MARKS)}


def read(field: Field, cell: Raw) -> Value | None:
    """What a cell says as it is kept; None where it is empty. CollectorError where it cannot be read."""
    said = str(cell).strip()
    if said == EMPTY:
        return None
    if said.upper() in _ERRORS:
        raise CollectorError(f"“{said}” is a formula that failed: put the value itself there")
    if len(said) > 2 and not said.strip("#"):
        raise CollectorError("the column was too narrow when the file was saved: widen it and save again")
    if field.kind in (Kind.TEXT, Kind.LONG) and isinstance(cell, str) and _SPOILT_NUMBER.fullmatch(said):
        raise CollectorError(
            f"“{said}” is not what was typed: a spreadsheet took it for a number; format the column as Text and type "
            "it again"
        )
    return parse(field, cell)


def several(said: Value | None) -> list[str]:
    """The values of a cell with several, each once."""
    parts = re.split(r"[;\n]", str(said)) if said else []
    return list(dict.fromkeys(value for part in parts if (value := text(part, 120))))
