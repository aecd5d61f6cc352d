"""The cells of the register's history: what they are, which of them last, and how rows are written and told apart.

Pure: it knows no table. The written form is what an export's hash is taken of, so it never changes; what is added to
the register later is a new form beside it.
"""

from __future__ import annotations

import csv
import enum
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any


class Cause(enum.StrEnum):
    """Why a row of the register changed."""

    EVIDENCE = "evidence"  # it was read in what an agent brought
    LATE = "late"  # the same, brought long after it was so
    REINTERPRETATION = "reinterpretation"  # a rule changed its mind
    MERGE = "merge"
    SPLIT = "split"
    CORRECTION = "correction"  # a person corrected it, or took that back
    RECORD = "record"  # a person said it of the device
    RESIDENCY = "residency"  # days passed: it is missing, or moved
    ERASE = "erase"


#: columns of `device` that are cells; last seen, agent and method are not kept in versions: they follow from days
COLUMNS = (
    "school_id", "class", "maker", "model", "serial", "firmware", "name", "mac", "os", "first_seen", "made_earliest",
    "made_latest", "made_best", "made_confidence", "made_contradicted", "support_known", "support_ends",
    "support_extended", "windows_11", "life",
)  # fmt: skip
#: columns that became cells later: no row of the first written form has them
LATER_COLUMNS = ("os_edition", "os_build")
#: field of a record -> cell. Left out: who it is assigned to, and notes. They may name people, and stay where they
#: can be shown to some and erased
FIELDS = {
    "asset_tag": "asset_tag", "status": "status", "serial": "record_serial", "mac": "record_mac",
    "maker": "record_maker", "model": "record_model", "local_name": "local_name", "room": "room",
    "purchased": "purchased", "cost": "cost", "supplier": "supplier", "funding": "funding", "grant": "grant",
    "warranty_ends": "warranty_ends", "lease_ends": "lease_ends", "review_due": "review_due", "tags": "tags",
    "disposed_on": "disposed_on", "disposal_method": "disposal_method",
    "disposal_certificate": "disposal_certificate",
}  # fmt: skip
SCHOOL, SITE = "school", "site"
_FIRST_CELLS = (SCHOOL, *COLUMNS, *FIELDS.values())
CELLS = (*_FIRST_CELLS, *LATER_COLUMNS, SITE)
SEEN = ("last_seen", "last_agent", "last_method")

#: the columns of each written form, oldest first. A form never changes
FORMS = (("device_id", *_FIRST_CELLS, *SEEN),)
FORM = len(FORMS)

#: what may change in the life of a device: that it is otherwise today says nothing of an earlier day. All other cells
#: last: what is learnt of them later was so before
PASSING = frozenset({
    "school_id", SCHOOL, SITE, "firmware", "name", "os", *LATER_COLUMNS, "support_known", "support_ends",
    "support_extended", "windows_11", "life", "status", "local_name", "room", "warranty_ends", "lease_ends",
    "review_due", "tags", "disposed_on", "disposal_method", "disposal_certificate",
})  # fmt: skip
#: causes that say something of the past whatever the cell
LOOKS_BACK = frozenset({Cause.REINTERPRETATION, Cause.MERGE, Cause.SPLIT, Cause.CORRECTION, Cause.ERASE})

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # a spreadsheet would run such a cell

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One device as the register had it. Empty text: not known. `last_seen`: the last day that was over by then."""

    device_id: str
    cells: Cells
    last_seen: date | None = None
    last_agent: str = ""
    last_method: str = ""

    def value(self, column: str) -> str:
        """The text of a column of a form."""
        if column == "last_seen":
            return self.last_seen.isoformat() if self.last_seen else ""
        if column in ("device_id", *SEEN):
            return str(getattr(self, column))
        return self.cells.get(column, "")


def said(value: Any) -> str:
    """A value of a column or field as the text of a cell; days and times in ISO 8601, times in UTC."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(value) if isinstance(value, list) else str(value)


def packed(cells: Cells) -> str:
    """Cells as they are kept: only what is not empty, always in the same order."""
    kept = {name: value for name, value in cells.items() if value}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def unpacked(kept: str) -> dict[str, str] | None:
    """Cells as they were kept; None where the device was not in the register."""
    return dict(json.loads(kept)) if kept else None


#: what `gone` says of a device that was disposed of on a day that nobody said
SOME_DAY = "disposed"
#: texts and days that a list is sorted by, each in a column `by_…` -> how many characters of it: enough to tell one
#: from the next, and little enough to stand in an index
SORTED = {
    "name": 40, "asset_tag": 40, "serial": 40, "school": 40, "purchased": 10, "made_best": 10, "support_ends": 10,
}  # fmt: skip
_LIFE, _PENCE = 16, 15  # characters


def booked(cells: Cells) -> dict[str, str | int | None]:
    """The columns beside the cells: where, class, cost (of what is owned), lot, when it went, life, and `by_…`.

    What lists are sorted by (`by_…`) is in small letters, and `by_cost` is of what is leased too. A lot is what was
    bought together: one day, one supplier, one model. Of who did not say all three nothing is known.
    """
    owned = cells.get("status") != "leased" and not cells.get("lease_ends")
    said = cells.get("cost", "")
    price = int(said) if said.isdecimal() and len(said) <= _PENCE else None
    cost = price if owned else None
    model = cells.get("record_model") or cells.get("model", "")
    parts = [cells.get("purchased", ""), cells.get("supplier", "").casefold(), model.casefold()]
    lot = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest() if cost is not None else ""
    gone = cells.get("disposed_on", "") or (SOME_DAY if cells.get("status") == "disposed" else "")
    return {
        "school_id": cells.get("school_id", ""), "class": cells.get("class", ""), "cost": cost,
        "lot": lot if all(parts) else "", "gone": gone, "life": cells.get("life", "")[:_LIFE], "by_cost": price,
    } | {f"by_{name}": cells.get(name, "").casefold()[:length] for name, length in SORTED.items()}  # fmt: skip


def repeated(kept: str) -> dict[str, str | int | None]:
    """The same of cells as they are kept, whoever wrote them; nothing of what cannot be read."""
    try:
        cells = json.loads(kept)
    except (ValueError, RecursionError):
        return {}
    known = cells.items() if isinstance(cells, dict) else ()
    return booked({name: value for name, value in known if isinstance(value, str)}) if known else {}


def lines(rows: Iterable[RegisterRow], form: int = FORM) -> Iterator[str]:
    """The written form, line by line: CSV (RFC 4180). What a spreadsheet would run gets a leading apostrophe."""
    columns = FORMS[form - 1]
    yield _line(columns)
    for row in rows:
        yield _line(tuple(_tame(row.value(column)) for column in columns))


def fingerprint(rows: Iterable[RegisterRow], form: int = FORM) -> str:
    """SHA-256 of the written form in UTF-8, in hex: what `sha256sum` says of the exported file."""
    digest = hashlib.sha256()
    for line in lines(rows, form):
        digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _line(values: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(values)
    return out.getvalue()


def _tame(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
