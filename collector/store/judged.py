"""Rows of what was found when schools were judged last: counts beside the findings that they count, compressed.

A row is of one school and one asking: a rule with the parameters that hold. Its findings name devices by id and nothing
else of them, so that a page says their names as of now. What is erased takes all rows along: they are judged again.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, case, delete, func, insert, select, update

from collector.audit import Outcome
from collector.store import ids
from collector.store import schema as t
from collector.store.batches import chunks

ENDINGS = "endings"  # the asking of what ends, for the termly pack: no rule is called so
FORGOTTEN = "judgements_forgotten"  # a counter: what was read before it moved is not kept after it


class Said(NamedTuple):
    """One finding, as it is kept. `subject_id`: the device, or the school itself."""

    subject_id: str
    outcome: Outcome
    sentence: str
    rests_on: tuple[str, ...]


class Ends(NamedTuple):
    """Devices of a school and class of which the same thing ends on the same day."""

    ends: date
    at_latest: date | None
    what: str
    title: str
    state: str
    device_class: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found by one asking at one school. `findings`: packed, by `pack`."""

    school_id: str
    asking: str
    judged: datetime
    passes: int = 0
    fails: int = 0
    untold: int = 0
    findings: bytes = b""

    def count(self, outcome: Outcome) -> int:
        """How many findings have an outcome."""
        return {Outcome.PASS: self.passes, Outcome.FAIL: self.fails, Outcome.UNTOLD: self.untold}[outcome]


def pack(rows: Sequence[Said] | Sequence[Ends]) -> bytes:
    """Rows as they are kept."""
    return zlib.compress(msgspec.msgpack.encode(rows))


def said(packed: bytes) -> list[Said]:
    """The findings of a row."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=list[Said])


def ends(packed: bytes) -> list[Ends]:
    """What ends, of the row of `ENDINGS`."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=list[Ends])


# ------------------------------------------------------------------------------------------------ keeping


def mark(connection: Connection, trust_id: str) -> int:
    """How often everything was forgotten: read where judging begins, and given to `keep`."""
    c = t.counters.c
    found = connection.execute(select(c.next).where(c.trust_id == trust_id, c.name == FORGOTTEN)).scalar()
    return int(found or 0)


def keep(connection: Connection, trust_id: str, school_id: str, rows: Iterable[Judged], marked: int) -> bool:
    """Keep what was found at a school in place of what was found before; False where it was forgotten meanwhile."""
    if mark(connection, trust_id) != marked:
        return False
    j = t.judgements.c
    mine = (j.trust_id == trust_id) & (j.school_id == school_id)
    wanted = connection.execute(select(func.max(j.wanted)).where(mine)).scalar()
    connection.execute(delete(t.judgements).where(mine))
    base = {"trust_id": trust_id, "school_id": school_id, "wanted": wanted}
    values = [
        base | {"asking_id": row.asking, "judged": row.judged, "passes": row.passes, "fails": row.fails,
                "untold": row.untold, "findings": row.findings}
        for row in rows
    ]  # fmt: skip
    if values:
        connection.execute(insert(t.judgements), values)
    return True


def want(connection: Connection, trust_id: str, school_ids: Collection[str], now: datetime) -> None:
    """Note that people changed something at schools: they are judged again soon."""
    for chunk in chunks(sorted(school_ids)):
        # one row of a school is enough, and this one is always there
        where = (t.judgements.c.trust_id == trust_id) & t.judgements.c.school_id.in_(chunk)
        where &= t.judgements.c.asking_id == ENDINGS
        connection.execute(update(t.judgements).where(where).values(wanted=now))


def forget(connection: Connection, trust_id: str) -> None:
    """Forget everything that was found; what is being judged right now is not kept either."""
    connection.execute(delete(t.judgements).where(t.judgements.c.trust_id == trust_id))
    ids.take(connection, trust_id, FORGOTTEN)


def leave(connection: Connection, trust_id: str, members: Collection[str]) -> None:
    """Forget what was found at schools that are none of the trust's any more."""
    j = t.judgements.c
    known = connection.execute(select(j.school_id).where(j.trust_id == trust_id).distinct()).scalars().all()
    for chunk in chunks(sorted(set(known) - set(members))):
        connection.execute(delete(t.judgements).where(j.trust_id == trust_id, j.school_id.in_(chunk)))


# ------------------------------------------------------------------------------------------------ reading


def due(
    connection: Connection, trust_id: str, members: Collection[str], askings: Collection[str], before: datetime,
    lately: datetime,
) -> list[str]:  # fmt: skip
    """Schools that have to be judged: never or not by all askings, then those that people changed, then the oldest.

    A school that grew is not left with what was found when it was small: it is due once it was judged by `lately`, the
    others by `before`.
    """
    j = t.judgements.c
    query = (
        select(j.school_id, func.count().label("kept"), func.min(j.judged).label("judged"),
               func.max(j.wanted).label("wanted"))
        .where(j.trust_id == trust_id, j.asking_id.in_(sorted(askings)))
        .group_by(j.school_id)
    )  # fmt: skip
    known = {row.school_id: row for row in connection.execute(query)}
    grown = _grown(connection, trust_id)
    ranked: list[tuple[int, float, str]] = []
    for school_id in members:
        row = known.get(school_id)
        if row is None or row.kept < len(askings):
            ranked.append((0, 0.0, school_id))
        elif row.wanted is not None and row.wanted > row.judged:
            ranked.append((1, row.wanted.timestamp(), school_id))
        elif row.judged <= (lately if school_id in grown else before):
            ranked.append((2, row.judged.timestamp(), school_id))
    return [school_id for _, _, school_id in sorted(ranked)]


def _grown(connection: Connection, trust_id: str) -> set[str]:
    """The schools where at least a tenth of the devices came since they were judged."""
    j, d = t.judgements.c, t.devices.c
    here = (d.trust_id == j.trust_id) & (d.school_id == j.school_id) & d.alias_of.is_(None)
    query = select(j.school_id).join(t.devices, here).where(j.trust_id == trust_id, j.asking_id == ENDINGS)
    new = func.count(case((d.created > j.judged, 1)))
    return set(connection.scalars(query.group_by(j.school_id).having(new * 10 >= func.count())))


def counts(
    connection: Connection, trust_id: str, askings: Collection[str], school_ids: Collection[str]
) -> list[Judged]:
    """What was counted, without the findings."""
    j = t.judgements.c
    return _rows(connection, (j.school_id, j.asking_id, j.judged, j.passes, j.fails, j.untold), trust_id, askings,
                 school_ids)  # fmt: skip


def findings(
    connection: Connection, trust_id: str, askings: Collection[str], school_ids: Collection[str]
) -> list[Judged]:
    """What was counted, with the findings."""
    j = t.judgements.c
    return _rows(connection, (j.school_id, j.asking_id, j.judged, j.passes, j.fails, j.untold, j.findings), trust_id,
                 askings, school_ids)  # fmt: skip


def _rows(
    connection: Connection, columns: tuple[Any, ...], trust_id: str, askings: Collection[str],
    school_ids: Collection[str],
) -> list[Judged]:  # fmt: skip
    j, found = t.judgements.c, []
    for chunk in chunks(school_ids):
        where = (j.trust_id == trust_id) & j.school_id.in_(chunk) & j.asking_id.in_(sorted(askings))
        found += [Judged(*row) for row in connection.execute(select(*columns).where(where)).all()]
    return found


class Named(NamedTuple):
    """A device as it is called now, and where it is."""

    school_id: str
    name: str
    device_class: str


def named(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> Mapping[str, Named]:
    """How devices are called now, by id."""
    d = t.devices.c
    query = select(d.device_id, d.school_id, d.name, d.model, d["class"]).where(d.trust_id == trust_id)
    found: dict[str, Named] = {}
    for chunk in chunks(sorted(set(device_ids))):
        for key, school_id, name, model, kind in connection.execute(query.where(d.device_id.in_(chunk))).all():
            found[key] = Named(school_id, name or model, kind)
    return found
