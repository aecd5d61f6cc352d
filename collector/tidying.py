"""What rounds of health leave behind: evidence that the next round superseded, and marks of reports that are read.

Readings, their days and conditions hold what mattered; the time series belongs to Prometheus. What devices say of
themselves (inventory, tables) is not touched here, nor anything that waits or could not be read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.store import Store, rounds
from stocktake.values import Cadence, WalkPlan

KEEP_EVIDENCE = timedelta(hours=6)
KEEP_REPORTS = timedelta(days=1)
LOAD = "load"  # the agents' own machines, every five minutes


def tidy(store: Store, trust_id: str, plan: WalkPlan, now: datetime) -> int:
    """Forget what is superseded, some at a time; how many rows went."""
    groups = {group.name for group in plan.groups if group.cadence is Cadence.HEALTH} | {LOAD}
    gone = 0
    while True:
        with store.reader() as connection:
            found = rounds.superseded(connection, trust_id, groups, now - KEEP_EVIDENCE)
        if not found:
            break
        store.write(lambda connection, ids=found: rounds.forget_evidence(connection, trust_id, ids))  # type: ignore[misc]
        gone += len(found)
    while count := store.write(lambda connection: rounds.forget_reports(connection, trust_id, now - KEEP_REPORTS)):
        gone += count
    return gone
