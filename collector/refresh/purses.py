"""Money that may be spent between two years: whether it covers what is asked of it, and what is carried on. Exact.

A budget is all funds of one school, of the trust, or a bound that levels. What each year asks for is paid from what
lapses first, which is the best that can be done: where that fails, nothing fits. It knows no job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.refresh.jobs import BudgetYear, Scenario
from collector.refresh.values import Fund
from collector.refresh.years import years_of

NEVER = 10_000  # a year that no plan reaches


@dataclass(frozen=True, slots=True)
class Purse:
    """Pence that may be spent from the `first` to the `last` year, counted from the first planned one, which is 0."""

    last: int
    first: int
    amount: int


@dataclass(frozen=True, slots=True)
class Budget:
    """Purses in the order in which they lapse, for one school or, "", for all. `levels`: a bound, and no money."""

    school_id: str
    purses: tuple[Purse, ...]
    levels: bool = False

    def fits(self, spent: Sequence[int]) -> bool:
        """Whether the purses cover what each year spends."""
        return self.lacking(spent) is None

    def lacking(self, spent: Sequence[int]) -> int | None:
        """The first year whose spending is not covered."""
        left = [purse.amount for purse in self.purses]
        for year, needed in enumerate(spent):
            if self._draw(left, year, needed):
                return year
        return None

    def room(self, spent: Sequence[int], year: int) -> int:
        """How much more the year could spend, all else as it is."""
        low, high = 0, self.reach(year)
        asked = list(spent)
        while low < high:
            middle = (low + high + 1) // 2
            asked[year] = spent[year] + middle
            low, high = (middle, high) if self.fits(asked) else (low, middle - 1)
        return low

    def reach(self, year: int) -> int:
        """All that the year could spend if no other spent anything."""
        return sum(purse.amount for purse in self.purses if purse.first <= year <= purse.last)

    def ledger(self, spent: Sequence[int], first: int) -> tuple[BudgetYear, ...]:
        """Year by year, what came, went, lapsed and is carried on."""
        left = [purse.amount for purse in self.purses]
        brought, rows = 0, []
        for year, needed in enumerate(spent):
            self._draw(left, year, needed)
            ends = [purse.last == year and purse.first <= year for purse in self.purses]
            lapsed = sum(amount for amount, end in zip(left, ends, strict=True) if end)
            fresh = sum(purse.amount for purse in self.purses if purse.first == year)
            carried = fresh + brought - needed - lapsed
            rows.append(BudgetYear(self.school_id, first + year, fresh, brought, needed, lapsed, carried))
            brought = carried
        return tuple(rows)

    def _draw(self, left: list[int], year: int, needed: int) -> int:
        """Take what a year needs from what lapses first; what is missing."""
        for place, purse in enumerate(self.purses):
            if not needed:
                break
            if purse.first <= year <= purse.last:
                drawn = min(left[place], needed)
                left[place] -= drawn
                needed -= drawn
        return needed


def budgets_of(scenario: Scenario) -> dict[str, Budget]:
    """The budget of each school that has funds, and, by "", of the trust."""
    funds: dict[str, list[Fund]] = {}
    for fund in scenario.funds:
        funds.setdefault(fund.school_id, []).append(fund)
    return {
        school_id: Budget(school_id, tuple(sorted(filter(None, (_purse(fund, scenario) for fund in own)), key=_order)))
        for school_id, own in sorted(funds.items())
    }


def even(scenario: Scenario, whole: int, pinned: Sequence[int]) -> Budget:
    """The bound of levelling: a share of an even year; what is pinned is never refused for it."""
    most = whole * (scenario.level or 100) // (100 * scenario.years)
    return Budget("", tuple(Purse(year, year, max(most, pins)) for year, pins in enumerate(pinned)), levels=True)


def _order(purse: Purse) -> tuple[int, int, int]:
    return (purse.last, purse.first, purse.amount)


def _purse(fund: Fund, scenario: Scenario) -> Purse | None:
    """The planned years of a fund: None where it lapsed before them or begins after them."""
    years = years_of(scenario.terms, fund.school_id)
    last = NEVER if fund.spend_by is None else years.of(fund.spend_by) - scenario.first
    first = max(fund.year - scenario.first, 0)
    lives = first <= last and first < scenario.years and fund.amount > 0
    return Purse(last, first, fund.amount) if lives else None
