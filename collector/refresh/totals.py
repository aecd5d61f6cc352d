"""Sums of a plan: low, expected and high, and the share that rests on assumption. Pure, whole pence.

Expected is the sum of what the rows cost, to the penny. A year's low is the sum of the rows that fall into it whatever
is true of uncertain ages, at the lower price of their span; its high of those that may fall into it, at the higher. So
the years' highs add up to more than the plan's: a device that may be due in one of two years is bought once. Several
years are measured as one: low is what falls into them in any case, high what may.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from collector.refresh.plan import Plan
from collector.refresh.values import Row, Span
from collector.refresh.years import Years

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Total:
    """Pence without VAT. `assumed`: of the expected, what rests on assumption. `rows`, `number`: as expected."""

    low: int = 0
    cost: int = 0
    high: int = 0
    assumed: int = 0
    rows: int = 0
    number: int = 0

    @property
    def share(self) -> float:
        """The share of the expected money that rests on assumption, 0 to 1."""
        return self.assumed / self.cost if self.cost else 0.0

    def __add__(self, other: Total) -> Total:
        return Total(
            self.low + other.low,
            self.cost + other.cost,
            self.high + other.high,
            self.assumed + other.assumed,
            self.rows + other.rows,
            self.number + other.number,
        )


class _Sum:
    """A total while it grows."""

    __slots__ = ("assumed", "cost", "high", "low", "number", "rows")

    def __init__(self) -> None:
        self.low = self.cost = self.high = self.assumed = self.rows = self.number = 0

    def add(self, row: Row, span: Span, first: int, last: int) -> None:
        """Add what a row of a span gives to the years from `first` to `last`."""
        if first <= span.earliest and span.latest <= last:
            self.low += row.low
        if span.earliest <= last and span.latest >= first:
            self.high += row.high
        if row.year is not None and first <= row.year <= last:
            self.cost += row.cost
            self.assumed += row.cost if row.assumed else 0
            self.rows += 1
            self.number += row.number

    def total(self) -> Total:
        """As a value."""
        return Total(self.low, self.cost, self.high, self.assumed, self.rows, self.number)


def total(rows: Iterable[Row], first: int, last: int) -> Total:
    """The sum of rows over the years from `first` to `last` as one; 0 where there are none."""
    one = _Sum()
    for row in rows:
        one.add(row, reach(row), first, last)
    return one.total()


def by(rows: Iterable[Row], key: Callable[[Row], K], first: int, last: int) -> dict[K, Total]:
    """The sums over the years as one, by what `key` tells of a row: its school, class, line or aim."""
    sums: dict[K, _Sum] = {}
    for row in rows:
        sums.setdefault(key(row), _Sum()).add(row, reach(row), first, last)
    return {name: one.total() for name, one in sums.items()}


def by_year(rows: Iterable[Row], first: int, last: int) -> dict[int, Total]:
    """The sum of each planned year, by each school's own year."""
    return table(rows, lambda _row: "", first, last).get("") or _empty(first, last)


def table(rows: Iterable[Row], key: Callable[[Row], K], first: int, last: int) -> dict[K, dict[int, Total]]:
    """The sums by what `key` tells of a row, and by year; every year is there."""
    sums: dict[K, list[_Sum]] = {}
    for row in rows:
        name = key(row)
        cells = sums.get(name)
        if cells is None:
            cells = sums[name] = [_Sum() for _ in range(first, last + 1)]
        span = reach(row)
        for year in range(max(first, span.earliest), min(last, span.latest) + 1):
            cells[year - first].add(row, span, year, year)
    return {name: {first + place: one.total() for place, one in enumerate(cells)} for name, cells in sums.items()}


def counted(plan: Plan, into: Years) -> dict[int, Total]:
    """The years' sums of all schools in one kind of year: a year of the other kind is split by its months.

    To the penny: what they cost adds up to the plan. Rows and numbers are not split, and are 0.
    """
    kinds: dict[Years, list[Row]] = {}
    for row in plan.rows:
        kinds.setdefault(plan.reckoned(row.school_id), []).append(row)
    found: dict[int, Total] = {}
    for years, rows in kinds.items():
        for year, one in by_year(rows, plan.first, plan.last).items():
            for other, part in _split(one, year, years, into):
                found[other] = found.get(other, Total()) + part
    return dict(sorted(found.items()))


def _split(one: Total, year: int, years: Years, into: Years) -> list[tuple[int, Total]]:
    parts = [years.split(pence, year, into) for pence in (one.low, one.cost, one.high, one.assumed)]
    return [(cells[0][0], Total(*(pence for _, pence in cells))) for cells in zip(*parts, strict=True)]


def reach(row: Row) -> Span:
    """The years that a row may fall into: its span; of one that was moved out of it, its year alone."""
    span = row.span
    if row.year is None or span.earliest <= row.year <= span.latest:
        return span
    return Span(row.year, row.year, row.year)


def _empty(first: int, last: int) -> dict[int, Total]:
    return {year: Total() for year in range(first, last + 1)}
