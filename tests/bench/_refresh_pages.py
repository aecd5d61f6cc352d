"""Pages that reckon over all devices: comparison, consistency, profiles, cover. 50 schools of 1,000 devices, SQLite.

Each page is looked at twice, after everything that was kept is forgotten because somebody said something: the first
view reckons, the second one finds what is kept.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from _figures import Figures
from _register_estate import NOW, fill
from sqlalchemy import bindparam, insert, select, update

from collector import access, covering, journal
from collector.comparing import club, measuring
from collector.cover import Contract, Kind
from collector.profiling import saying
from collector.store import Store, Transaction, schema
from collector.web.application import application
from collector.web.visit import Settings
from compared_trusts import gias_file, gias_row

SCHOOLS, OF_ENGLAND, ASPECTS = 50, 25_000, ("reachability", "firmware", "processor", "memory", "storage")
FIRST_SECONDS, COVER_SECONDS, KEPT_SECONDS, EXPORT_SECONDS, GIAS_SECONDS = 3.0, 5.0, 0.2, 3.0, 15.0
PAGES = {
    "/compare": "/compare", "/compare, a measure": "/compare?measure=per_pupil:laptop",
    "similar schools": "/compare/similar/{school}", "other trusts": "/compare/club",
    "/consistency": "/consistency", "/consistency/devices": "/consistency/devices?class=laptop",
    "/consistency/catalogue": "/consistency/catalogue", "/profiles": "/profiles", "/profiles.csv": "/profiles.csv",
    "a profile": "/schools/{school}/profile", "/cover": "/cover", "/cover/devices": "/cover/devices?state=none",
    "/cover/contracts": "/cover/contracts", "/cover/services": "/cover/services", "/cover/marks": "/cover/marks",
}  # fmt: skip


def figures(told: Figures) -> None:
    """Print them."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.db")
        try:
            trust_id, schools = _estate(told, store, Path(folder))
            _pages(told, store, trust_id, schools[-1])
            _export(told, store, trust_id)
        finally:
            store.close()


def _estate(told: Figures, store: Store, folder: Path) -> tuple[str, list[str]]:
    trust_id, schools = fill(store, SCHOOLS)
    chance = random.Random(9)  # noqa: S311 - an estate, not a secret
    store.write(lambda c: _known(c, trust_id, chance))
    store.write(lambda c: _said(c, trust_id))
    england = [
        gias_row(str(500_000 + n), f"School {n}", chance.randint(30, 900), chance.uniform(0, 60),
                 phase=chance.choice(("Primary", "Primary", "Primary", "Secondary")))
        for n in range(OF_ENGLAND)
    ]  # fmt: skip
    ours = [gias_row(f"{100_000 + n}", f"Ours {n}", chance.randint(200, 900)) for n in range(SCHOOLS)]
    path = gias_file(folder / "gias.csv", [*ours, *england])
    worked = _timed(lambda: store.write(lambda c: measuring.bring_gias(c, trust_id, path, actor="bench", now=NOW)))
    told.at_most("bringing the file of GIAS", worked, GIAS_SECONDS, "seconds of the processor, 25,050 schools")
    return trust_id, schools


def _known(connection: Transaction, trust_id: str, chance: random.Random) -> None:
    """What devices are known by: when they were made, until when they are supported, how they are, what was said."""
    d = schema.devices.c
    found = connection.execute(select(d.device_id, d.school_id, d["class"]).where(d.trust_id == trust_id)).all()
    rows, conditions, fields = [], [], []
    for number, (device_id, school_id, kind) in enumerate(found):
        made = date(2013, 1, 1) + timedelta(days=chance.randrange(4_700))
        rows.append({
            "key": device_id, "made_best": made, "support_known": True,
            "support_ends": date(2025 + number % 5, 10, 14), "model": f"Model {chance.randrange(200)}",
            "firmware": f"1.{number % 9}.0", "life": "in use",
        })  # fmt: skip
        conditions += [
            {"trust_id": trust_id, "device_id": device_id, "school_id": school_id, "class": kind, "aspect": aspect,
             "component": "", "state": chance.choice(("ok", "ok", "ok", "ok", "warning", "unknown")), "since": NOW,
             "sentence": "", "readings": "[]", "previous": "", "seen": NOW}
            for aspect in ASPECTS
        ]  # fmt: skip
        fields += _record(trust_id, number, device_id, made)
    changed: dict[str, Any] = {name: bindparam(f"to_{name}") for name in rows[0] if name != "key"}
    query = update(schema.devices).where(d.trust_id == trust_id, d.device_id == bindparam("key")).values(changed)
    connection.execute(query, [{name if name == "key" else f"to_{name}": v for name, v in row.items()} for row in rows])
    known = {column.name for column in schema.conditions.c}
    connection.execute(insert(schema.conditions), [{k: v for k, v in one.items() if k in known} for one in conditions])
    connection.execute(insert(schema.record_fields), fields)


def _record(trust_id: str, number: int, device_id: str, made: date) -> list[dict[str, Any]]:
    told = {
        "room": f"Room {number % 40}", "purchased": made.isoformat(), "status": "in use",
        "warranty_ends": (made + timedelta(days=1_095)).isoformat(),
    }  # fmt: skip
    return [
        {"trust_id": trust_id, "row_id": 10**6 + number * 10 + place, "record_id": f"r{device_id[1:]}", "field": name,
         "value": json.dumps(value), "key": "", "actor": "bench", "source": "import", "change_id": "bench",
         "observed_from": NOW, "observed_to": None, "recorded_from": NOW, "recorded_to": None}
        for place, (name, value) in enumerate(told.items())
    ]  # fmt: skip


def _said(connection: Transaction, trust_id: str) -> None:
    """A catalogue and contracts."""
    by: dict[str, Any] = {"actor": "bench", "now": NOW}
    for kind in ("laptop", "desktop", "tablet"):
        line = saying.entry({"class": kind, "maker": "HP", "models": "Model 1*"}, date(2024, 1, 1), None)
        saying.add(connection, trust_id, line, **by)
    nothing: frozenset[str] = frozenset()
    for number, kinds in enumerate(({"laptop", "desktop"}, {"server"}, {"printer"}, nothing)):
        contract = Contract(
            contract_id="", kind=list(Kind)[number % len(Kind)], provider=f"Firm {number}",
            starts=date(2025, 1, 1), ends=date(2027, 1, 1), classes=frozenset(kinds),
        )  # fmt: skip
        covering.put_contract(connection, trust_id, contract, **by)


def _pages(told: Figures, store: Store, trust_id: str, school_id: str) -> None:
    import asyncio  # noqa: PLC0415 - for the one client

    owner = access.make_owner(store, trust_id, "Ada", NOW)
    app = application(store, trust_id, clock=lambda: NOW, settings=Settings(allowed_hosts=("stocktake.test",)))
    secret = access.redeem_link(store, trust_id, access.make_link(store, trust_id, owner, NOW), NOW)
    cookies = {"__Host-stocktake": str(secret)}

    async def look() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="https://stocktake.test", cookies=cookies) as client:
            await client.get("/")  # the templates are read
            for name, path in PAGES.items():
                _somebody_says_something(store, trust_id)
                first = COVER_SECONDS if name.startswith("/cover") else FIRST_SECONDS
                for view, limit in (("first", first), ("second", KEPT_SECONDS)):
                    began = time.process_time()
                    answer = await client.get(path.format(school=school_id))
                    worked = time.process_time() - began
                    assert answer.status_code == 200, answer.text
                    told.at_most(f"{name}, {view} view", round(worked, 3), limit, f"s of the processor: {worked:.3f}")

    asyncio.run(look())


def _somebody_says_something(store: Store, trust_id: str) -> None:
    store.write(
        lambda c: journal.append(c, trust_id, actor="bench", action="school_facts_said", detail={"field": "x"}, now=NOW)
    )


def _export(told: Figures, store: Store, trust_id: str) -> None:
    store.write(lambda c: club.consent(c, trust_id, "", "", actor="bench", now=NOW))
    worked = _timed(lambda: store.write(lambda c: club.export(c, trust_id, actor="bench", now=NOW)))
    told.at_most("exporting sums", worked, EXPORT_SECONDS, "seconds of the processor")


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
