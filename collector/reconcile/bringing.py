"""A register that is brought: read, its columns confirmed, held against reality, and kept with what came out.

Nothing of the register changes here. Comparing reads, and takes seconds for thousands of rows, so it is done before the
writer is asked to keep the outcome.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector import journal
from collector.errors import CollectorError
from collector.facts import text
from collector.reconcile import around, book, judging
from collector.reconcile.book import Book, Line
from collector.reconcile.values import Outcome
from collector.records import sheets
from collector.records.fields import Value
from collector.records.sheets import Row, Sheet
from collector.store import Transaction, ids, school_lives
from collector.store import reconcile as rows
from collector.store.reconcile import Asked, Brought, Reconciled


class Settled(CollectorError):
    """Rows were settled already: what they were settled by would be lost if the book were read otherwise."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A book held against reality, to be kept."""

    reconciliation_id: str
    outcomes: tuple[Reconciled, ...]
    mapping: Mapping[str, str]


def bring(
    connection: Transaction, trust_id: str, content: bytes, name: str, *, school_id: str, actor: str, now: datetime
) -> Brought:  # fmt: skip
    """Keep a register that is brought. CollectorError where it is no table, or there is no such school."""
    sheet = sheets.read(content)
    read = book.read(sheet)
    if school_id and not any(one.school_id == school_id for one in school_lives.schools(connection, trust_id)):
        raise CollectorError("there is no such school")
    digest = hashlib.sha256(content).digest()
    notes = (*read.notes,)
    made = Brought(ids.new(), school_id, text(name, 120) or "a register", digest, len(content), now, actor, notes)
    rows.add(connection, trust_id, made, ((row.number, row.cells) for row in sheet.rows))
    detail = {"reconciliation": made.reconciliation_id, "school": school_id, "sha256": digest.hex()}
    journal.append(connection, trust_id, actor=actor, action="book_brought", detail=detail, now=now)
    return made


def find(connection: Transaction, trust_id: str, reconciliation_id: str) -> Brought:
    """A register that was brought; CollectorError where there is none of this id."""
    found = rows.get(connection, trust_id, reconciliation_id)
    if found is None:
        raise CollectorError("there is no register of this id that was brought")
    return found


def reread(connection: Transaction, trust_id: str, brought: Brought, mapping: Mapping[str, str] | None = None) -> Book:
    """The book as it is read with the columns that were confirmed, or with others."""
    kept = rows.rows_brought(connection, trust_id, brought.reconciliation_id)
    sheet = Sheet(tuple(Row(number, tuple(cells)) for number, cells in kept))
    return book.read(sheet, brought.mapping if mapping is None else mapping)


def compare(
    connection: Transaction, trust_id: str, reconciliation_id: str, mapping: Mapping[str, str] | None, now: datetime,
    seen: Collection[str] | None = None,
) -> Compared:  # fmt: skip
    """Hold a book against the register as it stands now. Settled where rows of it were settled already.

    `seen`: the schools that whoever asks sees; None: all.
    """
    brought = find(connection, trust_id, reconciliation_id)
    if rows.count(connection, trust_id, reconciliation_id, Asked(state="settled")):
        raise Settled("rows of it were settled already: undo that first, or bring the register again")
    read = reread(connection, trust_id, brought, mapping)
    found = judging.reconcile(read.lines, around.surroundings(connection, trust_id, brought.school_id, now, seen))
    told = tuple(_kept(found, read.lines))
    return Compared(reconciliation_id, told, brought.mapping if mapping is None else mapping)


def keep(connection: Transaction, trust_id: str, compared: Compared, *, actor: str, now: datetime) -> None:
    """Keep what came out of comparing."""
    if rows.count(connection, trust_id, compared.reconciliation_id, Asked(state="settled")):
        raise Settled("rows of it were settled meanwhile: look at it again")
    rows.keep_outcomes(connection, trust_id, compared.reconciliation_id, compared.outcomes, compared.mapping, now)
    detail: dict[str, str | int] = {"reconciliation": compared.reconciliation_id, "rows": len(compared.outcomes)}
    journal.append(connection, trust_id, actor=actor, action="book_compared", detail=detail, now=now)


def forget(connection: Transaction, trust_id: str, reconciliation_id: str, *, actor: str, now: datetime) -> None:
    """Let a register that was brought go. What was settled by it stays as it is."""
    find(connection, trust_id, reconciliation_id)
    rows.forget(connection, trust_id, reconciliation_id)
    detail = {"reconciliation": reconciliation_id}
    journal.append(connection, trust_id, actor=actor, action="book_forgotten", detail=detail, now=now)


def _kept(outcomes: Sequence[Outcome], lines: Iterable[Line]) -> Iterable[Reconciled]:
    of = {line.row: line for line in lines}
    for one in outcomes:
        line = of.get(one.row)
        yield Reconciled(
            0, one.row, one.kind.value, one.title, one.device_id, one.others, one.other_rows, one.basis, one.reasons,
            one.remarks, tuple((d.field, d.book, d.register) for d in one.differences), one.adds,
            _said(line) if line else {}, one.school_name,
        )  # fmt: skip


def _said(line: Line) -> dict[str, Value]:
    """What a row says, with the school that it names: what it would be recorded with."""
    said = {name: value for name, value in line.said.items() if value is not None}
    return said | ({"school": line.school} if line.school else {})
