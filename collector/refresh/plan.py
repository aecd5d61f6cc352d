"""The plain rule: each device in the year that its dates ask for, needs and lines in theirs, with no budget. Pure.

It knows no cap and weighs nothing against anything: `optimise` does. The same estate in another order is the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from collector.refresh.asked import need_rows, spending_rows
from collector.refresh.devices import Devices
from collector.refresh.policies import Policies
from collector.refresh.values import Estate, Row, Terms
from collector.refresh.years import Years, years_of

AFTER = 10_000  # where rows without a year stand


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows by year, school, class and name; those without a year last."""

    rows: tuple[Row, ...]
    first: int
    years: int
    terms: Mapping[str, Terms]

    @property
    def last(self) -> int:
        """The last planned year."""
        return self.first + self.years - 1

    def reckoned(self, school_id: str) -> Years:
        """The years of a school."""
        return years_of(self.terms, school_id)


def plan(estate: Estate, policies: Policies) -> Plan:
    """What is replaced, upgraded, extended, retired, added and paid, and in which years."""
    rows = tuple(sorted(_rows(estate, policies), key=_place))
    return Plan(rows, estate.first, estate.years, estate.terms)


def with_rows(made: Plan, more: Iterable[Row]) -> Plan:
    """A plan with more rows, each in its place; the same where there are none."""
    added = list(more)
    return replace(made, rows=tuple(sorted((*made.rows, *added), key=_place))) if added else made


def _rows(estate: Estate, policies: Policies) -> Iterator[Row]:
    devices = Devices(estate, policies)
    yield from devices.rows()
    for need in estate.needs:
        yield from need_rows(need, devices.horizon(need.school_id), policies, estate)
    for line in estate.spending:
        yield from spending_rows(line, devices.horizon(line.school_id), estate)


def _place(row: Row) -> tuple[int, str, str, str, str, str, int]:
    year = AFTER if row.year is None else row.year
    return (year, row.school_id, row.device_class, row.name, row.row_id, row.action, row.again)
