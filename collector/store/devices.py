"""Rows of devices: who claims which identifier, what is said of each, where it lives. Writes only what it is told.

A change of history closes a row (`recorded_to`) and adds one. The `device` row itself is a view kept for speed: it is
made anew from facts, meetings and residencies by `refresh`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, insert, or_, select, tuple_, update

from collector.facts import Fact, Identifier, IdentifierKind, Reading
from collector.resolve import Claimant, Claims, Decision, Verdict
from collector.store import ids
from collector.store.evidence import Lane
from collector.store.schema import decisions, devices, facts, identifiers, lanes, meetings, residencies, sites

CHUNK = 500  # values of one IN list: SQLite and PostgreSQL both take it


def current(table: Table) -> ColumnElement[bool]:
    """Rows of history that are believed now, of what is so now."""
    return table.c.recorded_to.is_(None) & table.c.observed_to.is_(None)


@dataclass(frozen=True, slots=True)
class Change:
    """What settling a reading did to the register: how many statements came, went, and how the device was found."""

    device_id: str
    verdict: Verdict
    added: int
    closed: int


def claims(connection: Connection, trust_id: str, said: Collection[Identifier]) -> Claims:
    """Every device that claims any of the identifiers, with all that identifies it."""
    wanted = sorted((item.kind.name, item.value) for item in said)
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        query = select(identifiers.c.device_id).where(
            identifiers.c.trust_id == trust_id,
            tuple_(identifiers.c.kind, identifiers.c.value).in_(wanted[start : start + CHUNK]),
            current(identifiers),
        )
        found |= set(connection.execute(query).scalars())
    return _claimants(connection, trust_id, sorted(found))


def _claimants(connection: Connection, trust_id: str, device_ids: list[str]) -> Claims:
    of: dict[str, set[Identifier]] = {}
    rank: dict[str, datetime] = {}
    for start in range(0, len(device_ids), CHUNK):
        rows = connection.execute(
            select(identifiers.c.device_id, identifiers.c.kind, identifiers.c.value, devices.c.created)
            .join(
                devices,
                (devices.c.trust_id == identifiers.c.trust_id) & (devices.c.device_id == identifiers.c.device_id),
            )
            .where(
                identifiers.c.trust_id == trust_id,
                identifiers.c.device_id.in_(device_ids[start : start + CHUNK]),
                current(identifiers),
            )
        )
        for row in rows:
            of.setdefault(row.device_id, set()).add(Identifier(IdentifierKind[row.kind], row.value))
            rank[row.device_id] = row.created
    return Claims({key: Claimant(key, (rank[key],), frozenset(value)) for key, value in of.items()})


def met_by(connection: Connection, trust_id: str, lane_id: int, address: str) -> str | None:
    """The device that a lane met at an address last, or None."""
    return connection.execute(
        select(meetings.c.device_id)
        .where(meetings.c.trust_id == trust_id, meetings.c.lane_id == lane_id, meetings.c.address == address)
        .order_by(meetings.c.last_seen.desc(), meetings.c.device_id)
        .limit(1)
    ).scalar()


def settle(
    connection: Connection, trust_id: str, lane: Lane, reading: Reading, decision: Decision, now: datetime
) -> Change:
    """Give a reading to the device that was decided: make or merge it, and bring its history up to date."""
    school_id = _school(connection, trust_id, lane.site_id)
    device_id = decision.device_id
    if device_id is None:
        device_id = _make(connection, trust_id, lane, school_id, now)
    for other in decision.absorbed:
        _absorb(connection, trust_id, device_id, other, now)
    if decision.verdict is not Verdict.SAME:
        _explain(connection, trust_id, device_id, lane, decision, now)
    _meet(connection, trust_id, lane, device_id, reading.locators or (lane.subject.address,))
    _identify(connection, trust_id, lane, device_id, reading.identifiers, now)
    added, closed = _state(connection, trust_id, lane, device_id, reading, now)
    _reside(connection, trust_id, lane, device_id, school_id, now)
    return Change(device_id, decision.verdict, added, closed)


def _school(connection: Connection, trust_id: str, site_id: str) -> str:
    query = select(sites.c.school_id).where(sites.c.trust_id == trust_id, sites.c.site_id == site_id)
    return str(connection.execute(query).scalar_one())


def _make(connection: Connection, trust_id: str, lane: Lane, school_id: str, now: datetime) -> str:
    device_id = ids.new()
    connection.execute(
        insert(devices).values(
            trust_id=trust_id, device_id=device_id, created=now, school_id=school_id, site_id=lane.site_id,
            first_seen=lane.observed, last_seen=lane.observed, last_agent=lane.agent_id, last_method=lane.method.name,
        )
    )  # fmt: skip
    return device_id


def _explain(
    connection: Connection, trust_id: str, device_id: str, lane: Lane, decision: Decision, now: datetime
) -> None:
    for other in decision.absorbed or (None,):
        connection.execute(
            insert(decisions).values(
                trust_id=trust_id, decision_id=ids.take(connection, trust_id, "decision"), device_id=device_id,
                verdict=decision.verdict.value, other_device_id=other, lane_id=lane.lane_id, reason=decision.reason,
                recorded_from=now,
            )
        )  # fmt: skip


def _absorb(connection: Connection, trust_id: str, survivor: str, other: str, now: datetime) -> None:
    """Move what is believed of one device to another; the old id stays an alias, the old rows stay history."""
    for table, number in ((facts, "fact"), (identifiers, "identifier")):
        believed = (table.c.trust_id == trust_id) & (table.c.device_id == other) & table.c.recorded_to.is_(None)
        rows = [dict(row) for row in connection.execute(select(table).where(believed)).mappings()]
        connection.execute(update(table).where(believed).values(recorded_to=now))
        first = ids.take(connection, trust_id, number, len(rows)) if rows else 0
        for offset, row in enumerate(rows):
            row |= {"device_id": survivor, "recorded_from": now, f"{number}_id": first + offset}
        if rows:
            connection.execute(insert(table), rows)
    for met in connection.execute(
        select(meetings).where(meetings.c.trust_id == trust_id, meetings.c.device_id == other)
    ).all():
        _note_meeting(connection, trust_id, survivor, met.lane_id, met.address, met.first_seen, met.last_seen)
    open_residency = (residencies.c.trust_id == trust_id) & (residencies.c.device_id == other)
    connection.execute(update(residencies).where(open_residency, current(residencies)).values(recorded_to=now))
    alias = (devices.c.trust_id == trust_id) & ((devices.c.device_id == other) | (devices.c.alias_of == other))
    connection.execute(update(devices).where(alias).values(alias_of=survivor))


def _meet(connection: Connection, trust_id: str, lane: Lane, device_id: str, addresses: Iterable[str]) -> None:
    for address in addresses:
        _note_meeting(connection, trust_id, device_id, lane.lane_id, address, lane.observed, lane.observed)


def _note_meeting(
    connection: Connection, trust_id: str, device_id: str, lane_id: int, address: str, first: datetime, last: datetime
) -> None:
    key = {"trust_id": trust_id, "device_id": device_id, "lane_id": lane_id, "address": address}
    where = and_(*(meetings.c[name] == value for name, value in key.items()))
    known = connection.execute(select(meetings.c.first_seen, meetings.c.last_seen).where(where)).first()
    if known is None:
        connection.execute(insert(meetings).values(**key, first_seen=first, last_seen=last))
    elif last > known.last_seen or first < known.first_seen:
        seen = {"first_seen": min(first, known.first_seen), "last_seen": max(last, known.last_seen)}
        connection.execute(update(meetings).where(where).values(seen))


def _identify(
    connection: Connection, trust_id: str, lane: Lane, device_id: str, said: Sequence[Identifier], now: datetime
) -> None:
    query = select(identifiers.c.kind, identifiers.c.value).where(
        identifiers.c.trust_id == trust_id, identifiers.c.device_id == device_id, current(identifiers)
    )
    known = {(row.kind, row.value) for row in connection.execute(query)}
    fresh = [item for item in said if (item.kind.name, item.value) not in known]
    if fresh:
        first = ids.take(connection, trust_id, "identifier", len(fresh))
        base = {"trust_id": trust_id, "device_id": device_id, "lane_id": lane.lane_id, "observed_from": lane.observed,
                "recorded_from": now}  # fmt: skip
        rows = [base | {"identifier_id": first + n, "kind": i.kind.name, "value": i.value} for n, i in enumerate(fresh)]
        connection.execute(insert(identifiers), rows)


Statement = tuple[str, str, str, str, int, bool, str, str, str]


def _statement(fact: Fact, *, chosen: bool) -> Statement:
    value = json.dumps(fact.value, ensure_ascii=False)
    source = fact.source
    return (fact.component, fact.name, value, fact.unit, fact.weight, chosen, fact.rule, source.group, source.locator)


_COLUMNS = ("component", "name", "value", "unit", "weight", "chosen", "rule", "group_name", "locator")


def _state(
    connection: Connection, trust_id: str, lane: Lane, device_id: str, reading: Reading, now: datetime
) -> tuple[int, int]:
    """Bring a lane's statements about a device up to date; returns how many came and went.

    What a cut group no longer says is kept: only a complete answer shows that something is gone.
    """
    chosen = {id(fact) for fact in reading.chosen}
    wanted = {_statement(fact, chosen=id(fact) in chosen) for fact in reading.facts}
    where = (facts.c.trust_id == trust_id) & (facts.c.lane_id == lane.lane_id) & (facts.c.device_id == device_id)
    known: dict[Statement, Row[Any]] = {}
    for row in connection.execute(select(facts).where(where, current(facts))):
        known[tuple(getattr(row, name) for name in _COLUMNS)] = row
    replaced = {(statement[0], statement[1]) for statement in wanted}
    gone = [row for s, row in known.items() if s not in wanted and _is_gone(lane, s, replaced)]
    fresh = sorted(wanted - known.keys(), key=repr)
    _close(connection, trust_id, lane, gone, now)
    _add(connection, trust_id, lane, device_id, fresh, now)
    return len(fresh), len(gone)


def _is_gone(lane: Lane, statement: Statement, replaced: set[tuple[str, str]]) -> bool:
    group = lane.groups.get(statement[7])
    return (statement[0], statement[1]) in replaced or group is None or group.complete


def _since(lane: Lane, group: str) -> datetime:
    """Since when a group of a lane has said what it says now."""
    found = lane.groups.get(group)
    return found.first_observed if found else lane.observed


def _close(connection: Connection, trust_id: str, lane: Lane, gone: list[Row[Any]], now: datetime) -> None:
    """End statements.

    Newer evidence: it was so until then, and that is believed on. The same evidence: a rule changed its mind, and
    nothing of the statement is believed any more.
    """
    for start in range(0, len(gone), CHUNK):
        chunk = (facts.c.trust_id == trust_id) & facts.c.fact_id.in_(
            [row.fact_id for row in gone[start : start + CHUNK]]
        )
        connection.execute(update(facts).where(chunk).values(recorded_to=now))
    ended = [
        dict(row._mapping) | {"observed_to": until, "recorded_from": now}  # noqa: SLF001 - SQLAlchemy's public name
        for row in gone
        if (until := _since(lane, row.group_name)) > row.observed_from
    ]
    _insert(connection, trust_id, ended)


def _add(
    connection: Connection, trust_id: str, lane: Lane, device_id: str, fresh: list[Statement], now: datetime
) -> None:
    base = {"trust_id": trust_id, "device_id": device_id, "lane_id": lane.lane_id, "recorded_from": now}
    rows = [base | dict(zip(_COLUMNS, s, strict=True)) | {"observed_from": _since(lane, s[7])} for s in fresh]
    _insert(connection, trust_id, rows)


def _insert(connection: Connection, trust_id: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        first = ids.take(connection, trust_id, "fact", len(rows))
        connection.execute(insert(facts), [row | {"fact_id": first + n} for n, row in enumerate(rows)])


def _reside(connection: Connection, trust_id: str, lane: Lane, device_id: str, school_id: str, now: datetime) -> None:
    """Note where the device lives: a device met at another school later moves there."""
    where = and_(residencies.c.trust_id == trust_id, residencies.c.device_id == device_id, current(residencies))
    known = connection.execute(select(residencies).where(where).order_by(residencies.c.observed_from.desc())).first()
    if known and (known.site_id == lane.site_id or lane.observed <= known.observed_from):
        return
    if known:
        _close_residency(connection, trust_id, known, lane.observed, now)
    connection.execute(
        insert(residencies).values(
            trust_id=trust_id, residency_id=ids.take(connection, trust_id, "residency"), device_id=device_id,
            school_id=school_id, site_id=lane.site_id, observed_from=lane.observed, recorded_from=now,
        )
    )  # fmt: skip


def _close_residency(connection: Connection, trust_id: str, known: Row[Any], until: datetime, now: datetime) -> None:
    """End a residency: that it goes on is no longer believed; that it lasted until then is."""
    row = (residencies.c.trust_id == trust_id) & (residencies.c.residency_id == known.residency_id)
    connection.execute(update(residencies).where(row).values(recorded_to=now))
    ended = dict(known._mapping) | {"observed_to": until, "recorded_from": now}  # noqa: SLF001 - SQLAlchemy's public name
    ended["residency_id"] = ids.take(connection, trust_id, "residency")
    connection.execute(insert(residencies).values(ended))


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
}


def refresh(connection: Connection, trust_id: str, device_ids: Collection[str]) -> None:
    """Make the rows of some devices anew from what is believed of them now."""
    for device_id in sorted(device_ids):
        said = _best(connection, trust_id, device_id)
        row: dict[str, Any] = {column: str(said.get(name, "")) for column, name in _VIEW.items()}
        row["class"] = row["class"] or "unknown"
        row |= _whereabouts(connection, trust_id, device_id)
        where = (devices.c.trust_id == trust_id) & (devices.c.device_id == device_id)
        connection.execute(update(devices).where(where).values(row))


def _best(connection: Connection, trust_id: str, device_id: str) -> dict[str, Any]:
    """Per name the chosen statement that outweighs the others; what a device said itself beats what was relayed."""
    rows = connection.execute(
        select(facts.c.name, facts.c.value, facts.c.weight, lanes.c.relayed, lanes.c.last_observed)
        .join(lanes, (lanes.c.trust_id == facts.c.trust_id) & (lanes.c.lane_id == facts.c.lane_id))
        .where(
            facts.c.trust_id == trust_id, facts.c.device_id == device_id, current(facts),
            facts.c.component == "", facts.c.chosen, facts.c.name.in_(list(_VIEW.values())),
        )
    )  # fmt: skip
    ordered = sorted(rows, key=lambda row: (not row.relayed, row.weight, row.last_observed, row.value))
    return {row.name: json.loads(row.value) for row in ordered}


def _whereabouts(connection: Connection, trust_id: str, device_id: str) -> dict[str, Any]:
    met = connection.execute(
        select(meetings, lanes.c.agent_id, lanes.c.method)
        .join(lanes, (lanes.c.trust_id == meetings.c.trust_id) & (lanes.c.lane_id == meetings.c.lane_id))
        .where(meetings.c.trust_id == trust_id, meetings.c.device_id == device_id)
        .order_by(meetings.c.last_seen.desc(), meetings.c.lane_id.desc())
    ).all()
    home = connection.execute(
        select(residencies.c.school_id, residencies.c.site_id)
        .where(
            residencies.c.trust_id == trust_id,
            residencies.c.device_id == device_id,
            current(residencies),
        )
        .order_by(residencies.c.observed_from.desc())
        .limit(1)
    ).first()
    mac = connection.execute(
        select(identifiers.c.value)
        .where(
            identifiers.c.trust_id == trust_id, identifiers.c.device_id == device_id, current(identifiers),
            or_(identifiers.c.kind == "MAC", identifiers.c.kind == "LOCAL_MAC"),
        )
        .order_by(identifiers.c.kind.desc(), identifiers.c.identifier_id)
        .limit(1)
    ).scalar()  # fmt: skip
    found: dict[str, Any] = {"mac": (mac or "").rpartition("/")[2]}
    if met:
        found |= {
            "address": next((row.address for row in met if row.address), ""),
            "first_seen": min(row.first_seen for row in met),
            "last_seen": met[0].last_seen,
            "last_agent": met[0].agent_id,
            "last_method": met[0].method,
        }
    if home:
        found |= {"school_id": home.school_id, "site_id": home.site_id}
    return found
