"""As time passes: conditions that change without evidence, because nobody answers, reports or renews any more."""

from __future__ import annotations

import functools
from datetime import datetime

from collector.store import Store, health
from collector.store.batches import chunks


def watch(store: Store, trust_id: str, now: datetime, *, whole: bool = False) -> int:
    """Judge by time whatever may have changed by it, some at a time; how many conditions changed their state.

    `whole`: every device by everything that is known of it, as once a day.
    """
    with store.reader() as connection:
        waiting = health.due(connection, trust_id, whole=whole)
    changed = 0
    for page in chunks(waiting):
        judge = functools.partial(health.evaluate, trust_id=trust_id, device_ids=page, now=now, timely=not whole)
        changed += store.write(judge)
    return changed
