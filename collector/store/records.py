"""Rows of records: what people said of devices, and when. What it means is `collector.records`; the acts are in `acts`.

The history of a field is in two times. A row is closed (`recorded_to`) and rows are added; none is rewritten. An act is
undone by believing again what was believed before it: rows that it closed come back as new rows.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, literal, or_, select, update

from collector.facts import Identifier, IdentifierKind
from collector.resolve.claims import RECORD
from collector.store import ids
from collector.store.batches import chunks
from collector.store.schema import claims, devices, identifiers, record_fields, records, schools

Value = str | int | list[str]
_ROWS_AT_ONCE = 5_000
RECORD_SLOT = "record:"  # before the id of a record in the slot of its claim
PROPOSED, DONE, UNDONE = "proposed", "done", "undone"


@dataclass(frozen=True, slots=True)
class Record:
    """What people say of one device. `device_id` is the one that survives, where that of the row is an alias."""

    record_id: str
    device_id: str
    created: datetime
    change_id: str
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One value of one field, with who said it, how, by which act, and its two times."""

    row_id: int
    record_id: str
    field: str
    value: Value
    key: str
    actor: str
    source: str
    change_id: str
    closed_by: str
    observed_from: datetime
    observed_to: datetime | None
    recorded_from: datetime
    recorded_to: datetime | None


@dataclass(frozen=True, slots=True)
class Act:
    """Who says something, how, when, and the change that it is part of."""

    change_id: str
    actor: str
    source: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Saying:
    """A field that gets a value, or loses its own (None). `corrects`: the value before was never so."""

    record_id: str
    field: str
    value: Value | None
    key: str = ""
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What devices say of themselves, as far as records are held against it. `seen`: something has met it."""

    device_id: str
    school_id: str
    school_name: str
    site_id: str
    name: str
    maker: str
    model: str
    serial: str
    mac: str
    seen: bool


# ------------------------------------------------------------------------------------------------ records


def add(connection: Connection, trust_id: str, record: Record) -> None:
    """Keep a new record."""
    connection.execute(insert(records).values(trust_id=trust_id, **dataclasses.asdict(record)))


def of_devices(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, list[Record]]:
    """By device its records, oldest first: more than one where devices became one. Withdrawn ones are left out."""
    found: dict[str, list[Record]] = {}
    for chunk in chunks(device_ids):
        near = records.c.record_id.in_(_near(connection, trust_id, chunk))
        query = _records(trust_id).where(near, _SURVIVOR.in_(chunk), records.c.withdrawn.is_(None))
        for row in connection.execute(query.order_by(records.c.created, records.c.record_id)):
            found.setdefault(row.survivor, []).append(_record(row))
    return found


def _near(connection: Connection, trust_id: str, device_ids: list[str]) -> set[str]:
    """Records that may be of some devices, by index: entered on them, claimed by them, or by what became them."""
    became = select(devices.c.device_id).where(devices.c.trust_id == trust_id, devices.c.alias_of.in_(device_ids))
    family = sorted({*device_ids, *connection.scalars(became)})
    entered = select(records.c.record_id).where(records.c.trust_id == trust_id, records.c.device_id.in_(family))
    held = select(claims.c.slot).where(
        claims.c.trust_id == trust_id, claims.c.device_id.in_(family), claims.c.lane_id == 0,
        claims.c.slot.startswith(RECORD_SLOT),
    )  # fmt: skip
    claimed = {slot.removeprefix(RECORD_SLOT) for slot in connection.scalars(held)}
    return {*connection.scalars(entered), *claimed}


def get(connection: Connection, trust_id: str, record_ids: Iterable[str]) -> dict[str, Record]:
    """Records by their id."""
    found = {}
    for chunk in chunks(record_ids):
        for row in connection.execute(_records(trust_id).where(records.c.record_id.in_(chunk))):
            found[row.record_id] = _record(row)
    return found


#: the claim of a record says whose it is; a record that claims nothing is of the device on which it was entered
_HELD = func.coalesce(claims.c.device_id, records.c.device_id)
_SURVIVOR = func.coalesce(devices.c.alias_of, _HELD)


def _with_device(query: Select[Any]) -> Select[Any]:
    """A query of records with their claims and devices beside them."""
    slot = literal(RECORD_SLOT) + records.c.record_id
    mine = (claims.c.trust_id == records.c.trust_id) & (claims.c.lane_id == 0) & (claims.c.slot == slot)
    device = (devices.c.trust_id == records.c.trust_id) & (devices.c.device_id == _HELD)
    return query.outerjoin(claims, mine).outerjoin(devices, device)


def _records(trust_id: str) -> Select[Any]:
    query = _with_device(select(records, _SURVIVOR.label("survivor")).select_from(records))
    return query.where(records.c.trust_id == trust_id)


def _record(row: Any) -> Record:
    return Record(row.record_id, row.survivor, row.created, row.change_id, row.withdrawn)


def made_by(connection: Connection, trust_id: str, change_id: str) -> list[Record]:
    """The records that an act made."""
    query = _records(trust_id).where(records.c.change_id == change_id)
    return [_record(row) for row in connection.execute(query.order_by(records.c.record_id))]


def claims_something(connection: Connection, trust_id: str, record_id: str) -> bool:
    """Whether a record has a claim, and so belongs where that does."""
    slot = (claims.c.lane_id == 0) & (claims.c.slot == RECORD_SLOT + record_id)
    return connection.execute(select(claims.c.claim_id).where(claims.c.trust_id == trust_id, slot)).first() is not None


def marks_of(connection: Connection, trust_id: str, device_id: str) -> list[Identifier]:
    """What identifies a device by its own word, strongest first; not the agents that run on it."""
    mine = (identifiers.c.trust_id == trust_id) & (identifiers.c.device_id == device_id)
    query = select(identifiers.c.kind, identifiers.c.value).where(mine, identifiers.c.recorded_to.is_(None))
    told = {Identifier(IdentifierKind[row.kind], row.value) for row in connection.execute(query.distinct())}
    return sorted((item for item in told if item.kind is not IdentifierKind.AGENT), key=lambda i: (i.kind, i.value))


def withdraw(connection: Connection, trust_id: str, record_ids: Iterable[str], now: datetime) -> None:
    """Take back that records were made."""
    for chunk in chunks(record_ids):
        where = (records.c.trust_id == trust_id) & records.c.record_id.in_(chunk)
        connection.execute(update(records).where(where).values(withdrawn=now))


# ------------------------------------------------------------------------------------------------ fields


def current(
    connection: Connection, trust_id: str, record_ids: Iterable[str], fields: Collection[str] = ()
) -> dict[str, dict[str, FieldRow]]:
    """By record and field what is believed to be so now."""
    found: dict[str, dict[str, FieldRow]] = {}
    for chunk in chunks(record_ids):
        query = select(record_fields).where(
            record_fields.c.trust_id == trust_id, record_fields.c.record_id.in_(chunk), _stands()
        )
        if fields:
            query = query.where(record_fields.c.field.in_(fields))
        for row in connection.execute(query):
            found.setdefault(row.record_id, {})[row.field] = _field(row)
    return found


def history(connection: Connection, trust_id: str, record_id: str) -> list[FieldRow]:
    """Every row of a record, newest first."""
    query = select(record_fields).where(record_fields.c.trust_id == trust_id, record_fields.c.record_id == record_id)
    return [_field(row) for row in connection.execute(query.order_by(record_fields.c.row_id.desc()))]


def rows_of(connection: Connection, trust_id: str, change_id: str) -> list[FieldRow]:
    """Every row that an act wrote or closed, in the order in which they were written."""
    by = or_(record_fields.c.change_id == change_id, record_fields.c.closed_by == change_id)
    query = select(record_fields).where(record_fields.c.trust_id == trust_id, by)
    return [_field(row) for row in connection.execute(query.order_by(record_fields.c.row_id))]


def say(connection: Connection, trust_id: str, sayings: Sequence[Saying], act: Act) -> None:
    """Believe what an act says: close what is so no longer, or was never so, and add what is."""
    standing = current(connection, trust_id, {saying.record_id for saying in sayings})
    ended, fresh = [], []
    for saying in sayings:
        before = standing.get(saying.record_id, {}).get(saying.field)
        if before is not None:
            ended.append(before)
            if not saying.corrects and before.observed_from < act.time:
                fresh.append(dataclasses.replace(before, observed_to=act.time, closed_by=act.change_id))
        if saying.value is not None:
            since = before.observed_from if before is not None and saying.corrects else act.time
            fresh.append(_said(saying, act, since))
    _close(connection, trust_id, ended, act)
    _insert(connection, trust_id, fresh, act.time)


def take_back(connection: Connection, trust_id: str, change_id: str, act: Act) -> tuple[int, int, set[str]]:
    """Believe again what was believed before an act.

    Returns how many fields went back, how many stay because somebody changed them since, and the records concerned.
    """
    rows = rows_of(connection, trust_id, change_id)
    standing = current(connection, trust_id, {row.record_id for row in rows})
    back: list[FieldRow] = []
    ended: list[FieldRow] = []
    stays, touched = 0, set()
    for (record_id, field), mine in _by_field(rows).items():
        now = standing.get(record_id, {}).get(field)
        before = [r for r in mine if r.closed_by == change_id and r.observed_to is None and r.recorded_to is not None]
        if _changed_since(connection, trust_id, now, mine, change_id):
            stays += 1
            continue
        touched.add(record_id)
        ended += [r for r in mine if r.recorded_to is None]
        back += [dataclasses.replace(r, observed_to=None, closed_by="") for r in before[-1:]]
    _close(connection, trust_id, ended, act)
    _insert(connection, trust_id, back, act.time)
    return len(_by_field(ended + back)), stays, touched


def _changed_since(
    connection: Connection, trust_id: str, now: FieldRow | None, mine: list[FieldRow], change_id: str
) -> bool:
    """Whether somebody said something else of a field after an act did."""
    if now is not None:
        return now.change_id != change_id
    field = (record_fields.c.record_id == mine[0].record_id) & (record_fields.c.field == mine[0].field)
    query = select(record_fields.c.closed_by).where(record_fields.c.trust_id == trust_id, field)
    query = query.where(record_fields.c.observed_to.is_(None)).order_by(record_fields.c.row_id.desc()).limit(1)
    return connection.execute(query).scalar() != change_id


def _by_field(rows: Iterable[FieldRow]) -> dict[tuple[str, str], list[FieldRow]]:
    found: dict[tuple[str, str], list[FieldRow]] = {}
    for row in rows:
        found.setdefault((row.record_id, row.field), []).append(row)
    return found


def _said(saying: Saying, act: Act, since: datetime) -> FieldRow:
    if saying.value is None:
        raise ValueError("nothing is said")
    return FieldRow(
        0, saying.record_id, saying.field, saying.value, saying.key, act.actor, act.source, act.change_id, "", since,
        None, act.time, None,
    )  # fmt: skip


def _close(connection: Connection, trust_id: str, rows: Iterable[FieldRow], act: Act) -> None:
    for chunk in chunks(row.row_id for row in rows):
        where = (record_fields.c.trust_id == trust_id) & record_fields.c.row_id.in_(chunk)
        connection.execute(update(record_fields).where(where).values(recorded_to=act.time, closed_by=act.change_id))


def _insert(connection: Connection, trust_id: str, rows: list[FieldRow], now: datetime) -> None:
    if not rows:
        return
    first = ids.take(connection, trust_id, "record_field", len(rows))
    said = {"trust_id": trust_id, "recorded_from": now, "recorded_to": None}
    values = [
        dataclasses.asdict(row) | said | {"row_id": first + n, "value": json.dumps(row.value, ensure_ascii=False)}
        for n, row in enumerate(rows)
    ]
    connection.execute(insert(record_fields), values)


def _stands() -> ColumnElement[bool]:
    return record_fields.c.recorded_to.is_(None) & record_fields.c.observed_to.is_(None)


def _field(row: Row[Any]) -> FieldRow:
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(FieldRow)}
    return FieldRow(**values | {"value": json.loads(row.value)})


# ------------------------------------------------------------------------------------------------ finding


def by_key(connection: Connection, trust_id: str, field: str, keys: Iterable[str]) -> dict[str, set[str]]:
    """The devices whose records have one of these keys in a field, by key."""
    found: dict[str, set[str]] = {}
    mine = (records.c.trust_id == record_fields.c.trust_id) & (records.c.record_id == record_fields.c.record_id)
    said = select(record_fields.c.key, _SURVIVOR.label("device_id")).select_from(record_fields).join(records, mine)
    query = _with_device(said)
    query = query.where(record_fields.c.trust_id == trust_id, record_fields.c.field == field, _stands())
    for chunk in chunks(keys):
        for row in connection.execute(query.where(record_fields.c.key.in_(chunk), records.c.withdrawn.is_(None))):
            found.setdefault(row.key, set()).add(row.device_id)
    return found


def saying(trust_id: str, fields: Collection[str], where: ColumnElement[bool]) -> Select[tuple[str]]:
    """A query for the devices whose records say in one of some fields what `where` asks of it."""
    mine = (records.c.trust_id == record_fields.c.trust_id) & (records.c.record_id == record_fields.c.record_id)
    query = _with_device(select(_SURVIVOR).select_from(record_fields).join(records, mine))
    said = (record_fields.c.trust_id == trust_id) & record_fields.c.field.in_(fields) & _stands()
    return query.where(said, records.c.withdrawn.is_(None), where)


def told(
    connection: Connection, trust_id: str, fields: Collection[str], device_ids: Collection[str] = ()
) -> Iterator[tuple[str, str, str]]:  # fmt: skip
    """What records say in some fields now: device, field, and the value as JSON; what was said last comes last.

    All records, or those of a few devices.
    """
    c = record_fields.c
    owners = _with_device(select(records.c.record_id, _SURVIVOR).select_from(records))
    mine = (records.c.trust_id == trust_id) & records.c.withdrawn.is_(None)
    if device_ids:
        near = _near(connection, trust_id, sorted(device_ids))
        mine &= records.c.record_id.in_(near) & _SURVIVOR.in_(device_ids)
    of = {row[0]: row[1] for row in connection.execute(owners.where(mine)).all()}
    query = select(c.record_id, c.field, c.value).where(c.trust_id == trust_id, c.field.in_(fields), _stands())
    if device_ids:
        query = query.where(c.record_id.in_(of))
    for several in connection.execute(query.order_by(c.row_id)).partitions(_ROWS_AT_ONCE):
        for record_id, field, value in several:
            if record_id in of:
                yield of[record_id], field, value


def by_serial(connection: Connection, trust_id: str, keys: Collection[str]) -> dict[str, set[str]]:
    """The devices that say that they have one of these serial numbers (upper case), by serial number."""
    wanted, found = set(keys), dict[str, set[str]]()
    query = select(devices.c.device_id, devices.c.serial).where(
        devices.c.trust_id == trust_id, devices.c.alias_of.is_(None), devices.c.serial != ""
    )
    for row in connection.execute(query) if wanted else ():
        if (key := row.serial.upper()) in wanted:
            found.setdefault(key, set()).add(row.device_id)
    return found


def by_mac(connection: Connection, trust_id: str, keys: Iterable[str]) -> dict[str, set[str]]:
    """The devices that have one of these MACs, by MAC."""
    found: dict[str, set[str]] = {}
    query = select(identifiers.c.value, identifiers.c.device_id).where(
        identifiers.c.trust_id == trust_id, identifiers.c.kind == "MAC", identifiers.c.recorded_to.is_(None)
    )
    for chunk in chunks(keys):
        for row in connection.execute(query.where(identifiers.c.value.in_(chunk))):
            found.setdefault(row.value, set()).add(row.device_id)
    return found


def known(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, Known]:
    """What devices say of themselves, by the id that was asked for; an alias is answered with the one it became."""
    asked: dict[str, str] = {}
    for chunk in chunks(device_ids):
        survivor = func.coalesce(devices.c.alias_of, devices.c.device_id).label("survivor")
        query = select(devices.c.device_id, survivor).where(devices.c.trust_id == trust_id)
        query = query.where(func.coalesce(devices.c.alias_of, "") != devices.c.device_id)  # one that was withdrawn
        rows = connection.execute(query.where(devices.c.device_id.in_(chunk)))
        asked |= {row.device_id: row.survivor for row in rows}
    found: dict[str, Known] = {}
    school = (schools.c.trust_id == devices.c.trust_id) & (schools.c.school_id == devices.c.school_id)
    for chunk in chunks(set(asked.values())):
        query = select(devices, schools.c.name.label("school_name")).join(schools, school)
        rows = connection.execute(query.where(devices.c.trust_id == trust_id, devices.c.device_id.in_(chunk)))
        for row in rows:
            found[row.device_id] = _known(row)
    return {device_id: found[survivor] for device_id, survivor in asked.items() if survivor in found}


def _known(row: Any) -> Known:
    return Known(
        row.device_id, row.school_id, row.school_name, row.site_id, row.name, row.maker, row.model, row.serial,
        row.mac, seen=row.last_method != RECORD,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ devices nobody saw


def show_unseen(connection: Connection, trust_id: str, device_id: str, said: Mapping[str, str]) -> None:
    """Let the register's row of a device that nothing has met say what its record says: name, maker, model, serial."""
    columns = {name: said.get(name, "") for name in ("maker", "model", "serial", "name")}
    where = (devices.c.trust_id == trust_id) & (devices.c.device_id == device_id) & (devices.c.last_method == RECORD)
    connection.execute(update(devices).where(where).values(**columns))
