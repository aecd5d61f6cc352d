"""Four switches of a trunked building as recordings: what they would tell of hosts that are really there.

`dist` hangs on the router, on it `edge` (by an aggregate of two cables) and `ios1`, on that `ios2` (again by two):

- `dist` has one table for all VLANs (Q-BRIDGE-MIB), its trunk is told by ifStackTable, it speaks LLDP;
- `edge` numbers its filtering databases unlike its VLANs, its aggregate is told by IEEE8023-LAG-MIB, it speaks LLDP;
- `ios1` and `ios2` show the table of each VLAN in a view of its own (community `name@10`), with bridge ports numbered
  unlike interfaces, their aggregate is told by PAgP; they speak CDP with each other, and with `dist` nothing.

A switch that a host's words to its gateway passed has learned the host; of the others one in five has forgotten it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

TWINS = ("dist", "edge", "ios1", "ios2")
ABOVE = {"edge": "dist", "ios1": "dist", "ios2": "ios1"}
LINKS = (
    (("dist", "Trk1"), ("edge", "lag 1")), (("dist", "23"), ("ios1", "Gi1/0/24")), (("ios1", "Po1"), ("ios2", "Po1"))
)  # fmt: skip
FORGOTTEN = 0.2
PORTS = 24

SYSTEM, ROW, NAME = "1.3.6.1.2.1.1", "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1.1"
BRIDGE, QBRIDGE, LLDP, CISCO = "1.3.6.1.2.1.17", "1.3.6.1.2.1.17.7.1", "1.0.8802.1.1.2.1", "1.3.6.1.4.1.9.9"

Places = Mapping[str, tuple[str, str]]  # name of a twin → its address and MAC
Learned = dict[tuple[int, str], int]  # (VLAN, MAC) → bridge port


@dataclass(frozen=True, slots=True)
class Placed:
    """A host, and the port of the switch it hangs at."""

    name: str
    address: str
    mac: str
    segment: int
    switch: str
    port: int

    @property
    def port_name(self) -> str:
        """What the switch calls the port."""
        return KINDS[self.switch].port_name(self.port) if self.switch in KINDS else f"gi{self.port}"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a twin numbers and names. `towards`: whom it reaches at which bridge port; `lag`: interface, name, ifType."""

    object_id: str
    description: str
    port_name: Callable[[int], str]
    first: int  # the interface of port 0
    towards: Mapping[str, int]
    lag: tuple[int, str, int]
    lag_port: int  # its bridge port
    members: tuple[int, int]  # ports

    def interfaces(self) -> dict[int, str]:
        """Interface → its name."""
        return {self.first + port: self.port_name(port) for port in range(1, PORTS + 1)} | {self.lag[0]: self.lag[1]}

    def bridge_ports(self) -> dict[int, int]:
        """Bridge port → interface."""
        return {port: self.first + port for port in range(1, PORTS + 1)} | {self.lag_port: self.lag[0]}


KINDS = {
    "dist": Kind("1.3.6.1.4.1.11.2.3.7.11.140", "HP J9773A 2530-24G-PoEP Switch, revision YA.16.08.0002", str, 0,
                 {"router": 24, "ios1": 23, "edge": 54}, (54, "Trk1", 54), 54, (21, 22)),
    "edge": Kind("1.3.6.1.4.1.4526.100.11.20", "GSM7224V2 ProSafe 24 port managed switch", "ge.1.{}".format, 1000,
                 {"dist": 65}, (5001, "lag 1", 161), 65, (21, 22)),
    "ios1": Kind("1.3.6.1.4.1.9.1.1208", "Cisco IOS Software, C2960X Software, Version 15.2(2)E7", "Gi1/0/{}".format,
                 10100, {"dist": 24, "ios2": 56}, (5001, "Po1", 53), 56, (21, 22)),
    "ios2": Kind("1.3.6.1.4.1.9.1.1208", "Cisco IOS Software, C2960X Software, Version 15.2(2)E7", "Gi1/0/{}".format,
                 10100, {"ios1": 56}, (5001, "Po1", 53), 56, (21, 22)),
}  # fmt: skip


def recordings(
    places: Places, hosts: Sequence[Placed], router: str, *, silent: Sequence[int] = (), seed: int = 1
) -> dict[str, dict[str, list[str]]]:
    """Twin → view (`` and for Cisco `@VLAN`) → the lines of its recording. Nobody answers for `silent` VLANs."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret is made
    found: dict[str, dict[str, list[str]]] = {}
    for name in TWINS:
        learned = _learned(name, places, hosts, router, chance)
        by_vlan = name.startswith("ios")
        common = [*_itself(name, places), *_aggregate(name)]
        found[name] = {"": [*common, *_heard(name, places), *(_vlans(hosts, silent) if by_vlan else _bridged(name))]}
        if by_vlan:
            for vlan in sorted({1, *(host.segment for host in hosts)}):
                rows = [line for (own, mac), port in learned.items() if own == vlan for line in _row(mac, port)]
                found[name][f"@{vlan}"] = [*_bridged(name), *rows]
        else:
            found[name][""] += _databases(name, learned)
    return found


def _learned(name: str, places: Places, hosts: Sequence[Placed], router: str, chance: random.Random) -> Learned:
    up = KINDS[name].towards[ABOVE.get(name, "router")]
    found: Learned = {(host.segment, router): up for host in hosts}
    for host in hosts:
        if name in _way(host.switch) or chance.random() >= FORGOTTEN:
            found[host.segment, host.mac] = host.port if host.switch == name else _towards(name, host.switch, up)
    for other, (address, mac) in places.items():
        if name in _way(other) and other != name:
            found[int(address.split(".")[1]), mac] = _towards(name, other, up)
    return found


def _way(name: str) -> list[str]:
    """The switches from one to the router."""
    return [name, *_way(ABOVE[name])] if name in ABOVE else [name]


def _towards(name: str, far: str, up: int) -> int:
    """The bridge port at which a switch reaches another."""
    way = _way(far)
    return KINDS[name].towards[way[way.index(name) - 1]] if name in way else up


# ------------------------------------------------------------------------------------------------ the lines


def _itself(name: str, places: Places) -> Iterator[str]:
    kind, (_, mac) = KINDS[name], places[name]
    yield f"{SYSTEM}.1.0|4|{kind.description}"
    yield f"{SYSTEM}.2.0|6|{kind.object_id}"
    yield f"{SYSTEM}.3.0|67|8640000"
    yield f"{SYSTEM}.5.0|4|{name}"
    yield f"{SYSTEM}.7.0|2|2"
    yield "1.3.6.1.2.1.4.1.0|2|2"
    for interface, port_name in kind.interfaces().items():
        of_kind = kind.lag[2] if interface == kind.lag[0] else 6
        yield from (f"{ROW}.2.{interface}|4|{port_name}", f"{ROW}.3.{interface}|2|{of_kind}")
        yield from (f"{ROW}.7.{interface}|2|1", f"{ROW}.8.{interface}|2|1", f"{NAME}.{interface}|4|{port_name}")
        yield f"{ROW}.6.{interface}|4x|{_port_mac(mac, interface)}"


def _port_mac(mac: str, interface: int) -> str:
    return f"{(int(mac.replace(':', ''), 16) + 1 + interface % 1000) % 2**48:012x}"


def _bridged(name: str) -> Iterator[str]:
    yield from (f"{BRIDGE}.1.4.1.2.{port}|2|{interface}" for port, interface in KINDS[name].bridge_ports().items())


def _databases(name: str, learned: Learned) -> Iterator[str]:
    """Q-BRIDGE: the table of all VLANs, by the number of the filtering database."""
    vlans = sorted({vlan for vlan, _ in learned})
    database = {vlan: vlan if name == "dist" else number for number, vlan in enumerate(vlans, 1)}
    yield from (f"{QBRIDGE}.4.2.1.3.0.{vlan}|66|{number}" for vlan, number in database.items())
    for (vlan, mac), port in learned.items():
        index = f"{database[vlan]}.{_arcs(mac)}"
        yield from (f"{QBRIDGE}.2.2.1.2.{index}|2|{port}", f"{QBRIDGE}.2.2.1.3.{index}|2|3")


def _vlans(hosts: Sequence[Placed], silent: Sequence[int]) -> Iterator[str]:
    """Cisco: the VLANs there are, with the first, which nothing is in."""
    vlans = {1, *silent, *(host.segment for host in hosts)}
    yield from (f"{CISCO}.46.1.3.1.1.2.1.{vlan}|2|1" for vlan in sorted(vlans))


def _row(mac: str, port: int) -> tuple[str, str]:
    """BRIDGE-MIB: one row of the table of one VLAN."""
    return f"{BRIDGE}.4.3.1.2.{_arcs(mac)}|2|{port}", f"{BRIDGE}.4.3.1.3.{_arcs(mac)}|2|3"


def _arcs(mac: str) -> str:
    return ".".join(str(int(octet, 16)) for octet in mac.split(":"))


def _aggregate(name: str) -> Iterator[str]:
    kind = KINDS[name]
    interface, members = kind.lag[0], [kind.first + port for port in kind.members]
    for member in members:
        if name == "dist":
            yield f"1.3.6.1.2.1.31.1.2.1.3.{interface}.{member}|2|1"
        elif name == "edge":
            yield f"1.2.840.10006.300.43.1.2.1.1.13.{member}|2|{interface}"
        else:
            yield f"{CISCO}.98.1.1.1.1.8.{member}|2|{interface}"


def _heard(name: str, places: Places) -> Iterator[str]:
    """The base address, and who is heard at both cables of the aggregate: it names the port at its own end."""
    yield f"{BRIDGE}.1.1.0|4x|{places[name][1].replace(':', '')}"
    yield f"{BRIDGE}.1.2.0|2|{PORTS + 1}"
    far = {"dist": "edge", "edge": "dist", "ios1": "ios2", "ios2": "ios1"}[name]
    address, mac = places[far]
    for port, far_port in zip(KINDS[name].members, KINDS[far].members, strict=True):
        told = KINDS[far].port_name(far_port)
        if name.startswith("ios"):
            row, octets = f"{KINDS[name].first + port}.1", "".join(f"{int(octet):02x}" for octet in address.split("."))
            cells = {3: "2|1", 4: f"4x|{octets}", 6: f"4|{far}.school.example", 7: f"4|{told}", 9: "4x|00000028"}
            yield from (f"{CISCO}.23.1.2.1.1.{column}.{row}|{value}" for column, value in cells.items())
        else:
            cells = {4: "2|4", 5: f"4x|{mac.replace(':', '')}", 6: "2|5", 7: f"4|{told}", 9: f"4|{far}", 12: "4x|20"}
            yield from (f"{LLDP}.4.1.1.{column}.0.{port}.1|{value}" for column, value in cells.items())
            own = KINDS[name].port_name(port)
            yield from (f"{LLDP}.3.7.1.2.{port}|2|5", f"{LLDP}.3.7.1.3.{port}|4|{own}")
