"""Reads the register for pages, API, metrics and commands. Only reads, and only of the trust that it is given.

`school_ids`: the schools that whoever asks sees, as the door says; None for the whole trust.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import zlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select, true

from collector.facts import IdentifierKind
from collector.store import ages, bounds, corrections, said, searching
from collector.store import schema as t
from collector.store.rows import (
    AgeCount,
    AgentRow,
    CredentialUse,
    DecisionRow,
    DeviceDetail,
    DeviceRow,
    EvidenceDetail,
    EvidenceRow,
    FactRow,
    IdentifierRow,
    SchoolRow,
    Totals,
)

__all__ = [
    "AgeCount",
    "AgentRow",
    "DecisionRow",
    "DeviceDetail",
    "DeviceRow",
    "EvidenceDetail",
    "EvidenceRow",
    "FactRow",
    "IdentifierRow",
    "SchoolRow",
    "Totals",
    "age_counts",
    "agents",
    "class_counts",
    "device",
    "devices",
    "evidence",
    "school",
    "schools",
    "totals",
]


#: bands of age, each with the years that it ends at: those of 3- and 5-year budgets, and of what outlives them
AGE_BANDS = (("under 3 years", 3), ("3 to 5 years", 5), ("5 to 7 years", 7), ("7 to 10 years", 10))
OLDEST_BAND, NO_BAND = "10 years and more", "unknown"
CONFIDENCES, UNDATED = ("told", "high", "medium", "low"), "none"
DAYS_A_YEAR = 365.25


#: what rows may be sorted by -> column
SORTS = {
    "name": "name", "class": "class", "maker": "maker", "model": "model", "serial": "serial", "made": "made_best",
    "seen": "last_seen",
}  # fmt: skip


def schools(
    connection: Connection, trust_id: str, school_ids: bounds.Schools = None,
    known: Mapping[tuple[str, str], int] | None = None,
) -> list[SchoolRow]:  # fmt: skip
    """Every school of the trust, by name.

    `known`: devices by school and class, where they are counted already; empty where nobody asks how many there are.
    """
    counts: dict[str, dict[str, int]] = {}
    known = class_counts(connection, trust_id, school_ids) if known is None else known
    for (school_id, name), count in known.items():
        counts.setdefault(school_id, {})[name] = count
    urns = _current_urns(connection, trust_id)
    agent_counts, last_reports = _agents_by_school(connection, trust_id)
    unread = _unread_by_school(connection, trust_id)
    mine = (t.schools.c.trust_id == trust_id) & bounds.within(t.schools.c.school_id, school_ids)
    rows = connection.execute(select(t.schools).where(mine).order_by(t.schools.c.name))
    found = []
    for row in rows:
        classes = counts.get(row.school_id, {})
        found.append(
            SchoolRow(
                school_id=row.school_id,
                name=row.name,
                urn=urns.get(row.school_id, ""),
                devices=sum(classes.values()),
                classes=classes,
                agents=agent_counts.get(row.school_id, 0),
                last_report=last_reports.get(row.school_id),
                unread=unread.get(row.school_id, 0),
            )
        )
    return found


def school(connection: Connection, trust_id: str, school_id: str) -> SchoolRow | None:
    """One school, or None."""
    return next((row for row in schools(connection, trust_id) if row.school_id == school_id), None)


def devices(  # noqa: PLR0913 - what is asked for, by name
    connection: Connection, trust_id: str, *, school_id: str = "", device_class: str = "", life: str = "",
    search: str = "", standing: ColumnElement[bool] | None = None, limit: int = 500, offset: int = 0,
    school_ids: bounds.Schools = None, after: str | None = None, sort: str = "",
) -> list[DeviceRow]:  # fmt: skip
    """Rows of the register by school, class and name; what `search` looks into is said in `searching`.

    `standing`: of `conditions.standing`. `after`: by device id instead, those that follow one; "" begins. `sort`: one
    of SORTS before school, class and name; with "-" before it the other way round. What is not known comes last.
    """
    query = _device_query(trust_id).where(t.devices.c.alias_of.is_(None))
    query = query.where(bounds.within(t.devices.c.school_id, school_ids))
    if school_id:
        query = query.where(t.devices.c.school_id == school_id)
    if device_class:
        query = query.where(t.devices.c["class"] == device_class)
    if life:
        query = query.where(t.devices.c.life == life)
    if standing is not None:
        query = query.where(standing)
    if search:
        query = query.where(searching.finding(connection, trust_id, search))
    c = t.devices.c
    order: list[Any] = [t.schools.c.name, c["class"], c.name, c.address, c.device_id]
    if sort:
        column, down = t.devices.c[SORTS[sort.removeprefix("-")]], sort.startswith("-")
        unknown = column.is_(None) if sort.removeprefix("-") in ("made", "seen") else column == ""
        order = [unknown, column.desc() if down else column, *order]
    if after is not None:
        query, order = query.where(t.devices.c.device_id > after), order[-1:]
    rows = connection.execute(query.order_by(*order).limit(limit).offset(offset))
    return [_device_row(row) for row in rows]


def device(
    connection: Connection, trust_id: str, device_id: str, school_ids: bounds.Schools = None
) -> DeviceDetail | None:
    """Everything of one device; an alias leads to the surviving one, an id that was withdrawn to nothing.

    What was gathered of it at other schools than `school_ids` is said, and the evidence behind it is left out: it tells
    of what else is there.
    """
    query = select(t.devices.c.device_id, t.devices.c.alias_of).where(
        t.devices.c.trust_id == trust_id, t.devices.c.device_id == device_id
    )
    known = connection.execute(query).first()
    if known is None or known.alias_of == device_id:
        return None
    survivor = known.alias_of or known.device_id
    row = connection.execute(_device_query(trust_id).where(t.devices.c.device_id == survivor)).one()
    shown = _evidence_of(connection, trust_id, survivor, school_ids)
    return DeviceDetail(
        row=_device_row(row),
        aliases=_aliases(connection, trust_id, survivor),
        facts=said.facts_of(connection, trust_id, survivor, {(e[0], e[1].group): e[1] for e in reversed(shown)}),
        identifiers=_identifiers_of(connection, trust_id, survivor),
        decisions=_decisions_of(connection, trust_id, survivor),
        evidence=tuple(item for _, item in shown),
        unread=_unread_of(connection, trust_id, survivor),
        assessment=ages.of(connection, trust_id, survivor),
        corrections=_corrections_of(connection, trust_id, survivor),
    )


def evidence(
    connection: Connection, trust_id: str, evidence_id: int, school_ids: bounds.Schools = None
) -> EvidenceDetail | None:
    """One piece of evidence with its bytes, and the devices that it met, as far as they are at `school_ids`."""
    row = connection.execute(
        _evidence_query(trust_id).add_columns(t.contents.c.compressed).where(t.evidence.c.evidence_id == evidence_id)
    ).first()
    if row is None:
        return None
    met = select(t.meetings.c.device_id).where(t.meetings.c.trust_id == trust_id, t.meetings.c.lane_id == row.lane_id)
    met = met.where(bounds.devices_within(trust_id, t.meetings.c.device_id, school_ids))
    ids = connection.execute(met.distinct().order_by(t.meetings.c.device_id)).scalars()
    content = zlib.decompress(row.compressed) if row.compressed is not None else None
    return EvidenceDetail(_evidence_row(row), content, tuple(ids))


def agents(
    connection: Connection, trust_id: str, *, school_id: str = "", school_ids: bounds.Schools = None
) -> list[AgentRow]:
    """The agents, by school and name."""
    query = (
        select(t.agents, t.sites.c.school_id, t.sites.c.name.label("site"), t.schools.c.name.label("school"))
        .join(t.sites, (t.sites.c.trust_id == t.agents.c.trust_id) & (t.sites.c.site_id == t.agents.c.site_id))
        .join(t.schools, (t.schools.c.trust_id == t.sites.c.trust_id) & (t.schools.c.school_id == t.sites.c.school_id))
        .where(t.agents.c.trust_id == trust_id, bounds.within(t.sites.c.school_id, school_ids))
        .order_by(t.schools.c.name, t.agents.c.name, t.agents.c.agent_id)
    )
    if school_id:
        query = query.where(t.sites.c.school_id == school_id)
    waiting = _pending_by_agent(connection, trust_id)
    return [
        AgentRow(
            agent_id=row.agent_id,
            name=row.name,
            school_id=row.school_id,
            school_name=row.school,
            site_name=row.site,
            version=row.version,
            enrolled=row.enrolled,
            revoked=row.revoked,
            certificate_expires=row.certificate_expires,
            last_sync=row.last_sync,
            last_report=row.last_report,
            pending_reports=waiting.get(row.agent_id, 0),
            networks=tuple(json.loads(row.networks)),
            numbers=json.loads(row.numbers),
            troubles=tuple(json.loads(row.troubles)),
            credentials=tuple(CredentialUse(**use) for use in json.loads(row.credentials)),
        )
        for row in connection.execute(query)
    ]


def class_counts(
    connection: Connection, trust_id: str, school_ids: bounds.Schools = None
) -> dict[tuple[str, str], int]:
    """Devices by (school id, class)."""
    key = (t.devices.c.school_id, t.devices.c["class"])
    query = (
        select(*key, func.count())
        .where(t.devices.c.trust_id == trust_id, t.devices.c.alias_of.is_(None))
        .where(bounds.within(t.devices.c.school_id, school_ids))
        .group_by(*key)
    )
    return {(school_id, name): count for school_id, name, count in connection.execute(query)}


def age_counts(connection: Connection, trust_id: str, today: date, school_ids: bounds.Schools = None) -> list[AgeCount]:
    """Devices by school and class, of each band of age and of each confidence.

    Counted in one pass in the order of an index: a group for each band and confidence would be sorted first.
    """
    best, c = t.devices.c.made_best, t.devices.c
    since = [today - timedelta(days=round(years * DAYS_A_YEAR)) for _, years in AGE_BANDS]
    counted = [func.count(), func.count(best), *(_number(best > day) for day in since)]
    counted += [_number(c.made_confidence == word) for word in CONFIDENCES]
    key = (c.school_id, c["class"])
    mine = (c.trust_id == trust_id) & c.alias_of.is_(None) & bounds.within(c.school_id, school_ids)
    return [_age_count(*row) for row in connection.execute(select(*key, *counted).where(mine).group_by(*key))]


def _number(where: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(where)


def _age_count(school_id: str, device_class: str, devices: int, dated: int, *counted: int) -> AgeCount:
    """`counted`: how many are younger than the end of each band, and how many are of each confidence."""
    younger, believed = counted[: len(AGE_BANDS)], counted[len(AGE_BANDS) :]
    ends = [0, *younger, dated]
    bands = zip((*(band for band, _ in AGE_BANDS), OLDEST_BAND), itertools.pairwise(ends), strict=True)
    told = {NO_BAND: devices - dated} | {band: upper - lower for band, (lower, upper) in bands}
    sure = dict(zip(CONFIDENCES, believed, strict=True)) | {UNDATED: devices - sum(believed)}
    return AgeCount(
        school_id, device_class, {band: n for band, n in told.items() if n}, {word: n for word, n in sure.items() if n}
    )


def totals(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> Totals:
    """The trust's sums, or those of some schools."""

    def count(table: Table, *where: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(table.c.trust_id == trust_id, *where)
        return int(connection.execute(query).scalar_one())

    sited = bounds.sites_within(trust_id, t.agents.c.site_id, school_ids)
    lanes = select(t.lanes.c.lane_id).where(
        t.lanes.c.trust_id == trust_id, bounds.sites_within(trust_id, t.lanes.c.site_id, school_ids)
    )
    ours = select(t.agents.c.agent_id).where(t.agents.c.trust_id == trust_id, sited)
    brought = true() if school_ids is None else t.reports.c.agent_id.in_(ours)
    heard = true() if school_ids is None else t.unread.c.lane_id.in_(lanes)
    return Totals(
        devices=count(t.devices, t.devices.c.alias_of.is_(None), bounds.within(t.devices.c.school_id, school_ids)),
        schools=count(t.schools, bounds.within(t.schools.c.school_id, school_ids)),
        agents=count(t.agents, t.agents.c.revoked.is_(None), sited),
        pending_reports=count(t.reports, t.reports.c.state == "pending", brought),
        unread_reports=count(t.reports, t.reports.c.state == "unread", brought)
        + count(t.unread, t.unread.c.recorded_to.is_(None), heard),
    )


# ------------------------------------------------------------------------------------------------ parts


def _device_query(trust_id: str) -> Select[Any]:
    joined = (t.schools.c.trust_id == t.devices.c.trust_id) & (t.schools.c.school_id == t.devices.c.school_id)
    name = t.schools.c.name.label("school_name")
    return select(t.devices, name).join(t.schools, joined).where(t.devices.c.trust_id == trust_id)


#: what a row of a device has by the same name
_ITS_OWN = {field.name for field in dataclasses.fields(DeviceRow)} - {"device_class", "corrected", "as_read"}


def _device_row(row: Row[Any]) -> DeviceRow:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name
    lists = {"corrected": tuple(json.loads(row.corrected)), "as_read": json.loads(row.as_read)}
    return DeviceRow(device_class=values["class"], **lists, **{name: values[name] for name in _ITS_OWN})


def _corrections_of(connection: Connection, trust_id: str, device_id: str) -> tuple[corrections.Correction, ...]:
    cells = corrections.as_read(connection, trust_id, device_id) or {}
    said = corrections.standing(connection, trust_id, [device_id])
    return tuple(corrections.apply(device_id, cells, said).values())


def _aliases(connection: Connection, trust_id: str, device_id: str) -> tuple[str, ...]:
    query = select(t.devices.c.device_id).where(t.devices.c.trust_id == trust_id, t.devices.c.alias_of == device_id)
    return tuple(connection.execute(query.order_by(t.devices.c.device_id)).scalars())


def _identifiers_of(connection: Connection, trust_id: str, device_id: str) -> tuple[IdentifierRow, ...]:
    query = select(t.identifiers).where(
        t.identifiers.c.trust_id == trust_id,
        t.identifiers.c.device_id == device_id,
        t.identifiers.c.recorded_to.is_(None),
    )
    rows = [IdentifierRow(row.kind, row.value, row.observed_from) for row in connection.execute(query)]
    return tuple(sorted(rows, key=lambda row: (IdentifierKind[row.kind], row.value)))


def _decisions_of(connection: Connection, trust_id: str, device_id: str) -> tuple[DecisionRow, ...]:
    query = select(t.decisions).where(t.decisions.c.trust_id == trust_id, t.decisions.c.device_id == device_id)
    rows = connection.execute(query.order_by(t.decisions.c.decision_id))
    return tuple(DecisionRow(row.verdict, row.reason, row.recorded_from) for row in rows)


def _evidence_query(trust_id: str) -> Select[Any]:
    content = (t.contents.c.trust_id == t.evidence.c.trust_id) & (t.contents.c.digest == t.evidence.c.digest)
    lane = (t.lanes.c.trust_id == t.evidence.c.trust_id) & (t.lanes.c.lane_id == t.evidence.c.lane_id)
    agent = (t.agents.c.trust_id == t.lanes.c.trust_id) & (t.agents.c.agent_id == t.lanes.c.agent_id)
    subject = (
        t.lanes.c.kind,
        t.lanes.c.address,
        t.lanes.c.network,
        t.lanes.c.source,
        t.lanes.c.method,
        t.lanes.c.agent_id,
    )
    return (
        select(t.evidence, *subject, t.agents.c.name.label("agent_name"), t.contents.c.size_bytes)
        .join(t.lanes, lane)
        .join(t.agents, agent)
        .outerjoin(t.contents, content)
        .where(t.evidence.c.trust_id == trust_id)
    )


def _evidence_row(row: Row[Any]) -> EvidenceRow:
    subject = row.address or row.source or row.network or "the agent's own machine"
    return EvidenceRow(
        evidence_id=row.evidence_id,
        subject=subject,
        method=row.method,
        group=row.group_name,
        outcome=row.outcome,
        detail=row.detail,
        digest=row.digest.hex() if row.digest else "",
        size_bytes=row.size_bytes or 0,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        first_observed=row.first_observed,
        last_observed=row.last_observed,
        receive_time=row.receive_time,
    )


def _evidence_of(
    connection: Connection, trust_id: str, device_id: str, school_ids: bounds.Schools
) -> list[tuple[int, EvidenceRow]]:
    """The evidence of every lane that met the device or speaks of it, with the lane's number, newest first."""
    met = select(t.meetings.c.lane_id).where(t.meetings.c.trust_id == trust_id, t.meetings.c.device_id == device_id)
    said = select(t.facts.c.lane_id).where(t.facts.c.trust_id == trust_id, t.facts.c.device_id == device_id)
    known = met.union(said.where(t.facts.c.recorded_to.is_(None)))
    query = _evidence_query(trust_id).where(t.evidence.c.lane_id.in_(known))
    query = query.where(bounds.sites_within(trust_id, t.lanes.c.site_id, school_ids))
    rows = connection.execute(
        query.order_by(t.evidence.c.last_observed.desc(), t.evidence.c.evidence_id.desc()).limit(500)
    )
    return [(row.lane_id, _evidence_row(row)) for row in rows]


def _unread_of(connection: Connection, trust_id: str, device_id: str) -> tuple[tuple[str, str, str], ...]:
    met = select(t.meetings.c.lane_id).where(t.meetings.c.trust_id == trust_id, t.meetings.c.device_id == device_id)
    query = select(t.unread).where(
        t.unread.c.trust_id == trust_id, t.unread.c.lane_id.in_(met), t.unread.c.recorded_to.is_(None)
    )
    rows = connection.execute(query.order_by(t.unread.c.unread_id))
    return tuple((row.rule, f"{row.group_name} {row.locator}".strip(), row.reason) for row in rows)


def _current_urns(connection: Connection, trust_id: str) -> dict[str, str]:
    query = select(t.school_urns.c.school_id, t.school_urns.c.urn).where(
        t.school_urns.c.trust_id == trust_id,
        t.school_urns.c.recorded_to.is_(None),
        t.school_urns.c.observed_to.is_(None),
    )
    return {row.school_id: row.urn for row in connection.execute(query)}


def _agents_by_school(connection: Connection, trust_id: str) -> tuple[dict[str, int], dict[str, datetime]]:
    rows = connection.execute(
        select(t.sites.c.school_id, func.count().label("agents"), func.max(t.agents.c.last_report).label("last"))
        .join(t.sites, (t.sites.c.trust_id == t.agents.c.trust_id) & (t.sites.c.site_id == t.agents.c.site_id))
        .where(t.agents.c.trust_id == trust_id, t.agents.c.revoked.is_(None))
        .group_by(t.sites.c.school_id)
    ).all()
    return {row.school_id: row.agents for row in rows}, {row.school_id: row.last for row in rows if row.last}


def _unread_by_school(connection: Connection, trust_id: str) -> dict[str, int]:
    rows = connection.execute(
        select(t.sites.c.school_id, func.count())
        .select_from(t.unread)
        .join(t.lanes, (t.lanes.c.trust_id == t.unread.c.trust_id) & (t.lanes.c.lane_id == t.unread.c.lane_id))
        .join(t.sites, (t.sites.c.trust_id == t.lanes.c.trust_id) & (t.sites.c.site_id == t.lanes.c.site_id))
        .where(t.unread.c.trust_id == trust_id, t.unread.c.recorded_to.is_(None))
        .group_by(t.sites.c.school_id)
    )
    return {school_id: count for school_id, count in rows}  # noqa: C416 - rows are not pairs to the type checker


def _pending_by_agent(connection: Connection, trust_id: str) -> dict[str, int]:
    query = select(t.reports.c.agent_id, func.count()).where(
        t.reports.c.trust_id == trust_id, t.reports.c.state == "pending"
    )
    return {agent_id: count for agent_id, count in connection.execute(query.group_by(t.reports.c.agent_id))}  # noqa: C416
