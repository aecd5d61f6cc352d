"""Applies today's rules to what is kept, and tells what changed in the register. No agent is asked for anything.

`reinterpret` reads all evidence again; `reassess` computes ages and ends of support anew from the facts that are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from collector import map_network, restate, understand
from collector.store import Store, evidence, register
from collector.store.batches import chunks
from collector.store.register import DeviceRow

#: columns of the register that tell until when something is supported
SUPPORT = ("support_known", "support_ends", "support_extended")
#: columns of the register whose change is worth a line
COLUMNS = (
    "device_class", "maker", "model", "serial", "firmware", "name", "os",
    "made_earliest", "made_latest", "made_best", "made_confidence", *SUPPORT, "windows_11",
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
        understand.understand(store, trust_id, evidence.Pending(lane_id, ()), now, "reinterpretation")
        progress(done, len(lanes))
    for device_ids in chunks(sorted(before)):  # rules of age may have changed where no fact did
        _reckon(store, trust_id, tuple(device_ids), now)
    map_network.map_all(store, trust_id, now)
    return _moved(before, _register(store, trust_id))


def reassess(store: Store, trust_id: str, now: datetime) -> list[Moved]:
    """Assess every device anew from the facts that are known of it; returns the cells that changed, by device.

    Some hundred devices share a transaction, so that intake never waits for the whole estate.
    """
    before = _register(store, trust_id)
    for device_ids in chunks(sorted(before)):
        _reckon(store, trust_id, tuple(device_ids), now)
    return _moved(before, _register(store, trust_id))


def _reckon(store: Store, trust_id: str, device_ids: tuple[str, ...], now: datetime) -> None:
    store.write(lambda connection: restate.reckon(connection, trust_id, device_ids, now))


def _moved(before: dict[str, DeviceRow], after: dict[str, DeviceRow]) -> list[Moved]:
    return [
        Moved(device_id, column, _cell(getattr(before[device_id], column)), _cell(getattr(row, column)))
        for device_id, row in sorted(after.items())
        for column in COLUMNS
        if device_id in before and getattr(before[device_id], column) != getattr(row, column)
    ]


def _cell(value: object) -> str:
    return "yes" if value is True else str(value or "")


def _register(store: Store, trust_id: str) -> dict[str, DeviceRow]:
    with store.reader() as connection:
        return {row.device_id: row for row in register.devices(connection, trust_id, limit=1_000_000)}
