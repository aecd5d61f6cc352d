"""The figures of reach: sweeps, walks, politeness, the reader, the bell. Each is a function and can be run by name.

    make bench WHAT=reach                   all of them
    ONLY=arp,capture make bench WHAT=reach  (or: python tests/bench/reach.py arp capture)

Run as root: all traffic stays on loopback and in network namespaces made here. Peers that are not installed, and the
farm of recorded devices (../shared/tools/snmpfarm.py) where it is not there, are named and left out.
"""

from __future__ import annotations

import compileall
import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("", "proto", "tests", "tests/bench")]  # tests/agent is no package

import _mutated  # noqa: E402 - the paths come first
from _devices import ROUNDS, far, inventory, left_out, secure, sick, walks  # noqa: E402
from _figures import Figures  # noqa: E402
from _segment import Hosts  # noqa: E402

from agent.budget import DENIED_PORTS  # noqa: E402
from lab import recording, run  # noqa: E402
from onlooker import busiest_second, outside, packets  # noqa: E402
from programs import find_program  # noqa: E402

ARP_SCAN_RATE = 500  # packets a second, its default of 256 kbit/s


def main() -> None:
    """Print the figures that are named, or all."""
    named = sys.argv[1:] or [name for name in os.environ.get("ONLY", "").replace(",", " ").split() if name]
    figures = Figures()
    _compile()
    for name in named or FIGURES:
        FIGURES[name](figures)
    figures.done()


def _compile() -> None:
    """Compile what the agent imports, as installing does: where Python may not write, each start would compile anew."""
    places = [ROOT / "agent", ROOT / "proto" / "stocktake"]
    places += [
        Path(spec.origin).parent for name in ("scapy", "google.protobuf") if (spec := find_spec(name)) and spec.origin
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        for place in places:
            compileall.compile_dir(place, quiet=2)


# ------------------------------------------------------------------------------------------------ sweeps


def arp(figures: Figures) -> None:
    """A /22 with 600 live hosts, a fifth of them up to 0.3 s late: ARP with CAP_NET_RAW, at arp-scan's own rate."""
    ours: list[dict[str, Any]] = []
    theirs: list[float] = []
    with Hosts("10.80.0.0/22", live=600, late_seconds=0.3) as hosts:
        for _ in range(ROUNDS):
            theirs += [_arp_scan(hosts)[0]] if find_program("arp-scan") else []
            # one packet a second is left to the main process
            ours.append(hosts.sweep(privilege="raw", packets_per_second=ARP_SCAN_RATE + 1))
        figures.exactly("/22 by ARP: hosts found, least of three", _found(hosts, ours), 600, "hosts")
    seconds = statistics.median(each["seconds"] for each in ours)
    if theirs:
        figures.beside("/22 by arp-scan, median of three", statistics.median(theirs), "s")
        figures.at_most(
            "/22 by ARP beside arp-scan at the same rate", seconds / statistics.median(theirs), 1.0, "times"
        )
    figures.beside("/22 by ARP, median of three, with the worker's start", seconds, "s")
    cpu = statistics.median(each["cpu_seconds"] for each in ours)
    figures.at_most("/22 by ARP, CPU of both processes", cpu, 0.6, "s")


def lossy(figures: Figures) -> None:
    """The same with 2 % of the answers lost: a third pass finds whom two did not."""
    with Hosts("10.80.0.0/22", live=600, late_seconds=0.3, loss=0.02) as hosts:
        if find_program("arp-scan"):
            seconds, found = _arp_scan(hosts)
            figures.beside("/22 with 2 % loss by arp-scan", seconds, "s")
            figures.beside("/22 with 2 % loss by arp-scan: found", found, "hosts")
        ours = hosts.sweep(privilege="raw", packets_per_second=ARP_SCAN_RATE + 1)
        figures.exactly("/22 with 2 % loss by ARP: found", _found(hosts, [ours]), 600, "hosts")
        figures.beside("/22 with 2 % loss by ARP", ours["seconds"], "s")


def touch(figures: Figures) -> None:
    """The same /22 with no capability, at the site's default of 500 packets a second."""
    with Hosts("10.80.0.0/22", live=600, late_seconds=0.3) as hosts:
        ours = hosts.sweep(privilege="none")
        figures.exactly("/22 without privilege: hosts found", _found(hosts, [ours]), 600, "hosts")
        figures.beside("/22 without privilege", ours["seconds"], "s")
        if find_program("arp-scan"):
            times = ours["seconds"] / _arp_scan(hosts)[0]
            figures.at_most("/22 without privilege beside arp-scan", times, 3.0, "times")


def large(figures: Figures) -> None:
    """2 % live: a /20 at 500 packets a second for the time, a /16 at 8,000 for the memory (else it takes 4 minutes)."""
    with Hosts("10.96.0.0/20", live=82) as hosts:
        before = _sent(hosts)
        ours = hosts.sweep(privilege="raw")
        allowed = (_sent(hosts) - before) / ARP_SCAN_RATE
        figures.exactly("/20 with 2 % live: found", _found(hosts, [ours]), 82, "hosts")
        figures.at_most("/20 at 500 packets/s beside what the budget allows", ours["seconds"] / allowed, 1.1, "times")
    with Hosts("10.97.0.0/16", live=1310) as hosts:
        ours = hosts.sweep(privilege="raw", packets_per_second=8_000)
        figures.exactly("/16 with 2 % live: found", _found(hosts, [ours]), 1310, "hosts")
        figures.beside("/16 at 8,000 packets/s", ours["seconds"], "s")
        megabytes = (ours["rss_kilobytes"] + ours["worker_rss_kilobytes"]) * 1024 / 1e6
        figures.at_most("/16, largest resident memory of both processes", megabytes, 150, "MB")


def _arp_scan(hosts: Hosts) -> tuple[float, int]:
    """Seconds, and how many addresses it found."""
    begun = time.monotonic()
    line = hosts.command(["arp-scan", "--quiet", "--plain", "--interface=eth0", str(hosts.network)])
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    return time.monotonic() - begun, len({row.split()[0] for row in said.splitlines() if row.strip()})


def _found(hosts: Hosts, sweeps: list[dict[str, Any]]) -> int:
    """How many hosts were found with their MAC; nobody else may be."""
    assert all(set(each["macs"]) <= set(hosts.truth) for each in sweeps)
    return min(sum(hosts.truth[address] == mac for address, mac in each["macs"].items()) for each in sweeps)


def _sent(hosts: Hosts) -> int:
    shown = run("ip", "-n", hosts.agent_namespace, "-s", "-j", "link", "show", "eth0")
    return int(json.loads(shown)[0]["stats64"]["tx"]["packets"])


# ------------------------------------------------------------------------------------------------ what the wire saw

CREDENTIALS = """
[[credential]]
name = "{name}"
version = "2c"
community = "{name}-word"
"""


def capture(figures: Figures) -> None:
    """`stocktake-agent scan` of a /24 with 250 hosts without SNMP and four credentials, at the defaults, both ways."""
    if not find_program("tcpdump"):
        return left_out("what the wire saw", "tcpdump is not installed")
    with Hosts("10.81.0.0/24", live=250) as hosts, tempfile.TemporaryDirectory(prefix="streach-") as folder:
        credentials = Path(folder) / "credentials.toml"
        credentials.write_text("".join(CREDENTIALS.format(name=name) for name in ("one", "two", "three", "four")))
        credentials.chmod(0o600)
        Path(folder).chmod(0o711)
        for way in ("raw", "none"):
            _captured(figures, hosts, way, Path(folder) / f"{way}.pcap", credentials)
    return None


def _captured(figures: Figures, hosts: Hosts, way: str, file: Path, credentials: Path) -> None:
    name = {"raw": "scan with CAP_NET_RAW", "none": "scan with no capability"}[way]
    scan = [sys.executable, "-m", "agent", "scan", str(hosts.network), "--credentials", str(credentials)]
    user = hosts.command(["id", "-u"], privilege=way)
    uid = int(subprocess.run(user, capture_output=True, text=True, check=True).stdout)
    os.chown(credentials, uid, uid)
    begun = time.monotonic()
    with recording(hosts.command, file) as capture:
        environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'proto'}"}
        subprocess.run(hosts.command(scan, privilege=way), env=environment, check=True, capture_output=True, cwd=ROOT)
    seconds = time.monotonic() - begun
    sent = packets(capture.lines)
    figures.beside(f"{name}: a /24 with 250 hosts and no SNMP, four credentials", seconds, "s")
    figures.beside(f"{name}: packets", len(sent), "packets")
    figures.exactly(
        f"{name}: packets outside the named network", len(outside(sent, [str(hosts.network)])), 0, "packets"
    )
    denied = sum(one.port in DENIED_PORTS for one in sent)
    figures.exactly(f"{name}: packets to denied ports", denied, 0, "packets")
    figures.at_most(f"{name}: packets in the busiest second", busiest_second(sent), 500, "packets")
    asked = Counter(one.address for one in sent if one.port == 161)
    figures.at_most(f"{name}: SNMP packets to one host without SNMP", max(asked.values()), 2, "packets")
    figures.exactly(f"{name}: hosts asked by SNMP", len(asked), 250, "hosts")


# ------------------------------------------------------------------------------------------------ reader and bell


def mutated(figures: Figures) -> None:
    """Mutated answers through the strict reader."""
    _mutated.figures(figures)


def routed(figures: Figures) -> None:
    """Hosts of twelve routed segments: listed, at their edge port, and what the wire saw of it."""
    import _routed  # noqa: PLC0415 - it imports the collector, and the other figures need none

    _routed.figures(figures)


def bell(figures: Figures) -> None:
    """A thousand idle agents at the collector's bell."""
    from _bell import measure  # noqa: PLC0415  it imports the collector, and the other figures need none

    measure(figures)


FIGURES: dict[str, Callable[[Figures], None]] = {
    each.__name__: each
    for each in (arp, lossy, touch, large, capture, walks, secure, inventory, sick, far, routed, mutated, bell)
}

if __name__ == "__main__":
    main()
