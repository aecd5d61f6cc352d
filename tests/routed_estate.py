"""An agent's sweep of the routed lab, taken in by a collector's own pipeline, and held against the lab's truth.

estate = Estate(folder)
estate.take_in(sweep(lab, networks, communities), now)
estate.listed(), estate.placed()
"""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from collector import map_network, plan, understand
from collector.intake.incoming import read_report
from collector.store import Transaction, agents, evidence, places, register, wiring
from collector.store.rows import DeviceRow
from fresh_store import fresh_store
from routed import Routed
from stocktake import savefile
from stocktake.wire import encode_plan

Link = frozenset[tuple[str, str]]  # two of (switch, port)
SWEEP = Path(__file__).with_name("routed_sweep.py")


@dataclass(frozen=True, slots=True)
class Swept:
    """The serialised reports of a sweep, and what the sweep says it cost."""

    reports: tuple[bytes, ...]
    cost: dict[str, Any]


def sweep(lab: Routed, networks: list[str], communities: list[str]) -> Swept:
    """What the agent brings with the collector's plan; it runs with CAP_NET_RAW and no other capability."""
    compiled = encode_plan(plan.compile_plan()).hex()
    asked = json.dumps({"networks": networks, "communities": communities, "plan": compiled}).encode()
    done: Any = lab.exec(
        [sys.executable, SWEEP], unprivileged=True, net_raw=True, input=asked, text=False, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    cost = json.loads(done.stderr.decode().splitlines()[-1])
    return Swept(tuple(savefile.read(io.BytesIO(done.stdout))), cost)


class Estate:
    """A trust with one school and one agent, in an SQLite store of its own; `close` it."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.store = fresh_store(folder / "stocktake.db")
        self._sequence = 0

        def make(connection: Transaction) -> tuple[str, str, str]:
            trust_id = places.add_trust(connection, "Elm Trust", now)
            school = places.add_school(connection, trust_id, "Oak Lane", "123456", now)
            site_id = places.add_site(connection, trust_id, school, "Main site")
            agent = agents.Agent("agent-1", site_id, school, "server", b"", (), "1", None)
            agents.add(connection, trust_id, agent, version="", expires=now, now=now)
            return trust_id, school, site_id

        self.trust_id, self.school_id, self.site_id = self.store.write(make)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def take_in(self, swept: Swept, now: datetime) -> None:
        """Keep, understand and draw what a sweep brought."""
        reports = [read_report(self._sequence + number, raw) for number, raw in enumerate(swept.reports, 1)]
        self._sequence += len(reports)
        self.store.write(lambda c: evidence.keep(c, self.trust_id, "agent-1", self.site_id, "stream-1", reports, now))
        understand.understand_pending(self.store, self.trust_id, now)
        assert map_network.map_changed(self.store, self.trust_id, now) == 1

    def devices(self) -> list[DeviceRow]:
        """The register."""
        with self.store.reader() as connection:
            return register.devices(connection, self.trust_id, limit=100_000)

    def listed(self) -> dict[str, str]:
        """MAC → address, of all devices."""
        return {row.mac: row.address for row in self.devices() if row.mac}

    def placed(self) -> dict[str, tuple[str, str]]:
        """MAC → switch and port, of everything that hangs somewhere; of what hangs at several ports, none."""
        found: dict[str, set[tuple[str, str]]] = {}
        with self.store.reader() as connection:
            for row in self.devices():
                for hanging in wiring.ports(connection, self.trust_id, row.device_id):
                    found.setdefault(hanging.mac, set()).add((row.name, hanging.port))
        return {mac: next(iter(at)) for mac, at in found.items() if len(at) == 1}

    def links(self) -> set[Link]:
        """Pairs of switch and port that a wire joins. (Routers are on it where they speak LLDP.)"""
        with self.store.reader() as connection:
            rows = wiring.links(connection, self.trust_id, self.school_id)
        names = {row.device_id: row.name for row in self.devices()}
        return {
            frozenset([(names[row.a_device], row.a_port), (names[row.b_device], row.b_port)])
            for row in rows
            if row.b_device
        }


def listed_rightly(lab: Routed, estate: Estate) -> float:
    """Percent of the hosts that are listed with their MAC and their address."""
    found = estate.listed()
    return 100 * sum(found.get(host.mac) == host.address for host in lab.plan.hosts) / len(lab.plan.hosts)


def placed_rightly(lab: Routed, estate: Estate) -> float:
    """Percent of the hosts that are on the edge port that they hang at."""
    found = estate.placed()
    right = sum(found.get(host.mac) == (host.switch, host.port_name) for host in lab.plan.hosts)
    return 100 * right / len(lab.plan.hosts)


def linked_rightly(lab: Routed, estate: Estate) -> tuple[int, int, int]:
    """How many links between switches there are, how many of them were found, and how many that are not there."""
    switches = {switch.name for switch in (*lab.plan.switches, *lab.plan.recorded)}
    found = {link for link in estate.links() if {name for name, _ in link} <= switches}
    there = lab.plan.links()
    return len(there), len(found & there), len(found - there)
