"""Figures of pulling the register: pages, exports and earlier days of 50,000 devices, on SQLite."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
from _figures import Figures
from _memory import pss_mb, watched
from _register_estate import MIX, NOW, fill

from collector import access, exports
from collector.ledger import Asked
from collector.store import Store
from collector.store.register import SORTS
from collector.web.application import application
from collector.web.pages.register import SHOWN
from collector.web.visit import Settings

SCHOOLS, TRIES = 50, 3
PAGE_SECONDS, CSV_SECONDS, XLSX_SECONDS, MOST_MB, OLDER_TIMES = 0.3, 5.0, 15.0, 150.0, 2.0
YEAR_AGO = (NOW - timedelta(days=365)).date().isoformat()
REGISTER = {
    "first page": "", "a school": "school={school}", "a class": "class=laptop", "a life": "life=in+use",
    "capitalised": "view=capitalised", "portable": "view=portable", "a serial": "q=00042E", "a word": "q=laptop",
    **{f"by {order}": f"sort={order}" for _, order in SHOWN if order}, "by cost, down": "sort=cost&down=yes",
    "a later page": "from=20000", "a year ago": f"as_known={YEAR_AGO}",
    "a serial, a year ago": f"as_known={YEAR_AGO}&q=00042E",
}  # fmt: skip
DEVICES = {
    "first page": "", "a school": "school={school}", "a class": "class=laptop", "a life": "life=in+use",
    "a state": "state=warning", "a serial": "q=00042E", "a MAC": "q=00-1b-21-00-10-01", "a word": "q=laptop",
    **{f"by {column}": f"sort={column}" for column in SORTS}, "a later page": "from=20000",
}  # fmt: skip
PAGES = {
    f"{path}, {name}": f"{path}?{query}"
    for path, asked in (("/register", REGISTER), ("/devices", DEVICES))
    for name, query in asked.items()
}


def figures(told: Figures) -> None:
    """Print them."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.db")
        try:
            began = time.perf_counter()
            trust_id, schools = fill(store, SCHOOLS)
            told.beside("devices", SCHOOLS * sum(MIX.values()), "devices")
            told.beside("making_the_estate", time.perf_counter() - began, "seconds")
            _pages(told, store, trust_id, schools[-1])
            _exports(told, store, trust_id, Path(folder))
        finally:
            store.close()


def _pages(told: Figures, store: Store, trust_id: str, school_id: str) -> None:
    import asyncio  # noqa: PLC0415 - for the one client

    owner = access.make_owner(store, trust_id, "Ada", NOW)
    settings = Settings(allowed_hosts=("stocktake.test",))
    app = application(store, trust_id, clock=lambda: NOW, settings=settings)
    secret = access.redeem_link(store, trust_id, access.make_link(store, trust_id, owner, NOW), NOW)
    cookies = {"__Host-stocktake": str(secret)}

    async def look() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="https://stocktake.test", cookies=cookies) as client:
            for name, query in PAGES.items():
                taken = []
                for _ in range(TRIES):
                    began, worked = time.perf_counter(), time.process_time()
                    answer = await client.get(query.format(school=school_id))
                    taken.append((time.perf_counter() - began, time.process_time() - worked))
                    assert answer.status_code == 200, answer.text
                seconds, worked = (round(min(each), 3) for each in zip(*taken, strict=True))
                told.at_most(name, seconds, PAGE_SECONDS, f"seconds, {worked:.3f} of processor, best of {TRIES}")

    asyncio.run(look())


def _exports(told: Figures, store: Store, trust_id: str, folder: Path) -> None:
    def export(word: str, days: int = 0) -> Callable[[], None]:
        asked = Asked(NOW - timedelta(days=days), assignees=True)

        def run() -> None:
            with (folder / f"file-{word}").open("w+b") as out:
                made = exports.make(
                    store, trust_id, exports.form(word), asked, out, trust="A trust", actor="bench", now=NOW
                )  # fmt: skip
            assert made.rows == SCHOOLS * sum(MIX.values())

        return run

    limits = {"csv": CSV_SECONDS, "xlsx": XLSX_SECONDS}
    today = {}
    for word in sorted(exports.forms()):
        today[word], worked, more = _timed(export(word))
        if word in limits:
            told.at_most(f"{word}, 50,000 rows", today[word], limits[word], f"seconds, {worked:.1f} of processor")
            told.at_most(f"{word}, memory", more, MOST_MB, "MB more")
        else:
            told.beside(f"{word}, 50,000 rows", today[word], f"seconds, {more:,.0f} MB more")
    older, _, _ = _timed(export("csv", 365))
    told.at_most("csv as known a year ago", older / today["csv"], OLDER_TIMES, "times today")


def _timed(work: Callable[[], None]) -> tuple[float, float, float]:
    """Seconds, those of the processor, and MB that the process had at most more than before."""
    gc.collect()
    before = pss_mb(os.getpid())
    with watched(os.getpid()) as peak:
        began, worked = time.perf_counter(), time.process_time()
        work()
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
    return seconds, worked, max(0.0, peak.largest - before)
