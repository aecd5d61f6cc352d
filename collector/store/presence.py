"""Rows of who is there now, by the tables of switches and routers: nobody met these devices, but they were heard.

It widens meetings, moves residencies, and brings the times of the devices' rows up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from collector.store import days
from collector.store.batches import chunks
from collector.store.devices import Meeting, note_meetings, refresh
from collector.store.homes import reside, school_of
from collector.store.schema import claims, devices, lanes


@dataclass(frozen=True, slots=True)
class Heard:
    """By whose lane a device was heard, when, and at which address; "" where that is not known."""

    lane_id: int
    observed: datetime
    address: str = ""


def note(connection: Connection, trust_id: str, site_id: str, heard: Mapping[str, Heard], now: datetime) -> None:
    """Note that devices were there: by device id."""
    by_lane: dict[int, dict[Meeting, tuple[datetime, datetime]]] = {}
    claim_of = _claims(connection, trust_id, heard)
    for device_id, one in heard.items():
        met = by_lane.setdefault(one.lane_id, {})
        met[device_id, claim_of.get(device_id, 0), one.address] = (one.observed, one.observed)
    for lane_id, met in by_lane.items():
        note_meetings(connection, trust_id, lane_id, met)
    seen = {claim_of[device_id]: one.observed for device_id, one in heard.items() if device_id in claim_of}
    days.note(connection, trust_id, seen, now)
    _show(connection, trust_id, heard)
    place = (school_of(connection, trust_id, site_id), site_id)
    moved = reside(connection, trust_id, place, {key: one.observed for key, one in heard.items()}, now)
    refresh(connection, trust_id, moved)


def _claims(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, int]:
    """The first claim of each device: on its word those are one who were heard."""
    found: dict[str, int] = {}
    for chunk in chunks(device_ids):
        query = select(claims.c.device_id, func.min(claims.c.claim_id).label("first")).where(
            claims.c.trust_id == trust_id, claims.c.device_id.in_(chunk)
        )
        found |= {row.device_id: row.first for row in connection.execute(query.group_by(claims.c.device_id))}
    return found


def _show(connection: Connection, trust_id: str, heard: Mapping[str, Heard]) -> None:
    """Bring the rows of devices up to date, as far as they were not met later."""
    by: dict[int, tuple[str, str]] = {}
    for chunk in chunks({one.lane_id for one in heard.values()}):
        query = select(lanes.c.lane_id, lanes.c.agent_id, lanes.c.method).where(lanes.c.trust_id == trust_id)
        rows = connection.execute(query.where(lanes.c.lane_id.in_(chunk)))
        by |= {row.lane_id: (row.agent_id, row.method) for row in rows}
    for located in (True, False):
        told = {key: one for key, one in heard.items() if bool(one.address) is located}
        names = ("last_seen", "last_agent", "last_method", *(("address",) if located else ()))
        newer = (devices.c.device_id == bindparam("id")) & (devices.c.last_seen < bindparam("new_last_seen"))
        change = update(devices).where(devices.c.trust_id == trust_id, newer)
        rows_to = [
            {"id": key, "new_last_seen": one.observed, "new_last_agent": by[one.lane_id][0],
             "new_last_method": by[one.lane_id][1], "new_address": one.address}
            for key, one in told.items()
        ]  # fmt: skip
        if rows_to:
            connection.execute(change.values({name: bindparam(f"new_{name}") for name in names}), rows_to)
