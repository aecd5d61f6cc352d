"""The rows of devices: each goes once, may be upgraded before, and what replaced it comes back after its life. Pure.

It knows neither needs nor lines without a device.

1. Each device has one row that replaces, extends or retires it; its year is None where that is after the plan.
2. What replaced it within the plan has a life of its own, from the day it was bought: rows with `again` above 0.
3. It is upgraded so many months after its age began, where it is still used `LEAST_USE` months after that. Memory is
   added once, and not where there is enough. Batteries come again each time, from the day of the last where it is
   known; where it is not, from the device's own age, and of those that are past the last one is planned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from collector.refresh import wording
from collector.refresh.assume import Age, Ages
from collector.refresh.course import Course, Days, Horizon, course_of
from collector.refresh.dates import dates
from collector.refresh.policies import GIBIBYTE, Policies
from collector.refresh.prices import PriceOf, priced, span_of
from collector.refresh.values import Action, Decision, Due, Estate, Kit, Policy, Row, Span, Why
from collector.refresh.years import add_months, years_of

LEAST_USE = 12  # months that an upgrade must serve to be worth its money
ALMOST = 15, 16  # a device tells of a little less memory than was sold


@dataclass(frozen=True, slots=True)
class _Step:
    """A row of a device but for whose it is: devices that were bought together share it."""

    action: Action
    year: int | None
    wanted: Span
    money: tuple[int, int, int]
    assumed: bool
    sentence: str
    due: tuple[Due, ...]
    span: Span
    day: date | None
    again: int = 0


@dataclass(frozen=True, slots=True)
class _Case:
    """A device while its rows are made."""

    kit: Kit
    policy: Policy
    age: Age
    horizon: Horizon

    def price(self, pence: int) -> PriceOf:
        """What something of today's prices costs in a year."""
        policy, years = self.policy, self.horizon.years
        return partial(priced, pence, policy.cost_on, policy.inflation, years)


class Devices:
    """Makes the rows of the devices of an estate."""

    def __init__(self, estate: Estate, policies: Policies) -> None:
        self._estate = estate
        self._policies = policies
        self._ages = Ages(estate.kit, estate.today)
        self._decided = decided(estate.decisions)
        self._number = Counter((kit.school_id, kit.device_class) for kit in estate.kit)
        self._share = policies.weights.of_upgrade
        self._horizons: dict[str, Horizon] = {}
        self._steps: dict[tuple[object, ...], tuple[_Step, ...]] = {}
        self._weights: dict[tuple[object, ...], float] = {}

    def horizon(self, school_id: str) -> Horizon:
        """The planned years of a school."""
        found = self._horizons.get(school_id)
        if found is None:
            estate = self._estate
            years, last = years_of(estate.terms, school_id), estate.first + estate.years - 1
            # in June a year from April is one on from a year from September: nothing is planned for one that is over
            first = max(estate.first, min(years.of(estate.today), last))
            found = self._horizons[school_id] = Horizon(years, first, last)
        return found

    def rows(self) -> Iterator[Row]:
        """Every row of every device."""
        for kit in self._estate.kit:
            policy = self._policies.of(kit)
            steps, weight = self._steps_of(kit, policy), self._weight(kit, policy)
            for step in steps:
                share = self._share if step.action is Action.UPGRADE else 1.0
                yield _row(kit, policy, step, weight * share)

    def _steps_of(self, kit: Kit, policy: Policy) -> tuple[_Step, ...]:
        decision = self._decided.get(kit.device_id)
        if decision is None and kit.suite:
            decision = self._decided.get((kit.school_id, kit.suite))
        told = (kit.bought, kit.made, kit.support_ends, kit.support_words, kit.condition, kit.condition_since)
        more = (kit.minimum, kit.minimum_since, kit.lease_ends, kit.memory_bytes, kit.battery_on)
        # policies live as long as these keys, so that their identity is theirs alone
        key = (kit.school_id, kit.device_class, id(policy), told, more, decision, kit.suite if decision else "")
        steps = self._steps.get(key)
        if steps is None:
            case = _Case(kit, policy, self._ages.of(kit, policy), self.horizon(kit.school_id))
            steps = self._steps[key] = tuple(_all_steps(case, decision, self._estate.today))
        return steps

    def _weight(self, kit: Kit, policy: Policy) -> float:
        alone = self._number[kit.school_id, kit.device_class] == 1
        key = (
            kit.device_class, kit.use, kit.support_ends, bool(kit.condition), bool(kit.minimum), kit.marks, alone,
            policy.weight, kit.school_id,
        )  # fmt: skip
        weight = self._weights.get(key)
        if weight is None:
            weights = self._policies.weights
            exposures = weights.exposures(kit, self.horizon(kit.school_id).first_day, alone=alone)
            weight = self._weights[key] = weights.weigh(policy.weight, exposures)
        return weight


def decided(decisions: Iterable[Decision]) -> dict[str | tuple[str, str], Decision]:
    """What was decided of each device, by its id, and of each suite, by school and name."""
    ordered = sorted(decisions, key=repr)  # of several about one, always the same stands
    return {one.device_id or (one.school_id, one.suite): one for one in ordered}


def _row(kit: Kit, policy: Policy, step: _Step, weight: float) -> Row:
    buys = step.action in _BUYS
    return Row(
        step.action,
        kit.device_id,
        kit.name,
        kit.school_id,
        kit.device_class,
        policy.line,
        step.year,
        step.wanted,
        *step.money,
        step.assumed,
        step.sentence,
        step.due,
        kit.suite,
        kit.model,
        capital=buys,
        again=step.again,
        span=step.span,
        weight=0.0 if step.action is Action.RETIRE else weight,
        day=step.day,
    )


_BUYS = frozenset({Action.REPLACE, Action.EXTEND})


def _all_steps(case: _Case, decision: Decision | None, today: date) -> Iterator[_Step]:
    """What becomes of a device, its upgrades before that, and what comes in its place."""
    kit, policy = case.kit, case.policy
    course = course_of(kit, dates(kit, policy, case.age, today), decision, case.horizon)
    yield _gone(case, course)
    if policy.upgrade_after is not None and not _enough(kit, policy):
        yield from _upgrades(case, _first_upgrade(case), course.days, 0)
    if course.action is not Action.RETIRE:
        yield from _successors(case, course.days)


def _gone(case: _Case, course: Course) -> _Step:
    money = (0, 0, 0)
    if course.action is not Action.RETIRE:
        money = span_of(case.price(case.policy.cost), course.span, course.year, case.horizon.last)
    return _Step(
        course.action,
        course.year,
        course.wanted,
        money,
        course.assumed,
        course.sentence,
        course.due,
        course.span,
        course.day,
    )


def _successors(case: _Case, gone: Days) -> Iterator[_Step]:
    """What replaced it is replaced, and upgraded, in its turn."""
    again, life, horizon = 0, case.policy.life, case.horizon
    while True:
        again += 1
        bought, gone = gone, _after(gone, life)
        if case.policy.upgrade_after is not None and horizon.years.of(bought.early) <= horizon.last:
            yield from _upgrades(case, _after(bought, case.policy.upgrade_after), gone, again)
        if horizon.years.of(gone.early) > horizon.last:
            return
        label = horizon.years.label
        kept = f"{wording.many(case.kit.device_class)} are kept {wording.length(life)}"
        sentence = (
            f"What replaces it in {label(horizon.years.of(bought.best))} is due again: {kept},"
            f" so {wording.month_words(gone.best)}, {horizon.place(horizon.planned(gone.best))}."
        )
        yield _later(case, Action.REPLACE, case.policy.cost, gone, again, sentence)


def _first_upgrade(case: _Case) -> Days:
    """When the device at hand is upgraded next: of batteries that are past, the last."""
    kit, policy = case.kit, case.policy
    after = policy.upgrade_after or 0
    start = Days(case.age.earliest, case.age.best, case.age.latest)
    if kit.battery_on is not None:
        start = Days(kit.battery_on, kit.battery_on, kit.battery_on)
    months = after
    if policy.enough_memory is None:
        while add_months(start.best, months + after) <= case.horizon.first_day:
            months += after
    return _after(start, months)


def _upgrades(case: _Case, days: Days, gone: Days, again: int) -> Iterator[_Step]:
    """The upgrades of a device until it goes."""
    policy, horizon = case.policy, case.horizon
    after = policy.upgrade_after or 0
    while True:
        asked, days = days, horizon.clamped(days)
        if add_months(days.best, LEAST_USE) > gone.best or horizon.years.of(days.early) > horizon.last:
            return
        sentence = _upgrade_words(case, asked, again)
        yield _later(case, Action.UPGRADE, policy.upgrade_cost, asked, again, sentence)
        if policy.enough_memory is not None:
            return
        days = _after(days, after)


def _upgrade_words(case: _Case, days: Days, again: int) -> str:
    kit, policy, horizon = case.kit, case.policy, case.horizon
    what = (
        "get more memory"
        if policy.enough_memory is not None
        else "get new batteries"
        if kit.device_class == "ups"
        else "are upgraded"
    )
    rule = f"{wording.many(kit.device_class)} {what} after {wording.length(policy.upgrade_after or 0)}"
    had = "What replaces it" if again else case.age.words
    if not again and kit.battery_on is not None:
        had = f"Its battery is of {wording.month_words(kit.battery_on)}"
    if not again and policy.enough_memory is not None and kit.memory_bytes is not None:
        had += f", with {kit.memory_bytes / GIBIBYTE:.3g} GiB of memory"
    year = horizon.planned(days.best)
    past = "past due, planned for the first year, " if horizon.years.of(days.best) < horizon.first else ""
    place = horizon.years.label(year) if past and year is not None else horizon.place(year)
    return f"{had}; {rule}: {wording.month_words(days.best)}, {past}{place}."


def _later(case: _Case, action: Action, pence: int, days: Days, again: int, sentence: str) -> _Step:
    """An upgrade, or what came in a device's place."""
    horizon = case.horizon
    of = horizon.years.of
    wanted = Span(of(days.early), of(days.best), of(days.late))
    span = horizon.span(days)
    year = span.best if span.best <= horizon.last else None
    assumed = case.age.assumed and days.early != days.late
    return _Step(
        action,
        year,
        wanted,
        span_of(case.price(pence), span, year, horizon.last),
        assumed,
        sentence,
        (Due(Why.AGE, days.best, sentence, assumed),),
        span,
        days.best if wanted.best == year else None,
        again,
    )


def _after(days: Days, months: int) -> Days:
    best = add_months(days.best, months)
    if days.early == days.best == days.late:
        return Days(best, best, best)
    return Days(add_months(days.early, months), best, add_months(days.late, months))


def _enough(kit: Kit, policy: Policy) -> bool:
    """Whether it has the memory that an upgrade would give it."""
    if policy.enough_memory is None or kit.memory_bytes is None:
        return False
    part, whole = ALMOST
    return kit.memory_bytes * whole >= policy.enough_memory * part
