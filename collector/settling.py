"""What a lane's readings do to the register: pass by → claim → decide whose → note the day → write. The order is here.

`settle` is for what a lane says now, `recall` for what arrives after what came later.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import datetime

from collector import claiming, identity, london, passing
from collector.claiming import Claimed
from collector.facts import Reading
from collector.passing import Passers
from collector.store import Transaction, days, devices, recalling
from collector.store.devices import Change, Settled
from collector.store.evidence import Lane
from collector.store.snapshots import Snapshot


@functools.cache
def _passers() -> Passers:
    """Who counts machines that pass by: one for the process, under a key that dies with it."""
    return Passers()


def settle(
    connection: Transaction, trust_id: str, lane: Lane, readings: tuple[Reading, ...], now: datetime,
    times: Collection[datetime] = (),
) -> tuple[Change, frozenset[str], frozenset[int]]:  # fmt: skip
    """Decide for every reading whose it is, and bring history up to date; the devices that changed, and the claims.

    `times`: at which the lane was observed, as far as that was not known.
    """
    place = (lane.site_id, lane.subject.network)
    named = _passers().sift(connection, trust_id, place, london.day_of(lane.observed), readings)
    claimed = claiming.claim(connection, trust_id, lane, named, now)
    settled, decided = _decide(connection, trust_id, lane, named, claimed, now)
    _note_between(connection, trust_id, lane, claimed, times, now)
    change = devices.settle(connection, trust_id, lane, settled, decided.made, now)
    return change, decided.changed.union(change.restated), frozenset(claimed.claim_ids)


def _decide(
    connection: Transaction, trust_id: str, lane: Lane, readings: Sequence[Reading], claimed: Claimed, now: datetime
) -> tuple[list[Settled], identity.Settled]:
    """Whose each reading is, and what that changed; the day on which the lane was observed is noted."""
    decided = identity.settle(connection, trust_id, claimed.unsettled, now, lane.lane_id)
    of = {**claimed.held, **decided.of}
    days.note(connection, trust_id, dict.fromkeys(claimed.of_today, lane.observed), now)
    return [Settled(r, c, of[c]) for r, c in zip(readings, claimed.claim_ids, strict=True)], decided


def _note_between(
    connection: Transaction, trust_id: str, lane: Lane, claimed: Claimed, times: Collection[datetime], now: datetime
) -> None:
    """Note the other days on which a lane said what it says now: an agent was without a link and nothing changed."""
    last = london.day_of(lane.observed)
    for time in {london.day_of(time): time for time in times if time >= lane.since}.values():
        if london.day_of(time) != last:
            days.note(connection, trust_id, dict.fromkeys(claimed.met, time), now)


def recall(
    connection: Transaction, trust_id: str, past: Sequence[tuple[Snapshot, tuple[Reading, ...]]],
    latest: Collection[int], now: datetime,
) -> set[str]:  # fmt: skip
    """What a lane said before its `latest` claims, each claimed at its time; the devices that changed."""
    changed: set[str] = set()
    kept = set(latest)
    told: list[recalling.Past] = []
    for one, found in past:
        readings, _ = passing.part(connection, trust_id, one.lane.site_id, found)
        claimed = claiming.claim(connection, trust_id, one.lane, readings, now, one.until)
        settled, decided = _decide(connection, trust_id, one.lane, readings, claimed, now)
        changed |= {*decided.changed, *devices.recall(connection, trust_id, one.lane, one.until, settled, now)}
        kept |= {*claimed.claim_ids}
        told += [recalling.Past(item.device_id, item.reading, one.lane.observed, one.until) for item in settled]
    if past:
        since = past[0][0].lane.observed
        claiming.forget(connection, trust_id, past[0][0].lane.lane_id, since, kept, now)
        recalling.recall(connection, trust_id, told, now)
    return changed
