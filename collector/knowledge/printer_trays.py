"""Paper trays of Printer-MIB (RFC 3805, prtInputTable), which may have models and serials of their own, and covers.

A level is told in percent of the capacity where both are told; -3 means that something is left. Supplies and page
counts are in `printer_supplies` and `printer`; jobs are never asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Gauge, Statement, Walk, as_identifier, as_named, asked

INPUT = "1.3.6.1.2.1.43.8.2.1"
CAPACITY, LEVEL, NAME = f"{INPUT}.9", f"{INPUT}.10", f"{INPUT}.13"
COVER_NAME, COVER = "1.3.6.1.2.1.43.6.1.1.2", "1.3.6.1.2.1.43.6.1.1.3"
GAUGES = (
    Gauge("tray", "name", NAME, as_named),
    Gauge("tray", "media", f"{INPUT}.12", as_named),
    Gauge("tray", "model", f"{INPUT}.15", as_named),
    Gauge("tray", "serial", f"{INPUT}.17", as_identifier),
)
COVER_STATES = {3: "open", 5: "open"}  # a door or an interlock; closed is as it should be
MOST_TRAYS = 32

ASKS = (
    asked("printer_trays", (*GAUGES, *(Gauge("", "", oid) for oid in (CAPACITY, LEVEL, COVER_NAME, COVER))),
          answered="1.3.6.1.2.1.43.5.1.1.17"),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Every tray as a component, and covers that stand open."""
    if not walk.has("1.3.6.1.2.1.43"):
        return
    if walk.column(LEVEL) or walk.column(NAME):
        yield from walk.measured(GAUGES)
        for index in list(walk.column(LEVEL))[:MOST_TRAYS]:
            yield from _level(walk, index)
    for index in list(walk.column(COVER))[:MOST_TRAYS]:
        state = COVER_STATES.get(walk.integer(f"{COVER}.{index}") or 0)
        if state:
            component = f"cover/{index[:LONGEST_INDEX]}"
            yield from walk.fact("status", state, f"{COVER}.{index}", component=component)
            yield from walk.state("name", f"{COVER_NAME}.{index}", read=as_named, component=component)


def _level(walk: Walk, index: str) -> Iterator[Statement]:
    oid, component = f"{LEVEL}.{index}", f"tray/{index[:LONGEST_INDEX]}"
    level, capacity = walk.integer(oid), walk.integer(f"{CAPACITY}.{index}")
    if level == -3:
        yield from walk.fact("status", "some left", oid, component=component)
    elif level == 0:
        yield from walk.fact("status", "empty", oid, component=component)
    if level is not None and capacity and 0 <= level <= capacity:
        yield from walk.fact("level", round(100 * level / capacity), oid, component=component, unit="percent")
