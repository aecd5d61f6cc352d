"""Rows of how long a school belongs to the trust, of what it is called and numbered, and what follows when it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, func, insert, select, update

from collector.store import ids
from collector.store import schema as t
from collector.store.batches import chunks

JOINED, LEFT, CLOSED, MERGED = "joined", "left", "closed", "merged"


@dataclass(frozen=True, slots=True)
class Life:
    """How a school stands: since when, and until when what is known of one that went is kept."""

    school_id: str
    state: str
    since: datetime | None = None
    into_school_id: str = ""
    retention_until: date | None = None

    @property
    def is_member(self) -> bool:
        """Whether the school belongs to the trust now."""
        return self.state == JOINED


@dataclass(frozen=True, slots=True)
class Named:
    """A school by its id, name and current URN ("" for none)."""

    school_id: str
    name: str
    urn: str


@dataclass(frozen=True, slots=True)
class Number:
    """A URN that a school had from a day to another."""

    urn: str
    predecessor: str
    since: datetime
    until: datetime | None


def life(connection: Connection, trust_id: str, school_id: str) -> Life:
    """How a school stands; one of which nothing else is said always belonged to the trust."""
    return lives(connection, trust_id).get(school_id, Life(school_id, JOINED))


def lives(connection: Connection, trust_id: str) -> dict[str, Life]:
    """How schools stand of which that was ever said, by id."""
    rows = connection.execute(select(t.school_lives).where(t.school_lives.c.trust_id == trust_id, _now(t.school_lives)))
    return {
        row.school_id: Life(row.school_id, row.state, row.observed_from, row.into_school_id, row.retention_until)
        for row in rows
    }


def begin(connection: Connection, trust_id: str, new: Life, since: datetime, now: datetime) -> None:
    """Say how a school stands from a time on; what it was before ended then."""
    where = (t.school_lives.c.trust_id == trust_id) & (t.school_lives.c.school_id == new.school_id)
    _end(connection, t.school_lives, where & _now(t.school_lives), since, now, renewed="life_id")
    row = {
        "trust_id": trust_id, "life_id": ids.new(), "school_id": new.school_id, "state": new.state,
        "into_school_id": new.into_school_id, "retention_until": new.retention_until, "observed_from": since,
    }  # fmt: skip
    connection.execute(insert(t.school_lives).values(row | {"recorded_from": now}))


def schools(connection: Connection, trust_id: str) -> list[Named]:
    """Every school, by name."""
    urns = connection.execute(select(t.school_urns).where(t.school_urns.c.trust_id == trust_id, _now(t.school_urns)))
    of = {row.school_id: row.urn for row in urns}
    rows = connection.execute(select(t.schools).where(t.schools.c.trust_id == trust_id).order_by(t.schools.c.name))
    return [Named(row.school_id, row.name, of.get(row.school_id, "")) for row in rows]


def rename(connection: Connection, trust_id: str, school_id: str, name: str) -> None:
    """Call a school something else."""
    where = (t.schools.c.trust_id == trust_id) & (t.schools.c.school_id == school_id)
    connection.execute(update(t.schools).where(where).values(name=name))


def renumber(connection: Connection, trust_id: str, school_id: str, urn: str, since: datetime, now: datetime) -> None:
    """Give a school a new URN from a time on; the one before is its predecessor."""
    where = (t.school_urns.c.trust_id == trust_id) & (t.school_urns.c.school_id == school_id) & _now(t.school_urns)
    before = connection.execute(select(t.school_urns.c.urn).where(where)).scalar()
    _end(connection, t.school_urns, where, since, now)
    row = {"trust_id": trust_id, "school_id": school_id, "urn": urn, "predecessor": before, "observed_from": since}
    connection.execute(insert(t.school_urns).values(row | {"recorded_from": now}))


def numbers(connection: Connection, trust_id: str, school_id: str) -> list[Number]:
    """The URNs that a school had and has, as believed now, oldest first."""
    query = select(t.school_urns).where(
        t.school_urns.c.trust_id == trust_id,
        t.school_urns.c.school_id == school_id,
        t.school_urns.c.recorded_to.is_(None),
    )
    rows = connection.execute(query.order_by(t.school_urns.c.observed_from, t.school_urns.c.urn))
    return [Number(row.urn, row.predecessor or "", row.observed_from, row.observed_to) for row in rows]


# ------------------------------------------------------------------------------------------------ what follows


def active_agents(connection: Connection, trust_id: str, school_id: str) -> list[str]:
    """The ids of a school's agents that are not shut out."""
    query = select(t.agents.c.agent_id).where(
        t.agents.c.trust_id == trust_id,
        t.agents.c.revoked.is_(None),
        t.agents.c.site_id.in_(_sites(trust_id, school_id)),
    )
    return list(connection.execute(query.order_by(t.agents.c.agent_id)).scalars())


def devices_of(connection: Connection, trust_id: str, school_id: str) -> list[str]:
    """The devices of a school that are no other."""
    c = t.devices.c
    query = select(c.device_id).where(c.trust_id == trust_id, c.school_id == school_id, c.alias_of.is_(None))
    return list(connection.execute(query.order_by(c.device_id)).scalars())


def schools_of(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, str]:
    """The school of each of some devices; of one that became another, where that lives."""
    c, survivor = t.devices.c, t.devices.alias("survivor")
    same = (survivor.c.trust_id == c.trust_id) & (survivor.c.device_id == func.coalesce(c.alias_of, c.device_id))
    query = select(c.device_id, survivor.c.school_id).join(survivor, same).where(c.trust_id == trust_id)
    found: dict[str, str] = {}
    for chunk in chunks(sorted(set(device_ids))):
        found |= {row.device_id: row.school_id for row in connection.execute(query.where(c.device_id.in_(chunk)))}
    return found


def forget_secrets(connection: Connection, trust_id: str, school_id: str) -> int:
    """Delete the credentials of a school alone, and the tokens that would enrol agents there; how many."""
    tokens = t.enrolment_tokens
    unused = (tokens.c.trust_id == trust_id) & tokens.c.used.is_(None)
    gone = connection.execute(delete(tokens).where(unused, tokens.c.site_id.in_(_sites(trust_id, school_id)))).rowcount
    own = (t.credentials.c.trust_id == trust_id) & (t.credentials.c.school_id == school_id)
    return gone + connection.execute(delete(t.credentials).where(own)).rowcount


def hand_over(
    connection: Connection, trust_id: str, school_id: str, into: str, since: datetime, now: datetime
) -> dict[str, int]:
    """Make everything of a school another's: sites, devices with their residencies, credentials. What moved."""
    moved = {"devices": _move_devices(connection, trust_id, school_id, into, since, now)}
    for name, table in (("sites", t.sites), ("credentials", t.credentials)):
        where = (table.c.trust_id == trust_id) & (table.c.school_id == school_id)
        moved[name] = connection.execute(update(table).where(where).values(school_id=into)).rowcount
    return moved


def _move_devices(
    connection: Connection, trust_id: str, school_id: str, into: str, since: datetime, now: datetime
) -> int:
    where = (t.residencies.c.trust_id == trust_id) & (t.residencies.c.school_id == school_id) & _now(t.residencies)
    homes = connection.execute(select(t.residencies).where(where)).all()
    connection.execute(update(t.residencies).where(where).values(recorded_to=now))
    rows = [made for home in homes for made in _moved(home._mapping, into, since, now)]  # noqa: SLF001 - SQLAlchemy's public name
    if rows:
        first = ids.take(connection, trust_id, "residency", len(rows))
        connection.execute(
            insert(t.residencies), [row | {"residency_id": first + number} for number, row in enumerate(rows)]
        )
    device = (t.devices.c.trust_id == trust_id) & (t.devices.c.school_id == school_id)
    return connection.execute(update(t.devices).where(device).values(school_id=into)).rowcount


def _moved(home: Mapping[Any, Any], into: str, since: datetime, now: datetime) -> list[dict[str, Any]]:
    """The rows that say that a device lived at one school until a time and at the other from it on."""
    row = {str(name): value for name, value in home.items()} | {"recorded_from": now, "recorded_to": None}
    if home["observed_from"] >= since:
        return [row | {"school_id": into}]
    return [row | {"observed_to": since}, row | {"school_id": into, "observed_from": since}]


def _sites(trust_id: str, school_id: str) -> Any:
    return select(t.sites.c.site_id).where(t.sites.c.trust_id == trust_id, t.sites.c.school_id == school_id)


def _now(table: Table) -> ColumnElement[bool]:
    """Still so, and still believed."""
    return table.c.observed_to.is_(None) & table.c.recorded_to.is_(None)


def _end(
    connection: Connection, table: Table, where: ColumnElement[bool], until: datetime, now: datetime, renewed: str = ""
) -> None:
    """That rows go on is no longer believed; that they lasted until then is. `renewed`: the column of a fresh id."""
    rows: list[Row[Any]] = list(connection.execute(select(table).where(where)))
    connection.execute(update(table).where(where).values(recorded_to=now))
    for row in rows:
        if row.observed_from < until:
            ended = dict(row._mapping) | {"observed_to": until, "recorded_from": now, "recorded_to": None}  # noqa: SLF001 - SQLAlchemy's public name
            connection.execute(insert(table).values(ended | ({renewed: ids.new()} if renewed else {})))
