"""Cisco's wireless: AireOS controllers, the access points that any controller lists, and radios that answer alone.

AIRESPACE-SWITCHING-MIB (the controller), AIRESPACE-WIRELESS-MIB (bsnAPTable, which AireOS and IOS-XE both fill), and
sysDescr of WAP, IW and CAPWAP access points. Clients of the radios are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import mac
from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Cadence, Condition

AIRESPACE = "1.3.6.1.4.1.14179"
INVENTORY = f"{AIRESPACE}.1.1.1"
IDENTITY = {"model": f"{INVENTORY}.3.0", "serial": f"{INVENTORY}.4.0", "mac": f"{INVENTORY}.9.0",
            "firmware": f"{INVENTORY}.14.0"}  # fmt: skip
POINTS = f"{AIRESPACE}.2.2.1.1"  # bsnAPEntry, by the MAC of the radio
COLUMNS = {"mac": 33, "name": 3, "location": 4, "firmware": 8, "model": 16, "serial": 17, "address": 19}
STATUS = f"{POINTS}.6"
STATES = {1: "associated", 2: "disassociating", 3: "downloading"}

CONDITION = Condition(object_id_prefixes=("1.3.6.1.4.1.9.1", AIRESPACE))
ASKS = (
    Ask("cisco_wireless", scalars=tuple(IDENTITY.values()), condition=CONDITION),
    Ask("cisco_wireless_states", Cadence.HEALTH, tables=(STATUS,), condition=CONDITION),
    Ask("cisco_wireless_points", tables=tuple(f"{POINTS}.{n}" for n in COLUMNS.values()), condition=CONDITION),
)

ALONE = (
    re.compile(r"Cisco Systems, Inc\.? (?P<model>WAP\d\w*)(?: \([\w-]+\))?, Version (?P<firmware>[\d.]+)"),
    re.compile(r"^Cisco (?P<model>IW\d\w+-\w+)\b(?: - (?:MESH|.{0,20}MODE).*)?"),
    re.compile(r"^Cisco AP Software,? (?P<os__image>[\w-]+)(?:,? Version:? (?P<firmware>[\d.]+))?"),
    re.compile(r"^Cisco (?P<model>AIR-[\w-]+)"),
)


def read(walk: Walk) -> Iterator[Statement]:
    """A controller with its access points, or an access point."""
    if walk.description == "Cisco Controller" or walk.of_object_id({AIRESPACE: True}) is not None:
        yield from walk.vote("wireless controller", 90, "aireos", DESCRIPTION if walk.description else OBJECT_ID)
        yield from walk.states(IDENTITY, weight=62)
    for pattern in ALONE:
        if pattern.search(walk.description):
            yield from walk.vote("access point", 90, "description", DESCRIPTION)
            yield from walk.fact("maker", "Cisco", DESCRIPTION, weight=55)
            yield from walk.words(pattern, weight=60)
    for index in {**walk.column(f"{POINTS}.3"), **walk.column(f"{POINTS}.17")}:
        yield from _point(walk, index)


def _point(walk: Walk, index: str) -> Iterator[Statement]:
    """One access point as a component, named by the MAC of its radios, with a class of its own."""
    radio = mac(_octets(index))
    if not radio:
        return
    component = f"access point/{radio}"
    place = next(oid for n in (3, 17) if walk.get(oid := f"{POINTS}.{n}.{index}"))
    yield from walk.fact("class", "access point", place, component=component, weight=90)
    yield from walk.fact("maker", "Cisco", place, component=component)
    for name, column in COLUMNS.items():
        yield from walk.state(name, f"{POINTS}.{column}.{index}", component=component)
    status = STATES.get(walk.integer(f"{STATUS}.{index}") or 0)
    yield from walk.fact("status", status, f"{STATUS}.{index}", component=component)


def _octets(index: str) -> bytes:
    arcs = index.split(".")
    return bytes(int(arc) for arc in arcs) if all(arc.isdecimal() and int(arc) < 256 for arc in arcs) else b""
