"""Rows of ages: reads what is known of devices for `age.assess`, and keeps what it says, with the time of the belief.

The whole assessment is kept as it was reasoned, so that a page can show today why the register said 2016 last August.
A belief that did not change is not written again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, false, func, insert, or_, select, update

from collector.age import Told
from collector.age.assess import FACTS, PAST_FACTS, Assessment, Dossier, as_told, heed
from collector.resolve.claims import RECORD
from collector.store import bounds, corrections, ids
from collector.store.batches import chunks
from collector.store.schema import ages, devices, facts, lanes

NOT_AGED = ("interface/%", "port/%")  # components by the thousand that never have an age of their own


def dossiers(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> Iterator[Dossier]:
    """What age is assessed from, for each of some devices."""
    for chunk in chunks(sorted(device_ids)):
        seen = select(devices.c.device_id, devices.c.first_seen, devices.c.last_method).where(
            devices.c.trust_id == trust_id, devices.c.device_id.in_(chunk)
        )
        first_seen = {
            row.device_id: None if row.last_method == RECORD else row.first_seen.date()
            for row in connection.execute(seen)
        }
        said = _facts(connection, trust_id, chunk)
        people = corrections.standing(connection, trust_id, chunk)
        for device_id in chunk:
            known = Dossier(device_id, tuple(said.get(device_id, ())), first_seen[device_id])
            stands = corrections.apply(device_id, as_told(known), people)
            yield heed(known, {cell: (one.value, one.correction_id) for cell, one in stands.items()})


def _facts(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, list[Told]]:
    """By device what was told, the statement that outweighs the others first, as in the register's row."""
    rows = connection.execute(
        select(facts, lanes.c.relayed, lanes.c.last_observed)
        .join(lanes, (lanes.c.trust_id == facts.c.trust_id) & (lanes.c.lane_id == facts.c.lane_id))
        .where(facts.c.trust_id == trust_id, facts.c.device_id.in_(device_ids), facts.c.recorded_to.is_(None))
        .where(facts.c.chosen, facts.c.name.in_(sorted(FACTS)))
        .where(or_(facts.c.observed_to.is_(None), facts.c.name.in_(sorted(PAST_FACTS))))
        .where(*(facts.c.component.not_like(pattern) for pattern in NOT_AGED))
    )
    ordered = sorted(
        rows, key=lambda row: (not row.relayed, row.observed_to is None, row.weight, row.last_observed, row.value)
    )
    found: dict[str, list[Told]] = {}
    for row in reversed(ordered):
        found.setdefault(row.device_id, []).append(_told(row))
    return found


def _told(row: Row[Any]) -> Told:
    value = json.loads(row.value)
    return Told(row.name, value, row.rule, row.group_name, row.locator, row.component, row.observed_from.date())


# ------------------------------------------------------------------------------------------------ beliefs


def keep(connection: Connection, trust_id: str, assessed: Mapping[str, Assessment], now: datetime) -> None:
    """Believe these assessments from now on, and bring the devices' rows up to date."""
    for chunk in chunks(sorted(assessed)):
        _believe(connection, trust_id, {device_id: assessed[device_id] for device_id in chunk}, now)
        _show(connection, trust_id, {device_id: assessed[device_id] for device_id in chunk})


def _believe(connection: Connection, trust_id: str, assessed: Mapping[str, Assessment], now: datetime) -> None:
    wanted = {
        (device_id, component): _written(part)
        for device_id, whole in assessed.items()
        for component, part in _by_component(whole)
    }
    known = {(row.device_id, row.component): row for row in _current(connection, trust_id, assessed)}
    ended = [row.age_id for key, row in known.items() if row.assessed != wanted.get(key)]
    where = (ages.c.trust_id == trust_id) & ages.c.age_id.in_(ended)
    connection.execute(update(ages).where(where).values(recorded_to=now))
    fresh = [key for key in wanted if key not in known or known[key].assessed != wanted[key]]
    if fresh:
        first = ids.take(connection, trust_id, "age", len(fresh))
        base = {"trust_id": trust_id, "recorded_from": now}
        connection.execute(
            insert(ages),
            [
                base | {"age_id": first + n, "device_id": key[0], "component": key[1], "assessed": wanted[key]}
                for n, key in enumerate(fresh)
            ],
        )


def _by_component(whole: Assessment) -> Iterator[tuple[str, Assessment]]:
    yield "", replace(whole, parts={})
    for component, part in whole.parts.items():
        yield component, Assessment(part)


def _current(connection: Connection, trust_id: str, device_ids: Collection[str]) -> list[Row[Any]]:
    query = select(ages).where(
        ages.c.trust_id == trust_id, ages.c.device_id.in_(sorted(device_ids)), ages.c.recorded_to.is_(None)
    )
    return list(connection.execute(query.order_by(ages.c.device_id, ages.c.component)))


def _written(assessment: Assessment) -> str:
    return msgspec.json.encode(assessment, order="deterministic").decode("utf-8")


def of(connection: Connection, trust_id: str, device_id: str) -> Assessment | None:
    """What is believed of a device's age and of its parts', or None where it was never assessed."""
    believed = {row.component: _read(row.assessed) for row in _current(connection, trust_id, [device_id])}
    whole = believed.pop("", None)
    return whole and replace(whole, parts={component: part.estimate for component, part in believed.items()})


@dataclass(frozen=True, slots=True)
class SupportCount:
    """Of the devices of a class: how many get no security updates any more, or paid for ones, or are not known."""

    devices: int
    ended: int
    extended: int
    unknown: int


def support_counts(
    connection: Connection, trust_id: str, today: date, school_ids: bounds.Schools = None
) -> dict[str, SupportCount]:
    """By class, whatever ends first of a device: its system, its firmware, the machine itself."""
    c = devices.c
    over = c.support_known & (c.support_ends < today)
    paid = over & (c.support_extended >= today)
    numbers = [func.count().filter(where) for where in (over & ~func.coalesce(paid, false()), paid, ~c.support_known)]
    mine = (c.trust_id == trust_id) & c.alias_of.is_(None) & bounds.within(c.school_id, school_ids)
    query = select(c["class"], func.count(), *numbers).where(mine).group_by(c["class"])
    return {name: SupportCount(*counted) for name, *counted in connection.execute(query)}


def _read(written: str) -> Assessment:
    return msgspec.json.decode(written, type=Assessment)


# ------------------------------------------------------------------------------------------------ the kept view


def _show(connection: Connection, trust_id: str, assessed: Mapping[str, Assessment]) -> None:
    rows = [{"id": device_id} | _columns(assessment) for device_id, assessment in assessed.items()]
    where = (devices.c.trust_id == trust_id) & (devices.c.device_id == bindparam("id"))
    names = [name for name in rows[0] if name != "id"]
    connection.execute(
        update(devices).where(where).values({name.removeprefix("new_"): bindparam(name) for name in names}), rows
    )


def _columns(assessment: Assessment) -> dict[str, Any]:
    """What the device's row shows: of several ends of support the first."""
    estimate = assessment.estimate
    ends: list[tuple[date, date | None]] = [(s.ends, s.extended) for s in assessment.support if s.known and s.ends]
    first, extended = min(ends, key=lambda pair: pair[0], default=(None, None))
    return {
        "new_made_earliest": estimate.earliest,
        "new_made_latest": estimate.latest,
        "new_made_best": estimate.best,
        "new_made_confidence": estimate.confidence.value,
        "new_made_contradicted": estimate.contradicted,
        "new_support_known": any(s.known for s in assessment.support),
        "new_support_ends": first,
        "new_support_extended": extended,
        "new_windows_11": assessment.readiness.verdict if assessment.readiness else "",
    }
