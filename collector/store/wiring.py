"""Rows of the map: the tables that it is drawn from, and what was concluded: links, edge ports, who is proposed.

The map of a site is kept as it was drawn last: each row with the time since when it has been so, the site with the time
when all of them were so last (`drawn`). It has no history in two times: what was so earlier can be drawn again from the
evidence, as long as that is kept. Attachments hold MACs, so whose they are is always what is believed today.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from collector.store import schema as t
from collector.store.batches import OF_TRUST, chunks
from collector.store.evidence import Lane, StoredGroup, latest
from collector.store.homes import current
from collector.store.rows import AttachmentRow, LinkRow
from collector.topology.network import PASSING, STANDING, Network, Place

APART = timedelta(minutes=90)  # tables that are further apart than this speak of different networks
PAUSE = timedelta(minutes=1)  # between two drawings of one site, while its switches answer one after the other
VIEW = "@"
RELAYED = 20  # the most that a statement weighs which one device makes of its neighbour
UNREAD = "something that was not read"


@dataclass(frozen=True, slots=True)
class Due:
    """A site whose tables changed, and the last row of evidence that is understood."""

    site_id: str
    evidence_id: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a switch or router of a site told of the network around it, and when. The lane is the newest that did."""

    device_id: str
    lane_id: int
    observed: datetime
    groups: Mapping[str, StoredGroup]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a MAC is, and of what class that device is."""

    device_id: str
    device_class: str


# ------------------------------------------------------------------------------------------------ when to draw


def touch(connection: Connection, trust_id: str, lane: Lane) -> None:
    """Mark the map of a lane's site as to be drawn again, where the lane has tables that the map does not know."""
    tables = [group for name, group in lane.groups.items() if name.partition(VIEW)[0] in PASSING]
    if not tables:
        return
    row = connection.execute(_WIRING, {"of_trust": trust_id, "site": lane.site_id}).first()
    if row is None:
        first = {"trust_id": trust_id, "site_id": lane.site_id, "changed": True, "evidence_id": 0}
        connection.execute(insert(t.wirings).values(first))
    elif not row.changed and any(_is_news(row, group) for group in tables):
        where = (t.wirings.c.trust_id == trust_id) & (t.wirings.c.site_id == lane.site_id)
        connection.execute(update(t.wirings).where(where).values(changed=True))


_WIRING = select(t.wirings).where(t.wirings.c.trust_id == OF_TRUST, t.wirings.c.site_id == bindparam("site"))


def _is_news(row: Row[Any], group: StoredGroup) -> bool:
    return group.evidence_id > row.evidence_id or row.seen is None or group.last_observed > row.seen


def due(connection: Connection, trust_id: str, now: datetime) -> list[Due]:
    """The sites that are to be drawn: their tables changed, nothing of theirs waits, and they were not drawn just now.

    All by one statement, so that nothing arrives between its parts.
    """
    waits = exists().where(
        t.reports.c.trust_id == trust_id, t.reports.c.state == "pending", t.lanes.c.trust_id == trust_id,
        t.lanes.c.lane_id == t.reports.c.lane_id, t.lanes.c.site_id == t.wirings.c.site_id,
    )  # fmt: skip
    query = select(t.wirings.c.site_id, _newest(trust_id)).where(
        t.wirings.c.trust_id == trust_id, t.wirings.c.changed, ~waits,
        or_(t.wirings.c.drawn.is_(None), t.wirings.c.drawn <= now - PAUSE),
    )  # fmt: skip
    return [Due(site_id, newest or 0) for site_id, newest in connection.execute(query.order_by(t.wirings.c.site_id))]


def every(connection: Connection, trust_id: str) -> list[Due]:
    """All sites that have a map."""
    query = select(t.wirings.c.site_id, _newest(trust_id)).where(t.wirings.c.trust_id == trust_id)
    return [Due(site_id, newest or 0) for site_id, newest in connection.execute(query.order_by(t.wirings.c.site_id))]


def _newest(trust_id: str) -> Any:
    return select(func.max(t.evidence.c.evidence_id)).where(t.evidence.c.trust_id == trust_id).scalar_subquery()


def give_up(connection: Connection, trust_id: str, site_id: str) -> None:
    """Take the mark off a site that cannot be drawn: its next tables are tried."""
    where = (t.wirings.c.trust_id == trust_id) & (t.wirings.c.site_id == site_id)
    connection.execute(update(t.wirings).where(where).values(changed=False))


# ------------------------------------------------------------------------------------------------ what it is drawn from


def told(connection: Connection, trust_id: str, site: Due) -> list[Told]:
    """What each switch and router of a site tells, where that is of the hour of the newest of them."""
    observed = _observed(connection, trust_id, site)
    newest = max(observed.values(), default=None)
    if newest is None:
        return []
    oldest = newest - APART
    answered = {lane_id: when for lane_id, when in observed.items() if when >= oldest}
    whose = _answering(connection, trust_id, answered)
    found = [
        Told(whose[lane_id], lane_id, answered[lane_id], {n: g for n, g in groups.items() if _stands(n, g, oldest)})
        for lane_id, groups in _groups(connection, trust_id, site, whose).items()
    ]
    newest_of = {one.device_id: one for one in sorted(found, key=lambda one: (one.observed, one.lane_id))}
    return list(newest_of.values())


def _observed(connection: Connection, trust_id: str, site: Due) -> dict[int, datetime]:
    """Lane → when its newest table was observed."""
    lanes = select(t.lanes.c.lane_id).where(t.lanes.c.trust_id == trust_id, t.lanes.c.site_id == site.site_id)
    rows = connection.execute(
        select(t.evidence.c.lane_id, func.max(t.evidence.c.last_observed).label("observed"))
        .where(t.evidence.c.trust_id == trust_id, t.evidence.c.lane_id.in_(lanes))
        .where(t.evidence.c.evidence_id <= site.evidence_id, t.evidence.c.digest.is_not(None))
        .where(t.evidence.c.group_name.in_(PASSING))
        .group_by(t.evidence.c.lane_id)
    )
    return {row.lane_id: row.observed for row in rows}


def _answering(connection: Connection, trust_id: str, lane_ids: Iterable[int]) -> dict[int, str]:
    """Lane → the device that answered last at the lane's own address."""
    found: dict[int, str] = {}
    for chunk in chunks(lane_ids):
        rows = connection.execute(
            select(t.meetings.c.lane_id, t.meetings.c.device_id)
            .join(t.lanes, (t.lanes.c.trust_id == trust_id) & (t.lanes.c.lane_id == t.meetings.c.lane_id))
            .join(t.devices, (t.devices.c.trust_id == trust_id) & (t.devices.c.device_id == t.meetings.c.device_id))
            .where(t.meetings.c.trust_id == trust_id, t.meetings.c.lane_id.in_(chunk))
            .where(t.meetings.c.address == t.lanes.c.address, t.devices.c.alias_of.is_(None))
            .order_by(t.meetings.c.last_seen, t.meetings.c.device_id)
        )
        found |= {row.lane_id: row.device_id for row in rows}
    return found


def _groups(
    connection: Connection, trust_id: str, site: Due, lane_ids: Iterable[int]
) -> dict[int, dict[str, StoredGroup]]:
    """Lane → group → its latest content, of the groups that topology reads."""
    name = t.evidence.c.group_name
    wanted = or_(name.in_([*STANDING, *PASSING]), *(name.like(f"{group}{VIEW}%") for group in PASSING))
    found: dict[int, dict[str, StoredGroup]] = {}
    for chunk in chunks(lane_ids):
        where = (t.evidence.c.evidence_id <= site.evidence_id, t.evidence.c.lane_id.in_(chunk), wanted)
        found |= latest(connection, trust_id, *where)
    return found


def _stands(name: str, group: StoredGroup, oldest: datetime) -> bool:
    return name in STANDING or group.last_observed >= oldest


def owners(connection: Connection, trust_id: str, site_id: str, macs: Iterable[str]) -> dict[str, Owner]:
    """Whose MACs are, as far as the register knows; those made up locally are looked up as this site's."""
    values = {value: mac for mac in macs for value in (mac, f"{site_id}/{mac}")}
    found: dict[str, Owner] = {}
    for chunk in chunks(sorted(values)):
        for row in connection.execute(_of_macs(trust_id, t.identifiers.c.value.in_(chunk))):
            found[values[row.value]] = Owner(row.device_id, row.device_class)
    return found


def examined(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> set[str]:
    """Those of some devices that more is known of than what their neighbours hear."""
    found: set[str] = set()
    for chunk in chunks(sorted(device_ids)):
        said = (t.facts.c.trust_id == trust_id) & t.facts.c.device_id.in_(chunk) & current(t.facts)
        own = (t.facts.c.component == "") & (t.facts.c.name != "class") & (t.facts.c.weight > RELAYED)
        found |= set(connection.execute(select(t.facts.c.device_id).distinct().where(said, own)).scalars())
    return found


def _of_macs(trust_id: str, *where: ColumnElement[bool]) -> Select[Any]:
    own, device = t.identifiers.c, t.devices.c
    return (
        select(own.value, own.device_id, device["class"].label("device_class"))
        .join(t.devices, (device.trust_id == trust_id) & (device.device_id == own.device_id))
        .where(own.trust_id == trust_id, own.kind.in_(["MAC", "LOCAL_MAC"]), current(t.identifiers), *where)
        .order_by(own.identifier_id)
    )


# ------------------------------------------------------------------------------------------------ what is kept


def keep(
    connection: Connection, trust_id: str, site_id: str, network: Network, tables: Iterable[Named], now: datetime,
    reached: tuple[int, datetime | None] = (0, None),
) -> None:  # fmt: skip
    """Keep the map of a site in place of the one before. `reached`: the evidence and the time that it stands on."""
    named = _Names({one.device: one for one in tables})
    site = (connection, trust_id, site_id, now)
    _replace(*site, t.links, ("a_device", "a_port", "b_device", "b_port"), _links(network, named))
    _replace(*site, t.attachments, ("mac", "switch_id", "port"), _attachments(network, named))
    _replace(*site, t.proposals, ("switch_id", "port", "number"), _proposals(network, named))
    where = (t.wirings.c.trust_id == trust_id) & (t.wirings.c.site_id == site_id)
    state = {"changed": False, "evidence_id": reached[0], "seen": reached[1], "drawn": now}
    if not connection.execute(update(t.wirings).where(where).values(state)).rowcount:
        connection.execute(insert(t.wirings).values(trust_id=trust_id, site_id=site_id, **state))


class NamedPort(Protocol):
    """A port that may have a name."""

    @property
    def name(self) -> str: ...


class Named(Protocol):
    """Of the tables of a switch (`topology.tables`), what people call it and its ports."""

    @property
    def device(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def ports(self) -> Mapping[int, NamedPort]: ...


class _Names:
    """What people call switches and their ports."""

    def __init__(self, tables: Mapping[str, Named]) -> None:
        self._tables = tables

    def port(self, place: Place) -> str:
        """The port's name, or its number where it has none."""
        told = self._tables.get(place.device)
        known = told.ports.get(place.port) if told else None
        return known.name if known and known.name else f"port {place.port}"

    def whole(self, place: Place) -> str:
        """Switch and port."""
        told = self._tables.get(place.device)
        return f"{told.name if told and told.name else place.device} {self.port(place)}"


Values = dict[str, Any]


def _links(network: Network, named: _Names) -> Iterator[Values]:
    for link in network.links:
        told = {"told": link.told != "forwarding", "standby": link.standby, "reason": link.reason}
        cables = [sum(member.device == end.device for member in link.members) for end in link.ends]
        told |= {"members": max(1, *cables)}
        if len(link.ends) == 2:
            first, second = link.ends
            there = {"b_device": second.device, "b_port": second.port, "b_port_name": named.port(second), "b_name": ""}
            yield _end(first, named) | there | told
        else:
            there = {"b_device": "", "b_port": 0, "b_port_name": "", "b_name": UNREAD}
            yield from (_end(end, named) | there | told for end in link.ends)


def _end(place: Place, named: _Names) -> Values:
    return {"a_device": place.device, "a_port": place.port, "a_port_name": named.port(place)}


def _attachments(network: Network, named: _Names) -> Iterator[Values]:
    for one in network.attachments:
        place = {"switch_id": one.place.device, "port": one.place.port, "port_name": named.port(one.place)}
        how = {"how": one.how, "via": one.via, "reason": one.reason, "vlans": json.dumps(one.vlans)}
        yield {"mac": one.mac} | place | how
    placed = {one.mac for one in network.attachments}
    nowhere = {"switch_id": "", "port": 0, "port_name": "", "how": "unknown", "via": "", "vlans": "[]"}
    for unknown in network.unknown:
        if unknown.mac not in placed:
            yield {"mac": unknown.mac, "reason": unknown.reason} | nowhere


def _proposals(network: Network, named: _Names) -> Iterator[Values]:
    at: dict[Place, int] = {}
    for one in network.proposed:
        number = at[one.place] = at.get(one.place, 0) + 1
        name = one.name or one.mac or one.address
        place = {"switch_id": one.place.device, "port": one.place.port, "number": number}
        yield place | {"name": name, "place": named.whole(one.place), "reason": one.reason}


def _replace(
    connection: Connection, trust_id: str, site_id: str, now: datetime, table: Table, key: Sequence[str],
    rows: Iterable[Values],
) -> None:  # fmt: skip
    """Let a table hold these rows for a site. Rows that are the same stay; the others keep since when they are so."""
    wanted = {tuple(row[name] for name in key): row for row in rows}
    where = (table.c.trust_id == trust_id) & (table.c.site_id == site_id)
    known = {
        tuple(row[name] for name in key): dict(row) for row in connection.execute(select(table).where(where)).mappings()
    }
    gone = [row for found, row in known.items() if not _is_same(row, wanted.get(found))]
    fresh = [found for found, row in wanted.items() if not _is_same(known.get(found, {}), row)]
    if gone:
        one = where & _all_of(table, key)
        connection.execute(delete(table).where(one), [{f"gone_{name}": row[name] for name in key} for row in gone])
    base = {"trust_id": trust_id, "site_id": site_id}
    since = {found: known[found]["since"] if found in known else now for found in fresh}
    if fresh:
        connection.execute(insert(table), [base | wanted[found] | {"since": since[found]} for found in fresh])


def _is_same(row: Values, wanted: Values | None) -> bool:
    return wanted is not None and bool(row) and all(row[name] == value for name, value in wanted.items())


def _all_of(table: Table, key: Sequence[str]) -> ColumnElement[bool]:
    first, *rest = (table.c[name] == bindparam(f"gone_{name}") for name in key)
    for condition in rest:
        first &= condition
    return first


# ------------------------------------------------------------------------------------------------ what pages ask


def links(connection: Connection, trust_id: str, school_id: str) -> list[LinkRow]:
    """The links of a school, in order of their ends."""
    sites = select(t.sites.c.site_id).where(t.sites.c.trust_id == trust_id, t.sites.c.school_id == school_id)
    query = select(t.links).where(t.links.c.trust_id == trust_id, t.links.c.site_id.in_(sites))
    rows = connection.execute(query.order_by(*t.links.primary_key)).all()
    now = _survivors(connection, trust_id, {device for row in rows for device in (row.a_device, row.b_device)})
    return [
        LinkRow(
            now.get(row.a_device, row.a_device), row.a_port_name, now.get(row.b_device, row.b_device), row.b_port_name,
            row.members, row.told, row.standby, row.reason, row.b_name,
        )
        for row in rows
    ]  # fmt: skip


def attached(connection: Connection, trust_id: str, device_id: str) -> list[AttachmentRow]:
    """Where a device hangs, for each of its MACs that any switch has learned."""
    rows = connection.execute(_of_macs(trust_id, t.identifiers.c.device_id == device_id))
    own: dict[str, set[str]] = {}  # MAC → the sites where it is this device's; "" is every site
    for row in rows:
        site_id, _, mac = row.value.rpartition("/")
        own.setdefault(mac, set()).add(site_id)
    found = [
        row
        for chunk in chunks(sorted(own))
        for row in _hanging(connection, trust_id, t.attachments.c.mac.in_(chunk))
        if own[row.mac] & {"", row.site_id}
    ]
    now = _survivors(connection, trust_id, {row.switch_id for row in found})
    return [_attachment(row, now.get(row.switch_id, row.switch_id), device_id) for row in found]


def ports(connection: Connection, trust_id: str, switch_id: str) -> list[AttachmentRow]:
    """What hangs on a switch, in order of its ports."""
    device = t.devices.c
    aliases = select(device.device_id).where(device.trust_id == trust_id, device.alias_of == switch_id)
    on_it = t.attachments.c.switch_id.in_(aliases) | (t.attachments.c.switch_id == switch_id)
    rows = _hanging(connection, trust_id, on_it)
    of: dict[str, dict[str, Owner]] = {}
    for site_id in {row.site_id for row in rows}:
        of[site_id] = owners(connection, trust_id, site_id, [row.mac for row in rows if row.site_id == site_id])
    return [
        _attachment(row, switch_id, owner.device_id if (owner := of[row.site_id].get(row.mac)) else None)
        for row in rows
    ]


def _hanging(connection: Connection, trust_id: str, where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    query = select(t.attachments).where(t.attachments.c.trust_id == trust_id, where)
    return connection.execute(
        query.order_by(t.attachments.c.switch_id, t.attachments.c.port, t.attachments.c.mac)
    ).all()


def _attachment(row: Row[Any], switch_id: str, device_id: str | None) -> AttachmentRow:
    vlans = tuple(json.loads(row.vlans))
    return AttachmentRow(device_id, row.mac, switch_id, row.port_name, row.port, vlans, row.how, row.reason)


def proposed(connection: Connection, trust_id: str, school_id: str) -> list[tuple[str, str]]:
    """Neighbours that a switch of a school hears and nobody has examined: (name, switch and port)."""
    sites = select(t.sites.c.site_id).where(t.sites.c.trust_id == trust_id, t.sites.c.school_id == school_id)
    query = select(t.proposals.c.name, t.proposals.c.place).where(
        t.proposals.c.trust_id == trust_id, t.proposals.c.site_id.in_(sites)
    )
    return sorted((name, place) for name, place in connection.execute(query))


def _survivors(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, str]:
    """Device → the device that it turned out to be, of those that did."""
    found: dict[str, str] = {}
    for chunk in chunks(sorted(device_ids)):
        device = t.devices.c
        query = select(device.device_id, device.alias_of).where(device.trust_id == trust_id)
        rows = connection.execute(query.where(device.device_id.in_(chunk), device.alias_of.is_not(None)))
        found |= {row.device_id: row.alias_of for row in rows}
    return found
