"""Ruckus wireless: access points, ZoneDirector, Unleashed and SmartZone, with the access points that they list.

Sources: RUCKUS-HWINFO-MIB, RUCKUS-SWINFO-MIB, RUCKUS-ZD-SYSTEM-MIB, RUCKUS-ZD-WLAN-MIB, RUCKUS-UNLEASHED-SYSTEM-MIB,
RUCKUS-CTRL-MIB, RUCKUS-SZ-WLAN-MIB. ICX switches, which came from Brocade, are not read here. No client is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

RUCKUS = "1.3.6.1.4.1.25053"
POINT = {"model": f"{RUCKUS}.1.1.2.1.1.1.1.0", "serial": f"{RUCKUS}.1.1.2.1.1.1.2.0",
         "firmware": f"{RUCKUS}.1.1.3.1.1.1.1.1.3.1"}  # fmt: skip
CONTROLLERS = tuple(
    {"name": f"{root}.1.0", "model": f"{root}.9.0", "serial": f"{root}.15.0", "firmware": f"{root}.18.0"}
    for root in (f"{RUCKUS}.1.2.1.1.1.1", f"{RUCKUS}.1.15.1.1.1.1")  # ZoneDirector, Unleashed
)
NODE = f"{RUCKUS}.1.8.1.1.1.1.1.1"  # ruckusCTRLSystemNodeTable
NODES = {"serial": 1, "name": 2, "model": 3, "firmware": 9, "mac": 13}
LISTED = f"{RUCKUS}.1.2.2.1.1.2.1.1"  # ruckusZDWLANAPTable
LISTED_POINTS = {"mac": 1, "name": 2, "model": 4, "serial": 5, "firmware": 7, "address": 10}
ZONED = f"{RUCKUS}.1.4.2.1.1.2.2.1"  # ruckusSZAPTable
ZONED_POINTS = {"mac": 1, "name": 5, "firmware": 7, "model": 8, "serial": 9, "address": 10}

UNDER = ("25053",)
ASKS = (
    Ask(
        "ruckus",
        scalars=(*POINT.values(), *(oid for objects in CONTROLLERS for oid in objects.values())),
        tables=(
            *(f"{NODE}.{column}" for column in NODES.values()),
            *(f"{LISTED}.{column}" for column in LISTED_POINTS.values()),
            *(f"{ZONED}.{column}" for column in ZONED_POINTS.values()),
        ),
        condition=Condition(object_id_prefixes=(RUCKUS,)),
    ),
)

KINDS = {f"{RUCKUS}.3.1.4": "access point", f"{RUCKUS}.3.1.5": "wireless controller",
         f"{RUCKUS}.3.1.10": "wireless controller", f"{RUCKUS}.3.1.11": "wireless controller",
         f"{RUCKUS}.3.1.13": "wireless controller", f"{RUCKUS}.3.1.14": "wireless controller",
         f"{RUCKUS}.3.1": "access point"}  # fmt: skip
CONTROLLER = re.compile(r"\b(ZD\d{4}|ZoneDirector|vSZ|SZ-?\d{3}|SCG-?200|SmartZone|Unleashed)\b", re.IGNORECASE)
SAYS = re.compile(
    r"^(?:Ruckus(?: Wireless)?,? (?:Inc\.?,? )?)?(?:Hotzone Product: )?"
    r"(?P<model>(?:ZF|R|T|H|E|M|P|ZD|SZ|vSZ|SCG)-?[\dEH]\w*)\b"
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of access point or controller, its nodes, and the access points that it lists."""
    kind = walk.of_object_id(KINDS)
    if kind is None and not walk.text(OBJECT_ID).startswith(f"{RUCKUS}."):
        return
    controls = walk.has(LISTED) or walk.has(ZONED) or walk.has(NODE) or CONTROLLER.search(walk.description)
    yield from walk.vote("wireless controller" if controls else kind or "access point", 80, "object_id", OBJECT_ID)
    yield from walk.words(SAYS, DESCRIPTION, weight=50)
    yield from walk.states(POINT, weight=60)
    for objects in CONTROLLERS:
        yield from walk.states(objects, weight=65)
    yield from walk.rows(NODE, NODES, component="node")
    nodes = list(walk.column(f"{NODE}.{NODES['model']}"))
    if len(nodes) == 1:
        for name in ("serial", "model", "firmware"):
            yield from walk.state(name, f"{NODE}.{NODES[name]}.{nodes[0]}", weight=62)
    yield from walk.rows(LISTED, LISTED_POINTS, component="access point")
    yield from walk.rows(ZONED, ZONED_POINTS, component="access point")
