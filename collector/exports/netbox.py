"""CSV as NetBox's bulk import of devices takes it.

Names: `DeviceImportForm` of netbox/dcim/forms/bulk_import.py in netbox-community/netbox (read in November 2026); role,
manufacturer, device type, site and location must exist there by these names. Lengths are those of dcim.Device. What
was disposed of is left out: NetBox documents what is to be there.
"""

from __future__ import annotations

import csv
import io
from typing import IO

from collector.exports import Content, Form, printable
from collector.register_rows import Value

_HEADINGS = (
    "name", "role", "manufacturer", "device_type", "serial", "asset_tag", "status", "site", "location", "description",
)  # fmt: skip
_STATUS = {"in store": "inventory", "expected": "planned", "retired": "decommissioning"}
_GONE = "disposed"


def _row(record: dict[str, Value]) -> list[str]:
    def said(name: str, most: int = 100) -> str:
        return printable(str(record[name]))[:most] if record[name] is not None else ""

    return [
        said("name", 64), said("class"), said("maker") or "Unknown", said("model") or "Unknown", said("serial", 50),
        said("asset_tag", 50), _STATUS.get(said("status"), "active"), said("school"), said("room"),
        f"Stocktake {said('device_id')}",
    ]  # fmt: skip


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    told = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    writer.writerows(
        _row(record) for record in content.records() if _GONE not in (record["status"], record["life"])
    )  # fmt: skip
    told.flush()
    told.detach()


FORM = Form(
    "netbox", "NetBox import", ".csv", "text/csv; charset=utf-8",
    "devices, as the bulk import of NetBox takes them; without those disposed of", write,
)  # fmt: skip
