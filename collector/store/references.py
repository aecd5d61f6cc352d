"""Rows of reference tables that an operator brought for a trust: each as the text it was kept as, by its name.

It knows which tables come with Stocktake, because what a trust uses is both; it does not know what they are used for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from collector.age import snapshot
from collector.age.support_rows import Rows
from collector.store.schema import references

SUPPORT = "support"  # until when releases are supported: the rows that did not come with Stocktake


@dataclass(frozen=True, slots=True)
class Reference:
    """A table as text, and when it was brought."""

    content: str
    imported: datetime


def of(connection: Connection, trust_id: str, name: str) -> Reference | None:
    """The table of a name, or None where nobody has brought one."""
    query = select(references.c.content, references.c.imported)
    row = connection.execute(query.where(references.c.trust_id == trust_id, references.c.name == name)).first()
    return Reference(row.content, row.imported) if row else None


def keep(connection: Connection, trust_id: str, name: str, reference: Reference) -> None:
    """Keep a table in place of the one of its name."""
    connection.execute(delete(references).where(references.c.trust_id == trust_id, references.c.name == name))
    values = {"content": reference.content, "imported": reference.imported}
    connection.execute(insert(references).values(trust_id=trust_id, name=name, **values))


def support(connection: Connection, trust_id: str) -> Rows:
    """The ends of support that a trust's devices are assessed by: what came with Stocktake, and what was imported."""
    kept = of(connection, trust_id, SUPPORT)
    return snapshot.in_force(kept.content if kept else "")
