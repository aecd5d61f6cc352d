"""At which port each MAC hangs: the port that leads to no other switch, on the switch closest to it.

Rules, for one MAC in one VLAN
1. A switch that has learned it at a port that leads to no other switch is a candidate. One candidate is where it hangs,
   unless more of the switches that know the way to it point elsewhere than to it.
2. Of several candidates (it was moved, and a table is older than another), the one is believed that other switches
   point to, if there is one such. Else it is unknown.
3. Without a candidate it hangs on the wire that all who see it point into: behind something unread between managed
   switches, if two or more point into that wire; behind a switch whose table is empty, at the port towards it. Where a
   switch on that wire has a table, and the MAC is not in it, it is unknown: it may hang on that switch.
4. A port most of whose MACs hang elsewhere by rules 1 to 3 leads to a switch that is not known; what was put there is
   taken back.

It does not know what the MACs belong to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from collector.topology.bearings import Bearings
from collector.topology.network import Place
from collector.topology.wiring import NO_VLAN, Switch, Wire

Seen = Mapping[str, int]  # switch → port, of one MAC in one VLAN

AT_EDGE, ON_WIRE, TOWARDS_UNREAD = "edge", "wire", "unread"


class Verdict(NamedTuple):
    """Where a MAC hangs (None: unknown), by which of the rules, and why."""

    place: Place | None
    kind: str
    reason: str


@dataclass
class Ground:
    """What is known of the switches when MACs are placed."""

    switches: Mapping[str, Switch]
    bearings: Bearings
    #: the ports that lead to another switch
    leading: set[tuple[str, int]] = field(default_factory=set)
    #: a port → all that share its wire
    shared: dict[Place, set[Place]] = field(default_factory=dict)

    def label(self, place: Place) -> str:
        """A port as people read it."""
        return self.switches[place.device].label(place.port)


def ground(switches: Mapping[str, Switch], bearings: Bearings, wired: Iterable[Wire]) -> Ground:
    """What is known, with the ports that lead to switches."""
    found = Ground(switches, bearings)
    found.leading = {Place(key, port) for key, reached in bearings.items() for port in reached.values()}
    for wire in wired:
        found.leading.update(wire.ends)
        if not wire.standby:
            together = {*wire.ends}.union(*(found.shared.get(end, set()) for end in wire.ends))
            found.shared |= dict.fromkeys(together, together)
    return found


def observations(switches: Mapping[str, Switch], own: Mapping[str, str]) -> Iterator[tuple[str, int, dict[str, int]]]:
    """(MAC, VLAN, who sees it where), in order. VLANs are told apart for MACs that a switch has at several ports."""
    single: dict[str, dict[str, int]] = {}
    for key, switch in switches.items():
        for mac, port in switch.where.items():
            single.setdefault(mac, {})[key] = port
    several = sorted({mac for switch in switches.values() for mac in switch.several} - own.keys())
    for mac in several:
        yield from ((mac, vlan, seen) for vlan, seen in _by_vlan(switches, mac, single.pop(mac, {})))
    for mac in sorted(single.keys() - own.keys()):
        yield mac, NO_VLAN, single[mac]


def _by_vlan(
    switches: Mapping[str, Switch], mac: str, single: Mapping[str, int]
) -> Iterator[tuple[int, dict[str, int]]]:
    """Who sees a MAC where, in each VLAN that any switch tells; a switch that tells none is asked in all."""
    tell = {key: switch.several[mac] for key, switch in switches.items() if mac in switch.several}
    for key in single:
        tell[key] = {vlan: port for (vlan, other), port in switches[key].tables.forwarding.items() if other == mac}
    for vlan in sorted({vlan for told in tell.values() for vlan in told if vlan != NO_VLAN}):
        seen = {key: told.get(vlan, told.get(NO_VLAN, 0)) for key, told in tell.items()}
        yield vlan, {key: port for key, port in seen.items() if port}


def place(known: Ground, seen: Seen) -> Verdict:
    """Where one MAC hangs."""
    candidates = [Place(*here) for here in seen.items() if here not in known.leading]
    if not candidates:
        return _on_wire(known, seen)
    votes = {here: _votes(known, seen, here, candidates) for here in candidates}
    if len(candidates) == 1:
        return _alone(known, candidates[0], *votes[candidates[0]])
    pointed = [here for here in candidates if votes[here][0] and votes[here][0] >= votes[here][1]]
    if len(pointed) == 1:
        here = pointed[0]
        others = ", ".join(known.label(other) for other in sorted(candidates) if other != here)
        reason = f"{votes[here][0]} switches point to {known.label(here)}; older tables have it at {others}"
        return Verdict(here, AT_EDGE, reason)
    return Verdict(None, "", "seen at several edge ports: " + ", ".join(map(known.label, sorted(candidates))))


def _votes(known: Ground, seen: Seen, here: Place, candidates: Iterable[Place]) -> tuple[int, int]:
    """How many other switches that know the way point to a candidate, and how many point elsewhere."""
    standing = {candidate.device for candidate in candidates}
    ways = [(known.bearings[key].get(here.device), port) for key, port in seen.items() if key not in standing]
    return sum(way == port for way, port in ways), sum(way not in (None, port) for way, port in ways)


def _alone(known: Ground, here: Place, towards: int, elsewhere: int) -> Verdict:
    if elsewhere > towards:
        reason = f"{known.label(here)} has it, but {elsewhere} switches point elsewhere: a table is older than another"
        return Verdict(None, "", reason)
    pointing = f", and {towards} switches point to it" if towards else ""
    return Verdict(here, AT_EDGE, f"learned at {known.label(here)}, which leads to no other switch{pointing}")


def _on_wire(known: Ground, seen: Seen) -> Verdict:
    """Where a MAC hangs that is seen only at ports that lead to switches."""
    wires: dict[Place, list[Place]] = {}
    for here in map(Place._make, sorted(seen.items())):
        together = known.shared.get(here)
        if together and all(seen.get(end.device) in (None, end.port) for end in together):
            wires.setdefault(min(together), []).append(here)
    if len(wires) != 1:
        reason = "seen only at ports that lead to other switches, which do not agree where it is"
        return Verdict(None, "", reason)
    first, pointing = next(iter(wires.items()))
    silent = sorted(end for end in known.shared[first] if end.device not in seen)
    if len(pointing) > 1:
        between = " and ".join(map(known.label, pointing))
        return Verdict(pointing[0], ON_WIRE, f"{between} see it towards each other: it hangs between them")
    names = ", ".join(_named(known.switches[end.device]) for end in silent)
    if silent and all(not known.switches[end.device].busy for end in silent):
        reason = f"learned at {known.label(pointing[0])}, which leads to {names}, whose table is empty"
        return Verdict(pointing[0], TOWARDS_UNREAD, reason)
    return Verdict(None, "", f"behind {known.label(pointing[0])}, but not in the table of {names}")


def _named(switch: Switch) -> str:
    cut = ", which was cut short" if switch.tables.partial else ""
    return f"{switch.tables.name or switch.id}{cut}"


def suspicious(seen: Mapping[tuple[str, int], Seen], verdicts: Mapping[tuple[str, int], Verdict]) -> set[Place]:
    """Ports that were taken for edges, though most of their MACs hang elsewhere (rule 4)."""
    there: Counter[Place] = Counter()
    elsewhere: Counter[Place] = Counter()
    edges: set[tuple[str, int] | None] = {verdict.place for verdict in verdicts.values() if verdict.kind == AT_EDGE}
    for key, where in seen.items():
        found = verdicts[key].place
        for seen_at in where.items():
            if seen_at in edges:
                there[Place(*seen_at)] += found == seen_at
                elsewhere[Place(*seen_at)] += found is not None and found != seen_at
    return {here for here in there if elsewhere[here] > 1 and elsewhere[here] > there[here]}
