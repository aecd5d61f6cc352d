"""IF-MIB (RFC 2863) and the base group of BRIDGE-MIB (RFC 4188): interfaces, their MACs, and whether it is a switch.

Walks hold what their recorder asked for: any column may be missing, ifIndex above all, so the rows are the union of
the columns that are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from collector.facts import locally_administered
from collector.knowledge import (
    LONGEST_INDEX,
    Ask,
    Reader,
    Statement,
    Walk,
    as_integer,
    as_mac,
    as_text,
)
from stocktake.values import Binding

ENTRY = "1.3.6.1.2.1.2.2.1"
EXTENDED = "1.3.6.1.2.1.31.1.1.1"
DESCRIPTION, TYPE, SPEED, ADDRESS, ADMIN, STATUS = (f"{ENTRY}.{number}" for number in (2, 3, 5, 6, 7, 8))
NAME, HIGH_SPEED, ALIAS = (f"{EXTENDED}.{number}" for number in (1, 15, 18))
BRIDGE = "1.3.6.1.2.1.17"
BRIDGE_ADDRESS = "1.3.6.1.2.1.17.1.1.0"
BRIDGE_PORTS = "1.3.6.1.2.1.17.1.2.0"
BRIDGE_PORT_INTERFACES = "1.3.6.1.2.1.17.1.4.1.2"  # dot1dBasePortIfIndex
#: columns with a row for each bridged port: dot1dBasePortIfIndex, dot1qPvid, dot1dStpPortState
BRIDGED = (BRIDGE_PORT_INTERFACES, "1.3.6.1.2.1.17.7.1.4.5.1.1", "1.3.6.1.2.1.17.2.15.1.3")

ASKS = (
    Ask("interfaces", tables=(DESCRIPTION, TYPE, SPEED, ADDRESS, ADMIN, STATUS, NAME, HIGH_SPEED, ALIAS)),
    Ask("bridge", scalars=(BRIDGE_ADDRESS, BRIDGE_PORTS), tables=(BRIDGE_PORT_INTERFACES,)),
)

#: ifType (IANAifType-MIB) → word; only what a school meets
TYPES = {6: "ethernet", 23: "ppp", 24: "loopback", 53: "virtual", 62: "ethernet", 69: "ethernet", 71: "wireless",
         94: "dsl", 97: "dsl", 117: "ethernet", 131: "tunnel", 135: "vlan", 136: "vlan", 161: "aggregate",
         166: "mpls", 209: "bridge", 244: "mobile", 251: "dsl", 56: "fibre channel"}  # fmt: skip
LINES = (94, 97, 230, 238, 244, 250, 251)  # DSL, mobile and fibre lines of a provider
WITH_ADDRESSES = (None, 6, 62, 69, 71, 117)  # types of interfaces whose MACs are the device's own; or none was told
STATES = {1: "up", 2: "down", 3: "testing", 5: "dormant", 6: "not present", 7: "lower layer down"}
MOST_INTERFACES = 512
MOST_ADDRESSES = 64  # MACs of one device that identify it: a large switch has hundreds, all of the same block
SWITCH_PORTS = 4  # bridges with fewer ports are access points, phones and computers


def read(walk: Walk) -> Iterator[Statement]:
    """Every interface as a component; the device's MACs; votes for switch and access point."""
    if not any(walk.has(root) for root in (ENTRY, EXTENDED, BRIDGE)):
        return
    there, named = _there(walk), walk.column(NAME)
    kept = frozenset(islice(there, MOST_INTERFACES))
    if len(there) > len(kept):
        yield from walk.unread(f"{len(there)} interfaces, of which the first {MOST_INTERFACES} are read", ENTRY)
    for name, column, reader in TOLD:
        weight = 60 if column == ADMIN else 50
        yield from walk.column_states(name, column, component="interface", read=reader, weight=weight, only=kept)
    yield from walk.column_states("name", DESCRIPTION, component="interface", read=as_text, only=kept - named.keys())
    yield from walk.column_states("description", DESCRIPTION, component="interface", only=kept & _other_names(walk))
    yield from _speeds(walk, kept)
    yield from walk.state("mac", BRIDGE_ADDRESS, weight=60)
    yield from _addresses(walk)
    yield from _votes(walk)


def _other_names(walk: Walk) -> set[str]:
    """Interfaces whose ifDescr is not their ifName: neighbours name ports by either."""
    named, described = walk.column(NAME), walk.column(DESCRIPTION)
    return {index for index, name in named.items() if index in described and described[index].value != name.value}


def _there(walk: Walk) -> dict[str, None]:
    """The indexes of all interfaces that a column tells of."""
    found: dict[str, None] = {}
    for column in (DESCRIPTION, TYPE, ADDRESS, NAME):
        found.update(dict.fromkeys(walk.column(column)))
    return {index: None for index in found if len(index) <= LONGEST_INDEX}


def _speeds(walk: Walk, kept: frozenset[str]) -> Iterator[Statement]:
    """Speed by ifHighSpeed, which counts millions, else by ifSpeed, which stops at 4,294,967,295."""
    high = {index for index, binding in walk.column(HIGH_SPEED).items() if binding.value.strip(b"\0")}
    for column, reader, only in ((HIGH_SPEED, _high_speed, kept & high), (SPEED, _low_speed, kept - high)):
        yield from walk.column_states(
            "speed", column, component="interface", read=reader, unit="bits_per_second", only=only
        )


def _addresses(walk: Walk) -> Iterator[Statement]:
    """MACs of ports and radios; made-up ones (bridges, containers, tunnels) only where the device has no other."""
    places: dict[str, str] = {}
    types = walk.numbers(TYPE)
    for index, binding in walk.column(ADDRESS).items():
        if types.get(index) in WITH_ADDRESSES and (address := _mac(binding)):
            places.setdefault(address, index)
    universal = [address for address in sorted(places) if not locally_administered(address)]
    for address in (universal or sorted(places))[:MOST_ADDRESSES]:
        yield from walk.fact("mac", address, f"{ADDRESS}.{places[address]}", weight=50)


def _votes(walk: Walk) -> Iterator[Statement]:
    ports = walk.integer(BRIDGE_PORTS) or 0
    bridged = next((column for column in BRIDGED if len(walk.column(column)) >= SWITCH_PORTS), "")
    if ports >= SWITCH_PORTS or bridged:
        yield from walk.vote("switch", 45, "bridge_ports", BRIDGE_PORTS if ports >= SWITCH_PORTS else bridged)
    types = walk.numbers(TYPE)
    radios = [index for index, kind in types.items() if kind == 71]
    if radios:  # printers and computers have one, access points one for each band
        yield from walk.vote("access point", 40 if len(radios) > 1 else 25, "radios", f"{TYPE}.{radios[0]}")
    lines = [index for index, kind in types.items() if kind in LINES]
    if lines:
        yield from walk.vote("router", 30, "access_line", f"{TYPE}.{lines[0]}")


def _mac(binding: Binding) -> str:
    try:
        return as_mac(binding)
    except ValueError:
        return ""


def _type(binding: Binding) -> str:
    number = as_integer(binding)
    return TYPES.get(number) or str(number)


def _state(binding: Binding) -> str:
    return STATES.get(as_integer(binding), "")


def _switched_off(binding: Binding) -> str:
    """A port that was switched off is no port that fails."""
    return "disabled" if as_integer(binding) == 2 else ""


def _high_speed(binding: Binding) -> int | str:
    return max(as_integer(binding), 0) * 1_000_000 or ""


def _low_speed(binding: Binding) -> int | str:
    speed = as_integer(binding)
    return speed if 0 < speed < 4_294_967_295 else ""


#: what a column tells of an interface, and how its value is read
TOLD: tuple[tuple[str, str, Reader], ...] = (
    ("name", NAME, as_text),
    ("alias", ALIAS, as_text),
    ("mac", ADDRESS, as_mac),
    ("type", TYPE, _type),
    ("status", STATUS, _state),
    ("status", ADMIN, _switched_off),
)
