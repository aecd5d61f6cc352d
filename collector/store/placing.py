"""Puts evidence that arrives after what came later in its place in time.

Rows of one group of one lane never overlap: each is the time for which the group read one way. So the same evidence
gives the same rows whatever order it came in, but for this: where late evidence falls into a row, the row ends at its
first time, for when it read so last before that is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from collector.store import ids
from collector.store.schema import evidence

_TIMES = ("first_observed", "last_observed", "evidence_id", "trust_id")


def place(connection: Connection, trust_id: str, said: Mapping[str, Any], observed: datetime) -> None:
    """Put a group's evidence among the rows of its lane. `said`: the columns of its row, without times and number."""
    where = (evidence.c.trust_id == trust_id) & (evidence.c.lane_id == said["lane_id"])
    where &= evidence.c.group_name == said["group_name"]
    rows = connection.execute(select(evidence).where(where).order_by(evidence.c.first_observed)).all()
    before = [row for row in rows if row.first_observed <= observed]
    after = [row for row in rows if row.first_observed > observed]
    if before and _reads_so(before[-1], said):
        _move(connection, trust_id, before[-1], {"last_observed": max(observed, before[-1].last_observed)})
    elif before and before[-1].last_observed > observed:
        _split(connection, trust_id, before[-1], said, observed)
    elif after and _reads_so(after[0], said):
        _move(connection, trust_id, after[0], {"first_observed": observed})
    else:
        _add(connection, trust_id, said, observed, observed)


def _reads_so(row: Row[Any], said: Mapping[str, Any]) -> bool:
    return bool(row.outcome == said["outcome"] and row.digest == said["digest"])


def _split(connection: Connection, trust_id: str, row: Row[Any], said: Mapping[str, Any], observed: datetime) -> None:
    rest = {name: value for name, value in row._mapping.items() if name not in _TIMES}  # noqa: SLF001 - public name
    _move(connection, trust_id, row, {"last_observed": row.first_observed})
    _add(connection, trust_id, said, observed, observed)
    _add(connection, trust_id, rest, row.last_observed, row.last_observed)


def _move(connection: Connection, trust_id: str, row: Row[Any], times: Mapping[str, datetime]) -> None:
    one = (evidence.c.trust_id == trust_id) & (evidence.c.evidence_id == row.evidence_id)
    connection.execute(update(evidence).where(one).values(**times))


def _add(connection: Connection, trust_id: str, said: Mapping[str, Any], first: datetime, last: datetime) -> None:
    number = ids.take(connection, trust_id, "evidence")
    key = {"trust_id": trust_id, "evidence_id": number, "first_observed": first, "last_observed": last}
    connection.execute(insert(evidence).values(**said, **key))
