"""What takes seconds to reckon is kept in the process until what it is made of changes.

The second who asks waits for what the first one makes, and finds it. What people did counts at once. What is known of
devices changes all day long, so what is kept may be a few minutes older than that, and never of another day. Where a
value may be older still, it is given, and the next one is made in the background. It does not know what is kept, nor
who may see which part of it: whoever asks narrows that.
"""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from collector import london
from collector.background import Jobs
from collector.store import Store, Transaction
from collector.store.stamps import Stamp, stamp

FRESH = timedelta(minutes=5)  # for which what is known of devices may have changed since
QUICK = 0.25  # seconds: what takes less is reckoned whenever something new is known

NEVER = timedelta(-1)

Value = TypeVar("Value")
Stamping = Callable[[Transaction, str], Stamp]
Make = Callable[[Transaction], Value]


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


class PerTrust(Generic[Value]):
    """One thing for each trust of each store that is open; it goes when its store does."""

    def __init__(self, make: Callable[[], Value]) -> None:
        """Nothing is made yet."""
        self._make = make
        self._found: weakref.WeakKeyDictionary[Store, dict[str, Value]] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, store: Store, trust_id: str) -> Value:
        """The one of a trust."""
        with self._lock:
            found = self._found.setdefault(store, {})
            if trust_id not in found:
                found[trust_id] = self._make()
            return found[trust_id]


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


@dataclass(slots=True)
class _Place(Generic[Value]):
    """Where what is kept of one trust lies. Requests come in threads."""

    kept: OrderedDict[Hashable, Kept[Value]] = field(default_factory=OrderedDict)
    making: threading.Lock = field(default_factory=threading.Lock)
    jobs: Jobs = field(default_factory=lambda: Jobs("renewing"))


class Topic(Generic[Value]):
    """One kind of things that are kept, at most `most` of each trust: those that were asked for last.

    `marks`: of what they are made of; without it, of all that the trust has.
    """

    def __init__(self, most: int, marks: Stamping = stamp, quick: float = QUICK) -> None:
        """Nothing is kept yet."""
        self.most, self.marks, self.quick = most, marks, quick
        self._places = PerTrust[_Place[Value]](_Place)

    def of(self, store: Store, trust_id: str) -> Shelf[Value]:
        """Those of one trust."""
        return Shelf(self, store, trust_id, self._places.of(store, trust_id))


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Value]):
    """What is kept on one topic of one trust, for as long as a request takes: it holds the store."""

    _topic: Topic[Value]
    _store: Store
    _trust_id: str
    _place: _Place[Value]

    def take(
        self, now: datetime, make: Make[Value], key: Hashable = (), fresh: timedelta = FRESH, stale: timedelta = NEVER
    ) -> Kept[Value]:  # fmt: skip
        """What is kept under a key, made now where it is not, or not good any more.

        One that is not `fresh`, but not `stale` either, is given all the same and made again in the background.
        """
        return self._good(now, make, key, fresh, stale) or self._made(now, make, key, fresh)

    def soon(
        self, now: datetime, make: Make[Value], key: Hashable = (), fresh: timedelta = FRESH, stale: timedelta = NEVER,
        *, patience: float,
    ) -> Kept[Value] | None:  # fmt: skip
        """As `take`, for who waits `patience` seconds at most: None where it is still being made then."""
        found = self._good(now, make, key, fresh, stale)
        if found is None:
            self._renew(now, make, key).wait(patience)
            found = self._good(now, make, key, fresh, stale)
        return found

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._place.kept)

    def _good(
        self, now: datetime, make: Make[Value], key: Hashable, fresh: timedelta, stale: timedelta
    ) -> Kept[Value] | None:  # fmt: skip
        """What is kept, if it is good enough; for this nobody waits."""
        found = self._place.kept.get(key)
        if found is None:
            return None
        with suppress(KeyError):  # another thread may just have let it go
            self._place.kept.move_to_end(key)
        with self._store.reader() as connection:
            stamped = self._topic.marks(connection, self._trust_id)
        if self._holds(found, stamped, now, fresh):
            return found
        if self._holds(found, stamped, now, stale):
            self._renew(now, make, key)
            return found
        return None

    def _holds(self, found: Kept[Value], stamped: Stamp, now: datetime, fresh: timedelta) -> bool:
        return found.holds(stamped, now, fresh if found.seconds > self._topic.quick else NEVER)

    def _renew(self, now: datetime, make: Make[Value], key: Hashable) -> threading.Event:
        return self._place.jobs.begin(key, lambda: self._made(now, make, key, FRESH))

    def _made(self, now: datetime, make: Make[Value], key: Hashable, fresh: timedelta) -> Kept[Value]:
        """What is made now, unless somebody else just did."""
        kept = self._place.kept
        with self._place.making, unswept(), self._store.reader() as connection:
            # marks first: what changes while it is made is then made again by whoever asks next
            stamped = self._topic.marks(connection, self._trust_id)
            found = kept.get(key)
            if found is None or not self._holds(found, stamped, now, fresh):
                began = time.monotonic()
                found = Kept(make(connection), stamped, london.day_of(now), now, time.monotonic() - began)
                kept[key] = found
            kept.move_to_end(key)
            while len(kept) > self._topic.most:
                kept.popitem(last=False)
            return found
