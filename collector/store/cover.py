"""Rows of support cover: contracts, who provides which service, marks; and the devices that cover is laid over.

What they mean is `collector.cover`'s. A device that became another is known by the one that survives.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Table, delete, insert, select, update

from collector.cover import Contract, Device, Kind, marks
from collector.cover.marks import By, DeviceMark, ServiceMark
from collector.cover.services import Provision, Service
from collector.refresh.years import add_months
from collector.residency import State
from collector.store import bounds, records, school_lives
from collector.store import schema as t
from collector.store.batches import chunks

#: devices that do not stand: nothing is to be supported
GONE = (State.RETIRED, State.DISPOSED, State.EXPECTED)
END_OF_SUPPORT, POLICY_AGE = "end of support", "policy age"
_NOTHING: Mapping[str, str] = {}
_LISTS = ("schools", "classes", "models", "devices")

#: months for which a device is kept: by school, class, maker and model
Lives = Callable[[str, str, str, str], int]
Kept = TypeVar("Kept", ServiceMark, DeviceMark, Provision)


# ------------------------------------------------------------------------------------------------ the estate


def estate(
    connection: Connection, trust_id: str, school_ids: bounds.Schools = None, lives: Lives | None = None,
    device_id: str = "",
) -> list[Device]:  # fmt: skip
    """The devices that stand, by school, class and name: those of schools that belong to the trust.

    `lives`: for how many months a device is kept; without it, a device ends with its support alone. `device_id`: of one
    device alone.
    """
    gone = [key for key, life in school_lives.lives(connection, trust_id).items() if not life.is_member]
    said = _said(connection, trust_id, (device_id,) if device_id else ())
    c = t.devices.c
    query: Select[Any] = select(
        c.device_id, c.school_id, c["class"], c.name, c.maker, c.model, c.support_ends, c.made_best
    ).where(
        c.trust_id == trust_id, c.alias_of.is_(None), c.life.not_in(GONE), c.school_id.not_in(gone),
        bounds.within(c.school_id, school_ids),
    )  # fmt: skip
    if device_id:
        query = query.where(c.device_id == device_id)
    rows = connection.execute(query.order_by(c.school_id, c["class"], c.name, c.device_id)).all()
    told = ((row, said.get(row[0], _NOTHING)) for row in rows)
    return [_device(row, mine, lives) for row, mine in told if mine.get("status", "") not in GONE]


def _device(row: Sequence[Any], said: Mapping[str, str], lives: Lives | None) -> Device:
    device_id, school_id, device_class, name, maker, model, support_ends, made_best = row
    ends, why = support_ends, END_OF_SUPPORT if support_ends else ""
    since = _day(said.get("purchased", "")) or made_best
    if lives is not None and since is not None:
        kept = add_months(since, lives(school_id, device_class, maker, model))
        if ends is None or kept < ends:
            ends, why = kept, POLICY_AGE
    return Device(
        device_id, school_id, device_class, name, maker, model, said.get("room", ""),
        _day(said.get("warranty_ends", "")), ends, why,
    )  # fmt: skip


def _day(said: str) -> date | None:
    """A day of a record; None of what an erasure made of it where it is none any more."""
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None


def _said(connection: Connection, trust_id: str, device_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """By device what records say of room, purchase, status and warranty; of two records that differ, the later end."""
    found: dict[str, dict[str, str]] = {}
    read: dict[str, str] = {}  # the same rooms and days are said of many devices
    fields = ("room", "purchased", "status", "warranty_ends")
    for device_id, name, value in records.told(connection, trust_id, fields, device_ids):
        if (said := read.get(value)) is None:
            said = read[value] = str(json.loads(value))
        mine = found.setdefault(device_id, {})
        mine[name] = max(said, mine.get(name, "")) if name == "warranty_ends" else said
    return found


# ------------------------------------------------------------------------------------------------ contracts


def contracts(connection: Connection, trust_id: str) -> list[Contract]:
    """All contracts that were not entered by mistake, in the order in which they begin."""
    c = t.contracts.c
    query = select(t.contracts).where(c.trust_id == trust_id, c.withdrawn.is_(None))
    rows = connection.execute(query.order_by(c.starts, c.contract_id)).all()
    named = {row.contract_id: json.loads(row.devices) for row in rows}
    became = _became(connection, trust_id, {one for listed in named.values() for one in listed})
    return [_contract(row, (became.get(one, one) for one in named[row.contract_id])) for row in rows]


def contract(connection: Connection, trust_id: str, contract_id: str) -> Contract | None:
    """One contract, or None."""
    return next((one for one in contracts(connection, trust_id) if one.contract_id == contract_id), None)


def _contract(row: Row[Any], device_ids: Iterable[str]) -> Contract:
    values = {one.name: getattr(row, one.name) for one in dataclasses.fields(Contract)}
    lists = {name: frozenset(json.loads(values[name])) for name in _LISTS}
    return Contract(**values | lists | {"devices": frozenset(device_ids), "kind": Kind(row.kind)})


def _became(connection: Connection, trust_id: str, device_ids: Collection[str]) -> dict[str, str]:
    """What devices that became another became."""
    found: dict[str, str] = {}
    c = t.devices.c
    for chunk in chunks(sorted(device_ids)):
        query = select(c.device_id, c.alias_of).where(c.trust_id == trust_id, c.alias_of.is_not(None))
        found |= {row.device_id: row.alias_of for row in connection.execute(query.where(c.device_id.in_(chunk)))}
    return found


def keep_contract(connection: Connection, trust_id: str, kept: Contract, actor: str, now: datetime) -> None:
    """Keep a contract, new or as it is now."""
    lists = {name: json.dumps(sorted(getattr(kept, name)), ensure_ascii=False) for name in _LISTS}
    values = {one.name: getattr(kept, one.name) for one in dataclasses.fields(kept)} | lists
    _keep(connection, t.contracts, trust_id, "contract_id", values | {"kind": str(kept.kind)}, actor, now)


def _keep(
    connection: Connection, table: Table, trust_id: str, key: str, values: Mapping[str, Any], actor: str, now: datetime
) -> None:
    mine = (table.c.trust_id == trust_id) & (table.c[key] == values[key])
    changed = connection.execute(update(table).where(mine).values(**values, changed=now, changed_by=actor))
    if not changed.rowcount:
        connection.execute(insert(table).values(trust_id=trust_id, **values, made=now, made_by=actor))


def withdraw(connection: Connection, table: Table, trust_id: str, key: str, row_id: str, now: datetime) -> bool:
    """Take out a row that was entered by mistake; False where there is none that stands."""
    where = (table.c.trust_id == trust_id) & (table.c[key] == row_id) & table.c.withdrawn.is_(None)
    return bool(connection.execute(update(table).where(where).values(withdrawn=now)).rowcount)


# ------------------------------------------------------------------------------------------------ services


def own_services(connection: Connection, trust_id: str) -> tuple[list[Service], set[str]]:
    """The services that a trust added to the list, and the keys of those that it leaves out."""
    c = t.service_list.c
    rows = connection.execute(select(t.service_list).where(c.trust_id == trust_id).order_by(c.name, c.service)).all()
    own = [Service(row.service, row.name, own=True) for row in rows if row.name]
    return own, {row.service for row in rows if row.left_out}


def list_service(connection: Connection, trust_id: str, service: str, name: str, *, left_out: bool) -> None:
    """Put a service on the list (`name`: of one of the trust's own, else empty), or leave it out."""
    c = t.service_list.c
    mine = (c.trust_id == trust_id) & (c.service == service)
    connection.execute(delete(t.service_list).where(mine))
    if name or left_out:
        values = {"service": service, "name": name, "left_out": left_out}
        connection.execute(insert(t.service_list).values(trust_id=trust_id, **values))


def provisions(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> list[Provision]:
    """Who provides what to some schools, what is provided to all of them included."""
    c = t.provisions.c
    here = bounds.within(c.school_id, school_ids) | (c.school_id == "")
    query = select(t.provisions).where(c.trust_id == trust_id, c.withdrawn.is_(None), here)
    rows = connection.execute(query.order_by(c.service, c.school_id, c.provision_id))
    return [_of(Provision, row) for row in rows]


def keep_provision(connection: Connection, trust_id: str, kept: Provision, actor: str, now: datetime) -> None:
    """Keep who provides a service, new or as it is now."""
    _keep(connection, t.provisions, trust_id, "provision_id", dataclasses.asdict(kept), actor, now)


# ------------------------------------------------------------------------------------------------ marks


def service_marks(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> list[ServiceMark]:
    """Every mark of a service that stands, newest first."""
    rows = _standing(connection, t.service_marks, trust_id, school_ids)
    return [dataclasses.replace(_of(ServiceMark, row), by=By(row.by)) for row in rows]


def device_marks(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> list[DeviceMark]:
    """Every mark of devices that stands, newest first."""
    found = [_of(DeviceMark, row) for row in _standing(connection, t.device_marks, trust_id, school_ids)]
    became = _became(connection, trust_id, {mark.device_id for mark in found if mark.device_id})
    return [dataclasses.replace(mark, device_id=became.get(mark.device_id, mark.device_id)) for mark in found]


def _standing(connection: Connection, table: Table, trust_id: str, school_ids: bounds.Schools) -> list[Row[Any]]:
    c = table.c
    columns = [column.label("by") if column.name == "given_by" else column for column in c]
    query = select(*columns).where(
        c.trust_id == trust_id, c.withdrawn.is_(None), bounds.within(c.school_id, school_ids)
    )
    return list(connection.execute(query.order_by(c.day.desc(), c.mark_id)))


def add_marks(
    connection: Connection, trust_id: str, given: Iterable[ServiceMark | DeviceMark], actor: str, source: str,
    now: datetime,
) -> None:  # fmt: skip
    """Keep marks that somebody gave."""
    told = {"trust_id": trust_id, "source": source, "made": now, "made_by": actor}
    of: dict[str, list[dict[str, Any]]] = {}
    for mark in given:
        values = dataclasses.asdict(mark) | told
        if isinstance(mark, ServiceMark):
            values["given_by"] = str(values.pop("by"))
        of.setdefault(type(mark).__name__, []).append(values)
    for name, table in ((ServiceMark.__name__, t.service_marks), (DeviceMark.__name__, t.device_marks)):
        for chunk in chunks(of.get(name, ())):
            connection.execute(insert(table), chunk)


def marks_of(connection: Connection, trust_id: str, today: date | None = None) -> dict[str, float]:
    """What people think of each device, 1 to 5: the average of the marks that count on a day (without one: of all)."""
    return {device_id: found.value for device_id, found in marked(connection, trust_id, today).items()}


def marked(
    connection: Connection, trust_id: str, today: date | None = None, school_ids: bounds.Schools = None
) -> dict[str, marks.Mean]:
    """The average of each device's marks with how many it is of; devices without a mark are left out."""
    given = [
        mark for mark in device_marks(connection, trust_id, school_ids)
        if today is None or marks.counts(mark.day, today)
    ]  # fmt: skip
    return marks.of_devices(estate(connection, trust_id, school_ids), given) if given else {}


def _of(kind: type[Kept], row: Row[Any]) -> Kept:
    return kind(**{one.name: getattr(row, one.name) for one in dataclasses.fields(kind)})
