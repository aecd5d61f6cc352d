"""Rows of acts that changed records (`change`), from proposal to undo, and of the files of records.

What an act said stands in `store.records`; what files may be is `collector.records`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from collector.store import schema as t
from collector.store.records import DONE, PROPOSED, UNDONE


@dataclass(frozen=True, slots=True)
class Change:
    """One act. `asked` is what a proposal is carried out from; `content` the file that it came with."""

    change_id: str
    kind: str
    source: str
    actor: str
    what: str
    made: datetime
    state: str = DONE
    records: int = 0
    cells: int = 0
    undone: datetime | None = None
    undone_by: str = ""
    asked: dict[str, Any] = dataclasses.field(default_factory=dict)
    content: bytes | None = dataclasses.field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a record, without its content."""

    document_id: str
    record_id: str
    kind: str
    name: str
    media_type: str
    digest: bytes
    size_bytes: int
    added: datetime
    added_by: str
    removed: datetime | None = None


def add(connection: Connection, trust_id: str, change: Change) -> None:
    """Keep an act, or the proposal of one."""
    values = dataclasses.asdict(change) | {"asked": json.dumps(change.asked) if change.asked else ""}
    connection.execute(insert(t.changes).values(trust_id=trust_id, **values))


def get(connection: Connection, trust_id: str, change_id: str) -> Change | None:
    """One act, or None."""
    query = select(t.changes).where(t.changes.c.trust_id == trust_id, t.changes.c.change_id == change_id)
    row = connection.execute(query).first()
    if row is None:
        return None
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(Change)}
    return Change(**values | {"asked": json.loads(row.asked) if row.asked else {}})


def latest(connection: Connection, trust_id: str, limit: int = 20, actor: str = "") -> list[Change]:
    """What was done lately, newest first, by anybody or by one; proposals are left out."""
    names = [f.name for f in dataclasses.fields(Change) if f.name not in ("asked", "content")]
    query = select(*(t.changes.c[name] for name in names)).where(t.changes.c.trust_id == trust_id)
    if actor:
        query = query.where(t.changes.c.actor == actor)
    rows = connection.execute(
        query.where(t.changes.c.state != PROPOSED).order_by(t.changes.c.made.desc(), t.changes.c.change_id).limit(limit)
    )
    return [Change(**{name: getattr(row, name) for name in names}) for row in rows]


def ask(connection: Connection, trust_id: str, change_id: str, asked: dict[str, Any]) -> None:
    """Change what a proposal is carried out from."""
    _set(connection, trust_id, change_id, asked=json.dumps(asked))


def finish(connection: Connection, trust_id: str, change_id: str, now: datetime, counts: tuple[int, int]) -> None:
    """Note that a proposal was carried out, with the records and values that changed; its file is let go."""
    values = {"state": DONE, "made": now, "asked": "", "content": None}
    _set(connection, trust_id, change_id, records=counts[0], cells=counts[1], **values)


def undo(connection: Connection, trust_id: str, change_id: str, actor: str, now: datetime) -> None:
    """Note that an act was undone."""
    _set(connection, trust_id, change_id, state=UNDONE, undone=now, undone_by=actor)


def forget_proposals(connection: Connection, trust_id: str, before: datetime) -> None:
    """Forget proposals that nobody carried out, with their files."""
    old = (t.changes.c.trust_id == trust_id) & (t.changes.c.state == PROPOSED) & (t.changes.c.made < before)
    connection.execute(delete(t.changes).where(old))


def drop(connection: Connection, trust_id: str, change_id: str) -> None:
    """Forget one proposal."""
    where = (t.changes.c.trust_id == trust_id) & (t.changes.c.state == PROPOSED)
    connection.execute(delete(t.changes).where(where, t.changes.c.change_id == change_id))


def _set(connection: Connection, trust_id: str, change_id: str, **values: Any) -> None:
    where = (t.changes.c.trust_id == trust_id) & (t.changes.c.change_id == change_id)
    connection.execute(update(t.changes).where(where).values(**values))


# ------------------------------------------------------------------------------------------------ files

_COLUMNS = [t.documents.c[field.name] for field in dataclasses.fields(Document)]


def keep_document(connection: Connection, trust_id: str, document: Document, content: bytes) -> None:
    """Keep a file."""
    connection.execute(insert(t.documents).values(trust_id=trust_id, content=content, **dataclasses.asdict(document)))


def documents(connection: Connection, trust_id: str, record_ids: list[str]) -> list[Document]:
    """The files of records, oldest first, without those that were removed."""
    query = select(*_COLUMNS).where(t.documents.c.trust_id == trust_id, t.documents.c.record_id.in_(record_ids))
    rows = connection.execute(
        query.where(t.documents.c.removed.is_(None)).order_by(t.documents.c.added, t.documents.c.document_id)
    )
    return [Document(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def document(connection: Connection, trust_id: str, document_id: str) -> tuple[Document, bytes] | None:
    """One file with its content; None where there is none, or it was removed, or is not what was kept."""
    query = select(*_COLUMNS, t.documents.c.content).where(t.documents.c.trust_id == trust_id)
    row = connection.execute(query.where(t.documents.c.document_id == document_id)).first()
    if row is None or row.content is None or hashlib.sha256(row.content).digest() != bytes(row.digest):
        return None
    return Document(**{field.name: getattr(row, field.name) for field in dataclasses.fields(Document)}), row.content


def record_of(connection: Connection, trust_id: str, document_id: str) -> str:
    """The record that a file is of; "" where there is no such file."""
    where = (t.documents.c.trust_id == trust_id) & (t.documents.c.document_id == document_id)
    return str(connection.execute(select(t.documents.c.record_id).where(where)).scalar() or "")


def remove_document(connection: Connection, trust_id: str, document_id: str, now: datetime) -> bool:
    """Let the content of a file go; False where there is none."""
    where = (t.documents.c.trust_id == trust_id) & (t.documents.c.document_id == document_id)
    gone = update(t.documents).where(where, t.documents.c.removed.is_(None)).values(removed=now, content=None)
    return connection.execute(gone).rowcount > 0


def document_count(connection: Connection, trust_id: str, record_id: str) -> int:
    """How many files a record has."""
    where = (t.documents.c.trust_id == trust_id) & (t.documents.c.record_id == record_id)
    query = select(func.count()).select_from(t.documents).where(where, t.documents.c.removed.is_(None))
    return int(connection.execute(query).scalar_one())
