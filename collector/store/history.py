"""Rows of the register as it was believed: kept when a cell changes, read as of any time. Nothing is rewritten.

What somebody was told stays so: the latest time that the register was asked of is kept, and nothing is recorded at or
before it (`moment`), however long ago the work began whose result is recorded.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, true, update

from collector.store import bounds, days, ids
from collector.store.batches import OF_TRUST, chunks
from collector.store.cells import (
    COLUMNS,
    FIELDS,
    LATER_COLUMNS,
    SCHOOL,
    SITE,
    Cause,
    RegisterRow,
    booked,
    fingerprint,
    packed,
    said,
    unpacked,
)
from collector.store.days import believed
from collector.store.schema import devices, record_fields, records, register, register_asked, schools, sites

__all__ = ["Cause", "RegisterRow", "as_known", "asked", "cells_now", "fingerprint", "keep", "moment"]

PAGE = 500  # rows that are read at once
TICK = timedelta(microseconds=1)
GONE = ""  # the cells of a device that is not in the register


# ------------------------------------------------------------------------------------------------ times


_ASKED = select(register_asked.c.as_known).where(register_asked.c.trust_id == OF_TRUST)


def moment(connection: Connection, trust_id: str, now: datetime) -> datetime:
    """The time to record with: now, or just after the latest time that the register was asked of."""
    last = connection.execute(_ASKED, {"of_trust": trust_id}).scalar_one_or_none()
    return now if last is None or now > last else last + TICK


def asked(connection: Connection, trust_id: str, at: datetime) -> None:
    """Note that the register is asked of as known at a time: it stays as it is then."""
    adding = days.upsert(connection, register_asked).values(trust_id=trust_id, as_known=at)
    later = register_asked.c.as_known < adding.excluded.as_known
    times = {"as_known": adding.excluded.as_known}
    connection.execute(adding.on_conflict_do_update(index_elements=["trust_id"], set_=times, where=later))


# ------------------------------------------------------------------------------------------------ keeping


def keep(
    connection: Connection, trust_id: str, device_ids: Iterable[str], cause: Cause | str, now: datetime,
    since: datetime | None = None,
) -> int:  # fmt: skip
    """Keep the rows of devices as they stand now, where a cell is another than before; returns how many changed.

    Devices that are an alias, or are not there any more, leave the register. `since`: from when on it was so, for what
    came late; None where the cause says it.
    """
    when, changed = moment(connection, trust_id, now), 0
    for chunk in chunks(sorted(set(device_ids))):
        standing = _standing(connection, trust_id, chunk)
        wanted = cells_now(connection, trust_id, chunk)
        fresh = {}
        for device_id in chunk:
            kept = packed(wanted[device_id]) if device_id in wanted else GONE
            before = standing[device_id].cells if device_id in standing else GONE
            if kept != before:
                fresh[device_id] = kept
        _replace(connection, trust_id, fresh, standing, (Cause(cause), when, since))
        changed += len(fresh)
    return changed


def _standing(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, Row[Any]]:
    mine = (register.c.trust_id == trust_id) & register.c.device_id.in_(device_ids)
    rows = connection.execute(select(register).where(mine, register.c.recorded_to.is_(None)))
    return {row.device_id: row for row in rows}


def _replace(
    connection: Connection, trust_id: str, fresh: Mapping[str, str], standing: Mapping[str, Row[Any]],
    why: tuple[Cause, datetime, datetime | None],
) -> None:  # fmt: skip
    """End the versions that stand, and add new ones. One that stood for no time still says its cause."""
    if not fresh:
        return
    cause, when, since = why
    ended = [standing[device_id].row_id for device_id in fresh if device_id in standing]
    for chunk in chunks(ended):
        where = (register.c.trust_id == trust_id) & register.c.row_id.in_(chunk)
        connection.execute(update(register).where(where).values(recorded_to=when))
    first = ids.take(connection, trust_id, "register", len(fresh))
    base = {"trust_id": trust_id, "cause": cause.value, "observed_from": since, "recorded_from": when}
    connection.execute(
        insert(register),
        [
            base | {"row_id": first + n, "device_id": device_id, "cells": kept} | booked(unpacked(kept) or {})
            for n, (device_id, kept) in enumerate(fresh.items())
        ],
    )


def cells_now(connection: Connection, trust_id: str, device_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """The cells of devices as they stand now; aliases are left out."""
    school = (schools.c.trust_id == devices.c.trust_id) & (schools.c.school_id == devices.c.school_id)
    site = (sites.c.trust_id == devices.c.trust_id) & (sites.c.site_id == devices.c.site_id)
    names = (SCHOOL, SITE, *COLUMNS, *LATER_COLUMNS)
    own = (devices.c[name] for name in (*COLUMNS, *LATER_COLUMNS))
    columns = (devices.c.device_id, schools.c.name.label(SCHOOL), sites.c.name.label(SITE), *own)
    found: dict[str, dict[str, str]] = {}
    for chunk in chunks(device_ids):
        mine = (devices.c.trust_id == trust_id) & devices.c.device_id.in_(chunk) & devices.c.alias_of.is_(None)
        rows = connection.execute(select(*columns).outerjoin(schools, school).outerjoin(sites, site).where(mine))
        here = {row.device_id: {name: said(row._mapping[name]) for name in names} for row in rows}  # noqa: SLF001 - SQLAlchemy's public name
        for device_id, fields in recorded(connection, trust_id, list(here)).items():
            here[device_id] |= {FIELDS[name]: said(value) for name, value in fields.items() if name in FIELDS}
        found |= here
    return found


def recorded(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, dict[str, Any]]:
    """What records say of devices now; of several of one device the oldest that says something of a field."""
    holder = {device_id: device_id for device_id in device_ids}
    aliases = select(devices.c.device_id, devices.c.alias_of).where(
        devices.c.trust_id == trust_id, devices.c.alias_of.in_(device_ids)
    )
    holder |= {row.device_id: row.alias_of for row in connection.execute(aliases)}
    record = (record_fields.c.trust_id == records.c.trust_id) & (record_fields.c.record_id == records.c.record_id)
    query = (
        select(records.c.device_id, record_fields.c.field, record_fields.c.value)
        .join(record_fields, record)
        .where(records.c.trust_id == trust_id, records.c.withdrawn.is_(None))
        .where(record_fields.c.recorded_to.is_(None), record_fields.c.observed_to.is_(None))
        .order_by(records.c.created, records.c.record_id, record_fields.c.row_id)
    )
    found: dict[str, dict[str, Any]] = {}
    for chunk in chunks(holder):
        # named twice: else SQLite goes through every field of the trust to find those of a few records
        mine = select(records.c.record_id).where(records.c.trust_id == trust_id, records.c.device_id.in_(chunk))
        these = (records.c.device_id.in_(chunk), record_fields.c.record_id.in_(mine))
        rows = connection.execute(query.where(record_fields.c.trust_id == trust_id, *these)).all()
        for device_id, name, value in rows:
            found.setdefault(holder[device_id], {}).setdefault(name, json.loads(value))
    return found


# ------------------------------------------------------------------------------------------------ reading


def as_known(
    connection: Connection, trust_id: str, at: datetime, school_id: str = "", after: str = "",
    school_ids: bounds.Schools = None,
) -> Iterator[RegisterRow]:  # fmt: skip
    """The register as it was believed at a time, by device id (those `after` one), read as it is taken.

    A device is of the school at which it was believed to be then.
    """
    mine = bounds.within(register.c.school_id, school_ids)
    mine &= register.c.school_id == school_id if school_id else true()
    while page := _page(connection, trust_id, at, mine, after):
        after = page[-1].device_id
        seen = days.last_seen(connection, trust_id, [row.device_id for row in page], at)
        for row in page:
            yield shown(row.device_id, unpacked(row.cells) or {}, seen.get(row.device_id))


def shown(device_id: str, cells: Mapping[str, str], seen: days.LastSeen | None) -> RegisterRow:
    """A row with when it was last seen, if it was."""
    if seen is None:
        return RegisterRow(device_id, cells)
    return RegisterRow(device_id, cells, seen.day, seen.agent_id, seen.method)


def _page(connection: Connection, trust_id: str, at: datetime, mine: ColumnElement[bool], after: str) -> list[Row[Any]]:
    query = (
        select(register.c.device_id, register.c.cells)
        .where(
            register.c.trust_id == trust_id,
            register.c.device_id > after,
            register.c.cells != GONE,
            believed(register, at),
        )
        .where(mine)
    )
    return list(connection.execute(query.order_by(register.c.device_id).limit(PAGE)))
