"""Rows of physical checks: what was drawn, what was found, rooms that were walked and things that stood there.

What they mean is `collector.shelf_check`'s, and who may write them `collector.checking`'s.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, update

from collector.store import records
from collector.store import schema as t
from collector.store.batches import chunks


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a school. Columns as in `schema.shelf_checks`."""

    check_id: str
    school_id: str
    method: str
    size: int
    seed: str
    as_known: datetime
    population: int
    left_out: int
    drawn: int
    made: datetime
    made_by_id: str
    second_id: str
    second_name: str
    signed: datetime | None = None
    second_signed: datetime | None = None
    withdrawn: datetime | None = None
    withdrawn_by_id: str = ""
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether anything may still be written down: nobody has signed it, and it was not withdrawn."""
        return self.signed is None and self.second_signed is None and self.withdrawn is None

    @property
    def closed(self) -> bool:
        """Whether both signed it."""
        return self.signed is not None and self.second_signed is not None


@dataclass(frozen=True, slots=True)
class Row:
    """A device that was drawn. `outcome`: empty before it was looked at."""

    line: int
    device_id: str
    stands_for: float
    certain: bool
    outcome: str = ""
    room: str = ""
    note: str = ""
    looked: datetime | None = None
    looked_by_id: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A room to walk. An empty name: anywhere in the school."""

    line: int
    name: str
    walked: datetime | None = None
    walked_by_id: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that stands in a room. `device_id`, `school_id`: what it is and where the register has it."""

    line: int
    room_line: int
    mark: str
    verdict: str
    device_id: str
    school_id: str
    noted: datetime
    noted_by_id: str


# ------------------------------------------------------------------------------------------------ checks


def add(connection: Connection, trust_id: str, check: Check, rows: Iterable[Row], rooms: Iterable[Room]) -> None:
    """Keep a check with what was drawn."""
    connection.execute(insert(t.shelf_checks).values(trust_id=trust_id, **dataclasses.asdict(check)))
    key = {"trust_id": trust_id, "check_id": check.check_id}
    for table, listed in ((t.shelf_rows, list(rows)), (t.shelf_rooms, list(rooms))):
        if listed:
            connection.execute(insert(table), [key | dataclasses.asdict(each) for each in listed])


def get(connection: Connection, trust_id: str, check_id: str) -> Check | None:
    """One check, or None."""
    c = t.shelf_checks.c
    row = connection.execute(select(t.shelf_checks).where(c.trust_id == trust_id, c.check_id == check_id)).first()
    return _of(Check, row) if row else None


def latest(
    connection: Connection, trust_id: str, schools: Collection[str] | None = None, limit: int = 200
) -> list[Check]:
    """Checks, newest first. `schools`: of these alone."""
    c = t.shelf_checks.c
    query = select(t.shelf_checks).where(c.trust_id == trust_id)
    if schools is not None:
        query = query.where(c.school_id.in_(sorted(schools)))
    rows = connection.execute(query.order_by(c.made.desc(), c.check_id).limit(limit))
    return [_of(Check, row) for row in rows]


def looked_at(connection: Connection, trust_id: str, check_ids: Collection[str]) -> dict[str, int]:
    """By check how many of its devices were looked at."""
    c = t.shelf_rows.c
    query = select(c.check_id, func.count()).where(c.trust_id == trust_id, c.check_id.in_(sorted(check_ids)))
    return {row[0]: row[1] for row in connection.execute(query.where(c.outcome != "").group_by(c.check_id))}


def change(connection: Connection, trust_id: str, check_id: str, **values: Any) -> None:
    """Change columns of a check."""
    c = t.shelf_checks.c
    connection.execute(
        update(t.shelf_checks).where(c.trust_id == trust_id, c.check_id == check_id).values(**values)
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ what is in one


def rows(connection: Connection, trust_id: str, check_id: str) -> list[Row]:
    """The devices that were drawn, in the order of the sheet; those that were erased since are left out."""
    return [_of(Row, row) for row in _lines(connection, t.shelf_rows, trust_id, check_id)]


def rooms(connection: Connection, trust_id: str, check_id: str) -> list[Room]:
    """The rooms to walk, in the order of the sheet."""
    return [_of(Room, row) for row in _lines(connection, t.shelf_rooms, trust_id, check_id)]


def things(connection: Connection, trust_id: str, check_id: str) -> list[Thing]:
    """What stood in the rooms, in the order in which it was written down."""
    return [_of(Thing, row) for row in _lines(connection, t.shelf_things, trust_id, check_id)]


def mark(connection: Connection, trust_id: str, check_id: str, row: Row) -> None:
    """Keep what was found of a device, instead of what was said before."""
    values = {name: getattr(row, name) for name in ("outcome", "room", "note", "looked", "looked_by_id")}
    connection.execute(update(t.shelf_rows).where(_line(t.shelf_rows, trust_id, check_id, row.line)).values(values))


def walk(connection: Connection, trust_id: str, check_id: str, room: Room) -> None:
    """Keep whether a room was walked."""
    values = {"walked": room.walked, "walked_by_id": room.walked_by_id}
    connection.execute(update(t.shelf_rooms).where(_line(t.shelf_rooms, trust_id, check_id, room.line)).values(values))


def write_down(connection: Connection, trust_id: str, check_id: str, thing: Thing) -> None:
    """Keep a thing that stands in a room."""
    key = {"trust_id": trust_id, "check_id": check_id}
    connection.execute(insert(t.shelf_things).values(key | dataclasses.asdict(thing)))


def strike(connection: Connection, trust_id: str, check_id: str, line: int) -> bool:
    """Let a thing go that was written down by mistake; False where there is none."""
    gone = connection.execute(delete(t.shelf_things).where(_line(t.shelf_things, trust_id, check_id, line)))
    return gone.rowcount > 0


def editors(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, int]:
    """By whoever said anything in the records of some devices, ever: of how many of them."""
    field = t.record_fields.c
    found: dict[str, set[str]] = {}
    for chunk in chunks(device_ids):
        owner = {
            record.record_id: device_id
            for device_id, kept in records.of_devices(connection, trust_id, chunk).items() for record in kept
        }  # fmt: skip
        for part in chunks(owner):
            query = select(field.actor, field.record_id).where(field.trust_id == trust_id, field.record_id.in_(part))
            for actor, record_id in connection.execute(query.distinct()):
                found.setdefault(actor, set()).add(owner[record_id])
    return {actor: len(devices) for actor, devices in found.items()}


def _lines(connection: Connection, table: Table, trust_id: str, check_id: str) -> Sequence[Any]:
    query = select(table).where(table.c.trust_id == trust_id, table.c.check_id == check_id)
    return connection.execute(query.order_by(table.c.line)).all()


def _line(table: Table, trust_id: str, check_id: str, line: int) -> ColumnElement[bool]:
    return (table.c.trust_id == trust_id) & (table.c.check_id == check_id) & (table.c.line == line)


def _of(kind: Any, row: Any) -> Any:
    return kind(**{each.name: getattr(row, each.name) for each in dataclasses.fields(kind)})
