"""As time passes: conditions that change without evidence, because nobody answers, reports or renews any more."""

from __future__ import annotations

import functools
from datetime import datetime

from collector.store import Store, conditions, health
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


def judge_again(store: Store, trust_id: str, aspect: str, device_class: str, now: datetime) -> tuple[int, int]:
    """Judge by a limit that changed; how many devices it is about, and how many conditions changed at once.

    What worsens or improves is damped as ever, and so turns with the next evidence of its device.
    """
    with store.reader() as connection:
        concerned = conditions.with_aspect(connection, trust_id, aspect, device_class)
    changed = 0
    for page in chunks(concerned):
        changed += store.write(functools.partial(health.evaluate, trust_id=trust_id, device_ids=page, now=now))
    return len(concerned), changed
