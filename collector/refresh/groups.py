"""Jobs that are all the same to who chooses, counted: what makes fifty thousand devices a small problem. Pure.

Two jobs are the same where they draw on the same budgets, cost the same and leave the same risk in every year. How many
of a group are done in which year is chosen; which of them, the oldest first, is settled here. It knows no solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from collector.refresh.jobs import Job, Scenario
from collector.refresh.purses import Budget, even

EARLY = 0.001  # of a year's risk: what a year brought forward counts, so that nothing goes early without need

_Key = tuple[tuple[int, ...], tuple[int, ...], tuple[float, ...], float, tuple[int, ...], bool]


@dataclass(slots=True)
class Group:
    """Jobs that are the same. `options`: the years they may be done in, from 0; `costs` and `gains` of each option.

    A gain is the risk that is spared. `budgets`: places of those that they draw on. `counts`: how many are done in
    each option, filled by who chooses.
    """

    jobs: list[Job]
    options: tuple[int, ...]
    costs: tuple[int, ...]
    gains: tuple[float, ...]
    budgets: tuple[int, ...]
    pinned: bool
    counts: list[int] = field(default_factory=list)

    @property
    def undone(self) -> int:
        """How many are in no year yet."""
        return len(self.jobs) - sum(self.counts)


@dataclass(frozen=True, slots=True)
class Choice:
    """The whole of what is chosen in: groups and budgets. `spent`: pence, by budget and year, kept by `move`."""

    groups: tuple[Group, ...]
    budgets: tuple[Budget, ...]
    spent: tuple[list[int], ...]

    def move(self, group: Group, option: int, number: int) -> None:
        """Put so many of a group into an option; fewer than none takes them out."""
        group.counts[option] += number
        for place in group.budgets:
            self.spent[place][group.options[option]] += number * group.costs[option]

    def room(self, group: Group, option: int, most: int) -> int:
        """How many more of a group its budgets could bear in an option."""
        year, cost = group.options[option], group.costs[option]
        for place in group.budgets:
            if most and cost:
                most = self._bears(place, year, cost, most)
        return most

    def _bears(self, place: int, year: int, cost: int, most: int) -> int:
        budget, spent = self.budgets[place], self.spent[place]
        if budget.reach(year) < spent[year] + cost:  # most are refused here, without reckoning the other years
            return 0
        asked = list(spent)
        asked[year] += most * cost
        return most if budget.fits(asked) else budget.room(spent, year) // cost


def left(groups: Iterable[Group]) -> float:
    """What is made least: the risk that remains in groups as they are, and what is brought forward."""
    total = 0.0
    for group in groups:
        total += group.jobs[0].risks[-1] * len(group.jobs)
        total -= sum(gain * count for gain, count in zip(group.gains, group.counts, strict=True))
    return total


def parts(choice: Choice) -> list[list[Group]]:
    """The groups apart that have no budget in common: without the trust's, each school is a small choice of its own."""
    apart: dict[tuple[int, ...], list[Group]] = {}
    for group in choice.groups:
        apart.setdefault(group.budgets, []).append(group)
    shared = [place for place, budget in enumerate(choice.budgets) if not budget.school_id]
    return [list(choice.groups)] if shared else list(apart.values())


def gather(jobs: Iterable[Job], scenario: Scenario, budgets: Mapping[str, Budget]) -> Choice:
    """The jobs that may be done in the planned years, grouped, pins in their years, and the budgets they draw on."""
    jobs = tuple(jobs)
    levels = _level(jobs, scenario)
    everything = (*budgets.values(), *levels)
    places = {school_id: place for place, school_id in enumerate(budgets)}
    common = tuple(place for place, budget in enumerate(everything) if not budget.school_id)
    groups: dict[_Key, Group] = {}
    for job in jobs:
        options = _options(job, scenario)
        if not options:
            continue
        gains = tuple(_gain(job, scenario, year) for year in options)
        draws = (places[job.school_id], *common) if job.school_id in places and job.school_id else common
        costs = tuple(job.costs[year] for year in options)
        key = (options, costs, gains, job.risks[-1], draws, job.pinned is not None)
        if key not in groups:
            groups[key] = Group([], options, costs, gains, draws, job.pinned is not None, [0] * len(options))
        groups[key].jobs.append(job)
    ordered = tuple(groups[key] for key in sorted(groups))  # so that the order of the jobs never tells
    choice = Choice(ordered, everything, tuple([0] * scenario.years for _ in everything))
    for group in choice.groups:
        group.jobs.sort(key=lambda job: (job.due, job.wanted, job.job_id))
        if group.pinned:
            choice.move(group, 0, len(group.jobs))
    return choice


def settled(choice: Choice) -> dict[str, int]:
    """The year, counted from 0, of each job that is done: of each group the oldest goes first."""
    return {
        job.job_id: year
        for group in choice.groups
        for job, year in zip(
            group.jobs,
            (year for year, count in zip(group.options, group.counts, strict=True) for _ in range(count)),
            strict=False,  # what is left over is left undone
        )
    }


def _options(job: Job, scenario: Scenario) -> tuple[int, ...]:
    """The years that a job may be done in, counted from 0; of a pin the one, or none where it lies after all."""
    end = scenario.first + scenario.years
    if job.pinned is not None:
        return (max(job.pinned - scenario.first, 0),) if job.pinned < end else ()
    if job.wanted >= end:
        return ()
    begins = max(job.wanted - scenario.early, job.earliest, scenario.first)
    return tuple(range(begins - scenario.first, scenario.years))


def _gain(job: Job, scenario: Scenario, year: int) -> float:
    """The risk that is spared by doing a job in a year, less what going early counts."""
    early = max(job.wanted - scenario.first - year, 0)
    return job.risks[-1] - job.risks[year] - EARLY * early * (job.risks[-1] - job.risks[-2])


def _level(jobs: Sequence[Job], scenario: Scenario) -> tuple[Budget, ...]:
    """The bound of levelling, where one is asked for: an even year of all that falls due, at its price then."""
    if scenario.level is None:
        return ()
    whole, pinned = 0, [0] * scenario.years
    for job in jobs:
        year = max((job.wanted if job.pinned is None else job.pinned) - scenario.first, 0)
        if year < scenario.years:
            whole += job.costs[year]
            pinned[year] += job.costs[year] if job.pinned is not None else 0
    return (even(scenario, whole, pinned),)
