"""Ruijie, and the campus switches that it makes for FS: RUIJIE-SYSTEM-MIB, its table of devices and sysDescr."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

#: where the MIB lies: Ruijie, FS
ROOTS = ("1.3.6.1.4.1.4881", "1.3.6.1.4.1.52642")
SYSTEM = "1.1.10.2.1.1"
OBJECTS = {"hardware": 1, "firmware": 2, "serial": 24, "model": 26}
DEVICES = "1.1.10.2.21.1.2.1"  # by device; the first is the device itself, or the first of a virtual switch
DEVICE = {"model": 2, "firmware": 8, "serial": 10}
UNDER = ("4881", "52642")
ASKS = tuple(
    Ask(f"ruijie_{root.rpartition('.')[2]}", scalars=tuple(f"{root}.{SYSTEM}.{n}.0" for n in OBJECTS.values()),
        tables=tuple(f"{root}.{DEVICES}.{n}" for n in DEVICE.values()),
        condition=Condition(object_id_prefixes=(f"{root}.1",)))
    for root in ROOTS
)  # fmt: skip

MODEL = re.compile(r"^(?:Ruijie|FS|RUIJIE)\b.{0,60}?\((?P<model>[A-Z][\w-]*\d[\w-]*)\) [Bb]y ")
KINDS = (
    ("access point", re.compile(r"\bAP\b|Access Point|\((RG-)?AP\d")),
    ("wireless controller", re.compile(r"Wireless (Switch|Controller|LAN Controller)|\((RG-)?WS\d")),
    ("firewall", re.compile(r"Firewall|\((RG-)?WALL")),
    ("switch", re.compile(r"Switch")),
    ("router", re.compile(r"Router|Gateway")),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class by what the description says it is; identity by the system group."""
    root = walk.of_object_id({f"{root}.1": root for root in ROOTS})
    if root is None:
        return
    kind = next((kind for kind, said in KINDS if said.search(walk.description)), "")
    if kind:
        yield from walk.vote(kind, 80, "description", DESCRIPTION)
    elif root == ROOTS[1]:
        yield from walk.vote("switch", 40, "number", OBJECT_ID)
    yield from walk.words(MODEL, weight=58)
    yield from walk.states({name: f"{root}.{SYSTEM}.{n}.0" for name, n in OBJECTS.items()}, weight=62)
    yield from walk.states({name: f"{root}.{DEVICES}.{n}.1" for name, n in DEVICE.items()}, weight=56)
