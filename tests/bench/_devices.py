"""The figures of reach that concern SNMP devices: how fast they are walked, at what cost, and what the sick ones cost.

Recorded devices are served by ../shared/tools/snmpfarm.py, devices that speak SNMPv3 by an snmpd with 50 addresses in a
network namespace. The peers are Debian's: snmpbulkwalk and fusioninventory-netinventory.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from _figures import Figures
from _walks import there
from _walks import walks as recordings

from lab import ip_batch, remove_namespaces
from programs import find_program

ROOT = Path(__file__).parent.parent.parent
FARM = ROOT.parent / "shared" / "tools" / "snmpfarm.py"
PORT = 21161
IF_TABLE = "1.3.6.1.2.1.2.2"
ROUNDS = 3
LIFTED = (1_000_000, 100_000)  # packets a second: no limit of the site, for comparing engines
PEERS_THREADS = 50
_AUTH_KEY, _PRIVACY_KEY = "authpass12", "privpass12"  # of a device that this program starts
_PUBLIC = ["-v2c", "-c", "public"]
_SECURE = ["-v3", "-l", "authPriv", "-u", "reader", "-a", "SHA", "-A", _AUTH_KEY, "-x", "AES", "-X", _PRIVACY_KEY]


def left_out(what: str, why: str) -> None:
    """Say that a figure is not measured here."""
    print(f"{what}: left out, {why}", flush=True)


# ------------------------------------------------------------------------------------------------ walks


def walks(figures: Figures) -> None:
    """50 devices with 2,002 variable bindings at 10 ms each, v2c, the site's limit lifted, beside snmpbulkwalk.

    The work is the same each time, and what else runs on the machine only adds to what it takes of the processor: so
    that is the least of several runs, with their median beside it.
    """
    if not FARM.exists() or not find_program("snmpbulkwalk"):
        return left_out("50 devices x 2,002 bindings", "the farm or snmpbulkwalk is not there")
    ours: list[dict[str, Any]] = []
    theirs: list[tuple[float, float]] = []
    with _farm(50, rows=91, delay=10) as devices:
        for _ in range(ROUNDS):
            theirs.append(_bulkwalk(list(devices), _PUBLIC))
            ours += [_examine(list(devices), rate=LIFTED, table=IF_TABLE, engine=True) for _ in range(ROUNDS)]
    least = min(min(found for found, _ in each["devices"].values()) for each in ours)
    figures.exactly("50 devices: bindings of each, least", least, 2002, "bindings")
    seconds, peer = (statistics.median(values) for values in ([e["seconds"] for e in ours], [t for t, _ in theirs]))
    figures.beside("50 devices by snmpbulkwalk, a process each", peer, "s")
    figures.beside("50 devices by snmpbulkwalk, CPU", statistics.median(cpu for _, cpu in theirs), "s")
    figures.beside("50 devices by the agent's engine", seconds, "s")
    figures.at_most("50 devices by the agent's engine beside snmpbulkwalk", seconds / peer, 1.0, "times")
    taken = [each["cpu_seconds"] for each in ours]
    figures.beside("50 devices by the agent's engine, CPU, median of nine", statistics.median(taken), "s")
    figures.at_most("50 devices by the agent's engine, CPU, least of nine", min(taken), 0.4, "s")
    return None


def secure(figures: Figures) -> None:
    """50 addresses of one snmpd with 2,002 variable bindings each, by SNMPv3 authPriv (SHA, AES), without latency."""
    if not (find_program("snmpd") and find_program("snmpbulkwalk")):
        return left_out("50 devices by SNMPv3", "snmpd or snmpbulkwalk is not installed")
    ours: list[dict[str, Any]] = []
    theirs: list[tuple[float, float]] = []
    with _snmpd(50, ports=90) as (namespace, devices):
        for _ in range(ROUNDS):
            theirs.append(_bulkwalk(devices, _SECURE, namespace))
            ours.append(_examine(devices, rate=LIFTED, table=IF_TABLE, engine=True, secure=True, namespace=namespace))
    least = min(min(found for found, _ in each["devices"].values()) for each in ours)
    figures.exactly("50 devices by SNMPv3 authPriv: bindings of each, least", least, 2002, "bindings")
    seconds, peer = (statistics.median(values) for values in ([e["seconds"] for e in ours], [t for t, _ in theirs]))
    figures.beside("50 devices by SNMPv3 authPriv, snmpbulkwalk, a process each", peer, "s")
    figures.beside("50 devices by SNMPv3 authPriv, the agent's engine", seconds, "s")
    figures.at_most("50 devices by SNMPv3 authPriv beside snmpbulkwalk", seconds / peer, 4.0, "times")
    return None


def inventory(figures: Figures) -> None:
    """Everything the collector's plan asks of 50 recorded switches at 10 ms, the limit lifted, with the worker."""
    peer = find_program("fusioninventory-netinventory")
    if not (FARM.exists() and there() and peer):
        return left_out("50 recorded switches", "the farm, the corpus or fusioninventory-netinventory is not there")
    recorded = dict(itertools.islice(_switches(), 50))
    with _farm(50, recorded=recorded, delay=10) as devices:
        ours = _examine(list(devices), rate=LIFTED, full=True)
    with _farm(50, recorded=recorded, delay=10) as asked:
        begun = time.monotonic()
        hosts = ",".join(asked)
        line = [peer, "--host", hosts, "--port", str(PORT), "--threads", str(PEERS_THREADS), "--type", "NETWORKING"]
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - begun
    requests, theirs = (sum(device["requests"] for device in farm.values()) for farm in (devices, asked))
    figures.beside("50 recorded switches, bindings", sum(found for found, _ in ours["devices"].values()), "bindings")
    figures.beside("50 recorded switches", ours["seconds"], "s")
    figures.beside("50 recorded switches by fusioninventory-netinventory", seconds, "s")
    figures.at_least("50 recorded switches: times as fast", seconds / ours["seconds"], 10.0, "times")
    figures.beside("50 recorded switches: requests", requests, "requests")
    figures.beside("50 recorded switches by fusioninventory-netinventory: requests", theirs, "requests")
    figures.at_most("50 recorded switches: requests beside fusioninventory's", requests / theirs, 0.5, "times")
    return None


def sick(figures: Figures) -> None:
    """500 devices of 487 bindings at 10 ms, at the defaults: all healthy, then 13 % of them sick."""
    if not FARM.exists():
        return left_out("farm of 500 devices", f"{FARM} is not there")
    with _farm(500, rows=48, delay=10) as devices:
        well = _examine(list(devices))
    quirks = {"dead": "5%", "nobulk": "3%", "slow": "2%", "loop": "1%", "lossy": "2%"}
    with _farm(500, rows=48, delay=10, quirks=quirks) as devices:
        ill = _examine(list(devices))
        healthy = [address for address, device in devices.items() if not device["quirk"]]
    complete = sum(ill["devices"][address][1] for address in healthy)
    figures.exactly("farm of 500: healthy devices complete", complete, len(healthy), "devices")
    figures.beside("farm of 500, all healthy", well["seconds"], "s")
    figures.beside("farm of 500, 13 % sick", ill["seconds"], "s")
    figures.at_most("farm of 500: what the sick cost in time", ill["seconds"] / well["seconds"], 1.2, "times")
    peak = max(device["peak_in_flight"] for device in devices.values())
    figures.exactly("farm of 500: most requests in flight at one device, by its own count", peak, 1, "requests")
    return None


def far(figures: Figures) -> None:
    """20 devices of 487 bindings behind 300 ms and 5 % loss, at the defaults."""
    if not FARM.exists():
        return left_out("300 ms and 5 % loss", f"{FARM} is not there")
    with _farm(20, rows=48, delay=300, options=("--loss", "0.05")) as devices:
        ours = _examine(list(devices))
    figures.exactly("300 ms and 5 % loss: devices complete", sum(d[1] for d in ours["devices"].values()), 20, "devices")
    figures.exactly(
        "300 ms and 5 % loss: bindings, least", min(d[0] for d in ours["devices"].values()), 487, "bindings"
    )
    figures.beside("300 ms and 5 % loss", ours["seconds"], "s")
    return None


# ------------------------------------------------------------------------------------------------ devices


@contextlib.contextmanager
def _farm(
    count: int,
    *,
    delay: int,
    rows: int = 0,
    recorded: dict[str, bytes] | None = None,
    quirks: dict[str, str] | None = None,
    options: tuple[str, ...] = (),
) -> Iterator[dict[str, dict[str, Any]]]:
    """Recorded devices on loopback: address → what the farm says of it, with its counters once the context is left."""
    with tempfile.TemporaryDirectory(prefix="stfarm-") as folder:
        place = Path(folder)
        for name, content in (recorded or {"switch": _recording(rows).encode()}).items():
            (place / f"{name}.snmprec").write_bytes(content)
        line = [sys.executable, str(FARM), str(place), "--base", "127.61.0.1", "--port", str(PORT)]
        line += [f"--quirk={name}={share}" for name, share in (quirks or {}).items()]
        line += [
            "--count",
            str(count),
            "--delay",
            str(delay),
            "--manifest",
            str(place / "m"),
            "--stats",
            str(place / "s"),
        ]
        process = subprocess.Popen([*line, *options], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not (place / "m").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)
        devices = {row["address"]: row for row in map(json.loads, (place / "m").read_text().splitlines())}
        try:
            yield devices
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            for row in map(json.loads, (place / "s").read_text().splitlines()):
                devices[row["address"]] |= row


def _switches() -> Iterator[tuple[str, bytes]]:
    """Recordings of what has 20 to 120 Ethernet ports and a bridge."""
    for name, content in recordings():
        ports = len(re.findall(rb"^1\.3\.6\.1\.2\.1\.2\.2\.1\.3\.\d+\|2\|6\r?$", content, re.MULTILINE))
        if 20 <= ports <= 120 and b"\n1.3.6.1.2.1.17.1." in content:
            yield name, content


@contextlib.contextmanager
def _snmpd(addresses: int, *, ports: int) -> Iterator[tuple[str, list[str]]]:
    """An snmpd with loopback and `ports` interfaces, in a namespace: its name, and addresses it answers at."""
    namespace = f"st{os.getpid()}-v3"
    devices = [f"127.61.0.{number}" for number in range(1, addresses + 1)]
    with tempfile.TemporaryDirectory(prefix="stsnmpd-") as folder:
        place = Path(folder)
        user = f'createUser reader SHA "{_AUTH_KEY}" AES "{_PRIVACY_KEY}"'
        (place / "snmpd.conf").write_text(f"agentAddress udp:{PORT}\nrocommunity public\n{user}\nrouser reader priv\n")
        environment = os.environ | {"MIBS": "", "SNMP_PERSISTENT_DIR": str(place / "p"), "SNMPCONFPATH": folder}
        ip_batch([f"netns add {namespace}"])
        ip_batch(["link set lo up", *(f"link add a{n} type veth peer b{n}" for n in range(ports // 2))], namespace)
        line = ["ip", "netns", "exec", namespace, find_program("snmpd") or "", "-f", "-I", "-smux", "-Lf", os.devnull]
        process = subprocess.Popen([*line, "-p", str(place / "pid")], env=environment)
        try:
            time.sleep(2.0)
            yield namespace, devices
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            remove_namespaces(iter([namespace]))


def _recording(rows: int) -> str:
    """A device with a system group, and 22 columns of interfaces and three of their names."""
    system = [(f"1.3.6.1.2.1.1.{number}.0", "4", f"text {number}") for number in (1, 4, 5, 6)]
    system += [("1.3.6.1.2.1.1.2.0", "6", "1.3.6.1.4.1.8072.3.2.10"), ("1.3.6.1.2.1.1.3.0", "67", "4711"),
               ("1.3.6.1.2.1.1.7.0", "2", "2")]  # fmt: skip
    columns = [f"1.3.6.1.2.1.2.2.1.{column}" for column in range(1, 23)]
    columns += [f"1.3.6.1.2.1.31.1.1.1.{column}" for column in (1, 15, 18)]
    cells = [(f"{column}.{row}", "4", f"port {row:03}") for column in columns for row in range(1, rows + 1)]
    return "".join(f"{oid}|{tag}|{value}\n" for oid, tag, value in (*system, *cells))


# ------------------------------------------------------------------------------------------------ asking


def _examine(targets: list[str], *, namespace: str = "", **asked: Any) -> dict[str, Any]:
    """What tests/bench/_examining.py prints, asked at the defaults where nothing else is said."""
    defaults = {"port": PORT, "networks": ["127.0.0.0/8"], "rate": (500, 40), "table": "", "engine": False}
    question = json.dumps(defaults | {"targets": targets, "full": False, "secure": False} | asked)
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'proto'}"}
    line = [*_inside(namespace), sys.executable, str(ROOT / "tests" / "bench" / "_examining.py"), question]
    return dict(json.loads(subprocess.run(line, env=environment, check=True, stdout=subprocess.PIPE).stdout))


def _bulkwalk(targets: list[str], credential: list[str], namespace: str = "") -> tuple[float, float]:
    """Seconds and CPU seconds of snmpbulkwalk, one process for each device, all at once."""
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    line = [*_inside(namespace), "snmpbulkwalk", *credential, "-m", "", "-On", "-Cr25", "-t", "3"]
    environment = os.environ | {"MIBS": ""}
    started = [
        subprocess.Popen([*line, f"{target}:{PORT}", IF_TABLE], stdout=subprocess.DEVNULL, env=environment)
        for target in targets
    ]
    assert [process.wait(60) for process in started] == [0] * len(targets)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begun, sum(after[:2]) - sum(before[:2])


def _inside(namespace: str) -> list[str]:
    return ["ip", "netns", "exec", namespace] if namespace else []
