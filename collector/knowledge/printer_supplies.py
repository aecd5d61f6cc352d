"""Supplies of Printer-MIB (RFC 3805, prtMarkerSuppliesTable) and the state of HOST-RESOURCES-MIB's printer.

A level is told in percent of the capacity where both are told; a level of -3 means that something is left, -2 and -1
that nobody knows. Trays and alerts are not read, nor the levels that makers keep in objects of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk, as_named
from stocktake.values import Cadence, Condition

SUPPLIES = "1.3.6.1.2.1.43.11.1.1"
COLORANT, TYPE, DESCRIPTION, CAPACITY, LEVEL = (f"{SUPPLIES}.{number}" for number in (3, 5, 6, 8, 9))
COLORANT_VALUE = "1.3.6.1.2.1.43.12.1.1.4"
STATUS, ERRORS = "1.3.6.1.2.1.25.3.5.1.1", "1.3.6.1.2.1.25.3.5.1.2"

ASKS = (
    Ask("printer", tables=(COLORANT, TYPE, DESCRIPTION, CAPACITY, COLORANT_VALUE)),
    Ask("printer_health", Cadence.HEALTH, tables=(LEVEL, STATUS, ERRORS), condition=Condition(answered=DESCRIPTION)),
)

#: PrtMarkerSuppliesTypeTC → word; what is not here is "other"
TYPES = {3: "toner", 4: "waste toner", 5: "ink", 6: "ink", 7: "ribbon", 8: "waste ink", 9: "drum", 10: "developer",
         11: "fuser oil", 13: "wax", 14: "waste wax", 15: "fuser", 16: "corona wire", 18: "cleaner",
         20: "transfer unit", 21: "toner", 22: "fuser oiler", 32: "staples"}  # fmt: skip
STATES = {3: "idle", 4: "printing", 5: "warming up"}
#: bits of hrPrinterDetectedErrorState, the first is the highest of the first octet
PROBLEMS = ("low paper", "no paper", "low toner", "no toner", "door open", "jammed", "offline", "service requested",
            "input tray missing", "output tray missing", "supply missing", "output near full", "output full",
            "input tray empty", "overdue maintenance")  # fmt: skip
MOST_SUPPLIES = 64


def read(walk: Walk) -> Iterator[Statement]:
    """Every supply as a component, and what the printer complains of; nothing of a device without supplies."""
    for index in sorted({*walk.column(DESCRIPTION), *walk.column(LEVEL)})[:MOST_SUPPLIES]:
        yield from _supply(walk, index)
    for index in walk.column(STATUS):
        yield from walk.fact("status", STATES.get(walk.integer(f"{STATUS}.{index}") or 0), f"{STATUS}.{index}")
    for index, binding in walk.column(ERRORS).items():
        bits = "".join(f"{octet:08b}" for octet in binding.value[:2])
        told = [problem for problem, bit in zip(PROBLEMS, bits, strict=False) if bit == "1"]
        yield from walk.fact("problems", ", ".join(told), f"{ERRORS}.{index}")


def _supply(walk: Walk, index: str) -> Iterator[Statement]:
    component = f"supply/{index[:LONGEST_INDEX]}"
    yield from walk.state("name", f"{DESCRIPTION}.{index}", read=as_named, component=component)
    kind = walk.integer(f"{TYPE}.{index}")
    yield from walk.fact(
        "type", TYPES.get(kind or 0, "other") if kind else None, f"{TYPE}.{index}", component=component
    )
    colour = f"{COLORANT_VALUE}.{index.partition('.')[0]}.{walk.integer(f'{COLORANT}.{index}')}"
    yield from walk.state("colour", colour, component=component)
    level, capacity = walk.integer(f"{LEVEL}.{index}"), walk.integer(f"{CAPACITY}.{index}")
    if level == -3:
        yield from walk.fact("status", "some left", f"{LEVEL}.{index}", component=component)
    if level is not None and capacity and 0 <= level <= capacity:
        percent = round(100 * level / capacity)
        yield from walk.fact("level", percent, f"{LEVEL}.{index}", component=component, unit="percent")
