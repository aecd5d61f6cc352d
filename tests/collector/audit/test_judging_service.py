"""A running collector audits its schools by itself."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from collector import judging
from collector.audit import rule_sets
from collector.store import Store, places
from estate import Estate

PATIENCE = 30.0


async def test_a_running_collector_judges_every_school(estate: Estate) -> None:
    rules = rule_sets.shipped("dfe-2026")

    def waiting() -> int:
        with Store.glance(estate.config.store_url) as connection:
            trust_id = places.trust_ids(connection)[0][0]
            when = judging.kept(connection, trust_id, rules, datetime.now(UTC)).when
            return len(when.unjudged) if when.schools else -1

    def wait() -> int:
        last = time.monotonic() + PATIENCE
        while (left := waiting()) and time.monotonic() < last:
            time.sleep(0.2)
        return left

    assert await asyncio.to_thread(wait) == 0
