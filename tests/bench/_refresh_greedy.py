"""What people do without an optimiser, to compare with: the oldest first, in the first year that has the money."""

from __future__ import annotations

from collections.abc import Iterable

from collector.refresh.jobs import Job, Scenario
from collector.refresh.purses import Budget, budgets_of


def oldest_first(jobs: Iterable[Job], scenario: Scenario) -> tuple[float, dict[str, int]]:
    """The risk that remains, and the year of each job that is done, counted from 0; pins first, as a person would."""
    budgets = budgets_of(scenario)
    spent = {school_id: [0] * scenario.years for school_id in budgets}
    risk, done = 0.0, {}
    for job in sorted(jobs, key=lambda job: (job.pinned is None, job.due, job.wanted, job.job_id)):
        year = _first_with_room(job, scenario, budgets, spent)
        risk += job.risks[-1 if year is None else year]
        if year is not None:
            done[job.job_id] = year
    return risk, done


def _first_with_room(
    job: Job, scenario: Scenario, budgets: dict[str, Budget], spent: dict[str, list[int]]
) -> int | None:
    begins = max(job.wanted if job.pinned is None else job.pinned, scenario.first)
    begins = max(begins, job.earliest if job.pinned is None else 0) - scenario.first
    for year in range(begins, scenario.years):
        own = [place for place in {"", job.school_id} if place in budgets]
        for place in own:
            spent[place][year] += job.costs[year]
        if all(budgets[place].fits(spent[place]) for place in own):
            return year
        for place in own:
            spent[place][year] -= job.costs[year]
        if job.pinned is not None:
            return None
    return None
