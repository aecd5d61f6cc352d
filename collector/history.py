"""The register at any past time: what it said then, what is known of that day now, and exports that prove it.

A day means its end, midnight in London. Whoever asks is answered the same for ever: the question is noted, and nothing
is recorded at or before its time any more. It knows no SQL and no page.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from collector import journal, london
from collector.errors import CollectorError
from collector.store import Store, Transaction, bounds, cells, hindsight, history
from collector.store.cells import RegisterRow
from collector.store.hindsight import Difference


@dataclass(frozen=True, slots=True)
class Manifest:
    """What proves an export: rows and SHA-256 of the file, where the journal ended, which form the file has."""

    as_known: datetime
    school_id: str
    form: int
    rows: int
    sha256: str
    journal_position: int
    journal_hash: str


@dataclass(frozen=True, slots=True)
class Export:
    """The file and its manifest."""

    csv: str
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What is known otherwise today of the register at the end of a day. `sha256` is of what was believed then."""

    day: date
    rows: int
    sha256: str
    differences: tuple[Difference, ...]


class NotYet(CollectorError):
    """Somebody asked for the register of a time that is still to come."""


def time_of(when: date | datetime, now: datetime) -> datetime:
    """The time that a question means; NotYet for one that is still to come."""
    at = when.astimezone(UTC) if isinstance(when, datetime) else london.end_of(when)
    if at > now:
        said = f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else f"{when}, which is not over in London"
        raise NotYet(f"the register is not known as at {said} yet: name an earlier day, or a time")
    return at


def parse(text: str) -> date | datetime:
    """A day (2026-08-31) or a time in London (2026-08-31T16:00) as it was typed; CollectorError for what is neither."""
    try:
        if len(text) == len("2026-08-31"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CollectorError("say a day as 2026-08-31, or a time as 2026-08-31T16:00") from None
    return found if found.tzinfo else found.replace(tzinfo=london.ZONE)


def register_as_known(
    store: Store, trust_id: str, when: date | datetime, now: datetime, school_id: str = "",
    school_ids: bounds.Schools = None,
) -> list[RegisterRow]:  # fmt: skip
    """The register as it was believed at a time, by device id."""
    at = time_of(when, now)
    store.write(lambda connection: history.asked(connection, trust_id, at))
    with store.reader() as connection:
        return list(history.as_known(connection, trust_id, at, school_id, school_ids=school_ids))


def page_as_known(  # noqa: PLR0913 - which rows, as known when, for whom
    store: Store, trust_id: str, when: date | datetime, now: datetime, *, school_id: str, limit: int, after: str,
    school_ids: bounds.Schools = None,
) -> list[RegisterRow]:  # fmt: skip
    """Some rows of the same, of the devices whose ids follow one."""
    at = time_of(when, now)
    store.write(lambda connection: history.asked(connection, trust_id, at))
    with store.reader() as connection:
        rows = history.as_known(connection, trust_id, at, school_id, after, school_ids)
        return list(itertools.islice(rows, limit))


def export_csv(
    store: Store, trust_id: str, when: date | datetime, now: datetime, *, actor: str, school_id: str = "",
    school_ids: bounds.Schools = None,
) -> Export:  # fmt: skip
    """The register as it was believed at a time as CSV, with what proves it. That it was exported is in the journal."""
    rows = register_as_known(store, trust_id, when, now, school_id, school_ids)
    digest = cells.fingerprint(rows)
    at = time_of(when, now)
    said: dict[str, str | int] = {
        "as_known": at.isoformat(), "school": school_id, "rows": len(rows), "sha256": digest, "form": cells.FORM,
    }  # fmt: skip
    if school_ids is not None:
        said["schools"] = " ".join(sorted(school_ids))

    def work(connection: Transaction) -> journal.Checkpoint | None:
        journal.append(connection, trust_id, actor=actor, action="register_exported", detail=said, now=now)
        return journal.checkpoint(connection, trust_id)

    end = store.write(work)
    position, chain = (end.position, end.hash.hex()) if end else (0, "")
    manifest = Manifest(at, school_id, cells.FORM, len(rows), digest, position, chain)
    return Export("".join(cells.lines(rows)), manifest)


def what_changed(
    store: Store, trust_id: str, day: date, now: datetime, school_id: str = "", school_ids: bounds.Schools = None
) -> Hindsight:
    """Every difference between what was believed of a day at its end and what is now, with cause and time."""
    rows = register_as_known(store, trust_id, day, now, school_id, school_ids)
    with store.reader() as connection:
        found = tuple(hindsight.differences(connection, trust_id, day, school_id, school_ids))
    return Hindsight(day, len(rows), cells.fingerprint(rows), found)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Rows and SHA-256 of the written form of a register."""

    rows: int
    sha256: str


def fingerprint_as_known(connection: Transaction, trust_id: str, at: datetime, school_id: str = "") -> Fingerprint:
    """What proves which register was meant as known at a time; asked inside a transaction, it stays so."""
    history.asked(connection, trust_id, at)
    counted = itertools.count()
    rows = history.as_known(connection, trust_id, at, school_id)
    digest = cells.fingerprint(row for row, _ in zip(rows, counted, strict=False))
    return Fingerprint(next(counted), digest)


def by_cause(differences: Iterable[Difference]) -> dict[str, int]:
    """How many differences each cause made, most first."""
    counts: dict[str, int] = {}
    for one in differences:
        counts[one.cause] = counts.get(one.cause, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def column_names() -> Sequence[str]:
    """The columns of an export."""
    return cells.FORMS[-1]
