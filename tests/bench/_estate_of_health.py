"""An estate of 50 schools with 1,000 devices each, as rows: what metrics of health are measured on.

Devices, readings and facts are put in directly; conditions and labels are the collector's own, judged school by school.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from collector.store import Store, Transaction, health, places
from collector.store import schema as t

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
#: class -> devices of a school; together 1,000
MIX = {"switch": 40, "ups": 8, "server": 12, "nas": 4, "printer": 56, "access point": 80, "camera": 60, "phone": 60,
       "desktop": 380, "laptop": 220, "unknown": 80}  # fmt: skip
PORTS = 48


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one device."""

    facts: list[tuple[str, str, Any]]
    readings: list[tuple[str, str, Any, str]]


def of_class(kind: str, number: int) -> Rows:
    """What a device of a class tells; one in twenty has something that is wrong."""
    wrong = number % 20 == 0
    facts: list[tuple[str, str, Any]] = []
    readings: list[tuple[str, str, Any, str]] = []
    if kind == "switch":
        for port in range(1, PORTS + 1):
            facts += [(f"interface/{port}", "name", f"Gi1/0/{port}"), (f"interface/{port}", "type", "ethernet")]
            readings.append((f"interface/{port}", "status", "up" if port % 3 else "down", ""))
            readings.append((f"interface/{port}", "speed", 10**9, "bits_per_second"))
        readings += [("interface/7", "errors_in", 10 + number, ""), ("", "processor_load", 12, "percent")]
        readings += [("power over ethernet/1", "consumption", 120, "watts"), ("", "temperature", 41, "celsius")]
        facts += [("power over ethernet/1", "capacity", 370), ("fan/1", "status", "failed" if wrong else "ok")]
        facts += [(f"power supply/{n}", "status", "ok") for n in (1, 2)]
    elif kind == "ups":
        facts.append(("", "output_source", "battery" if wrong else "normal"))
        readings += [("battery/ups", "charge", 100, "percent"), ("battery/ups", "runtime", 2400, "seconds")]
        readings.append(("output/1", "load", 35, "percent"))
    elif kind in ("server", "nas"):
        for disk in range(4):
            facts.append((f"disk/{disk}", "status", "failed" if wrong and not disk else "ok"))
        facts += [("volume/1", "size", 10**12), ("", "memory", 64 * 10**9)]
        readings += [("volume/1", "used", 4 * 10**11, "bytes"), ("", "memory_used", 30 * 10**9, "bytes")]
        readings += [("", "processor_load", 20, "percent"), ("sensor/1", "temperature", 31, "celsius")]
    elif kind == "printer":
        for supply in range(1, 5):
            facts += [(f"supply/1.{supply}", "name", "Toner"), (f"supply/1.{supply}", "colour", "black")]
            readings.append((f"supply/1.{supply}", "level", 3 if wrong else 60, "percent"))
        readings += [("", "pages", 20_000 + number, "pages"), ("", "status", "idle", "")]
    if kind in ("switch", "ups", "server", "nas", "printer", "access point", "camera"):
        readings.append(("", "uptime", 900_000.0, "seconds"))
    return Rows(facts, readings)


def fill(store: Store, schools: int) -> tuple[str, list[str]]:
    """Make the estate; the trust's id and its schools'."""
    trust_id = store.write(lambda c: places.add_trust(c, "A trust", NOW))
    school_ids = []
    for number in range(schools):
        school_id, device_ids = store.write(lambda c, n=number: add_school(c, trust_id, n))
        store.write(lambda c, ids=device_ids: health.evaluate(c, trust_id, ids, NOW - timedelta(minutes=5)))
        again = {"observed": NOW, "previous": "1", "earlier": NOW - timedelta(minutes=5)}
        store.write(lambda c, n=number, what=again: _read_again(c, trust_id, n, what))
        store.write(lambda c, ids=device_ids: health.evaluate(c, trust_id, ids, NOW))
        school_ids.append(school_id)
    return trust_id, school_ids


def _read_again(connection: Transaction, trust_id: str, school: int, what: dict[str, Any]) -> None:
    first = school * sum(MIX.values()) + 1
    c = t.readings.c
    mine = (c.trust_id == trust_id) & c.claim_id.between(first, first + sum(MIX.values()) - 1)
    connection.execute(t.readings.update().where(mine).values(what))
    connection.execute(t.lanes.update().where(t.lanes.c.trust_id == trust_id).values(last_observed=NOW))


def add_school(connection: Transaction, trust_id: str, number: int) -> tuple[str, list[str]]:
    """One school with its site, its agent, a sweep and 1,000 devices, each with a lane and a claim of its own."""
    school_id = places.add_school(connection, trust_id, f"School {number:02}", f"{100_000 + number}", NOW)
    site_id = places.add_site(connection, trust_id, school_id, "Main site")
    first = number * sum(MIX.values()) + 1
    seen = NOW - timedelta(minutes=5)
    base = {"trust_id": trust_id}
    lane = {"agent_id": f"agent-{number}", "site_id": site_id, "mac": "", "network": "10.1.0.0/22", "source": "",
            "method": "SNMP_V2C", "relayed": False, "first_observed": seen, "last_observed": seen}  # fmt: skip
    agent = {"agent_id": f"agent-{number}", "site_id": site_id, "name": "server", "enrolled": NOW, "last_report": NOW}
    connection.execute(insert(t.agents), [base | _defaults(t.agents) | agent])
    swept = {"lane_id": 10**6 + number, "kind": "NETWORK", "address": ""}
    connection.execute(insert(t.lanes), [base | lane | swept])
    device_ids = []
    tables: dict[str, list[dict[str, Any]]] = {"devices": [], "claims": [], "lanes": [], "meetings": [], "facts": [],
                                               "readings": []}  # fmt: skip
    for place, kind in enumerate(kind for kind, count in MIX.items() for _ in range(count)):
        key, device_id = first + place, f"d{number:02}-{place:04}"
        device_ids.append(device_id)
        tables["lanes"].append(base | lane | {"lane_id": key, "kind": "ADDRESS", "address": f"a{place}"})
        for name, row in _device(key, device_id, kind, (school_id, site_id), seen):
            tables[name].append(base | row)
    for name, rows in tables.items():
        connection.execute(insert(getattr(t, name)), rows)
    return school_id, device_ids


def _defaults(table: Any) -> dict[str, Any]:
    """Something for every column of agents that must be there."""
    return {
        column.name: "[]" if column.type.python_type is str else b"" if column.type.python_type is bytes else NOW
        for column in table.columns
        if not column.nullable and column.server_default is None and column.name not in ("trust_id", "numbers")
    } | {"numbers": "{}"}


def _made(key: int) -> dict[str, Any]:
    """When a device was made, of two in three: in any of fifteen years."""
    if key % 3 == 0:
        return {"made_best": None, "made_confidence": "none"}
    return {
        "made_best": date(2012 + key % 15, 1 + key % 10, 11),
        "made_confidence": ("high", "medium", "low")[key % 4 % 3],
    }


def _device(
    key: int, device_id: str, kind: str, place: tuple[str, str], seen: datetime
) -> Iterator[tuple[str, dict[str, Any]]]:
    said = of_class(kind, key)
    yield "devices", {
        "device_id": device_id, "created": seen, "school_id": place[0], "site_id": place[1], "class": kind,
        "maker": "HP", "model": "J9773A", "name": device_id, "first_seen": seen, "last_seen": seen,
        "last_agent": "agent", "last_method": "SNMP_V2C", "support_known": True, **_made(key),
    }  # fmt: skip
    yield "claims", {
        "claim_id": key, "lane_id": key, "slot": "", "site_id": place[1], "method": "SNMP_V2C", "told_of": False,
        "identifiers": "[]", "device_id": device_id, "first_observed": seen, "last_observed": seen,
        "settled_by_time": False, "recorded_from": seen,
    }  # fmt: skip
    yield "meetings", {
        "device_id": device_id, "lane_id": key, "claim_id": key, "address": "10.1.0.1", "first_seen": seen,
        "last_seen": seen,
    }  # fmt: skip
    for number, (component, name, value) in enumerate(said.facts):
        yield "facts", {
            "fact_id": key * 1_000 + number, "device_id": device_id, "lane_id": key, "claim_id": key,
            "component": component, "name": name, "value": json.dumps(value), "unit": "", "weight": 50, "chosen": True,
            "rule": "bench", "group_name": "bench", "locator": "", "observed_from": seen, "recorded_from": seen,
        }  # fmt: skip
    for component, name, value, unit in said.readings:
        yield "readings", {
            "claim_id": key, "component": component, "name": name, "value": json.dumps(value), "unit": unit,
            "observed": seen, "day": seen.date(), "rule": "bench", "group_name": "bench", "locator": "", "weight": 50,
        }  # fmt: skip
