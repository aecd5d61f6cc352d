"""Rows of a named source (a spreadsheet, a lease table): columns whose heading everybody understands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from collector.facts import identifier_text, mac, maker_name, named_text
from collector.knowledge import Statement, Witness
from stocktake.values import ImportedRow

READS = ImportedRow
MOST_COLUMNS = 128
#: fact → headings that mean it, in lower case without blanks and punctuation, and how its text is read
COLUMNS: dict[str, tuple[frozenset[str], Callable[[str], str]]] = {
    "mac": (
        frozenset({"mac", "macaddress", "hwaddress", "hardwareaddress", "ethernetaddress", "physicaladdress"}),
        mac,
    ),
    "serial": (frozenset({"serial", "serialnumber", "serialno", "sn"}), identifier_text),
    "name": (frozenset({"name", "hostname", "host", "devicename", "computername"}), named_text),
    "maker": (frozenset({"maker", "manufacturer", "make", "vendor"}), maker_name),
    "model": (frozenset({"model", "modelname", "product"}), named_text),
    "asset_tag": (frozenset({"assettag", "asset", "assetnumber", "tag"}), identifier_text),
    "address": (frozenset({"ip", "ipaddress", "address"}), named_text),
}
WEIGHT = 20  # what people or other systems wrote never overrides what a device said itself


def read(content: ImportedRow, witness: Witness) -> Iterator[Statement]:
    """The facts of one row."""
    for column, value in content.columns[:MOST_COLUMNS]:
        heading = re.sub(r"[^a-z0-9]", "", column[:64].lower())
        for name, (headings, clean) in COLUMNS.items():
            if heading in headings:
                yield from witness.fact(name, clean(value), column[:64], weight=WEIGHT)
