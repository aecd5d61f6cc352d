"""Rows of the journal. The chain that binds them is computed by `collector.journal`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from collector.store.schema import journal


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as stored. `detail` is JSON text, `hash` the chain value up to and including it."""

    position: int
    time: datetime
    actor: str
    action: str
    detail: str
    hash: bytes


def last(connection: Connection, trust_id: str) -> Entry | None:
    """The newest entry, or None in an empty journal."""
    row = connection.execute(
        select(journal).where(journal.c.trust_id == trust_id).order_by(journal.c.position.desc()).limit(1)
    ).first()
    return _entry(row) if row else None


def entries(connection: Connection, trust_id: str) -> Iterator[Entry]:
    """All entries in order."""
    rows = connection.execute(select(journal).where(journal.c.trust_id == trust_id).order_by(journal.c.position))
    return (_entry(row) for row in rows)


def latest(
    connection: Connection, trust_id: str, *, limit: int, before: int = 0, actor: str = "", action: str = ""
) -> list[Entry]:
    """Some entries, the newest first: those before a position, of one actor, of one kind."""
    c = journal.c
    query = select(journal).where(c.trust_id == trust_id)
    for given, condition in ((before, c.position < before), (actor, c.actor == actor), (action, c.action == action)):
        if given:
            query = query.where(condition)
    return [_entry(row) for row in connection.execute(query.order_by(c.position.desc()).limit(limit))]


def actions(connection: Connection, trust_id: str) -> list[str]:
    """What was ever done, by name."""
    query = select(journal.c.action).where(journal.c.trust_id == trust_id).distinct().order_by(journal.c.action)
    return list(connection.scalars(query))


def add(connection: Connection, trust_id: str, entry: Entry) -> None:
    """Append one entry."""
    connection.execute(
        insert(journal).values(
            trust_id=trust_id, position=entry.position, time=entry.time, actor=entry.actor, action=entry.action,
            detail=entry.detail, hash=entry.hash,
        )
    )  # fmt: skip


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.position, row.time, row.actor, row.action, row.detail, row.hash)
