"""Rows of the days on which claims were seen, in London: what was known on the day itself, and what came later.

A day counts once it is over, so that what is asked at two o'clock is answered the same for ever. `now` is the time to
record with (`history.moment`): a day that was over by then is a late one, with the time at which it became known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Insert, Row, Table, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from collector import london
from collector.store.batches import chunks
from collector.store.schema import claims, holders, lanes, late_days, presence

CHUNK = 500  # values of one IN list: SQLite and PostgreSQL both take it


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The last day on which a device was seen, and by whom and how; of several claims that day the oldest's."""

    day: date
    agent_id: str
    method: str


# ------------------------------------------------------------------------------------------------ noting


def note(connection: Connection, trust_id: str, seen: Mapping[int, datetime], now: datetime) -> None:
    """Note when claims were observed. The same again changes nothing; nobody saw tomorrow, so later is today."""
    today = london.day_of(now)
    days = {claim_id: min(london.day_of(observed), today) for claim_id, observed in seen.items()}
    late = {claim_id: day for claim_id, day in days.items() if day < today}
    _set(connection, trust_id, [claim_id for claim_id in days if claim_id not in late], today)
    _add(connection, trust_id, late, now)


def _set(connection: Connection, trust_id: str, claim_ids: list[int], today: date) -> None:
    if not claim_ids:
        return
    adding = upsert(connection, presence)
    both = presence.c.days.bitwise_or(adding.excluded.days)
    keys = ["trust_id", "claim_id", "month"]
    adding = adding.on_conflict_do_update(index_elements=keys, set_={"days": both}, where=presence.c.days != both)
    base = {"trust_id": trust_id, "month": _month(today), "days": 1 << (today.day - 1)}
    connection.execute(adding, [base | {"claim_id": claim_id} for claim_id in sorted(claim_ids)])


def _add(connection: Connection, trust_id: str, late: Mapping[int, date], now: datetime) -> None:
    if not late:
        return
    months = {_month(day) for day in late.values()}
    known = {(row.claim_id, row.month): row.days for row in _bits(connection, trust_id, late, months)}
    rows = [
        {"trust_id": trust_id, "claim_id": claim_id, "day": day, "recorded_from": now}
        for claim_id, day in sorted(late.items())
        if not known.get((claim_id, _month(day)), 0) >> (day.day - 1) & 1
    ]
    if rows:
        connection.execute(upsert(connection, late_days).on_conflict_do_nothing(), rows)


def upsert(connection: Connection, table: Table) -> Any:
    """An INSERT of the database's own dialect, which takes ON CONFLICT."""
    made: Insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    return made


def _bits(
    connection: Connection, trust_id: str, claim_ids: Iterable[int], months: Collection[int] = ()
) -> Iterator[Row[Any]]:
    for chunk in chunks(claim_ids):
        query = select(presence).where(presence.c.trust_id == trust_id, presence.c.claim_id.in_(chunk))
        yield from connection.execute(query.where(presence.c.month.in_(sorted(months))) if months else query)


# ------------------------------------------------------------------------------------------------ asking


def last_over(as_known: datetime | None) -> date:
    """The last day that counts at a time; without one every day that was noted counts."""
    return london.day_of(as_known) - timedelta(days=1) if as_known else date.max


def last_days(
    connection: Connection, trust_id: str, claim_ids: Collection[int], as_known: datetime | None
) -> dict[int, date]:
    """The last day on which each claim was seen, as known at a time, or now; claims never seen are left out."""
    return last_until(connection, trust_id, claim_ids, last_over(as_known), as_known)


def last_until(
    connection: Connection, trust_id: str, claim_ids: Collection[int], until: date, as_known: datetime | None
) -> dict[int, date]:
    """The same, of days up to `until`: `as_known` says which late ones were known."""
    found: dict[int, date] = {}
    for chunk in chunks(claim_ids):
        found |= _latest_bits(connection, trust_id, chunk, until, presence.c.month <= _month(until))
        for claim_id, day in _latest_late(connection, trust_id, chunk, until, as_known):
            found[claim_id] = max(day, found.get(claim_id, day))
    return found


def _latest_bits(
    connection: Connection, trust_id: str, claim_ids: list[int], until: date, months: ColumnElement[bool]
) -> dict[int, date]:
    """The latest day of each claim by its latest month; where that has none yet, by the month before."""
    mine = (presence.c.trust_id == trust_id) & presence.c.claim_id.in_(claim_ids) & months
    latest = select(presence.c.claim_id, func.max(presence.c.month).label("month")).where(mine)
    latest_rows = latest.group_by(presence.c.claim_id).subquery()
    same = (presence.c.claim_id == latest_rows.c.claim_id) & (presence.c.month == latest_rows.c.month)
    found: dict[int, date] = {}
    again = []
    for row in connection.execute(select(presence).join(latest_rows, same).where(presence.c.trust_id == trust_id)):
        last = (row.days & (1 << until.day) - 1 if row.month == _month(until) else row.days).bit_length()
        if last:
            found[row.claim_id] = date(row.month // 100, row.month % 100, last)
        else:
            again.append(row.claim_id)
    if again:
        found |= _latest_bits(connection, trust_id, again, until, presence.c.month < _month(until))
    return found


def _latest_late(
    connection: Connection, trust_id: str, claim_ids: list[int], until: date, as_known: datetime | None
) -> Iterator[tuple[int, date]]:
    query = select(late_days.c.claim_id, func.max(late_days.c.day).label("day")).where(
        late_days.c.trust_id == trust_id, late_days.c.claim_id.in_(claim_ids), late_days.c.day <= until
    )
    if as_known:
        query = query.where(late_days.c.recorded_from <= as_known)
    return ((row.claim_id, row.day) for row in connection.execute(query.group_by(late_days.c.claim_id)))


def late_since(connection: Connection, trust_id: str, claim_id: int, day: date) -> datetime | None:
    """When it became known that a claim was seen on a day; None where it was known on that day, or is not."""
    one = (late_days.c.trust_id == trust_id) & (late_days.c.claim_id == claim_id) & (late_days.c.day == day)
    found: datetime | None = connection.execute(select(late_days.c.recorded_from).where(one)).scalar()
    return found


def held(
    connection: Connection, trust_id: str, device_ids: Collection[str], as_known: datetime | None
) -> dict[str, list[int]]:
    """The claims of devices as believed at a time, or now: those that something saw, not those of records."""
    return {
        device_id: [row.claim_id for row in rows]
        for device_id, rows in _held(connection, trust_id, device_ids, as_known).items()
    }


def day_sets(
    connection: Connection, trust_id: str, device_ids: Collection[str], as_known: datetime | None
) -> dict[str, frozenset[date]]:
    """Every day on which devices were seen, as known at a time, or now."""
    until = last_over(as_known)
    of_device = held(connection, trust_id, device_ids, as_known)
    of_claim: dict[int, set[date]] = {claim_id: set() for claims_ in of_device.values() for claim_id in claims_}
    for row in _bits(connection, trust_id, of_claim):
        of_claim[row.claim_id] |= {day for day in _days(row.month, row.days) if day <= until}
    for chunk in chunks(of_claim):
        query = select(late_days).where(late_days.c.trust_id == trust_id, late_days.c.claim_id.in_(chunk))
        for row in connection.execute(query.where(late_days.c.day <= until)):
            if as_known is None or row.recorded_from <= as_known:
                of_claim[row.claim_id].add(row.day)
    return {
        device_id: frozenset[date]().union(*(of_claim[claim_id] for claim_id in claim_ids))
        for device_id, claim_ids in of_device.items()
    }


def last_seen(
    connection: Connection, trust_id: str, device_ids: Collection[str], as_known: datetime | None,
    until: date | None = None,
) -> dict[str, LastSeen]:  # fmt: skip
    """When, by whom and how devices were last seen, as known at a time or now, up to a day; the unseen are left out."""
    found = last_claims(connection, trust_id, device_ids, as_known, until)
    return {device_id: row for device_id, (row, _) in found.items()}


def last_claims(
    connection: Connection, trust_id: str, device_ids: Collection[str], as_known: datetime | None,
    until: date | None = None,
) -> dict[str, tuple[LastSeen, int]]:  # fmt: skip
    """The same, each with the claim that it rests on. What others told of a device counts where nothing met it."""
    of_device = _held(connection, trust_id, device_ids, as_known)
    claim_ids = [row.claim_id for rows in of_device.values() for row in rows]
    limit = last_over(as_known) if until is None else until
    days = last_until(connection, trust_id, claim_ids, limit, as_known)
    found = {}
    for device_id, rows in of_device.items():
        seen = [row for row in rows if row.claim_id in days]
        if seen:
            best = max(seen, key=lambda row: (not row.told_of, days[row.claim_id], -row.claim_id))
            found[device_id] = (LastSeen(days[best.claim_id], best.agent_id, best.method), best.claim_id)
    return found


def _held(
    connection: Connection, trust_id: str, device_ids: Collection[str], as_known: datetime | None
) -> dict[str, list[Row[Any]]]:
    claim = (claims.c.trust_id == holders.c.trust_id) & (claims.c.claim_id == holders.c.claim_id)
    lane = (lanes.c.trust_id == claims.c.trust_id) & (lanes.c.lane_id == claims.c.lane_id)
    columns = (holders.c.device_id, holders.c.claim_id, claims.c.method, claims.c.told_of, lanes.c.agent_id)
    query = select(*columns).join(claims, claim).join(lanes, lane).where(holders.c.trust_id == trust_id)
    found: dict[str, list[Row[Any]]] = {}
    for chunk in chunks(device_ids):
        of = query.where(holders.c.device_id.in_(chunk), believed(holders, as_known))
        rows: Iterable[Row[Any]] = connection.execute(of.order_by(holders.c.claim_id))
        for row in rows:
            found.setdefault(row.device_id, []).append(row)
    return found


def believed(table: FromClause, as_known: datetime | None) -> ColumnElement[bool]:
    """Rows of history that were believed at a time, or are now."""
    if as_known is None:
        return table.c.recorded_to.is_(None)
    return (table.c.recorded_from <= as_known) & or_(table.c.recorded_to.is_(None), table.c.recorded_to > as_known)


def _month(day: date) -> int:
    return day.year * 100 + day.month


def _days(month: int, bits: int) -> list[date]:
    return [date(month // 100, month % 100, bit + 1) for bit in range(31) if bits >> bit & 1]
