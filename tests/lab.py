"""A school's network segment in network namespaces: an agent, hosts that answer real ARP, and real snmpd.

    with Lab(hosts=250, snmpd=("v1", "v2c", "v3")) as lab:
        done = lab.exec([sys.executable, "-m", "agent.cli", "scan", lab.truth.network], unprivileged=True)

Nothing is made in the machine's own namespace; the names carry the process id, so labs of parallel runs never meet, and
what a killed run left behind goes with the next lab. Needs root, iproute2 and, where asked for, snmpd and tcpdump. The
lab knows nothing of Stocktake beyond where its source is.

Each host is a macvlan with a MAC of its own and a /32 address. They share one namespace, so `arp_ignore` and one
routing table per host make each answer for itself. The kernel's IPv4 neighbour table is one for the whole machine and
holds 1,024 entries: the hosts know the agent by permanent entries, which do not count, so only the agent's lookups do.
"""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parent.parent
COMMUNITY = "school-ro"
V3_USER, V3_AUTH_KEY, V3_PRIVACY_KEY = "inventory", "auth-key-of-the-lab", "privacy-key-of-the-lab"
COLLECTOR_ADDRESS, AGENT_UPLINK_ADDRESS = "198.51.100.1", "198.51.100.2"

#: IEEE assignments of makers that schools have: OUI, name in the registry
MAKERS = (
    ("00:14:22", "Dell Inc."), ("3c:d9:2b", "Hewlett Packard"), ("00:1b:21", "Intel Corporate"),
    ("3c:07:54", "Apple, Inc."), ("30:05:5c", "Brother industries, LTD."), ("00:c0:ee", "KYOCERA CORPORATION"),
    ("b8:27:eb", "Raspberry Pi Foundation"), ("24:a4:3c", "Ubiquiti Inc"), ("00:40:8c", "Axis Communications AB"),
    ("00:11:32", "Synology Incorporated"), ("00:04:13", "snom technology GmbH"),
)  # fmt: skip
SWITCH_OUI, AGENT_OUI = "9c:8e:99", "00:0d:b9"

QUIET = ("net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1",
         "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0")  # fmt: skip
OWN_ANSWERS = ("net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.default.arp_ignore=1",
               "net.ipv4.conf.all.arp_announce=2", "net.ipv4.conf.default.arp_announce=2")  # fmt: skip

NO_CAPABILITY = ("--bounding-set=-all", "--inh-caps=-all")
ONLY_NET_RAW = ("--bounding-set=-all,+net_raw", "--inh-caps=-all,+net_raw", "--ambient-caps=+net_raw")

#: each host gets its copy of each broadcast; the usual queue of 1,000 drops some while the machine is busy. Even so the
#: copying takes its time: with 600 hosts on two busy processors an answer may come too late for a kernel that asks.
MACVLAN = "type macvlan mode bridge bcqueuelen 100000"

NOBODY_ID = 65534

_serial = itertools.count(1)


def unprivileged_id() -> int:
    """The user and group that `unprivileged` commands run as: nobody, or root where only root reaches the interpreter.

    A root without capabilities is no more to the network than anybody; it only owns more files.
    """
    interpreter = Path(sys.executable).resolve()
    reachable = all(folder.stat().st_mode & 0o001 for folder in (*interpreter.parents, *ROOT.parents, ROOT))
    return NOBODY_ID if reachable else 0


@dataclass(frozen=True, slots=True)
class Host:
    """Something that answers ARP for one address with one MAC, of a maker as the IEEE registry names it."""

    name: str
    address: str
    mac: str
    maker: str


@dataclass(frozen=True, slots=True)
class Device(Host):
    """A host on which a real snmpd answers: what it says of itself, and the version it speaks."""

    version: str
    description: str
    location: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What was built, and so what a sweep has to find; the agent itself is not in it."""

    network: str
    agent: Host
    hosts: tuple[Host, ...]
    devices: tuple[Device, ...]

    @property
    def macs(self) -> dict[str, str]:
        """Address → MAC of everything that answers."""
        return {host.address: host.mac for host in (*self.hosts, *self.devices)}


@dataclass(slots=True)
class Capture:
    """What the agent's interface sent, as tcpdump prints it (-e -n); complete when the `capture` block has ended."""

    lines: list[str] = field(default_factory=list)

    def to(self, address: str) -> list[str]:
        """The lines that ask for an address or send to it."""
        pattern = re.compile(rf"(who-has|>) {re.escape(address)}[ .:,]")
        return [line for line in self.lines if pattern.search(line)]


class Lab:
    """A segment that exists while the context manager is open.

    `agent` sits at the network's last address, `hosts` count up from the first one, then come the snmpd. `collector`
    adds a namespace of that name, linked to the agent alone (COLLECTOR_ADDRESS, AGENT_UPLINK_ADDRESS).
    """

    def __init__(
        self,
        hosts: int = 250,
        snmpd: Sequence[str] = (),
        *,
        network: str = "10.77.0.0/24",
        collector: bool = False,
        seed: int = 1,
    ) -> None:
        self.truth = plan(hosts, snmpd, network, seed)
        self._collector = collector
        self._prefix = f"st{os.getpid()}-{next(_serial)}"
        self._folder = Path()
        self._daemons: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Lab:
        remove_leftovers()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{self._prefix}-"))
        try:
            self._build()
            self._start_daemons()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    # -------------------------------------------------------------------------------------------- using it

    def namespace(self, node: str) -> str:
        """The network namespace of a node: agent, hosts, collector, or the name of a device."""
        return f"{self._prefix}-{node}"

    def command(
        self, command: Sequence[str | Path], *, node: str = "agent", unprivileged: bool = False, net_raw: bool = False
    ) -> list[str]:
        """The command line that runs a command in a node; `unprivileged`: with no capability, or with one."""
        line = ["ip", "netns", "exec", self.namespace(node)]
        if unprivileged:
            user = unprivileged_id()
            line += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
            line += ONLY_NET_RAW if net_raw else NO_CAPABILITY
        return [*line, *map(str, command)]

    def exec(
        self,
        command: Sequence[str | Path],
        *,
        node: str = "agent",
        unprivileged: bool = False,
        net_raw: bool = False,
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with Stocktake's source importable; `options` go to subprocess.run."""
        line = self.command(command, node=node, unprivileged=unprivileged, net_raw=net_raw)
        defaults: dict[str, Any] = {"capture_output": True, "timeout": 60, "check": True, "cwd": ROOT, "text": True}
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: PLW1510 -- check is among the options
            line, env=self.environment(environment), **(defaults | options)
        )
        return done

    def popen(
        self,
        command: Sequence[str | Path],
        *,
        node: str = "agent",
        unprivileged: bool = False,
        net_raw: bool = False,
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> subprocess.Popen[str]:
        """Start a command that goes on; it ends with the lab at the latest."""
        line = self.command(command, node=node, unprivileged=unprivileged, net_raw=net_raw)
        defaults: dict[str, Any] = {"cwd": ROOT, "text": True}
        started: subprocess.Popen[str] = subprocess.Popen(
            line, env=self.environment(environment), **(defaults | options)
        )
        return started

    @staticmethod
    def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of what runs in the lab."""
        return os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'proto'}"} | dict(more or {})

    def sent_packets(self) -> int:
        """How many packets the agent's interface on the segment has sent so far."""
        shown = run("ip", "-n", self.namespace("agent"), "-s", "-j", "link", "show", "eth0")
        return int(json.loads(shown)[0]["stats64"]["tx"]["packets"])

    @contextlib.contextmanager
    def capture(self) -> Iterator[Capture]:
        """Record every frame that the agent's interface sends inside the block. Needs tcpdump."""
        with recording(self.command, self._folder / f"capture-{time.monotonic_ns()}") as capture:
            yield capture

    # -------------------------------------------------------------------------------------------- building it

    def _nodes(self) -> list[str]:
        return ["agent", "hosts", *(d.name for d in self.truth.devices), *(["collector"] if self._collector else [])]

    def _build(self) -> None:
        ip_batch(f"netns add {self.namespace(node)}" for node in self._nodes())
        for node in self._nodes():
            extra = () if node in ("agent", "collector") else OWN_ANSWERS
            run("ip", "netns", "exec", self.namespace(node), "sysctl", "-qw", *QUIET, *extra)
        agent, hosts = self.namespace("agent"), self.namespace("hosts")
        ip_batch(
            [f"link add name eth0 address {self.truth.agent.mac} netns {agent} type veth peer trunk netns {hosts}"]
        )
        ip_batch(self._host_lines(), hosts)
        ip_batch(self._agent_lines(), agent)
        for device in self.truth.devices:
            ip_batch(self._device_lines(device), self.namespace(device.name))
        if self._collector:
            self._link_collector()

    def _agent_lines(self) -> list[str]:
        length = ipaddress.ip_network(self.truth.network).prefixlen
        return ["link set lo up", f"addr add {self.truth.agent.address}/{length} dev eth0", "link set eth0 up"]

    def _host_lines(self) -> Iterator[str]:
        yield from ("link set lo up", "link set trunk arp off up")
        for table, host in enumerate(self.truth.hosts, 1000):
            yield f"link add link trunk name {host.name} address {host.mac} {MACVLAN}"
            yield f"addr add {host.address}/32 dev {host.name}"
            yield f"link set {host.name} up"
            yield f"route add {self.truth.network} dev {host.name} src {host.address} table {table}"
            yield f"rule add from {host.address} lookup {table} pref {table}"
            yield self._know_agent(host.name)
        for device in self.truth.devices:
            away = self.namespace(device.name)
            yield f"link add link trunk name eth0 address {device.mac} netns {away} {MACVLAN}"

    def _device_lines(self, device: Device) -> list[str]:
        length = ipaddress.ip_network(self.truth.network).prefixlen
        return ["link set lo up", f"addr add {device.address}/{length} dev eth0", "link set eth0 up",
                self._know_agent("eth0")]  # fmt: skip

    def _know_agent(self, interface: str) -> str:
        agent = self.truth.agent
        return f"neigh replace {agent.address} lladdr {agent.mac} dev {interface} nud permanent"

    def _link_collector(self) -> None:
        agent, collector = self.namespace("agent"), self.namespace("collector")
        ip_batch([f"link add name up0 netns {agent} type veth peer eth0 netns {collector}"])
        ip_batch([f"addr add {AGENT_UPLINK_ADDRESS}/30 dev up0", "link set up0 up"], agent)
        ip_batch(["link set lo up", f"addr add {COLLECTOR_ADDRESS}/30 dev eth0", "link set eth0 up"], collector)

    def _start_daemons(self) -> None:
        for device in self.truth.devices:
            self._daemons.append(self._start_snmpd(device))
        for device, daemon in zip(self.truth.devices, self._daemons, strict=True):
            self._wait_ready(device, daemon)

    def _start_snmpd(self, device: Device) -> subprocess.Popen[bytes]:
        home = self._folder / device.name
        (home / "persist").mkdir(parents=True)
        (home / "snmpd.conf").write_text(snmpd_conf(device, home))
        line = self.command(["snmpd", "-f", "-Lf", home / "snmpd.log", "-C", "-c", home / "snmpd.conf",
                             "-p", home / "snmpd.pid", "-I", "-smux"], node=device.name)  # fmt: skip
        # MIBS= because Debian has no MIB files; a persistent folder of its own because namespaces do not part files
        environment = {"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "MIBS": "",
                       "SNMP_PERSISTENT_DIR": str(home / "persist")}  # fmt: skip
        return subprocess.Popen(line, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)  # fmt: skip

    def _wait_ready(self, device: Device, daemon: subprocess.Popen[bytes], patience_seconds: float = 10) -> None:
        home, deadline = self._folder / device.name, time.monotonic() + patience_seconds
        while not (home / "agentx").exists():
            if daemon.poll() is not None or time.monotonic() > deadline:
                log = home / "snmpd.log"
                raise RuntimeError(f"snmpd of {device.name} did not start: {log.read_text() if log.exists() else ''}")
            time.sleep(0.01)

    def _remove(self) -> None:
        for daemon in self._daemons:
            daemon.terminate()
        for daemon in self._daemons:
            with contextlib.suppress(subprocess.TimeoutExpired):
                daemon.wait(3)
        remove_namespaces(name for name in namespaces() if name.startswith(f"{self._prefix}-"))
        for daemon in self._daemons:
            daemon.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def plan(hosts: int, snmpd: Sequence[str], network: str, seed: int) -> Truth:
    """Decide on every name, address and MAC; depends on its arguments alone."""
    chance, used = random.Random(seed), set[str]()  # noqa: S311 -- nothing secret is made
    addresses = [str(address) for address in ipaddress.ip_network(network).hosts()]
    if hosts + len(snmpd) + 1 > len(addresses):
        raise ValueError(f"{network} has no room for {hosts} hosts, {len(snmpd)} snmpd and an agent")

    def mac(oui: str) -> str:
        while (made := f"{oui}:{chance.randbytes(3).hex(':')}") in used:
            pass
        used.add(made)
        return made

    def host(number: int) -> Host:
        oui, maker = chance.choice(MAKERS)
        return Host(f"h{number}", addresses[number - 1], mac(oui), maker)

    def device(number: int, version: str) -> Device:
        name = f"sw{number}-{version}"
        return Device(name, addresses[hosts + number - 1], mac(SWITCH_OUI), "Hewlett Packard", version,
                      f"Lab switch {number}, SNMP {version}", f"Building {number}")  # fmt: skip

    return Truth(
        network,
        Host("agent", addresses[-1], mac(AGENT_OUI), "PC Engines GmbH"),
        tuple(host(number) for number in range(1, hosts + 1)),
        tuple(device(number, version) for number, version in enumerate(snmpd, 1)),
    )


def snmpd_conf(device: Device, home: Path) -> str:
    """The configuration of a snmpd that answers one version and refuses the others."""
    access = {
        "v1": [f"com2sec reader default {COMMUNITY}", "group readers v1 reader"],
        "v2c": [f"com2sec reader default {COMMUNITY}", "group readers v2c reader"],
        "v3": [f"createUser {V3_USER} SHA {V3_AUTH_KEY} AES {V3_PRIVACY_KEY}", f"rouser {V3_USER} authPriv"],
    }[device.version]
    if device.version != "v3":
        access += ["view all included .1", 'access readers "" any noauth exact all none none']
    lines = ["agentAddress udp:161", f"sysName {device.name}", f"sysDescr {device.description}",
             f"sysLocation {device.location}", "sysServices 2", "master agentx", f"agentXSocket unix:{home}/agentx",
             *access]  # fmt: skip
    return "\n".join(lines) + "\n"


def run(*command: str, text: str | None = None) -> str:
    """Run a command and return what it printed; its complaint becomes the exception."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


@contextlib.contextmanager
def recording(inside: Callable[[list[str]], list[str]], file: Path) -> Iterator[Capture]:
    """Record every frame that leaves eth0 inside the block; `inside` makes a command one of the namespace.

    AssertionError where tcpdump missed frames: then it proves nothing about those.
    """
    line = ["tcpdump", "-i", "eth0", "-Q", "out", "-Z", "root", "--immediate-mode", "-U", "-n", "-w", str(file)]
    line += ["-s", "128", "-B", "16384"]  # octets of a frame, KiB: as many as it can take until it gets its turn
    capture = Capture()
    with subprocess.Popen(inside(line), stderr=subprocess.PIPE, text=True) as recorder:
        assert recorder.stderr is not None
        next(said for said in recorder.stderr if "listening on" in said)
        try:
            yield capture
        finally:
            time.sleep(0.1)  # tcpdump reads its ring with a delay
            recorder.send_signal(signal.SIGINT)
            said = recorder.stderr.read()
    assert "\n0 packets dropped by kernel" in said, said
    capture.lines += run("tcpdump", "-e", "-n", "-r", str(file)).splitlines()


def ip_batch(lines: Iterator[str] | Sequence[str], namespace: str | None = None) -> None:
    """Many commands of ip in one process, in a namespace or for those that name theirs."""
    where = ("-n", namespace) if namespace else ()
    run("ip", *where, "-batch", "-", text="\n".join(lines) + "\n")


def namespaces() -> list[str]:
    """The names of the network namespaces of this machine."""
    return [line.split()[0] for line in run("ip", "netns", "list").splitlines() if line]


def remove_leftovers() -> None:
    """Remove the namespaces of labs whose process is gone."""
    owners = {name: re.match(r"st(\d+)-\d+-", name) for name in namespaces()}
    remove_namespaces(name for name, owner in owners.items() if owner and not Path(f"/proc/{owner[1]}").exists())


def remove_namespaces(names: Iterator[str]) -> None:
    """End what runs inside namespaces, then delete them; their interfaces vanish with them."""
    for name in list(names):
        with contextlib.suppress(RuntimeError):  # another run may have removed it in between
            for pid in run("ip", "netns", "pids", name).split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            run("ip", "netns", "del", name)
