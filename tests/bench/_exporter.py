"""One round of health of 50 recorded switches beside prometheus-snmp-exporter, which reads all of IF-MIB of the same.

    _exporter.figures(figures)

The farm (../shared/tools/snmpfarm.py) counts the requests that reach the devices. The processor of ours is that of the
agent's engine (`_round.py`), and of the collector's process, which understands and judges the round and writes the page
for Prometheus; that of the exporter is its process alone. Debian ships no snmp.yml; the module is what upstream's
generator makes of `if_mib`: every column of ifTable and ifXTable.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from _devices import FARM, PORT, _farm, _switches, left_out
from _figures import Figures
from _walks import there

from collector import understand
from collector.intake.incoming import read_report
from collector.metrics import school
from collector.store import Store, agents, evidence, places
from programs import find_program

ROOT = Path(__file__).parent.parent.parent
EXPORTER = "prometheus-snmp-exporter"
DEVICES, AT_ONCE, ROUNDS = 50, 10, 3
TICKS = os.sysconf("SC_CLK_TCK")
IF_TABLE, IF_X_TABLE = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
#: columns of IF-MIB (RFC 2863): number → name and type as snmp_exporter has them
COLUMNS: dict[str, tuple[str, str]] = {
    **{f"{IF_TABLE}.{number}": told for number, told in {
        1: ("ifIndex", "gauge"), 2: ("ifDescr", "DisplayString"), 3: ("ifType", "gauge"), 4: ("ifMtu", "gauge"),
        5: ("ifSpeed", "gauge"), 6: ("ifPhysAddress", "PhysAddress48"), 7: ("ifAdminStatus", "gauge"),
        8: ("ifOperStatus", "gauge"), 9: ("ifLastChange", "gauge"), 10: ("ifInOctets", "counter"),
        11: ("ifInUcastPkts", "counter"), 12: ("ifInNUcastPkts", "counter"), 13: ("ifInDiscards", "counter"),
        14: ("ifInErrors", "counter"), 15: ("ifInUnknownProtos", "counter"), 16: ("ifOutOctets", "counter"),
        17: ("ifOutUcastPkts", "counter"), 18: ("ifOutNUcastPkts", "counter"), 19: ("ifOutDiscards", "counter"),
        20: ("ifOutErrors", "counter"), 21: ("ifOutQLen", "gauge"),
    }.items()},
    **{f"{IF_X_TABLE}.{number}": told for number, told in {
        1: ("ifName", "DisplayString"), 2: ("ifInMulticastPkts", "counter"), 3: ("ifInBroadcastPkts", "counter"),
        4: ("ifOutMulticastPkts", "counter"), 5: ("ifOutBroadcastPkts", "counter"), 6: ("ifHCInOctets", "counter"),
        7: ("ifHCInUcastPkts", "counter"), 8: ("ifHCInMulticastPkts", "counter"),
        9: ("ifHCInBroadcastPkts", "counter"), 10: ("ifHCOutOctets", "counter"), 11: ("ifHCOutUcastPkts", "counter"),
        12: ("ifHCOutMulticastPkts", "counter"), 13: ("ifHCOutBroadcastPkts", "counter"),
        14: ("ifLinkUpDownTrapEnable", "gauge"), 15: ("ifHighSpeed", "gauge"), 16: ("ifPromiscuousMode", "gauge"),
        17: ("ifConnectorPresent", "gauge"), 18: ("ifAlias", "DisplayString"),
        19: ("ifCounterDiscontinuityTime", "gauge"),
    }.items()},
}  # fmt: skip


def figures(figures: Figures) -> None:
    """Print them."""
    if not (FARM.exists() and there() and find_program(EXPORTER)):
        return left_out(f"50 switches beside {EXPORTER}", "the farm, the corpus or the exporter is not there")
    recorded = dict(itertools.islice(_switches(), DEVICES))
    with _farm(DEVICES, recorded=recorded, delay=5) as devices:
        series, theirs = _exported(list(devices))
    asked = _requests(devices)
    with _farm(DEVICES, recorded=recorded, delay=5) as devices:
        _round(list(devices), rounds=0)
    whole = _requests(devices)
    with _farm(DEVICES, recorded=recorded, delay=5) as devices:
        told = _round(list(devices), rounds=ROUNDS)
    requests = (_requests(devices) - whole) / ROUNDS
    page, understood = _page(told)
    cpu = told["cpu_seconds"] + understood
    figures.beside(f"50 switches by {EXPORTER} (if_mib): requests to devices", asked, "requests")
    figures.beside("50 switches, a round of health: requests to devices", requests, "requests")
    figures.at_most("50 switches: requests beside the exporter's", requests / asked, 1.0, "times")
    figures.beside(f"50 switches by {EXPORTER}: processor", theirs, "s")
    figures.beside("50 switches, a round of health: processor of the agent's engine", told["cpu_seconds"], "s")
    figures.beside("50 switches, a round of health: processor of the collector, with its page", understood, "s")
    figures.beside("50 switches: processor beside the exporter's", cpu / theirs, "times")
    figures.beside(f"50 switches by {EXPORTER}: series", series, "series")
    figures.beside("50 switches: series of their school's page", _series(page), "series")
    figures.at_most("50 switches: series beside the exporter's", _series(page) / series, 1.0, "times")
    return None


def _requests(devices: dict[str, dict[str, Any]]) -> int:
    return sum(int(device["requests"]) for device in devices.values())


def _series(page: bytes) -> int:
    return sum(not line.startswith(b"#") for line in page.splitlines())


# ------------------------------------------------------------------------------------------------ the exporter


def _exported(addresses: list[str]) -> tuple[int, float]:
    """The exporter's series of all devices, without those of itself, and its processor time for one scrape of each."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{found.getsockname()[1]}"
    with TemporaryDirectory(prefix="stexporter-") as folder:
        (Path(folder) / "snmp.yml").write_text(json.dumps({"if_mib": _module()}))
        line = [EXPORTER, f"--config.file={folder}/snmp.yml", f"--web.listen-address={listen}", "--log.level=error"]
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _until_ready(f"http://{listen}/metrics", process)
            before = _cpu(process.pid)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                urls = [f"http://{listen}/snmp?target={address}:{PORT}&module=if_mib" for address in addresses]
                pages = list(pool.map(_read, urls))
            return sum(_of_device(page) for page in pages), _cpu(process.pid) - before
        finally:
            process.terminate()
            process.wait(10)


def _module() -> dict[str, Any]:
    labels = {"ifName": f"{IF_X_TABLE}.1", "ifDescr": f"{IF_TABLE}.2", "ifAlias": f"{IF_X_TABLE}.18"}
    lookups = [
        {"labels": ["ifIndex"], "labelname": name, "oid": oid, "type": "DisplayString"} for name, oid in labels.items()
    ]
    indexes = [{"labelname": "ifIndex", "type": "gauge"}]
    metrics: list[dict[str, Any]] = [{"name": "sysUpTime", "oid": "1.3.6.1.2.1.1.3", "type": "gauge", "help": "up"}]
    metrics += [
        {"name": name, "oid": oid, "type": kind, "help": name, "indexes": indexes, "lookups": lookups}
        for oid, (name, kind) in COLUMNS.items()
    ]
    return {
        "walk": ["1.3.6.1.2.1.2", "1.3.6.1.2.1.31.1.1"], "get": ["1.3.6.1.2.1.1.3.0"], "metrics": metrics,
        "version": 2, "auth": {"community": "public"},
    }  # fmt: skip


def _read(url: str) -> bytes:
    return httpx.get(url, timeout=60, trust_env=False).raise_for_status().content


def _until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            _read(url)
        except httpx.TransportError:
            assert process.poll() is None, "the exporter does not start"
            assert time.monotonic() < deadline, "the exporter does not answer"
            time.sleep(0.05)
        else:
            return


def _of_device(page: bytes) -> int:
    return sum(not line.startswith((b"#", b"snmp_scrape_")) for line in page.splitlines())


def _cpu(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS


# ------------------------------------------------------------------------------------------------ ours


def _round(addresses: list[str], *, rounds: int) -> dict[str, Any]:
    """What tests/bench/_round.py prints: everything once, then so many rounds of health."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'proto'}"}
    question = json.dumps({"targets": addresses, "port": PORT, "rounds": rounds})
    line = [sys.executable, str(ROOT / "tests" / "bench" / "_round.py"), question]
    return dict(json.loads(subprocess.run(line, env=environment, check=True, stdout=subprocess.PIPE).stdout))


def _page(told: dict[str, Any]) -> tuple[bytes, float]:
    """The page of these switches' school, and the processor time of keeping, understanding and judging the last round,
    and of writing the page.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    with TemporaryDirectory(prefix="stround-") as folder:
        store = Store.open(f"sqlite:///{folder}/store.db")
        try:
            trust_id, school_id, bring = _school(store, now)
            for sent in told["rounds"][:-1]:
                bring(sent)
            begun = time.process_time()
            bring(told["rounds"][-1])
            page = school.exposition(store, trust_id, school_id, now.date())
            assert page is not None
            return page, time.process_time() - begun
        finally:
            store.close()


def _school(store: Store, now: datetime) -> tuple[str, str, Callable[[list[str]], None]]:
    """A trust with one school and its agent, and what takes in reports of that agent and understands them."""
    trust_id = store.write(lambda c: places.add_trust(c, "A trust", now))
    school_id = store.write(lambda c: places.add_school(c, trust_id, "A school", "100001", now))
    site_id = store.write(lambda c: places.add_site(c, trust_id, school_id, "Main site"))
    agent = agents.Agent("agent", site_id, school_id, "server", b"k" * 32, (), "01", None)
    store.write(lambda c: agents.add(c, trust_id, agent, version="0", expires=now + timedelta(days=20), now=now))
    numbers = itertools.count(1)

    def bring(sent: list[str]) -> None:
        found = [read_report(next(numbers), b64decode(raw)) for raw in sent]
        store.write(lambda c: evidence.keep(c, trust_id, "agent", site_id, "stream", found, now))
        while understand.understand_pending(store, trust_id, now):
            pass

    return trust_id, school_id, bring
