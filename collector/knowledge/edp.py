"""EXTREME-EDP-MIB: the neighbours that Extreme's switches hear by their own protocol; all of them are Extreme's."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import mac
from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk
from stocktake.values import Cadence, Condition

UNDER = ("1916",)
ENTRY = "1.3.6.1.4.1.1916.1.13.2.1"  # extremeEdpEntry: the index is the interface, and 8 octets that end in a MAC
NAME, SLOT, PORT = (f"{ENTRY}.{number}" for number in (3, 5, 6))
ASKS = (
    Ask(
        "edp",
        Cadence.TABLES,
        tables=(NAME, SLOT, PORT),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.1916",)),
    ),
)
WEIGHT = 20
MOST_NEIGHBOURS = 512


def read(walk: Walk) -> Iterator[Statement]:
    """Every neighbour, as a component that is a device of its own."""
    for index in list(walk.column(NAME))[:MOST_NEIGHBOURS]:
        address = mac_of(index)
        if address and len(index) <= LONGEST_INDEX:
            component, place = f"neighbour/edp {index}", f"{NAME}.{index}"
            yield from walk.fact("mac", address, place, component=component, weight=WEIGHT)
            yield from walk.state("name", place, component=component, weight=WEIGHT)
            yield from walk.fact("maker", "Extreme", place, component=component, weight=WEIGHT)
            yield from walk.fact("class", "switch", place, component=component, weight=40)


def mac_of(index: str) -> str:
    """The MAC in which the index of a row ends (interface, perhaps a length, two octets, and the MAC), or ""."""
    arcs = [int(arc) for arc in index.split(".")]
    return mac(bytes(arcs[-6:])) if len(arcs) in (9, 10) and max(arcs[-6:]) < 256 else ""


def far_port(walk: Walk, index: str) -> str:
    """The neighbour's port as people write it, slot and port, or ""."""
    slot, port = walk.integer(f"{SLOT}.{index}"), walk.integer(f"{PORT}.{index}")
    return "" if port is None else f"{slot}:{port}" if slot and slot > 1 else str(port)
