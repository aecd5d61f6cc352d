"""The term calendar as people bring it: a file is read, its dates replace those before, and that is journaled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collector import journal, tenure
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Transaction
from collector.store import terms as rows
from collector.term_dates import TermDates, TermDatesError, read

SOURCE_LIMIT = 80  # characters


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file: what it said, how many spans are new and how many of those before ended."""

    said: TermDates
    fresh: int
    ended: int

    def sentences(self) -> list[str]:
        """What a person is told, the errors first."""
        others = f"; {self.said.others:,} other entries were left out" if self.said.others else ""
        told = f"{len(self.said.spans):,} spans: {self.fresh:,} new, {self.ended:,} of those before ended{others}"
        return [*self.said.errors, told]


def bring(
    connection: Transaction, trust_id: str, school_id: str, content: str | bytes, source: str, *, actor: str,
    now: datetime,
) -> Brought:  # fmt: skip
    """Take in the term dates of a school, or (empty `school_id`) of the whole trust.

    They replace those of the same kinds in the same school years. CollectorError where nothing can be read.
    """
    if school_id:
        tenure.require(connection, trust_id, school_id)
    try:
        said = read(content)
    except TermDatesError as error:
        raise CollectorError(f"{text(source, SOURCE_LIMIT)}: {error}; nothing was changed") from None
    if not said.spans:
        raise CollectorError(f"{text(source, SOURCE_LIMIT)}: {'; '.join(said.errors[:5])}; nothing was changed")
    fresh, ended = rows.replace(connection, trust_id, school_id, said.spans, text(source, SOURCE_LIMIT), now)
    detail: dict[str, str | int] = {"school": school_id, "new": fresh, "ended": ended}
    journal.append(connection, trust_id, actor=actor, action="terms_imported", detail=detail, now=now)
    return Brought(said, fresh, ended)


def forget(connection: Transaction, trust_id: str, school_id: str, *, actor: str, now: datetime) -> int:
    """End all term dates that were brought for a school or the trust, so that the usual year is assumed; how many."""
    if school_id:
        tenure.require(connection, trust_id, school_id)
    ended = rows.forget(connection, trust_id, school_id, now)
    detail: dict[str, str | int] = {"school": school_id, "ended": ended}
    journal.append(connection, trust_id, actor=actor, action="terms_forgotten", detail=detail, now=now)
    return ended
