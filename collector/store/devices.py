"""Rows of devices: who claims which identifier, what is said of each, where it lives. Writes only what it is told.

A change of history closes a row (`recorded_to`) and adds one. The `device` row itself is a view kept for speed: it is
made anew from facts, meetings and residencies by `refresh`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, insert, select, update

from collector.facts import Reading
from collector.resolve import Claim
from collector.resolve.claims import RECORD
from collector.store import corrections, readings
from collector.store.batches import OF_TRUST, among, chunks, insert_numbered
from collector.store.evidence import Lane
from collector.store.homes import current, reside, school_of
from collector.store.schema import devices, facts, identifiers, lanes, meetings, residencies

Of = Mapping[str, Sequence["Settled"]]  # device id → what a lane says of it


@dataclass(frozen=True, slots=True)
class Settled:
    """A reading with its claim, and the device that the claim was given to."""

    reading: Reading
    claim_id: int
    device_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a lane did to the register: the devices it spoke of, and how many statements came and went.

    `restated` are the devices of which something else is known than before; `measured` those of which something newer
    was read (see `store.readings`).
    """

    device_ids: tuple[str, ...]
    added: int
    closed: int
    restated: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()


def settle(
    connection: Connection, trust_id: str, lane: Lane, settled: Sequence[Settled], fresh: Collection[str], now: datetime
) -> Change:
    """Bring the history of the devices that a lane speaks of up to date. `fresh` are those that were not known."""
    of: dict[str, list[Settled]] = {}
    for item in settled:
        of.setdefault(item.device_id, []).append(item)
    met = _met(of, fresh)
    earlier = _first_seen_after(connection, trust_id, met, lane.observed)
    _meet(connection, trust_id, lane, met)
    _identify(connection, trust_id, lane, of, now)
    added, gone = _state(connection, trust_id, lane, of, now)
    measured = readings.keep(connection, trust_id, lane, _readable(of))
    place = (school_of(connection, trust_id, lane.site_id), lane.site_id)
    moved = reside(connection, trust_id, place, dict.fromkeys(met, lane.observed), now)
    restated = {*fresh, *earlier, *added, *gone, *moved} & of.keys()
    refresh(connection, trust_id, met.keys() - restated)
    return Change(tuple(of), len(added), len(gone), tuple(sorted(restated)), tuple(sorted(measured)))


def recall(
    connection: Connection, trust_id: str, lane: Lane, until: datetime, settled: Sequence[Settled], now: datetime
) -> set[str]:
    """Keep what a lane said in the past, of devices that it says nothing else of; the devices that it spoke of."""
    of: dict[str, list[Settled]] = {}
    for item in settled:
        of.setdefault(item.device_id, []).append(item)
    _meet(connection, trust_id, lane, of)
    _meet(connection, trust_id, replace(lane, observed=until), of)
    _identify(connection, trust_id, lane, of, now)
    known: set[str] = set()
    for chunk in chunks(of):
        mine = (facts.c.trust_id == trust_id) & (facts.c.lane_id == lane.lane_id) & facts.c.device_id.in_(chunk)
        believed = mine & facts.c.recorded_to.is_(None)
        known |= set(connection.execute(select(facts.c.device_id).where(believed).distinct()).scalars())
    base = {"trust_id": trust_id, "lane_id": lane.lane_id, "recorded_from": now, "observed_from": lane.observed}
    rows = [
        base | dict(zip(_COLUMNS, statement, strict=True)) | {"claim_id": item.claim_id}
        for device_id, said in of.items()
        if device_id not in known
        for item in said
        for statement in _statements(device_id, item.reading)
    ]
    insert_numbered(connection, trust_id, facts, "fact", rows)
    readings.keep(connection, trust_id, lane, _readable(of))
    return set(of)


def _readable(of: Of) -> Iterator[readings.Said]:
    """What stands of each reading, with its claim and device, in the words of `store.readings`."""
    return ((item.claim_id, item.device_id, item.reading.chosen) for said in of.values() for item in said)


def _met(of: Of, fresh: Collection[str]) -> dict[str, list[Settled]]:
    """The devices that a lane met, with the readings that met them: to be told of is a meeting for new ones only."""
    met = {key: [item for item in said if key in fresh or not item.reading.told_of] for key, said in of.items()}
    return {device_id: said for device_id, said in met.items() if said}


_SEEN_AFTER = select(devices.c.device_id).where(
    devices.c.trust_id == OF_TRUST, among(devices.c.device_id), devices.c.first_seen > bindparam("observed")
)


def _first_seen_after(connection: Connection, trust_id: str, of: Of, observed: datetime) -> set[str]:
    """The devices that turn out to have been there earlier than was known."""
    found: set[str] = set()
    for chunk in chunks(of):
        seen = {"of_trust": trust_id, "among": chunk, "observed": observed}
        found |= set(connection.execute(_SEEN_AFTER, seen).scalars())
    return found


def make(connection: Connection, trust_id: str, first: Mapping[str, Claim], now: datetime) -> None:
    """Make devices, each with its first claim."""
    by_site = {site_id: school_of(connection, trust_id, site_id) for site_id in {c.site for c in first.values()}}
    rows = [
        {"trust_id": trust_id, "created": now, "device_id": device_id, "school_id": by_site[claim.site],
         "site_id": claim.site, "first_seen": claim.first, "last_seen": claim.last, "last_agent": "",
         "last_method": claim.method}
        for device_id, claim in first.items()
    ]  # fmt: skip
    if rows:
        connection.execute(insert(devices), rows)
    homes = [
        {"trust_id": trust_id, "device_id": device_id, "school_id": by_site[claim.site], "site_id": claim.site,
         "observed_from": claim.first, "recorded_from": now}
        for device_id, claim in first.items()
    ]  # fmt: skip
    insert_numbered(connection, trust_id, residencies, "residency", homes)


def living(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> list[str]:
    """Those of some devices that did not become another."""
    found: list[str] = []
    for chunk in chunks(sorted(set(device_ids))):
        query = select(devices.c.device_id).where(
            devices.c.trust_id == trust_id, devices.c.device_id.in_(chunk), devices.c.alias_of.is_(None)
        )
        found += connection.execute(query.order_by(devices.c.device_id)).scalars()
    return found


def surviving(connection: Connection, trust_id: str, device_id: str) -> str:
    """The device that an id leads to: itself, or the one that it became."""
    query = select(devices.c.alias_of).where(devices.c.trust_id == trust_id, devices.c.device_id == device_id)
    return connection.execute(query).scalar() or device_id


# ------------------------------------------------------------------------------------------------ what a lane says


Meeting = tuple[str, int, str]  # device, claim, address


def _meet(connection: Connection, trust_id: str, lane: Lane, of: Of) -> None:
    seen = (lane.since, lane.observed)
    met = {
        (device_id, item.claim_id, address): seen
        for device_id, said in of.items()
        for item in said
        for address in item.reading.locators or ("",)  # told of by another, or the agent's own machine: at no address
    }
    note_meetings(connection, trust_id, lane.lane_id, met)


def note_meetings(
    connection: Connection, trust_id: str, lane_id: int, met: Mapping[Meeting, tuple[datetime, datetime]]
) -> None:
    """Widen the times of meetings that are known, and add the others."""
    of_lane = {"of_trust": trust_id, "lane": lane_id}
    known = {(row.device_id, row.claim_id, row.address): row for row in connection.execute(_MEETINGS, of_lane)}
    fresh, wider = [], []
    for (device_id, claim_id, address), (first, last) in met.items():
        row = known.get((device_id, claim_id, address))
        if row is None:
            base = {"trust_id": trust_id, "lane_id": lane_id, "device_id": device_id, "claim_id": claim_id}
            fresh.append(base | {"address": address, "first_seen": first, "last_seen": last})
        elif last > row.last_seen or first < row.first_seen:
            times = {"first": min(first, row.first_seen), "last": max(last, row.last_seen)}
            wider.append(of_lane | {"device": device_id, "claim": claim_id, "at": address} | times)
    if fresh:
        connection.execute(insert(meetings), fresh)
    if wider:
        connection.execute(_WIDEN, wider)


_MEETINGS = select(meetings).where(meetings.c.trust_id == OF_TRUST, meetings.c.lane_id == bindparam("lane"))
_WIDEN = (
    update(meetings)
    .where(
        meetings.c.trust_id == OF_TRUST, meetings.c.lane_id == bindparam("lane"),
        meetings.c.device_id == bindparam("device"), meetings.c.claim_id == bindparam("claim"),
        meetings.c.address == bindparam("at"),
    )
    .values(first_seen=bindparam("first"), last_seen=bindparam("last"))
)  # fmt: skip
_IDENTIFIERS = select(identifiers.c.device_id, identifiers.c.kind, identifiers.c.value).where(
    identifiers.c.trust_id == OF_TRUST, among(identifiers.c.device_id), current(identifiers)
)


def _identify(connection: Connection, trust_id: str, lane: Lane, of: Of, now: datetime) -> None:
    known: set[tuple[str, str, str]] = set()
    for chunk in chunks(of):
        rows = connection.execute(_IDENTIFIERS, {"of_trust": trust_id, "among": chunk})
        known |= {(row.device_id, row.kind, row.value) for row in rows}
    said = {
        (device_id, mark.kind.name, mark.value): item.claim_id
        for device_id, settled in of.items()
        for item in settled
        for mark in item.reading.identifiers
    }
    base = {"trust_id": trust_id, "lane_id": lane.lane_id, "observed_from": lane.observed, "recorded_from": now}
    names = ("device_id", "kind", "value")
    fresh = [base | dict(zip(names, key, strict=True)) | {"claim_id": said[key]} for key in sorted(said.keys() - known)]
    insert_numbered(connection, trust_id, identifiers, "identifier", fresh)


_COLUMNS = ("device_id", "component", "name", "value", "unit", "weight", "chosen", "rule", "group_name", "locator")
Statement = tuple[Any, ...]  # the columns above


def _statements(device_id: str, reading: Reading) -> Iterator[Statement]:
    chosen = {id(fact) for fact in reading.chosen}
    for fact in reading.facts:
        if readings.is_reading(fact):
            continue
        value = json.dumps(fact.value, ensure_ascii=False)
        yield (
            device_id, fact.component, fact.name, value, fact.unit, fact.weight, id(fact) in chosen, fact.rule,
            fact.source.group, fact.source.locator,
        )  # fmt: skip


_STATED = select(*(facts.c[name] for name in _COLUMNS), *(c for c in facts.c if c.name not in _COLUMNS)).where(
    facts.c.trust_id == OF_TRUST, facts.c.lane_id == bindparam("lane"), among(facts.c.device_id), current(facts)
)


def _state(connection: Connection, trust_id: str, lane: Lane, of: Of, now: datetime) -> tuple[list[str], list[str]]:
    """Bring a lane's statements up to date; returns the device of each that came, and of each that went.

    What a cut group no longer says is kept: only a complete answer shows that something is gone. Devices that the lane
    does not speak of today keep what it said of them: not seen is not untrue.
    """
    wanted = {
        statement: item.claim_id
        for device_id, said in of.items()
        for item in said
        for statement in _statements(device_id, item.reading)
    }
    known: dict[Statement, Row[Any]] = {}
    for chunk in chunks(of):
        for row in connection.execute(_STATED, {"of_trust": trust_id, "lane": lane.lane_id, "among": chunk}):
            known[tuple(row[: len(_COLUMNS)])] = row
    replaced = {statement[:3] for statement in wanted}
    gone = [row for said, row in known.items() if said not in wanted and _is_gone(lane, row, said[:3] in replaced)]
    fresh = sorted(wanted.keys() - known.keys(), key=repr)
    _close(connection, trust_id, lane, gone, now)
    base = {"trust_id": trust_id, "lane_id": lane.lane_id, "recorded_from": now}
    rows = [dict(zip(_COLUMNS, statement, strict=True)) | {"claim_id": wanted[statement]} for statement in fresh]
    since = [base | row | {"observed_from": _since(lane, row["group_name"])} for row in rows]
    insert_numbered(connection, trust_id, facts, "fact", since)
    return [statement[0] for statement in fresh], [row.device_id for row in gone]


def _is_gone(lane: Lane, row: Row[Any], replaced: bool) -> bool:  # noqa: FBT001 - a fact of the row, not a mode
    group = lane.groups.get(row.group_name)
    return replaced or group is None or group.complete


def _since(lane: Lane, group: str) -> datetime:
    """Since when a group of a lane has said what it says now."""
    found = lane.groups.get(group)
    return found.first_observed if found else lane.observed


def _close(connection: Connection, trust_id: str, lane: Lane, gone: list[Row[Any]], now: datetime) -> None:
    """End statements.

    Newer evidence: it was so until then, and that is believed on. The same evidence: a rule changed its mind, and
    nothing of the statement is believed any more.
    """
    if not gone:
        return
    for chunk in chunks(row.fact_id for row in gone):
        where = (facts.c.trust_id == trust_id) & facts.c.fact_id.in_(chunk)
        connection.execute(update(facts).where(where).values(recorded_to=now))
    ended = [
        dict(row._mapping) | {"observed_to": until, "recorded_from": now}  # noqa: SLF001 - SQLAlchemy's public name
        for row in gone
        if (until := _since(lane, row.group_name)) > row.observed_from
    ]
    insert_numbered(connection, trust_id, facts, "fact", ended)


# ------------------------------------------------------------------------------------------------ the kept view

#: column of the device row -> name of the fact that fills it
_VIEW = {
    "class": "class",
    "maker": "maker",
    "model": "model",
    "serial": "serial",
    "firmware": "firmware",
    "name": "name",
    "os": "os.name",
    "os_edition": "os.edition",
    "os_build": "os.build",
}


def refresh(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> None:
    """Make the rows of some devices anew from what is believed of them now."""
    for chunk in chunks(sorted(device_ids)):
        said = _best(connection, trust_id, chunk)
        found = _whereabouts(connection, trust_id, chunk)
        macs = _macs(connection, trust_id, chunk)
        read = {key: {column: str(said.get((key, name), "")) for column, name in _VIEW.items()} for key in chunk}
        over = corrections.corrected(connection, trust_id, read)
        rows = []
        for device_id in chunk:
            unseen = found[device_id].pop("unseen")
            told = {column: value or unseen.get(column, "") for column, value in read[device_id].items()}
            row = {f"new_{column}": value for column, value in (told | over[device_id]).items()}
            row |= {"new_class": row["new_class"] or "unknown", "new_mac": macs.get(device_id, "")}
            rows.append(
                row | {f"new_{column}": value for column, value in found[device_id].items()} | {"id": device_id}
            )
        columns = tuple(name.removeprefix("new_") for name in rows[0] if name != "id")
        connection.execute(_change(columns), [{"of_trust": trust_id} | row for row in rows])


@functools.cache
def _change(columns: tuple[str, ...]) -> Update:
    where = (devices.c.trust_id == OF_TRUST) & (devices.c.device_id == bindparam("id"))
    return update(devices).where(where).values({name: bindparam(f"new_{name}") for name in columns})


_SAID = (
    select(facts.c.device_id, facts.c.name, facts.c.value, facts.c.weight, lanes.c.relayed, lanes.c.last_observed)
    .join(lanes, (lanes.c.trust_id == facts.c.trust_id) & (lanes.c.lane_id == facts.c.lane_id))
    .where(
        facts.c.trust_id == OF_TRUST, among(facts.c.device_id), current(facts), facts.c.component == "",
        facts.c.chosen, facts.c.name.in_(list(_VIEW.values())),
    )
)  # fmt: skip


def _best(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[tuple[str, str], Any]:
    """Per device and name the statement that outweighs the others; what a device said itself beats what was relayed."""
    rows = connection.execute(_SAID, {"of_trust": trust_id, "among": device_ids})
    ordered = sorted(rows, key=lambda row: (not row.relayed, row.weight, row.last_observed, row.value))
    return {(row.device_id, row.name): json.loads(row.value) for row in ordered}


_MET = (
    select(meetings, lanes.c.agent_id, lanes.c.method)
    .join(lanes, (lanes.c.trust_id == meetings.c.trust_id) & (lanes.c.lane_id == meetings.c.lane_id))
    .where(meetings.c.trust_id == OF_TRUST, among(meetings.c.device_id))
)
_HOMES = (
    select(residencies)
    .where(residencies.c.trust_id == OF_TRUST, among(residencies.c.device_id), current(residencies))
    .order_by(residencies.c.observed_from)
)
_ROWS = select(devices).where(devices.c.trust_id == OF_TRUST, among(devices.c.device_id))
_MACS = (
    select(identifiers.c.device_id, identifiers.c.value)
    .where(
        identifiers.c.trust_id == OF_TRUST, among(identifiers.c.device_id), current(identifiers),
        identifiers.c.kind.in_(["MAC", "LOCAL_MAC"]),
    )
    .order_by(identifiers.c.kind, identifiers.c.identifier_id.desc())
)  # fmt: skip


def _whereabouts(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, dict[str, Any]]:
    """Where each device lives, and where, when and by whom it was met."""
    of_these = {"of_trust": trust_id, "among": device_ids}
    rows = connection.execute(_MET, of_these)
    # the latest wins; of addresses met at the same time, the IPv4 one is what people know a machine by
    met = sorted(rows, key=lambda row: (row.last_seen, ":" not in row.address, row.lane_id, row.address))
    found: dict[str, dict[str, Any]] = _unmet(connection, trust_id, device_ids)
    seen: set[str] = set()
    for row in met:
        if row.device_id not in seen:
            seen.add(row.device_id)
            found[row.device_id] |= {"address": "", "first_seen": row.first_seen, "unseen": {}}
        known = found[row.device_id]
        known |= {"last_seen": row.last_seen, "last_agent": row.agent_id, "last_method": row.method}
        known |= {"address": row.address or known["address"], "first_seen": min(known["first_seen"], row.first_seen)}
    for home in connection.execute(_HOMES, of_these):
        found[home.device_id] |= {"school_id": home.school_id, "site_id": home.site_id}
    return found


def _unmet(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, dict[str, Any]]:
    """What the rows say now: all that there is to say of devices that nobody has met.

    `unseen`: what their records say they are.
    """
    names = ("address", "first_seen", "last_seen", "last_agent", "last_method", "school_id", "site_id")
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(_ROWS, {"of_trust": trust_id, "among": device_ids}).mappings():
        recorded = {name: row[name] for name in _RECORDED} if row["last_method"] == RECORD else {}
        found[row["device_id"]] = {name: row[name] for name in names} | {"unseen": recorded}
    return found


_RECORDED = ("maker", "model", "serial", "name")  # of a device that nobody has seen, by its record


def _macs(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, str]:
    """Per device the MAC to show: the first that was told, a universal one before a local one."""
    rows = connection.execute(_MACS, {"of_trust": trust_id, "among": device_ids})
    return {row.device_id: row.value.rpartition("/")[2] for row in rows}
