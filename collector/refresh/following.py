"""What was to follow a purchase that is made later, or not at all: it is not due again when the plan said. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collector.refresh.groups import Choice
from collector.refresh.jobs import Job, Scenario


def not_again(jobs: Iterable[Job], done: Mapping[str, int], scenario: Scenario) -> frozenset[str]:
    """The jobs that fall away: what they follow is left undone, or so late that they are not due in their year.

    `done`: the year of each job that is done, counted from 0.
    """
    jobs = tuple(jobs)
    whole = {member: job.job_id for job in jobs for member in job.members or (job.job_id,)}
    idle: set[str] = set()
    for job in sorted((job for job in jobs if job.follows in whole), key=lambda job: (job.after, job.wanted)):
        before = whole[job.follows]
        bought = done.get(before)
        if before in idle or bought is None:
            idle.add(job.job_id)
            continue
        late = max(scenario.first + bought - job.after, 0)
        year = done.get(job.job_id, scenario.years - 1)
        if late and scenario.first + year < job.wanted + late:
            idle.add(job.job_id)
    return frozenset(idle)


def release(choice: Choice, jobs: Iterable[tuple[Job, int]]) -> None:
    """Give back the money of jobs that fall away, each from its year."""
    for job, year in jobs:
        for place, budget in enumerate(choice.budgets):
            if budget.school_id in {"", job.school_id}:
                choice.spent[place][year] -= job.costs[year]
