"""Rows of corrections: what people say of cells of the register, which of it stands for a device, and where it goes.

A change closes a row and adds one. `corrected` is what the register's rows are made with: it is told what the evidence
says, and answers what is to stand there instead. Who may correct what, and what follows, is `collector.corrections`'s.

1. Of several corrections of one cell that of the device itself stands before those of all alike, then the latest.
2. Devices are alike by what the evidence says of them, never by what was corrected.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from collector.store import bounds, ids
from collector.store.batches import OF_TRUST, among, chunks
from collector.store.schema import claims, devices, lanes, meetings, questions
from collector.store.schema import corrections as t

CELLS = ("class", "maker", "model", "name", "made")
ALIKE = ("class", "maker", "model")  # by which the evidence says the same of two devices
COLUMNS = ("class", "maker", "model", "name")  # cells that are columns of the device's row; `made` is an estimate
DEVICE, ALL_ALIKE = "device", "alike"
SNMP = ("SNMP_V1", "SNMP_V2C", "SNMP_V3", "RECORDED")  # methods by which a device answers in bindings
QUESTION = "correction"  # the kind of a question
CHUNK = 500  # values of one IN list


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of one cell. `pattern` is what the evidence said of the device then, `claims` what it had."""

    correction_id: str
    scope: str
    device_id: str
    pattern: Mapping[str, str] = field(hash=False)
    cell: str
    value: str
    reason: str
    actor: str
    made: datetime
    claims: tuple[int, ...] = ()
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    ended: str = ""
    ended_by: str = ""

    def is_of(self, device_id: str, cells: Mapping[str, str]) -> bool:
        """Whether it speaks of a device of which the evidence says `cells`."""
        return self.device_id == device_id if self.scope == DEVICE else self.pattern == pattern_of(cells)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two that became one were corrected differently: `waiting` is the absorbed device's, `standing` the survivor's."""

    survivor: str
    waiting: Correction
    standing: Correction

    @property
    def subject(self) -> str:
        """What tells this question from others."""
        return f"{QUESTION}:{self.waiting.correction_id}"


def pattern_of(cells: Mapping[str, str]) -> dict[str, str]:
    """What makes a device alike to others, of what the evidence says of it."""
    return {name: cells.get(name, "") or ("unknown" if name == "class" else "") for name in ALIKE}


def apply(device_id: str, cells: Mapping[str, str], said: Iterable[Correction]) -> dict[str, Correction]:
    """The correction that stands for each cell of a device of which the evidence says `cells`. Pure."""
    fitting = [one for one in said if one.is_of(device_id, cells)]
    ordered = sorted(fitting, key=lambda one: (one.scope == DEVICE, one.made, one.correction_id))
    found = {one.cell: one for one in ordered}
    return {cell: found[cell] for cell in CELLS if cell in found}


# ------------------------------------------------------------------------------------------------ what stands


def corrected(
    connection: Connection, trust_id: str, rows: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Columns of the device row to put over what the evidence says, for every device of `rows`: corrected cells alone.

    Always there: `corrected`, the JSON list of cells that are corrected, and `as_read`, the JSON of what the evidence
    says of those that are columns.
    """
    said = standing(connection, trust_id, rows)
    found = {}
    for device_id, cells in rows.items():
        stands = apply(device_id, cells, said)
        over = {cell: one.value for cell, one in stands.items() if cell in COLUMNS}
        read = {cell: cells.get(cell, "") or ("unknown" if cell == "class" else "") for cell in over}
        marks = {"corrected": json.dumps(list(stands)), "as_read": json.dumps(read, ensure_ascii=False)}
        found[device_id] = over | marks
    return found


def standing(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> list[Correction]:
    """Every correction that is believed now and may be of one of some devices."""
    found: dict[str, Correction] = {}
    for chunk in list(chunks(sorted(set(device_ids)))) or [[]]:
        rows = connection.execute(_STANDING, {"of_trust": trust_id, "among": chunk})
        found |= {row.correction_id: _correction(row) for row in rows}
    return list(found.values())


_STANDING = (
    select(t)
    .where(t.c.trust_id == OF_TRUST, t.c.recorded_to.is_(None))
    .where(or_(t.c.scope == ALL_ALIKE, and_(t.c.scope == DEVICE, among(t.c.device_id))))
    .order_by(t.c.made, t.c.row_id)
)


def get(connection: Connection, trust_id: str, correction_id: str) -> Correction | None:
    """A correction as it is believed now, or None where there is none, or it has ended."""
    found = _select(connection, trust_id, t.c.correction_id == correction_id, t.c.recorded_to.is_(None))
    return found[0] if found else None


def listed(
    connection: Connection, trust_id: str, *, ended: bool = False, limit: int = 500, school_ids: bounds.Schools = None
) -> list[Correction]:
    """Corrections that are believed now, or those that have ended, the latest first.

    Of `school_ids` alone: those of all alike are named after a device, which may be anywhere.
    """
    mine = bounds.devices_within(trust_id, t.c.device_id, school_ids)
    if school_ids is not None:
        mine &= t.c.scope == DEVICE
    if ended:
        gone = and_(t.c.recorded_to.is_not(None), t.c.ended != "moved")
        return _select(connection, trust_id, gone, mine, limit=limit, order=t.c.recorded_to.desc())
    return _select(connection, trust_id, t.c.recorded_to.is_(None), mine, limit=limit, order=t.c.made.desc())


# ------------------------------------------------------------------------------------------------ evidence's words


def as_read(connection: Connection, trust_id: str, device_id: str) -> dict[str, str] | None:
    """What the evidence says of a device's cells, or None where there is no such device (any more)."""
    where = (devices.c.trust_id == trust_id) & (devices.c.device_id == device_id) & devices.c.alias_of.is_(None)
    row = connection.execute(select(devices).where(where)).first()
    return _as_read(row) if row else None


def alike(connection: Connection, trust_id: str, pattern: Mapping[str, str]) -> list[str]:
    """The devices of which the evidence says this class, maker and model."""
    c = devices.c
    same = and_(*(c[name] == pattern[name] for name in ALIKE))
    query = select(devices).where(c.trust_id == trust_id, c.alias_of.is_(None), or_(same, c.corrected != "[]"))
    rows = connection.execute(query.order_by(c.device_id))
    return [row.device_id for row in rows if pattern_of(_as_read(row)) == dict(pattern)]


def _as_read(row: Row[Any]) -> dict[str, str]:
    values, read = row._mapping, json.loads(row.as_read)  # noqa: SLF001 - SQLAlchemy's public name
    return {name: str(read.get(name, values[name])) for name in COLUMNS}


def titles(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, str]:
    """What some devices are called in a list: by name, else maker and model, else address, else id."""
    c, found = devices.c, {device_id: device_id for device_id in device_ids}
    for chunk in chunks(sorted(found)):
        query = select(c.device_id, c.name, c.maker, c.model, c.address)
        for row in connection.execute(query.where(c.trust_id == trust_id, c.device_id.in_(chunk))):
            found[row.device_id] = row.name or f"{row.maker} {row.model}".strip() or row.address or row.device_id
    return found


def claims_of(connection: Connection, trust_id: str, device_id: str) -> tuple[int, ...]:
    """The claims that a device has now."""
    query = select(claims.c.claim_id).where(claims.c.trust_id == trust_id, claims.c.device_id == device_id)
    return tuple(connection.execute(query.where(claims.c.recorded_to.is_(None)).order_by(claims.c.claim_id)).scalars())


def walked(connection: Connection, trust_id: str, device_id: str) -> int | None:
    """The lane in which a device itself answered SNMP last, or None. A lane that only tells of it does not count."""
    met = (meetings.c.trust_id == lanes.c.trust_id) & (meetings.c.lane_id == lanes.c.lane_id)
    query = (
        select(lanes.c.lane_id)
        .join(meetings, met & (meetings.c.address == lanes.c.address))
        .where(lanes.c.trust_id == trust_id, meetings.c.device_id == device_id, lanes.c.method.in_(SNMP))
        .order_by(lanes.c.relayed, lanes.c.last_observed.desc(), lanes.c.lane_id)
    )
    return connection.execute(query).scalars().first()


# ------------------------------------------------------------------------------------------------ writing


def add(connection: Connection, trust_id: str, new: Sequence[Correction], now: datetime) -> None:
    """Believe corrections from now on; what they replace ends."""
    for one in new:
        same = and_(t.c.scope == one.scope, t.c.cell == one.cell, t.c.recorded_to.is_(None))
        if one.scope == DEVICE:
            before = _select(connection, trust_id, same, t.c.device_id == one.device_id)
        else:
            before = [old for old in _select(connection, trust_id, same) if old.pattern == one.pattern]
        end(connection, trust_id, before, "replaced", one.actor, now)
    _insert(connection, trust_id, new, now)


def end(connection: Connection, trust_id: str, gone: Iterable[Correction], why: str, actor: str, now: datetime) -> None:
    """Stop believing corrections; a question about one of them is answered by that."""
    for one in gone:
        row = and_(t.c.trust_id == trust_id, t.c.correction_id == one.correction_id, t.c.recorded_to.is_(None))
        connection.execute(update(t).where(row).values(recorded_to=now, ended=why, ended_by=actor))
        asked = and_(questions.c.trust_id == trust_id, questions.c.recorded_to.is_(None), questions.c.kind == QUESTION)
        about = asked & (questions.c.subject == f"{QUESTION}:{one.correction_id}")
        connection.execute(update(questions).where(about).values(recorded_to=now, answer=why))


def follow(connection: Connection, trust_id: str, survivor: str, absorbed: str, now: datetime) -> list[Clash]:
    """What was said of an absorbed device is said of the survivor, cell by cell, unless that has its own word.

    Where the two differ, the absorbed one's waits at its old id, and the clash is returned: it is asked of people.
    """
    own = {one.cell: one for one in _of_device(connection, trust_id, survivor)}
    clashes = []
    for one in _of_device(connection, trust_id, absorbed):
        stands = own.get(one.cell)
        if stands is None:
            own[one.cell] = _move(connection, trust_id, one, survivor, now)
        elif stands.value == one.value:
            end(connection, trust_id, [one], "merged", "", now)
        else:
            clashes.append(Clash(survivor, one, stands))
    return clashes


def part(
    connection: Connection, trust_id: str, device_id: str, other: str, claim_ids: Collection[int], now: datetime
) -> list[str]:
    """After claims went from a device to another: what was said when most of its claims were theirs goes with them.

    Returns the ids of the corrections that moved.
    """
    taken = {one.cell for one in _of_device(connection, trust_id, other)}
    moved = []
    for one in _of_device(connection, trust_id, device_id):
        theirs = len(set(one.claims) & set(claim_ids))
        if theirs > len(one.claims) - theirs and one.cell not in taken:
            moved.append(_move(connection, trust_id, one, other, now).correction_id)
    return moved


def gather(connection: Connection, trust_id: str, device_id: str, now: datetime) -> None:
    """Let what waits at the old ids of a device come to it where nothing stands against it any more."""
    query = select(devices.c.device_id).where(devices.c.trust_id == trust_id, devices.c.alias_of == device_id)
    query = query.where(devices.c.device_id != device_id)  # one that was withdrawn leads to itself
    for alias in connection.execute(query.order_by(devices.c.device_id)).scalars().all():
        follow(connection, trust_id, device_id, alias, now)


def clashes(connection: Connection, trust_id: str, device_ids: Iterable[str] | None = None) -> list[Clash]:
    """What waits for a person's word, of all devices or of some survivors, the oldest first."""
    joined = (devices.c.trust_id == t.c.trust_id) & (devices.c.device_id == t.c.device_id)
    waits = (t.c.trust_id == trust_id) & t.c.recorded_to.is_(None) & (t.c.scope == DEVICE)
    query = select(t, devices.c.alias_of).join(devices, joined).where(waits, devices.c.alias_of != devices.c.device_id)
    rows = connection.execute(query.order_by(t.c.made, t.c.row_id)).all()
    wanted = {row.alias_of for row in rows} & (
        set(device_ids) if device_ids is not None else {r.alias_of for r in rows}
    )
    own = {(one.device_id, one.cell): one for one in standing(connection, trust_id, wanted) if one.scope == DEVICE}
    return [
        Clash(row.alias_of, _correction(row), own[row.alias_of, row.cell])
        for row in rows
        if row.alias_of in wanted and (row.alias_of, row.cell) in own
    ]


def _of_device(connection: Connection, trust_id: str, device_id: str) -> list[Correction]:
    open_rows = and_(t.c.scope == DEVICE, t.c.device_id == device_id, t.c.recorded_to.is_(None))
    return _select(connection, trust_id, open_rows)


def _move(connection: Connection, trust_id: str, one: Correction, device_id: str, now: datetime) -> Correction:
    end(connection, trust_id, [one], "moved", "", now)
    moved = dataclasses.replace(one, device_id=device_id)
    _insert(connection, trust_id, [moved], now)
    return moved


def _insert(connection: Connection, trust_id: str, new: Sequence[Correction], now: datetime) -> None:
    if not new:
        return
    first = ids.take(connection, trust_id, "correction", len(new))
    rows = [
        dataclasses.asdict(one) | {
            "trust_id": trust_id, "row_id": first + number, "recorded_from": now, "claims": json.dumps(one.claims),
            "pattern": json.dumps(dict(one.pattern), ensure_ascii=False, sort_keys=True),
        }
        for number, one in enumerate(new)
    ]  # fmt: skip
    connection.execute(insert(t), rows)


# ------------------------------------------------------------------------------------------------ rows


def _select(
    connection: Connection, trust_id: str, *where: ColumnElement[bool], limit: int | None = None,
    order: ColumnElement[Any] | None = None,
) -> list[Correction]:  # fmt: skip
    query = select(t).where(t.c.trust_id == trust_id, *where).limit(limit)
    first = t.c.made if order is None else order
    return [_correction(row) for row in connection.execute(query.order_by(first, t.c.row_id))]


def _correction(row: Row[Any]) -> Correction:
    values = {each.name: getattr(row, each.name) for each in dataclasses.fields(Correction)}
    return Correction(**values | {"pattern": json.loads(row.pattern), "claims": tuple(json.loads(row.claims))})
