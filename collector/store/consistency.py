"""Rows of the standard catalogue, of what people say of schools and of their thresholds; devices as they are compared.

What is retired or disposed of is in none of its counts.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from collector.audit import GONE
from collector.benchmark.consistency import Entry, Thing
from collector.london import day_of
from collector.store import bounds, ids
from collector.store import schema as t

__all__ = ["Entry", "Said", "Thing"]  # and every function below

WHOLE_TRUST = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a school. `as_of`: the day that it is of, None where nobody said; `since`: when it was said."""

    field: str
    value: str
    as_of: date | None
    source: str
    since: datetime


class Dated(NamedTuple):
    """Devices of a school and class that were made on the same day, as far as known."""

    school_id: str
    device_class: str
    made: date | None
    devices: int


class Support(NamedTuple):
    """Devices of a school: all, those of which the end of support is known, and those past it."""

    school_id: str
    devices: int
    known: int
    ended: int


# ------------------------------------------------------------------------------------------------ devices


def _there(trust_id: str, school_ids: bounds.Schools) -> ColumnElement[bool]:
    c = t.devices.c
    return (
        (c.trust_id == trust_id) & c.alias_of.is_(None) & c.life.not_in(sorted(GONE))
        & bounds.within(c.school_id, school_ids)
    )  # fmt: skip


def things(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> list[Thing]:
    """Every device that is there, by school, class and name; with its uses where the catalogue tells uses apart."""
    c = t.devices.c
    query = select(c.device_id, c.name, c.school_id, c["class"], c.maker, c.model, c.firmware)
    query = query.where(_there(trust_id, school_ids)).order_by(c.school_id, c["class"], c.name, c.device_id)
    wanted = any(entry.use for entry in entries(connection, trust_id))
    uses = _uses(connection, trust_id) if wanted else {}
    return [Thing(*row, uses.get(row.device_id, ())) for row in connection.execute(query).all()]


def _uses(connection: Connection, trust_id: str) -> dict[str, tuple[str, ...]]:
    """What the records of devices are tagged with."""
    f, r = t.record_fields.c, t.records.c
    joined = (r.trust_id == f.trust_id) & (r.record_id == f.record_id)
    query = (
        select(r.device_id, f.value)
        .join_from(t.record_fields, t.records, joined)
        .where(f.trust_id == trust_id, f.field == "tags", f.recorded_to.is_(None), f.observed_to.is_(None))
    )
    found: dict[str, tuple[str, ...]] = {}
    for device_id, value in connection.execute(query):
        said = json.loads(value)
        found[device_id] = (*found.get(device_id, ()), *(said if isinstance(said, list) else [str(said)]))
    return found


def dated(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> list[Dated]:
    """Devices by school, class and the day on which they were probably made."""
    c = t.devices.c
    key = (c.school_id, c["class"], c.made_best)
    query = select(*key, func.count()).where(_there(trust_id, school_ids)).group_by(*key)
    return [Dated(*row) for row in connection.execute(query)]


def supported(
    connection: Connection, trust_id: str, today: date, school_ids: bounds.Schools = None
) -> list[Support]:  # fmt: skip
    """How many devices of each school are past the end of their support, paid extensions aside."""
    c = t.devices.c
    ended = c.support_known & (c.support_ends < today)
    counted = (func.count(), func.count().filter(c.support_known), func.count().filter(ended))
    query = select(c.school_id, *counted).where(_there(trust_id, school_ids)).group_by(c.school_id)
    return [Support(*row) for row in connection.execute(query)]


def told(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> dict[str, int]:
    """By school, devices of which any condition is known."""
    c, d = t.conditions.c, t.devices.c
    joined = (d.trust_id == c.trust_id) & (d.device_id == c.device_id)
    query = (
        select(d.school_id, func.count(c.device_id.distinct()))
        .join_from(t.conditions, t.devices, joined)
        .where(c.trust_id == trust_id, c.component == "", c.state != "unknown", _there(trust_id, school_ids))
        .group_by(d.school_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def present(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> set[str]:
    """Those of some devices that are there."""
    gone = select(t.devices.c.device_id).where(t.devices.c.trust_id == trust_id, t.devices.c.life.in_(sorted(GONE)))
    return set(device_ids) - set(connection.execute(gone).scalars())


# ------------------------------------------------------------------------------------------------ the catalogue


def entries(connection: Connection, trust_id: str) -> list[Entry]:
    """The catalogue as it stands, by class, use, maker and beginning."""
    c = t.catalogue_entries.c
    query = select(t.catalogue_entries).where(c.trust_id == trust_id, c.recorded_to.is_(None))
    found = [_entry(row) for row in connection.execute(query)]
    return sorted(
        found, key=lambda one: (one.device_class, one.use, one.maker, one.starts or date.min, one.models, one.entry_id)
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        entry_id=row.entry_id, device_class=row._mapping["class"], maker=row.maker,  # noqa: SLF001 - SQLAlchemy's public name
        models=tuple(json.loads(row.models)), use=row.use, starts=row.starts, ends=row.ends, successor=row.successor,
        note=row.note,
    )  # fmt: skip


def add_entry(connection: Connection, trust_id: str, entry: Entry, now: datetime) -> str:
    """Add a line to the catalogue; its id, which is a new one."""
    entry_id = ids.new()
    row = {
        "trust_id": trust_id, "entry_id": entry_id, "class": entry.device_class, "use": entry.use,
        "maker": entry.maker, "models": json.dumps(entry.models), "starts": entry.starts, "ends": entry.ends,
        "successor": entry.successor, "note": entry.note, "recorded_from": now,
    }  # fmt: skip
    connection.execute(insert(t.catalogue_entries), row)
    return entry_id


def end_entry(connection: Connection, trust_id: str, entry_id: str, now: datetime) -> bool:
    """Take a line out of the catalogue; False where it is not in it."""
    c = t.catalogue_entries.c
    where = (c.trust_id == trust_id) & (c.entry_id == entry_id) & c.recorded_to.is_(None)
    return bool(connection.execute(update(t.catalogue_entries).where(where).values(recorded_to=now)).rowcount)


# ------------------------------------------------------------------------------------------------ what is said


def facts(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> dict[str, dict[str, Said]]:
    """By school and field what is said; what holds for every school is under the empty id."""
    c = t.school_facts.c
    wanted = None if school_ids is None else {WHOLE_TRUST, *school_ids}
    query = select(t.school_facts).where(c.trust_id == trust_id, c.recorded_to.is_(None))
    found: dict[str, dict[str, Said]] = defaultdict(dict)
    for row in connection.execute(query.where(bounds.within(c.school_id, wanted))):
        found[row.school_id][row.field] = Said(row.field, row.value, row.as_of, row.source, row.recorded_from)
    return dict(found)


def say(
    connection: Connection, trust_id: str, school_id: str, said: Said, *, forgetting: bool = False
) -> None:  # fmt: skip
    """Say something of a school in place of what was said before; an empty value says nothing any more.

    `forgetting`: what was said before goes whole, because it names a person.
    """
    c = t.school_facts.c
    of_field = (c.trust_id == trust_id) & (c.school_id == school_id) & (c.field == said.field)
    before = update(t.school_facts).where(of_field, c.recorded_to.is_(None))
    connection.execute(before.values(recorded_to=said.since, **({"value": "", "source": ""} if forgetting else {})))
    if said.value:
        row = {
            "trust_id": trust_id, "school_fact_id": ids.new(), "school_id": school_id, "field": said.field,
            "value": said.value, "as_of": said.as_of, "source": said.source, "recorded_from": said.since,
        }  # fmt: skip
        connection.execute(insert(t.school_facts), row)


# ------------------------------------------------------------------------------------------------ thresholds


def thresholds(connection: Connection, trust_id: str) -> dict[str, tuple[float, str]]:
    """Value and reason of each threshold that the trust has set itself, by measure."""
    c = t.profile_thresholds.c
    query = select(c.measure, c.value, c.reason).where(c.trust_id == trust_id)
    return {row.measure: (row.value, row.reason) for row in connection.execute(query)}


def set_threshold(connection: Connection, trust_id: str, measure: str, row: Mapping[str, Any]) -> None:
    """Set a threshold of the trust's own; `row`: value, reason, made, made_by."""
    unset_threshold(connection, trust_id, measure)
    connection.execute(insert(t.profile_thresholds), {"trust_id": trust_id, "measure": measure, **row})


def unset_threshold(connection: Connection, trust_id: str, measure: str) -> bool:
    """Go back to what comes with Stocktake; False where the trust has set nothing."""
    c = t.profile_thresholds.c
    where = (c.trust_id == trust_id) & (c.measure == measure)
    return bool(connection.execute(delete(t.profile_thresholds).where(where)).rowcount)


# ------------------------------------------------------------------------------------------------ from GIAS


def gias_pupils(connection: Connection, trust_id: str) -> dict[str, tuple[int, date]]:
    """By school, pupils as the file of GIAS that came last says, and the day on which it came."""
    u, g = t.school_urns.c, t.gias_schools.c
    came = connection.execute(select(func.max(t.gias_files.c.brought)).where(t.gias_files.c.trust_id == trust_id))
    brought = came.scalar()
    if brought is None:
        return {}
    joined = (g.trust_id == u.trust_id) & (g.urn == u.urn)
    query = (
        select(u.school_id, g.pupils)
        .join_from(t.school_urns, t.gias_schools, joined)
        .where(u.trust_id == trust_id, u.recorded_to.is_(None), u.observed_to.is_(None), g.pupils > 0)
    )
    return {row.school_id: (round(row.pupils), day_of(brought)) for row in connection.execute(query)}
