"""The tables of one switch, typed: its ports, what it has learned where, which neighbours it hears, its ARP entries.

A table that the device does not have is empty, a value that cannot be read is left out: nothing here raises for what
a device sent, and nothing is concluded. Ports of an aggregate are one: what is learned at either is learned at it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from collector.facts import mac as sound_mac
from collector.knowledge import arp_tables, forwarding, interfaces
from collector.topology import heard
from collector.topology.heard import Neighbour
from collector.topology.ports import Port, read_ports
from collector.walks import VIEW, Walk, stands_apart
from stocktake import ber
from stocktake.values import Binding

NAME = "1.3.6.1.2.1.1.5.0"  # sysName
MOST_LEARNED = 50_000  # rows of one table, as agents walk no more
SELF, INVALID = 4, 2  # dot1dTpFdbStatus: the switch's own, no longer valid
SENT_ONLY = (f"{forwarding.LEARNED_PORTS}.", f"{forwarding.LEARNED_HOW}.")
WITH_VLAN = (f"{forwarding.VLAN_LEARNED_PORTS}.", f"{forwarding.VLAN_LEARNED_HOW}.")
BULKY = (*SENT_ONLY, *WITH_VLAN, *forwarding.OF_MAKERS)
NO_VLAN, LAST_VLAN = 0, 4094

Learned = dict[tuple[int, str], int]


class Arp(NamedTuple):
    """Who has an address, and whether the router has heard from it within half a minute."""

    mac: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """What one switch or router says of the network around it.

    `forwarding` is (VLAN, MAC) → interface; VLAN 0 where the switch does not tell VLANs. `macs` are its own.
    `partial`: a table was cut, so what is missing in it means nothing.
    """

    device: str
    name: str = ""
    base_mac: str = ""
    macs: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    ports: Mapping[int, Port] = field(default_factory=dict)
    forwarding: Mapping[tuple[int, str], int] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()
    arp: Mapping[str, Arp] = field(default_factory=dict)
    ageing_seconds: int | None = None
    partial: bool = False


def read(device: str, groups: Mapping[str, Iterable[Binding]], cut: Collection[str] = ()) -> Tables:
    """The tables that the groups of one examination hold; `group@10` is what a group answered in the view of VLAN 10.

    `cut` names the groups that were stopped early. Groups that say nothing of topology may be left out or given.
    """
    plain: dict[str, list[Binding]] = {}
    views: dict[int, list[Binding]] = {}
    bulk: list[Binding] = []
    for name in sorted(groups):
        base, _, view = name.partition(VIEW)
        if view.isdigit() and stands_apart(name):
            views.setdefault(int(view), []).extend(groups[name])
            continue
        rest = plain.setdefault(base, [])
        for binding in groups[name]:
            (bulk if binding.oid.startswith(BULKY) else rest).append(binding)
    walk = Walk(plain)
    ports = read_ports(walk)
    learned = _learned(walk, ports, bulk)
    for vlan in sorted(views):
        learned |= _of_view(walk, vlan, views[vlan], ports)
    own = frozenset(_own_macs(walk, ports))
    return Tables(
        device=device,
        name=walk.text(NAME),
        base_mac=_scalar_mac(walk, interfaces.BRIDGE_ADDRESS) or heard.own_chassis(walk),
        macs=own,
        addresses=frozenset(walk.column(arp_tables.OWN_ADDRESSES)),
        ports=ports,
        forwarding={key: port for key, port in learned.items() if key[1] not in own},
        neighbours=tuple(heard.neighbours(walk, ports)),
        arp={entry.address: Arp(entry.mac, entry.confirmed) for entry in _entries(walk)},
        ageing_seconds=walk.integer(forwarding.AGEING_SECONDS),
        partial=any(name.partition(VIEW)[0] in forwarding.LEARNED for name in cut),
    )


def _entries(walk: Walk) -> list[arp_tables.Entry]:
    """Entries so that the confirmed one of an address comes last, and stands."""
    return sorted(arp_tables.entries(walk), key=lambda entry: (entry.confirmed, entry.mac, entry.interface))


def _own_macs(walk: Walk, ports: Mapping[int, Port]) -> Iterator[str]:
    yield from (port.mac for port in ports.values() if port.mac)
    yield from (found for found in (_scalar_mac(walk, interfaces.BRIDGE_ADDRESS), heard.own_chassis(walk)) if found)


def _scalar_mac(walk: Walk, oid: str) -> str:
    binding = walk.get(oid)
    return sound_mac(ber.octets(binding) or b"") if binding else ""


# ------------------------------------------------------------------------------------------------ forwarding tables


class _Rows(NamedTuple):
    """The two columns of a forwarding table, by index."""

    ports: dict[str, int]
    how: dict[str, int]


def _rows(bindings: Iterable[Binding], roots: tuple[str, str]) -> _Rows:
    rows, (where, how) = _Rows({}, {}), roots
    for binding in bindings:
        oid = binding.oid
        if oid.startswith(where):
            rows.ports[oid[len(where) :]] = ber.integer(binding) or 0
        elif oid.startswith(how):
            rows.how[oid[len(how) :]] = ber.integer(binding) or 0
        if len(rows.ports) >= MOST_LEARNED:
            break
    return rows


def _learned(walk: Walk, ports: Mapping[int, Port], bulk: list[Binding]) -> Learned:
    """What is learned, by VLAN where the switch tells them, else in VLAN 0.

    Where it has both tables, the one with VLANs holds all; some fill only the other, or one of their maker's.
    """
    place = _places(walk, ports)
    vlan_of = _vlans(walk)
    learned = _of_makers(bulk, ports) | {
        (vlan_of.get(database, int(database)), found): interface
        for database, port, found in _sound(_rows(bulk, WITH_VLAN))
        if (interface := place(port))
    }
    known = {found for _, found in learned}
    for _, port, found in _sound(_rows(bulk, SENT_ONLY)):
        if found not in known and (interface := place(port)):
            learned[NO_VLAN, found] = interface
    return learned


def _of_makers(bulk: list[Binding], ports: Mapping[int, Port]) -> Learned:
    """What is learned by makers' own tables, which tell interfaces and not bridge ports."""
    learned: Learned = {}
    mine = (binding for binding in bulk if binding.oid.startswith(forwarding.OF_MAKERS))
    for row in map(forwarding.row_of_maker, islice(mine, MOST_LEARNED)):
        if row is not None and (found := _mac(row[0])) and row[2] > 0:
            port = ports.get(row[2])
            learned[_vlan(row[1]), found] = port.lag or row[2] if port else row[2]
    return learned


def _vlan(arc: str) -> int:
    return int(arc) if int(arc) <= LAST_VLAN else NO_VLAN


def _of_view(walk: Walk, vlan: int, bindings: list[Binding], ports: Mapping[int, Port]) -> Learned:
    """What is learned in the view of one VLAN, which numbers its bridge ports for itself."""
    base = f"{forwarding.BASE_PORT_INTERFACES}."
    own = {binding.oid[len(base) :]: ber.integer(binding) or 0 for binding in bindings if binding.oid.startswith(base)}
    place = _places(walk, ports, own)
    rows = _sound(_rows(bindings, SENT_ONLY))
    return {(vlan, found): interface for _, port, found in rows if (interface := place(port))}


def _sound(rows: _Rows) -> Iterator[tuple[str, int, str]]:
    """(filtering database, bridge port, MAC) of every row that was learned or set; no group, no own address."""
    for index, port in rows.ports.items():
        if port < 1 or rows.how.get(index) in (SELF, INVALID):
            continue
        database, found = ("0", _mac(index)) if index.count(".") == 5 else _split(index)
        if found:
            yield database, port, found


def _split(index: str) -> tuple[str, str]:
    database, _, rest = index.partition(".")
    return database, _mac(rest)


@lru_cache(maxsize=16_384)  # all switches of a site have the same MACs, and most of the time goes here
def _mac(index: str) -> str:
    """The MAC of six arcs, or "" where they are none."""
    try:
        return sound_mac(bytes(map(int, index.split("."))))
    except ValueError:
        return ""


def _places(walk: Walk, ports: Mapping[int, Port], own: Mapping[str, int] | None = None) -> Callable[[int], int]:
    """Bridge port → interface, that of the aggregate where the port is in one; 0 where the switch has no such port."""
    told = {index: ber.integer(binding) or 0 for index, binding in walk.column(forwarding.BASE_PORT_INTERFACES).items()}
    interface_of = {int(index): interface for index, interface in {**told, **(own or {})}.items() if index.isdigit()}

    @cache
    def place(bridge_port: int) -> int:
        interface = interface_of.get(bridge_port, 0 if interface_of else bridge_port)
        port = ports.get(interface)
        return port.lag or interface if port else interface

    return place


def _vlans(walk: Walk) -> dict[str, int]:
    """Filtering database → VLAN, where one VLAN has it alone."""
    found: dict[str, list[int]] = {}
    for index, binding in walk.column(forwarding.VLAN_DATABASES).items():
        vlan = index.rpartition(".")[2]
        if vlan.isdigit():
            found.setdefault(str(ber.integer(binding)), []).append(int(vlan))
    return {database: vlans[0] if len(vlans) == 1 else NO_VLAN for database, vlans in found.items()}
