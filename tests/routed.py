"""A school's network of routed segments in network namespaces, with its truth: every host, and the port it hangs at.

    with Routed(segments=12, hosts=240) as lab:
        lab.talk()
        done = lab.exec([...], net_raw=True, unprivileged=True)

A Linux router has a leg in every segment, the agent sits on the first. A segment has one to three switches: Linux
bridges, each with a real snmpd that tells its real forwarding table (`routed_device.py`), most with lldpd where that is
installed. The last segments may be `trunked` together: VLANs of four switches that this kernel cannot be (it has
neither VLANs nor LAGs), so they are recorded twins (`routed_twins.py`), with real hosts on real wires beside them.

Everybody knows the gateway by permanent entries, as the kernel's table of neighbours is one for the whole machine.
Needs root, iproute2, snmpd; it knows nothing of Stocktake.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lab import AGENT_OUI, MACVLAN, MAKERS, OWN_ANSWERS, QUIET, SWITCH_OUI, Device, Host, Lab, Truth, ip_batch, run
from programs import find_program
from routed_twins import LINKS, TWINS, Placed, recordings

CORE_COMMUNITY, COMMUNITY = "core-ro", "school-ro"
ACCESS_PORTS = 24
PROGRAM = Path(__file__).with_name("routed_device.py")


@dataclass(frozen=True, slots=True)
class Switch(Device):
    """A switch of one segment. `parent` is the switch it hangs on, by its te1; "" is the router."""

    segment: int = 0
    parent: str = ""
    lldp: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is built. `router` is its MAC in every segment; twins are in `recorded`, the others in `switches`."""

    router: dict[int, str]
    switches: tuple[Switch, ...]
    recorded: tuple[Switch, ...]
    hosts: tuple[Placed, ...]
    agent: Host

    @property
    def segments(self) -> list[int]:
        """The numbers of the segments."""
        return sorted(self.router)

    def links(self) -> set[frozenset[tuple[str, str]]]:
        """The wires between switches, each as two of (switch, port)."""
        real = [[(one.name, "te1"), (one.parent, f"te{one.name[-1]}")] for one in self.switches if one.parent]
        return {frozenset(link) for link in [*real, *(LINKS if self.recorded else ())]}


def network(segment: int) -> str:
    """The network of a segment."""
    return f"10.{segment}.0.0/24"


def plan(segments: int, hosts: int, trunked: int, seed: int) -> Plan:
    """Decide on every device, port and MAC; depends on its arguments alone."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret is made
    used: set[str] = set()

    def mac(oui: str) -> str:
        while (made := f"{oui}:{chance.randbytes(3).hex(':')}") in used:
            pass
        used.add(made)
        return made

    real, vlans = range(1, segments - trunked + 1), range(segments - trunked + 1, segments + 1)
    trunk = mac(AGENT_OUI)  # a router has the same MAC in every VLAN of one leg
    router = {segment: trunk if segment in vlans else mac(AGENT_OUI) for segment in (*real, *vlans)}
    switches = tuple(switch for segment in real for switch in _switches(segment, mac))
    recorded = tuple(
        Switch(name, f"10.{vlans[0]}.0.{number}", mac(SWITCH_OUI), "", "v2c", name, "Trunked building", vlans[0])
        for number, name in enumerate(TWINS if trunked else (), 2)
    )
    free: dict[int, list[tuple[str, int]]] = {segment: [] for segment in router}
    for switch in switches:
        first = 2 if switch.name == "sw1-1" else 1  # the agent's port
        free[switch.segment] += [(switch.name, port) for port in range(first, ACCESS_PORTS + 1)]
    places = [(name, port) for name in TWINS for port in range(1, 21)]
    free |= {vlan: [place for place in places if place[1] % trunked == vlan % trunked] for vlan in vlans}
    return Plan(router, switches, recorded, tuple(_hosts(chance, mac, hosts, free)), _agent(mac))


def _agent(mac: Callable[[str], str]) -> Host:
    return Host("agent", "10.1.0.250", mac(AGENT_OUI), "PC Engines GmbH")


def _switches(segment: int, mac: Callable[[str], str]) -> Iterator[Switch]:
    """One to three switches, in a chain or around the first; every third segment speaks no LLDP."""
    for number in range(1, segment % 3 + 2):
        name, lldp = f"sw{segment}-{number}", segment % 3 != 0 or segment % 2 == 0
        above = "" if number == 1 else f"sw{segment}-{number - 1 if segment % 2 else 1}"
        yield Switch(
            name, f"10.{segment}.0.{number + 1}", mac(SWITCH_OUI), "", "v2c", name, f"Closet {number}", segment, above,
            lldp,
        )  # fmt: skip


def _hosts(
    chance: random.Random, mac: Callable[[str], str], count: int, free: dict[int, list[tuple[str, int]]]
) -> Iterator[Placed]:
    """Hosts at ports of their own, one in five at a port that others have (an access point, a small desk switch)."""
    taken: dict[int, list[tuple[str, int]]] = defaultdict(list)
    octets = {segment: chance.sample(range(20, 240), 220) for segment in free}
    segments = sorted(free)
    for number in range(count):
        segment = segments[number % len(segments)]
        if free[segment] and (not taken[segment] or chance.random() < 0.8):
            place = free[segment].pop(chance.randrange(len(free[segment])))
            taken[segment].append(place)
        else:
            place = chance.choice(taken[segment])
        oui, _ = chance.choice(MAKERS)
        yield Placed(f"h{number + 1}", f"10.{segment}.0.{octets[segment].pop()}", mac(oui), segment, *place)


# ------------------------------------------------------------------------------------------------ the lab


class Routed(Lab):
    """The network, while the context is open.

    `lldp`: let switches that speak it do so, where lldpd is installed. `silent`: VLANs that a Cisco switch lists, but
    does not answer for, as it does with 1002 to 1005.
    """

    def __init__(
        self,
        segments: int = 12,
        hosts: int = 240,
        *,
        trunked: int = 3,
        lldp: bool = True,
        silent: Sequence[int] = (),
        seed: int = 1,
    ) -> None:
        super().__init__(hosts=0)
        self._silent = silent
        self.plan = plan(segments, hosts, trunked, seed)
        if not (lldp and find_program("lldpd")):
            mute = tuple(replace(switch, lldp=False) for switch in self.plan.switches)
            self.plan = replace(self.plan, switches=mute)
        self.truth = Truth(network(1), self.plan.agent, (), ())

    def __enter__(self) -> Routed:
        super().__enter__()
        return self

    def talk(self) -> None:
        """Let every host say something: it asks for its gateway by ARP, which everybody on its segment hears."""
        speakers = []
        for node, hosts in self._by_node().items():
            told = json.dumps([[host.name, host.mac, host.address, f"10.{host.segment}.0.1"] for host in hosts])
            line = self.command([sys.executable, "-SE", PROGRAM, "talk", told], node=node)
            speakers.append(subprocess.Popen(line))
        assert [speaker.wait(30) for speaker in speakers] == [0] * len(speakers)

    def _by_node(self) -> dict[str, list[Placed]]:
        """Namespace of hosts → the hosts in it: one for each switch, and one for each VLAN that twins have."""
        real = {switch.name for switch in self.plan.switches}
        found: dict[str, list[Placed]] = {f"hosts-{name}": [] for name in sorted(real)}
        for host in self.plan.hosts:
            found.setdefault(f"hosts-{host.switch if host.switch in real else host.segment}", []).append(host)
        return found

    # -------------------------------------------------------------------------------------------- building it

    def _nodes(self) -> list[str]:
        switches = (*self.plan.switches, *self.plan.recorded)
        return ["agent", "router", *(switch.name for switch in switches), *self._by_node()]

    def _build(self) -> None:
        ip_batch(f"netns add {self.namespace(node)}" for node in self._nodes())
        for node in self._nodes():
            extra = () if node == "agent" else OWN_ANSWERS
            route = ("net.ipv4.ip_forward=1",) if node == "router" else ()
            run("ip", "netns", "exec", self.namespace(node), "sysctl", "-qw", *QUIET, *extra, *route)
        ip_batch(self._wires())
        for node, hosts in self._by_node().items():
            ip_batch(self._host_lines_at(node, hosts), self.namespace(node))
        for switch in self.plan.switches:
            ip_batch(self._switch_lines(switch), self.namespace(switch.name))
        for twin in self.plan.recorded:
            lines = [f"addr add {twin.address}/24 dev eth0", "link set eth0 up", *self._way(twin.segment, "eth0")]
            ip_batch(["link set lo up", *lines], self.namespace(twin.name))
        legs = [f"addr add 10.{number}.0.1/24 dev lan{number}" for number in self.plan.segments]
        legs += [f"link set lan{number} up" for number in self.plan.segments]
        ip_batch(["link set lo up", *legs], self.namespace("router"))
        agent = [
            f"addr add {self.plan.agent.address}/24 dev eth0",
            "link set eth0 up",
            "route add default via 10.1.0.1",
        ]
        ip_batch(["link set lo up", *agent], self.namespace("agent"))

    def _wires(self) -> Iterator[str]:
        """Every pair of interfaces, each made where it belongs."""
        yield self._wire("sw1-1", "gi1", "agent", "eth0", f"address {self.plan.agent.mac}")
        for switch in self.plan.switches:
            leg = f"lan{switch.segment}"
            if switch.parent:
                yield self._wire(switch.name, "te1", switch.parent, f"te{switch.name[-1]}")
            else:
                yield self._wire(switch.name, "te1", "router", leg, f"address {self.plan.router[switch.segment]}")
        ports = {(host.switch, host.port) for host in self.plan.hosts if not host.switch.startswith(TWINS)}
        for name, port in sorted(ports):
            yield self._wire(name, f"gi{port}", f"hosts-{name}", f"gi{port}")
        for vlan in sorted({host.segment for host in self.plan.hosts if host.switch.startswith(TWINS)}):
            yield self._wire(f"hosts-{vlan}", "trunk", "router", f"lan{vlan}", f"address {self.plan.router[vlan]}")

    def _wire(self, node: str, interface: str, far: str, far_interface: str, more: str = "") -> str:
        there = f"peer name {far_interface} {more} netns {self.namespace(far)}"
        return f"link add name {interface} netns {self.namespace(node)} type veth {there}"

    def _way(self, segment: int, interface: str, more: str = "") -> list[str]:
        """The gateway, and its MAC."""
        gateway = f"10.{segment}.0.1"
        known = f"neigh replace {gateway} lladdr {self.plan.router[segment]} dev {interface} nud permanent"
        return [f"route add default via {gateway} dev {interface} {more}", known]

    def _host_lines_at(self, node: str, hosts: list[Placed]) -> Iterator[str]:
        trunked = node.removeprefix("hosts-").isdigit()
        yield "link set lo up"
        for below in sorted({"trunk" if trunked else f"gi{host.port}" for host in hosts}):
            yield f"link set {below} arp off up"
        for table, host in enumerate(hosts, 1000):
            below, source = "trunk" if trunked else f"gi{host.port}", f"src {host.address} table {table}"
            yield f"link add link {below} name {host.name} address {host.mac} {MACVLAN}"
            yield f"addr add {host.address}/32 dev {host.name}"
            yield f"link set {host.name} up"
            yield f"route add {network(host.segment)} dev {host.name} {source}"
            yield from self._way(host.segment, host.name, f"{source} onlink")
            yield f"rule add from {host.address} lookup {table} pref {table}"
        for twin in self.plan.recorded:
            if node != f"hosts-{twin.segment}":
                continue
            yield f"link add link trunk name eth0 address {twin.mac} netns {self.namespace(twin.name)} {MACVLAN}"

    def _switch_lines(self, switch: Switch) -> Iterator[str]:
        shown = json.loads(run("ip", "-n", self.namespace(switch.name), "-j", "link", "show"))
        yield "link set lo up"
        yield f"link add name br0 address {switch.mac} type bridge stp_state 0 mcast_snooping 0"
        for port in sorted(link["ifname"] for link in shown if link["ifname"] != "lo"):
            yield f"link set {port} master br0"
            yield f"link set {port} up"
        yield "link set br0 up"
        yield f"addr add {switch.address}/24 dev br0"
        yield from self._way(switch.segment, "br0")

    # -------------------------------------------------------------------------------------------- programs

    def _start_daemons(self) -> None:
        self._folder.chmod(0o711)  # the unprivileged half of lldpd has its socket there
        router = Device("router", "10.1.0.1", self.plan.router[1], "", "v2c", "router", "Server room")
        devices = [(router, CORE_COMMUNITY, ""), *((switch, COMMUNITY, "br0") for switch in self.plan.switches)]
        for device, community, bridge in devices:
            self._daemons.append(self._start_device(device, community, bridge))
        for (device, *_), daemon in zip(devices, tuple(self._daemons), strict=True):
            self._wait_ready(device, daemon)
        speakers = [switch for switch in self.plan.switches if switch.lldp]
        for one in [router, *speakers] if speakers else []:
            self._daemons.append(self._start_lldpd(one))
        self._start_twins()

    def _start_device(self, device: Device, community: str, bridge: str) -> subprocess.Popen[bytes]:
        home = self._folder / device.name
        (home / "persist").mkdir(parents=True)
        lines = ["agentAddress udp:161", f"sysName {device.name}", f"sysDescr {device.description}",
                 f"sysLocation {device.location}", f"sysServices {2 if bridge else 6}", f"rocommunity {community}",
                 "master agentx", f"agentXSocket unix:{home}/agentx"]  # fmt: skip
        if bridge:
            lines.append(f"pass_persist .1.3.6.1.2.1.17 {sys.executable} -SE {PROGRAM} bridge {bridge}")
        (home / "snmpd.conf").write_text("\n".join(lines) + "\n")
        line: list[str | Path] = ["snmpd", "-f", "-Lf", home / "snmpd.log", "-C", "-c", home / "snmpd.conf",
                                  "-p", home / "snmpd.pid"]  # fmt: skip
        return self._daemon(device.name, [*line, "-I", "-smux"])

    def _start_lldpd(self, device: Device) -> subprocess.Popen[bytes]:
        """It names its ports as the system does, and tells by AgentX what it hears."""
        home = self._folder / device.name
        chassis, interfaces = ("lan1", "lan*") if device.name == "router" else ("br0", "te*,br0")
        said = [f"configure system hostname {device.name}", "configure lldp tx-interval 1",
                "configure lldp portidsubtype ifname", "configure ports br0 lldp status disabled"]  # fmt: skip
        (home / "lldpd.conf").write_text("\n".join(said) + "\n")
        Path("/run/lldpd").mkdir(exist_ok=True)  # where its unprivileged half lives
        line: list[str | Path] = ["lldpd", "-d", "-x", "-X", home / "agentx", "-u", home / "lldp.ctl",
                                  "-O", home / "lldpd.conf"]  # fmt: skip
        return self._daemon(device.name, [*line, "-I", interfaces, "-C", chassis, "-m", device.address])

    def _start_twins(self) -> None:
        router = self.plan.router[self.plan.segments[-1]]
        places = {twin.name: (twin.address, twin.mac) for twin in self.plan.recorded}
        placed = [host for host in self.plan.hosts if host.switch in places]
        for name, views in recordings(places, placed, router, silent=self._silent).items() if places else ():
            home = self._folder / name
            home.mkdir()
            for view, lines in views.items():
                (home / f"{COMMUNITY}{view}.snmprec").write_text("\n".join(lines) + "\n")
            self._daemons.append(self._daemon(name, [sys.executable, PROGRAM, "twin", home]))
        deadline = time.monotonic() + 20
        while not all((self._folder / name / "ready").exists() for name in places):
            assert time.monotonic() < deadline, "the recorded devices did not come up"
            time.sleep(0.02)

    def _daemon(self, node: str, line: list[str | Path]) -> subprocess.Popen[bytes]:
        more = {"MIBS": "", "SNMP_PERSISTENT_DIR": str(self._folder / node / "persist")}
        path = os.environ["PATH"] + ":/usr/sbin:/sbin"
        with (self._folder / node / "said").open("ab") as said:
            return subprocess.Popen(
                self.command(line, node=node), env=self.environment(more | {"PATH": path}), stdin=subprocess.DEVNULL,
                stdout=said, stderr=said,
            )  # fmt: skip
