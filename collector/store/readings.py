"""Rows of readings: what changes at every walk, kept as it was told last, with a summary of each day.

Facts are history: a change closes a row and adds one. What changes every five minutes would fill the register with
rows that nobody asks for, so it is kept here: the latest, the one before (for rates), and least, most and last of each
London day. The time series belongs to Prometheus. A reading belongs to a claim and so to whatever device holds that.

`changes` counts, by day, how often a word became another, or a counter (uptime, errors) began anew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from collector.facts import Fact, Value
from collector.london import day_of
from collector.store.batches import OF_TRUST, among, chunks
from collector.store.evidence import Lane
from collector.store.schema import claims, devices, reading_days, readings

KEEP_DAYS = 400
LONGEST_FILL = 31  # days that one unchanged content can be filled in for
COUNTERS = frozenset({"uptime", "errors_in", "errors_out", "discards_in", "discards_out", "pages", "ports_looked_at"})
#: numbers that are told anew at every walk
READING_NAMES = COUNTERS | {
    "temperature", "processor_temperature", "processor_load", "memory_load", "memory_used", "load", "load_1_minutes",
    "load_5_minutes", "load_15_minutes", "used", "free", "consumption", "ports_fed", "ports_with_power_faults", "level",
    "charge", "runtime", "seconds_on_battery", "voltage", "current", "power", "humidity", "duty", "light_sent",
    "light_received", "alarms", "cycles", "media_errors", "health", "lamp_hours", "spare", "wear",
    "reallocated_sectors", "pending_sectors",
}  # fmt: skip
#: by name, the first words of the components of which it is a reading ("" is the device itself)
READING_OF = {"speed": {"interface", "fan"}, "status": {"", "interface", "tray", "cover", "supply"}, "problems": {""},
              "duplex": {"interface"}, "power_state": {"power over ethernet"},
              "power_class": {"power over ethernet"}}  # fmt: skip
#: numbers of which every day has a summary
SUMMED = READING_NAMES - COUNTERS - {"voltage", "current", "cycles", "lamp_hours"} | {"pages", "uptime"}
#: counters that are told where they are not zero, beside how many ports were looked at
SPARSE, LOOKED = frozenset({"errors_in", "errors_out", "discards_in", "discards_out"}), "ports_looked_at"
UPTIME_WRAPS = 496 * 86_400  # seconds: sysUpTime counts hundredths in 32 bits, so it begins anew after 497 days


def is_reading(fact: Fact) -> bool:
    """Whether a statement is a reading and no fact of history."""
    if fact.name in READING_OF:
        return fact.component.partition("/")[0] in READING_OF[fact.name]
    numeric = isinstance(fact.value, int | float) and not isinstance(fact.value, bool)
    return fact.name in READING_NAMES and numeric


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading as it stands, and the one before."""

    component: str
    name: str
    value: Value
    unit: str
    observed: datetime
    previous: Value | None
    earlier: datetime | None
    changes: int
    changes_before: int
    day: date
    rule: str
    group: str
    locator: str
    weight: int
    lane_id: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """What a number was on a day."""

    component: str
    name: str
    day: date
    least: float
    most: float
    last: float


Said = tuple[int, str, Sequence[Fact]]  # claim, device, what stands of its statements
Key = tuple[int, str, str]  # claim, component, name


def keep(connection: Connection, trust_id: str, lane: Lane, said: Iterable[Said]) -> set[str]:
    """Note what a lane's evidence reads now; the devices of which something newer was read.

    Evidence that comes late changes the summaries of its days and nothing else. A reading that a complete answer does
    not have any more goes.
    """
    said = list(said)
    whose = {claim_id: device_id for claim_id, device_id, _ in said}
    wanted = {
        (claim_id, fact.component, fact.name): fact for claim_id, _, facts in said for fact in facts if is_reading(fact)
    }
    known = _known(connection, trust_id, whose)
    rows = [_row(lane, key, fact, known.get(key)) for key, fact in wanted.items()]
    for row in rows:
        if row and row["name"] in SPARSE and _key(row) not in known:
            row.update(_from_zero(row, known.get((row["claim_id"], "", LOOKED)), wanted))
    fresh = [row for row in rows if row and _key(row) not in known]
    newer = [row for row in rows if row and _key(row) in known]
    if fresh:
        connection.execute(insert(readings), [{"trust_id": trust_id} | row for row in fresh])
    _update(connection, trust_id, newer)
    gone = [key for key, row in known.items() if key not in wanted and _is_gone(lane, row)]
    _delete(connection, trust_id, gone)
    _summarise(connection, trust_id, lane, wanted, known)
    return {whose[key[0]] for key in (*(_key(row) for row in (*fresh, *newer)), *gone)}


def _known(connection: Connection, trust_id: str, claim_ids: Iterable[int]) -> dict[Key, Row[Any]]:
    found: dict[Key, Row[Any]] = {}
    for chunk in chunks(sorted(claim_ids)):
        rows = connection.execute(_OF_CLAIMS, {"of_trust": trust_id, "among": chunk})
        found |= {(row.claim_id, row.component, row.name): row for row in rows}
    return found


def _key(row: Mapping[str, Any]) -> Key:
    return row["claim_id"], row["component"], row["name"]


def _times(lane: Lane, group: str) -> tuple[datetime, datetime]:
    """Since when, and until when, a group of a lane was seen to say what it says."""
    found = lane.groups.get(group)
    return (found.first_observed, found.last_observed) if found else (lane.observed, lane.observed)


def _row(lane: Lane, key: Key, fact: Fact, known: Row[Any] | None) -> dict[str, Any] | None:
    """The row that a reading becomes, or None where nothing of it is new."""
    _, observed = _times(lane, fact.source.group)
    value = json.dumps(fact.value, ensure_ascii=False)
    day = day_of(observed)
    row: dict[str, Any] = {
        "claim_id": key[0], "component": fact.component, "name": fact.name, "value": value, "unit": fact.unit,
        "observed": observed, "previous": "", "earlier": None, "changes": 0, "changes_before": 0, "day": day,
        "rule": fact.rule, "group_name": fact.source.group, "locator": fact.source.locator, "weight": fact.weight,
    }  # fmt: skip
    if known is None:
        return row
    same = {"previous": known.previous, "earlier": known.earlier, "changes": known.changes,
            "changes_before": known.changes_before}  # fmt: skip
    if observed <= known.observed:  # the same evidence, read by other rules; or late
        return row | same if observed == known.observed and value != known.value else None
    turned = int(_changed(fact.name, json.loads(known.value), fact.value))
    before = {known.day: known.changes_before, known.day + timedelta(days=1): known.changes}.get(day, 0)
    today = known.changes if known.day == day else 0
    counts = {"changes": today + turned, "changes_before": before}
    return row | {"previous": known.value, "earlier": known.observed} | counts


def _from_zero(row: Mapping[str, Any], looked: Row[Any] | None, wanted: Mapping[Key, Fact]) -> dict[str, Any]:
    """What came before a count that is told for the first time: zero, where as many ports were looked at before."""
    now = wanted.get((row["claim_id"], "", LOOKED))
    if looked is None or now is None or looked.group_name != row["group_name"] or looked.observed >= row["observed"]:
        return {}
    return {"previous": "0", "earlier": looked.observed} if json.loads(looked.value) == now.value else {}


def _changed(name: str, before: Value, value: Value) -> bool:
    if isinstance(before, str) or isinstance(value, str):
        return before != value
    return name in COUNTERS and value < before and not (name == "uptime" and before > UPTIME_WRAPS)


def _is_gone(lane: Lane, row: Row[Any]) -> bool:
    group = lane.groups.get(row.group_name)
    observed = _times(lane, row.group_name)[1]
    return (group is None or group.complete) and observed >= row.observed


def _update(connection: Connection, trust_id: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    values = [{f"new_{name}": row[name] for name in _CHANGING} for row in rows]
    keys = [{"of_trust": trust_id} | _where(_key(row)) for row in rows]
    connection.execute(_CHANGE, [key | value for key, value in zip(keys, values, strict=True)])


def _delete(connection: Connection, trust_id: str, keys: list[Key]) -> None:
    if keys:
        where = (readings.c.trust_id == trust_id) & _is_row()
        connection.execute(delete(readings).where(where), [_where(key) for key in keys])


def _is_row() -> Any:
    return (
        (readings.c.claim_id == bindparam("in_claim"))
        & (readings.c.component == bindparam("in_component"))
        & (readings.c.name == bindparam("in_name"))
    )


def _where(key: Key) -> dict[str, Any]:
    return {"in_claim": key[0], "in_component": key[1], "in_name": key[2]}


_OF_CLAIMS = select(readings).where(readings.c.trust_id == OF_TRUST, among(readings.c.claim_id))
_CHANGING = (
    "value", "unit", "observed", "previous", "earlier", "changes", "changes_before", "day", "rule", "group_name",
    "locator", "weight",
)  # fmt: skip
_CHANGE = (
    update(readings)
    .where(readings.c.trust_id == OF_TRUST, _is_row())
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)


# ------------------------------------------------------------------------------------------------ days


def _summarise(
    connection: Connection, trust_id: str, lane: Lane, wanted: Mapping[Key, Fact], known: Mapping[Key, Row[Any]]
) -> None:
    """Bring the summaries of the days up to date on which these readings were seen."""
    told: dict[tuple[Key, date], tuple[float, datetime]] = {}
    for key, fact in wanted.items():
        if fact.name in SUMMED and isinstance(fact.value, int | float) and math.isfinite(fact.value):
            for day, seen in _days(_times(lane, fact.source.group), known.get(key)):
                told[key, day] = (float(fact.value), seen)
    if not told:
        return
    there = _day_rows(connection, trust_id, {key[0] for key, _ in told}, {day for _, day in told})
    fresh, changed = [], []
    for (key, day), (value, seen) in told.items():
        row = there.get((key, day))
        named = {"claim_id": key[0], "component": key[1], "name": key[2], "day": day}
        if row is None:
            numbers = {"least": value, "most": value, "last": value, "last_observed": seen}
            fresh.append({"trust_id": trust_id} | named | numbers)
        elif seen > row.last_observed or not row.least <= value <= row.most:
            newest = seen > row.last_observed
            changed.append(_where(key) | {
                "in_day": day, "new_least": min(row.least, value), "new_most": max(row.most, value),
                "new_last": value if newest else row.last, "new_seen": max(seen, row.last_observed),
            })  # fmt: skip
    if fresh:
        connection.execute(insert(reading_days), fresh)
    _change_days(connection, trust_id, changed)


def _days(times: tuple[datetime, datetime], known: Row[Any] | None) -> Iterator[tuple[date, datetime]]:
    """The days on which something was seen, each with the last time: those since it was noted last, or all if late."""
    first, last = times
    since = first if known is None or last < known.observed else max(first, known.observed)
    day, end = day_of(since), day_of(last)
    day = max(day, end - timedelta(days=LONGEST_FILL))
    while day < end:
        yield day, max(since, first)
        day += timedelta(days=1)
    yield end, last


def _day_rows(
    connection: Connection, trust_id: str, claim_ids: set[int], days: set[date]
) -> dict[tuple[Key, date], Row[Any]]:
    found: dict[tuple[Key, date], Row[Any]] = {}
    for chunk in chunks(sorted(claim_ids)):
        rows = connection.execute(_OF_DAYS, {"of_trust": trust_id, "among": chunk, "days": sorted(days)})
        found |= {((row.claim_id, row.component, row.name), row.day): row for row in rows}
    return found


_OF_DAYS = select(reading_days).where(
    reading_days.c.trust_id == OF_TRUST, among(reading_days.c.claim_id),
    reading_days.c.day.in_(bindparam("days", expanding=True)),
)  # fmt: skip
_CHANGE_DAYS = (
    update(reading_days)
    .where(
        reading_days.c.trust_id == OF_TRUST, reading_days.c.claim_id == bindparam("in_claim"),
        reading_days.c.component == bindparam("in_component"), reading_days.c.name == bindparam("in_name"),
        reading_days.c.day == bindparam("in_day"),
    )
    .values({name: bindparam(f"new_{name}") for name in ("least", "most", "last")})
    .values(last_observed=bindparam("new_seen"))
)  # fmt: skip


def _change_days(connection: Connection, trust_id: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(_CHANGE_DAYS, [{"of_trust": trust_id} | row for row in rows])


def days(connection: Connection, trust_id: str, device_id: str, since: date, names: Iterable[str] = ()) -> list[DayRow]:
    """The summaries of a device's readings from a day on, by component, name and day; of some names alone."""
    mine = select(claims.c.claim_id).where(
        claims.c.trust_id == trust_id, claims.c.device_id == device_id, claims.c.recorded_to.is_(None)
    )
    query = select(reading_days).where(
        reading_days.c.trust_id == trust_id, reading_days.c.claim_id.in_(mine), reading_days.c.day >= since
    )
    if names := list(names):
        query = query.where(reading_days.c.name.in_(names))
    found: dict[tuple[str, str, date], DayRow] = {}
    for row in connection.execute(query.order_by(reading_days.c.last_observed)):
        key = (row.component, row.name, row.day)
        other = found.get(key)
        least, most = (min(other.least, row.least), max(other.most, row.most)) if other else (row.least, row.most)
        found[key] = DayRow(row.component, row.name, row.day, least, most, row.last)
    return [found[key] for key in sorted(found)]


def prune(connection: Connection, trust_id: str, before: date) -> int:
    """Forget the summaries of the days before one; returns how many."""
    where = (reading_days.c.trust_id == trust_id) & (reading_days.c.day < before)
    return connection.execute(delete(reading_days).where(where)).rowcount


# ------------------------------------------------------------------------------------------------ reading them


def latest(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, list[ReadingRow]]:
    """By device its readings, of each the one that was told last, by component and name."""
    found: dict[str, dict[tuple[str, str], ReadingRow]] = {}
    for chunk in chunks(sorted(device_ids)):
        holders = {row.claim_id: row for row in connection.execute(_HELD, {"of_trust": trust_id, "among": chunk})}
        rows = [
            row
            for part in chunks(sorted(holders))
            for row in connection.execute(_OF_CLAIMS, {"of_trust": trust_id, "among": part})
        ]
        for row in sorted(rows, key=lambda row: (row.observed, row.claim_id)):
            holder = holders[row.claim_id]
            found.setdefault(holder.device_id, {})[row.component, row.name] = _read(row, holder.lane_id)
    return {device_id: [told[key] for key in sorted(told)] for device_id, told in found.items()}


#: claims, whose they are, and their lanes; asked first: SQLite would read all readings there are to join them
_HELD = select(claims.c.claim_id, claims.c.device_id, claims.c.lane_id).where(
    claims.c.trust_id == OF_TRUST, among(claims.c.device_id), claims.c.recorded_to.is_(None)
)


def of_school(connection: Connection, trust_id: str, school_id: str) -> Iterator[tuple[str, str, str, str]]:
    """Device, component, name and value (JSON) of every reading of a school's devices, the latest last."""
    here = select(devices.c.device_id).where(
        devices.c.trust_id == trust_id, devices.c.school_id == school_id, devices.c.alias_of.is_(None)
    )
    mine = (claims.c.trust_id == trust_id) & claims.c.device_id.in_(here) & claims.c.recorded_to.is_(None)
    holders = {
        row.claim_id: row.device_id
        for row in connection.execute(select(claims.c.claim_id, claims.c.device_id).where(mine))
    }
    c = readings.c
    query = select(c.claim_id, c.component, c.name, c.value, c.observed).where(
        c.trust_id == trust_id, c.claim_id.in_(select(claims.c.claim_id).where(mine))
    )
    for claim_id, component, name, value, _ in sorted(connection.execute(query), key=lambda row: (row[4], row[0])):
        yield holders[claim_id], component, name, value


def _read(row: Row[Any], lane_id: int) -> ReadingRow:
    return ReadingRow(
        row.component, row.name, json.loads(row.value), row.unit, row.observed,
        json.loads(row.previous) if row.previous else None, row.earlier, row.changes, row.changes_before, row.day,
        row.rule, row.group_name, row.locator, row.weight, lane_id,
    )  # fmt: skip


__all__ = [
    "COUNTERS", "KEEP_DAYS", "READING_NAMES", "DayRow", "ReadingRow", "days", "is_reading", "keep", "latest",
    "of_school", "prune",
]  # fmt: skip
