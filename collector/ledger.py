"""The register as it is pulled: rows of a day with their worth, movements, rules of the book, annual reviews.

A day means its end in London; what is asked as known at a time is answered the same for ever. It knows no SQL, no page
and no file format.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from collector import book, history, journal, london
from collector.book import USUAL, Rules, Shelf
from collector.errors import CollectorError
from collector.facts import text
from collector.movements import Figures, Movement, Pair, Standing, of_device
from collector.register_rows import Column, Line, Reader, asset, columns
from collector.store import Transaction, ids, sheet
from collector.store import book as rows
from collector.store.book import Review
from collector.store.cells import SORTED
from collector.store.sheet import Entry, Sums, Wanted

CAPITALISED, PORTABLE = "capitalised", "portable"
VIEWS = ("", CAPITALISED, PORTABLE)
GROUPS = ("school", "class", "fund", "trust")
NO_GROUP = "not known"
ORDERS = ("class", "life", "cost", *SORTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody pulls. `schools`: those that they see (None: all); `school_id`: the one they chose, if any."""

    at: datetime
    schools: frozenset[str] | None = None
    school_id: str = ""
    device_class: str = ""
    life: str = ""
    search: str = ""
    view: str = ""
    assignees: bool = False

    def filters(self) -> dict[str, str | list[str]]:
        """What rows are chosen by, as a manifest says it: ids and words, not what was searched for."""
        said: dict[str, str | list[str]] = {
            "school": self.school_id, "class": self.device_class, "life": self.life, "view": self.view,
            "search": "yes" if self.search else "",
        }  # fmt: skip
        if self.schools is not None:
            said["schools"] = sorted(self.schools)
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Pulled:
    """A register that is asked of: the day that it is of, the rules believed then, the columns shown."""

    trust_id: str
    asked: Asked
    day: date
    rules: Rules
    wanted: Wanted
    columns: tuple[Column, ...]


# ------------------------------------------------------------------------------------------------ rows


def time_of(said: str, now: datetime) -> datetime:
    """The time that a text means (2026-08-31: the end of that day), now where it is empty; CollectorError for none."""
    return history.time_of(history.parse(said), now) if said else now


def pull(connection: Transaction, trust_id: str, asked: Asked) -> Pulled:
    """What is needed to read rows; CollectorError for a view that there is not."""
    if asked.view not in VIEWS:
        raise CollectorError(f"“{text(asked.view, 20)}” is no view: leave it out, or say {CAPITALISED} or {PORTABLE}")
    rules, day = rules_at(connection, trust_id, asked.at), day_of(asked.at)
    wanted = Wanted(
        schools=_schools(asked), device_class=asked.device_class, life=asked.life, search=asked.search,
        capitalised={"": None, CAPITALISED: True, PORTABLE: False}[asked.view], threshold=rules.threshold,
        grouped=rules.grouped, day=day.isoformat(), classes=rules.portable if asked.view == PORTABLE else None,
    )  # fmt: skip
    return Pulled(trust_id, asked, day, rules, wanted, columns(assignees=asked.assignees))


def day_of(at: datetime) -> date:
    """The day that a time belongs to; midnight ends the day before."""
    return london.day_of(at - timedelta(microseconds=1))


def _schools(asked: Asked) -> frozenset[str] | None:
    if not asked.school_id:
        return asked.schools
    chosen = frozenset((asked.school_id,))
    return chosen if asked.schools is None else chosen & asked.schools


def lines(connection: Transaction, pulled: Pulled) -> Iterator[Line]:
    """Every row by device id, read as it is taken."""
    found = sheet.entries(
        connection, pulled.trust_id, pulled.asked.at, pulled.wanted, assignees=pulled.asked.assignees
    )  # fmt: skip
    return map(Reader(pulled.rules, pulled.day, pulled.columns).line, found)


def page(
    connection: Transaction, pulled: Pulled, *, order: str, descending: bool, limit: int, offset: int
) -> tuple[Sums, list[Line]]:
    """How many rows there are and what they cost, and some of them in an order of people: one of `ORDERS`."""
    sums, found = sheet.page(
        connection, pulled.trust_id, pulled.asked.at, pulled.wanted, order=order, descending=descending, limit=limit,
        offset=offset, assignees=pulled.asked.assignees,
    )  # fmt: skip
    return sums, [*map(Reader(pulled.rules, pulled.day, pulled.columns).line, found)]


# ------------------------------------------------------------------------------------------------ movements


@dataclass(frozen=True, slots=True)
class Span:
    """A statement that is asked for: between the ends of two days, by school, class, fund, or the whole trust."""

    since: datetime
    until: datetime
    by: str = "school"
    view: str = ""
    schools: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.by not in GROUPS:
            raise CollectorError(f"movements are told by {', '.join(GROUPS)}, not by “{text(self.by, 20)}”")
        if self.view not in ("", CAPITALISED):
            raise CollectorError("movements are told of all devices, or of those that are capitalised")
        if self.since >= self.until:
            raise CollectorError("the first day must be before the last")


@dataclass(frozen=True, slots=True)
class _Side:
    """One end of a span."""

    span: Span
    day: date
    rules: Rules
    names: Mapping[str, str]  # of schools, the same at both ends: who is renamed moves nothing

    def standing(self, entry: Entry | None) -> Standing | None:
        if entry is None:
            return None
        held = asset(entry)
        stands = book.worth(held, self.rules, self.day)
        gone = held.gone is not None and held.gone <= self.day
        counted = stands.shelf is Shelf.CAPITALISED if self.span.view else not gone
        on_book = stands.cost is not None and counted
        figures = Figures(1, stands.cost or 0, stands.written_off or 0) if on_book else Figures(1)
        return Standing(self._group(entry), counted, gone, held.purchased, figures)

    def _group(self, entry: Entry) -> str | None:
        school_id = entry.cells.get("school_id", "")
        if self.span.schools is not None and school_id not in self.span.schools:
            return None
        if self.span.by == "trust":
            return "trust"
        if self.span.by == "school" and school_id in self.names:
            return self.names[school_id]
        return entry.cells.get({"school": "school", "class": "class", "fund": "funding"}[self.span.by]) or NO_GROUP


def movements(connection: Transaction, trust_id: str, span: Span) -> Iterator[Movement]:
    """Every step of every device between two days, as each was believed; by device id, read as it is taken."""
    times = (span.since, span.until)
    names = sheet.school_names(connection, trust_id, span.since) | sheet.school_names(connection, trust_id, span.until)
    first, last = (_Side(span, day_of(at), rules_at(connection, trust_id, at), names) for at in times)
    streams = (sheet.entries(connection, trust_id, at, Wanted(), bare=True) for at in times)
    for before, after in _joined(*streams):
        yield from of_device(_pair(before, after, first, last), first.day)


def _joined(first: Iterator[Entry], last: Iterator[Entry]) -> Iterator[tuple[Entry | None, Entry | None]]:
    """Both streams by device id, side by side."""
    a, b = next(first, None), next(last, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a.device_id < b.device_id):
            yield a, None
            a = next(first, None)
        elif a is None or b.device_id < a.device_id:
            yield None, b
            b = next(last, None)
        else:
            yield a, b
            a, b = next(first, None), next(last, None)


def _pair(before: Entry | None, after: Entry | None, first: _Side, last: _Side) -> Pair:
    device_id = (after or before or Entry("", {})).device_id
    brought = at_end = 0
    if after is not None:
        brought = book.worth(asset(after), last.rules, first.day).written_off or 0
    if before is not None and after is not None and (gone := asset(after).gone) is not None and gone > first.day:
        at_end = book.worth(replace(asset(before), gone=None), first.rules, gone).written_off or 0
    return Pair(device_id, first.standing(before), last.standing(after), brought, at_end)


def named(connection: Transaction, trust_id: str, at: datetime, device_ids: frozenset[str]) -> dict[str, Entry]:
    """What some devices were known as at a time."""
    found = sheet.entries(connection, trust_id, at, Wanted(device_ids=device_ids), bare=True)
    return {entry.device_id: entry for entry in found}


def first_of(found: Iterator[Movement], group: str, step: str, limit: int) -> list[Movement]:
    """The first devices of one figure."""
    return list(itertools.islice((m for m in found if m.group == group and m.step == step), limit))


# ------------------------------------------------------------------------------------------------ rules


def rules_at(connection: Transaction, trust_id: str, at: datetime | None = None) -> Rules:
    """The rules of the book as believed at a time, or now; the usual ones until the trust says its own."""
    kept = rows.rules(connection, trust_id, at)
    return book.parse(kept) if kept else USUAL


def set_rules(connection: Transaction, trust_id: str, rules: Rules, *, actor: str, now: datetime) -> None:
    """The trust keeps its book by these rules from now on; what was exported before stays as it was."""
    rows.set_rules(connection, trust_id, book.written(rules), actor, now)
    journal.append(connection, trust_id, actor=actor, action="book_rules_set", detail={}, now=now)


# ------------------------------------------------------------------------------------------------ annual review


@dataclass(frozen=True, slots=True)
class Signature:
    """Who says that they reviewed the register of a school (empty: of the trust), and what they noted."""

    signed_by: str
    post: str
    school_id: str = ""
    note: str = ""


def sign(
    connection: Transaction, trust_id: str, at: datetime, signature: Signature, *, actor: str, now: datetime
) -> Review:
    """Keep that a named person reviewed the register as it was known at a time. The journal has ids, not the name."""
    who, post = text(signature.signed_by, 120), text(signature.post, 120)
    if not who or not post:
        raise CollectorError("say who reviewed the register, and as what: a review is signed by a named person")
    known = history.fingerprint_as_known(connection, trust_id, at, signature.school_id)
    review = Review(
        ids.new(), signature.school_id, at, known.rows, known.sha256, who, post, text(signature.note, 1000), now, actor
    )  # fmt: skip
    rows.add_review(connection, trust_id, review)
    detail: dict[str, str | int] = {
        "review": review.review_id, "school": review.school_id, "as_known": at.isoformat(), "devices": known.rows,
        "sha256": known.sha256,
    }  # fmt: skip
    journal.append(connection, trust_id, actor=actor, action="register_reviewed", detail=detail, now=now)
    return review


def withdraw(connection: Transaction, trust_id: str, review_id: str, *, actor: str, now: datetime) -> None:
    """Take a review back; it stays in the list, as withdrawn."""
    if not rows.withdraw_review(connection, trust_id, review_id, actor, now):
        raise CollectorError("there is no such review that stands")
    detail: dict[str, str | int] = {"review": text(review_id, 36)}
    journal.append(connection, trust_id, actor=actor, action="review_withdrawn", detail=detail, now=now)
