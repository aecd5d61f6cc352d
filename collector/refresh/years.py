"""The years that a school reckons in: they begin on 1 April or 1 September, and are named "2026/27". Pure.

A year is known by the calendar year in which it begins. It does not know which school begins when (see `Terms`).

A trust whose schools begin at different months is counted in two ways. By each school's own year, 2026/27 of one beside
2026/27 of another: what each of them budgets for. Or in one year for all: a year of the other kind is split by its
months, five of April's year (April to August) and seven (September to March), as a budget holder would accrue it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from collector.refresh.values import Terms

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Years:
    """Years that begin on the first of a month."""

    start_month: int = 9

    def __post_init__(self) -> None:
        if not 1 <= self.start_month <= MONTHS:
            raise ValueError(f"a year cannot begin in month {self.start_month}")

    def of(self, day: date) -> int:
        """The year that a day is in."""
        return day.year if day.month >= self.start_month else day.year - 1

    def first_day(self, year: int) -> date:
        """The day on which a year begins."""
        return date(year, self.start_month, 1)

    def last_day(self, year: int) -> date:
        """The day with which a year ends."""
        return date(year + 1, self.start_month, 1) - timedelta(days=1)

    def label(self, year: int) -> str:
        """The name of a year: "2026/27"; of calendar years, "2026"."""
        return str(year) if self.start_month == 1 else label(year)

    def shares(self, year: int, into: Years) -> tuple[tuple[int, int], ...]:
        """How many twelfths of a year lie in which years of another kind."""
        later = (into.start_month - self.start_month) % MONTHS
        first = into.of(self.first_day(year))
        return ((first, MONTHS),) if not later else ((first, later), (first + 1, MONTHS - later))

    def split(self, pence: int, year: int, into: Years) -> tuple[tuple[int, int], ...]:
        """A year's money by years of another kind, to the penny: the last takes what rounding leaves."""
        shares = self.shares(year, into)
        if len(shares) == 1:
            return ((shares[0][0], pence),)
        (first, twelfths), (second, _) = shares
        part = half_up(pence * twelfths, MONTHS)
        return ((first, part), (second, pence - part))


def label(year: int) -> str:
    """The name of a year that begins in one calendar year and ends in the next."""
    return f"{year}/{(year + 1) % 100:02d}"


def years_of(terms: Mapping[str, Terms], school_id: str) -> Years:
    """The years of a school: its own terms, else those of all others, else from September."""
    found = terms.get(school_id) or terms.get("") or Terms()
    return Years(found.start_month)


@lru_cache(maxsize=50_000)  # an estate was bought on some thousand days
def add_months(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where it has no such day (29 February + 12: 28)."""
    over = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(over, MONTHS)
    month += 1
    if day.day <= 28:  # every month has it
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def half_up(numerator: int, denominator: int) -> int:
    """A quotient in whole numbers, half rounded up; the denominator is above zero."""
    return (2 * numerator + denominator) // (2 * denominator)
