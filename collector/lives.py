"""Once a day: what became of every device, for the register and its history. What that means is `residency`'s."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import date, datetime

from collector import london, residency
from collector.residency import Life, Rules, Stay
from collector.store import Store, Transaction, history, living, terms
from collector.store.cells import Cause

TermDay = Callable[[date], bool]


def live(store: Store, trust_id: str, now: datetime) -> int:
    """Recompute what became of every device, some at a time; returns how many rows of the register changed.

    Days pass and calendars change without evidence: this is what makes a device missing. It also brings to the history
    whatever else of a row changed without anybody saying so, such as the name of a school.
    """
    with store.reader() as connection:
        around = living.surroundings(connection, trust_id)
        pages = list(living.device_pages(connection, trust_id))
    changed = 0
    for page in pages:
        work = functools.partial(_live, trust_id=trust_id, device_ids=page, around=around, now=now)
        changed += store.write(work)
    return changed


def _live(
    connection: Transaction, trust_id: str, device_ids: list[str], around: living.Surroundings, now: datetime
) -> int:
    known = list(living.known(connection, trust_id, device_ids, around))
    calendars = _calendars(connection, trust_id, {one.school_id for one in known})
    today = london.day_of(now)
    lives = {one.device_id: _of(one, calendars, around, today).state.value for one in known}
    before = {one.device_id: one.life for one in known}
    living.settle(connection, trust_id, {key: life for key, life in lives.items() if life != before[key]})
    return history.keep(connection, trust_id, lives, Cause.RESIDENCY, now)


def _calendars(connection: Transaction, trust_id: str, school_ids: set[str]) -> dict[str, TermDay]:
    """By school whether a day is term-time; each day is reckoned once."""
    found = terms.calendars(connection, trust_id, school_ids)
    return {school_id: functools.cache(calendar.is_term_day) for school_id, calendar in found.items()}


def _of(one: living.Known, calendars: Mapping[str, TermDay], around: living.Surroundings, today: date) -> Life:
    rules = Rules(calendars[one.school_id], site_name=lambda site_id: around.site_names.get(site_id, site_id))
    stays = residency.residencies(one.sightings)
    return residency.life(one.said, one.last_seen, stays, one.watch, today, rules)


def explain(connection: Transaction, trust_id: str, device_id: str, now: datetime) -> Life | None:
    """What became of one device and why, as of now; None where it is not there."""
    around = living.surroundings(connection, trust_id)
    for one in living.known(connection, trust_id, [device_id], around):
        calendars = _calendars(connection, trust_id, {one.school_id})
        return _of(one, calendars, around, london.day_of(now))
    return None


def stays(connection: Transaction, trust_id: str, device_id: str) -> tuple[Stay, ...]:
    """Where one device lived, in order of time."""
    around = living.surroundings(connection, trust_id)
    found = next(living.known(connection, trust_id, [device_id], around), None)
    return residency.residencies(found.sightings) if found else ()
