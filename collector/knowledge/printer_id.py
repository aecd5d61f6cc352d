"""IEEE 1284 device identification of printers: `MFG:Brother;MDL:HL-L2375DW series;CLS:PRINTER;`.

Most print servers repeat HP's object for it (gdStatusId, HP-LASERJET-COMMON-MIB), some answer at their maker's own or
at the Printer Port Monitor MIB of the PWG. Command sets and counters in the same text are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import identifier_text, maker_name, named_text
from collector.knowledge import Ask, Statement, Walk
from stocktake.values import Condition

OBJECTS = (
    "1.3.6.1.4.1.11.2.3.9.1.1.7.0",  # HP, and most others
    "1.3.6.1.4.1.2435.2.3.9.1.1.7.0",  # Brother
    "1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1",  # ppmPrinterIEEE1284DeviceId
    "1.3.6.1.4.1.641.2.1.2.1.3.1",  # Lexmark
    "1.3.6.1.4.1.674.10898.100.2.1.2.1.3.1",  # Dell
)
#: enterprises that make printers; the object is HP's, so the sysObjectID tells nothing of it
MAKERS = ("11.1", "11.2.3.9", "122", "186", "231", "236", "253", "297", "367", "399", "480", "641", "674.10898", "683",
          "1129", "1248", "1347", "1552", "1602", "1963", "2001", "2385", "2435", "10642", "11369", "18334", "24807",
          "26696", "29999", "40093")  # fmt: skip
UNDER = ("11", "641", "674", "2435", "2699")
ASKS = (
    Ask(
        "printer_id", scalars=OBJECTS, condition=Condition(object_id_prefixes=tuple(f"1.3.6.1.4.1.{m}" for m in MAKERS))
    ),
)

FIELD = re.compile(r"(?:^|;)\s*([A-Za-z0-9 ]{2,20}):\s*([^;]{1,120})")
SHORT = {"MANUFACTURE": "MFG", "MANUFACTURER": "MFG", "MODEL": "MDL", "CLASS": "CLS", "DESCRIPTION": "DES",
         "SERN": "SN", "SERIALNUMBER": "SN"}  # fmt: skip
SERIES = re.compile(r"\s+series$", re.IGNORECASE)


def read(walk: Walk) -> Iterator[Statement]:
    """Maker, model, serial and product number of the first identification that answered."""
    for oid in OBJECTS:
        fields = {SHORT.get(key.upper(), key.upper()): value.strip() for key, value in FIELD.findall(walk.text(oid))}
        if fields.get("MDL") or fields.get("MFG"):
            yield from _told(walk, oid, fields)
            return


def _told(walk: Walk, oid: str, fields: dict[str, str]) -> Iterator[Statement]:
    yield from walk.fact("maker", maker_name(fields.get("MFG", "")), oid, weight=52)
    yield from walk.fact("model", SERIES.sub("", named_text(fields.get("MDL", ""))), oid, weight=58)
    yield from walk.fact("serial", identifier_text(fields.get("SN", "")), oid, weight=45)
    yield from walk.fact("sku", named_text(fields.get("PRN", "")), oid)
    if fields.get("CLS", "").upper() == "PRINTER":
        yield from walk.vote("printer", 70, "device_id", oid)
