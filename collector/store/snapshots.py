"""Lanes as they were: what is read again when evidence arrives after what came later."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from collector.store.evidence import Lane, StoredGroup
from collector.store.schema import contents, evidence
from stocktake.values import Outcome

MOST_SNAPSHOTS = 100  # times that a lane is read again because of one late report, the latest
MOST_ARRIVED = 256  # times at which evidence arrived that is read together: more reports never are


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A lane as it was from a change of its evidence (`lane.observed`) until it was seen so last."""

    lane: Lane
    until: datetime


def before(
    connection: Connection, trust_id: str, current: Lane, since: datetime | None, last: datetime | None = None
) -> list[Snapshot]:
    """A lane at every time from `since` on at which its evidence changed, without the latest; the earliest first.

    None, or a time that is not before the latest: nothing came late. Where these are too many, as after a week without
    a link, those up to `last`, which is when the newest of what arrived was observed: what came later has its own turn.
    """
    if since is None or since >= current.observed:
        return []
    lane_id = current.lane_id
    rows = connection.execute(
        select(evidence, contents.c.compressed)
        .join(contents, (contents.c.trust_id == evidence.c.trust_id) & (contents.c.digest == evidence.c.digest))
        .where(evidence.c.trust_id == trust_id, evidence.c.lane_id == lane_id)
        .order_by(evidence.c.first_observed, evidence.c.evidence_id)
    ).all()
    times = _times({row.first_observed for row in rows if row.first_observed >= since} | {since}, last)
    found = []
    for time, following in zip(times, [*times[1:], None], strict=True):
        groups = _as_of(rows, time)
        if not groups or (
            groups.keys() == current.groups.keys()
            and all(groups[name].evidence_id == current.groups[name].evidence_id for name in groups)
        ):
            continue
        last = max(group.last_observed for group in groups.values())
        until = max(time, min(last, following) if following else last)
        found.append(Snapshot(replace(current, groups=groups, observed=time), until))
    return found


def _times(found: set[datetime], last: datetime | None) -> list[datetime]:
    times = sorted(found)
    if len(times) <= MOST_SNAPSHOTS or last is None:
        return times[-MOST_SNAPSHOTS:]
    arrived = [time for time in times if time <= last]
    return times[: len(arrived) + 1][-MOST_ARRIVED:]


def _as_of(rows: Sequence[Row[Any]], time: datetime) -> dict[str, StoredGroup]:
    groups: dict[str, StoredGroup] = {}
    for row in rows:
        if row.first_observed <= time:
            groups[row.group_name] = StoredGroup(
                row.evidence_id, zlib.decompress(row.compressed), row.outcome == Outcome.COMPLETE.name,
                row.first_observed, row.last_observed,
            )  # fmt: skip
    return groups
