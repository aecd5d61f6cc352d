"""ENERGY-OBJECT-MIB (RFC 7460): what each outlet or port draws.

Switches and servers may have it as well, so it is a weak hint of a PDU: it counts where nothing else speaks, as in
outlet strips that answer with this MIB alone. Energy over time and the states that may be set are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk
from stocktake.values import Condition

OBJECTS = "1.3.6.1.2.1.229.1.2.1"  # eoPowerTable
POWER, MULTIPLIER = f"{OBJECTS}.1", f"{OBJECTS}.3"
LEAST_OUTLETS = 2
MOST_OUTLETS = 64
UNIT_MULTIPLIERS = range(-12, 13)  # powers of ten, IEC 61850-7-4

ASKS = (
    Ask("energy_objects", tables=(POWER,)),
    Ask("energy_objects_units", tables=(MULTIPLIER,), condition=Condition(answered=POWER)),
)


def read(walk: Walk) -> Iterator[Statement]:
    """The power of every object in watts; a hint of the class where there are several."""
    outlets = list(walk.column(POWER))
    if len(outlets) >= LEAST_OUTLETS:
        yield from walk.vote("pdu", 32, "energy_objects", OBJECTS)
    for index in outlets[:MOST_OUTLETS]:
        oid, exponent = f"{POWER}.{index}", walk.integer(f"{MULTIPLIER}.{index}") or 0
        drawn = walk.integer(oid)
        if drawn is not None and exponent in UNIT_MULTIPLIERS:
            watts = drawn * 10**exponent
            yield from walk.fact("power", watts, oid, component=f"outlet/{index[:LONGEST_INDEX]}", unit="watts")
