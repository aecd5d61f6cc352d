"""Rows of residencies: where devices live, and since when. Who moves is decided by when they were met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, select, update

from collector.resolve.claims import RECORD
from collector.store.batches import OF_TRUST, among, chunks, insert_numbered
from collector.store.schema import claims, residencies, sites


def current(table: Table) -> ColumnElement[bool]:
    """Rows of history that are believed now, of what is so now."""
    return table.c.recorded_to.is_(None) & table.c.observed_to.is_(None)


_SCHOOL = select(sites.c.school_id).where(sites.c.trust_id == OF_TRUST, sites.c.site_id == bindparam("site"))
_HOMES = select(residencies).where(
    residencies.c.trust_id == OF_TRUST, among(residencies.c.device_id), current(residencies)
)


def school_of(connection: Connection, trust_id: str, site_id: str) -> str:
    """The school that a site is of."""
    return str(connection.execute(_SCHOOL, {"of_trust": trust_id, "site": site_id}).scalar_one())


def reside(
    connection: Connection, trust_id: str, place: tuple[str, str], met: Mapping[str, datetime], now: datetime
) -> list[str]:
    """Note that devices live at a place (school, site), met there at a time; returns those that came or moved there.

    One that lives elsewhere moves if it is met here later than there.
    """
    school_id, site_id = place
    known: dict[str, Row[Any]] = {}
    for chunk in chunks(met):
        known |= {row.device_id: row for row in connection.execute(_HOMES, {"of_trust": trust_id, "among": chunk})}
    homes = []
    for device_id, observed in met.items():
        home = known.get(device_id)
        if home and (home.site_id == site_id or observed <= home.observed_from):
            continue
        if home:
            _close_residency(connection, trust_id, home, observed, now)
        row = {"device_id": device_id, "school_id": school_id, "site_id": site_id, "observed_from": observed}
        homes.append({"trust_id": trust_id, "recorded_from": now} | row)
    insert_numbered(connection, trust_id, residencies, "residency", homes)
    return [str(row["device_id"]) for row in homes]


def rehouse(connection: Connection, trust_id: str, device_ids: Iterable[str], now: datetime) -> None:
    """Bring the residencies of devices up to date that gained or lost claims: each lives where it was seen last."""
    for chunk in chunks(sorted(device_ids)):
        rows = connection.execute(
            select(claims.c.device_id, claims.c.site_id, claims.c.first_observed)
            .where(claims.c.trust_id == trust_id, claims.c.device_id.in_(chunk), claims.c.recorded_to.is_(None))
            .order_by(claims.c.method != RECORD, claims.c.last_observed, claims.c.claim_id)
        ).all()
        last = {row.device_id: row for row in rows}
        where = (residencies.c.trust_id == trust_id) & residencies.c.device_id.in_(chunk) & current(residencies)
        homes = {row.device_id: row for row in connection.execute(select(residencies).where(where))}
        for device_id, home in homes.items():
            if device_id not in last or last[device_id].site_id != home.site_id:
                _disbelieve(connection, trust_id, home, now)
        fresh = [
            {"trust_id": trust_id, "device_id": device_id, "school_id": school_of(connection, trust_id, row.site_id),
             "site_id": row.site_id, "observed_from": row.first_observed, "recorded_from": now}
            for device_id, row in last.items()
            if device_id not in homes or homes[device_id].site_id != row.site_id
        ]  # fmt: skip
        insert_numbered(connection, trust_id, residencies, "residency", fresh)


def _disbelieve(connection: Connection, trust_id: str, home: Row[Any], now: datetime) -> None:
    row = (residencies.c.trust_id == trust_id) & (residencies.c.residency_id == home.residency_id)
    connection.execute(update(residencies).where(row).values(recorded_to=now))


def _close_residency(connection: Connection, trust_id: str, home: Row[Any], until: datetime, now: datetime) -> None:
    """End a residency: that it goes on is no longer believed; that it lasted until then is."""
    row = (residencies.c.trust_id == trust_id) & (residencies.c.residency_id == home.residency_id)
    connection.execute(update(residencies).where(row).values(recorded_to=now))
    ended = dict(home._mapping) | {"observed_to": until, "recorded_from": now}  # noqa: SLF001 - SQLAlchemy's public name
    insert_numbered(connection, trust_id, residencies, "residency", [ended])
