"""What pages of consistency and profiles are made of, kept in the process until it changes, for the last who looked.

Each set of schools that somebody sees is read and counted by itself, so that nobody is shown anything of other schools.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector import keeping, profiling
from collector.benchmark import consistency
from collector.benchmark.consistency import Model, Spread, Step, Tally
from collector.profiling import Kit, Profile, Schools
from collector.store import Store, Transaction

#: sets of schools of which is kept what was found: 50,000 devices take some 20 MB, what is counted next to nothing
MOST_KITS, MOST_COUNTED = 4, 16


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of the devices of some schools."""

    models: Sequence[Model]
    whole: Tally
    by_class: Mapping[str, Tally]
    by_school: Mapping[str, Tally]
    steps: Sequence[Step]
    spreads: Sequence[Spread]


_KITS = keeping.Topic[Kit](MOST_KITS)
_COUNTED = keeping.Topic[Counted](MOST_COUNTED)
_PROFILES = keeping.Topic[list[Profile]](MOST_COUNTED)


def kit(store: Store, trust_id: str, now: datetime, schools: Schools = None) -> Kit:
    """What is there at some schools, or at all that belong to the trust."""
    return _kit(store, trust_id, now, schools).value


def counted(store: Store, trust_id: str, now: datetime, schools: Schools = None) -> tuple[Kit, Counted]:
    """The same, and what is counted of it."""
    found = _kit(store, trust_id, now, schools)
    key = (schools, found.stamp, found.when)  # what was counted is of this kit and no other
    return found.value, _COUNTED.of(store, trust_id).take(now, lambda c: _count(c, trust_id, found.value), key).value


def profiles(store: Store, trust_id: str, now: datetime, schools: Schools = None) -> list[Profile]:
    """The profiles of some schools, or of all that belong to the trust, by name."""
    kept = _PROFILES.of(store, trust_id)
    return kept.take(now, lambda c: profiling.profiles(c, trust_id, now, schools), schools).value


def _kit(store: Store, trust_id: str, now: datetime, schools: Schools) -> keeping.Kept[Kit]:
    return _KITS.of(store, trust_id).take(now, lambda c: profiling.kit(c, trust_id, now, schools), schools)


def _count(connection: Transaction, trust_id: str, found: Kit) -> Counted:
    things, catalogue = found.things, found.catalogue
    return Counted(
        consistency.models(things),
        consistency.tallies(things, catalogue).get("", Tally()),
        consistency.tallies(things, catalogue, lambda thing: thing.device_class),
        consistency.tallies(things, catalogue, lambda thing: thing.school_id),
        consistency.distance(things, catalogue, profiling.price(connection, trust_id)),
        consistency.firmware(things),
    )
