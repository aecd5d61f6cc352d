"""What is replaced when within a budget, so that the least risk remains: a what-if beside the plain plan. Pure.

Jobs that are the same are counted together (`groups`), a solver finds how many of each go into which year (`solving`),
what its tolerances got wrong is mended and what room it left is used, to the penny (`filling`), and each job that is
not done when it falls due says what displaced it (`displaced`). It knows neither store nor clock, and not the estate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from collector.errors import Refused
from collector.refresh.displaced import Words, refusal
from collector.refresh.filling import fill, mend
from collector.refresh.following import not_again, release
from collector.refresh.groups import Choice, gather, left, settled
from collector.refresh.jobs import Chosen, Effort, Job, Left, Outcome, Scenario
from collector.refresh.purses import budgets_of
from collector.refresh.solving import solve

NOTHING = 1e-6  # a risk that is but rounding
NOT_AGAIN = "What goes before it goes later than its dates ask, or not at all: it is not due again in its year."


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is known when the choice is made. `idle`: what is not due again, because what it follows is late."""

    done: Mapping[str, int]
    idle: frozenset[str]
    words: Words
    gap: float
    timed_out: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One side of a comparison: caps are in the scenario, lives and prices in the jobs."""

    jobs: tuple[Job, ...]
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Side:
    """The figures of one case. `costs`: pence by year. `refused`: why it cannot be, and then there is no outcome."""

    outcome: Outcome | None
    costs: Mapping[int, int]
    undone: int
    undone_money: int
    refused: str = ""


def optimise(jobs: Iterable[Job], scenario: Scenario, effort: Effort | None = None) -> Outcome:
    """The years of all jobs that leave the least risk within the budgets; raises `Refused` where pins exceed a cap.

    Jobs are chosen as if each stood alone. What follows one that goes later is taken out afterwards, where it is not
    due again yet: this only frees money and risk, so that the proven gap holds for the jobs as they were offered.
    """
    jobs = tuple(jobs)
    budgets = budgets_of(scenario)
    choice = gather(jobs, scenario, budgets)
    _within(choice, scenario)
    proof = solve(choice, effort or Effort())
    mend(choice)
    fill(choice)
    remains = left(choice.groups)
    gap = max(remains - proof.least, 0.0) / remains if remains > NOTHING else 0.0
    done = settled(choice)
    idle = not_again(jobs, done, scenario)
    release(choice, [(job, done.pop(job.job_id)) for job in jobs if job.job_id in idle and job.job_id in done])
    judged = _Judged(done, idle, Words(choice, scenario), gap, proof.timed_out)
    return _outcome(jobs, scenario, choice, judged)


def compare(cases: Mapping[str, Case], effort: Effort | None = None) -> dict[str, Side]:
    """The cases side by side; one that cannot be has its sentence in place of figures."""
    return {name: _side(case, effort) for name, case in cases.items()}


def one_model(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The what-if of one model for each school and class: each device gets what most ask for there, at its price.

    It goes before `together`: what is a suite already keeps its models.
    """
    jobs = tuple(jobs)
    asked: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    prices: dict[tuple[str, str, str], tuple[int, ...]] = {}
    for job in jobs:
        if job.number == 1:
            asked[job.school_id, job.device_class][job.model] += 1
            prices.setdefault((job.school_id, job.device_class, job.model), job.costs)
    standard = {key: max((count, model) for model, count in counts.items())[1] for key, counts in asked.items()}
    return tuple(
        replace(job, model=model, costs=prices[job.school_id, job.device_class, model])
        if job.number == 1 and (model := standard[job.school_id, job.device_class]) != job.model
        else job
        for job in jobs
    )


def _within(choice: Choice, scenario: Scenario) -> None:
    """What is pinned must fit every cap."""
    for place, budget in enumerate(choice.budgets):
        lacking = budget.lacking(choice.spent[place])
        if lacking is not None:
            raise Refused(refusal(choice, place, lacking, scenario))


def _outcome(jobs: tuple[Job, ...], scenario: Scenario, choice: Choice, judged: _Judged) -> Outcome:
    costs: dict[tuple[str, int], int] = defaultdict(int)
    chosen, undone, risk = [], [], 0.0
    for job in jobs:
        if job.job_id in judged.idle:
            chosen.append(Chosen(job.job_id, None, NOT_AGAIN))
            continue
        year = judged.done.get(job.job_id)
        risk += job.risks[-1 if year is None else year]
        if year is not None:
            costs[job.school_id, scenario.first + year] += job.costs[year]
        elif job.wanted < scenario.first + scenario.years and job.pinned is None:
            undone.append(job)
        calendar = None if year is None else scenario.first + year
        chosen.append(Chosen(job.job_id, calendar, judged.words.of(job, calendar)))
    return Outcome(
        chosen=tuple(chosen),
        risk=risk,
        gap=judged.gap,
        timed_out=judged.timed_out,
        costs=dict(sorted(costs.items())),
        undone=_undone(undone, scenario),
        budgets=tuple(
            row
            for budget, spent in zip(choice.budgets, choice.spent, strict=True)
            if not budget.levels
            for row in budget.ledger(spent, scenario.first)
        ),
    )


def _undone(jobs: Iterable[Job], scenario: Scenario) -> tuple[Left, ...]:
    """By school, what the money leaves, at the prices of the year in which it fell due."""
    schools: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        schools[job.school_id].append(job)
    return tuple(
        Left(
            school_id=school_id,
            jobs=len(own),
            devices=sum(job.number for job in own),
            money=sum(job.costs[max(job.wanted - scenario.first, 0)] for job in own),
            risk=sum(job.risks[-1] for job in own),
        )
        for school_id, own in sorted(schools.items())
    )


def _side(case: Case, effort: Effort | None) -> Side:
    try:
        outcome = optimise(case.jobs, case.scenario, effort)
    except Refused as error:
        return Side(None, {}, 0, 0, str(error))
    years = range(case.scenario.first, case.scenario.first + case.scenario.years)
    costs = {year: sum(cost for (_, of), cost in outcome.costs.items() if of == year) for year in years}
    return Side(
        outcome=outcome,
        costs=costs,
        undone=sum(left.devices for left in outcome.undone),
        undone_money=sum(left.money for left in outcome.undone),
    )
