"""The rows of what is asked for beside the devices: needs of schools, and lines without a device. Pure.

A need is bought in the year of its day, a day before the plan in the first; what was added comes back after
`every_months`, where nothing is said after the life of its class, with 0 never. Its own price is of the day of the plan
and rises as the class does. A line that runs is paid in twelfths: one for each month of it that begins in the year,
months counted from its first day. Its price is of the day of the plan, or of its first day where that is later. What is
paid once is paid in the year of its first day, and is no part of a plan that begins after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from collector.refresh import wording
from collector.refresh.course import Days, Horizon
from collector.refresh.policies import Policies
from collector.refresh.prices import inflated, priced, span_of
from collector.refresh.values import Action, Estate, Need, Row, Span, Spending
from collector.refresh.years import MONTHS, add_months, half_up


def need_rows(need: Need, horizon: Horizon, policies: Policies, estate: Estate) -> Iterator[Row]:
    """A need, and what becomes of it within the plan."""
    policy = policies.find(need.school_id, need.device_class, model=need.what).policy
    every = policy.life if need.every_months is None else need.every_months
    each, on = (policy.cost, policy.cost_on) if need.cost is None else (need.cost, estate.today)
    price = partial(priced, each, on, policy.inflation, horizon.years)
    day, again = need.start, 0
    while again == 0 or (every and horizon.years.of(day) <= horizon.last):
        wanted = horizon.years.of(day)
        placed = horizon.span(Days(day, day, day))
        year = placed.best if placed.best <= horizon.last else None
        low, cost, high = (need.number * pence for pence in span_of(price, placed, year, horizon.last))
        yield Row(
            action=Action.ADD,
            row_id=need.need_id,
            name=need.what,
            school_id=need.school_id,
            device_class=need.device_class,
            line=policy.line,
            year=year,
            wanted=Span(wanted, wanted, wanted),
            low=low,
            cost=cost,
            high=high,
            assumed=False,
            sentence=_need_words(need, horizon, year, every, again, price(year) if year is not None else None),
            number=need.number,
            aim=need.aim,
            again=again,
            span=placed,
            weight=policy.weight * need.number,
            day=day if wanted == year else None,
        )
        if not every:
            return
        day, again = add_months(max(day, horizon.first_day), every), again + 1


def _need_words(need: Need, horizon: Horizon, year: int | None, every: int, again: int, each: int | None) -> str:
    of = f"{need.number} × {need.what}"
    price = f" at {wording.money(each)} each" if each is not None else ""
    if again:
        return f"{of}, added before and due again after {wording.length(every)}: {horizon.place(year)}{price}."
    asked = f"{of}, asked for from {wording.day_words(need.start)}"
    aim = f" for the aim “{need.aim}”" if need.aim else ""
    past = ", past: in the first year, " if horizon.years.of(need.start) < horizon.first else ": "
    place = horizon.years.label(horizon.first) if past != ": " else horizon.place(year)
    return f"{asked}{aim}{past}{place}{price}."


def spending_rows(line: Spending, horizon: Horizon, estate: Estate) -> Iterator[Row]:
    """A line without a device, in each year in which it is paid."""
    years = horizon.years
    priced_in = years.of(max(line.starts, estate.today))
    for year in range(horizon.first, horizon.last + 1):
        twelfths = months_in(line, horizon, year) if line.yearly else MONTHS * (years.of(line.starts) == year)
        if not twelfths:
            continue
        whole = line.cost * twelfths
        # twelfths and inflation in one fraction, so that it is rounded once
        cost = half_up(whole, MONTHS) if year <= priced_in else _risen(line, twelfths, year - priced_in)
        yield Row(
            action=Action.SPEND,
            row_id=line.line_id,
            name=line.what,
            school_id=line.school_id,
            device_class="",
            line=line.line,
            year=year,
            wanted=Span(year, year, year),
            low=cost,
            cost=cost,
            high=cost,
            assumed=False,
            sentence=_spending_words(line, horizon, year, twelfths),
            aim=line.aim,
            capital=line.capital,
            span=Span(year, year, year),
        )


def _risen(line: Spending, twelfths: int, years: int) -> int:
    if twelfths == MONTHS:
        return inflated(line.cost, line.inflation, years)
    whole = 10_000
    return half_up(line.cost * twelfths * (whole + line.inflation) ** years, MONTHS * whole**years)


def months_in(line: Spending, horizon: Horizon, year: int) -> int:
    """How many months of a line begin in a year, counted from its first day."""
    first, last = horizon.years.first_day(year), horizon.years.last_day(year)
    if line.ends is not None and line.ends < last:
        last = line.ends
    if last < line.starts:
        return 0
    begun = (first.year - line.starts.year) * 12 + first.month - line.starts.month  # the years begin on a first
    place = max(begun + (add_months(line.starts, begun) < first if begun >= 0 else 0), 0)
    count = 0
    while count < MONTHS and add_months(line.starts, place + count) <= last:
        count += 1
    return count


def _spending_words(line: Spending, horizon: Horizon, year: int, twelfths: int) -> str:
    label = horizon.years.label(year)
    if not line.yearly:
        return f"{line.what}: once, on {wording.day_words(line.starts)}, in {label}."
    rises = f", rising {line.inflation / 100:g} % a year" if line.inflation else ""
    ends = f"; it ends on {wording.day_words(line.ends)}" if line.ends else ""
    part = "" if twelfths == MONTHS else f", {twelfths} of its 12 months in {label}"
    return f"{line.what}: {wording.money(line.cost)} a year{rises}{part}{ends}."
