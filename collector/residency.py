"""Where a device lived, and what became of it: in use, in store, missing, moved, retired, disposed. Pure.

Both follow from when a device was observed, never from when that became known, so evidence may come in any order. What
a person said of a device stands; sightings that speak against it are told beside it. It knows no store and no clock:
the day, the calendar and who looked are parameters.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collector import london

MISSING_AFTER = 20  # term-time days on which a device was looked for and not seen
MOVED_FOR = 20  # term-time days for which a device that changed its site is called moved
DAY = timedelta(days=1)
LONGEST_ABSENCE = 366 * 2  # days that are counted; a device unseen for longer is no less missing


class State(enum.StrEnum):
    """What became of a device."""

    IN_USE = "in use"
    IN_STORE = "in store"
    ON_LOAN = "on loan"
    EXPECTED = "expected"
    MOVED = "moved"
    MISSING = "missing"
    NOT_SCANNED = "not scanned"
    NOT_REACHABLE = "not reachable"
    RETIRED = "retired"
    DISPOSED = "disposed"


@dataclass(frozen=True, slots=True)
class Seen:
    """One claim's sightings: where, first and last. `told_of`: another device told of it, nothing met it."""

    site_id: str
    first: datetime
    last: datetime
    told_of: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """A device at a site, from when it was first seen there until it was first seen elsewhere; None: it is there."""

    site_id: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says of a device's life. `status`: a word of the record's closed list, or empty."""

    status: str = ""
    disposed_on: date | None = None
    certificate: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who would have seen a device, and the last day on which each was heard; None: never, as far as is known.

    `network`: where it was met last, empty where that is not known; then `swept` says nothing. `behind`: the switch
    that it hung on, empty likewise. `agent`: the agent that met it last. `on_it`: that agent runs on the device itself.
    """

    school_heard: date | None = None
    network: str = ""
    swept: date | None = None
    behind: str = ""
    behind_heard: date | None = None
    agent: str = ""
    agent_heard: date | None = None
    on_it: bool = False


@dataclass(frozen=True, slots=True)
class Life:
    """What became of a device, and why that is believed."""

    state: State
    sentence: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How absence is counted. `is_term_day`: whether pupils are in school on a day, so that August is no absence."""

    is_term_day: Callable[[date], bool]
    missing_after: int = MISSING_AFTER
    moved_for: int = MOVED_FOR
    site_name: Callable[[str], str] = str


# ------------------------------------------------------------------------------------------------ residency


def residencies(sightings: Iterable[Seen]) -> tuple[Stay, ...]:
    """Where a device lived, in order of time.

    A stay begins with the first sighting at a site and ends with the first later one elsewhere. To be told of counts
    only for a device that nothing has ever met.
    """
    seen = list(sightings)
    own = [item for item in seen if not item.told_of] or seen
    points: dict[datetime, set[str]] = {}
    for item in own:
        for when in (item.first, item.last):
            points.setdefault(when, set()).add(item.site_id)
    stays: list[Stay] = []
    for when, sites in sorted(points.items()):
        if stays and stays[-1].site_id in sites:
            continue
        if stays:
            stays[-1] = Stay(stays[-1].site_id, stays[-1].since, when)
        stays.append(Stay(min(sites), when))
    return tuple(stays)


# ------------------------------------------------------------------------------------------------ life


def life(said: Said, last_seen: date | None, stays: tuple[Stay, ...], watch: Watch, today: date, rules: Rules) -> Life:
    """What became of a device by a day. `last_seen`: the last day on which it was seen, None: never."""
    return _by_record(said, last_seen) or _by_sight(last_seen, stays, watch, today, rules)


def _by_record(said: Said, last_seen: date | None) -> Life | None:
    """What a person said, where that decides; None where sightings do."""
    seen = f"; it was last seen on {_day(last_seen)}" if last_seen else ""
    match said.status:
        case "disposed":
            return _disposed(said, last_seen)
        case "retired":
            return Life(State.RETIRED, f"a person says it is retired{seen}")
        case "in store":
            return Life(State.IN_STORE, f"a person says it is in store{seen}")
        case "on loan":
            return Life(State.ON_LOAN, f"a person says it is on loan{seen}")
        case "in use" | "leased" if last_seen is None:
            return Life(State.IN_USE, f"a person says it is {said.status}; nothing has ever seen it")
    return None


def _disposed(said: Said, last_seen: date | None) -> Life:
    paper = "with certificate" if said.certificate else "without certificate"
    when = f" on {_day(said.disposed_on)}" if said.disposed_on else ""
    against = ""
    if said.disposed_on and last_seen and last_seen > said.disposed_on:
        against = f"; but it was seen after that, on {_day(last_seen)}"
    return Life(State.DISPOSED, f"disposed{when}, {paper}{against}")


def _by_sight(last_seen: date | None, stays: tuple[Stay, ...], watch: Watch, today: date, rules: Rules) -> Life:
    if last_seen is None:
        return Life(State.EXPECTED, "nothing has seen it yet")
    unseen = _term_days(last_seen, today, rules)
    if unseen < rules.missing_after:
        return _moved(stays, today, rules) or Life(State.IN_USE, f"seen on {_day(last_seen)}")
    for why in (_not_scanned, _not_reachable):
        if found := why(last_seen, watch, today, rules):
            return found
    looked = f"{watch.network} was swept" if watch.network and watch.swept else "its school was scanned"
    until = watch.swept if watch.network and watch.swept else watch.school_heard
    when = f"; {looked} on {_day(until)}" if until else ""
    return Life(State.MISSING, f"not seen on {unseen} term-time days since {_day(last_seen)}{when}")


def _not_scanned(last_seen: date, watch: Watch, today: date, rules: Rules) -> Life | None:
    """Where nobody looked for long enough to miss it."""
    if not _missed(last_seen, watch.school_heard, today, rules):
        since = f"since {_day(watch.school_heard)}" if watch.school_heard else "yet"
        return Life(State.NOT_SCANNED, f"no agent of its school has reported {since}, so nobody looked for it")
    if watch.network and watch.swept and not _missed(last_seen, watch.swept, today, rules):
        return Life(State.NOT_SCANNED, f"its network {watch.network} was not swept since {_day(watch.swept)}")
    return None


def _not_reachable(last_seen: date, watch: Watch, today: date, rules: Rules) -> Life | None:
    """Where what stands between it and those who look is silent."""
    if watch.behind and not _missed(last_seen, watch.behind_heard, today, rules):
        return Life(State.NOT_REACHABLE, f"the switch that it hung on, {watch.behind}, {_since(watch.behind_heard)}")
    if watch.agent and not watch.on_it and not _missed(last_seen, watch.agent_heard, today, rules):
        return Life(State.NOT_REACHABLE, f"the agent that saw it, {watch.agent}, {_since(watch.agent_heard)}")
    return None


def _missed(last_seen: date, heard: date | None, today: date, rules: Rules) -> bool:
    """Whether somebody who was heard until a day would have seen it on enough days."""
    return heard is not None and _term_days(last_seen, min(heard + DAY, today), rules) >= rules.missing_after


def _since(heard: date | None) -> str:
    return f"has been silent since {_day(heard)}" if heard else "was never heard"


def _moved(stays: tuple[Stay, ...], today: date, rules: Rules) -> Life | None:
    if len(stays) < 2:
        return None
    came = london.day_of(stays[-1].since)
    if _term_days(came, today, rules) >= rules.moved_for:
        return None
    before, now = rules.site_name(stays[-2].site_id), rules.site_name(stays[-1].site_id)
    return Life(State.MOVED, f"seen at {now} since {_day(came)}, before that at {before}")


def _term_days(after: date, before: date, rules: Rules) -> int:
    """Term-time days between two days, neither included."""
    length = min((before - after).days, LONGEST_ABSENCE)
    return sum(rules.is_term_day(after + number * DAY) for number in range(1, length))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
