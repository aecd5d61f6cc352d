"""Rows of buildings, rooms, and of what is tied to a room; and where devices hang or say that they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from collector.store import ids
from collector.store import schema as t
from collector.store.batches import chunks
from collector.store.homes import current
from collector.store.wiring import owners

PORT, ACCESS_POINT, LOCATION = "port", "access point", "location"  # kinds of ties


@dataclass(frozen=True, slots=True)
class Building:
    """A building of a site."""

    building_id: str
    site_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Room:
    """A room. `building_id` and `building` are empty where the site has but one."""

    room_id: str
    site_id: str
    name: str
    building_id: str = ""
    building: str = ""

    @property
    def label(self) -> str:
        """What people call it, and what a record says."""
        return f"{self.name} ({self.building})" if self.building else self.name


@dataclass(frozen=True, slots=True)
class Tie:
    """What stands for a room: a port of a switch, an access point, or a place as devices say it of themselves."""

    tie_id: str
    site_id: str
    room_id: str
    kind: str
    device_id: str = ""
    port: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Hanging:
    """A device at a port of a switch, or behind an access point (then the port is the one that this hangs at)."""

    device_id: str
    port: int
    port_name: str
    how: str


# ------------------------------------------------------------------------------------------------ lists


def add_building(connection: Connection, trust_id: str, site_id: str, name: str) -> str:
    """Make a building and return its id."""
    made = ids.new()
    connection.execute(insert(t.buildings).values(trust_id=trust_id, building_id=made, site_id=site_id, name=name))
    return made


def add_room(connection: Connection, trust_id: str, site_id: str, name: str, building_id: str = "") -> str:
    """Make a room and return its id."""
    made = ids.new()
    values = {"trust_id": trust_id, "room_id": made, "site_id": site_id, "building_id": building_id, "name": name}
    connection.execute(insert(t.rooms).values(values))
    return made


def remove_room(connection: Connection, trust_id: str, room_id: str, now: datetime) -> None:
    """Take a room off its list, and untie what stood for it. What records say stays."""
    tied = (t.ties.c.trust_id == trust_id) & (t.ties.c.room_id == room_id) & t.ties.c.recorded_to.is_(None)
    connection.execute(update(t.ties).where(tied).values(recorded_to=now))
    connection.execute(delete(t.rooms).where(t.rooms.c.trust_id == trust_id, t.rooms.c.room_id == room_id))


def buildings(connection: Connection, trust_id: str, school_id: str = "") -> list[Building]:
    """The buildings of a school, or of all, by name."""
    query = select(t.buildings).where(
        t.buildings.c.trust_id == trust_id, _at(t.buildings.c.site_id, trust_id, school_id)
    )
    rows = connection.execute(query.order_by(t.buildings.c.name, t.buildings.c.building_id))
    return [Building(row.building_id, row.site_id, row.name) for row in rows]


def rooms(connection: Connection, trust_id: str, school_id: str = "") -> list[Room]:
    """The rooms of a school, or of all, by building and name."""
    on = (t.buildings.c.trust_id == t.rooms.c.trust_id) & (t.buildings.c.building_id == t.rooms.c.building_id)
    query = (
        select(t.rooms, t.buildings.c.name.label("building"))
        .outerjoin(t.buildings, on)
        .where(t.rooms.c.trust_id == trust_id, _at(t.rooms.c.site_id, trust_id, school_id))
    )
    found = [_room(row) for row in connection.execute(query)]
    return sorted(found, key=lambda room: (room.building.casefold(), room.name.casefold(), room.room_id))


def _at(column: ColumnElement[Any], trust_id: str, school_id: str) -> ColumnElement[bool]:
    """The condition that a site is of a school; true where no school is named."""
    if not school_id:
        return column.is_not(None)
    of_school = select(t.sites.c.site_id).where(t.sites.c.trust_id == trust_id, t.sites.c.school_id == school_id)
    return column.in_(of_school)


def _room(row: Row[Any]) -> Room:
    return Room(row.room_id, row.site_id, row.name, row.building_id, row.building or "")


# ------------------------------------------------------------------------------------------------ ties


def tie(connection: Connection, trust_id: str, new: Tie, now: datetime) -> str:
    """Tie something to a room and return the tie's id; what tied the same thing before ends."""
    same = (
        (t.ties.c.trust_id == trust_id) & (t.ties.c.site_id == new.site_id) & t.ties.c.recorded_to.is_(None)
        & (t.ties.c.kind == new.kind) & (t.ties.c.device_id == new.device_id) & (t.ties.c.port == new.port)
        & (t.ties.c.said == new.said)
    )  # fmt: skip
    connection.execute(update(t.ties).where(same).values(recorded_to=now))
    made = ids.new()
    connection.execute(
        insert(t.ties).values(
            trust_id=trust_id, tie_id=made, site_id=new.site_id, room_id=new.room_id, kind=new.kind,
            device_id=new.device_id, port=new.port, said=new.said, recorded_from=now,
        )
    )  # fmt: skip
    return made


def untie(connection: Connection, trust_id: str, tie_id: str, now: datetime) -> Tie | None:
    """End a tie and return what it was; None where there is none that stands."""
    where = (t.ties.c.trust_id == trust_id) & (t.ties.c.tie_id == tie_id) & t.ties.c.recorded_to.is_(None)
    row = connection.execute(select(t.ties).where(where)).first()
    connection.execute(update(t.ties).where(where).values(recorded_to=now))
    return _tie(row, {}) if row else None


def ties(connection: Connection, trust_id: str, school_id: str = "") -> list[Tie]:
    """What stands for a room now, at a school or at all; a device that was merged is the one that it became."""
    query = select(t.ties).where(
        t.ties.c.trust_id == trust_id, t.ties.c.recorded_to.is_(None), _at(t.ties.c.site_id, trust_id, school_id)
    )
    rows = connection.execute(query.order_by(t.ties.c.kind, t.ties.c.device_id, t.ties.c.port, t.ties.c.said)).all()
    return [_tie(row, _became(connection, trust_id, {row.device_id for row in rows})) for row in rows]


def _tie(row: Row[Any], became: dict[str, str]) -> Tie:
    device_id = became.get(row.device_id, row.device_id)
    return Tie(row.tie_id, row.site_id, row.room_id, row.kind, device_id, row.port, row.said)


def _became(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in chunks(sorted(device_ids)):
        query = select(t.devices.c.device_id, t.devices.c.alias_of).where(
            t.devices.c.trust_id == trust_id, t.devices.c.device_id.in_(chunk), t.devices.c.alias_of.is_not(None)
        )
        found |= {row.device_id: row.alias_of for row in connection.execute(query)}
    return found


# ------------------------------------------------------------------------------------------------ what is where


def hanging(connection: Connection, trust_id: str, device_id: str) -> list[Hanging]:
    """Devices that hang at the ports of a switch, or that are behind an access point."""
    names = [device_id, *_aliases(connection, trust_id, device_id)]
    place = or_(t.attachments.c.switch_id.in_(names), t.attachments.c.via.in_(names))
    rows = connection.execute(
        select(t.attachments).where(t.attachments.c.trust_id == trust_id, place).order_by(t.attachments.c.mac)
    ).all()
    found = []
    for site_id in sorted({row.site_id for row in rows}):
        here = [row for row in rows if row.site_id == site_id]
        of = owners(connection, trust_id, site_id, [row.mac for row in here])
        found += [
            Hanging(of[row.mac].device_id, row.port, row.port_name, row.how) for row in here if row.mac in of
        ]  # fmt: skip
    return found


def _aliases(connection: Connection, trust_id: str, device_id: str) -> list[str]:
    query = select(t.devices.c.device_id).where(t.devices.c.trust_id == trust_id, t.devices.c.alias_of == device_id)
    return list(connection.execute(query).scalars())


def locations(connection: Connection, trust_id: str, school_id: str) -> dict[str, str]:
    """Where the devices of a school say that they are (sysLocation, RFC 3418), by device."""
    on = (t.devices.c.trust_id == t.facts.c.trust_id) & (t.devices.c.device_id == t.facts.c.device_id)
    query = (
        select(t.facts.c.device_id, t.facts.c.value)
        .join(t.devices, on)
        .where(t.facts.c.trust_id == trust_id, t.devices.c.school_id == school_id, t.devices.c.alias_of.is_(None))
        .where(t.facts.c.component == "", t.facts.c.name == "location", t.facts.c.chosen, current(t.facts))
        .order_by(t.facts.c.fact_id)
    )
    told = {row.device_id: json.loads(row.value) for row in connection.execute(query)}
    return {device_id: value for device_id, value in told.items() if isinstance(value, str) and value}


def ports(connection: Connection, trust_id: str, device_id: str) -> dict[int, str]:
    """The ports of a switch by their index, with the name that it gives them."""
    query = select(t.facts.c.component, t.facts.c.value).where(
        t.facts.c.trust_id == trust_id, t.facts.c.device_id == device_id, t.facts.c.name == "name", t.facts.c.chosen,
        t.facts.c.component.startswith("interface/"), current(t.facts),
    )  # fmt: skip
    found = {}
    for row in connection.execute(query):
        index = row.component.partition("/")[2]
        if index.isdigit():
            found[int(index)] = str(json.loads(row.value))
    return dict(sorted(found.items()))


def names(connection: Connection, trust_id: str, school_id: str) -> dict[str, tuple[str, str]]:
    """What the devices of a school are called, and their class: name, else model, address or id."""
    device = t.devices.c
    query = select(
        device.device_id, device.name, device.model, device.address, device["class"].label("device_class")
    ).where(device.trust_id == trust_id, device.school_id == school_id, device.alias_of.is_(None))
    return {
        row.device_id: (row.name or row.model or row.address or row.device_id, row.device_class)
        for row in connection.execute(query)
    }
