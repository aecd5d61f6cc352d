"""Every figure of health: what metrics of 50 schools × 1,000 devices cost, and whether each alert fires and clears.

Estates are rows in a store of its own (`_estate_of_health`); the alerts are those of a real Prometheus (`_alerts`), the
rules are those of deploy/prometheus (`_rules`), a hostile day is in `_renaming`, and prometheus-snmp-exporter beside a
round of ours in `_exporter`. Times of pages are of the processor, in this process: database and writer, no TLS.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("", "proto", "tests", "tests/collector", "tests/bench")]

import _alerts  # noqa: E402 - the path comes first
import _cadence  # noqa: E402
import _exporter  # noqa: E402
import _renaming  # noqa: E402
import _rules  # noqa: E402
import _week  # noqa: E402
from _estate_of_health import MIX, NOW, fill  # noqa: E402
from _figures import Figures  # noqa: E402

from collector import metrics  # noqa: E402
from collector.metrics import Counts, school  # noqa: E402
from collector.store import Store  # noqa: E402

SCHOOLS, TRIES, SCRAPES, SETTLED = 50, 7, 100, 20
MOST_SERIES, MOST_SECONDS, MOST_SCHOOL_SECONDS, MOST_GROWTH_MB = 25_000, 0.3, 0.5, 2
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Print all figures."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.db")
        try:
            _pages(figures, store)
        finally:
            store.close()
    _rules.figures(figures)
    _renaming.figures(figures)
    _alerts.figures(figures)
    _cadence.figures(figures)
    _week.figures(figures)
    _exporter.figures(figures)
    figures.done()


def _pages(figures: Figures, store: Store) -> None:
    began = time.perf_counter()
    trust_id, school_ids = fill(store, SCHOOLS)
    figures.beside("devices", SCHOOLS * sum(MIX.values()), "devices")
    figures.beside("evaluating_twice", time.perf_counter() - began, "seconds, with making the estate")

    def estate() -> bytes:
        return metrics.exposition(metrics.read_estate(store, trust_id, Counts(), NOW.date()), trust_id)

    def one() -> bytes:
        page = school.exposition(store, trust_id, school_ids[-1], NOW.date())
        assert page is not None
        return page

    whole, seconds = _timed(estate)
    figures.at_most("metrics_series", _series(whole), MOST_SERIES, "series on /metrics")
    figures.at_most("metrics_seconds", seconds, MOST_SECONDS, f"seconds of processor for /metrics, best of {TRIES}")
    part, seconds = _timed(one)
    figures.beside("school_series", _series(part), "series of one school's devices")
    words = f"seconds of processor for one school's page, best of {TRIES}"
    figures.at_most("school_seconds", seconds, MOST_SCHOOL_SECONDS, words)
    for name, asked in (("growth", estate), ("school_growth", one)):
        words = f"MB of resident memory more at scrape {SCRAPES} than at scrape {SETTLED}"
        figures.at_most(name, _growth(asked), MOST_GROWTH_MB, words)
    for name, page in (("metrics", whole), ("school", part)):
        checked = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, check=False)
        figures.exactly(f"promtool_{name}", len((checked.stdout + checked.stderr).splitlines()), 0, "complaints")


def _timed(page: Callable[[], bytes]) -> tuple[bytes, float]:
    """The page, and the least time of the processor that it took, of all threads: the machine may have other work."""
    took = []
    for _ in range(TRIES):
        began = time.process_time()
        body = page()
        took.append(time.process_time() - began)
    return body, min(took)


def _series(page: bytes) -> int:
    return sum(not line.startswith(b"#") for line in page.splitlines())


def _growth(page: Callable[[], bytes]) -> float:
    """How much resident memory grew between two scrapes, the first of which comes when what is kept is there."""
    for _ in range(SETTLED):
        page()
    gc.collect()
    before = _resident()
    for _ in range(SETTLED, SCRAPES):
        page()
    gc.collect()
    return (_resident() - before) / 1e6


def _resident() -> int:
    """Bytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


if __name__ == "__main__":
    main()
