"""What-ifs: the plain rule beside what is chosen within caps, under other caps, lives and prices. It writes nothing.

A what-if is plain values that a person named. What comes of it is kept by school, so that who sees some schools is
shown those alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from collector.errors import Refused
from collector.planning.gather import Budget, Gathered
from collector.planning.making import make
from collector.refresh.jobs import BudgetYear, Effort, Left, Scenario
from collector.refresh.offers import Offers, Wishes, as_rows, jobs_of, key_of
from collector.refresh.optimise import optimise
from collector.refresh.plan import Plan
from collector.refresh.policies import Override, Policies, defaults
from collector.refresh.values import Action, Fund, Row
from collector.refresh.years import Years, years_of

SECONDS = 45.0  # for which the solver tries
MOST_TOLD = 200  # displaced rows that are kept with their sentence
WHOLE = 100  # percent


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise than it stands.

    `caps`: percent of those that are said. `lives`: months by class; `prices`: percent by class that is added. `early`:
    years before its date that something may be done; `level`: no year asks for more than this percentage of an even
    one. `summer`: classes that are installed in the summer holidays alone.
    """

    caps: int = WHOLE
    lives: Mapping[str, int] = field(default_factory=dict)
    prices: Mapping[str, int] = field(default_factory=dict)
    early: int = 0
    level: int | None = None
    suites: bool = True
    one_model: bool = False
    committed: bool = True
    summer: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "caps": self.caps, "lives": dict(self.lives), "prices": dict(self.prices), "early": self.early,
            "level": self.level, "suites": self.suites, "one_model": self.one_model, "committed": self.committed,
            "summer": list(self.summer),
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Changes:
        """The same from plain values."""
        return cls(**{**told, "summer": tuple(told.get("summer", ()))})


@dataclass(frozen=True, slots=True)
class Side:
    """What one way of choosing comes to: pence by school and year; what of the planned years is left undone.

    `aims`: needs that are left undone, by school and aim: how many, and pence. `rows`: in the years that were chosen;
    `left`: those that no year has, as the plain rule has them.
    """

    costs: Mapping[tuple[str, int], int]
    undone: tuple[Left, ...] = ()
    aims: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    budgets: tuple[BudgetYear, ...] = ()
    gap: float | None = None
    timed_out: bool = False
    displaced: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    left: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The plain rule, and what is chosen within the caps; `refused`: why that cannot be, in a sentence."""

    plain: Side
    within: Side | None
    refused: str = ""


def reckon(gathered: Gathered, changes: Changes, effort: Effort | None = None) -> Result:
    """Both sides of a what-if. It may take a minute."""
    policies = changed(gathered, changes)
    estate = gathered.estate
    made = make(gathered, policies)
    plain = Side(_costs(made.rows))
    capped = funds_of(gathered, changes.caps)
    funds = (*capped, *_open(gathered, 2 * sum(row.cost for row in made.rows)))
    if not capped and changes.level is None:
        return Result(
            plain, None, "no cap of a planned year is said, and no levelling is asked for: nothing is displaced"
        )
    wishes = Wishes(changes.suites, frozenset(changes.summer), changes.one_model, changes.committed and bool(funds))
    offers = jobs_of(made, estate, policies, wishes)
    scenario = Scenario(
        estate.first, estate.years, funds, changes.early, changes.level, estate.terms, gathered.schools
    )  # fmt: skip
    try:
        outcome = optimise(offers.jobs, scenario, effort or Effort(seconds=SECONDS))
    except Refused as error:
        return Result(plain, None, str(error))
    rows = as_rows(made, offers, outcome)
    moved = [row for row, before in zip(rows, made.rows, strict=True) if row is not before]
    return Result(plain, Side(
        _costs(rows), outcome.undone, _aims(made, rows), outcome.budgets, outcome.gap, outcome.timed_out,
        tuple(sorted(moved, key=lambda row: (-row.weight, row.name))[:MOST_TOLD]), rows, _left(made, offers, rows),
    ))  # fmt: skip


def _costs(rows: Sequence[Row]) -> dict[tuple[str, int], int]:
    found: Counter[tuple[str, int]] = Counter()
    for row in rows:
        if row.year is not None:
            found[row.school_id, row.year] += row.cost
    return dict(found)


def _left(made: Plan, offers: Offers, rows: Sequence[Row]) -> tuple[Row, ...]:
    """What the plain rule has in a planned year, and the money in none: with the reason, at the prices of that year."""
    wanted = {key: job.wanted for job in offers.jobs for key in job.members or (job.job_id,)}
    found = []
    for row, before in zip(rows, made.rows, strict=True):
        if row.year is None and before.year is not None:
            key = key_of(before)
            cost = offers.costs[key][max(wanted[key] - made.first, 0)]
            found.append(replace(before, sentence=row.sentence, low=cost, cost=cost, high=cost))
    return tuple(found)


def _aims(made: Plan, rows: Sequence[Row]) -> dict[tuple[str, str], tuple[int, int]]:
    """Needs of the planned years that are in none of them any more, by school and aim."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row, before in zip(rows, made.rows, strict=True):
        if row.action is Action.ADD and row.year is None and before.year is not None:
            number, pence = found.get((row.school_id, row.aim), (0, 0))
            found[row.school_id, row.aim] = (number + before.number, pence + before.cost)
    return found


# ------------------------------------------------------------------------------------------------ money and policies


def funds_of(gathered: Gathered, percent: int = WHOLE) -> tuple[Fund, ...]:
    """Caps and funds as money that may be spent; what a cap does not carry on lapses with its year.

    Who said no cap of a planned year is not capped: a fund is money beside a budget, and no budget.
    """
    terms, years = gathered.estate.terms, planned_years(gathered)
    caps = tuple(_cap(one, years_of(terms, one.school_id), percent) for one in gathered.budgets if one.year in years)
    capped = {one.school_id for one in caps}
    return (*caps, *(one for one in gathered.funds if one.school_id in capped))


def planned_years(gathered: Gathered) -> range:
    """The years of the plan."""
    return range(gathered.estate.first, gathered.estate.first + gathered.estate.years)


def open_years(gathered: Gathered) -> frozenset[tuple[str, int]]:
    """The planned years of which who caps others said no cap, by school: no cap holds there."""
    years = planned_years(gathered)
    said = {(one.school_id, one.year) for one in gathered.budgets if one.year in years}
    return frozenset((school_id, year) for school_id, _ in said for year in years) - said


def _open(gathered: Gathered, amount: int) -> Iterator[Fund]:
    """Money for years without a cap: as much as everything costs."""
    for school_id, year in sorted(open_years(gathered)):
        years = years_of(gathered.estate.terms, school_id)
        yield Fund(f"open:{school_id}:{year}", "no cap", school_id, amount, year, years.last_day(year))


def _cap(one: Budget, years: Years, percent: int) -> Fund:
    return Fund(
        one.budget_id, f"cap of {years.label(one.year)}", one.school_id, one.cap * percent // WHOLE, one.year,
        None if one.carries else years.last_day(one.year),
    )  # fmt: skip


def changed(gathered: Gathered, changes: Changes) -> Policies:
    """The policies with other lives and prices, which stand for every school whatever it set."""
    if not changes.lives and not changes.prices:
        return gathered.policies
    schools = ("", *sorted({one.school_id for one in gathered.overrides if one.school_id}))
    found = list(gathered.overrides)
    for school_id in schools:
        for device_class, months in changes.lives.items():
            found += [Override("life", months, school_id, device_class, model) for model in _models(device_class)]
        for device_class, percent in changes.prices.items():
            for model in _models(device_class):
                cost = gathered.policies.find(school_id, device_class, "", model).policy.cost
                dearer = cost * (WHOLE + percent) // WHOLE
                found.append(Override("cost", dearer, school_id, device_class, model))
    return Policies(found)


def _models(device_class: str) -> list[str]:
    """The models of which the table has a row of their own, and "" for all others."""
    return sorted({one.model for one in defaults() if one.device_class == device_class} | {""})
