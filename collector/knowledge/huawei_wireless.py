"""Access points that a Huawei wireless controller lists (HUAWEI-WLAN-AP-MIB, hwWlanApTable), by their MAC."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import mac
from collector.knowledge import Ask, Statement, Walk
from stocktake.values import Condition

POINTS = "1.3.6.1.4.1.2011.6.139.13.3.3.1"
COLUMNS = {"serial": 2, "model": 3, "name": 4, "firmware": 7}
UNDER = ("2011",)
ASKS = (
    Ask("huawei_points", tables=tuple(f"{POINTS}.{n}" for n in COLUMNS.values()),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.2011.2",))),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """One component for each access point, with a class of its own; and that this is their controller."""
    points = walk.column(f"{POINTS}.{COLUMNS['serial']}")
    if points:
        yield from walk.vote("wireless controller", 30, "access_points", POINTS)
    for index in points:
        arcs = index.split(".")
        address = mac(bytes(int(arc) & 255 for arc in arcs)) if len(arcs) == 6 else ""
        if not address:
            continue
        component, place = f"access point/{address}", f"{POINTS}.{COLUMNS['serial']}.{index}"
        yield from walk.fact("class", "access point", place, component=component, weight=90)
        yield from walk.fact("maker", "Huawei", place, component=component)
        yield from walk.fact("mac", address, place, component=component)
        for name, column in COLUMNS.items():
            yield from walk.state(name, f"{POINTS}.{column}.{index}", component=component)
