"""Rows of streams, reports and evidence: what intake commits, and what interpretation reads.

Evidence lies in lanes: one subject, examined by one method, brought by one agent. Along a lane a plan group's evidence
replaces what was there before; the same bytes again only move the time they were last seen. A REFUSED row replaces
nothing: what a device said earlier stays the latest content of that group.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from collector.store import ids, placing
from collector.store.batches import OF_TRUST
from collector.store.schema import agents, contents, evidence, lanes, reports, streams, unread
from stocktake.values import Gap, Method, Outcome, Subject, SubjectKind


@dataclass(frozen=True, slots=True)
class IncomingGroup:
    """One plan group as it arrived; `content` are the bytes as signed, empty for refused and unchanged."""

    name: str
    outcome: Outcome
    content: bytes
    digest: bytes
    detail: str


@dataclass(frozen=True, slots=True)
class IncomingExamination:
    """An examination as it arrived, contents still bytes."""

    subject: Subject
    method: Method
    plan_digest: bytes
    relayed: bool
    groups: tuple[IncomingGroup, ...]


@dataclass(frozen=True, slots=True)
class IncomingReport:
    """One entry of a stream as it arrived. A body of None was refused; `detail` says why."""

    sequence: int
    observe_time: datetime
    boot_seconds: float
    boot_id: str
    body: IncomingExamination | Gap | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a batch came to: sequences taken anew, the contents that were called unchanged but are not held."""

    fresh: int
    unknown_content: tuple[int, ...]
    highest_contiguous: int


def keep(
    connection: Connection, trust_id: str, agent_id: str, site_id: str, stream_id: str,
    incoming: Sequence[IncomingReport], now: datetime,
) -> Kept:  # fmt: skip
    """Keep a batch: content, evidence and sequence rows together. Sequences that are there already are passed over."""
    highest = _stream(connection, trust_id, agent_id, stream_id, now)
    known = _known_sequences(connection, trust_id, agent_id, stream_id, [report.sequence for report in incoming])
    fresh = {r.sequence: r for r in incoming if r.sequence not in known and r.sequence > highest}
    unknown = [
        r.sequence for r in fresh.values() if not _keep_one(connection, trust_id, agent_id, site_id, stream_id, r, now)
    ]
    connection.execute(
        update(agents).where(agents.c.trust_id == trust_id, agents.c.agent_id == agent_id).values(last_report=now)
    )
    highest = _advance(connection, trust_id, agent_id, stream_id, highest)
    return Kept(len(fresh), tuple(unknown), highest)


def stream_of_another(connection: Connection, trust_id: str, agent_id: str, stream_id: str) -> bool:
    """Whether a stream of this name was begun by another agent."""
    query = select(streams.c.agent_id).where(
        streams.c.trust_id == trust_id, streams.c.stream_id == stream_id, streams.c.agent_id != agent_id
    )
    return connection.execute(query).first() is not None


def _stream(connection: Connection, trust_id: str, agent_id: str, stream_id: str, now: datetime) -> int:
    where = (streams.c.trust_id == trust_id) & (streams.c.agent_id == agent_id) & (streams.c.stream_id == stream_id)
    highest = connection.execute(select(streams.c.highest_contiguous).where(where)).scalar()
    if highest is None:
        row = {"trust_id": trust_id, "agent_id": agent_id, "stream_id": stream_id}
        connection.execute(insert(streams).values(**row, highest_contiguous=0, started=now))
        return 0
    return int(highest)


def _known_sequences(
    connection: Connection, trust_id: str, agent_id: str, stream_id: str, asked: list[int]
) -> set[int]:
    where = (reports.c.trust_id == trust_id) & (reports.c.agent_id == agent_id) & (reports.c.stream_id == stream_id)
    return set(connection.execute(select(reports.c.sequence).where(where, reports.c.sequence.in_(asked))).scalars())


def _keep_one(
    connection: Connection, trust_id: str, agent_id: str, site_id: str, stream_id: str, report: IncomingReport,
    now: datetime,
) -> bool:  # fmt: skip
    """Keep one report; False where a group is called unchanged whose content is not held."""
    row = {
        "trust_id": trust_id, "agent_id": agent_id, "stream_id": stream_id, "sequence": report.sequence,
        "observe_time": report.observe_time, "boot_seconds": report.boot_seconds, "boot_id": report.boot_id,
        "receive_time": now, "detail": report.detail,
    }  # fmt: skip
    complete = True
    if isinstance(report.body, Gap):
        row |= {
            "state": "gap",
            "gap_first": report.body.first,
            "gap_last": report.body.last,
            "detail": report.body.reason,
        }
    elif report.body is None:
        row |= {"state": "refused"}
    else:
        lane_id = _lane(connection, trust_id, agent_id, site_id, report.body, report.observe_time)
        place = (stream_id, report.sequence)
        kept = [_keep_group(connection, trust_id, lane_id, g, report, place, now) for g in report.body.groups]
        complete = all(kept)
        row |= {"state": "pending", "lane_id": lane_id}
    connection.execute(insert(reports).values(row))
    return complete


def _lane(
    connection: Connection, trust_id: str, agent_id: str, site_id: str, body: IncomingExamination, observed: datetime
) -> int:
    subject = body.subject
    key = {
        "trust_id": trust_id, "agent_id": agent_id, "kind": subject.kind.name, "address": subject.address,
        "mac": subject.mac, "network": subject.network, "source": subject.source, "method": body.method.name,
        "relayed": body.relayed,
    }  # fmt: skip
    where = [lanes.c[name] == value for name, value in key.items()]
    row = connection.execute(select(lanes.c.lane_id, lanes.c.last_observed).where(*where)).first()
    if row is None:
        lane_id = ids.take(connection, trust_id, "lane")
        times = {"first_observed": observed, "last_observed": observed}
        connection.execute(insert(lanes).values(**key, **times, lane_id=lane_id, site_id=site_id))
        return lane_id
    if observed > row.last_observed:
        one = (lanes.c.trust_id == trust_id) & (lanes.c.lane_id == row.lane_id)
        connection.execute(update(lanes).where(one).values(last_observed=observed, site_id=site_id))
    return int(row.lane_id)


def _keep_group(
    connection: Connection, trust_id: str, lane_id: int, group: IncomingGroup, report: IncomingReport,
    place: tuple[str, int], now: datetime,
) -> bool:  # fmt: skip
    """Keep one group's evidence; False where it is called unchanged but its content is not held."""
    if group.content:
        _keep_content(connection, trust_id, group.digest, group.content)
    outcome = group.outcome
    if outcome is Outcome.UNCHANGED:
        if not _held(connection, trust_id, group.digest):
            return False
        outcome = Outcome.COMPLETE
    latest = connection.execute(
        select(evidence.c.evidence_id, evidence.c.outcome, evidence.c.digest, evidence.c.last_observed)
        .where(evidence.c.trust_id == trust_id, evidence.c.lane_id == lane_id, evidence.c.group_name == group.name)
        .order_by(evidence.c.last_observed.desc(), evidence.c.evidence_id.desc())
        .limit(1)
    ).first()
    digest = group.digest or None
    on_time = latest is None or report.observe_time >= latest.last_observed
    if latest and on_time and latest.outcome == outcome.name and latest.digest == digest:
        seen = report.observe_time
        where = (evidence.c.trust_id == trust_id) & (evidence.c.evidence_id == latest.evidence_id)
        connection.execute(update(evidence).where(where).values(last_observed=seen))
        return True
    assert not isinstance(report.body, Gap)  # noqa: S101 - a gap has no groups
    plan = report.body.plan_digest if report.body else b""
    said = {
        "lane_id": lane_id, "group_name": group.name, "outcome": outcome.name, "digest": digest,
        "detail": group.detail, "plan_digest": plan or None, "receive_time": now, "stream_id": place[0],
        "sequence": place[1],
    }  # fmt: skip
    if not on_time:
        placing.place(connection, trust_id, said, report.observe_time)
        return True
    number = ids.take(connection, trust_id, "evidence")
    times = {"first_observed": report.observe_time, "last_observed": report.observe_time}
    connection.execute(insert(evidence).values(trust_id=trust_id, evidence_id=number, **said, **times))
    return True


def _held(connection: Connection, trust_id: str, digest: bytes) -> bool:
    query = select(contents.c.digest).where(contents.c.trust_id == trust_id, contents.c.digest == digest)
    return connection.execute(query).first() is not None


def _keep_content(connection: Connection, trust_id: str, digest: bytes, content: bytes) -> None:
    if not _held(connection, trust_id, digest):
        row = {"trust_id": trust_id, "digest": digest, "size_bytes": len(content)}
        connection.execute(insert(contents).values(**row, compressed=zlib.compress(content, 6)))


def _advance(connection: Connection, trust_id: str, agent_id: str, stream_id: str, highest: int) -> int:
    """Move the highest contiguous sequence over what is there and over what gaps stand for."""
    where = (reports.c.trust_id == trust_id) & (reports.c.agent_id == agent_id) & (reports.c.stream_id == stream_id)
    later = connection.execute(select(reports.c.sequence).where(where, reports.c.sequence > highest)).scalars()
    spans = [(sequence, sequence) for sequence in later]
    gaps = connection.execute(
        select(reports.c.gap_first, reports.c.gap_last).where(
            where, reports.c.state == "gap", reports.c.gap_last > highest
        )
    )
    reached = highest
    for first, last in sorted([*spans, *((gap.gap_first, gap.gap_last) for gap in gaps)]):
        if first > reached + 1:
            break
        reached = max(reached, last)
    if reached > highest:
        stream = (
            (streams.c.trust_id == trust_id) & (streams.c.agent_id == agent_id) & (streams.c.stream_id == stream_id)
        )
        connection.execute(update(streams).where(stream).values(highest_contiguous=reached))
    return reached


# ------------------------------------------------------------------------------------------------ for interpretation


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """The latest content of one plan group in a lane, so since `first_observed`, and whether it is the whole of it."""

    evidence_id: int
    content: bytes
    complete: bool
    first_observed: datetime
    last_observed: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane with its latest contents: what interpretation reads. `observed`: when its newest evidence was.

    `since`: from when on all of them stood together.
    """

    lane_id: int
    agent_id: str
    site_id: str
    subject: Subject
    method: Method
    relayed: bool
    observed: datetime
    groups: dict[str, StoredGroup]

    @property
    def since(self) -> datetime:
        """From when on the contents stood as they do."""
        return min(self.observed, max((group.first_observed for group in self.groups.values()), default=self.observed))


@dataclass(frozen=True, slots=True)
class Pending:
    """A lane with reports that wait, which, and when they were observed."""

    lane_id: int
    reports: tuple[tuple[str, str, int], ...]  # agent, stream, sequence
    times: tuple[datetime, ...] = ()

    @property
    def since(self) -> datetime | None:
        """When the earliest of them was observed; None: none waits."""
        return min(self.times, default=None)


def pending(connection: Connection, trust_id: str, limit: int = 200) -> list[Pending]:
    """Lanes that wait for interpretation, the longest waiting first; `limit` counts reports."""
    rows = connection.execute(
        select(reports.c.lane_id, reports.c.agent_id, reports.c.stream_id, reports.c.sequence, reports.c.observe_time)
        .where(reports.c.trust_id == trust_id, reports.c.state == "pending")
        .order_by(reports.c.receive_time, reports.c.sequence)
        .limit(limit)
    )
    waiting: dict[int, list[tuple[str, str, int]]] = {}
    times: dict[int, list[datetime]] = {}
    for row in rows:
        waiting.setdefault(row.lane_id, []).append((row.agent_id, row.stream_id, row.sequence))
        times.setdefault(row.lane_id, []).append(row.observe_time)
    return [Pending(lane_id, tuple(found), tuple(times[lane_id])) for lane_id, found in waiting.items()]


def lane_ids(connection: Connection, trust_id: str) -> list[int]:
    """Every lane, in the order in which they began."""
    return list(
        connection.execute(
            select(lanes.c.lane_id).where(lanes.c.trust_id == trust_id).order_by(lanes.c.lane_id)
        ).scalars()
    )


def lane(connection: Connection, trust_id: str, lane_id: int) -> Lane:
    """A lane with the latest content of each of its groups."""
    this = {"of_trust": trust_id, "lane": lane_id}
    row = connection.execute(_LANE, this).one()
    groups = _by_lane(connection.execute(_LATEST, this)).get(lane_id, {})
    return Lane(
        lane_id=row.lane_id,
        agent_id=row.agent_id,
        site_id=row.site_id,
        subject=Subject(SubjectKind[row.kind], row.address, row.mac, row.network, row.source),
        method=Method[row.method],
        relayed=row.relayed,
        observed=max((group.last_observed for group in groups.values()), default=row.last_observed),
        groups=groups,
    )


def latest(connection: Connection, trust_id: str, *where: ColumnElement[bool]) -> dict[int, dict[str, StoredGroup]]:
    """Lane → group → its latest content, of the evidence that is asked for."""
    return _by_lane(connection.execute(_latest(*where), {"of_trust": trust_id}))


def _latest(*where: ColumnElement[bool]) -> Select[Any]:
    order = (evidence.c.last_observed.desc(), evidence.c.evidence_id.desc())
    place = func.row_number().over(partition_by=(evidence.c.lane_id, evidence.c.group_name), order_by=order)
    told = (evidence.c.trust_id == OF_TRUST) & evidence.c.digest.is_not(None)
    ranked = select(evidence, place.label("place")).where(told, *where).subquery()
    content = (contents.c.trust_id == ranked.c.trust_id) & (contents.c.digest == ranked.c.digest)
    columns = (ranked.c[name] for name in _GROUP)
    return select(*columns, contents.c.compressed).join(contents, content).where(ranked.c.place == 1)


_GROUP = ("lane_id", "group_name", "evidence_id", "outcome", "first_observed", "last_observed")
_LANE = select(lanes).where(lanes.c.trust_id == OF_TRUST, lanes.c.lane_id == bindparam("lane"))
_LATEST = _latest(evidence.c.lane_id == bindparam("lane"))


def _by_lane(rows: Iterable[Row[Any]]) -> dict[int, dict[str, StoredGroup]]:
    found: dict[int, dict[str, StoredGroup]] = {}
    for item in rows:
        found.setdefault(item.lane_id, {})[item.group_name] = StoredGroup(
            evidence_id=item.evidence_id,
            content=zlib.decompress(item.compressed),
            complete=item.outcome == Outcome.COMPLETE.name,
            first_observed=item.first_observed,
            last_observed=item.last_observed,
        )
    return found


def mark(connection: Connection, trust_id: str, done: Iterable[tuple[str, str, int]], state: str, detail: str) -> None:
    """Take the pending mark off: `read`, or `unread` with the reason."""
    base = {"of_trust": trust_id, "new_state": state, "new_detail": detail}
    rows = [base | {"agent": agent, "stream": stream, "number": number} for agent, stream, number in done]
    if rows:
        connection.execute(_MARK, rows)


_MARK = (
    update(reports)
    .where(
        reports.c.trust_id == OF_TRUST, reports.c.agent_id == bindparam("agent"),
        reports.c.stream_id == bindparam("stream"), reports.c.sequence == bindparam("number"),
    )
    .values(state=bindparam("new_state"), detail=bindparam("new_detail"))
)  # fmt: skip
_UNREAD = select(unread).where(
    unread.c.trust_id == OF_TRUST, unread.c.lane_id == bindparam("lane"), unread.c.recorded_to.is_(None)
)


def replace_unread(
    connection: Connection, trust_id: str, lane_id: int, found: Iterable[tuple[str, str, str, str]], now: datetime
) -> None:
    """Set what is unread in a lane: (group, locator, rule, reason). What is no longer so is closed, not deleted."""
    wanted = set(found)
    for row in connection.execute(_UNREAD, {"of_trust": trust_id, "lane": lane_id}).all():
        key = (row.group_name, row.locator, row.rule, row.reason)
        if key in wanted:
            wanted.discard(key)
        else:
            gone = (unread.c.trust_id == trust_id) & (unread.c.unread_id == row.unread_id)
            connection.execute(update(unread).where(gone).values(recorded_to=now))
    if wanted:
        first = ids.take(connection, trust_id, "unread", len(wanted))
        columns = ("group_name", "locator", "rule", "reason")
        base = {"trust_id": trust_id, "lane_id": lane_id, "recorded_from": now}
        rows = [
            base | {"unread_id": first + n} | dict(zip(columns, item, strict=True))
            for n, item in enumerate(sorted(wanted))
        ]
        connection.execute(insert(unread), rows)


def prune(connection: Connection, trust_id: str, groups: Iterable[str], before: datetime) -> int:
    """Forget superseded evidence of volatile groups, and content that nothing points to; returns how many rows went.

    The latest evidence of a lane's group stays whatever its age: it is what the register stands on. A group is also
    meant where it was asked in a view (`forwarding_by_vlan@10`).
    """
    named = set(groups)
    views = (
        select(evidence.c.group_name)
        .distinct()
        .where(evidence.c.trust_id == trust_id, evidence.c.group_name.like("%@%"))
    )
    named |= {name for name in connection.execute(views).scalars() if name.partition("@")[0] in named}
    later = evidence.alias()
    superseded = exists().where(
        later.c.trust_id == evidence.c.trust_id, later.c.lane_id == evidence.c.lane_id,
        later.c.group_name == evidence.c.group_name, later.c.digest.is_not(None),
        later.c.evidence_id > evidence.c.evidence_id,
    )  # fmt: skip
    old = (evidence.c.trust_id == trust_id) & (evidence.c.last_observed < before)
    gone = connection.execute(
        delete(evidence).where(old, evidence.c.group_name.in_(sorted(named)), superseded)
    ).rowcount
    held = exists().where(evidence.c.trust_id == contents.c.trust_id, evidence.c.digest == contents.c.digest)
    connection.execute(delete(contents).where(contents.c.trust_id == trust_id, ~held))
    return gone


def pending_count(connection: Connection, trust_id: str) -> int:
    """Reports that wait for interpretation."""
    query = select(func.count()).where(reports.c.trust_id == trust_id, reports.c.state == "pending")
    return int(connection.execute(query).scalar_one())
