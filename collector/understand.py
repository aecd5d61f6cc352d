"""The order in which evidence becomes rows: interpret → claim → resolve → store → restate. It exists once, here.

Intake leaves a pending mark and reinterpretation names lanes; both come through `understand`. This module knows the
order and nothing else: what evidence means is `interpret`'s, which device a claim is of is `identity`'s, and what
follows for ages and the register's history is `restate`'s.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from collector import london, reading, settling
from collector.errors import StoreError
from collector.facts import Unread
from collector.restate import restate
from collector.store import Store, Transaction, evidence, health, history, rounds, snapshots, wiring
from collector.store.devices import Change
from collector.store.evidence import Lane

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Understood:
    """What became of one lane."""

    lane_id: int
    change: Change
    unread: tuple[Unread, ...]


def understand_pending(store: Store, trust_id: str, now: datetime) -> int:
    """Understand what waits; returns how many reports that were. Evidence that fails is marked unread and passed by."""
    with store.reader() as connection:
        waiting = evidence.pending(connection, trust_id)
    for pending in waiting:
        try:
            understand(store, trust_id, pending, now)
        except StoreError:
            raise  # not the evidence's fault: it keeps its mark until the store is well again
        except Exception as error:  # one lane's fault must not stop the others
            log.exception("lane %s cannot be understood", pending.lane_id)
            _set_aside(store, trust_id, pending, error)
    return sum(len(pending.reports) for pending in waiting)


def understand(
    store: Store, trust_id: str, pending: evidence.Pending, now: datetime, cause: str = "evidence"
) -> Understood:
    """Read a lane's evidence, decide whose it is, and write what follows, in one transaction with its mark."""
    with store.reader() as connection:
        lane = evidence.lane(connection, trust_id, pending.lane_id)
        past = snapshots.before(connection, trust_id, lane, pending.since, max(pending.times, default=None))
    if pending.since and lane.groups and pending.since > lane.observed:
        return store.write(lambda connection: _unanswered(connection, trust_id, pending, now))
    readings, unread = reading.read(lane)
    earlier = [(one, reading.read(one.lane)[0]) for one in past]

    def write(connection: Transaction) -> Understood:
        known = history.moment(connection, trust_id, now)
        change, changed, claimed = settling.settle(connection, trust_id, lane, readings, known, pending.times)
        recalled = settling.recall(connection, trust_id, earlier, claimed, known)
        late = pending.since if pending.since and _is_late(pending.since, now) else None
        restate(connection, trust_id, {*recalled, *changed}, "late" if late else cause, known, late)
        health.evaluate(connection, trust_id, {*change.measured} - {*recalled, *changed}, known)
        _judge_silence(connection, trust_id, pending, lane, known)
        wiring.touch(connection, trust_id, lane)
        note(connection, trust_id, pending, unread, now)
        return Understood(lane.lane_id, change, unread)

    return store.write(write)


def _unanswered(connection: Transaction, trust_id: str, pending: evidence.Pending, now: datetime) -> Understood:
    """A lane was asked and nothing came: all that it told stands, and there is nothing to read."""
    _judge_by_time(connection, trust_id, pending.lane_id, history.moment(connection, trust_id, now))
    evidence.mark(connection, trust_id, pending.reports, "read", "")
    return Understood(pending.lane_id, Change((), 0, 0), ())


def _judge_silence(
    connection: Transaction, trust_id: str, pending: evidence.Pending, lane: Lane, now: datetime
) -> None:
    """Judge the devices of a lane by time where they were asked later than they answered."""
    if max(pending.times, default=lane.observed) > lane.observed:
        _judge_by_time(connection, trust_id, lane.lane_id, now)


def _judge_by_time(connection: Transaction, trust_id: str, lane_id: int, now: datetime) -> None:
    health.evaluate(connection, trust_id, rounds.of_lane(connection, trust_id, lane_id), now, timely=True)


def _is_late(observed: datetime, now: datetime) -> bool:
    """Whether evidence is of a day that is over: what is known of that day changes."""
    return london.day_of(observed) < london.day_of(now)


def note(
    connection: Transaction, trust_id: str, pending: evidence.Pending, unread: tuple[Unread, ...], now: datetime
) -> None:
    """Take the pending mark off and keep what could not be read, with rule and reason."""
    found = [(item.source.group, item.source.locator, item.rule, item.reason) for item in unread]
    evidence.replace_unread(connection, trust_id, pending.lane_id, found, now)
    evidence.mark(connection, trust_id, pending.reports, "read", "")


def _set_aside(store: Store, trust_id: str, pending: evidence.Pending, error: Exception) -> None:
    reason = f"{type(error).__name__}: {error}"[:500]
    store.write(lambda connection: evidence.mark(connection, trust_id, pending.reports, "unread", reason))
