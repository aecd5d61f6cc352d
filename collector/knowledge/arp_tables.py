"""Routers' neighbour tables (ARP, IPv6), which bring the hosts of other VLANs: IP-MIB, IPV6-MIB, CISCO-IETF-IP-MIB.

ipNetToPhysicalTable (RFC 4293), ipNetToMediaTable (RFC 1213), ipv6NetToMediaTable (RFC 2465), cInetNetToMediaTable.

Most routers show the neighbours of a virtual routing table (VRF) in an SNMP context of its own, and tell its name:
cContextMappingTable (CISCO-CONTEXT-MAPPING-MIB: what `snmp-server context NAME vrf VRF` maps), bcmContextMappingTable
(BROCADE-CONTEXT-MAPPING-MIB), aristaVrfTable (ARISTA-VRF-MIB: EOS has a context for each VRF, by community `name@VRF`
too). All of them are indexed by the name. Interfaces have the same number in every context, so that its rows are
further rows of the same tables. vacmContextTable (RFC 3415) would name the contexts of any router, but stands among who
may see what, which nobody asks.

An entry tells that a host was there within the hours after which a table forgets; it is no sign that the host is there
now, whatever its row says, and is stated alike while it lasts. Only an entry in the state `reachable` was confirmed
within half a minute (RFC 4861): `Entry.confirmed` tells that to those who look at presence (`collector/topology`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple

from collector.knowledge import MOST_ROWS, Ask, Statement, Walk, as_mac
from stocktake.values import Binding, Cadence, Condition, Expansion

OLD = "1.3.6.1.2.1.4.22.1"  # ipNetToMediaEntry: the index is interface and IPv4 address
NEW = "1.3.6.1.2.1.4.35.1"  # ipNetToPhysicalEntry: the index is interface, type, length and octets of the address
CISCO = "1.3.6.1.4.1.9.10.86.1.1.3.1"  # cInetNetToMediaEntry: indexed as the new one
OLD_SIX = "1.3.6.1.2.1.55.1.12.1.2"  # ipv6NetToMediaPhysAddress: the index is interface, length and octets
FORWARDING = "1.3.6.1.2.1.4.1.0"  # ipForwarding: 1 forwards
OWN_ADDRESSES = "1.3.6.1.2.1.4.20.1.2"  # ipAdEntIfIndex: the index is an address of the device itself
INTERFACE_MACS = "1.3.6.1.2.1.2.2.1.6"
INTERFACES = ("1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.2.2.1.3", "1.3.6.1.2.1.31.1.1.1.1")

MAKERS = "1.3.6.1.4.1"
CISCO_CONTEXTS = f"{MAKERS}.9.9.468.1.1.1.2"  # cContextMappingVrfName; empty where a context is of no VRF
BROCADE_CONTEXTS = f"{MAKERS}.1588.3.1.7.1.1.1.1.2"  # bcmContextMappingVrfName
ARISTA_VRFS = f"{MAKERS}.30065.3.18.1.1.1.2"  # aristaVrfRoutingStatus

TABLES = (f"{OLD}.2", f"{OLD}.4", f"{NEW}.4", f"{NEW}.6", f"{NEW}.7", OLD_SIX)
CISCO_TABLES = (f"{CISCO}.3", f"{CISCO}.5", f"{CISCO}.6")
FORWARDS = Condition(value_oid=FORWARDING, value_prefix=b"\x01")


def _contexts(
    maker: str, column: str, prefixes: tuple[str, ...], tables: tuple[str, ...] = TABLES, *, separator: str = ""
) -> tuple[Ask, Ask]:
    """The groups that ask routers for the names of their contexts, and for the neighbours in each of them."""
    router = replace(FORWARDS, object_id_prefixes=prefixes)
    return (
        Ask(f"{maker}_contexts", Cadence.TABLES, tables=(column,), condition=router),
        Ask(
            f"{maker}_arp_by_vrf",
            Cadence.TABLES,
            tables=tables,
            condition=replace(router, answered=column),
            expansion=Expansion(column, spelled=True, name_separator=separator),
        ),
    )


ASKS = (
    Ask("arp_tables", Cadence.TABLES, tables=TABLES, condition=FORWARDS),
    Ask(
        "cisco_arp_tables",
        Cadence.TABLES,
        tables=CISCO_TABLES,
        condition=replace(FORWARDS, object_id_prefixes=(f"{MAKERS}.9",)),
    ),
    *_contexts("cisco", CISCO_CONTEXTS, (f"{MAKERS}.9",), (*TABLES, *CISCO_TABLES)),
    *_contexts("brocade", BROCADE_CONTEXTS, (f"{MAKERS}.1588",)),
    *_contexts("arista", ARISTA_VRFS, (f"{MAKERS}.30065",), separator="@"),
)

MOST = 16_384  # entries that are looked at
MOST_HOSTS = 4_096
MOST_ADDRESSES = 8  # of one host: one that has more is a router, or answers for others (proxy ARP)
WEIGHT = 20  # what a router tells of its neighbour outweighs nothing that the device says of itself
OCTETS = range(256)
LOCAL_IS_OWN, INVALID = 5, 2  # of both tables' types
REACHABLE, INVALID_STATE, INCOMPLETE = 1, 5, 7


class Entry(NamedTuple):
    """One entry of a neighbour table. `confirmed`: the router has heard from the host within half a minute."""

    interface: int
    address: str
    mac: str
    confirmed: bool
    oid: str


def read(walk: Walk) -> Iterator[Statement]:
    """Every neighbour as a component that is a device of its own, with its MAC and its addresses."""
    hosts: dict[str, dict[str, Entry]] = {}
    for entry in entries(walk):
        hosts.setdefault(entry.mac, {}).setdefault(entry.address, entry)
    for mac in sorted(hosts)[:MOST_HOSTS]:
        yield from _host(walk, mac, hosts[mac])
    if len(hosts) > MOST_HOSTS:
        yield from walk.unread(f"{len(hosts)} neighbours, of which the first {MOST_HOSTS} are read", f"{OLD}.2")


def _host(walk: Walk, mac: str, known: Mapping[str, Entry]) -> Iterator[Statement]:
    component = f"neighbour/arp {mac}"
    first = min(known.values())
    yield from walk.fact("mac", mac, first.oid, component=component, weight=WEIGHT)
    if len(known) <= MOST_ADDRESSES:
        for address in sorted(known):
            yield from walk.fact("address", address, known[address].oid, component=component, weight=WEIGHT)


def entries(walk: Walk) -> Iterator[Entry]:
    """The sound entries of all tables, `MOST` at most.

    Left out: what is incomplete or invalid, the router's own addresses and MACs, groups and broadcasts, and MACs that
    routers share (VRRP, HSRP, GLBP: `facts.mac`).
    """
    own = {*_own_macs(walk)}
    own_addresses = walk.column(OWN_ADDRESSES)
    for entry in islice(_told(walk), MOST):
        if entry.mac not in own and entry.address not in own_addresses:
            yield entry


def _own_macs(walk: Walk) -> Iterator[str]:
    return (mac for binding in walk.column(INTERFACE_MACS).values() if (mac := _mac(binding)))


def _told(walk: Walk) -> Iterator[Entry]:
    for entry, physical, kind, state in ((NEW, 4, 6, 7), (CISCO, 3, 5, 6), (OLD, 2, 4, 0)):
        for index, binding in _rows(walk, f"{entry}.{physical}"):
            row_kind = walk.integer(f"{entry}.{kind}.{index}")
            row_state = walk.integer(f"{entry}.{state}.{index}") if state else None
            if row_kind != INVALID and row_state not in (INVALID_STATE, INCOMPLETE):
                local = bool(state) and row_kind == LOCAL_IS_OWN
                yield from _entry(index, binding, f"{entry}.{physical}.{index}", row_state, local=local)
    for index, binding in _rows(walk, OLD_SIX):
        yield from _entry(index, binding, f"{OLD_SIX}.{index}", None)


def _entry(index: str, binding: Binding, oid: str, state: int | None, *, local: bool = False) -> Iterator[Entry]:
    mac, (interface, _, rest) = _mac(binding), index.partition(".")
    address = _address(rest)
    if mac and address and not local:
        yield Entry(int(interface), address, mac, state == REACHABLE, oid)


def _address(index: str) -> str:
    """The address that an index ends in (the last 4 arcs, or the last 16), or "" where nobody has it alone.

    Link-local addresses are true on one wire only and locate nobody.
    """
    arcs = [int(arc) for arc in index.split(".") if arc]
    octets = arcs[-4:] if len(arcs) in (4, 6) else arcs[-16:] if len(arcs) in (17, 18) else []
    if not octets or max(octets) > 255:
        return ""
    if len(octets) == 4:  # without the library's objects: a router's table has thousands
        return "" if _is_shared(octets) else "{}.{}.{}.{}".format(*octets)
    address = ipaddress.IPv6Address(bytes(octets))
    if address.is_multicast or address.is_loopback or address.is_unspecified or address.is_link_local:
        return ""
    return str(address)


def _is_shared(octets: list[int]) -> bool:
    """Whether an IPv4 address is loopback, link-local, unspecified, a group, or the broadcast of every network."""
    first = octets[0]
    return first == 127 or 224 <= first < 240 or octets[:2] == [169, 254] or not any(octets) or min(octets) == 255


def _mac(binding: Binding) -> str:
    try:
        return as_mac(binding)
    except ValueError:
        return ""


def _rows(walk: Walk, root: str) -> Iterator[tuple[str, Binding]]:
    """Index → binding of a column, however long: what is too long for one column is read by interface, then by octet.

    The interfaces are those that the device tells of, and those of the first rows.
    """
    first = walk.column(root)
    interfaces = {index.partition(".")[0] for index in chain(first, *(walk.column(column) for column in INTERFACES))}
    numbers = sorted({int(number) for number in interfaces if number.isdigit()})
    for oid, binding in _below(walk, root, numbers):
        yield oid[len(root) + 1 :], binding


def _below(walk: Walk, root: str, arcs: Iterable[int]) -> Iterator[tuple[str, Binding]]:
    column = walk.column(root)
    if len(column) < MOST_ROWS:
        yield from ((f"{root}.{index}", binding) for index, binding in column.items())
        return
    for arc in arcs:
        yield from _below(walk, f"{root}.{arc}", OCTETS)
