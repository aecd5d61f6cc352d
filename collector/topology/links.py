"""All switches of a site as one network: its links, the edge port of every MAC, what stays unknown, what to look at.

Whatever the order of the switches, the answer is the same. Tables of different moments contradict each other; where the
majority does not decide, the answer is unknown, with the reason (`collector/topology/edges.py` has the rules).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from collector.topology import bearings, edges, wiring
from collector.topology.edges import AT_EDGE, ON_WIRE, Ground, Verdict
from collector.topology.heard import Neighbour
from collector.topology.hosts import share
from collector.topology.network import BEHIND_UNREAD_SWITCH, BETWEEN, Attachment, Network, Place, Proposed, Unknown
from collector.topology.tables import NO_VLAN, Tables
from collector.topology.wiring import Directory, Switch, Wire

Verdicts = dict[tuple[str, int], Verdict]  # (MAC, VLAN; 0 where all VLANs agree) → where it hangs


def connect(
    switches: Sequence[Tables],
    known: Mapping[str, str],
    classes: Mapping[str, str] | None = None,
    unexamined: Collection[str] = (),
) -> Network:
    """How the switches and routers of one site hang together, and what hangs at them.

    `known` is MAC → device, of all devices of the register; `classes` device → class; `unexamined` are the devices
    that are known from their neighbours alone. ValueError where two tables are of the same device: give the newest.
    """
    prepared = wiring.prepare(switches)
    directory = Directory(prepared)
    heard = wiring.wires(prepared, directory)
    along = bearings.along(prepared, heard)
    reached = bearings.by_tables(prepared, directory, along)
    wired = [*heard, *wiring.join(bearings.neighbouring(reached, along), heard)]
    ground = edges.ground(prepared, reached, wired)
    seen, verdicts = _verdicts(ground, _own(prepared, directory, wired))
    return Network(
        links=tuple(wiring.links(prepared, wired)),
        attachments=tuple(_attachments(ground, _heard(prepared, directory), verdicts, known, classes or {})),
        unknown=tuple(_unknown(seen, verdicts)),
        proposed=tuple(_proposed(prepared, directory, {m for m, d in known.items() if d not in unexamined})),
        present=frozenset(_present(prepared.values())),
    )


# ------------------------------------------------------------------------------------------------ where MACs hang


def _own(switches: Mapping[str, Switch], directory: Directory, wired: Iterable[Wire]) -> dict[str, str]:
    """MAC → switch, of switches that their wires or tables place. Others, such as plain routers, hang like hosts."""
    placed = {end.device for wire in wired for end in wire.ends} | {key for key, s in switches.items() if s.busy}
    return {mac: key for mac, key in directory.by_mac.items() if key in placed}


def _verdicts(ground: Ground, own: Mapping[str, str]) -> tuple[dict[tuple[str, int], dict[str, int]], Verdicts]:
    seen = {(mac, vlan): where for mac, vlan, where in edges.observations(ground.switches, own)}
    verdicts = {key: edges.place(ground, where) for key, where in seen.items()}
    doubted = edges.suspicious(seen, verdicts)
    for key, verdict in verdicts.items():
        if verdict.place in doubted and verdict.kind == AT_EDGE:
            why = f"most of what {ground.label(verdict.place)} has learned hangs elsewhere: it leads to a switch"
            verdicts[key] = Verdict(None, "", why)
    return seen, verdicts


def _attachments(
    ground: Ground,
    heard: Mapping[Place, Sequence[Neighbour]],
    verdicts: Verdicts,
    known: Mapping[str, str],
    classes: Mapping[str, str],
) -> Iterator[Attachment]:
    at: dict[Place, dict[str, Verdict]] = {}
    for (mac, _), verdict in sorted(verdicts.items()):
        if verdict.place is not None:
            at.setdefault(verdict.place, {})[mac] = verdict
    vlans = _vlans(ground.switches, at)
    for place in sorted(at):
        edge = sorted(mac for mac, verdict in at[place].items() if verdict.kind == AT_EDGE)
        shared = share(edge, heard.get(place, ()), known, classes)
        for mac, verdict in at[place].items():
            how, via, why = shared[mac] if verdict.kind == AT_EDGE else _on_wire(verdict)
            reason = f"{verdict.reason}; {why}" if why else verdict.reason
            yield Attachment(mac, place, tuple(sorted(vlans.get((place, mac), ()))), how, via, reason)


def _on_wire(verdict: Verdict) -> tuple[str, str, str]:
    return (BETWEEN if verdict.kind == ON_WIRE else BEHIND_UNREAD_SWITCH), "", ""


def _heard(switches: Mapping[str, Switch], directory: Directory) -> dict[Place, list[Neighbour]]:
    """Who is heard at each port and is no switch whose tables are here."""
    found: dict[Place, list[Neighbour]] = {}
    for switch in switches.values():
        for neighbour in switch.tables.neighbours:
            if not directory.of(neighbour):
                found.setdefault(switch.place(neighbour.port), []).append(neighbour)
    return found


def _vlans(switches: Mapping[str, Switch], at: Mapping[Place, Iterable[str]]) -> dict[tuple[Place, str], set[int]]:
    """(Port, MAC) → the VLANs in which it was learned there, of MACs that hang at these ports."""
    wanted: dict[str, dict[tuple[int, str], set[int]]] = {}
    for place, macs in at.items():
        wanted.setdefault(place.device, {}).update({(place.port, mac): set() for mac in macs})
    for device, found in wanted.items():
        for (vlan, mac), port in switches[device].tables.forwarding.items():
            if vlan != NO_VLAN and (port, mac) in found:
                found[port, mac].add(vlan)
    return {(Place(device, port), mac): vlans for device, f in wanted.items() for (port, mac), vlans in f.items()}


def _unknown(seen: Mapping[tuple[str, int], Mapping[str, int]], verdicts: Verdicts) -> Iterator[Unknown]:
    for key, verdict in sorted(verdicts.items()):
        if verdict.place is None:
            yield Unknown(key[0], tuple(map(Place._make, sorted(seen[key].items()))), verdict.reason)


# ------------------------------------------------------------------------------------------------ who else is there


def _proposed(switches: Mapping[str, Switch], directory: Directory, examined: Collection[str]) -> Iterator[Proposed]:
    """Neighbours that nobody has examined: once each, at the first port where they are heard."""
    told: set[tuple[str, str]] = set()
    for place, neighbours in sorted(_heard(switches, directory).items()):
        for neighbour in sorted(neighbours, key=lambda n: (n.mac, n.name, n.address, n.told)):
            name = (neighbour.mac, "" if neighbour.mac else neighbour.name.casefold())
            if neighbour.mac in examined or name in told or not any(name):
                continue
            told.add(name)
            where = switches[place.device].label(place.port)
            reason = f"heard at {where} ({neighbour.told.upper()}), and not examined by anyone"
            yield Proposed(neighbour.name, neighbour.mac, neighbour.address, neighbour.device_class, place, reason)


def _present(switches: Iterable[Switch]) -> Iterator[str]:
    """MACs that are there now: a switch has learned or heard them within minutes, or a router has heard from them."""
    for switch in switches:
        yield from switch.where
        yield from switch.several
        yield from (neighbour.mac for neighbour in switch.tables.neighbours if neighbour.mac)
        yield from (entry.mac for entry in switch.tables.arp.values() if entry.confirmed)
