"""What a lane's readings claim: every reading a claim, kept once, with the times at which the lane said it.

A claim is known by its lane and by what it says, so evidence that says the same again only widens its times, whatever
order it comes in. Whose a claim is, `identity` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector import london
from collector.facts import Identifier, Reading
from collector.interpret import ONE_DEVICE
from collector.resolve import Span
from collector.store import Transaction, claims
from collector.store.claims import Fresh, Kept
from collector.store.evidence import Lane


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claim of each reading, in order, the devices that are known to hold some, and those to be settled.

    `met`: claims of what was there itself; `of_today`: those of them that were not seen before on that day.
    """

    claim_ids: tuple[int, ...]
    held: Mapping[int, str]
    unsettled: frozenset[int]
    of_today: frozenset[int]
    met: frozenset[int]


def claim(
    connection: Transaction, trust_id: str, lane: Lane, readings: Sequence[Reading], now: datetime,
    until: datetime | None = None,
) -> Claimed:  # fmt: skip
    """Keep what a lane's readings claim, from when they stood so until they were seen last (`until`, in the past)."""
    seen = Span(lane.observed, until) if until else Span(lane.since, lane.observed)
    known = claims.of_lane(connection, trust_id, lane.lane_id)
    slots = [claims.slot(reading.identifiers, next(iter(reading.locators), "")) for reading in readings]
    said = dict(zip(slots, readings, strict=True))
    again = {slot: known[slot] for slot in said if slot in known}
    stale = [] if until else [kept for slot, kept in known.items() if slot not in said and _is_stale(kept, seen)]
    own = slots[0] if slots and lane.subject.kind in ONE_DEVICE else ""
    began = Span(min([seen.first, *(kept.span.first for kept in stale)]), seen.last)
    fresh = [_fresh(lane, slot, said[slot], began, told_of=slot != own) for slot in said if slot not in known]
    made = dict(zip((one.slot for one in fresh), claims.add(connection, trust_id, fresh, now), strict=True))
    unsettled = {*made.values(), *_widen(connection, trust_id, again, said, seen)}
    _replace(connection, trust_id, stale, {made[slot]: said[slot] for slot in made}, made.get(own, 0), now)
    numbers = made | {slot: kept.claim_id for slot, kept in again.items()}
    met = {slot for slot in said if not said[slot].told_of}
    day = london.day_of(seen.first if until else seen.last)
    noted = {slot for slot, kept in again.items() if not until and london.day_of(kept.span.last) == day}
    return Claimed(
        claim_ids=tuple(numbers[slot] for slot in slots),
        held={kept.claim_id: kept.device_id for kept in again.values()},
        unsettled=frozenset(unsettled),
        of_today=frozenset(numbers[slot] for slot in met - noted),
        met=frozenset(numbers[slot] for slot in met),
    )


def _widen(
    connection: Transaction, trust_id: str, again: Mapping[str, Kept], said: Mapping[str, Reading], seen: Span
) -> set[int]:
    """Widen the times of claims that are made again; those whose device is to be decided anew because of that."""
    widened = dict(_widened(again.values(), seen))
    claims.widen(connection, trust_id, widened)
    back = {kept.claim_id: said[slot].identifiers for slot, kept in again.items() if kept.retired}
    claims.unretire(connection, trust_id, back)
    doubtful = {kept.claim_id for kept in again.values() if kept.by_time and kept.claim_id in widened}
    return {*back, *doubtful, *(kept.claim_id for kept in again.values() if not kept.device_id)}


def forget(
    connection: Transaction, trust_id: str, lane_id: int, since: datetime, said: Iterable[int], now: datetime
) -> None:
    """Retire claims of a lane that began since then, and that nothing in its evidence makes any more."""
    kept = set(said)
    known = claims.of_lane(connection, trust_id, lane_id).values()
    gone = [one.claim_id for one in known if one.span.first >= since and one.claim_id not in kept]
    claims.retire(connection, trust_id, gone, now)


def _replace(
    connection: Transaction, trust_id: str, stale: Iterable[Kept], made: Mapping[int, Reading], own: int, now: datetime
) -> None:
    """Retire claims that are read otherwise today; each passes its device on to the claim that says most of the same.

    Where none says anything of the same, what the subject itself claims today is its heir.
    """
    heirs: dict[int, int] = {}
    taken: set[int] = set()
    before = claims.load(connection, trust_id, [kept.claim_id for kept in stale])
    for claim_before in sorted(before, key=lambda one: (one.told_of, one.first, one.claim_id)):
        common = {heir: len(claim_before.identifiers & set(reading.identifiers)) for heir, reading in made.items()}
        heir = max((h for h in common if h not in taken and (common[h] or h == own)), key=common.__getitem__, default=0)
        if heir and claim_before.device_id:
            heirs[claim_before.claim_id] = heir
            taken.add(heir)
    claims.inherit(connection, trust_id, heirs, now)
    claims.retire(connection, trust_id, [one.claim_id for one in before], now)


def _is_stale(kept: Kept, seen: Span) -> bool:
    """Whether a claim was read in the very evidence that says something else today."""
    return not kept.retired and kept.span.last == seen.last


def _fresh(lane: Lane, slot: str, reading: Reading, seen: Span, *, told_of: bool) -> Fresh:
    said: frozenset[Identifier] = frozenset(reading.identifiers)
    return Fresh(lane.lane_id, slot, lane.site_id, lane.method.name, told_of, said, *seen)


def _widened(again: Iterable[Kept], seen: Span) -> Iterator[tuple[int, Span]]:
    for kept in again:
        span = kept.span.union(seen)
        if span != kept.span or kept.retired:
            yield kept.claim_id, span
