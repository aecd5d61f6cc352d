"""The order in which evidence becomes rows: interpret → claim → resolve → store → restate. It exists once, here.

Intake leaves a pending mark and reinterpretation names lanes; both come through `understand`. This module knows the
order and nothing else: what evidence means is `interpret`'s, which device a claim is of is `identity`'s, and what
follows for ages and the register's history is `restate`'s.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collector import interpret, london, settling
from collector.errors import StoreError
from collector.facts import Source, Unread
from collector.restate import restate
from collector.store import Store, Transaction, evidence, health, history, snapshots, wiring
from collector.store.devices import Change
from collector.store.evidence import Lane
from stocktake import wire
from stocktake.values import Content, Outcome

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
        past = snapshots.before(connection, trust_id, lane, pending.since)
    contents, unreadable = decode(lane)
    readings = interpret.read(observation(lane, contents))
    earlier = [(one, interpret.read(observation(one.lane, decode(one.lane)[0]))) for one in past]

    def write(connection: Transaction) -> Understood:
        known = history.moment(connection, trust_id, now)
        change, changed, claimed = settling.settle(connection, trust_id, lane, readings, known, pending.times)
        recalled = settling.recall(connection, trust_id, earlier, claimed, known)
        late = pending.since if pending.since and _is_late(pending.since, now) else None
        restate(connection, trust_id, {*recalled, *changed}, "late" if late else cause, known, late)
        health.evaluate(connection, trust_id, {*change.measured} - {*recalled, *changed}, known)
        wiring.touch(connection, trust_id, lane)
        unread = (*unreadable, *(item for reading in readings for item in reading.unread))
        note(connection, trust_id, pending, unread, now)
        return Understood(lane.lane_id, change, unread)

    return store.write(write)


def _is_late(observed: datetime, now: datetime) -> bool:
    """Whether evidence is of a day that is over: what is known of that day changes."""
    return london.day_of(observed) < london.day_of(now)


def decode(lane: Lane) -> tuple[dict[str, Content], tuple[Unread, ...]]:
    """The contents of a lane's groups, and which of them are no evidence this version can read."""
    contents: dict[str, Content] = {}
    unreadable = []
    for name, group in lane.groups.items():
        try:
            contents[name] = wire.decode_content(group.content)
        except wire.WireError as error:
            unreadable.append(Unread("wire", Source(name), str(error)))
    return contents, tuple(unreadable)


def observation(lane: Lane, contents: Mapping[str, Content]) -> interpret.Observation:
    """What interpretation needs to know of a lane."""
    outcomes = {name: Outcome.COMPLETE if group.complete else Outcome.CUT for name, group in lane.groups.items()}
    return interpret.Observation(
        subject=lane.subject,
        method=lane.method,
        contents=contents,
        outcomes=outcomes,
        site=lane.site_id,
        agent=lane.agent_id,
    )


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
