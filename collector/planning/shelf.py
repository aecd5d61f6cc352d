"""Plans that were made are kept until what they are made of changes; what-ifs are reckoned in the background.

A plan of a large trust takes seconds: it is made ahead of who asks (`Plans.ahead`), and all read what is kept. What
people say of plans counts at once. What is known of devices changes all day long: who asks for a plan that is some
minutes old is given it, with when it was made, while the next one is made; one that is made in no time is made anew. An
optimiser may run for a minute: a page is told that it is at it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from collector.background import Results
from collector.keeping import FRESH, QUICK, PerTrust, Topic
from collector.planning.gather import Gathered, gather
from collector.planning.making import make
from collector.refresh.plan import Plan
from collector.store import Store, Transaction
from collector.store.planning import stamp

STALE = timedelta(hours=1)  # for which a plan is shown while the next one is made
PATIENCE = 1.0  # seconds that a page which shows more than a plan waits for it
MOST_RESULTS = 12
HORIZONS = (3, 5)  # a plan of 50,000 devices takes about 100 MB

_marks = count(1)


@dataclass(frozen=True, slots=True)
class Made:
    """A plan of the plain rule with all that it was made of. `mark`: another plan has another."""

    plan: Plan
    gathered: Gathered
    when: datetime
    mark: int


class Plans:
    """The plans that one process keeps, of each trust. `quick`: see `keeping`."""

    def __init__(self, quick: float = QUICK) -> None:
        """Nothing is made yet."""
        self._gathered: Topic[Gathered] = Topic(1, stamp)
        self._made: Topic[Made] = Topic(len(HORIZONS), stamp, quick)

    def take(self, store: Store, trust_id: str, now: datetime, years: int, fresh: timedelta = FRESH) -> Made:
        """The plan of some years: as it is kept where that is `fresh` enough, else made now.

        One that is some minutes too old is given all the same, and made again in the background.
        """
        make = self._making(store, trust_id, now, years)
        return self._made.of(store, trust_id).take(now, make, years, fresh, max(fresh, STALE)).value

    def soon(
        self, store: Store, trust_id: str, now: datetime, years: int, fresh: timedelta = FRESH,
        patience: float = PATIENCE,
    ) -> Made | None:  # fmt: skip
        """As `take`, for who waits `patience` seconds at most: None where it is still being made then."""
        make = self._making(store, trust_id, now, years)
        kept = self._made.of(store, trust_id)
        found = kept.soon(now, make, years, fresh, max(fresh, STALE), patience=patience)
        return found.value if found else None

    def ahead(self, store: Store, trust_id: str, now: datetime) -> None:
        """Make the plans that are not kept, or too old, before somebody asks."""
        for years in HORIZONS:
            self._made.of(store, trust_id).take(now, self._making(store, trust_id, now, years), years)

    def _making(self, store: Store, trust_id: str, now: datetime, years: int) -> Callable[[Transaction], Made]:
        def making(_: Transaction) -> Made:
            """What a plan is made of, is that of the other years, if that was made a moment ago."""
            known = self._gathered.of(store, trust_id)
            found = known.take(now, lambda c: gather(c, trust_id, now, years), fresh=timedelta(0)).value
            gathered = replace(found, estate=replace(found.estate, years=years))
            return Made(make(gathered), gathered, now, next(_marks))

        return making


plans = Plans()
#: what came of what-ifs
what_ifs = PerTrust(lambda: Results("what-if", MOST_RESULTS))
