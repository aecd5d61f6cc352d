"""Rows of the history of conditions: every state from when to when, as was believed when.

It is told what turned and what late evidence says of the past, and puts both among what is believed already; rows that
are believed no more are closed and never changed. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from collector.store import schema as t
from collector.store.batches import chunks, insert_numbered
from collector.store.history import moment

KEY = ("device_id", "aspect", "component")
Key = tuple[str, str, str]  # device, aspect, component


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A state that a condition had, from when to when; `until` None: it still has it."""

    aspect: str
    component: str
    state: str
    sentence: str
    since: datetime
    until: datetime | None
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A state from when to when, both included."""

    key: Key
    state: str
    sentence: str
    since: datetime
    until: datetime


def turn(
    connection: Connection, trust_id: str, turned: Sequence[tuple[Key, str, str, datetime]], now: datetime
) -> None:
    """End the states that conditions had, and begin those that they have; state "" begins none."""
    believed = _believed(connection, trust_id, {key[0] for key, *_ in turned})
    fresh: list[dict[str, Any]] = []
    closed: list[int] = []
    for key, state, sentence, since in turned:
        for row in believed.get(key, ()):
            if row.observed_to is None:
                closed.append(row.condition_change_id)
                if since > row.observed_from:
                    fresh.append(_again(row, row.observed_from, since))
        if state:
            fresh.append(_row(key, state, sentence, since, None))
    _write(connection, trust_id, closed, fresh, now)


def remember(connection: Connection, trust_id: str, spans: Sequence[Span], now: datetime) -> None:
    """Put states into history at their true times, among what is believed already."""
    for span in spans:
        rows = _believed(connection, trust_id, {span.key[0]}).get(span.key, [])
        touched = [row for row in rows if _meets(row, span)]
        if not any(_holds(row, span, now) for row in touched):
            closed = [row.condition_change_id for row in touched]
            _write(connection, trust_id, closed, list(_with(span, touched)), now)


def _meets(row: Row[Any], span: Span) -> bool:
    return bool(row.observed_from <= span.until and (row.observed_to is None or row.observed_to >= span.since))


def _holds(row: Row[Any], span: Span, now: datetime) -> bool:
    """Whether a state that is believed says all that a span does."""
    return bool(row.state == span.state and row.observed_from <= span.since and (row.observed_to or now) >= span.until)


def _with(span: Span, touched: Sequence[Row[Any]]) -> Iterator[dict[str, Any]]:
    """What stands in place of the rows that a span meets: it with those of its state, and what it leaves of others."""
    same = [row for row in touched if row.state == span.state]
    since = min([span.since, *(row.observed_from for row in same)])
    until = max([span.until, *(row.observed_to or span.until for row in same)])
    yield _row(span.key, span.state, same[0].sentence if same else span.sentence, since, until)
    for row in touched:
        if row.state != span.state and row.observed_from < since:
            yield _again(row, row.observed_from, since)
        if row.state != span.state and (row.observed_to is None or row.observed_to > until):
            yield _again(row, until, row.observed_to)


def _row(key: Key, state: str, sentence: str, since: datetime, until: datetime | None) -> dict[str, Any]:
    named = dict(zip(KEY, key, strict=True)) | {"state": state, "sentence": sentence}
    return named | {"observed_from": since, "observed_to": until}


def _again(row: Row[Any], since: datetime, until: datetime | None) -> dict[str, Any]:
    return _row((row.device_id, row.aspect, row.component), row.state, row.sentence, since, until)


def _believed(connection: Connection, trust_id: str, device_ids: set[str]) -> dict[Key, list[Row[Any]]]:
    found: dict[Key, list[Row[Any]]] = {}
    changes = t.condition_changes.c
    for chunk in chunks(sorted(device_ids)):
        query = select(t.condition_changes).where(
            changes.trust_id == trust_id, changes.device_id.in_(chunk), changes.recorded_to.is_(None)
        )
        for row in connection.execute(query.order_by(changes.observed_from, changes.condition_change_id)):
            found.setdefault((row.device_id, row.aspect, row.component), []).append(row)
    return found


def _write(
    connection: Connection, trust_id: str, closed: Sequence[int], fresh: Sequence[dict[str, Any]], now: datetime
) -> None:
    if not closed and not fresh:
        return
    when = moment(connection, trust_id, now)
    for chunk in chunks(closed):
        where = t.condition_changes.c.trust_id == trust_id
        where &= t.condition_changes.c.condition_change_id.in_(chunk)
        connection.execute(update(t.condition_changes).where(where).values(recorded_to=when))
    rows = [{"trust_id": trust_id} | row | {"recorded_from": when} for row in fresh]
    insert_numbered(connection, trust_id, t.condition_changes, "condition_change", rows)


def history(connection: Connection, trust_id: str, device_id: str) -> list[ChangeRow]:
    """The states that a device's conditions had, as is believed now; the latest first."""
    rows = [row for listed in _believed(connection, trust_id, {device_id}).values() for row in listed]
    ordered = sorted(rows, key=lambda row: (row.observed_from, row.condition_change_id), reverse=True)
    return [
        ChangeRow(r.aspect, r.component, r.state, r.sentence, r.observed_from, r.observed_to, r.recorded_from)
        for r in ordered
    ]
