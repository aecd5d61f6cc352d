"""Every figure of health: what metrics of 50 schools × 1,000 devices cost, and whether each alert fires and clears.

Estates are rows in a store of its own (`_estate_of_health`); the alerts are those of a real Prometheus (`_alerts`).
"""

from __future__ import annotations

import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "bench")]

import _alerts  # noqa: E402 - the path comes first
from _estate_of_health import MIX, NOW, fill  # noqa: E402
from _figures import Figures  # noqa: E402

from collector import metrics  # noqa: E402
from collector.metrics import Counts, school  # noqa: E402
from collector.store import Store  # noqa: E402

SCHOOLS, TRIES, SCRAPES = 50, 5, 100
MOST_SERIES, MOST_SECONDS, MOST_SCHOOL_SECONDS, MOST_GROWTH_MB = 25_000, 0.3, 0.5, 8


def main() -> None:
    """Print all figures."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.db")
        try:
            _pages(figures, store)
        finally:
            store.close()
    _alerts.figures(figures)
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
    figures.at_most("metrics_seconds", seconds, MOST_SECONDS, "seconds for /metrics, median")
    part, seconds = _timed(one)
    figures.beside("school_series", _series(part), "series of one school's devices")
    figures.at_most("school_seconds", seconds, MOST_SCHOOL_SECONDS, "seconds for one school's page, median")
    figures.at_most("growth", _growth(estate), MOST_GROWTH_MB, f"MB more after {SCRAPES} scrapes")
    for name, page in (("metrics", whole), ("school", part)):
        checked = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, check=False)
        figures.exactly(f"promtool_{name}", len((checked.stdout + checked.stderr).splitlines()), 0, "complaints")


def _timed(page: Callable[[], bytes]) -> tuple[bytes, float]:
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        body = page()
        took.append(time.perf_counter() - began)
    return body, statistics.median(took)


def _series(page: bytes) -> int:
    return sum(not line.startswith(b"#") for line in page.splitlines())


def _growth(page: Callable[[], bytes]) -> float:
    """How much the process grew over many scrapes, after a few that fill what is kept."""
    for _ in range(5):
        page()
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(SCRAPES):
        page()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


if __name__ == "__main__":
    main()
