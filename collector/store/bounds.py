"""At which schools things are: what the door asks before somebody who sees some schools alone may have one of them.

It knows no person and no route. Every function answers with the schools of everything that a thing is about, so that
what joins two schools is for those alone who see both. Nothing is said of what is not there: the empty set.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select, true

from collector.store import schema as t
from collector.store import school_lives

#: the schools that somebody sees; None: the whole trust
Schools = Collection[str] | None
Found = frozenset[str]

NOWHERE: Found = frozenset()


def within(column: ColumnElement[Any], school_ids: Schools) -> ColumnElement[bool]:
    """The condition that a column names one of some schools; always so for who sees the whole trust."""
    return true() if school_ids is None else column.in_(sorted(school_ids))


def sites_within(trust_id: str, column: ColumnElement[Any], school_ids: Schools) -> ColumnElement[bool]:
    """The condition that a column names a site of one of some schools."""
    if school_ids is None:
        return true()
    mine = (t.sites.c.trust_id == trust_id) & t.sites.c.school_id.in_(sorted(school_ids))
    return column.in_(select(t.sites.c.site_id).where(mine))


def devices_within(trust_id: str, column: ColumnElement[Any], school_ids: Schools) -> ColumnElement[bool]:
    """The condition that a column names a device that is at one of some schools."""
    if school_ids is None:
        return true()
    mine = (t.devices.c.trust_id == trust_id) & t.devices.c.school_id.in_(sorted(school_ids))
    return column.in_(select(t.devices.c.device_id).where(mine))


# ------------------------------------------------------------------------------------------------ where things are


def of_school(connection: Connection, trust_id: str, school_id: str) -> Found:
    """A school is at itself, if there is one."""
    where = (t.schools.c.trust_id == trust_id) & (t.schools.c.school_id == school_id)
    return frozenset(connection.execute(select(t.schools.c.school_id).where(where)).scalars())


def of_place(connection: Connection, trust_id: str, named: str) -> Found:
    """The school that somebody means by its id, name or URN, or by School/Site; the empty set where that is several."""
    wanted = named.strip().casefold()
    found = {s.school_id for s in school_lives.schools(connection, trust_id) if wanted in (s.name.casefold(), s.urn)}
    joined = (t.schools.c.trust_id == t.sites.c.trust_id) & (t.schools.c.school_id == t.sites.c.school_id)
    query = select(t.sites.c.school_id, t.sites.c.name, t.schools.c.name.label("school")).join(t.schools, joined)
    for row in connection.execute(query.where(t.sites.c.trust_id == trust_id)):
        if wanted == f"{row.school}/{row.name}".casefold():
            found.add(row.school_id)
    found |= of_school(connection, trust_id, named)
    return frozenset(found) if len(found) == 1 else NOWHERE


def of_device(connection: Connection, trust_id: str, device_id: str) -> Found:
    """Where a device is now; of one that became another, where that is."""
    return _of_devices(connection, trust_id, [device_id])


def of_evidence(connection: Connection, trust_id: str, evidence_id: str) -> Found:
    """Where evidence was gathered: it may tell of everything there."""
    lane = (t.lanes.c.trust_id == t.evidence.c.trust_id) & (t.lanes.c.lane_id == t.evidence.c.lane_id)
    site = (t.sites.c.trust_id == t.lanes.c.trust_id) & (t.sites.c.site_id == t.lanes.c.site_id)
    query = select(t.sites.c.school_id).select_from(t.evidence).join(t.lanes, lane).join(t.sites, site)
    where = (t.evidence.c.trust_id == trust_id) & (t.evidence.c.evidence_id == _number(evidence_id))
    return frozenset(connection.execute(query.where(where)).scalars())


def of_file(connection: Connection, trust_id: str, document_id: str) -> Found:
    """Where the device is of whose record a file is."""
    record = (t.records.c.trust_id == t.documents.c.trust_id) & (t.records.c.record_id == t.documents.c.record_id)
    query = select(t.records.c.device_id).join(t.documents, record)
    where = (t.documents.c.trust_id == trust_id) & (t.documents.c.document_id == document_id)
    return _of_devices(connection, trust_id, connection.execute(query.where(where)).scalars())


def of_record(connection: Connection, trust_id: str, record_id: str) -> Found:
    """Where the device of a record is."""
    where = (t.records.c.trust_id == trust_id) & (t.records.c.record_id == record_id)
    return _of_devices(connection, trust_id, connection.execute(select(t.records.c.device_id).where(where)).scalars())


def of_wish(connection: Connection, trust_id: str, wish_id: str) -> Found:
    """The school at which something was wished."""
    where = (t.wishes.c.trust_id == trust_id) & (t.wishes.c.wish_id == wish_id)
    return frozenset(connection.execute(select(t.wishes.c.school_id).where(where)).scalars())


def of_tie(connection: Connection, trust_id: str, tie_id: str) -> Found:
    """The school of the room that something is tied to."""
    site = (t.sites.c.trust_id == t.ties.c.trust_id) & (t.sites.c.site_id == t.ties.c.site_id)
    where = (t.ties.c.trust_id == trust_id) & (t.ties.c.tie_id == tie_id)
    return frozenset(connection.execute(select(t.sites.c.school_id).join(t.ties, site).where(where)).scalars())


def of_site(connection: Connection, trust_id: str, site_id: str) -> Found:
    """The school of a site."""
    where = (t.sites.c.trust_id == trust_id) & (t.sites.c.site_id == site_id)
    return frozenset(connection.execute(select(t.sites.c.school_id).where(where)).scalars())


def of_question(connection: Connection, trust_id: str, question_id: str) -> Found:
    """Where both devices are of which something is asked."""
    return _of_pair(connection, trust_id, t.questions, t.questions.c.question_id == _number(question_id))


def of_word(connection: Connection, trust_id: str, word_id: str) -> Found:
    """Where both devices are of which a person said something."""
    return _of_pair(connection, trust_id, t.words, t.words.c.word_id == word_id)


def of_decision(connection: Connection, trust_id: str, decision_id: str) -> Found:
    """Where both devices are that a merge joined or a split parted."""
    c = t.decisions.c
    query = select(c.device_id, c.other_device_id).where(c.trust_id == trust_id, c.decision_id == _number(decision_id))
    return _of_devices(connection, trust_id, (one for row in connection.execute(query) for one in row if one))


def of_correction(connection: Connection, trust_id: str, correction_id: str) -> Found:
    """Where the device of a correction is; one of all alike is of the whole trust, so of no school."""
    c = t.corrections.c
    query = select(c.device_id, c.scope).where(c.trust_id == trust_id, c.correction_id == correction_id)
    rows = connection.execute(query).all()
    if any(row.scope != "device" for row in rows):
        return NOWHERE
    return _of_devices(connection, trust_id, {row.device_id for row in rows})


def of_change(connection: Connection, trust_id: str, change_id: str) -> Found:
    """Where all devices are of whose records an act says something. A list may be about any device: of no school."""
    where = (t.changes.c.trust_id == trust_id) & (t.changes.c.change_id == change_id)
    row = connection.execute(select(t.changes.c.asked).where(where)).first()
    if row is None:
        return NOWHERE
    if row.asked:
        return _of_devices(connection, trust_id, json.loads(row.asked).get("devices", ()))
    field, record = t.record_fields.c, t.records.c
    joined = (record.trust_id == field.trust_id) & (record.record_id == field.record_id)
    query = select(record.device_id).join(t.record_fields, joined).where(record.trust_id == trust_id)
    mine = query.where(or_(field.change_id == change_id, field.closed_by == change_id)).distinct()
    return _of_devices(connection, trust_id, connection.execute(mine).scalars())


def of_reconciliation(connection: Connection, trust_id: str, reconciliation_id: str) -> Found:
    """The school that a brought register is of, or all, and those of the devices that its rows turned out to be."""
    mine = (t.reconciliations.c.trust_id == trust_id) & (t.reconciliations.c.reconciliation_id == reconciliation_id)
    row = connection.execute(select(t.reconciliations.c.school_id).where(mine)).first()
    if row is None:
        return NOWHERE
    lines = (t.reconciled.c.trust_id == trust_id) & (t.reconciled.c.reconciliation_id == reconciliation_id)
    met = connection.execute(select(t.reconciled.c.device_id).where(lines, t.reconciled.c.device_id != "").distinct())
    schools = school_lives.schools_of(connection, trust_id, met.scalars())
    whole = {one.school_id for one in school_lives.schools(connection, trust_id)} if not row.school_id else set()
    return frozenset({*schools.values(), *whole, *filter(None, [row.school_id])})


def of_check(connection: Connection, trust_id: str, check_id: str) -> Found:
    """The school that a physical check is of."""
    where = (t.shelf_checks.c.trust_id == trust_id) & (t.shelf_checks.c.check_id == check_id)
    return frozenset(connection.execute(select(t.shelf_checks.c.school_id).where(where)).scalars())


# ------------------------------------------------------------------------------------------------ shared


def _of_devices(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> Found:
    """The schools of all of some devices; the empty set where one of them is at none."""
    wanted = set(device_ids)
    found = school_lives.schools_of(connection, trust_id, wanted)
    return frozenset(found.values()) if found.keys() == wanted else NOWHERE


def _of_pair(connection: Connection, trust_id: str, table: Table, where: ColumnElement[bool]) -> Found:
    query = select(table.c.device_a, table.c.device_b).where(table.c.trust_id == trust_id, where)
    pair = {one for row in connection.execute(query) for one in row if one}
    return _of_devices(connection, trust_id, pair) if pair else NOWHERE


def _number(text: str) -> int:
    """A row's number; 0, which none has, where it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
