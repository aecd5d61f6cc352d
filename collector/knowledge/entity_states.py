"""ENTITY-STATE-MIB (RFC 4268): whether power supplies and fans run, by the names that ENTITY-MIB gives them.

Other parts have makers' tables of their own, or nothing that a person would look at. Names and serials are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, asked
from collector.readers import word

OPERATIONAL = "1.3.6.1.2.1.131.1.1.1.3"  # entStateOper, by entPhysicalIndex
CLASS = "1.3.6.1.2.1.47.1.1.1.1.5"
WORDS = {6: "power supply", 7: "fan"}
STATE = word({2: "off", 3: "ok"})  # disabled, enabled; testing and unknown say nothing

ASKS = (asked("entity_states", (Gauge("", "status", OPERATIONAL),)),)


def read(walk: Walk) -> Iterator[Statement]:
    """States of power supplies and fans."""
    if not walk.column(OPERATIONAL):
        return
    for kind, component in WORDS.items():
        rows = {index for index in walk.column(OPERATIONAL) if walk.integer(f"{CLASS}.{index}") == kind}
        yield from walk.column_states("status", OPERATIONAL, component=component, read=STATE, only=rows)
