"""Rack PDU of Dell (DellrPDU-MIB): a row for each PDU of a chain, of which the first is the one that answers."""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

DELL_PDU = "1.3.6.1.4.1.674.10903.200"
IDENTITY = f"{DELL_PDU}.2.200.100.2.1"  # rPDUIdentTable
COLUMNS = {"name": 2, "hardware": 4, "firmware": 5, "model": 7, "serial": 8}

UNDER = ("674",)
ASKS = (
    Ask(
        "dell_pdu",
        tables=tuple(f"{IDENTITY}.{number}" for number in COLUMNS.values()),
        condition=Condition(object_id_prefixes=(DELL_PDU,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class and identity of a PDU, and of those behind it."""
    if not walk.is_of(DELL_PDU) and not walk.has(IDENTITY):
        return
    yield from walk.vote("pdu", 90, "product", OBJECT_ID if walk.is_of(DELL_PDU) else IDENTITY)
    yield from walk.fact("maker", "Dell", OBJECT_ID, weight=55)
    indexes = sorted({index for number in COLUMNS.values() for index in walk.column(f"{IDENTITY}.{number}")})
    for position, index in enumerate(indexes):
        component = f"pdu/{index[:LONGEST_INDEX]}" if position else ""
        for name, number in COLUMNS.items():
            yield from walk.state(name, f"{IDENTITY}.{number}.{index}", weight=60, component=component)
