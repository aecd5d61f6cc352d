"""What is chosen among within a budget: jobs, a scenario of money and wishes, and the outcome of choosing. Pure values.

A job is what is done at once: a device, or a whole suite. It carries what it costs in each planned year and the risk
that it leaves if it is done then, so that prices that rise, suites of mixed age and lives that a person changed are all
the same to who chooses. It knows neither policies nor the estate (see `offers`).

Years are the calendar years in which they begin. Money is whole pence without VAT. Risk is device-years past their
replace-by date, within the planned years, times the weight of class and exposure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from collector.refresh.values import Fund, Terms
from collector.refresh.years import Years

SUMMER_ENDS = (8, 31)  # month and day by which an installation in the summer holidays is done
MOST_YEARS = 10
APART = 2  # years from its suite's date at which a device goes on its own


@dataclass(frozen=True, slots=True)
class Job:
    """What is done at once, in one year or not at all.

    `wanted`: the year in which it falls due, which may lie before the first. `costs`: pence, one for each planned
    year. `risks`: what is left if it is done in each planned year, never falling, and last if it is left undone.
    `earliest`: the first year in which it can be installed. `pinned`: a person's year, which is kept whatever it
    costs. `due`: who goes first among equals, the oldest. `members`: of a suite, the jobs that it is made of.
    `follows`: the job whose purchase it replaces or upgrades in its turn, if that is done in the year `after`.
    """

    job_id: str
    name: str
    school_id: str
    device_class: str
    wanted: int
    costs: tuple[int, ...]
    risks: tuple[float, ...]
    earliest: int = 0
    pinned: int | None = None
    due: date = date.min
    suite: str = ""
    model: str = ""
    number: int = 1
    members: tuple[str, ...] = ()
    follows: str = ""
    after: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """The money, the years and the wishes of one choice.

    `funds`: what may be spent. A school that has any may spend no more than they hold, all schools together no more
    than the trust's hold; who has none is not capped. What is left goes to the next year until the fund's spend-by
    date. `early`: how many years before its date a job may be brought forward, to level or to use a year's room.
    `level`: no year asks for more than this percentage of an even year, None: as it falls. `names`: of schools.
    """

    first: int
    years: int
    funds: tuple[Fund, ...] = ()
    early: int = 0
    level: int | None = None
    terms: Mapping[str, Terms] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= self.years <= MOST_YEARS:
            raise ValueError(f"{self.years} years cannot be planned: 1 to {MOST_YEARS}")


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard the solver tries. `gap`: it stops when this near to the optimum; `seconds`: or after so long.

    It may stop before either, after a number of steps. The same jobs get the same years unless the time runs out.
    """

    gap: float = 0.005
    seconds: float = 45.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """The year of a job, None where it is left undone in the planned years; and why, "" where it is done when due."""

    job_id: str
    year: int | None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What the money leaves undone at a school: jobs, devices, pence at the prices of their year, and risk."""

    school_id: str
    jobs: int
    devices: int
    money: int
    risk: float


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """A year of a budget, in pence. `school_id` "": the trust's.

    `fresh`: may be spent from this year on; `brought`: left from the years before; `spent`; `lapsed`: its spend-by
    date passes in this year; `carried`: goes on to the next. fresh + brought = spent + lapsed + carried.
    """

    school_id: str
    year: int
    fresh: int
    brought: int
    spent: int
    lapsed: int
    carried: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was chosen, and how good it is.

    `risk`: what remains, by the jobs' risks. `gap`: the share of it by which the optimum may be lower, proven.
    `timed_out`: the time ran out before the wanted gap was proven. `costs`: pence by school and year. `undone`: by
    school, of what fell due in the planned years. `budgets`: of each school with a cap and of the trust.
    """

    chosen: tuple[Chosen, ...]
    risk: float
    gap: float
    timed_out: bool
    costs: Mapping[tuple[str, int], int]
    undone: tuple[Left, ...]
    budgets: tuple[BudgetYear, ...]


@lru_cache(maxsize=4096)  # fifty thousand devices share some hundred of them
def risks_of(wanted: int, weight: float, first: int, years: int) -> tuple[float, ...]:
    """What one device leaves: the planned years in which it is past its date, times its weight.

    Years before the first one count nothing: no choice can mend them.
    """
    begins = max(wanted - first, 0)
    return tuple(weight * max(0, year - begins) for year in range(years + 1))


def together(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The jobs with each suite of a school made into one, which falls due when half of its devices have.

    Whose own date is `APART` years from that stays alone: a broken machine is no reason for a new room. So does what a
    person pinned to another year than the rest: their word stands above the suite.
    """
    alone: list[Job] = []
    suites: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        if job.suite:
            suites.setdefault((job.school_id, job.suite), []).append(job)
        else:
            alone.append(job)
    for members in suites.values():
        pinned = min((job.pinned for job in members if job.pinned is not None), default=None)
        wanted = sorted(job.wanted for job in members)[(len(members) - 1) // 2]
        whole = [job for job in members if _belongs(job, wanted, pinned)]
        alone += [job for job in members if not _belongs(job, wanted, pinned)]
        if whole:
            alone.append(_suite(whole, wanted, pinned))
    return tuple(alone)


def _belongs(job: Job, wanted: int, pinned: int | None) -> bool:
    if pinned is not None:  # a suite that is pinned goes whole, whatever the date of each
        return job.pinned in (None, pinned)
    return abs(job.wanted - wanted) < APART


def _suite(members: list[Job], wanted: int, pinned: int | None) -> Job:
    """One job of all: its costs and risks are their sums."""
    ordered = sorted(members, key=lambda job: (job.due, job.job_id))
    one = ordered[0]
    return Job(
        job_id=f"{one.school_id}/{one.suite}",
        name=one.suite,
        school_id=one.school_id,
        device_class=one.device_class,
        wanted=wanted,
        costs=tuple(map(sum, zip(*(job.costs for job in ordered), strict=True))),
        risks=tuple(map(sum, zip(*(job.risks for job in ordered), strict=True))),
        earliest=max(job.earliest for job in ordered),
        pinned=pinned,
        due=one.due,
        suite=one.suite,
        model=one.model,
        number=sum(job.number for job in ordered),
        members=tuple(job.job_id for job in ordered),
    )


def installable(today: date, lead_weeks: int, years: Years, *, summer_only: bool = False) -> int:
    """The first year in which what is ordered today can be installed; in the summer holidays alone, where asked."""
    ready = today + timedelta(weeks=lead_weeks)
    if summer_only:
        ends = date(ready.year, *SUMMER_ENDS)
        ready = ends if ready <= ends else date(ready.year + 1, *SUMMER_ENDS)
    return years.of(ready)


def yearly(school_id: str, amounts: Iterable[int], first: int, years: Years, *, carry: bool) -> tuple[Fund, ...]:
    """Caps of a school's (or, "", the trust's) years as funds: what is left is lost, or carried on without end."""
    return tuple(
        Fund(
            fund_id=f"{school_id}:{year}",
            name=f"cap of {years.label(year)}",
            school_id=school_id,
            amount=amount,
            year=year,
            spend_by=None if carry else years.last_day(year),
        )
        for year, amount in enumerate(amounts, first)
    )
