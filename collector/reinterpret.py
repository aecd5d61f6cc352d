"""Reads all kept evidence again with today's rules, and tells what changed. No agent is asked for anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from collector import understand
from collector.store import Store, evidence, register
from collector.store.register import DeviceRow

#: columns of the register whose change is worth a line
COLUMNS = (
    "device_class", "maker", "model", "serial", "firmware", "name", "os",
    "made_earliest", "made_latest", "made_best", "made_confidence", "support_ends", "windows_11",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """One cell of the register that the rules of today fill otherwise."""

    device_id: str
    column: str
    before: str
    after: str


def reinterpret(
    store: Store, trust_id: str, now: datetime, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> list[Moved]:
    """Understand every lane anew; returns the cells that changed, by device. `progress` hears (done, all)."""
    before = _register(store, trust_id)
    with store.reader() as connection:
        lanes = evidence.lane_ids(connection, trust_id)
    for done, lane_id in enumerate(lanes, 1):
        understand.understand(store, trust_id, evidence.Pending(lane_id, ()), now)
        progress(done, len(lanes))
    after = _register(store, trust_id)
    return [
        Moved(device_id, column, str(getattr(before[device_id], column) or ""), str(getattr(row, column) or ""))
        for device_id, row in sorted(after.items())
        for column in COLUMNS
        if device_id in before and getattr(before[device_id], column) != getattr(row, column)
    ]


def _register(store: Store, trust_id: str) -> dict[str, DeviceRow]:
    with store.reader() as connection:
        return {row.device_id: row for row in register.devices(connection, trust_id, limit=1_000_000)}
