"""CSV as Snipe-IT's importer of assets takes it: its own names of columns, matched without regard to case.

Names: `defaultFieldMap` of app/Importer/Importer.php in snipe/snipe-it (read in November 2026). Status labels are the
three that Snipe-IT comes with. A row without an asset tag is tagged by Snipe-IT, where it is set to do so.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import IO

from collector.exports import Content, Form, printable
from collector.register_rows import Value

_HEADINGS = (
    "Item Name", "Asset Tag", "Category", "Manufacturer", "Model name", "Serial number", "Status", "Company",
    "Location", "Supplier", "Purchase Date", "Purchase Cost", "Warranty", "Notes",
)  # fmt: skip
_STATUS = {"disposed": "Archived", "retired": "Archived", "expected": "Pending"}


def _months(record: dict[str, Value]) -> str:
    """The warranty in months, as Snipe-IT counts it: from purchase to its end."""
    first, last = record["purchased"], record["warranty_ends"]
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        return ""
    return str((last.year - first.year) * 12 + last.month - first.month)


def _row(record: dict[str, Value]) -> list[str]:
    def said(name: str) -> str:
        return printable(str(record[name])) if record[name] is not None else ""

    cost = record["cost"]
    place = ", ".join(part for part in (said("site"), said("room")) if part)
    return [
        said("what"), said("asset_tag"), said("class"), said("maker") or "Unknown", said("model") or "Unknown",
        said("serial"), _STATUS.get(said("status"), "Ready to Deploy"), said("school"), place, said("supplier"),
        said("purchased"), f"{cost / 100:.2f}" if isinstance(cost, int) else "", _months(record),
        f"Stocktake {said('device_id')}",
    ]  # fmt: skip


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    told = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    writer.writerows(_row(record) for record in content.records())
    told.flush()
    told.detach()


FORM = Form(
    "snipe-it", "Snipe-IT import", ".csv", "text/csv; charset=utf-8",
    "assets, as the importer of Snipe-IT takes them", write,
)  # fmt: skip
