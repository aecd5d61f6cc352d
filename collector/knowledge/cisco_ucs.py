"""Cisco UCS: the management controller of a rack server (CIMC), by sysDescr and CISCO-UNIFIED-COMPUTING-MIB.

Fabric interconnects say NX-OS and are read as switches; the servers behind them are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Ask, Statement, Walk
from stocktake.values import Condition

COMPUTE = "1.3.6.1.4.1.9.9.719.1.9"
BOARD, RACK_UNIT = f"{COMPUTE}.6.1", f"{COMPUTE}.35.1"  # cucsComputeBoard, cucsComputeRackUnit
#: model and serial by table
COLUMNS = {BOARD: {"model": 6, "serial": 14}, RACK_UNIT: {"model": 32, "serial": 47}}

ASKS = (
    Ask("cisco_ucs", tables=tuple(f"{entry}.{n}" for entry, columns in COLUMNS.items() for n in columns.values()),
        condition=Condition(value_oid=DESCRIPTION, value_prefix=b"Cisco Integrated Management Controller")),
)  # fmt: skip

IMC = re.compile(r"^Cisco Integrated Management Controller(?: ?\(Cisco IMC\))? ?[^,]*, "
                 r"Firmware Version (?P<firmware>[^,\s]+)")  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """A management controller and the server that it is part of."""
    if not IMC.search(walk.description):
        return
    yield from walk.vote("management controller", 90, "description", DESCRIPTION)
    yield from walk.words(IMC, weight=60)
    for entry, columns in COLUMNS.items():
        for name, column in columns.items():
            for index in list(walk.column(f"{entry}.{column}"))[:1]:
                yield from walk.state(name, f"{entry}.{column}.{index}", weight=62 if entry == RACK_UNIT else 61)
