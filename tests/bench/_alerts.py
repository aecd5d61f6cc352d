"""Devices are made to fail one by one: in how many health walks does each alert fire in a real Prometheus, and clear?

    _alerts.figures(figures)

The estate is that of `tests/health_estate.py`, the rules and the configuration are those of `deploy/prometheus`, sixty
times as fast: a minute of Prometheus is a second. After each walk the store says whether the collector holds the device
to be broken; only then Prometheus is waited for, and how many of its minutes it took is counted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _figures import Figures

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "collector" / "web")]

from web_server import served  # noqa: E402

from collector.access import Scope  # noqa: E402
from collector.store import Store  # noqa: E402
from health_estate import FAILURES, URNS, Failure, World, set_up  # noqa: E402 - from the folders above
from prometheus_server import FASTER, Asked, watching  # noqa: E402

MOST_CYCLES = 2  # within which an alert must fire, and clear
TRIES = 4  # cycles after which one is given up
PATIENCE_SECONDS = 20.0
MINUTES_A_CYCLE = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one failure: health walks, and minutes of Prometheus after the last of them; 0 walks: never."""

    failure: Failure
    fired_walks: int
    fired_minutes: float
    cleared_walks: int
    cleared_minutes: float
    labels: bool

    @property
    def row(self) -> str:
        """A line of the table."""
        return (
            f"  {self.failure.name:16} {self.failure.alert:14} {self.failure.severity:9} "
            f"{self.fired_walks:5} {self.fired_minutes:8.1f} {self.cleared_walks:7} {self.cleared_minutes:8.1f} "
            f"{'right' if self.labels else 'WRONG'}"
        )


def figures(figures: Figures) -> None:
    """Print them."""
    print("  failure          alert          severity  walks  minutes  walks to  minutes labels")
    print("                                            to fire           clear", flush=True)
    told = []
    with tempfile.TemporaryDirectory(prefix="stk-alerts-") as folder:
        for one in run(Path(folder)):
            print(one.row, flush=True)
            told.append(one)
    figures.exactly("alerts: failures that fired within two walks, and cleared within two", _held(told), len(told), "")
    figures.exactly("alerts: of these with the right labels", sum(one.labels for one in told), len(told), "")
    figures.at_most("alerts: slowest firing after its walk", _slowest(told), MINUTES_A_CYCLE, "minutes of Prometheus")


def _held(told: list[Told]) -> int:
    return sum(1 <= one.fired_walks <= MOST_CYCLES and 1 <= one.cleared_walks <= MOST_CYCLES for one in told)


def _slowest(told: list[Told]) -> float:
    return max(one.fired_minutes for one in told)


def run(folder: Path) -> list[Told]:
    """Break and mend one after the other, before one Prometheus."""
    store = Store.open(f"sqlite:///{folder / 'store.db'}")
    world = set_up(store)
    world.cycle(2)
    token = world.token(Scope.METRICS)
    try:
        with (
            served(world, folder) as address,  # type: ignore[arg-type]  # what it needs of a world, this one has
            watching(address, folder / "cert.pem", token, folder / "prometheus") as asked,
        ):
            if not asked.wait("count(count by (school) (stocktake_device_info)) == 2"):
                raise RuntimeError("Prometheus does not scrape the schools")
            return [_one(world, asked, failure) for failure in FAILURES]
    finally:
        store.close()


def _one(world: World, asked: Asked, failure: Failure) -> Told:
    device_id = world.device_id(failure.device)
    world.fail(failure)
    fired_walks, fired = _until(world, asked, failure, device_id, wanted=True)
    labels = any(_is_right(alert, failure, device_id) for alert in asked.firing())
    world.mend(failure)
    cleared_walks, cleared = _until(world, asked, failure, device_id, wanted=False)
    return Told(failure, fired_walks, fired, cleared_walks, cleared, labels)


def _until(world: World, asked: Asked, failure: Failure, device_id: str, *, wanted: bool) -> tuple[int, float]:
    """Walk until the alert fires, or not any more: after how many walks, and Prometheus' minutes after the last."""
    for walk in range(1, TRIES + 1):
        world.cycle()
        if (world.state(device_id, failure.aspect) == failure.severity) is not wanted:
            continue
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE_SECONDS:
            if bool(_alerts(asked, failure, device_id)) is wanted:
                return walk, (time.monotonic() - begun) * FASTER / 60
            time.sleep(0.1)
    return 0, 0.0


def _alerts(asked: Asked, failure: Failure, device_id: str) -> list[dict[str, Any]]:
    return [
        alert for alert in asked.firing()
        if (alert["labels"]["alertname"], alert["labels"].get("device")) == (failure.alert, device_id)
        and alert["labels"]["severity"] == failure.severity
    ]  # fmt: skip


def _is_right(alert: dict[str, Any], failure: Failure, device_id: str) -> bool:
    """Whether labels and annotations are those that this failure must have, and no others."""
    labels = {name: value for name, value in alert["labels"].items() if name not in ("trust", "collector")}
    wanted = {
        "alertname": failure.alert, "severity": failure.severity, "school": URNS["oak"], "device": device_id,
        "class": failure.device_class, "aspect": failure.aspect,
    }  # fmt: skip
    page = f"&state={failure.severity}"
    return labels == wanted and alert["annotations"]["page"].endswith(page) and bool(alert["annotations"]["action"])
