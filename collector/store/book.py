"""Rows of the book: a trust's rules as they were believed, annual reviews, and the manifests of exports."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, insert, or_, select, update

from collector.store import bounds
from collector.store.batches import insert_numbered
from collector.store.days import believed
from collector.store.history import moment
from collector.store.schema import annual_reviews, book_rules, exports_made


@dataclass(frozen=True, slots=True)
class Review:
    """The register was reviewed by somebody. `school_id` is empty for the whole trust."""

    review_id: str
    school_id: str
    as_known: datetime
    devices: int
    sha256: str
    signed_by: str
    post: str
    note: str
    made: datetime
    made_by: str
    withdrawn: datetime | None = None
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The manifest of one export. `filters`: what its rows were chosen by; `searched`, not for what."""

    export_id: str
    form: str
    as_known: datetime
    filters: Mapping[str, Any]
    assignees: bool
    rows: int
    size_bytes: int
    sha256: str
    journal_position: int
    journal_hash: str
    made: datetime
    made_by: str
    journal_signature: str = ""


Kept = TypeVar("Kept", Review, Made)

# ------------------------------------------------------------------------------------------------ rules


def rules(connection: Connection, trust_id: str, at: datetime | None = None) -> dict[str, Any] | None:
    """The rules that were believed at a time, or are now; None where the trust had none of its own."""
    mine = (book_rules.c.trust_id == trust_id) & believed(book_rules, at)
    kept = connection.execute(select(book_rules.c.rules).where(mine)).scalar()
    return dict(json.loads(kept)) if kept else None


def set_rules(connection: Connection, trust_id: str, said: Mapping[str, Any], actor: str, now: datetime) -> None:
    """The trust keeps its book by these rules from now on."""
    when = moment(connection, trust_id, now)
    standing = (book_rules.c.trust_id == trust_id) & book_rules.c.recorded_to.is_(None)
    connection.execute(update(book_rules).where(standing).values(recorded_to=when))
    row = {"trust_id": trust_id, "rules": json.dumps(said, sort_keys=True), "made_by": actor, "recorded_from": when}
    insert_numbered(connection, trust_id, book_rules, "book_rules", [row])


# ------------------------------------------------------------------------------------------------ reviews


def add_review(connection: Connection, trust_id: str, review: Review) -> None:
    """Keep that a register was reviewed."""
    connection.execute(insert(annual_reviews).values(trust_id=trust_id, **dataclasses.asdict(review)))


def withdraw_review(connection: Connection, trust_id: str, review_id: str, actor: str, now: datetime) -> bool:
    """Take a review back; whether there was one that stood."""
    mine = (annual_reviews.c.trust_id == trust_id) & (annual_reviews.c.review_id == review_id)
    standing = mine & annual_reviews.c.withdrawn.is_(None)
    return (
        connection.execute(update(annual_reviews).where(standing).values(withdrawn=now, withdrawn_by=actor)).rowcount
        > 0
    )


def reviews(connection: Connection, trust_id: str, schools: bounds.Schools = None) -> list[Review]:
    """What was reviewed, the latest first; for who sees some schools, of those and of the whole trust."""
    c = annual_reviews.c
    query = select(annual_reviews).where(
        c.trust_id == trust_id, or_(c.school_id == "", bounds.within(c.school_id, schools))
    )
    return [_of(Review, row) for row in connection.execute(query.order_by(c.made.desc(), c.review_id))]


# ------------------------------------------------------------------------------------------------ exports


def add_export(connection: Connection, trust_id: str, made: Made) -> None:
    """Keep the manifest of an export."""
    said = dataclasses.asdict(made) | {"filters": json.dumps(made.filters, sort_keys=True)}
    connection.execute(insert(exports_made).values(trust_id=trust_id, **said))


def exports(connection: Connection, trust_id: str, actor: str | None = None, limit: int = 20) -> list[Made]:
    """The latest exports, of one person alone where one is named."""
    c = exports_made.c
    query = select(exports_made).where(c.trust_id == trust_id)
    if actor is not None:
        query = query.where(c.made_by == actor)
    rows = connection.execute(query.order_by(c.made.desc(), c.export_id).limit(limit))
    return [_made(row) for row in rows]


def export(connection: Connection, trust_id: str, export_id: str) -> Made | None:
    """One export's manifest."""
    one = (exports_made.c.trust_id == trust_id) & (exports_made.c.export_id == export_id)
    row = connection.execute(select(exports_made).where(one)).first()
    return _made(row) if row else None


def _made(row: Row[Any]) -> Made:
    return dataclasses.replace(_of(Made, row), filters=json.loads(row.filters))


def _of(kind: type[Kept], row: Row[Any]) -> Kept:
    return kind(**{field.name: getattr(row, field.name) for field in dataclasses.fields(kind)})
