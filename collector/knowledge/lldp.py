"""LLDP-MIB and LLDP-EXT-MED-MIB: the neighbours that a device hears, with the inventory that phones and the like send.

A neighbour becomes a device of its own where its MAC or its serial is told: so phones, cameras and access points that
answer no SNMP are known, to their serial. Where each is plugged in is not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk, as_identifier, as_mac, as_maker, as_named
from stocktake import ber
from stocktake.values import Binding, Cadence

ENTRY = "1.0.8802.1.1.2.1.4.1.1"
CHASSIS_KIND, CHASSIS, PORT_KIND, PORT, NAME, DESCRIPTION, ENABLED = (f"{ENTRY}.{n}" for n in (4, 5, 6, 7, 9, 10, 12))
INVENTORY = "1.0.8802.1.1.2.1.5.4795.1.3.3.1"  # lldpXMedRemInventoryTable
ASKS = (
    Ask(
        "lldp",
        Cadence.TABLES,
        tables=(CHASSIS_KIND, CHASSIS, PORT_KIND, PORT, NAME, DESCRIPTION, ENABLED, INVENTORY),
    ),
)

CHASSIS_IS_MAC, CHASSIS_IS_ADDRESS, PORT_IS_MAC = 4, 5, 3
#: column of the inventory → fact, how it is read
TOLD = (("hardware", 1, as_named), ("firmware", 2, as_named), ("firmware", 3, as_named), ("serial", 4, as_identifier),
        ("maker", 5, as_maker), ("model", 6, as_named), ("asset_tag", 7, as_identifier))  # fmt: skip
#: lldpRemSysCapEnabled: bit → class, weight; a bridge is a switch unless it is one of the others
BRIDGE, ACCESS_POINT, ROUTER, TELEPHONE = (0x80 >> bit for bit in (2, 3, 4, 5))
COMPUTER = re.compile(r"(?i)linux|windows|vmware|esxi?\b|freebsd|darwin")
MOST_NEIGHBOURS = 512


def read(walk: Walk) -> Iterator[Statement]:
    """Every neighbour whose MAC or serial is told, as a component that is a device of its own."""
    for index in list(walk.column(CHASSIS))[:MOST_NEIGHBOURS]:
        if len(index) <= LONGEST_INDEX and (walk.get(f"{INVENTORY}.4.{index}") or _mac_column(walk, index)):
            yield from _neighbour(walk, index, f"neighbour/{index}")


def _mac_column(walk: Walk, index: str) -> str:
    """The column that holds the neighbour's MAC: a phone tells its address as its chassis and its MAC as its port."""
    if walk.integer(f"{CHASSIS_KIND}.{index}") == CHASSIS_IS_MAC:
        return CHASSIS
    by_address = walk.integer(f"{CHASSIS_KIND}.{index}") == CHASSIS_IS_ADDRESS
    return PORT if by_address and walk.integer(f"{PORT_KIND}.{index}") == PORT_IS_MAC else ""


def _neighbour(walk: Walk, index: str, component: str) -> Iterator[Statement]:
    if column := _mac_column(walk, index):
        yield from walk.state("mac", f"{column}.{index}", read=as_mac, component=component)
    if walk.integer(f"{CHASSIS_KIND}.{index}") == CHASSIS_IS_ADDRESS:
        yield from walk.state("address", f"{CHASSIS}.{index}", read=_address, component=component)
    yield from walk.state("name", f"{NAME}.{index}", component=component, weight=20)
    yield from walk.state("description", f"{DESCRIPTION}.{index}", component=component, weight=20)
    for name, number, reader in TOLD:
        yield from walk.state(name, f"{INVENTORY}.{number}.{index}", read=reader, component=component, weight=20)
    yield from _class(walk, index, component)


def _class(walk: Walk, index: str, component: str) -> Iterator[Statement]:
    binding = walk.get(f"{ENABLED}.{index}")
    bits = (ber.octets(binding) or b"\0")[:1] if binding else b""
    found = ""
    if bits and bits[0] & TELEPHONE:
        found = "phone"
    elif bits and bits[0] & ACCESS_POINT and not bits[0] & ROUTER:
        found = "access point"
    elif bits and bits[0] & BRIDGE and not COMPUTER.search(walk.text(f"{DESCRIPTION}.{index}")):
        found = "switch"
    yield from walk.fact("class", found, f"{ENABLED}.{index}", component=component, weight=40)


def _address(binding: Binding) -> str:
    """A network address: the family (IANA: 1 is IPv4) and its octets."""
    raw = ber.octets(binding) or b""
    return ".".join(map(str, raw[1:])) if len(raw) == 5 and raw[0] == 1 else ""
