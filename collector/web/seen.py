"""Who saw what: pages and answers of the interface that somebody was given, each once an hour, in the journal.

It notes addresses, whose path holds ids alone; what was searched for is not in them. Numbers for Prometheus are not
noted: they are asked for every few seconds and name no person.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from collector import journal
from collector.access import Visitor
from collector.store import Store

ONCE_IN = timedelta(hours=1)
MOST = 20_000  # addresses that are remembered; what is forgotten is noted again


class Seen:
    """What this process noted of late. Requests come in threads."""

    def __init__(self, store: Store, trust_id: str) -> None:
        self._store = store
        self._trust_id = trust_id
        self._lock = threading.Lock()
        self._noted: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def note(self, visitor: Visitor, path: str, now: datetime) -> None:
        """Note that somebody was given what is at a path, before it leaves."""
        key = (visitor.pass_id, path)
        with self._lock:
            last = self._noted.get(key)
            if last is not None and now - last < ONCE_IN:
                return
            self._noted[key] = now
            self._noted.move_to_end(key)
            while len(self._noted) > MOST:
                self._noted.popitem(last=False)
        detail = {"page": path, "pass": visitor.pass_id}
        self._store.write(
            lambda connection: journal.append(
                connection, self._trust_id, actor=visitor.account_id, action="saw", detail=detail, now=now
            )
        )
