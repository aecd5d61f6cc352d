"""Reads what is known not to be seen, by school: networks, devices and tables that were cut short."""

from __future__ import annotations

import ipaddress
import json
from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select

from collector.store import bounds
from collector.store import schema as t
from collector.store.rows import Coverage


def coverage(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> dict[str, Coverage]:
    """By school id; a school of which nothing is known to be missing is there with zeros."""
    unswept = _unswept(connection, trust_id)
    unidentified = {row.school_id: row.found for row in connection.execute(_unidentified(trust_id))}
    cut = {row.school_id: (row.found, row.devices) for row in connection.execute(_cut(trust_id))}
    mine = (t.schools.c.trust_id == trust_id) & bounds.within(t.schools.c.school_id, school_ids)
    schools = connection.execute(select(t.schools.c.school_id).where(mine)).scalars()
    return {
        school: Coverage(tuple(unswept.get(school, ())), unidentified.get(school, 0), *cut.get(school, (0, 0)))
        for school in schools
    }


def _unswept(connection: Connection, trust_id: str) -> dict[str, list[str]]:
    """Networks that were named for a site and that none of its agents says it sweeps, wholly."""
    query = select(t.agents.c.site_id, t.agents.c.networks).where(t.agents.c.trust_id == trust_id)
    swept: dict[str, list[str]] = defaultdict(list)
    for agent in connection.execute(query.where(t.agents.c.revoked.is_(None))):
        swept[agent.site_id] += json.loads(agent.networks)
    site = (t.sites.c.trust_id == t.networks.c.trust_id) & (t.sites.c.site_id == t.networks.c.site_id)
    named = select(t.networks.c.site_id, t.networks.c.cidr, t.sites.c.school_id).join(t.sites, site)
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(named.where(t.networks.c.trust_id == trust_id).order_by(t.networks.c.cidr)):
        if not any(_holds(outer, row.cidr) for outer in swept[row.site_id]):
            found[row.school_id].append(row.cidr)
    return found


def _holds(outer: str, inner: str) -> bool:
    wide, narrow = ipaddress.ip_network(outer), ipaddress.ip_network(inner)
    return wide.version == narrow.version and narrow.subnet_of(wide)  # type: ignore[arg-type]  # same version


def _unidentified(trust_id: str) -> Select[Any]:
    """Devices that were seen on a network and never said anything of themselves.

    The lanes of networks are few and an index leads to them; those of devices are as many as the devices.
    """
    agents = select(t.agents.c.agent_id).where(t.agents.c.trust_id == trust_id)
    of_networks = select(t.lanes.c.lane_id).where(
        t.lanes.c.trust_id == trust_id, t.lanes.c.agent_id.in_(agents), t.lanes.c.kind == "NETWORK"
    )
    said = select(t.meetings.c.device_id).where(
        t.meetings.c.trust_id == trust_id, t.meetings.c.lane_id.not_in(of_networks)
    )
    return (
        select(t.devices.c.school_id, func.count().label("found"))
        .where(t.devices.c.trust_id == trust_id, t.devices.c.alias_of.is_(None))
        .where(t.devices.c.device_id.not_in(said))
        .group_by(t.devices.c.school_id)
    )


def _cut(trust_id: str) -> Select[Any]:
    """Groups of questions that devices answered in part, where no newer answer is whole."""
    newer = t.evidence.alias("newer")
    same = and_(
        newer.c.trust_id == t.evidence.c.trust_id,
        newer.c.lane_id == t.evidence.c.lane_id,
        newer.c.group_name == t.evidence.c.group_name,
        newer.c.last_observed > t.evidence.c.last_observed,
    )
    lane = (t.lanes.c.trust_id == t.evidence.c.trust_id) & (t.lanes.c.lane_id == t.evidence.c.lane_id)
    site = (t.sites.c.trust_id == t.lanes.c.trust_id) & (t.sites.c.site_id == t.lanes.c.site_id)
    devices = func.count(t.evidence.c.lane_id.distinct()).label("devices")
    return (
        select(t.sites.c.school_id, func.count().label("found"), devices)
        .select_from(t.evidence)
        .join(t.lanes, lane)
        .join(t.sites, site)
        .where(t.evidence.c.trust_id == trust_id, t.evidence.c.outcome == "CUT", t.lanes.c.kind == "ADDRESS")
        .where(~exists(select(newer.c.evidence_id).where(same)))
        .group_by(t.sites.c.school_id)
    )
