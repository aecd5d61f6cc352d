"""An estate of 50 schools with 1,000 devices each, as rows, with a history: what pulling the register is measured on.

Each device has three versions in the register (the first stood a year ago), a claim that something saw on days of 14
months, a record with purchase, cost and assignee, and two conditions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from collector.store import Store, Transaction, places
from collector.store import schema as t
from collector.store.cells import booked, packed

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
#: since when each version of a row was believed; the last one still is
VERSIONS = (datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
MONTHS = tuple(year * 100 + month for year, months in ((2025, range(10, 13)), (2026, range(1, 12))) for month in months)
MIX = {"switch": 40, "ups": 10, "server": 12, "printer": 58, "access point": 80, "camera": 60, "desktop": 400,
       "laptop": 300, "tablet": 40}  # fmt: skip
OWNED = {"laptop": 449_99, "desktop": 520_00, "tablet": 329_00, "server": 6_400_00, "switch": 1_850_00}


def fill(store: Store, schools: int) -> tuple[str, list[str]]:
    """Make the estate; the trust's id and its schools'."""
    trust_id = store.write(lambda c: places.add_trust(c, "A trust", VERSIONS[0]))
    return trust_id, [store.write(lambda c, n=number: _school(c, trust_id, n)) for number in range(schools)]


def _school(connection: Transaction, trust_id: str, number: int) -> str:
    name = f"Ysgol Tŷ Gŵyr {number:02}"
    school_id = places.add_school(connection, trust_id, name, f"{100_000 + number}", VERSIONS[0])
    site_id = places.add_site(connection, trust_id, school_id, "Main site")
    tables: dict[str, list[dict[str, Any]]] = {}
    for place, kind in enumerate(kind for kind, count in MIX.items() for _ in range(count)):
        key = number * 1_000 + place + 1
        for table, row in _device(key, kind, (school_id, name, site_id)):
            tables.setdefault(table, []).append({"trust_id": trust_id} | row)
    for table, rows in tables.items():
        connection.execute(insert(getattr(t, table)), rows)
    return school_id


def cells_of(key: int, kind: str, place: tuple[str, str, str]) -> dict[str, str]:
    """What the register says of a device now."""
    bought = date(2021, 1, 1) + timedelta(days=(key // 30) * 7 % 1_800)
    cells = {
        "school_id": place[0], "school": place[1], "site": "Main site", "class": kind, "maker": "HP",
        "model": f"{kind.title()} {key % 7} G{key % 3 + 7}", "serial": f"{key:05}E{key % 90:02}",
        "firmware": "16.04.0016",
        "name": f"{kind[:2]}-{key:06}", "mac": f"00:1b:21:{key >> 16 & 255:02x}:{key >> 8 & 255:02x}:{key & 255:02x}",
        "os": "Microsoft Windows 11 Pro", "os_edition": "Professional", "os_build": "26100.4061",
        "first_seen": "2025-06-01T09:00:00Z", "made_earliest": bought.replace(day=1).isoformat(),
        "made_latest": bought.isoformat(), "made_best": bought.replace(day=1).isoformat(), "made_confidence": "high",
        "support_known": "yes", "support_ends": "2027-10-12", "life": "in use", "room": f"Room {key % 40}",
    }  # fmt: skip
    if kind in OWNED:
        cells |= {
            "asset_tag": f"{key:07}", "status": "in use", "purchased": bought.isoformat(), "cost": str(OWNED[kind]),
            "supplier": "Ŵyn Computers Ltd", "funding": ("capital", "PTA", "DfE")[key % 3],
            "warranty_ends": (bought + timedelta(days=1_095)).isoformat(), "review_due": "2027-07-01",
        }  # fmt: skip
    return cells


def _device(key: int, kind: str, place: tuple[str, str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    device_id, seen = f"d{key:07}", VERSIONS[0]
    cells = cells_of(key, kind, place)
    yield "devices", {
        "device_id": device_id, "created": seen, "school_id": place[0], "site_id": place[2], "class": kind,
        "maker": "HP", "model": cells["model"], "serial": cells["serial"], "name": cells["name"], "first_seen": seen,
        "last_seen": NOW, "last_agent": "agent", "last_method": "SNMP_V2C", "mac": cells["mac"],
    }  # fmt: skip
    ends = (*VERSIONS[1:], None)
    for number, (since, until) in enumerate(zip(VERSIONS, ends, strict=True)):
        then = cells | ({"firmware": f"16.0{number}"} if until else {})
        yield "register", {
            "row_id": key * 10 + number, "device_id": device_id, "cells": packed(then), "cause": "evidence",
            "recorded_from": since, "recorded_to": until,
        } | booked(then)  # fmt: skip
    yield from _seen(key, device_id, place[2])
    yield from _said(key, device_id)


def _seen(key: int, device_id: str, site_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    since = VERSIONS[0]
    yield "lanes", {
        "lane_id": key, "kind": "ADDRESS", "address": f"a{key}", "agent_id": "agent", "site_id": site_id, "mac": "",
        "network": "10.1.0.0/16", "source": "", "method": "SNMP_V2C", "relayed": False, "first_observed": since,
        "last_observed": NOW,
    }  # fmt: skip
    yield "claims", {
        "claim_id": key, "lane_id": key, "slot": "", "site_id": site_id, "method": "SNMP_V2C", "told_of": False,
        "identifiers": "[]", "device_id": device_id, "first_observed": since, "last_observed": NOW,
        "settled_by_time": False, "recorded_from": since,
    }  # fmt: skip
    yield "holders", {"claim_id": key, "device_id": device_id, "recorded_from": since, "recorded_to": None}
    for month in MONTHS:
        yield "presence", {"claim_id": key, "month": month, "days": 0b11111}
    for number, aspect in enumerate(("reachable", "ports")):
        yield "condition_changes", {
            "condition_change_id": key * 10 + number, "device_id": device_id, "aspect": aspect, "component": "",
            "state": "warning" if key % 50 == number else "ok", "sentence": "", "observed_from": since,
            "observed_to": None, "recorded_from": since, "recorded_to": None,
        }  # fmt: skip


def _said(key: int, device_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    since = VERSIONS[0]
    yield "records", {"record_id": f"r{key:07}", "device_id": device_id, "created": since, "change_id": "bench"}
    yield "record_fields", {
        "row_id": key, "record_id": f"r{key:07}", "field": "assignee", "value": json.dumps(f"Person {key % 900}"),
        "key": "", "actor": "bench", "source": "import", "change_id": "bench", "observed_from": since,
        "observed_to": None, "recorded_from": since, "recorded_to": None,
    }  # fmt: skip
