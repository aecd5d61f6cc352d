from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from bench._refresh_greedy import oldest_first
from bench._refresh_jobs import jobs as an_estate
from bench._refresh_jobs import scenario as capped
from collector.errors import Refused
from collector.refresh.jobs import Effort, Job, Outcome, Scenario, installable, risks_of, together, yearly
from collector.refresh.optimise import Case, compare, one_model, optimise
from collector.refresh.purses import budgets_of
from collector.refresh.values import Fund
from collector.refresh.years import Years

EXACT = Effort(gap=0.0, seconds=60)
SEPTEMBER = Years(9)
NAMES = {"oak": "Oak", "elm": "Elm"}


def job(name: str, wanted: int = 2026, cost: int = 500_00, **more: object) -> Job:
    """A desktop of Oak in a plan of three years, at prices that stay."""
    weight = float(str(more.pop("weight", 1.0)))
    plain = Job(name, name, "oak", "desktop", wanted, (cost,) * 3, risks_of(wanted, weight, 2026, 3))
    return replace(plain, **more)  # type: ignore[arg-type]


def caps(*amounts: int, school_id: str = "oak", carry: bool = False) -> tuple[Fund, ...]:
    return yearly(school_id, amounts, 2026, SEPTEMBER, carry=carry)


def chosen(outcome: Outcome) -> dict[str, int | None]:
    return {one.job_id: one.year for one in outcome.chosen}


def sentence(outcome: Outcome, name: str) -> str:
    return next(one.sentence for one in outcome.chosen if one.job_id == name)


def choices(one: Job, scenario: Scenario) -> Iterator[int | None]:
    """The years that a job may be in, counted from 0, as the contract says it."""
    if one.pinned is not None:
        yield one.pinned - scenario.first
        return
    yield None
    if one.wanted < scenario.first + scenario.years:
        for year in range(scenario.years):
            if scenario.first + year >= max(one.wanted - scenario.early, one.earliest):
                yield year


def affordable(jobs: tuple[Job, ...], years: tuple[int | None, ...], scenario: Scenario) -> bool:
    """Whether funds pay: every way to draw on them is tried by asking for each set of years what may pay for it.

    By Hall's theorem money suffices where no set of years asks for more than the funds that any of them may draw on.
    """
    for school_id in {fund.school_id for fund in scenario.funds}:
        spent = [0] * scenario.years
        for one, year in zip(jobs, years, strict=True):
            if year is not None and school_id in {"", one.school_id}:
                spent[year] += one.costs[year]
        for among in product((False, True), repeat=scenario.years):
            asked = sum(pence for pence, asks in zip(spent, among, strict=True) if asks)
            holds = sum(
                fund.amount
                for fund in scenario.funds
                if fund.school_id == school_id
                and any(
                    asks
                    and fund.year <= scenario.first + year
                    and (fund.spend_by is None or SEPTEMBER.of(fund.spend_by) >= scenario.first + year)
                    for year, asks in enumerate(among)
                )
            )
            if asked > holds:
                return False
    return True


def least(jobs: tuple[Job, ...], scenario: Scenario) -> float | None:
    """The least risk of all choices there are."""
    every = product(*(tuple(choices(one, scenario)) for one in jobs))
    return min(
        (
            sum(one.risks[-1 if year is None else year] for one, year in zip(jobs, years, strict=True))
            for years in every
            if affordable(jobs, years, scenario)
        ),
        default=None,
    )


def a_case(seed: int) -> tuple[tuple[Job, ...], Scenario]:
    chance = random.Random(seed)  # noqa: S311 - a made-up case
    jobs = []
    for number in range(chance.randint(1, 6)):
        wanted, weight = chance.randint(2024, 2029), chance.choice((0.5, 1.0, 1.0, 3.0))
        cost, rise = chance.choice((300_01, 500_00, 500_00, 1_200_99)), chance.choice((1.0, 1.1))
        one = Job(
            job_id=f"job {number}",
            name=f"job {number}",
            school_id=chance.choice(("oak", "elm")),
            device_class="desktop",
            wanted=wanted,
            costs=tuple(round(cost * rise**year) for year in range(3)),
            risks=risks_of(wanted, weight, 2026, 3),
            earliest=chance.choice((0, 0, 0, 2027)),
            pinned=chance.choice((None,) * 6 + (2027,)),
        )
        jobs.append(one)
    funds: list[Fund] = []
    for school_id in chance.sample(("oak", "elm", ""), chance.randint(0, 3)):
        amounts = [chance.choice((0, 500_00, 900_00, 1_500_00)) for _ in range(3)]
        funds += caps(*amounts, school_id=school_id, carry=chance.random() < 0.5)
        if chance.random() < 0.4:
            ends = date(chance.randint(2026, 2028), 12, 31)
            funds.append(Fund("grant", "grant", school_id, chance.choice((400_00, 1_000_00)), 2026, ends))
    return tuple(jobs), Scenario(2026, 3, tuple(funds), early=chance.choice((0, 0, 1)))


@pytest.mark.parametrize("seed", range(60))
def test_no_choice_of_all_there_are_leaves_less(seed: int) -> None:
    jobs, scenario = a_case(seed)
    best = least(jobs, scenario)
    if best is None:
        with pytest.raises(Refused, match="pinned to 2027/28"):
            optimise(jobs, scenario, EXACT)
        return
    outcome = optimise(jobs, scenario, EXACT)
    # what is brought forward counts a thousandth of a year, so that it may leave so much more
    assert outcome.risk == pytest.approx(best, abs=0.02 if scenario.early else 1e-6)
    assert outcome.gap < 1e-4
    years = tuple(None if year is None else year - 2026 for year in chosen(outcome).values())
    assert affordable(jobs, years, scenario)


@pytest.mark.parametrize(("schools", "trust"), [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("seed", range(2))
def test_on_the_same_budgets_less_risk_remains_than_with_the_oldest_first(
    seed: int, *, schools: bool, trust: bool
) -> None:
    jobs = an_estate(3, 150, 5, seed)
    scenario = capped(jobs, 5, 0.7, schools=schools, trust=trust)
    outcome = optimise(jobs, scenario, Effort(gap=0.02))
    greedy, _ = oldest_first(jobs, scenario)
    assert outcome.risk < greedy * 0.95
    assert outcome.gap <= 0.02
    for row in outcome.budgets:
        assert row.carried >= 0
        assert row.lapsed >= 0
        assert row.fresh + row.brought == row.spent + row.lapsed + row.carried
    for school_id in {row.school_id for row in outcome.budgets}:
        spent = [row.spent for row in outcome.budgets if row.school_id == school_id]
        assert budgets_of(scenario)[school_id].fits(spent)
        assert sum(spent) == sum(cost for (of, _), cost in outcome.costs.items() if school_id in {"", of})


def test_the_same_jobs_in_another_order_get_the_same_years() -> None:
    jobs = an_estate(2, 60, 5)
    scenario = capped(jobs, 5, 0.7, schools=True, trust=True)
    patient = Effort(gap=0.02, seconds=600)
    first = optimise(jobs, scenario, patient)
    assert not first.timed_out
    assert chosen(first) == chosen(optimise(jobs, scenario, patient))
    turned = optimise(tuple(reversed(jobs)), scenario, patient)
    assert chosen(first) == chosen(turned)


def test_without_caps_everything_is_done_when_it_falls_due() -> None:
    jobs = (job("old", 2021), job("now"), job("later", 2028), job("beyond", 2031))
    outcome = optimise(jobs, Scenario(2026, 3))
    assert chosen(outcome) == {"old": 2026, "now": 2026, "later": 2028, "beyond": None}
    assert (outcome.risk, outcome.gap, outcome.undone) == (0.0, 0.0, ())
    assert {one.sentence for one in outcome.chosen} == {""}


def test_what_carries_more_risk_for_its_money_goes_first_and_the_rest_says_what_displaced_it() -> None:
    jobs = (job("desktop", weight=1.2), job("switch", weight=3.0), job("another", 2027))
    scenario = Scenario(2026, 3, caps(500_00, 500_00, 0), names=NAMES)
    outcome = optimise(jobs, scenario, EXACT)
    assert chosen(outcome)["switch"] == 2026
    assert outcome.risk == pytest.approx(1.2 + 2.0)  # one desktop a year late, the other two years undone
    left = next(one for one in outcome.undone)
    assert (left.school_id, left.jobs, left.devices, left.money) == ("oak", 1, 1, 500_00)
    assert sentence(outcome, "desktop") == (
        "Due 2026/27: the cap of 2026/27 at Oak is spent on what carries more risk for its money; "
        "2027/28 is the first year with room."
    )
    assert sentence(outcome, "another") == (
        "Due 2027/28: the cap of 2027/28 at Oak is spent on what carries more risk for its money; "
        "no year to 2028/29 has room."
    )


def test_of_equals_the_oldest_goes_first() -> None:
    jobs = tuple(job(f"d{day}", due=date(2026, 9, day)) for day in (9, 3, 7))
    outcome = optimise(jobs, Scenario(2026, 3, caps(500_00, 500_00, 500_00)))
    assert chosen(outcome) == {"d3": 2026, "d7": 2027, "d9": 2028}


def test_what_costs_more_than_its_cap_says_so() -> None:
    outcome = optimise((job("server", cost=7_000_00),), Scenario(2026, 3, caps(5_000_00, 6_000_00, 0), names=NAMES))
    assert sentence(outcome, "server") == (
        "Due 2026/27: it costs £7,000, more than the cap of 2026/27 at Oak could ever bear, £5,000; "
        "no year to 2028/29 has room."
    )


def test_the_trusts_cap_holds_beside_the_schools() -> None:
    jobs = (job("a"), job("b", school_id="elm"), job("c", school_id="ash"))
    funds = (*caps(1_000_00, 1_000_00, 0), *caps(500_00, 1_000_00, 0, school_id=""))
    outcome = optimise(jobs, Scenario(2026, 3, funds, names=NAMES), EXACT)
    assert sorted(map(str, chosen(outcome).values())) == ["2026", "2027", "2027"]
    assert any("the trust's cap of 2026/27 is spent on" in one.sentence for one in outcome.chosen)


def test_money_is_carried_on_only_until_its_spend_by_date() -> None:
    server = (job("server", cost=900_00),)
    assert chosen(optimise(server, Scenario(2026, 3, caps(500_00, 500_00, 0))))["server"] is None
    carried = optimise(server, Scenario(2026, 3, caps(500_00, 500_00, 0, carry=True)))
    assert chosen(carried)["server"] == 2027
    assert [(row.fresh, row.brought, row.spent, row.carried) for row in carried.budgets] == [
        (500_00, 0, 0, 500_00),
        (500_00, 500_00, 900_00, 100_00),
        (0, 100_00, 0, 100_00),
    ]
    grant = Fund("grant", "grant", "oak", 500_00, 2026, date(2027, 8, 31))
    lapsing = optimise(server, Scenario(2026, 3, (grant, *caps(0, 500_00, 0))))
    assert chosen(lapsing)["server"] is None
    assert lapsing.budgets[0].lapsed == 500_00
    kept = optimise(server, Scenario(2026, 3, (replace(grant, spend_by=date(2027, 9, 1)), *caps(0, 500_00, 0))))
    assert chosen(kept)["server"] == 2027


def test_what_lapses_first_is_spent_first() -> None:
    jobs = (job("a"), job("b", 2027))
    grant = Fund("grant", "grant", "oak", 500_00, 2026, date(2026, 12, 31))
    own = Fund("own", "own", "oak", 500_00, 2025)
    assert chosen(optimise(jobs, Scenario(2026, 3, (own, grant)))) == {"a": 2026, "b": 2027}


def test_a_cap_whose_funds_have_all_lapsed_is_a_cap_of_nothing() -> None:
    gone = Fund("gone", "gone", "oak", 9_000_00, 2024, date(2026, 8, 31))
    assert chosen(optimise((job("a"),), Scenario(2026, 3, (gone,)))) == {"a": None}


def test_a_pin_is_kept_whatever_else_is_displaced() -> None:
    jobs = (job("switch", weight=9.0), job("pinned", 2029, pinned=2026))
    outcome = optimise(jobs, Scenario(2026, 3, caps(500_00, 500_00, 0)))
    assert chosen(outcome) == {"pinned": 2026, "switch": 2027}


def test_a_pin_before_it_can_be_installed_is_kept_and_says_so() -> None:
    outcome = optimise((job("a", earliest=2027, pinned=2026),), Scenario(2026, 3))
    assert chosen(outcome) == {"a": 2026}
    assert sentence(outcome, "a") == (
        "Pinned to 2026/27, although what is ordered now can be installed in 2027/28 at the earliest."
    )


def test_pins_above_a_cap_are_refused_with_a_sentence_that_names_both() -> None:
    jobs = (job("Suite B12", cost=18_000_00, pinned=2027), job("Server", cost=6_000_00, pinned=2027))
    with pytest.raises(Refused) as refused:
        optimise(jobs, Scenario(2026, 3, caps(0, 20_000_00, 0), names=NAMES))
    assert str(refused.value) == (
        "“Suite B12” and 1 more are pinned to 2027/28 and together cost £24,000, but the cap of 2027/28 at Oak "
        "leaves £20,000 for it: raise the cap, or pin to another year"
    )


def test_a_suite_goes_whole_or_not_at_all() -> None:
    seats = tuple(job(f"seat {seat}", 2026 + seat % 2, suite="B12") for seat in range(6))
    broken = job("broken", 2023, suite="B12")
    jobs = together((*seats, broken))
    assert sorted(one.job_id for one in jobs) == ["broken", "oak/B12"]
    outcome = optimise(jobs, Scenario(2026, 3, caps(2_900_00, 3_100_00, 0)), EXACT)
    assert chosen(outcome) == {"broken": 2026, "oak/B12": 2027}
    assert outcome.risk == pytest.approx(3.0)  # the three that were due a year before
    nothing = optimise(jobs, Scenario(2026, 3, caps(2_900_00, 2_900_00, 2_900_00)), EXACT)
    assert chosen(nothing)["oak/B12"] is None


def test_a_suite_that_is_pinned_takes_all_its_devices_but_one_that_is_pinned_elsewhere() -> None:
    seats = (
        job("a", pinned=2027, suite="B12"),
        job("b", 2021, suite="B12"),
        job("c", suite="B12", pinned=2028),
    )
    assert {(one.job_id, one.pinned, one.number) for one in together(seats)} == {("oak/B12", 2027, 2), ("c", 2028, 1)}


def test_lead_time_and_summer_say_when_the_first_installation_can_be() -> None:
    today, april = date(2026, 11, 22), Years(4)
    assert installable(today, 6, SEPTEMBER) == 2026
    assert installable(today, 30, april) == 2027
    assert installable(today, 6, SEPTEMBER, summer_only=True) == 2026  # the summer of 2027 ends that year
    assert installable(today, 6, april, summer_only=True) == 2027
    assert installable(today, 45, SEPTEMBER, summer_only=True) == 2027
    outcome = optimise((job("a", earliest=2027),), Scenario(2026, 3))
    assert chosen(outcome) == {"a": 2027}
    assert sentence(outcome, "a") == "Due 2026/27, cannot be installed before 2027/28."


def test_nothing_goes_early_unless_levelling_may_and_then_only_where_it_spares_risk() -> None:
    wave = tuple(job(f"d{number}", 2027) for number in range(4))
    late = optimise(wave, Scenario(2026, 3, caps(*[1_000_00] * 3)))
    assert (late.risk, sorted(map(str, chosen(late).values()))) == (2.0, ["2027", "2027", "2028", "2028"])
    early = optimise(wave, Scenario(2026, 3, caps(*[1_000_00] * 3), early=1, names=NAMES))
    assert (early.risk, sorted(map(str, chosen(early).values()))) == (0.0, ["2026", "2026", "2027", "2027"])
    assert (
        sum("Due 2027/28: brought forward, because the cap of 2027/28 at Oak" in w.sentence for w in early.chosen) == 2
    )
    assert {one.year for one in optimise(wave, Scenario(2026, 3, early=1)).chosen} == {2027}


def test_levelling_bounds_each_year_by_an_even_one() -> None:
    wave = tuple(job(f"d{number}", 2027) for number in range(6))
    outcome = optimise(wave, Scenario(2026, 3, early=1, level=100), EXACT)
    assert dict(outcome.costs) == {("oak", year): 1_000_00 for year in (2026, 2027, 2028)}
    looser = optimise(wave, Scenario(2026, 3, early=1, level=150), EXACT)
    assert dict(looser.costs) == {("oak", year): 1_500_00 for year in (2026, 2027)}
    pinned = tuple(replace(one, pinned=2027) for one in wave)
    assert dict(optimise(pinned, Scenario(2026, 3, level=100)).costs) == {("oak", 2027): 3_000_00}


def test_caps_lives_and_prices_stand_side_by_side_and_what_cannot_be_has_its_sentence() -> None:
    jobs = tuple(job(f"d{number}") for number in range(4))
    longer = tuple(job(f"d{number}", 2027) for number in range(4))
    dearer = tuple(replace(one, costs=(1_000_00,) * 3) for one in jobs)
    scenario = Scenario(2026, 3, caps(*[1_000_00] * 3))
    sides = compare(
        {
            "as it is": Case(jobs, scenario),
            "no cap": Case(jobs, Scenario(2026, 3)),
            "a year longer": Case(longer, scenario),
            "twice the price": Case(dearer, scenario),
            "pinned": Case(tuple(replace(one, pinned=2026) for one in jobs), scenario),
        }
    )
    risks = {name: side.outcome and side.outcome.risk for name, side in sides.items()}
    assert risks == {"as it is": 2.0, "no cap": 0.0, "a year longer": 2.0, "twice the price": 6.0, "pinned": None}
    assert sides["as it is"].costs == {2026: 1_000_00, 2027: 1_000_00, 2028: 0}
    assert (sides["twice the price"].undone, sides["twice the price"].undone_money) == (1, 1_000_00)
    assert "pinned to 2026/27" in sides["pinned"].refused


def test_one_model_is_what_most_ask_for_at_its_price() -> None:
    jobs = (job("a", model="HP"), job("b", model="HP"), job("c", model="Dell", cost=450_00))
    assert {(one.model, one.costs[0]) for one in one_model(jobs)} == {("HP", 500_00)}


def test_a_plan_has_one_to_ten_years() -> None:
    with pytest.raises(ValueError, match="11 years cannot be planned"):
        Scenario(2026, 11)
