"""IF-MIB (RFC 2863) and the base group of BRIDGE-MIB (RFC 4188): interfaces, their MACs, and whether it is a switch.

Walks hold what their recorder asked for: any column may be missing, ifIndex above all, so the rows are the union of
the columns that are there.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import locally_administered
from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk, as_integer, as_mac
from stocktake.values import Binding

ENTRY = "1.3.6.1.2.1.2.2.1"
EXTENDED = "1.3.6.1.2.1.31.1.1.1"
DESCRIPTION, TYPE, SPEED, ADDRESS, ADMIN, STATUS = (f"{ENTRY}.{number}" for number in (2, 3, 5, 6, 7, 8))
NAME, HIGH_SPEED, ALIAS = (f"{EXTENDED}.{number}" for number in (1, 15, 18))
BRIDGE_ADDRESS = "1.3.6.1.2.1.17.1.1.0"
BRIDGE_PORTS = "1.3.6.1.2.1.17.1.2.0"
BRIDGE_PORT_INTERFACES = "1.3.6.1.2.1.17.1.4.1.2"  # dot1dBasePortIfIndex

ASKS = (
    Ask("interfaces", tables=(DESCRIPTION, TYPE, SPEED, ADDRESS, ADMIN, STATUS, NAME, HIGH_SPEED, ALIAS)),
    Ask("bridge", scalars=(BRIDGE_ADDRESS, BRIDGE_PORTS), tables=(BRIDGE_PORT_INTERFACES,)),
)

#: ifType (IANAifType-MIB) → word; only what a school meets
TYPES = {6: "ethernet", 23: "ppp", 24: "loopback", 53: "virtual", 62: "ethernet", 69: "ethernet", 71: "wireless",
         94: "dsl", 97: "dsl", 117: "ethernet", 131: "tunnel", 135: "vlan", 136: "vlan", 161: "aggregate",
         166: "mpls", 209: "bridge", 244: "mobile", 251: "dsl", 56: "fibre channel"}  # fmt: skip
STATES = {1: "up", 2: "down", 3: "testing", 5: "dormant", 6: "not present", 7: "lower layer down"}
ADMIN_STATES = {1: "up", 2: "down", 3: "testing"}
MOST_INTERFACES = 512
MOST_ADDRESSES = 64  # MACs of one device that identify it: a large switch has hundreds, all of the same block
SWITCH_PORTS = 4  # bridges with fewer ports are access points, phones and computers


def read(walk: Walk) -> Iterator[Statement]:
    """Every interface as a component; the device's MACs; votes for switch and access point."""
    indexes = _indexes(walk)
    for index in indexes[:MOST_INTERFACES]:
        yield from _interface(walk, index)
    if len(indexes) > MOST_INTERFACES:
        yield from walk.unread(f"{len(indexes)} interfaces, of which the first {MOST_INTERFACES} are read", ENTRY)
    yield from walk.state("mac", BRIDGE_ADDRESS, weight=60)
    yield from _addresses(walk)
    yield from _votes(walk)


def _indexes(walk: Walk) -> list[str]:
    found: dict[str, None] = {}
    for column in (DESCRIPTION, TYPE, ADDRESS, NAME):
        found |= dict.fromkeys(walk.column(column))
    return [index for index in found if len(index) <= LONGEST_INDEX]


def _interface(walk: Walk, index: str) -> Iterator[Statement]:
    component = f"interface/{index}"
    yield from walk.state("name", f"{DESCRIPTION}.{index}", component=component, weight=40)
    yield from walk.state("name", f"{NAME}.{index}", component=component, weight=50)
    yield from walk.state("alias", f"{ALIAS}.{index}", component=component)
    yield from walk.state("mac", f"{ADDRESS}.{index}", component=component)
    yield from walk.state("type", f"{TYPE}.{index}", read=_type, component=component)
    yield from walk.state("status", f"{STATUS}.{index}", read=_state, component=component)
    yield from walk.state("admin_status", f"{ADMIN}.{index}", read=_admin_state, component=component)
    yield from _speed(walk, index, component)


def _speed(walk: Walk, index: str, component: str) -> Iterator[Statement]:
    """Speed by ifHighSpeed, which counts millions, else by ifSpeed, which stops at 4,294,967,295."""
    high, low = walk.integer(f"{HIGH_SPEED}.{index}"), walk.integer(f"{SPEED}.{index}")
    if high and high > 0:
        yield from walk.fact(
            "speed", high * 1_000_000, f"{HIGH_SPEED}.{index}", component=component, unit="bits_per_second"
        )
    elif low and 0 < low < 4_294_967_295:
        yield from walk.fact("speed", low, f"{SPEED}.{index}", component=component, unit="bits_per_second")


def _addresses(walk: Walk) -> Iterator[Statement]:
    """MACs of ports and radios; made-up ones (bridges, containers, tunnels) only where the device has no other."""
    places: dict[str, str] = {}
    for index, binding in walk.column(ADDRESS).items():
        address = _mac(binding)
        if address and walk.integer(f"{TYPE}.{index}") in (None, 6, 62, 69, 71, 117):
            places.setdefault(address, index)
    universal = [address for address in sorted(places) if not locally_administered(address)]
    for address in (universal or sorted(places))[:MOST_ADDRESSES]:
        yield from walk.fact("mac", address, f"{ADDRESS}.{places[address]}", weight=50)


def _votes(walk: Walk) -> Iterator[Statement]:
    if (walk.integer(BRIDGE_PORTS) or 0) >= SWITCH_PORTS:
        yield from walk.vote("switch", 45, "bridge_ports", BRIDGE_PORTS)
    elif len(walk.column(BRIDGE_PORT_INTERFACES)) >= SWITCH_PORTS:
        yield from walk.vote("switch", 45, "bridge_ports", BRIDGE_PORT_INTERFACES)
    radios = [index for index in walk.column(TYPE) if walk.integer(f"{TYPE}.{index}") == 71]
    if radios:  # printers and computers have one, access points one for each band
        yield from walk.vote("access point", 40 if len(radios) > 1 else 25, "radios", f"{TYPE}.{radios[0]}")


def _mac(binding: Binding) -> str:
    try:
        return as_mac(binding)
    except ValueError:
        return ""


def _type(binding: Binding) -> str:
    number = as_integer(binding)
    return TYPES.get(number, str(number))


def _state(binding: Binding) -> str:
    return STATES.get(as_integer(binding), "")


def _admin_state(binding: Binding) -> str:
    return ADMIN_STATES.get(as_integer(binding), "")
