"""Rows that tell what became of devices: where each was seen, what its record says, and who would have seen it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from collector import london
from collector.residency import Said, Seen, Watch
from collector.store import days
from collector.store.batches import chunks
from collector.store.history import recorded
from collector.store.schema import agents, attachments, claims, devices, lanes, sites

PAGE = 500
OWN = "HOST"  # the method of an agent that speaks of the machine it runs on


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a device's life. `life`: what is believed of it so far."""

    device_id: str
    school_id: str
    life: str
    said: Said
    sightings: tuple[Seen, ...]
    last_seen: date | None
    watch: Watch


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Who was heard last at each school and network, by each agent, and what sites are called: read once for all."""

    schools: Mapping[str, date]
    networks: Mapping[tuple[str, str], date]  # site id and CIDR
    agents: Mapping[str, tuple[str, date | None]]
    site_names: Mapping[str, str]


def surroundings(connection: Connection, trust_id: str) -> Surroundings:
    """Who was heard last, where."""
    place = (sites.c.trust_id == agents.c.trust_id) & (sites.c.site_id == agents.c.site_id)
    known = select(agents.c.agent_id, agents.c.name, agents.c.last_report, sites.c.school_id).join(sites, place)
    schools: dict[str, date] = {}
    named: dict[str, tuple[str, date | None]] = {}
    for row in connection.execute(known.where(agents.c.trust_id == trust_id)):
        heard = _day(row.last_report)
        named[row.agent_id] = (row.name, heard)
        if heard:
            schools[row.school_id] = max(heard, schools.get(row.school_id, heard))
    swept = select(lanes.c.site_id, lanes.c.network, func.max(lanes.c.last_observed).label("last")).where(
        lanes.c.trust_id == trust_id, lanes.c.kind == "NETWORK"
    )
    rows = connection.execute(swept.group_by(lanes.c.site_id, lanes.c.network))
    networks = {(row.site_id, row.network): london.day_of(row.last) for row in rows}
    names = connection.execute(select(sites.c.site_id, sites.c.name).where(sites.c.trust_id == trust_id))
    return Surroundings(schools, networks, named, {row.site_id: row.name for row in names})


def _day(when: datetime | None) -> date | None:
    return london.day_of(when) if when else None


def device_pages(connection: Connection, trust_id: str) -> Iterator[list[str]]:
    """The ids of all devices that are no alias, some at a time."""
    after = ""
    while True:
        query = select(devices.c.device_id).where(
            devices.c.trust_id == trust_id, devices.c.alias_of.is_(None), devices.c.device_id > after
        )
        page = list(connection.execute(query.order_by(devices.c.device_id).limit(PAGE)).scalars())
        if not page:
            return
        yield page
        after = page[-1]


def known(connection: Connection, trust_id: str, device_ids: Collection[str], around: Surroundings) -> Iterator[Known]:
    """What is known of the lives of some devices."""
    for chunk in chunks(sorted(device_ids)):
        seen = _claims(connection, trust_id, chunk)
        last = days.last_seen(connection, trust_id, chunk, None)
        records = recorded(connection, trust_id, chunk)
        switches = _switches(connection, trust_id, chunk)
        query = select(devices).where(devices.c.trust_id == trust_id, devices.c.device_id.in_(chunk))
        for row in connection.execute(query.order_by(devices.c.device_id)):
            mine = seen.get(row.device_id, [])
            own = [claim for claim in mine if not claim.told_of] or mine
            latest = max(own, key=lambda claim: (claim.last_observed, -claim.claim_id)) if own else None
            noted = last[row.device_id].day if row.device_id in last else None
            yield Known(
                row.device_id, row.school_id, row.life, _said(records.get(row.device_id, {})),
                tuple(Seen(c.site_id, c.first_observed, c.last_observed, c.told_of) for c in mine),
                max(filter(None, (noted, _day(latest.last_observed) if latest else None)), default=None),
                _watch(row.school_id, latest, switches.get(row.device_id), around),
            )  # fmt: skip


def _claims(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, list[Row[Any]]]:
    lane = (lanes.c.trust_id == claims.c.trust_id) & (lanes.c.lane_id == claims.c.lane_id)
    columns = (
        claims.c.device_id, claims.c.claim_id, claims.c.site_id, claims.c.method, claims.c.told_of,
        claims.c.first_observed, claims.c.last_observed, lanes.c.agent_id, lanes.c.network,
    )  # fmt: skip
    query = select(*columns).join(lanes, lane).where(claims.c.trust_id == trust_id, claims.c.device_id.in_(device_ids))
    found: dict[str, list[Row[Any]]] = {}
    rows: Iterable[Row[Any]] = connection.execute(
        query.where(claims.c.recorded_to.is_(None)).order_by(claims.c.claim_id)
    )
    for row in rows:
        found.setdefault(row.device_id, []).append(row)
    return found


def _switches(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, tuple[str, date]]:
    """The switch that each device hung on last, by its MAC, and when that was heard."""
    switch = devices.alias("switch")
    query = (
        select(devices.c.device_id, switch.c.device_id.label("switch_id"), switch.c.name, switch.c.last_seen)
        .join(attachments, (attachments.c.trust_id == devices.c.trust_id) & (attachments.c.mac == devices.c.mac))
        .join(switch, (switch.c.trust_id == attachments.c.trust_id) & (switch.c.device_id == attachments.c.switch_id))
        .where(devices.c.trust_id == trust_id, devices.c.device_id.in_(device_ids), devices.c.mac != "")
        .order_by(attachments.c.since, switch.c.device_id)
    )
    rows = connection.execute(query)
    return {row.device_id: (row.name or row.switch_id, london.day_of(row.last_seen)) for row in rows}


def _said(fields: Mapping[str, Any]) -> Said:
    disposed = fields.get("disposed_on")
    when = date.fromisoformat(disposed) if isinstance(disposed, str) and disposed else None
    return Said(str(fields.get("status", "")), when, bool(fields.get("disposal_certificate")))


def _watch(school_id: str, latest: Row[Any] | None, switch: tuple[str, date] | None, around: Surroundings) -> Watch:
    network = latest.network if latest is not None else ""
    swept = around.networks.get((latest.site_id, network)) if latest is not None and network else None
    agent, heard = around.agents.get(latest.agent_id, ("", None)) if latest is not None else ("", None)
    behind, behind_heard = switch or ("", None)
    on_it = latest is not None and latest.method == OWN
    return Watch(around.schools.get(school_id), network, swept, behind, behind_heard, agent, heard, on_it)


def settle(connection: Connection, trust_id: str, lives: Mapping[str, str]) -> None:
    """Show what became of devices."""
    where = (devices.c.trust_id == trust_id) & (devices.c.device_id == bindparam("id"))
    change = update(devices).where(where).values(life=bindparam("new_life"))
    if lives:
        connection.execute(change, [{"id": key, "new_life": value} for key, value in lives.items()])
