"""Which switches are wired to which: who is heard at which port, and what that makes of ports that share a wire.

Rules
1. A neighbour is a switch by its MAC, else by its name or its address, where only one has that.
2. Its port is the one it names; else the one where it hears us back, if there is one such.
3. Ports that hear each other share a wire. More than two on one wire have something unread between them.
4. A wire between two switches is standby where spanning tree blocks an end, or where neither has learned anything at it
   although both have learned elsewhere.

It knows nothing of hosts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collector.topology import ports
from collector.topology.heard import Neighbour
from collector.topology.network import Link, Place
from collector.topology.tables import NO_VLAN, Tables

ORDER = ("lldp", "edp", "cdp", "forwarding")


@dataclass
class Switch:
    """A switch as it is reasoned about: where each MAC is, and what it leads to.

    `where` has the MACs that are learned at one port; `several` those at more (a router with a leg in each VLAN).
    """

    tables: Tables
    where: dict[str, int] = field(default_factory=dict)
    several: dict[str, dict[int, int]] = field(default_factory=dict)
    busy: set[int] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The device's id."""
        return self.tables.device

    def place(self, port: int) -> Place:
        """A port, as the aggregate that it is a member of."""
        known = self.tables.ports.get(port)
        return Place(self.id, known.lag or port if known else port)

    def label(self, port: int) -> str:
        """A port as people read it."""
        known = self.tables.ports.get(port)
        return f"{self.tables.name or self.id} {known.name if known and known.name else f'port {port}'}"


@dataclass(frozen=True, slots=True)
class Wire:
    """Ports on one wire, and who told."""

    ends: tuple[Place, ...]
    members: tuple[Place, ...]
    told: str
    standby: bool = False
    why: str = ""


def prepare(switches: Iterable[Tables]) -> dict[str, Switch]:
    """Switches by id, in order of id; ValueError where two are the same device."""
    prepared: dict[str, Switch] = {}
    for tables in sorted(switches, key=lambda tables: tables.device):
        if tables.device in prepared:
            raise ValueError(f"two tables of the device {tables.device}; give the newest of each")
        prepared[tables.device] = _switch(tables)
    return prepared


def _switch(tables: Tables) -> Switch:
    switch = Switch(tables)
    for (vlan, mac), port in tables.forwarding.items():
        switch.busy.add(port)
        known = switch.where.setdefault(mac, port)
        if known != port or mac in switch.several:
            switch.several.setdefault(mac, {})[vlan] = port
    for mac in switch.several:
        switch.several[mac] = {vlan: port for (vlan, other), port in tables.forwarding.items() if other == mac}
        del switch.where[mac]
    return switch


# ------------------------------------------------------------------------------------------------ who is heard


class Directory:
    """Which switch a neighbour is."""

    def __init__(self, switches: Mapping[str, Switch]) -> None:
        self.by_mac = _only((mac, key) for key, switch in switches.items() for mac in _macs(switch))
        self._by_name = _only((_bare(s.tables.name), key) for key, s in switches.items() if s.tables.name)
        self._by_address = _only((address, key) for key, s in switches.items() for address in s.tables.addresses)

    def of(self, neighbour: Neighbour) -> str:
        """The id of the switch that a neighbour is, or ""."""
        if neighbour.mac in self.by_mac:
            return self.by_mac[neighbour.mac]
        by_name = self._by_name.get(_bare(neighbour.name), "") if neighbour.name else ""
        return by_name or self._by_address.get(neighbour.address, "")


def _macs(switch: Switch) -> set[str]:
    return {*switch.tables.macs, switch.tables.base_mac} - {""}


def _only(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What one alone claims."""
    claims: dict[str, set[str]] = {}
    for value, key in pairs:
        claims.setdefault(value, set()).add(key)
    return {value: next(iter(keys)) for value, keys in claims.items() if len(keys) == 1}


def _bare(name: str) -> str:
    """A name without its domain, as neighbours shorten it."""
    return name.casefold().partition(".")[0]


@dataclass(frozen=True, slots=True)
class _Hearing:
    """`far` is heard at `here`; `there` is its port, where that is known."""

    here: Place
    member: Place
    far: str
    there: int
    told: str


def wires(switches: Mapping[str, Switch], directory: Directory) -> list[Wire]:
    """The wires that neighbours tell of, in order of their ends."""
    hearings = sorted(
        _hearings(switches, directory), key=lambda h: (h.here, ORDER.index(h.told), h.far, h.there, h.member)
    )
    joined = _Joined()
    backs: dict[tuple[str, str], set[int]] = {}
    for hearing in hearings:
        backs.setdefault((hearing.here.device, hearing.far), set()).add(hearing.here.port)
    for hearing in hearings:
        there = hearing.there or _back(backs, hearing)
        if there:
            joined.join(hearing.here, Place(hearing.far, there), hearing.told, hearing.member)
    return [_judged(switches, wire) for wire in joined.wires()]


def _hearings(switches: Mapping[str, Switch], directory: Directory) -> Iterator[_Hearing]:
    for key, switch in switches.items():
        for neighbour in switch.tables.neighbours:
            far = directory.of(neighbour)
            if far and far != key:
                other = switches[far]
                found = ports.find(other.tables.ports, neighbour.words)
                there = other.place(found).port if found else 0
                yield _Hearing(switch.place(neighbour.port), Place(key, neighbour.port), far, there, neighbour.told)


def _back(backs: Mapping[tuple[str, str], set[int]], hearing: _Hearing) -> int:
    """The port at which the far switch hears us, where both hear each other at one port only."""
    ours = backs[hearing.here.device, hearing.far]
    theirs = backs.get((hearing.far, hearing.here.device), set())
    return next(iter(theirs)) if len(ours) == len(theirs) == 1 else 0


class _Joined:
    """Ports that share a wire, as they are joined two by two, whatever the order."""

    def __init__(self) -> None:
        self._of: dict[Place, set[Place]] = {}
        self._members: dict[Place, set[Place]] = {}
        self._told: dict[Place, str] = {}

    def join(self, first: Place, second: Place, told: str, member: Place | None = None) -> None:
        """Put two ports on one wire."""
        together = self._of.get(first, {first}) | self._of.get(second, {second})
        for place in together:
            self._of[place] = together
        for place in (first, second):
            self._told[place] = min(self._told.get(place, told), told, key=ORDER.index)
        if member is not None:
            self._members.setdefault(first, set()).add(member)

    def wires(self) -> Iterator[Wire]:
        """Each wire once, in order."""
        for first in sorted(self._of):
            ends = tuple(sorted(self._of[first]))
            if ends[0] == first:
                members = {member for end in ends for member in self._members.get(end, {end})}
                yield Wire(ends, tuple(sorted(members)), min((self._told[end] for end in ends), key=ORDER.index))


def _judged(switches: Mapping[str, Switch], wire: Wire) -> Wire:
    """The wire with whether it is standby, and why."""
    if len(wire.ends) != 2:
        return wire
    for end in wire.ends:
        port = switches[end.device].tables.ports.get(end.port)
        if port and port.blocked:
            why = f"spanning tree blocks {switches[end.device].label(end.port)}"
            return Wire(wire.ends, wire.members, wire.told, standby=True, why=why)
    if all(switches[end.device].busy and end.port not in switches[end.device].busy for end in wire.ends):
        why = "neither end has learned anything here, though both have elsewhere"
        return Wire(wire.ends, wire.members, wire.told, standby=True, why=why)
    return wire


def join(found: Sequence[tuple[Place, Place]], known: Sequence[Wire]) -> list[Wire]:
    """Wires that were reasoned, pair by pair, as far as they are not known already."""
    joined, taken = _Joined(), {end for wire in known if not wire.standby for end in wire.ends}
    for first, second in sorted(found):
        if first not in taken or second not in taken:
            joined.join(first, second, "forwarding")
    return list(joined.wires())


def links(switches: Mapping[str, Switch], wired: Iterable[Wire]) -> Iterator[Link]:
    """Wires as links, each with its reason in words."""
    for wire in sorted(wired, key=lambda wire: wire.ends):
        yield Link(wire.ends, wire.members, wire.told, wire.standby, _reason(switches, wire))


def _reason(switches: Mapping[str, Switch], wire: Wire) -> str:
    names = " and ".join(switches[end.device].label(end.port) for end in wire.ends)
    how = "reach each other, by what both have learned" if wire.told == "forwarding" else "hear each other"
    said = f"{names} {how}" + ("" if wire.told == "forwarding" else f" ({wire.told.upper()})")
    if len(wire.members) > len(wire.ends):
        said += f", by {len(wire.members)} ports in aggregates"
    if len(wire.ends) > 2:
        said += "; something that was not read stands between them"
    return f"{said}; standby: {wire.why}" if wire.standby else said


__all__ = ("NO_VLAN", "Directory", "Switch", "Wire", "join", "links", "prepare", "wires")
