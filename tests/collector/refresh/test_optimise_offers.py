from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import refresh_estate
from collector.refresh.filling import fill, mend
from collector.refresh.groups import gather, left
from collector.refresh.jobs import Outcome, Scenario, yearly
from collector.refresh.offers import Offers, Wishes, as_rows, jobs_of, key_of
from collector.refresh.optimise import optimise
from collector.refresh.plan import Plan, plan
from collector.refresh.policies import Policies
from collector.refresh.purses import budgets_of
from collector.refresh.values import Action, Decision, Estate, Kit, Made, Need, Row, Spending, Terms
from collector.refresh.years import Years

SEPTEMBER = Years(9)
POLICIES = Policies()


def kit(name: str, bought: date, kind: str = "desktop", **more: object) -> Kit:
    made = Made(bought, bought, bought, exact=True)
    one = Kit(name, name, "oak", kind, "HP", "ProDesk 400 G6", made=made, bought=bought)
    return replace(one, **more)  # type: ignore[arg-type]


def estate(*devices: Kit, **more: object) -> Estate:
    one = Estate(date(2026, 11, 22), 2026, 5, devices, terms={"": Terms(9)})
    return replace(one, **more)  # type: ignore[arg-type]


def within(trust: Estate, amounts: list[int] | None, wishes: Wishes | None = None) -> tuple[Plan, Offers, Outcome]:
    plain = plan(trust, POLICIES)
    offers = jobs_of(plain, trust, POLICIES, wishes)
    funds = yearly("oak", amounts, 2026, SEPTEMBER, carry=False) if amounts is not None else ()
    return plain, offers, optimise(offers.jobs, Scenario(2026, 5, funds, names={"oak": "Oak"}))


def named(rows: tuple[Row, ...], name: str, action: Action = Action.REPLACE) -> Row:
    return next(row for row in rows if row.row_id == name and row.action is action and not row.again)


def test_without_caps_the_plan_stays_as_it_is_but_for_its_suites() -> None:
    trust = refresh_estate.estate(300, 3)
    plain, offers, outcome = within(trust, None, Wishes(suites=False))
    rows = as_rows(plain, offers, outcome)
    late = [row for before, row in zip(plain.rows, rows, strict=True) if row != before]
    assert all("cannot be installed before" in row.sentence or "Pinned to" in row.sentence for row in late)
    assert len(rows) == len(plain.rows)


def test_every_row_of_a_device_within_the_plan_is_offered_once() -> None:
    trust = refresh_estate.estate(300, 3)
    plain, offers, _ = within(trust, None)
    asked = [key_of(row) for row in plain.rows if row.year is not None and row.action in {Action.REPLACE, Action.ADD}]
    offered = [key for job in offers.jobs for key in job.members or (job.job_id,)]
    assert len(offered) == len(set(offered))
    assert set(asked) <= set(offered)


def test_a_row_that_is_displaced_has_the_price_of_its_new_year_and_says_why() -> None:
    trust = estate(kit("a", date(2018, 9, 1)), kit("b", date(2018, 10, 1)))
    plain = plan(trust, POLICIES)
    prices = {row.row_id: row.cost for row in plain.rows if row.action is Action.REPLACE and not row.again}
    plain, offers, outcome = within(trust, [prices["a"], 2 * prices["a"], 0, 0, 0])
    rows = as_rows(plain, offers, outcome)
    first, second = named(rows, "a"), named(rows, "b")
    assert first == named(plain.rows, "a")
    assert (second.year, second.cost) == (2027, offers.costs[key_of(named(plain.rows, "b"))][1])
    assert second.low == second.cost == second.high > first.cost
    assert second.sentence.startswith(
        "Due 2023/24: the cap of 2026/27 at Oak is spent on what carries more risk for its money; "
        "2027/28 is the first year with room. By its dates alone: "
    )


def test_what_is_left_undone_has_no_year_and_no_cost() -> None:
    plain, offers, outcome = within(estate(kit("a", date(2018, 9, 1))), [0] * 5)
    row = named(as_rows(plain, offers, outcome), "a")
    assert (row.year, row.cost) == (None, 0)
    assert outcome.undone[0].devices == 1
    assert outcome.risk == pytest.approx(5 * named(plain.rows, "a").weight)
    assert outcome.budgets[3].spent == 0


def test_what_follows_a_device_that_goes_later_is_not_bought_before_it_is_due_again() -> None:
    tablet = kit("t", date(2015, 9, 1), "tablet", maker="Apple", model="iPad Air 2")
    plain, offers, outcome = within(estate(tablet), [0, 0, 9_000_00, 9_000_00, 9_000_00])
    again = [row for row in plain.rows if row.again and row.action is Action.REPLACE]
    assert again, "the life of a tablet is shorter than the plan"
    after = [row for row in as_rows(plain, offers, outcome) if row.again and row.action is Action.REPLACE]
    assert named(as_rows(plain, offers, outcome), "t").year == 2028
    assert {row.year for row in after} == {None}


def test_pins_extensions_and_retirements_are_kept() -> None:
    decisions = (
        Decision(Action.REPLACE, "inspection", "pinned", year=2028),
        Decision(Action.EXTEND, "little used", "kept", until=date(2029, 10, 1)),
        Decision(Action.RETIRE, "nobody uses it", "gone"),
        Decision(Action.REPLACE, "room", school_id="oak", suite="B12", year=2027),
    )
    devices = [kit(name, date(2018, 9, 1)) for name in ("pinned", "kept", "gone")]
    devices += [kit(f"seat {seat}", date(2017 + seat, 9, 1), suite="B12") for seat in range(8)]
    plain, offers, outcome = within(estate(*devices, decisions=decisions), [90_000_00] * 5)
    rows = as_rows(plain, offers, outcome)
    assert named(rows, "pinned").year == 2028
    assert named(rows, "kept", Action.EXTEND).year == 2029
    assert named(rows, "gone", Action.RETIRE) in plain.rows
    assert {named(rows, f"seat {seat}").year for seat in range(8)} == {2027}


def test_a_suite_goes_in_one_year_when_half_of_it_is_due() -> None:
    devices = [kit(f"seat {seat}", date(2021 + (seat > 4), 11, 1), suite="B12") for seat in range(9)]
    plain, offers, outcome = within(estate(*devices), None)
    assert [(job.number, job.wanted) for job in offers.jobs if job.members] == [(9, 2026)]
    rows = as_rows(plain, offers, outcome)
    assert {named(rows, f"seat {seat}").year for seat in range(9)} == {2026}
    assert named(rows, "seat 8").sentence.startswith("Goes with its suite in 2026/27. By its dates alone: ")


def test_lines_without_a_device_come_off_the_caps_first_where_they_are_committed() -> None:
    lines = (Spending("net", "oak", "Broadband", "connectivity", 3_000_00, date(2026, 9, 1)),)
    trust = estate(kit("a", date(2018, 9, 1)), spending=lines)
    _, _, beside = within(trust, [3_100_00] * 5)
    assert beside.undone == ()
    plain, offers, committed = within(trust, [3_100_00] * 5, Wishes(committed=True))
    assert committed.undone[0].jobs == 1
    rows = as_rows(plain, offers, committed)
    assert [row for row in rows if row.action is Action.SPEND] == [
        row for row in plain.rows if row.action is Action.SPEND
    ]


def test_needs_are_chosen_among_at_their_own_price() -> None:
    need = Need("n", "oak", "Chromebooks", "laptop", 10, date(2026, 9, 1), cost=250_00)
    _, offers, outcome = within(estate(needs=(need,)), [0, 9_000_00, 0, 0, 0])
    assert offers.jobs[0].costs[0] == 2_500_00
    assert [one.year for one in outcome.chosen][:1] == [2027]


def test_summer_installations_wait_for_the_summer() -> None:
    trust = estate(kit("a", date(2018, 9, 1)), terms={"": Terms(4)})
    _, offers, _ = within(trust, None, Wishes(summer=frozenset({"desktop"})))
    assert [job.earliest for job in offers.jobs][:1] == [2027]


def test_an_overspent_choice_is_mended_to_the_penny_and_its_room_is_used() -> None:
    _, offers, _ = within(refresh_estate.estate(200, 1), None)
    jobs = tuple(replace(job, school_id="oak", pinned=None) for job in offers.jobs)
    scenario = Scenario(2026, 5, yearly("oak", [4_000_00] * 5, 2026, SEPTEMBER, carry=True))
    choice = gather(jobs, scenario, budgets_of(scenario))
    for group in choice.groups:
        choice.move(group, 0, len(group.jobs))
    assert not choice.budgets[0].fits(choice.spent[0])
    mend(choice)
    assert choice.budgets[0].fits(choice.spent[0])
    mended = left(choice.groups)
    fill(choice)
    assert choice.budgets[0].fits(choice.spent[0])
    assert left(choice.groups) <= mended
    cheapest = min((group.costs[0], group.options[0]) for group in choice.groups if group.undone)
    assert choice.budgets[0].room(choice.spent[0], cheapest[1]) < cheapest[0]
