"""The school year: terms, holidays and INSET days as dated spans, and which days are term-time. Pure.

A day is term-time where it is a weekday inside a term and no holiday, INSET day or bank holiday closes it. It knows no
file, no store and no clock; where nothing was brought for a school year, a year as it is usual in England stands in,
and every answer can say whether it rests on that.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
SATURDAY = 5
LONGEST_RANGE = 366 * 40  # days that one question may ask for

#: The bank holidays of England and Wales as they were proclaimed. Source: https://www.gov.uk/bank-holidays and the
#: London Gazette, checked 2026-11; other years follow from the Banking and Financial Dealings Act 1971, Schedule 1
BANK_HOLIDAYS = """
2020: 01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28
2021: 01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28
2022: 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27
2023: 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
2024: 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
2025: 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2026: 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
2027: 01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28
2028: 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26
"""


class Kind(enum.StrEnum):
    """What a span of days is."""

    TERM = "term"
    HOLIDAY = "holiday"  # of pupils: between terms, half-term, a day on which the school is shut
    INSET = "inset"  # staff are in, pupils are not


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date
    kind: Kind
    name: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"it ends on {self.last} before it begins on {self.first}")

    def holds(self, day: date) -> bool:
        """Whether a day is of it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """The school years of one school. `own` and `trust` are what was brought; the school's own terms come first.

    Terms of a school year are the school's, else the trust's, else assumed. What closes a day does so from wherever it
    was said.
    """

    own: tuple[Span, ...] = ()
    trust: tuple[Span, ...] = ()
    _years: dict[int, tuple[tuple[Span, ...], bool]] = field(default_factory=dict, compare=False, repr=False)

    def is_term_day(self, day: date) -> bool:
        """Whether pupils are in school on a day."""
        if day.weekday() >= SATURDAY or day in bank_holidays(day.year):
            return False
        spans, _ = self._year(school_year(day))
        within = any(span.kind is Kind.TERM and span.holds(day) for span in spans)
        return within and not any(span.kind is not Kind.TERM and span.holds(day) for span in spans)

    def term_days(self, first: date, last: date) -> int:
        """The number of term-time days from one day to another, both included; 0 where the last is before the first."""
        if (last - first).days > LONGEST_RANGE:
            raise ValueError(f"from {first} to {last} is longer than {LONGEST_RANGE} days")
        return sum(self.is_term_day(day) for day in days(first, last))

    def is_assumed(self, day: date) -> bool:
        """Whether the terms of a day's school year were brought by nobody."""
        return self._year(school_year(day))[1]

    def spans(self, year: int) -> tuple[Span, ...]:
        """What the school year that begins in September of `year` is made of, in order."""
        return self._year(year)[0]

    def _year(self, year: int) -> tuple[tuple[Span, ...], bool]:
        if year not in self._years:
            self._years[year] = self._made(year)
        return self._years[year]

    def _made(self, year: int) -> tuple[tuple[Span, ...], bool]:
        own, trust = _of_year(self.own, year), _of_year(self.trust, year)
        closed = [span for span in (*own, *trust) if span.kind is not Kind.TERM]
        for said in (own, trust):
            if terms := [span for span in said if span.kind is Kind.TERM]:
                return tuple(sorted({*terms, *closed})), False
        return tuple(sorted({*usual_year(year), *closed})), True


def days(first: date, last: date) -> Iterator[date]:
    """Every day from one to another, both included."""
    return (first + DAY * number for number in range((last - first).days + 1))


def school_year(day: date) -> int:
    """The year in whose September the school year of a day began."""
    return day.year if day.month >= 9 else day.year - 1


def year_name(year: int) -> str:
    """A school year as people write it: 2026/27."""
    return f"{year}/{(year + 1) % 100:02d}"


def _of_year(spans: Iterable[Span], year: int) -> list[Span]:
    return [span for span in spans if school_year(span.first) <= year <= school_year(span.last)]


# ------------------------------------------------------------------------------------------------ the usual year


def usual_year(year: int) -> tuple[Span, ...]:
    """The school year of `year` as it is usual in England: what is assumed where nobody brought dates.

    Three terms of two halves; a week in October, February and May, two at Christmas and Easter, six in summer (Local
    Government Association, standard school year; local authorities differ by a week, which is why it is marked).
    """
    christmas = _monday(date(year, 12, 25))
    easter = _monday(_easter(year + 1))
    october = _nth_monday(year, 10, 4)
    february = _nth_monday(year + 1, 2, 3)
    may = _monday(date(year + 1, 5, 31))
    autumn_begins = date(year, 9, 2)
    spring_begins, summer_begins = christmas + 2 * WEEK, easter + 2 * WEEK
    summer_ends = date(year + 1, 7, 21)
    return (
        Span(autumn_begins, christmas - 3 * DAY, Kind.TERM, "Autumn term"),
        Span(october, october + 4 * DAY, Kind.HOLIDAY, "October half-term"),
        Span(christmas, christmas + 11 * DAY, Kind.HOLIDAY, "Christmas holiday"),
        Span(spring_begins, easter - 3 * DAY, Kind.TERM, "Spring term"),
        Span(february, february + 4 * DAY, Kind.HOLIDAY, "February half-term"),
        Span(easter, summer_begins - 3 * DAY, Kind.HOLIDAY, "Easter holiday"),
        Span(summer_begins, summer_ends, Kind.TERM, "Summer term"),
        Span(may, may + 4 * DAY, Kind.HOLIDAY, "May half-term"),
        Span(summer_ends + DAY, date(year + 1, 8, 31), Kind.HOLIDAY, "Summer holiday"),
    )


@functools.cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales in a calendar year: as proclaimed, else as the Act of 1971 has them."""
    return _PROCLAIMED.get(year) or statutory_holidays(year)


def statutory_holidays(year: int) -> frozenset[date]:
    """The bank holidays of a year by rule, without what was proclaimed for it alone."""
    easter = _easter(year)
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    new_year = date(year, 1, 1)
    found = {easter - 2 * DAY, easter + DAY, _nth_monday(year, 5, 1)}
    found |= {_monday(date(year, 5, 31)), _monday(date(year, 8, 31))}
    found.add(new_year + {5: 2, 6: 1}.get(new_year.weekday(), 0) * DAY)
    found.add(christmas + {5: 2, 6: 2}.get(christmas.weekday(), 0) * DAY)
    found.add(boxing + {5: 2, 6: 2}.get(boxing.weekday(), 0) * DAY)
    return frozenset(found)


def _monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - day.weekday() * DAY


def _nth_monday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + ((7 - first.weekday()) % 7) * DAY + (number - 1) * WEEK


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap, skipped = divmod(century, 4)
    epact = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * skipped + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def _proclaimed() -> dict[int, frozenset[date]]:
    found = {}
    for line in BANK_HOLIDAYS.split("\n"):
        year, _, listed = line.partition(":")
        if year:
            found[int(year)] = frozenset(date.fromisoformat(f"{year}-{day}") for day in listed.split())
    return found


_PROCLAIMED = _proclaimed()
