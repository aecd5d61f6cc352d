"""The rows of a plain plan as jobs to choose among, and what was chosen as rows again. Pure; it chooses nothing.

1. What a device or a need asks for within the planned years is a job; with a suite, its devices as one.
2. What was pinned by a person stays in its year. An extension moves the date, and is no pin.
3. What replaces a device within the plan is a job of its own, at the date that the plain plan gives it; it knows what
   it follows, and falls away where that goes so late that it is not due again.
4. Lines without a device are no choice. With `committed` they are taken from the caps first.
5. What has no weight of its own goes last, where there is money for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from collector.refresh.jobs import Chosen, Job, Outcome, installable, risks_of, together
from collector.refresh.optimise import one_model
from collector.refresh.plan import Plan
from collector.refresh.policies import Policies
from collector.refresh.prices import inflated, priced
from collector.refresh.values import Action, Estate, Kit, Policy, Row, Span, Why
from collector.refresh.years import label

LEAST_WEIGHT = 0.01
_BOUGHT = frozenset({Action.REPLACE, Action.EXTEND, Action.ADD})
_CHOSEN_AMONG = _BOUGHT | {Action.UPGRADE}


@dataclass(frozen=True, slots=True)
class Wishes:
    """How work is put together. `suites`: whole ones at once; `summer`: classes installed in the summer holidays alone.

    `one_model`: the what-if of one model for each school and class. `committed`: lines without a device count.
    """

    suites: bool = True
    summer: frozenset[str] = frozenset()
    one_model: bool = False
    committed: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    """Jobs, and what each row costs in each planned year, by the key of the row."""

    jobs: tuple[Job, ...]
    costs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def jobs_of(plan: Plan, estate: Estate, policies: Policies, wishes: Wishes | None = None) -> Offers:
    """The jobs of the rows of a plain plan."""
    wishes = wishes or Wishes()
    kit = {one.device_id: one for one in estate.kit}
    jobs = tuple(_jobs(plan, estate, policies, wishes, kit))
    if wishes.one_model:
        jobs = one_model(jobs)
    costs = {job.job_id: job.costs for job in jobs}
    jobs = _following(plan, jobs)
    return Offers(together(jobs), costs)


def as_rows(plan: Plan, offers: Offers, outcome: Outcome) -> tuple[Row, ...]:
    """The rows of a plan in the years that were chosen, at their prices, each with what displaced it.

    Rows that were no job are as they were.
    """
    members = {job.job_id: job.members or (job.job_id,) for job in offers.jobs}
    chosen = {key: one for one in outcome.chosen for key in members[one.job_id]}
    return tuple(
        _moved(plan, row, chosen[key], offers.costs[key]) if (key := key_of(row)) in chosen else row
        for row in plan.rows
    )


def key_of(row: Row) -> str:
    """What a row is known by among the jobs: a device may be upgraded, replaced, and replaced again."""
    part = f":{row.device_class}" if row.action is Action.SPEND and row.device_class else ""
    return f"{row.row_id}:{row.action}:{row.again}:{row.span.best}{part}"


def _jobs(plan: Plan, estate: Estate, policies: Policies, wishes: Wishes, kit: Mapping[str, Kit]) -> Iterator[Job]:
    used_up: defaultdict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for row in plan.rows:
        if row.action in _CHOSEN_AMONG and _offered(row, wishes):
            device = kit.get(row.row_id)
            policy = (
                policies.of(device) if device else policies.find(row.school_id, row.device_class, model=row.name).policy
            )
            yield _job(plan, estate, row, policy, wishes)
        elif row.action is Action.SPEND and wishes.committed and row.year is not None:
            if row.device_class:
                used_up[row.school_id, row.device_class, row.year].append(row)
            else:
                yield _committed(plan, row, row.cost)
    for alike in used_up.values():  # one job of each school, part and year: there are as many rows as printers
        yield _committed(plan, alike[0], sum(row.cost for row in alike))


def _offered(row: Row, wishes: Wishes) -> bool:
    """What falls within the plan, and what goes with a suite that may."""
    return row.year is not None or (wishes.suites and _with_suite(row))


def _with_suite(row: Row) -> bool:
    return bool(row.suite) and row.action is Action.REPLACE and not row.again


def _job(plan: Plan, estate: Estate, row: Row, policy: Policy, wishes: Wishes) -> Job:
    wanted = row.span.best if row.action is Action.EXTEND else row.wanted.best
    pinned = bool(row.due) and row.due[0].why is Why.PIN
    years = plan.reckoned(row.school_id)
    return Job(
        job_id=key_of(row),
        name=row.name,
        school_id=row.school_id,
        device_class=row.device_class,
        wanted=wanted,
        costs=tuple(_price(plan, row, policy, year) for year in range(plan.first, plan.last + 1)),
        risks=risks_of(wanted, row.weight or LEAST_WEIGHT, plan.first, plan.years),
        earliest=installable(estate.today, policy.lead_weeks, years, summer_only=row.device_class in wishes.summer),
        pinned=row.span.best if pinned else None,
        due=row.due[0].day if row.due else years.first_day(wanted),
        suite=row.suite if wishes.suites and _with_suite(row) else "",
        model=row.model,
        number=row.number,
    )


def _price(plan: Plan, row: Row, policy: Policy, year: int) -> int:
    """What a row costs in a year: of a device by its policy, of a need by what it costs in its own."""
    if row.action is Action.ADD:
        return inflated(row.cost, policy.inflation, year - (plan.first if row.year is None else row.year))
    pence = policy.upgrade_cost if row.action is Action.UPGRADE else policy.cost
    return priced(pence, policy.cost_on, policy.inflation, plan.reckoned(row.school_id), year)


def _following(plan: Plan, jobs: tuple[Job, ...]) -> tuple[Job, ...]:
    """The jobs, those that come again knowing what they follow."""
    bought = {(row.row_id, row.again): row for row in plan.rows if row.action in _BOUGHT and row.year is not None}
    again = {key_of(row): (row.row_id, row.again - 1) for row in plan.rows if row.again}
    return tuple(
        replace(job, follows=key_of(before), after=before.year)
        if (before := bought.get(again.get(job.job_id, ("", 0)))) is not None and before.year is not None
        else job
        for job in jobs
    )


def _committed(plan: Plan, row: Row, cost: int) -> Job:
    return Job(
        job_id=f"committed:{key_of(row)}" if row.device_class else key_of(row),
        name=row.device_class or row.name,
        school_id=row.school_id,
        device_class=row.device_class,
        wanted=row.wanted.best,
        costs=(cost,) * plan.years,
        risks=(0.0,) * (plan.years + 1),
        pinned=row.year,
    )


def _moved(plan: Plan, row: Row, one: Chosen, costs: tuple[int, ...]) -> Row:
    year, sentence = one.year, one.sentence
    if year == row.year and not sentence:
        return row
    cost = 0 if year is None else costs[year - plan.first]
    span = row.span if year is None else Span(year, year, year)
    words = sentence or f"Goes with its suite in {label(year)}." if year is not None else sentence
    return replace(
        row,
        year=year,
        low=cost,
        cost=cost,
        high=cost,
        span=span,
        sentence=f"{words} By its dates alone: {row.sentence}",
        day=None,
    )
