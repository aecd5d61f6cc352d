"""Plans that were made are kept until what they are made of changes; what-ifs are made in the background.

A plan of a large trust takes seconds: it is made ahead of who asks (`ahead`), and all read what is kept. What people
say of plans counts at once. What is known of devices changes all day long: who asks for a plan that is some minutes old
is given it, with when it was made, while the next one is made in the background; one that is made in no time is made
anew. An optimiser may run for a minute: it runs in one thread of its own, and a page is told that it is at it.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from collector import london
from collector.errors import CollectorError
from collector.keeping import FRESH, QUICK, unswept
from collector.planning.gather import Gathered, gather
from collector.planning.making import make
from collector.refresh.plan import Plan
from collector.refresh.values import Row
from collector.store import Store, Transaction
from collector.store import planning as rows

log = logging.getLogger(__name__)

STALE = timedelta(hours=1)  # for which a plan is shown while the next one is made
PATIENCE = 1.0  # seconds that a page which shows more than a plan waits for it
MOST_PLANS, MOST_RESULTS = 2, 12  # that are kept; a plan of 50,000 devices takes about 100 MB
HORIZONS = (3, 5)


@dataclass(frozen=True, slots=True)
class Made:
    """A plan of the plain rule with all that it was made of. `mark` names both: another plan has another."""

    plan: Plan
    gathered: Gathered
    when: datetime
    mark: tuple[object, ...]

    def of(self, schools: frozenset[str] | None) -> tuple[Row, ...]:
        """The rows of some schools, and of the trust itself for who sees all of it."""
        return self.plan.rows if schools is None else tuple(r for r in self.plan.rows if r.school_id in schools)


@dataclass(slots=True)
class _Kept:
    made: Made
    day: date
    seconds: float


@dataclass
class Shelf:
    """What one process keeps of one trust. Requests come in threads."""

    store: Store
    trust_id: str
    quick: float = QUICK
    _plans: OrderedDict[int, _Kept] = field(default_factory=OrderedDict)
    _results: OrderedDict[tuple[object, ...], object] = field(default_factory=OrderedDict)
    _waiting: OrderedDict[tuple[object, ...], Callable[[], object]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _making: threading.Lock = field(default_factory=threading.Lock)
    _working: bool = False
    _renewing: threading.Thread | None = None

    def plan(self, now: datetime, years: int, fresh: timedelta = FRESH) -> Made:
        """The plan of some years: as it is kept where that is `fresh` enough, else made now.

        One that is some minutes too old is given all the same, and made again in the background.
        """
        return self._kept(now, years, fresh) or self._make(now, years)

    def soon(self, now: datetime, years: int, fresh: timedelta = FRESH, patience: float = PATIENCE) -> Made | None:
        """As `plan`, for who waits `patience` seconds at most: None where it is still being made then."""
        found = self._kept(now, years, fresh)
        if found is None:
            self._renew(now, years).join(patience)
            found = self._kept(now, years, fresh)
        return found

    def _kept(self, now: datetime, years: int, fresh: timedelta) -> Made | None:
        kept = self._plans.get(years)
        if kept is None:
            return None
        with self.store.reader() as connection:
            stamps = rows.stamp(connection, self.trust_id)
        if self._holds(kept, stamps, now, fresh):
            return kept.made
        if self._holds(kept, stamps, now, max(fresh, STALE)):
            self._renew(now)
            return kept.made
        return None

    def ahead(self, now: datetime) -> None:
        """Make the plans that are not kept, or too old, before somebody asks."""
        for years in HORIZONS:
            self._make(now, years)

    def _make(self, now: datetime, years: int) -> Made:
        with self._making:  # the second who asks finds what the first one made
            with self.store.reader() as connection, unswept():
                stamps = rows.stamp(connection, self.trust_id)
                kept = self._plans.get(years)
                if kept and self._holds(kept, stamps, now, FRESH):
                    return kept.made
                began = time.monotonic()
                gathered = self._gathered(connection, now, years, stamps)
                made = Made(make(gathered), gathered, now, (years, *stamps, london.day_of(now)))
                seconds = time.monotonic() - began
            self._plans[years] = _Kept(made, london.day_of(now), seconds)
            self._plans.move_to_end(years)
            while len(self._plans) > MOST_PLANS:
                self._plans.popitem(last=False)
            return made

    def _gathered(self, connection: Transaction, now: datetime, years: int, stamps: tuple[str, ...]) -> Gathered:
        """What a plan of some years is made of: what one of other years was made of a moment ago, or read anew."""
        for kept in self._plans.values():
            if self._holds(kept, stamps, now, timedelta(0)):
                gathered = kept.made.gathered
                return replace(gathered, estate=replace(gathered.estate, years=years))
        return gather(connection, self.trust_id, now, years)

    def _renew(self, now: datetime, *more: int) -> threading.Thread:
        """The thread that makes again what is kept, and plans of more years first; one at a time."""
        with self._lock:
            if self._renewing is None or not self._renewing.is_alive():
                wanted = dict.fromkeys((*more, *self._plans))
                self._renewing = threading.Thread(target=self._renewed, args=(now, wanted), name="plan", daemon=True)
                self._renewing.start()
            return self._renewing

    def _renewed(self, now: datetime, wanted: Iterable[int]) -> None:
        try:
            for years in wanted:
                self._make(now, years)
        except Exception:  # the one place that isolates plans in the background: the page that asks next makes its own
            log.exception("a plan could not be made ahead")

    def _holds(self, kept: _Kept, stamps: tuple[str, ...], now: datetime, fresh: timedelta) -> bool:
        _, said, known, _ = kept.made.mark
        new = known == stamps[1] or (kept.seconds > self.quick and timedelta(0) <= now - kept.made.when <= fresh)
        return said == stamps[0] and kept.day == london.day_of(now) and new

    def result(self, key: tuple[object, ...], work: Callable[[], object]) -> object | None:
        """What came of work that is named so, a CollectorError included; None while it is at it, or waits."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
            self._waiting.setdefault(key, work)
            if not self._working:
                self._working = True
                threading.Thread(target=self._work, name="what-if", daemon=True).start()
        return None

    def _work(self) -> None:
        """Do what waits, one after another, and end."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._working = False
                    return
                key, work = next(iter(self._waiting.items()))
            found = _outcome(work)
            with self._lock:
                self._waiting.pop(key, None)
                self._results[key] = found
                while len(self._results) > MOST_RESULTS:
                    self._results.popitem(last=False)


def _outcome(work: Callable[[], object]) -> object:
    try:
        return work()
    except CollectorError as error:
        return error
    except Exception:  # the one place that isolates what-ifs: the page says so, and others are made all the same
        log.exception("a what-if could not be reckoned")
        return CollectorError("this could not be reckoned; the log says why")


_SHELVES: weakref.WeakKeyDictionary[Store, dict[str, Shelf]] = weakref.WeakKeyDictionary()


def of(store: Store, trust_id: str) -> Shelf:
    """The shelf of a store: one as long as it is open."""
    shelves = _SHELVES.setdefault(store, {})
    return shelves.setdefault(trust_id, Shelf(store, trust_id))
