"""The figures of reach on hosts of twelve routed segments: who is listed, who is on the right port, what the wire saw.

    figures(into)        or: python tests/bench/_routed.py

The agent stands on the first segment and names it; where all switches are asked, also the 14 addresses of every other
segment in which switches are. It runs with the collector's plan and the default limits. Needs root, iproute2, snmpd;
lldpd and tcpdump where they are.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "proto"), str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

from _figures import Figures  # noqa: E402 - the paths come first

from agent.budget import DENIED_PORTS, Limits  # noqa: E402
from lab import Capture  # noqa: E402
from onlooker import busiest_second, busiest_second_of_a_host, outside, packets  # noqa: E402
from programs import find_program  # noqa: E402
from routed import COMMUNITY, CORE_COMMUNITY, Routed, network  # noqa: E402
from routed_estate import Estate, linked_rightly, listed_rightly, placed_rightly, sweep  # noqa: E402

HOSTS = 240
#: one of the VLANs that every Cisco switch lists and does not answer for
UNANSWERED = 1002


def figures(into: Figures | None = None) -> Figures:
    """Build the lab, sweep twice, print."""
    found = into or Figures()
    missing = [name for name in ("ip", "sysctl", "setpriv", "snmpd") if not find_program(name)]
    if missing or os.geteuid() != 0:
        print(f"routed segments: left out, {', '.join(missing) or 'root'} is missing", flush=True)
        return found
    with Routed(hosts=HOSTS, silent=(UNANSWERED,)) as lab, tempfile.TemporaryDirectory(prefix="strouted-") as folder:
        found.beside("routed segments: hosts", len(lab.plan.hosts), "hosts")
        real, spoken = len(lab.plan.switches), sum(switch.lldp for switch in lab.plan.switches)
        found.beside("routed segments: switches that are real, beside 4 recorded", real, "switches")
        found.beside("routed segments: switches with lldpd", spoken, "switches")
        _core(found, lab, Path(folder))
        _all(found, lab, Path(folder))
    return found


def _core(found: Figures, lab: Routed, folder: Path) -> None:
    """SNMP to the core only."""
    estate = _taken_in(found, lab, folder / "core", "core only", [network(1)], [CORE_COMMUNITY])
    found.at_least("SNMP to the core only: hosts listed with MAC and address", listed_rightly(lab, estate), 98, "%")
    estate.close()


def _all(found: Figures, lab: Routed, folder: Path) -> None:
    """SNMP to all switches."""
    named = [network(1), *(f"10.{segment}.0.0/28" for segment in lab.plan.segments[1:])]
    estate = _taken_in(found, lab, folder / "all", "all switches", named, [COMMUNITY, CORE_COMMUNITY])
    found.at_least("SNMP to all switches: hosts listed with MAC and address", listed_rightly(lab, estate), 98, "%")
    found.at_least("SNMP to all switches: hosts on the right edge port", placed_rightly(lab, estate), 97, "%")
    there, right, wrong = linked_rightly(lab, estate)
    found.beside(f"SNMP to all switches: of {there} links between switches, found", right, "links")
    found.exactly("SNMP to all switches: links that are not there", wrong, 0, "links")
    estate.close()


def _taken_in(
    found: Figures, lab: Routed, folder: Path, name: str, networks: list[str], communities: list[str]
) -> Estate:
    """The estate after a sweep while everybody is there, and what the wire saw of it."""
    lab.talk()
    with lab.capture() if find_program("tcpdump") else nullcontext(Capture()) as capture:
        swept = sweep(lab, networks, communities)
    found.beside(f"{name}: sweep", swept.cost["seconds"], "s")
    if find_program("tcpdump"):
        wire(found, f"{name}: the wire", capture, networks)
    folder.mkdir()
    begun, now = time.monotonic(), datetime.now(UTC)
    estate = Estate(folder, now)
    estate.take_in(swept, now)
    found.beside(f"{name}: understood and drawn", time.monotonic() - begun, "s")
    return estate


# ------------------------------------------------------------------------------------------------ what the wire saw


def wire(found: Figures, name: str, capture: Capture, networks: Iterable[str]) -> None:
    """The scan contract, as an onlooker sees it."""
    sent, limits = packets(capture.lines), Limits(())
    found.beside(f"{name}: packets", len(sent), "packets")
    found.exactly(f"{name}: packets outside the named networks", len(outside(sent, networks)), 0, "packets")
    found.exactly(f"{name}: packets to denied ports", sum(one.port in DENIED_PORTS for one in sent), 0, "packets")
    found.at_most(f"{name}: packets in the busiest second", busiest_second(sent), limits.packets_per_second, "packets")
    most = busiest_second_of_a_host(sent)
    found.at_most(f"{name}: packets to one host in a second", most, limits.packets_per_second_per_host, "packets")


if __name__ == "__main__":
    figures().done()
