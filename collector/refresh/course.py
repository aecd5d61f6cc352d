"""What becomes of one device, and in which year: by its dates alone, or as a person decided. Pure; it knows no money.

By its dates: the year in which the day that binds falls; what is past due, the plan's first year. A person's word
stands above them: pinned to a year, kept until a day, or gone without being replaced. What a person said of a device
stands above what they said of its suite. A suite that is pinned moves whole: each of its devices, whatever its date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from collector.refresh import wording
from collector.refresh.dates import Dates, because
from collector.refresh.values import Action, Decision, Due, Kit, Span, Why
from collector.refresh.years import Years


class Days(NamedTuple):
    """When something happens: at the earliest, as expected, at the latest."""

    early: date
    best: date
    late: date


@dataclass(frozen=True, slots=True)
class Horizon:
    """The planned years of one school."""

    years: Years
    first: int
    last: int

    @property
    def first_day(self) -> date:
        """The day on which the plan begins."""
        return self.years.first_day(self.first)

    def planned(self, day: date) -> int | None:
        """The year in which something is done that falls due on a day: the first for what is past, None for after."""
        year = max(self.years.of(day), self.first)
        return year if year <= self.last else None

    def span(self, days: Days) -> Span:
        """The years of days, none before the first."""
        of, first = self.years.of, self.first
        return Span(max(of(days.early), first), max(of(days.best), first), max(of(days.late), first))

    def clamped(self, days: Days) -> Days:
        """Days, none before the plan begins."""
        first = self.first_day
        if days.early >= first:
            return days
        return Days(first, max(days.best, first), max(days.late, first))

    def place(self, year: int | None) -> str:
        """Where a year stands, for people."""
        if year is None or year > self.last:
            return f"after the planned years, which end with {self.years.label(self.last)}"
        return f"in {self.years.label(year)}"


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of a device. `days`: when it goes, none before the plan; `fixed`: a person set the year."""

    action: Action
    year: int | None
    days: Days
    span: Span
    wanted: Span
    due: tuple[Due, ...]
    sentence: str
    assumed: bool
    fixed: bool = False

    @property
    def day(self) -> date | None:
        """The day that set the year; None where a person did, or it is past due."""
        return None if self.fixed or self.wanted.best < self.span.best else self.due[0].day


def course_of(kit: Kit, dates: Dates, decision: Decision | None, horizon: Horizon) -> Course:
    """What becomes of a device that has these dates, and of which a person decided this."""
    plain = _plain(dates, horizon)
    if decision is None:
        return plain
    whole = not decision.device_id
    if decision.action is Action.RETIRE:
        return _retired(plain, decision, horizon)
    if decision.action is Action.EXTEND:
        return _extended(plain, decision, horizon)
    if decision.action is Action.REPLACE and decision.year is not None:
        return _pinned(plain, decision, horizon, f" with its suite {kit.suite}" if whole else "")
    return plain  # an upgrade that a person pinned says nothing of replacing


def _plain(dates: Dates, horizon: Horizon) -> Course:
    days = Days(dates.earliest, dates.day, dates.latest)
    of = horizon.years.of
    wanted = Span(of(days.early), of(days.best), of(days.late))
    span = horizon.span(days)
    year = span.best if span.best <= horizon.last else None
    sentence = f"{because(dates.due)}. {_when(wanted, span, horizon)}"
    assumed = dates.assumed and (dates.due[0].assumed or span.earliest != span.latest)
    return Course(Action.REPLACE, year, horizon.clamped(days), span, wanted, dates.due, sentence, assumed)


def _when(wanted: Span, span: Span, horizon: Horizon) -> str:
    """When it is planned, and between which years it may be."""
    label = horizon.years.label
    if span.best > horizon.last:
        words = f"It is due {horizon.place(None)}."
    elif wanted.best < horizon.first:
        words = f"Past due: planned for the first year, {label(horizon.first)}."
    else:
        words = f"Planned for {label(span.best)}."
    if span.earliest == span.latest or span.earliest > horizon.last:
        return words
    late = "later than the planned years" if span.latest > horizon.last else f"as late as {label(span.latest)}"
    return f"{words} It may be as early as {label(span.earliest)} or {late}."


def _pinned(plain: Course, decision: Decision, horizon: Horizon, whom: str) -> Course:
    year = max(decision.year or 0, horizon.first)
    day = horizon.years.first_day(year)
    words = f"pinned{whom} to {horizon.years.label(decision.year or 0)}{wording.said(decision.reason)}"
    past = f", which is past: the first year, {horizon.years.label(year)}" if year != decision.year else ""
    sentence = f"{words[0].upper()}{words[1:]}{past}. By its dates it is {_own(plain, horizon)}"
    due = (Due(Why.PIN, day, words), *plain.due)
    kept = year if year <= horizon.last else None
    days = Days(day, day, day)
    return Course(
        Action.REPLACE, kept, days, Span(year, year, year), plain.wanted, due, sentence, assumed=False, fixed=True
    )


def _own(plain: Course, horizon: Horizon) -> str:
    """Where a device stands by its own dates, and why."""
    due = f"due in {horizon.years.label(plain.wanted.best)}"
    return f"{due}. {because(plain.due)}."


def _extended(plain: Course, decision: Decision, horizon: Horizon) -> Course:
    """Kept until a day. A day before its own date extends nothing, and the sentence says so."""
    until = decision.until or horizon.years.last_day(decision.year if decision.year is not None else horizon.last)
    said = f"to {wording.day_words(until)}{wording.said(decision.reason)}"
    if until <= plain.due[0].day:
        sentence = f"{plain.sentence} What a person said, kept {said}, ends before that and changes nothing."
        return _as(plain, sentence)
    days = Days(until, until, until)
    span = horizon.span(days)
    year = span.best if span.best <= horizon.last else None
    sentence = f"Extended {said}; then replaced, {horizon.place(year)}. By its dates it is {_own(plain, horizon)}"
    return Course(
        Action.EXTEND, year, horizon.clamped(days), span, plain.wanted, plain.due, sentence, assumed=False, fixed=True
    )


def _retired(plain: Course, decision: Decision, horizon: Horizon) -> Course:
    """It goes on its own date, or when the person said, and nothing is bought."""
    days, span, assumed = plain.days, plain.span, plain.assumed
    if decision.until is not None or decision.year is not None:
        day = decision.until or horizon.years.first_day(decision.year or horizon.first)
        (days, assumed) = (horizon.clamped(Days(day, day, day)), False)
        span = horizon.span(days)
    year = span.best if span.best <= horizon.last else None
    sentence = (
        f"Goes {horizon.place(year)} and is not replaced{wording.said(decision.reason)}."
        f" By its dates it is {_own(plain, horizon)}"
    )
    return Course(Action.RETIRE, year, days, span, plain.wanted, plain.due, sentence, assumed, fixed=True)


def _as(plain: Course, sentence: str) -> Course:
    """The plain course, saying more."""
    return Course(
        plain.action, plain.year, plain.days, plain.span, plain.wanted, plain.due, sentence, plain.assumed, plain.fixed
    )
