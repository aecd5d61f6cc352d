"""CISCO-CDP-MIB: the neighbours that Cisco's switches, and those of others who speak CDP, hear.

A neighbour becomes a device of its own where its name tells its MAC (`SEP001122334455`, a phone) or its serial number
(`core(FDO21120ABC)`, a Nexus). Where each is plugged in is for `collector/topology`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import mac
from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk, as_named
from stocktake import ber
from stocktake.values import Binding, Cadence, Condition

UNDER = ("9",)
ENTRY = "1.3.6.1.4.1.9.9.23.1.2.1.1"  # cdpCacheEntry: the index is the interface, and a number
ADDRESS_KIND, ADDRESS, VERSION, DEVICE, PORT, PLATFORM, ABLE, NAME = (f"{ENTRY}.{n}" for n in (3, 4, 5, 6, 7, 8, 9, 17))
ASKS = (
    Ask(
        "cdp",
        Cadence.TABLES,
        tables=(ADDRESS_KIND, ADDRESS, VERSION, DEVICE, PORT, PLATFORM, ABLE, NAME),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.9", "1.3.6.1.4.1.11")),
    ),
)

#: names that factories make of a MAC: phones and adapters (`SEP…`, `ATA…`), access points (`AP0011.2233.4455`)
MAC_NAME = re.compile(r"(?i)(?:SEP|ATA|AP)?((?:[0-9a-f]{4}[.:-]?){3}|(?:[0-9a-f]{2}[:-]?){6})")
SERIAL_NAME = re.compile(r"(?P<name>.*?)\((?P<serial>[A-Z]{3}[0-9]{4}[0-9A-Z]{4})\)")
ACCESS_POINT = re.compile(r"(?i)\bAIR-|\bC91[0-9]{2}")
IS_IPV4 = 1
ROUTER, BRIDGE, SWITCH, TELEPHONE = 0x01, 0x02, 0x08, 0x80  # of the last octet of cdpCacheCapabilities
WEIGHT = 20
MOST_NEIGHBOURS = 512


def read(walk: Walk) -> Iterator[Statement]:
    """Every neighbour whose MAC or serial its name tells, as a component that is a device of its own."""
    for index in list(walk.column(DEVICE))[:MOST_NEIGHBOURS]:
        told = walk.text(f"{DEVICE}.{index}")
        if len(index) <= LONGEST_INDEX and (mac_of(told) or SERIAL_NAME.fullmatch(told)):
            yield from _neighbour(walk, index, told)


def _neighbour(walk: Walk, index: str, told: str) -> Iterator[Statement]:
    component, place = f"neighbour/cdp {index}", f"{DEVICE}.{index}"
    serial = SERIAL_NAME.fullmatch(told)
    yield from walk.fact("mac", mac_of(told), place, component=component, weight=WEIGHT)
    if serial:
        yield from walk.fact("maker", "Cisco", place, component=component, weight=WEIGHT)
        yield from walk.fact("serial", serial["serial"], place, component=component, weight=WEIGHT)
    yield from walk.fact("name", serial["name"] if serial else told, place, component=component, weight=WEIGHT)
    yield from walk.fact("address", address(walk, index), f"{ADDRESS}.{index}", component=component, weight=WEIGHT)
    yield from walk.state("model", f"{PLATFORM}.{index}", read=_model, component=component, weight=WEIGHT)
    yield from walk.state("description", f"{VERSION}.{index}", component=component, weight=WEIGHT)
    yield from walk.fact("class", device_class(walk, index), f"{ABLE}.{index}", component=component, weight=40)


def mac_of(told: str) -> str:
    """The MAC that a name was made of, or ""."""
    found = MAC_NAME.fullmatch(told)
    return mac(found[1]) if found else ""


def address(walk: Walk, index: str) -> str:
    """The neighbour's IPv4 address, or ""."""
    binding = walk.get(f"{ADDRESS}.{index}")
    raw = (ber.octets(binding) or b"") if binding else b""
    told = len(raw) == 4 and any(raw) and walk.integer(f"{ADDRESS_KIND}.{index}") in (None, IS_IPV4)
    return ".".join(map(str, raw)) if told else ""


def device_class(walk: Walk, index: str) -> str:
    """What the neighbour says it is, or ""."""
    binding = walk.get(f"{ABLE}.{index}")
    able = ((ber.octets(binding) or b"\0")[-1:] or b"\0")[0] if binding else 0
    platform = walk.text(f"{PLATFORM}.{index}")
    if able & TELEPHONE:
        return "phone"
    if platform.startswith("VMware"):  # whose virtual switches say that they are switches
        return "hypervisor"
    if ACCESS_POINT.search(platform):
        return "access point"
    return "switch" if able & SWITCH else "router" if able & ROUTER else ""


def _model(binding: Binding) -> str:
    return re.sub(r"(?i)^cisco ", "", as_named(binding))
