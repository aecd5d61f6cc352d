"""Rows of trusts, schools, sites and networks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from collector.store import bounds, ids
from collector.store.schema import agents, networks, school_urns, schools, sites, trusts


@dataclass(frozen=True, slots=True)
class Place:
    """A site with its school, by id and name."""

    school_id: str
    school_name: str
    site_id: str
    site_name: str


def trust_ids(connection: Connection) -> list[tuple[str, str]]:
    """Id and name of every trust in this store, oldest first."""
    rows = connection.execute(select(trusts.c.trust_id, trusts.c.name).order_by(trusts.c.created))
    return [(row.trust_id, row.name) for row in rows]


def add_trust(connection: Connection, name: str, now: datetime) -> str:
    """Make a trust and return its id."""
    trust_id = ids.new()
    connection.execute(insert(trusts).values(trust_id=trust_id, name=name, created=now))
    return trust_id


def add_school(connection: Connection, trust_id: str, name: str, urn: str, now: datetime) -> str:
    """Make a school and return its permanent id; an empty URN is none."""
    school_id = ids.new()
    connection.execute(insert(schools).values(trust_id=trust_id, school_id=school_id, name=name))
    if urn:
        connection.execute(
            insert(school_urns).values(
                trust_id=trust_id, school_id=school_id, urn=urn, observed_from=now, recorded_from=now
            )
        )
    return school_id


def add_site(connection: Connection, trust_id: str, school_id: str, name: str) -> str:
    """Make a site of a school and return its id."""
    site_id = ids.new()
    connection.execute(insert(sites).values(trust_id=trust_id, site_id=site_id, school_id=school_id, name=name))
    return site_id


def rename_site(connection: Connection, trust_id: str, site_id: str, name: str) -> None:
    """Call a site something else."""
    where = (sites.c.trust_id == trust_id) & (sites.c.site_id == site_id)
    connection.execute(update(sites).where(where).values(name=name))


def places(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> list[Place]:
    """Every site of the trust with its school, by name."""
    rows = connection.execute(
        select(sites.c.school_id, schools.c.name.label("school"), sites.c.site_id, sites.c.name)
        .join(schools, (schools.c.trust_id == sites.c.trust_id) & (schools.c.school_id == sites.c.school_id))
        .where(sites.c.trust_id == trust_id, bounds.within(sites.c.school_id, school_ids))
        .order_by(schools.c.name, sites.c.name)
    )
    return [Place(row.school_id, row.school, row.site_id, row.name) for row in rows]


def add_networks(connection: Connection, trust_id: str, site_id: str, cidrs: list[str], now: datetime) -> list[str]:
    """Name networks of a site; returns those that are new."""
    fresh = [cidr for cidr in dict.fromkeys(cidrs) if cidr not in site_networks(connection, trust_id, site_id)]
    if fresh:
        rows = [{"trust_id": trust_id, "site_id": site_id, "cidr": cidr, "name": "", "added": now} for cidr in fresh]
        connection.execute(insert(networks), rows)
    return fresh


def remove_network(connection: Connection, trust_id: str, site_id: str, cidr: str) -> bool:
    """Stop sweeping a network; what was found there stays. False: it was not named."""
    where = (networks.c.trust_id == trust_id) & (networks.c.site_id == site_id) & (networks.c.cidr == cidr)
    return connection.execute(delete(networks).where(where)).rowcount > 0


def site_networks(connection: Connection, trust_id: str, site_id: str) -> list[str]:
    """The CIDRs named for a site, in order."""
    rows = connection.execute(
        select(networks.c.cidr)
        .where(networks.c.trust_id == trust_id, networks.c.site_id == site_id)
        .order_by(networks.c.cidr)
    )
    return [row.cidr for row in rows]


def site_limits(connection: Connection, trust_id: str, site_id: str) -> list[list[str]]:
    """The outer limits that the technicians of a site's agents allowed."""
    rows = connection.execute(
        select(agents.c.network_limits).where(
            agents.c.trust_id == trust_id, agents.c.site_id == site_id, agents.c.revoked.is_(None)
        )
    )
    return [json.loads(row.network_limits) for row in rows]
