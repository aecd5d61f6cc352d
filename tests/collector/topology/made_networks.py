"""Made-up school networks with their truth: what every switch would have learned, and where everything hangs.

A tree of switches, some links of which are aggregates or run through an unmanaged switch, rings that spanning tree
blocks, and hosts alone, behind phones, hypervisors, access points and hubs. Every host has broadcast once; tables
forget, mostly away from the way to the core, and remember where a host was before it moved.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from random import Random

from collector.topology.heard import Neighbour
from collector.topology.network import Network, Place
from collector.topology.ports import Port
from collector.topology.tables import Tables


@dataclass(frozen=True)
class Recipe:
    """What a network is made of. Shares are from 0 to 1."""

    switches: int = 10
    ports: int = 16  # in use at each switch
    aggregates: float = 0.3
    rings: int = 0
    unmanaged: float = 0.0  # links that run through an unmanaged switch, with hosts on it
    lldp: float = 1.0  # switches that speak it
    read: float = 1.0  # switches that answer SNMP
    forgotten: float = 0.0  # entries away from the way to the core that have aged out
    moved: float = 0.0  # hosts that were elsewhere a moment ago
    chatter: float = 1.0  # switches whose own MAC has been heard
    deep: bool = False  # long chains instead of a broad tree


@dataclass
class Made:
    """A network: what is asked (`tables`, `known`, `classes`), and the truth."""

    tables: list[Tables] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    truth: dict[str, set[Place]] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    wires: set[frozenset[Place]] = field(default_factory=set)  # of switches that are read, next to each other
    standby: set[frozenset[Place]] = field(default_factory=set)


class _Maker:
    def __init__(self, recipe: Recipe, seed: int) -> None:
        self.recipe, self.random = recipe, Random(seed)  # noqa: S311 - a made-up network, no secret
        self.made = Made()
        self.nodes: list[str] = []
        self.links: dict[str, dict[str, int]] = {}  # node → next node → port (0 at unmanaged switches)
        self.used: dict[str, int] = {}
        self.ports: dict[str, dict[int, Port]] = {}
        self.members: dict[Place, list[int]] = {}
        self.blocked: list[tuple[Place, Place]] = []
        self.hosts: dict[str, tuple[str, int]] = {}
        self.before: dict[str, tuple[str, int]] = {}
        self.count = 0

    def make(self) -> Made:
        self.switches = [f"sw{n:02}" for n in range(self.recipe.switches)]
        for number, name in enumerate(self.switches):
            self._node(name)
            if number:
                first = max(0, number - 2) if self.recipe.deep else max(0, (number - 1) // 4 - 1)
                beyond = number if self.recipe.deep or number == 1 else first + 2
                self._connect(self.switches[self.random.randrange(first, beyond)], name)
        for _ in range(self.recipe.rings):
            self._ring()
        self.read = {s for s in self.switches if self.random.random() < self.recipe.read} | {self.switches[0]}
        self.speaks = {s for s in self.switches if self.random.random() < self.recipe.lldp}
        for name in self.switches:
            while self.used[name] < self.recipe.ports:
                self._edge(name)
        for mac in sorted(self.hosts):
            if self.random.random() < self.recipe.moved and self.made.how[mac] == "direct":
                other = self.random.choice(self.switches)
                self.before[mac] = (other, self._port(other))
        self._truth()
        self._tables()
        return self.made

    # the wires

    def _node(self, name: str) -> None:
        self.nodes.append(name)
        self.links[name], self.used[name], self.ports[name] = {}, 0, {}

    def _port(self, name: str) -> int:
        if not name.startswith("sw"):
            return 0
        self.used[name] += 1
        number = self.used[name]
        self.ports[name][number] = Port(name=f"gi{number}", mac=self._mac("00:1c:58"), kind="ethernet", up=True)
        return number

    def _mac(self, block: str) -> str:
        self.count += 1
        return f"{block}:{self.count >> 16 & 255:02x}:{self.count >> 8 & 255:02x}:{self.count & 255:02x}"

    def _connect(self, first: str, second: str) -> None:
        if self.random.random() < self.recipe.unmanaged:
            middle = f"un{len(self.nodes)}"
            self._node(middle)
            for name in (first, second):
                self.links[name][middle] = self._port(name)
                self.links[middle][name] = 0
            for _ in range(self.random.randint(0, 4)):
                self._host("desktop", middle, 0, "between managed switches")
            return
        together = self.random.choice((2, 2, 4)) if self.random.random() < self.recipe.aggregates else 1
        for name, other in ((first, second), (second, first)):
            members = [self._port(name) for _ in range(together)]
            port = members[0]
            if together > 1:
                port = 1000 + members[0]
                self.ports[name][port] = Port(name=f"Po{members[0]}", kind="aggregate", aggregate=True)
                for member in members:
                    self.ports[name][member] = Port(name=f"gi{member}", kind="ethernet", lag=port)
            self.links[name][other] = port
            self.members[Place(name, port)] = members

    def _ring(self) -> None:
        first, second = self.random.sample(self.switches, 2)
        if second in self.links[first]:
            return
        ends = Place(first, self._port(first)), Place(second, self._port(second))
        self.blocked.append(ends)
        if self.random.random() < 0.5:
            old = self.ports[second][ends[1].port]
            self.ports[second][ends[1].port] = Port(name=old.name, kind=old.kind, blocked=True)

    # the hosts

    def _edge(self, name: str) -> None:
        port, kind = self._port(name), self.random.random()
        if kind < 0.70:
            self._host(self.random.choice(("desktop", "laptop", "printer", "camera", "")), name, port, "direct")
        elif kind < 0.82:
            self._host("phone", name, port, "direct")
            self._host("desktop", name, port, "behind a phone")
        elif kind < 0.88:
            self._host("hypervisor", name, port, "direct")
            for _ in range(self.random.randint(1, 8)):
                self._host("virtual machine", name, port, "behind a hypervisor", "00:50:56")
        elif kind < 0.94:
            self._host("access point", name, port, "direct")
            for _ in range(self.random.randint(1, 12)):
                self._host("", name, port, "behind an access point", "3a:11:22")
        else:
            for _ in range(self.random.randint(2, 5)):
                self._host("desktop", name, port, "hub or unmanaged switch")

    def _host(self, device_class: str, node: str, port: int, how: str, block: str = "00:25:64") -> None:
        mac = self._mac(block)
        self.hosts[mac] = (node, port)
        self.made.known[mac] = f"dev {mac}"
        if device_class:
            self.made.classes[f"dev {mac}"] = device_class
        self.made.how[mac] = how

    # the truth

    def _truth(self) -> None:
        for mac, (node, port) in self.hosts.items():
            self.made.truth[mac] = {Place(node, port)} if node in self.read else self._around(node)
        for node in self.read:
            for other, port in self.links[node].items():
                far = {(n, p) for n, p in self._around(other, node)} if other not in self.read else set()
                ends = {Place(node, port)} | ({Place(other, self.links[other][node])} if other in self.read else far)
                if len(ends) > 1:
                    self.made.wires.add(frozenset(map(Place._make, ends)))
        self.made.standby = {frozenset(ends) for ends in self.blocked if {e.device for e in ends} <= self.read}

    def _around(self, start: str, without: str = "") -> set[Place]:
        """The ports of switches that are read, around everything unread that hangs together with a node."""
        found, seen, waiting = set(), {start, without}, deque([start])
        while waiting:
            node = waiting.popleft()
            for other in self.links[node]:
                if other in self.read:
                    if other != without:
                        found.add(Place(other, self.links[other][node]))
                elif other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return found

    # what is learned

    def _ways(self, node: str) -> dict[str, int]:
        """Switch → the port at which it reaches a node; the node itself is not in it."""
        ways: dict[str, int] = {}
        waiting, seen = deque([node]), {node}
        while waiting:
            here = waiting.popleft()
            for other in self.links[here]:
                if other not in seen:
                    seen.add(other)
                    ways[other] = self.links[other][here]
                    waiting.append(other)
        return ways

    def _on_the_way(self, node: str) -> set[str]:
        """The nodes from here to the core."""
        parents: dict[str, str] = {}
        waiting, seen = deque([self.switches[0]]), {self.switches[0]}
        while waiting:
            here = waiting.popleft()
            for other in self.links[here]:
                if other not in seen:
                    seen.add(other)
                    parents[other] = here
                    waiting.append(other)
        found = {node}
        while node in parents:
            node = parents[node]
            found.add(node)
        return found

    def _tables(self) -> None:
        ways = {node: self._ways(node) for node in self.nodes}
        to_core = {node: self._on_the_way(node) for node in self.nodes}
        learned: dict[str, dict[tuple[int, str], int]] = {name: {} for name in self.switches}
        own = {name: self._mac("00:1b:21") for name in self.switches}
        speakers = [(own[name], (name, 0)) for name in self.switches if self.random.random() < self.recipe.chatter]
        for mac, (node, port) in [*sorted(self.hosts.items()), *speakers]:
            vlan = 1 if mac.startswith("00:1b:21") else 10 + int(mac[-1], 16) % 3
            for name in self.switches:
                if name == node and not port:
                    continue
                lost = self.recipe.forgotten * (0.05 if name in to_core[node] else 1)
                if self.random.random() >= lost:
                    learned[name][vlan, mac] = port if name == node else ways[node][name]
                elif mac in self.before:
                    there, old = self.before[mac]
                    learned[name][vlan, mac] = old if name == there else ways[there][name]
        for name in sorted(self.read):
            self.made.tables.append(
                Tables(
                    device=name,
                    name=f"{name}.school.example",
                    base_mac=own[name],
                    macs=frozenset({own[name], *(port.mac for port in self.ports[name].values() if port.mac)}),
                    ports=self.ports[name],
                    forwarding=learned[name],
                    neighbours=tuple(self._neighbours(name, own)) if name in self.speaks else (),
                )
            )

    def _neighbours(self, name: str, own: dict[str, str]) -> list[Neighbour]:
        found = []
        for other, port in self.links[name].items():
            if other in self.speaks:
                here, there = self.members[Place(name, port)], self.members[Place(other, self.links[other][name])]
                found += [self._neighbour(a, other, own, b) for a, b in zip(here, there, strict=True)]
        for ends in self.blocked:
            for here, there in (ends, ends[::-1]):
                if here.device == name and there.device in self.speaks:
                    found.append(self._neighbour(here.port, there.device, own, there.port))
        return found

    def _neighbour(self, here: int, other: str, own: dict[str, str], there: int) -> Neighbour:
        return Neighbour(here, "lldp", own[other], other, words=(f"gi{there}",), device_class="switch")


def make(recipe: Recipe, seed: int = 1) -> Made:
    """The network of a recipe."""
    return _Maker(recipe, seed).make()


@dataclass(frozen=True)
class Score:
    """Of all hosts that any table has: at the right port, at a wrong one, unknown."""

    right: int
    wrong: int
    unknown: int

    @property
    def share(self) -> float:
        """Right ones of all."""
        return self.right / max(1, self.right + self.wrong + self.unknown)


def score(made: Made, network: Network) -> Score:
    """How many of the hosts that any table has were found where they are."""
    at = {attachment.mac: attachment.place for attachment in network.attachments}
    seen = {mac for tables in made.tables for _, mac in tables.forwarding if mac in made.truth}
    right = sum(mac in at and at[mac] in made.truth[mac] for mac in seen)
    wrong = sum(mac in at and at[mac] not in made.truth[mac] for mac in seen)
    return Score(right, wrong, len(seen) - right - wrong)
