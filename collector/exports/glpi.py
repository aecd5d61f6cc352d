"""CSV for GLPI's plugin Data Injection: parted by semicolons, headings as GLPI's own fields are labelled.

The plugin injects one item type at a time and lets a person match columns (pluginsGLPI/datainjection; fields are the
search options of the item types, read in November 2026). The first column says which item type a row is of, so a class
is exported at a time, or the file parted by it.
"""

from __future__ import annotations

import csv
import io
from typing import IO

from collector.exports import Content, Form, printable
from collector.register_rows import Value

_HEADINGS = (
    "Item type", "Name", "Types", "Manufacturer", "Model", "Serial number", "Inventory number", "Entity", "Location",
    "Status", "Operating system", "Date of purchase", "Value", "Supplier", "Comments",
)  # fmt: skip
_COMPUTERS = ("server", "hypervisor", "desktop", "laptop", "tablet", "thin client", "virtual machine", "computer")
_TYPES = {
    **dict.fromkeys(_COMPUTERS, "Computer"),
    **dict.fromkeys(("printer", "label printer"), "Printer"),
    **dict.fromkeys(("phone", "voice gateway", "pbx"), "Phone"),
    **dict.fromkeys(
        ("switch", "router", "firewall", "access point", "wireless controller", "wireless bridge", "load balancer",
         "modem", "media converter", "console server"), "NetworkEquipment",
    ),
    "display": "Monitor",
}  # fmt: skip


def _row(record: dict[str, Value]) -> list[str]:
    def said(name: str) -> str:
        return printable(str(record[name])) if record[name] is not None else ""

    cost = record["cost"]
    system = " ".join(part for part in (said("os"), said("os_edition"), said("os_build")) if part)
    return [
        _TYPES.get(said("class"), "Peripheral"), said("what"), said("class"), said("maker"), said("model"),
        said("serial"), said("asset_tag"), said("school"), " > ".join(p for p in (said("site"), said("room")) if p),
        said("status") or said("life"), system, said("purchased"), f"{cost / 100:.2f}" if isinstance(cost, int) else "",
        said("supplier"), f"Stocktake {said('device_id')}",
    ]  # fmt: skip


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    told = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    writer.writerows(_row(record) for record in content.records())
    told.flush()
    told.detach()


FORM = Form("glpi", "GLPI import", ".csv", "text/csv; charset=utf-8", "items, for GLPI’s plugin Data Injection", write)
