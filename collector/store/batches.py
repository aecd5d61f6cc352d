"""Lists that a statement takes, and rows of numbered tables: what every module with SQL does the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Table, bindparam, insert

from collector.store import ids

CHUNK = 500  # values of one IN list: SQLite and PostgreSQL both take it

#: the trust in a statement that is built once: what every report asks is not put together anew each time
OF_TRUST: BindParameter[str] = bindparam("of_trust")


def among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition, in a statement that is built once, that a column is one of the values given as `among`."""
    return column.in_(bindparam("among", expanding=True))


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Values in lists that an IN takes."""
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def insert_numbered(
    connection: Connection, trust_id: str, table: Table, number: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Add rows of a numbered table; `number` is the counter's name, and the column's without its `_id`."""
    if rows:
        first = ids.take(connection, trust_id, number, len(rows))
        connection.execute(insert(table), [{**row, f"{number}_id": first + n} for n, row in enumerate(rows)])
