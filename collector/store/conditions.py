"""Reads conditions for pages, metrics and commands, and keeps what people said of them: acknowledgements, limits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, func, insert, select

from collector.store import bounds, ids, undertakings
from collector.store import schema as t
from collector.store.batches import chunks
from collector.store.condition_changes import ChangeRow, history
from collector.store.health import Acknowledgement, ConditionRow

__all__ = [
    "Acknowledgement", "ChangeRow", "ConditionCount", "ConditionRow", "OverrideRow", "Standing", "Trouble",
    "acknowledge", "acknowledged", "acknowledged_counts", "acknowledgements", "counts", "end", "history", "known_of",
    "of_device", "of_devices", "of_school", "overrides", "set_limit", "standing", "troubles", "unset_limit",
    "with_aspect", "worst",
]  # fmt: skip

BAD = ("warning", "critical")
Mark = tuple[str, str, str]  # device, aspect, component


class ConditionCount(NamedTuple):
    """How many devices of a school and class are in a state, by aspect."""

    school_id: str
    device_class: str
    aspect: str
    state: str
    devices: int


class Standing(NamedTuple):
    """How an aspect of a device is, and whether a person knows."""

    device_id: str
    aspect: str
    state: str
    acknowledged: bool = False


class Trouble(NamedTuple):
    """An aspect of a device that is warning or critical, and whether a person knows."""

    device_id: str
    school_id: str
    aspect: str
    state: str
    acknowledged: bool


class OverrideRow(NamedTuple):
    """A limit that a trust decided, who did, and why."""

    aspect: str
    name: str
    device_class: str
    value: float
    reason: str
    made: datetime
    made_by: str


# ------------------------------------------------------------------------------------------------ reading


def _query(trust_id: str) -> Select[Any]:
    return select(t.conditions).where(t.conditions.c.trust_id == trust_id)


def _read(rows: Iterable[Row[Any]], marks: set[Mark]) -> Iterator[ConditionRow]:
    for row in rows:
        known = {(row.device_id, row.aspect, row.component), (row.device_id, row.aspect, "")} & marks
        yield ConditionRow(
            row.device_id, row.school_id, row._mapping["class"], row.aspect, row.component, row.state, row.since,  # noqa: SLF001 - public
            row.sentence, tuple(json.loads(row.readings)), row.previous, row.seen, bool(known) and row.state in BAD,
        )  # fmt: skip


def of_device(connection: Connection, trust_id: str, device_id: str, today: date) -> list[ConditionRow]:
    """Every condition of a device as it stands: of each aspect the whole first, then its parts."""
    return of_devices(connection, trust_id, [device_id], today).get(device_id, [])


def of_devices(
    connection: Connection, trust_id: str, device_ids: Iterable[str], today: date
) -> dict[str, list[ConditionRow]]:
    """Every condition of some devices as it stands."""
    found: dict[str, list[ConditionRow]] = {}
    order = (t.conditions.c.aspect, t.conditions.c.component)
    for chunk in chunks(sorted(set(device_ids))):
        marks = acknowledged(connection, trust_id, today, chunk)
        rows = connection.execute(_query(trust_id).where(t.conditions.c.device_id.in_(chunk)).order_by(*order))
        for row in _read(rows, marks):
            found.setdefault(row.device_id, []).append(row)
    return found


def of_school(connection: Connection, trust_id: str, school_id: str, today: date) -> list[Standing]:
    """How each aspect of every device of a school is, without parts: no more than a number is made of."""
    c = t.conditions.c
    query = select(c.device_id, c.aspect, c.state).where(
        c.trust_id == trust_id, c.component == "", c.school_id == school_id
    )
    marks = acknowledged(connection, trust_id, today)
    return [
        Standing(device_id, aspect, state, state in BAD and (device_id, aspect, "") in marks)
        for device_id, aspect, state in connection.execute(query)
    ]


def counts(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> list[ConditionCount]:
    """Devices by school, class, aspect and state."""
    c = t.conditions.c
    key = (c.school_id, c["class"], c.aspect, c.state)
    mine = (c.trust_id == trust_id) & (c.component == "") & bounds.within(c.school_id, school_ids)
    query = select(*key, func.count()).where(mine).group_by(*key)
    return [ConditionCount(*row) for row in connection.execute(query)]


def troubles(connection: Connection, trust_id: str, today: date, school_ids: bounds.Schools = None) -> list[Trouble]:
    """Whatever is warning or critical at some schools, without parts."""
    c = t.conditions.c
    query = select(c.device_id, c.school_id, c.aspect, c.state).where(
        c.trust_id == trust_id, c.component == "", c.state.in_(BAD), bounds.within(c.school_id, school_ids)
    )
    marks = acknowledged(connection, trust_id, today)
    return [
        Trouble(device_id, school_id, aspect, state, (device_id, aspect, "") in marks)
        for device_id, school_id, aspect, state in connection.execute(query)
    ]


def with_aspect(connection: Connection, trust_id: str, aspect: str, device_class: str = "") -> list[str]:
    """The devices that an aspect applies to, of a class alone where one is named."""
    c = t.conditions.c
    query = select(c.device_id).where(c.trust_id == trust_id, c.component == "", c.aspect == aspect)
    if device_class:
        query = query.where(c["class"] == device_class)
    return list(connection.execute(query.order_by(c.device_id)).scalars())


def worst(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, str]:
    """By device the worst of its states, warning or critical; those that are well are left out."""
    found: dict[str, str] = {}
    c = t.conditions.c
    for chunk in chunks(sorted(set(device_ids))):
        query = select(c.device_id, c.state).where(
            c.trust_id == trust_id, c.device_id.in_(chunk), c.component == "", c.state.in_(BAD)
        )
        for device_id, state in connection.execute(query):
            found[device_id] = "critical" if "critical" in (state, found.get(device_id)) else state
    return found


def standing(trust_id: str, aspect: str, state: str, today: date, *, unnoticed: bool = False) -> ColumnElement[bool]:
    """Devices whose aspect is in a state; without an aspect, those whose worst condition that nobody acknowledged is.

    `acknowledged` as the state: a person knows of something there that is bad. `unnoticed`: of an aspect too, only what
    nobody acknowledged.
    """
    c, a = t.conditions.c, t.acknowledgements.c
    whole = (c.trust_id == trust_id) & (c.device_id == t.devices.c.device_id) & (c.component == "")
    if aspect:
        whole &= c.aspect == aspect
    live = (a.trust_id == trust_id) & (a.device_id == c.device_id) & (a.aspect == c.aspect) & (a.component == "")
    known = exists().where(live, a.ended.is_(None), a.until >= today)

    def there(*where: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(whole, *where)

    if state == "acknowledged":
        return there(c.state.in_(BAD), known)
    if aspect and state:
        return there(c.state == state, ~known) if unnoticed and state in BAD else there(c.state == state)
    if not state:
        return there()
    worse = {"critical": (), "warning": ("critical",), "ok": BAD, "unknown": (*BAD, "ok")}[state]
    itself = there(c.state == state) if state not in BAD else there(c.state == state, ~known)
    return itself & ~there(c.state.in_(worse), ~known) if worse else itself


# ------------------------------------------------------------------------------------------------ acknowledgements


def acknowledge(  # noqa: PLR0913 - what a person said, and who did
    connection: Connection, trust_id: str, mark: Mark, reason: str, owner: str, until: date, *, actor: str,
    now: datetime,
) -> str:  # fmt: skip
    """Note that a person knows of a condition; the id of that."""
    device_id, aspect, component = mark
    row = {
        "trust_id": trust_id, "acknowledgement_id": ids.new(), "device_id": device_id, "aspect": aspect,
        "component": component, "reason": reason, "owner": owner, "until": until, "made": now, "made_by": actor,
    }  # fmt: skip
    connection.execute(insert(t.acknowledgements).values(row))
    return str(row["acknowledgement_id"])


def end(connection: Connection, trust_id: str, acknowledgement_id: str, *, actor: str, now: datetime) -> bool:
    """Take an acknowledgement back; False where there is none that could be."""
    key = t.acknowledgements.c.acknowledgement_id
    return undertakings.end(connection, t.acknowledgements, key, trust_id, acknowledgement_id, actor=actor, now=now)


def acknowledgements(connection: Connection, trust_id: str, device_id: str) -> list[Acknowledgement]:
    """All that people said of a device's conditions, the latest first."""
    c = t.acknowledgements.c
    query = select(t.acknowledgements).where(c.trust_id == trust_id, c.device_id == device_id)
    return [_said(row) for row in connection.execute(query.order_by(c.made.desc(), c.acknowledgement_id))]


def known_of(
    connection: Connection, trust_id: str, today: date, limit: int, school_ids: bounds.Schools = None
) -> list[Acknowledgement]:
    """What people know of on a day at some schools; what returns soonest comes first."""
    c = t.acknowledgements.c
    mine = bounds.devices_within(trust_id, c.device_id, school_ids)
    query = select(t.acknowledgements).where(c.trust_id == trust_id, c.ended.is_(None), c.until >= today, mine)
    rows = connection.execute(query.order_by(c.until, c.made, c.acknowledgement_id).limit(limit))
    return [_said(row) for row in rows]


def _said(row: Row[Any]) -> Acknowledgement:
    return Acknowledgement(**{field.name: getattr(row, field.name) for field in fields(Acknowledgement)})


def acknowledged(
    connection: Connection, trust_id: str, today: date, device_ids: Iterable[str] | None = None
) -> set[Mark]:
    """What is acknowledged on a day: device, aspect and component; of some devices alone where they are named."""
    c = t.acknowledgements.c
    query = select(c.device_id, c.aspect, c.component).where(
        c.trust_id == trust_id, c.ended.is_(None), c.until >= today
    )
    if device_ids is not None:
        query = query.where(c.device_id.in_(list(device_ids)))
    return {(row.device_id, row.aspect, row.component) for row in connection.execute(query)}


def acknowledged_counts(
    connection: Connection, trust_id: str, today: date, school_ids: bounds.Schools = None
) -> dict[tuple[str, str], int]:
    """By school and aspect how many devices have a condition that is bad, and of which people know."""
    marks = acknowledged(connection, trust_id, today)
    wanted = {device_id for device_id, _, component in marks if not component}
    found: dict[tuple[str, str], int] = {}
    for chunk in chunks(sorted(wanted)):
        mine = _query(trust_id).where(t.conditions.c.device_id.in_(chunk), t.conditions.c.component == "")
        mine = mine.where(bounds.within(t.conditions.c.school_id, school_ids))
        for row in _read(connection.execute(mine), marks):
            if row.acknowledged:
                found[row.school_id, row.aspect] = found.get((row.school_id, row.aspect), 0) + 1
    return found


# ------------------------------------------------------------------------------------------------ limits


def overrides(connection: Connection, trust_id: str) -> list[OverrideRow]:
    """The limits that a trust decided for itself."""
    c = t.thresholds.c
    rows = connection.execute(select(t.thresholds).where(c.trust_id == trust_id).order_by(c.aspect, c.name, c["class"]))
    return [OverrideRow(*tuple(row)[1:]) for row in rows]


def set_limit(connection: Connection, trust_id: str, row: OverrideRow) -> None:
    """Decide a limit, in place of what was decided before."""
    unset_limit(connection, trust_id, row.aspect, row.name, row.device_class)
    names = [column.name for column in t.thresholds.columns if column.name != "trust_id"]
    connection.execute(insert(t.thresholds), [{"trust_id": trust_id} | dict(zip(names, row, strict=True))])


def unset_limit(connection: Connection, trust_id: str, aspect: str, name: str, device_class: str) -> bool:
    """Go back to the limit that comes with Stocktake; False where none was decided."""
    c = t.thresholds.c
    where = (c.trust_id == trust_id) & (c.aspect == aspect) & (c.name == name) & (c["class"] == device_class)
    return connection.execute(delete(t.thresholds).where(where)).rowcount > 0
