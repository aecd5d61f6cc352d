"""What a lane's readings do to the register: pass by → claim → decide whose → note the day → write. The order is here.

`settle` is for what a lane says now, `recall` for what arrives after what came later.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import datetime

from collector import claiming, identity, london
from collector.claiming import Claimed
from collector.facts import Reading
from collector.passing import Passers, countable
from collector.store import Transaction, days, devices, health
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
    decided = identity.settle(connection, trust_id, claimed.unsettled, now, lane.lane_id)
    of = {**claimed.held, **decided.of}
    settled = [Settled(r, c, of[c]) for r, c in zip(named, claimed.claim_ids, strict=True)]
    days.note(connection, trust_id, dict.fromkeys(claimed.of_today, lane.observed), now)
    _note_between(connection, trust_id, lane, claimed, times, now)
    change = devices.settle(connection, trust_id, lane, settled, decided.made, now)
    return change, decided.changed.union(change.restated), frozenset(claimed.claim_ids)


def _note_between(
    connection: Transaction, trust_id: str, lane: Lane, claimed: Claimed, times: Collection[datetime], now: datetime
) -> None:
    """Note the other days on which a lane said what it says now: an agent was without a link and nothing changed."""
    last = london.day_of(lane.observed)
    met = [claim_id for claim_id in claimed.claim_ids if claim_id in claimed.met]
    for time in {london.day_of(time): time for time in times if time >= lane.since}.values():
        if london.day_of(time) != last:
            days.note(connection, trust_id, dict.fromkeys(met, time), now)


def recall(
    connection: Transaction, trust_id: str, past: Sequence[tuple[Snapshot, tuple[Reading, ...]]],
    latest: Collection[int], now: datetime,
) -> set[str]:  # fmt: skip
    """What a lane said before its `latest` claims, each claimed at its time; the devices that changed."""
    changed: set[str] = set()
    kept = set(latest)
    told: list[health.Past] = []
    for one, found in past:
        readings = [reading for reading in found if not countable(reading)]
        claimed = claiming.claim(connection, trust_id, one.lane, readings, now, one.until)
        decided = identity.settle(connection, trust_id, claimed.unsettled, now, one.lane.lane_id)
        of = {**claimed.held, **decided.of}
        days.note(connection, trust_id, dict.fromkeys(claimed.of_today, one.lane.observed), now)
        settled = [Settled(r, c, of[c]) for r, c in zip(readings, claimed.claim_ids, strict=True)]
        changed |= {*decided.changed, *devices.recall(connection, trust_id, one.lane, one.until, settled, now)}
        kept |= {*claimed.claim_ids}
        told += [health.Past(item.device_id, item.reading, one.lane.observed, one.until) for item in settled]
    if past:
        since = past[0][0].lane.observed
        claiming.forget(connection, trust_id, past[0][0].lane.lane_id, since, kept, now)
        health.recall(connection, trust_id, told, now)
    return changed
