"""What takes seconds to reckon is kept in the process until what it is made of changes.

The second who asks waits for what the first one makes, and finds it. What people did counts at once. What is known of
devices changes all day long, so what is kept may be a few minutes older than that, and never of another day. It does
not know what is kept, nor who may see which part of it: whoever asks narrows that.
"""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from collector import london
from collector.store import Store, Transaction
from collector.store.stamps import Stamp, stamp

FRESH = timedelta(minutes=5)  # for which what is known of devices may have changed since
QUICK = 0.25  # seconds: what takes less is reckoned whenever something new is known

NEVER = timedelta(-1)

Value = TypeVar("Value")
Stamping = Callable[[Transaction, str], Stamp]


@dataclass(frozen=True, slots=True)
class Kept(Generic[Value]):
    """Something that was reckoned, what it was made of, when, and how many seconds that took."""

    value: Value
    stamp: Stamp
    day: date
    when: datetime
    seconds: float

    def holds(self, stamp: Stamp, now: datetime, fresh: timedelta) -> bool:
        """Whether it is good still. `fresh`: for how long what is known may have changed since."""
        lately = timedelta(0) <= now - self.when <= fresh
        known = self.stamp.known == stamp.known or lately
        return known and self.stamp.said == stamp.said and self.day == london.day_of(now)


@dataclass(slots=True)
class _Shelf(Generic[Value]):
    """What is kept of one trust. Requests come in threads."""

    kept: OrderedDict[Hashable, Kept[Value]] = field(default_factory=OrderedDict)
    making: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def unswept() -> Iterator[None]:
    """Without the search for cycles: values that have none are made by the hundred thousand, and it takes a third."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Topic(Generic[Value]):
    """One kind of things that are kept, at most `most` of each trust: those that were asked for last.

    They go when their store does. `of`: marks of what they are made of; without it, of all that the trust has.
    """

    def __init__(self, most: int, of: Stamping = stamp, quick: float = QUICK) -> None:
        """Nothing is kept yet."""
        self._most, self._of, self._quick = most, of, quick
        self._shelves: weakref.WeakKeyDictionary[Store, dict[str, _Shelf[Value]]] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()

    def take(
        self, store: Store, trust_id: str, now: datetime, make: Callable[[Transaction], Value], key: Hashable = (),
        fresh: timedelta = FRESH,
    ) -> Kept[Value]:  # fmt: skip
        """What is kept under a key, made now where it is not, or not good any more."""
        shelf = self._shelf(store, trust_id)
        with shelf.making, unswept(), store.reader() as connection:
            # marks first: what changes while it is made is then made again by whoever asks next
            stamped = self._of(connection, trust_id)
            found = shelf.kept.get(key)
            slow = found is not None and found.seconds > self._quick
            if found is None or not found.holds(stamped, now, fresh if slow else NEVER):
                began = time.monotonic()
                found = Kept(make(connection), stamped, london.day_of(now), now, time.monotonic() - began)
                shelf.kept[key] = found
            shelf.kept.move_to_end(key)
            while len(shelf.kept) > self._most:
                shelf.kept.popitem(last=False)
            return found

    def count(self, store: Store, trust_id: str) -> int:
        """How many are kept of a trust."""
        return len(self._shelf(store, trust_id).kept)

    def _shelf(self, store: Store, trust_id: str) -> _Shelf[Value]:
        with self._lock:
            return self._shelves.setdefault(store, {}).setdefault(trust_id, _Shelf())
