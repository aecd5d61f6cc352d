"""At which port a switch reaches another: along the wires that are known, else by what both have learned.

Rules
1. Along wires that carry something, the next hop is known.
2. A switch that has learned another's own MAC at one port reaches it there.
3. Otherwise by hosts that both have learned (Lowekamp, O'Hallaron, Gross 2001): wherever a host is, it is behind port
   `a` of A or behind port `b` of B, if these ports lead to each other. The only pair of ports that fits all hosts
   is the one; one host in `SLACK` may be stale, if no other pair has about as few that do not fit. Where several pairs
   fit, what they share is known.
4. Two switches are neighbours where no third stands between them: none that both reach at these ports, and that
   reaches the two of them at different ports of its own.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from collector.topology.network import Place
from collector.topology.wiring import Directory, Switch, Wire

FEWEST_HOSTS = 3  # that both have learned: with fewer, several pairs of ports always fit
SLACK = 50  # one host in so many may be where it is not

Bearings = dict[str, dict[str, int]]


def along(switches: Mapping[str, Switch], wired: Iterable[Wire]) -> Bearings:
    """Switch → switch → port, along wires that carry something."""
    next_to: dict[str, list[tuple[int, str]]] = {key: [] for key in switches}
    for wire in wired:
        if not wire.standby:
            for end in wire.ends:
                next_to[end.device] += [(end.port, other.device) for other in wire.ends if other.device != end.device]
    return {key: _reached(next_to, key) for key in switches}


def _reached(next_to: Mapping[str, list[tuple[int, str]]], start: str) -> dict[str, int]:
    found: dict[str, int] = {}
    waiting = deque(sorted((port, other) for port, other in next_to[start]))
    while waiting:
        port, key = waiting.popleft()
        if key != start and key not in found:
            found[key] = port
            waiting.extend((port, other) for _, other in sorted(next_to[key]))
    return found


def by_tables(switches: Mapping[str, Switch], directory: Directory, known: Bearings) -> Bearings:
    """The bearings that are known, and those that tables tell of switches that no wire joins."""
    bearings = {key: dict(reached) for key, reached in known.items()}
    learning = sorted(key for key, switch in switches.items() if switch.busy)
    apart = [(a, b) for a, b in combinations(learning, 2) if b not in known[a]]
    if not apart:
        return bearings
    met = {key: _own_met(switch, directory) for key, switch in switches.items()}
    hosts = sorted({mac for s in switches.values() for mac in s.where if mac not in directory.by_mac})
    rows = {key: [switch.where.get(mac, 0) for mac in hosts] for key, switch in switches.items()}
    for first, second in apart:
        there, back = met[first].get(second, 0), met[second].get(first, 0)
        if not (there and back):
            by_hosts = _by_hosts(rows[first], rows[second])
            there, back = there or by_hosts[0], back or by_hosts[1]
        if there:
            bearings[first][second] = there
        if back:
            bearings[second][first] = back
    return bearings


def _own_met(switch: Switch, directory: Directory) -> dict[str, int]:
    """Switch → the port where its own MACs were learned, where that is one."""
    seen: dict[str, set[int]] = {}
    for mac, port in switch.where.items():
        if (key := directory.by_mac.get(mac)) and key != switch.id:
            seen.setdefault(key, set()).add(port)
    return {key: next(iter(found)) for key, found in seen.items() if len(found) == 1}


def _by_hosts(first: Sequence[int], second: Sequence[int]) -> tuple[int, int]:
    """The ports of two switches that lead to each other; 0 where the hosts that both have learned do not tell."""
    both = {pair: count for pair, count in Counter(zip(first, second, strict=True)).items() if all(pair)}
    total = sum(both.values())
    if total < FEWEST_HOSTS:
        return 0, 0
    at_first: Counter[int] = Counter()
    at_second: Counter[int] = Counter()
    for (a, b), count in both.items():
        at_first[a] += count
        at_second[b] += count
    least, most = total - total // SLACK, max(at_second.values())
    misfits = {
        (a, b): total - fitting
        for a, behind in at_first.items()
        if behind + most >= least
        for b, before in at_second.items()
        if (fitting := behind + before - both.get((a, b), 0)) >= least
    }
    few = min(misfits.values(), default=0) * 2
    fitting_pairs = [pair for pair, count in misfits.items() if count <= few]
    ours, theirs = {a for a, _ in fitting_pairs}, {b for _, b in fitting_pairs}
    return (next(iter(ours)) if len(ours) == 1 else 0, next(iter(theirs)) if len(theirs) == 1 else 0)


def neighbouring(bearings: Bearings, wired: Bearings) -> list[tuple[Place, Place]]:
    """Pairs of ports that are next to each other, of switches that no wire joins."""
    return [
        (Place(first, bearings[first][second]), Place(second, bearings[second][first]))
        for first, second in combinations(sorted(bearings), 2)
        if second not in wired[first] and second in bearings[first] and first in bearings[second]
        if not _between(bearings, first, second)
    ]


def _between(bearings: Bearings, first: str, second: str) -> bool:
    ours, theirs = bearings[first], bearings[second]
    for third, reached in bearings.items():
        if third in (first, second) or ours.get(third) != ours[second] or theirs.get(third) != theirs[first]:
            continue
        if reached.get(first) != reached.get(second):
            return True
    return False
