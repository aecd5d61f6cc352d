"""Rows of what a person says until the end of a day: the columns of `schema.base.undertaking`, whatever it is of."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ColumnElement, Connection, Table, update


def stands(table: Table, today: date) -> ColumnElement[bool]:
    """Rows that stand on a day: not taken back, and their last day is not over."""
    return table.c.ended.is_(None) & (table.c.until >= today)


def end(
    connection: Connection, table: Table, key: Column[str], trust_id: str, row_id: str, *, actor: str, now: datetime
) -> bool:
    """Take a row back before its day; False where there is none that could be."""
    where = (table.c.trust_id == trust_id) & (key == row_id) & table.c.ended.is_(None)
    return connection.execute(update(table).where(where).values(ended=now, ended_by=actor)).rowcount > 0
