"""What an audit of 50 schools with 1,000 devices each costs: judged in the background, and shown as it was kept.

Devices, facts and readings are those of `_estate_of_health`; ages, records and links are put in beside them.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "bench")]

import msgspec  # noqa: E402 - the path comes first
from _estate_of_health import MIX, NOW, add_school  # noqa: E402
from _figures import Figures  # noqa: E402
from sqlalchemy import insert, select  # noqa: E402

from collector import auditing, judging  # noqa: E402
from collector.age import About, Told, support  # noqa: E402
from collector.age.assess import Assessment  # noqa: E402
from collector.age.estimate import estimate  # noqa: E402
from collector.audit import rule_sets  # noqa: E402
from collector.store import Store, Transaction, cases, coverage, judged, places, register  # noqa: E402
from collector.store import schema as t  # noqa: E402

SCHOOLS = 50
MOST_SCHOOL_SECONDS, MOST_PAGE_SECONDS, MOST_GROWTH_MB = 1.0, 0.3, 60  # seconds of processor
EDITIONS = ("Education", "Professional", "Core", "Enterprise")
PERSONAL = ("desktop", "laptop")


def main() -> None:
    """Print all figures."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.db")
        try:
            _audits(figures, store)
        finally:
            store.close()
    figures.done()


def _audits(figures: Figures, store: Store) -> None:
    trust_id = store.write(lambda c: places.add_trust(c, "A trust", NOW))
    school_ids = [store.write(lambda c, n=number: _school(c, trust_id, n)) for number in range(SCHOOLS)]
    figures.beside("devices", SCHOOLS * sum(MIX.values()), "devices")
    rules = rule_sets.shipped("dfe-2026")
    judge = judging.Judge(store, trust_id)
    judge.step(NOW)
    judge.step(NOW)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = [_timed(lambda: judge.step(NOW))[0] for _ in school_ids[2:]]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    figures.at_most("school_seconds", max(seconds), MOST_SCHOOL_SECONDS, "seconds to judge one school by every set")
    figures.beside("audit_seconds", sum(seconds), f"seconds to judge {len(seconds)} schools, once an hour")
    figures.at_most("audit_growth", grown, MOST_GROWTH_MB, "MB more than for two schools")
    with store.reader() as connection:
        _shown(figures, connection, trust_id, rules)
        seconds_of_one, _ = _timed(lambda: auditing.run(connection, trust_id, rules, NOW, school_ids[-1:]))
        figures.beside("school_now", seconds_of_one, "seconds for one school as of now, by one set")


def _shown(figures: Figures, connection: Transaction, trust_id: str, rules: rule_sets.RuleSet) -> None:
    """What pages read of what was kept."""
    asked = {*judging.askings(connection, trust_id), judged.ENDINGS}
    rows = judged.findings(connection, trust_id, asked, cases.members(connection, trust_id))
    figures.beside("kept_findings", sum(row.passes + row.fails + row.untold for row in rows), "findings are kept")
    figures.beside("kept_octets", sum(len(row.findings) for row in rows) / 1e6, "MB are they, compressed")

    def gaps() -> None:
        """What stands beside every list: what could not be seen."""
        coverage.coverage(connection, trust_id)
        register.schools(connection, trust_id)
        register.agents(connection, trust_id)

    beside, _ = _timed(gaps)
    line = rules.line("purchase_date")
    pages = {
        "counts": lambda: judging.kept(connection, trust_id, rules, NOW),
        "list_first": lambda: judging.listed(connection, trust_id, line, NOW, outcome="fail"),
        "list_late": lambda: judging.listed(connection, trust_id, line, NOW, outcome="cannot be told", offset=4_000),
        "term_pack": lambda: judging.endings(connection, trust_id, NOW.date().replace(year=2028)),
    }
    for name, page in pages.items():
        seconds, _ = _timed(page)
        figures.at_most(name, beside + seconds, MOST_PAGE_SECONDS, "seconds to read a page of the trust, gaps included")


def _timed(work: Any) -> tuple[float, Any]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def _school(connection: Transaction, trust_id: str, number: int) -> str:
    school_id, _ = add_school(connection, trust_id, number)
    query = select(t.devices.c.device_id, t.devices.c["class"], t.devices.c.site_id).where(
        t.devices.c.trust_id == trust_id
    )
    rows = list(connection.execute(query.where(t.devices.c.school_id == school_id)))
    tables: dict[str, list[dict[str, Any]]] = {"ages": [], "records": [], "record_fields": [], "facts": []}
    for place, row in enumerate(rows):
        for name, values in _beside(number * sum(MIX.values()) + place, row.device_id, row[1]):
            tables[name].append({"trust_id": trust_id} | values)
    for name, found in tables.items():
        connection.execute(insert(getattr(t, name)), found)
    switches = [row.device_id for row in rows if row[1] == "switch"]
    connection.execute(
        insert(t.links),
        [_link(trust_id, rows[0].site_id, switches[0], far, n) for n, far in enumerate(switches[1:], 1)],
    )
    return school_id


def _link(trust_id: str, site_id: str, core: str, far: str, port: int) -> dict[str, Any]:
    return {
        "trust_id": trust_id, "site_id": site_id, "a_device": core, "a_port": port, "b_device": far, "b_port": 48,
        "a_port_name": f"Gi1/0/{port}", "b_port_name": "Gi1/0/48", "b_name": "", "members": 2, "told": True,
        "standby": False, "reason": "lldp", "since": NOW,
    }  # fmt: skip


def _beside(key: int, device_id: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    told = {}
    if kind in PERSONAL:
        told = {"os.product": "windows", "os.name": "Windows 11", "os.edition": EDITIONS[key % 4], "os.build": "26200"}
    about = About(kind, "HP", "J9773A", told={name: (Told(name, value),) for name, value in told.items()})
    assessed = Assessment(estimate([]), support=support.of(about))
    written = msgspec.json.encode(assessed).decode()
    yield (
        "ages",
        {"age_id": key + 1, "device_id": device_id, "component": "", "assessed": written, "recorded_from": NOW},
    )
    said = {"asset_tag": f"E-{key}", "room": f"Room {key % 60}", "cost": 45_000, "supplier": "A supplier"}
    if key % 3:
        said |= {"purchased": "2023-09-01", "warranty_ends": "2026-09-01"}
    if key % 5:
        record = {"record_id": f"r{key}", "device_id": device_id, "created": NOW, "change_id": "c"}
        yield "records", record
        for number, (name, value) in enumerate(said.items()):
            yield "record_fields", {
                "row_id": key * 10 + number + 1, "record_id": f"r{key}", "field": name, "value": json.dumps(value),
                "key": "", "actor": "a", "source": "page", "change_id": "c", "observed_from": NOW, "recorded_from": NOW,
            }  # fmt: skip
    for number, (name, text) in enumerate(told.items()):
        yield "facts", {
            "fact_id": 10**9 + key * 10 + number, "device_id": device_id, "lane_id": key + 1, "claim_id": key + 1,
            "component": "", "name": name, "value": json.dumps(text), "unit": "", "weight": 50, "chosen": True,
            "rule": "bench", "group_name": "bench", "locator": "", "observed_from": NOW, "recorded_from": NOW,
        }  # fmt: skip


if __name__ == "__main__":
    main()
