"""Every figure of the first estate: set-up, sweeps, refusals, memory beside two peers, metrics, pages, structure.

Run as root on a machine with the programs that `.ci/run` installs, plus prometheus-node-exporter and
fusioninventory-agent for the comparison. All traffic stays on loopback and in network namespaces made here.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

from _figures import Figures  # noqa: E402 - the paths come first
from _memory import pss_mb, watched  # noqa: E402

from collector.facts import mac as plain_mac  # noqa: E402
from lab import Lab  # noqa: E402
from programs import find_program  # noqa: E402
from segment import Row, Segment  # noqa: E402

IDLE_SECONDS = 90  # long enough for at least one Sync of an agent that waits
HOSTS = 250


def main() -> None:
    """Print all figures."""
    figures = Figures()
    set_up(figures)
    sweeps(figures)
    idle_memory(figures)
    sweeping_memory(figures)
    tested(figures, "refusals shown with their reason", 6, REFUSALS)
    tested(figures, "checks of metrics by promtool and Prometheus", 2, PROMETHEUS)
    tested(figures, "checks of the pages in Chromium", 6, ("tests/collector/web/test_web_browser.py",))
    structure(figures)
    figures.done()


# ------------------------------------------------------------------------------------------------ 1 set-up


def set_up(figures: Figures) -> None:
    """A fresh clone, a fresh environment: how long until `make run` prints the link."""
    with tempfile.TemporaryDirectory(prefix="stclone-") as folder:
        subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
        begun = time.monotonic()
        process = subprocess.Popen(
            ["make", "run"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert process.stdout
        linked = next((time.monotonic() - begun for line in process.stdout if "/enter/" in line), 1e9)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    figures.at_most("make run in a fresh clone, to the sign-in link", linked, 180, "s")


# ------------------------------------------------------------------------------------------------ 2 sweeps


def sweeps(figures: Figures) -> None:
    """250 hosts and three snmpd: with CAP_NET_RAW, again, with the collector killed in between, with no capability."""
    with Lab(hosts=HOSTS, snmpd=("v1", "v2c", "v3"), collector=True) as lab:
        with Segment(lab) as segment:
            begun = prepare(segment)
            rows = settled(segment, lab)
            figures.beside(
                "first sweep, from the agent's start to the last of the three named", time.monotonic() - begun, "s"
            )
            found(figures, "one sweep", rows, lab)
            segment.stop_agent()
            seen = {row["device_id"]: row["last_seen"] for row in rows}
            segment.start_agent()
            again = segment.wait_for(
                lambda rows: all(row["last_seen"] > seen.get(row["device_id"], "") for row in rows)
            )
            figures.exactly(
                "rows that a second sweep adds", len({row["device_id"] for row in again} - set(seen)), 0, "rows"
            )
        with Segment(lab) as segment:
            prepare(segment)
            segment.wait_for(lambda rows: len(rows) > 1)
            segment.kill_collector()
            segment.start_collector()
            found(figures, "collector killed -9 in mid-sweep", settled(segment, lab), lab)
        with Segment(lab) as segment:
            prepare(segment, unprivileged=True)
            found(figures, "no capability (CapEff=0)", settled(segment, lab), lab)


def prepare(segment: Segment, *, unprivileged: bool = False) -> float:
    """Start both programs; returns when the agent began."""
    segment.start_collector()
    segment.add_credentials()
    segment.enrol(segment.lab.truth.network, unprivileged=unprivileged)
    begun = time.monotonic()
    segment.start_agent(unprivileged=unprivileged)
    return begun


def settled(segment: Segment, lab: Lab) -> list[Row]:
    """The register once all are there and named; what is there after two minutes otherwise."""
    names = {device.name for device in lab.truth.devices}
    wanted = len(lab.truth.hosts) + len(names) + 1

    def enough(rows: list[Row]) -> bool:
        return len(rows) >= wanted and names <= {row["name"] for row in rows if row["last_method"].startswith("SNMP")}

    try:
        return segment.wait_for(enough, 120)
    except AssertionError:
        return segment.devices()


def found(figures: Figures, how: str, rows: list[Row], lab: Lab) -> None:
    """How many of the lab's truth stand in the register, once each."""
    by_mac = {row["mac"]: row for row in rows}
    hosts = [by_mac.get(plain_mac(host.mac)) for host in lab.truth.hosts]
    right = sum(bool(row and row["maker"]) for row in hosts)
    named = sum((by_mac.get(device.mac) or {}).get("name") == device.name for device in lab.truth.devices)
    figures.exactly(f"{how}: hosts with MAC and maker", right, len(lab.truth.hosts), "hosts")
    figures.exactly(f"{how}: SNMP devices with name", named, len(lab.truth.devices), "devices")
    figures.exactly(f"{how}: rows twice", len(rows) - len(by_mac), 0, "rows")


# ------------------------------------------------------------------------------------------------ 4 memory


def idle_memory(figures: Figures) -> None:
    """An enrolled agent that waits, beside two peers that wait."""
    with Lab(hosts=1, collector=True) as lab, Segment(lab) as segment:
        segment.start_collector()
        segment.enrol()
        segment.start_agent()
        assert segment.agent_process
        time.sleep(20)  # the first reading of the machine and the first Sync are over
        with watched(segment.agent_process.pid) as idle:
            time.sleep(IDLE_SECONDS)
    figures.at_most("idle agent, PSS of all its processes (median)", idle.median, 40, "MB")
    figures.beside("idle agent, PSS while it syncs (peak)", idle.largest, "MB")
    for name, command in PEERS.items():
        figures.beside(f"idle {name}, PSS", peer_mb(command), "MB")


PEERS: dict[str, list[str]] = {
    "prometheus-node-exporter": [
        "prometheus-node-exporter", "--web.listen-address=127.0.0.1:29100", "--log.level=error",
    ],
    "fusioninventory-agent": [
        "fusioninventory-agent", "--daemon", "--no-fork", "--no-httpd", "--wait=3600",
        "--server=http://127.0.0.1:29101/", "--conf-file=/dev/null",
    ],
}  # fmt: skip


def peer_mb(command: Sequence[str]) -> float:
    """PSS of a peer after it has settled; 0 where it is not installed."""
    program = find_program(command[0])
    if program is None:
        return 0.0
    process = subprocess.Popen([program, *command[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(5)
    used = pss_mb(process.pid)
    process.kill()
    process.wait()
    return used


def sweeping_memory(figures: Figures) -> None:
    """1,022 addresses with 50 SNMP devices: the largest PSS over all processes of the agent."""
    versions = ("v2c",) * 40 + ("v3",) * 10
    with Lab(hosts=HOSTS, snmpd=versions, network="10.77.0.0/22", collector=True) as lab, Segment(lab) as segment:
        segment.start_collector()
        segment.add_credentials()
        segment.enrol(lab.truth.network)
        segment.start_agent()
        assert segment.agent_process
        with watched(segment.agent_process.pid) as peak:
            rows = settled(segment, lab)
            time.sleep(5)
    named = {device.name for device in lab.truth.devices} & {row["name"] for row in rows}
    figures.exactly("devices named in a sweep of 1,022 addresses", len(named), 50, "devices")
    figures.at_most("sweeping 1,022 addresses with 50 SNMP devices, PSS (peak)", peak.largest, 120, "MB")


# ------------------------------------------------------------------------------------------------ 3, 5, 6 by test

REFUSALS = (
    "tests/collector/intake", "-k",
    "wrong_token or opens_once or expired_token or foreign_certificate or without_a_certificate or agents_stream",
)  # fmt: skip


PROMETHEUS = ("tests/collector/test_metrics.py", "tests/collector/web/test_web_prometheus.py", "-k", "prom")


def tested(figures: Figures, name: str, wanted: int, selection: Sequence[str]) -> None:
    """How many tests of a selection pass; a failure or a skip makes it short."""
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", *selection]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"STOCKTAKE_NO_SKIP": "1"}, capture_output=True, text=True, check=False
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    count = int(passed.group(1)) if passed and done.returncode == 0 else 0
    figures.at_least(name, count, wanted, "tests")


# ------------------------------------------------------------------------------------------------ 7 structure


def structure(figures: Figures) -> None:
    """The two modules that know the order."""
    for name in ("agent/sweep.py", "collector/understand.py"):
        figures.at_most(f"{name}, length", len((ROOT / name).read_text("utf-8").splitlines()), 130, "lines")


if __name__ == "__main__":
    main()
