"""Rows of the term calendar: what was brought, for a school or for the whole trust, and since when it is believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from collector.calendar import Calendar, Kind, Span, school_year
from collector.store import ids
from collector.store.batches import OF_TRUST
from collector.store.schema import terms

WHOLE_TRUST = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A span that was brought. `school_id` is empty for the whole trust; `source` is the name of the file."""

    term_id: str
    school_id: str
    span: Span
    source: str
    since: datetime


def replace(
    connection: Connection, trust_id: str, school_id: str, spans: Iterable[Span], source: str, now: datetime
) -> tuple[int, int]:
    """Bring spans in place of those of the same kinds in the same school years; how many are new, and how many ended.

    What is said again stays as it was.
    """
    wanted = set(spans)
    covered = {(span.kind, year) for span in wanted for year in _years(span)}
    known = brought(connection, trust_id, school_id)
    ended = [
        term.term_id
        for term in known
        if term.span not in wanted and any((term.span.kind, year) in covered for year in _years(term.span))
    ]
    for term_id in ended:
        where = (terms.c.trust_id == trust_id) & (terms.c.term_id == term_id)
        connection.execute(update(terms).where(where).values(recorded_to=now))
    fresh = sorted(wanted - {term.span for term in known})
    rows = [
        {
            "trust_id": trust_id, "term_id": ids.new(), "school_id": school_id, "kind": str(span.kind),
            "name": span.name, "first": span.first, "last": span.last, "source": source, "recorded_from": now,
        }
        for span in fresh
    ]  # fmt: skip
    if rows:
        connection.execute(insert(terms), rows)
    return len(rows), len(ended)


def forget(connection: Connection, trust_id: str, school_id: str, now: datetime) -> int:
    """End all that was brought for a school (or the whole trust): what is usual is assumed again. Returns how many."""
    where = (terms.c.trust_id == trust_id) & (terms.c.school_id == school_id) & terms.c.recorded_to.is_(None)
    return connection.execute(update(terms).where(where).values(recorded_to=now)).rowcount


_BROUGHT = (
    select(terms)
    .where(terms.c.trust_id == OF_TRUST, terms.c.recorded_to.is_(None))
    .order_by(terms.c.first, terms.c.term_id)
)


def brought(connection: Connection, trust_id: str, school_id: str | None = None) -> list[Term]:
    """What is in force, by day; of one school or the trust ("") alone where that is named."""
    query = _BROUGHT if school_id is None else _BROUGHT.where(terms.c.school_id == school_id)
    return [_term(row) for row in connection.execute(query, {"of_trust": trust_id})]


def calendar(connection: Connection, trust_id: str, school_id: str = WHOLE_TRUST) -> Calendar:
    """The calendar that a school lives by; that of the trust where none is named."""
    return calendars(connection, trust_id, [school_id])[school_id]


def calendars(connection: Connection, trust_id: str, school_ids: Iterable[str]) -> dict[str, Calendar]:
    """The calendars of many schools, read at once."""
    of: dict[str, list[Span]] = {}
    for term in brought(connection, trust_id):
        of.setdefault(term.school_id, []).append(term.span)
    trust = tuple(of.get(WHOLE_TRUST, ()))
    return {school_id: Calendar(tuple(of.get(school_id, ())) if school_id else (), trust) for school_id in school_ids}


def _years(span: Span) -> range:
    return range(school_year(span.first), school_year(span.last) + 1)


def _term(row: Row[Any]) -> Term:
    span = Span(row.first, row.last, Kind(row.kind), row.name)
    return Term(row.term_id, row.school_id, span, row.source, row.recorded_from)
