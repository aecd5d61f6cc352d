"""Plans worked by hand: every year, cost and reason below was written down before the programme was asked.

The plan begins with 2026/27 and has five years, the last 2030/31. Today is 22 November 2026;
prices are of 1 November 2026.
A laptop costs £525 and rises 5 % a year: 2027/28 £551.25, 2028/29 £578.8125 → £578.81, 2030/31 £638.14.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from collector.refresh.plan import Plan, plan
from collector.refresh.policies import Default, Override, Policies
from collector.refresh.totals import counted
from collector.refresh.values import (
    Action,
    Decision,
    Estate,
    Kit,
    Made,
    Need,
    Policy,
    Row,
    Span,
    Spending,
    Terms,
    Why,
)
from collector.refresh.weights import Weights
from collector.refresh.years import Years

TODAY = date(2026, 11, 22)
GIBIBYTE = 1024**3
APRIL, SEPTEMBER = Terms(4), Terms(9)

_LAPTOP = Policy(48, 36, 60, None, 0, 525_00, date(2026, 11, 1), 5_00, 0, 30, 6, 1.0, "devices")
TABLE = (
    Default("laptop", "", _LAPTOP),
    Default(
        "desktop",
        "",
        replace(_LAPTOP, life=60, cost=575_00, upgrade_after=36, upgrade_cost=80_00, enough_memory=16 * GIBIBYTE),
    ),
    Default("tablet", "", replace(_LAPTOP, cost=330_00, inflation=3_00)),
    Default("server", "", replace(_LAPTOP, cost=6_500_00, line="servers")),
    Default("switch", "", replace(_LAPTOP, life=84, cost=1_850_00, inflation=3_00, line="connectivity")),
    Default("printer", "", replace(_LAPTOP, life=72, minimum=None, cost=200_00, inflation=3_00, line="hardware")),
    Default("ups", "", replace(_LAPTOP, life=108, cost=600_00, inflation=3_00, upgrade_after=36, upgrade_cost=200_00)),
    Default("other", "", replace(_LAPTOP, life=60, cost=300_00)),
)


def kit(device_class: str, device_id: str = "d1", school_id: str = "oak", **more: object) -> Kit:
    return Kit(device_id, f"{device_class} {device_id}", school_id, device_class, **more)  # type: ignore[arg-type]


def planned(*devices: Kit, overrides: Iterable[Override] = (), **more: object) -> Plan:
    estate = Estate(TODAY, 2026, 5, devices, **({"terms": {"": SEPTEMBER}} | more))  # type: ignore[arg-type]
    return plan(estate, Policies(overrides, table=TABLE, weights=Weights()))


def told(row: Row) -> tuple[Action, int | None, int]:
    return row.action, row.year, row.cost


def rows_of(found: Plan, row_id: str = "d1") -> list[tuple[Action, int | None, int]]:
    return [told(row) for row in found.rows if row.row_id == row_id]


def row_of(found: Plan, row_id: str = "d1") -> Row:
    return next(
        row for row in found.rows if row.row_id == row_id and not row.again and row.action is not Action.UPGRADE
    )


def test_support_that_ended_before_its_age_binds_and_is_past_due() -> None:
    # 14 September 2021 + 60 months = 14 September 2026, in 2026/27; Windows 10 ended in 2025/26, before the plan
    desktop = kit(
        "desktop", bought=date(2021, 9, 14), memory_bytes=16 * GIBIBYTE,
        support_ends=date(2025, 10, 14), support_words="Windows 10",
    )  # fmt: skip
    row = row_of(planned(desktop))
    assert told(row) == (Action.REPLACE, 2026, 575_00)
    assert row.wanted == Span(2025, 2025, 2025)
    assert [(due.why, due.day) for due in row.due] == [
        (Why.SUPPORT, date(2025, 10, 14)),
        (Why.AGE, date(2026, 9, 14)),
    ]
    assert row.sentence == (
        "Bought September 2021; desktops are kept 5 years, so September 2026; but before that its Windows 10 ended on"
        " 14 October 2025, short of the 5 years of security support that DfE asks for, which binds."
        " Past due: planned for the first year, 2026/27."
    )


def test_support_that_ends_after_its_age_does_not_bind() -> None:
    # 1 August 2023 + 48 months = 1 August 2027, in 2026/27
    row = row_of(planned(kit("laptop", bought=date(2023, 8, 1), support_ends=date(2029, 10, 9))))
    assert told(row) == (Action.REPLACE, 2026, 525_00)
    assert row.sentence == "Bought August 2023; laptops are kept 4 years, so August 2027. Planned for 2026/27."


def test_the_same_laptop_falls_into_another_year_where_years_begin_in_april() -> None:
    # 15 May 2024 + 48 months = 15 May 2028. From September: 2027/28, one rise: 525 × 1.05 = 551.25
    laptop = kit("laptop", bought=date(2024, 5, 15))
    assert rows_of(planned(laptop)) == [(Action.REPLACE, 2027, 551_25)]
    # from April: 2028/29, two rises from 2026/27, in which November 2026 lies: 525 × 1.1025 = 578.8125
    assert rows_of(planned(laptop, terms={"oak": APRIL})) == [(Action.REPLACE, 2028, 578_81)]


def test_the_last_and_the_first_day_of_a_year_are_in_two_years() -> None:
    # + 48 months: 31 August 2028 is the last of 2027/28, 1 September 2028 the first of 2028/29
    assert row_of(planned(kit("laptop", bought=date(2024, 8, 31)))).year == 2027
    assert row_of(planned(kit("laptop", bought=date(2024, 9, 1)))).year == 2028
    # from April: 31 March 2028 is the last of 2027/28
    assert row_of(planned(kit("laptop", bought=date(2024, 3, 31)), terms={"": APRIL})).year == 2027
    assert row_of(planned(kit("laptop", bought=date(2024, 4, 1)), terms={"": APRIL})).year == 2028


def test_nothing_is_planned_for_a_year_that_is_over_at_a_school() -> None:
    # on 10 June 2027 a year from September is still 2026/27, one from April is 2027/28 already: 525 × 1.05 = 551.25
    late = kit("laptop", "d1", "oak", bought=date(2020, 1, 1))
    elm = kit("laptop", "d2", "elm", bought=date(2020, 1, 1))
    estate = Estate(date(2027, 6, 10), 2026, 5, (late, elm), terms={"": SEPTEMBER, "oak": APRIL})
    found = plan(estate, Policies(table=TABLE))
    assert rows_of(found, "d1")[0] == (Action.REPLACE, 2027, 551_25)
    assert rows_of(found, "d2")[0] == (Action.REPLACE, 2026, 525_00)


def test_bought_on_29_february_it_is_due_on_29_february_or_the_day_before_the_month_ends() -> None:
    leap = kit("laptop", bought=date(2024, 2, 29))
    assert row_of(planned(leap)).day == date(2028, 2, 29)  # four years on is a leap year
    three = Override("life", 36, device_class="laptop")
    row = row_of(planned(leap, overrides=[three]))
    assert (row.day, row.year) == (date(2027, 2, 28), 2026)


def test_what_is_past_due_is_bought_in_the_first_year_and_again_when_that_has_lived() -> None:
    # 1 February 2019 + 48 = 1 February 2023, before the plan: bought on 1 September 2026, again on 1 September 2030
    # four rises: 6,500 × 1.05⁴ = 6,500 × 1.21550625 = 7,900.790625
    found = planned(kit("server", bought=date(2019, 2, 1)))
    assert rows_of(found) == [(Action.REPLACE, 2026, 6_500_00), (Action.REPLACE, 2030, 7_900_79)]
    assert [row.again for row in found.rows] == [0, 1]
    assert found.rows[1].sentence == (
        "What replaces it in 2026/27 is due again: servers are kept 4 years, so September 2030, in 2030/31."
    )


def test_an_unknown_age_is_the_median_of_its_class_in_its_school() -> None:
    # bought 1 March 2023, 1 September 2023, 1 September 2024: median 1 September 2023, + 48 = 1 September 2027.
    # Three are few: a quarter of four years to each side, 1 September 2022 to 1 September 2024:
    # due from 1 September 2026 (525.00) to 1 September 2028 (578.81)
    known = [
        kit("laptop", f"k{place}", bought=day)
        for place, day in enumerate((date(2023, 3, 1), date(2023, 9, 1), date(2024, 9, 1)))
    ]
    other_school = kit("laptop", "far", "elm", bought=date(2016, 1, 1))
    found = planned(kit("laptop"), *known, other_school)
    row = row_of(found)
    assert told(row) == (Action.REPLACE, 2027, 551_25)
    assert (row.low, row.high, row.assumed) == (525_00, 578_81, True)
    assert row.span == row.wanted == Span(2026, 2027, 2028)
    assert row.sentence == (
        "Its age is not known: assumed September 2023, the median of 3 laptops of its school (from September 2022 to"
        " September 2024); laptops are kept 4 years, so September 2027. Planned for 2027/28. It may be as early as"
        " 2026/27 or as late as 2028/29."
    )
    # were it as old as that, what replaces it would be due on 1 September 2030: 525 × 1.21550625 = 638.14
    again = next(row for row in found.rows if row.row_id == "d1" and row.again)
    assert (again.year, again.low, again.cost, again.high) == (None, 0, 0, 638_14)


def test_where_nobody_in_its_school_has_an_age_the_median_of_the_trust_stands() -> None:
    # of 1 September 2020, 2021, 2022, 2023 the middle is half way between 2021 and 2022, 182 days on: 2 March 2022
    # + 48 = 2 March 2026, past due. Four have quartiles: 2020 to 2023, due 1 September 2024 to 1 September 2027
    known = [kit("laptop", f"k{year}", "elm", bought=date(year, 9, 1)) for year in (2020, 2021, 2022, 2023)]
    row = row_of(planned(kit("laptop"), *known))
    assert told(row) == (Action.REPLACE, 2026, 525_00)
    assert row.due[0].day == date(2026, 3, 2)
    assert (row.low, row.high, row.assumed, row.span) == (525_00, 551_25, True, Span(2026, 2026, 2027))
    assert "the median of 4 laptops of the trust (from September 2020 to September 2023)" in row.sentence


def test_where_nobody_has_an_age_it_is_half_way_through_its_life() -> None:
    # a switch lives 84 months: made 42 months before 22 November 2026, 22 May 2023, due 22 May 2030, in 2029/30
    # three rises: 1,850 × 1.03³ = 1,850 × 1.092727 = 2,021.54495. At the earliest due today (1,850), at the latest
    # on 22 November 2033, after the plan: it may cost nothing in it, and 1,850 × 1.03⁴ = 2,082.19 at most
    row = row_of(planned(kit("switch")))
    assert told(row) == (Action.REPLACE, 2029, 2_021_54)
    assert (row.span, row.low, row.high, row.assumed) == (Span(2026, 2029, 2033), 0, 2_082_19, True)
    assert row.sentence == (
        "Its age is not known, nor that of any of the switches of the trust: assumed half of its life old (made between"
        " November 2019 and now); switches are kept 7 years, so May 2030. Planned for 2029/30. It may be as early as"
        " 2026/27 or later than the planned years."
    )


def test_an_age_that_was_read_as_an_interval_makes_a_range_and_is_no_assumption() -> None:
    # best 1 June 2024 + 48 = 1 June 2028, 2027/28; from 1 January 2024 (2027/28) to 1 November 2024 (2028/29)
    row = row_of(planned(kit("laptop", made=Made(date(2024, 1, 1), date(2024, 6, 1), date(2024, 11, 1)))))
    assert (told(row), row.span) == ((Action.REPLACE, 2027, 551_25), Span(2027, 2027, 2028))
    assert (row.low, row.high, row.assumed) == (551_25, 578_81, False)


def test_a_pinned_suite_moves_whole_but_for_who_has_a_word_of_their_own() -> None:
    # 575 × 1.05 = 603.75 in 2027/28; 575 × 1.05² = 633.9375 in 2028/29, in which 31 August 2029 lies. What comes on
    # 1 September 2027 gets memory three years on, in 2030/31: 80 × 1.05⁴ = 97.2405
    suite = [
        kit("desktop", f"d{year}", suite="ICT 1", bought=date(year, 8, 20), memory_bytes=16 * GIBIBYTE)
        for year in (2020, 2022, 2024)
    ]
    elsewhere = replace(suite[0], device_id="x", school_id="elm")
    decisions = (
        Decision(Action.REPLACE, "the room is rebuilt.", school_id="oak", suite="ICT 1", year=2027),
        Decision(Action.EXTEND, "it drives the plotter", "d2024", until=date(2029, 8, 31)),
    )
    found = planned(*suite, elsewhere, decisions=decisions)
    assert rows_of(found, "d2020") == [(Action.REPLACE, 2027, 603_75), (Action.UPGRADE, 2030, 97_24)]
    assert rows_of(found, "d2022") == [(Action.REPLACE, 2027, 603_75), (Action.UPGRADE, 2030, 97_24)]
    assert rows_of(found, "x")[0] == (Action.REPLACE, 2026, 575_00)
    assert row_of(found, "d2020").due[0].why is Why.PIN
    assert row_of(found, "d2022").sentence == (
        "Pinned with its suite ICT 1 to 2027/28: the room is rebuilt. By its dates it is due in 2026/27. Bought August"
        " 2022; desktops are kept 5 years, so August 2027."
    )
    # 20 August 2024 + 60 = 20 August 2029, before 31 August 2029; what comes then gets memory in 2032
    assert rows_of(found, "d2024") == [(Action.EXTEND, 2028, 633_94)]


def test_a_pin_before_the_plan_is_its_first_year_and_one_after_it_is_none() -> None:
    laptop = kit("laptop", bought=date(2024, 9, 1))
    early, late = (Decision(Action.REPLACE, "", "d1", year=year) for year in (2024, 2031))
    pinned = planned(laptop, decisions=(early,))
    assert rows_of(pinned)[0] == (Action.REPLACE, 2026, 525_00)
    assert pinned.rows[0].sentence.startswith("Pinned to 2024/25, which is past: the first year, 2026/27. By its dates")
    assert rows_of(planned(laptop, decisions=(late,))) == [(Action.REPLACE, None, 0)]


def test_what_is_extended_is_replaced_in_the_year_of_the_day_until_which_it_is_kept() -> None:
    # 10 January 2022 + 48 = 10 January 2026, in 2025/26; kept to 31 August 2028, the last day of 2027/28
    laptop = kit("laptop", bought=date(2022, 1, 10))
    row = row_of(
        planned(laptop, decisions=(Decision(Action.EXTEND, "the budget is spent", "d1", until=date(2028, 8, 31)),))
    )
    assert told(row) == (Action.EXTEND, 2027, 551_25)
    assert row.sentence == (
        "Extended to 31 August 2028: the budget is spent; then replaced, in 2027/28. By its dates it is due in 2025/26."
        " Bought January 2022; laptops are kept 4 years, so January 2026."
    )


def test_an_extension_that_ends_before_its_own_date_changes_nothing_and_says_so() -> None:
    laptop = kit("laptop", bought=date(2024, 1, 10))  # due 10 January 2028
    row = row_of(planned(laptop, decisions=(Decision(Action.EXTEND, "", "d1", until=date(2027, 8, 31)),)))
    assert told(row) == (Action.REPLACE, 2027, 551_25)
    assert row.sentence.endswith("What a person said, kept to 31 August 2027, ends before that and changes nothing.")


def test_what_is_retired_costs_nothing_and_never_comes_back() -> None:
    # due 3 March 2026, before the plan: gone in its first year; the next would have been bought in 2030/31
    laptop = kit("laptop", bought=date(2022, 3, 3))
    found = planned(laptop, decisions=(Decision(Action.RETIRE, "nobody uses it", "d1"),))
    assert rows_of(found) == [(Action.RETIRE, 2026, 0)]
    assert (found.rows[0].low, found.rows[0].high, found.rows[0].capital) == (0, 0, False)
    assert found.rows[0].sentence == (
        "Goes in 2026/27 and is not replaced: nobody uses it. By its dates it is due in 2025/26. Bought March 2022;"
        " laptops are kept 4 years, so March 2026."
    )


def test_a_desktop_gets_memory_before_its_last_two_years_unless_it_has_enough() -> None:
    # 3 October 2024 + 36 = 3 October 2027, in 2027/28: 80 × 1.05 = 84;
    # replaced on 3 October 2029: 575 × 1.157625 = 665.634
    found = planned(kit("desktop", bought=date(2024, 10, 3), memory_bytes=8 * GIBIBYTE))
    assert rows_of(found) == [(Action.UPGRADE, 2027, 84_00), (Action.REPLACE, 2029, 665_63)]
    assert found.rows[0].sentence == (
        "Bought October 2024, with 8 GiB of memory; desktops get more memory after 3 years: October 2027, in 2027/28."
    )
    assert not found.rows[0].capital
    assert [row.weight for row in found.rows] == [0.25, 1.0]  # of what risk it is to leave it undone
    enough = planned(kit("desktop", bought=date(2024, 10, 3), memory_bytes=16 * GIBIBYTE - 300 * 1024**2))
    assert rows_of(enough) == [(Action.REPLACE, 2029, 665_63)]


def test_memory_is_not_bought_for_less_than_a_year() -> None:
    # memory was due on 1 July 2026, so in the first year; replaced on 1 July 2028, 22 months after
    # 1 September 2026: bought
    assert (Action.UPGRADE, 2026, 80_00) in rows_of(planned(kit("desktop", bought=date(2023, 7, 1))))
    # memory was due on 1 July 2025; replaced on 1 July 2027, 10 months after 1 September 2026: not bought.
    # What replaces it on 1 July 2027 gets it on 1 July 2030
    found = planned(kit("desktop", bought=date(2022, 7, 1)))
    assert rows_of(found) == [(Action.REPLACE, 2026, 575_00), (Action.UPGRADE, 2029, 92_61)]  # 80 × 1.05³ = 92.61


def test_a_ups_gets_batteries_every_three_years_from_the_day_of_the_last() -> None:
    # 1 December 2021 + 108 = 1 December 2030: 600 × 1.03⁴ = 675.305. Batteries of unknown day: the last that is past,
    # 1 December 2024, is planned for the first year; again on 1 September 2029: 200 × 1.03³ = 218.5454
    ups = kit("ups", bought=date(2021, 12, 1))
    assert rows_of(planned(ups)) == [
        (Action.UPGRADE, 2026, 200_00),
        (Action.UPGRADE, 2029, 218_55),
        (Action.REPLACE, 2030, 675_31),
    ]
    # of 1 December 2024: due on 1 December 2027, 206.00; on 1 December 2030 it goes
    known = replace(ups, battery_on=date(2024, 12, 1))
    assert rows_of(planned(known)) == [(Action.UPGRADE, 2027, 206_00), (Action.REPLACE, 2030, 675_31)]


def test_a_minimum_of_dfe_that_it_fails_binds_before_its_age() -> None:
    # 1 September 2025 + 48 = 1 September 2029; it fails since 20 September 2026, and its successor is due on
    # 20 September 2030: 330 × 1.03⁴ = 371.4179
    tablet = kit(
        "tablet",
        bought=date(2025, 9, 1),
        minimum="a screen of 7.9 inches, 9.7 are asked for",
        minimum_since=date(2026, 9, 20),
    )
    found = planned(tablet)
    assert rows_of(found) == [(Action.REPLACE, 2026, 330_00), (Action.REPLACE, 2030, 371_42)]
    assert (found.rows[0].due[0].why, found.rows[0].day) == (Why.MINIMUM, date(2026, 9, 20))
    assert found.rows[0].sentence == (
        "Bought September 2025; tablets are kept 4 years, so September 2029; but before that it fails a DfE minimum"
        " since 20 September 2026 (a screen of 7.9 inches, 9.7 are asked for), which binds. Planned for 2026/27."
    )


def test_a_condition_without_a_day_counts_from_today() -> None:
    row = row_of(planned(kit("laptop", bought=date(2025, 9, 1), condition="its disk is failing")))
    assert (row.due[0].why, row.due[0].day, row.year) == (Why.CONDITION, TODAY, 2026)


def test_a_price_rises_twice_in_two_years_and_is_rounded_once() -> None:
    # 5 March 2023 + 72 = 5 March 2029, in 2028/29: 200 × 1.03² = 212.18
    assert rows_of(planned(kit("printer", bought=date(2023, 3, 5)))) == [(Action.REPLACE, 2028, 212_18)]
    # 0.45 × 1.03² = 0.477405: 0.48; rounded after each year, 0.46 × 1.03 = 0.4738, it would be 0.47
    cheap = Override("cost", 45, device_class="printer")
    assert row_of(planned(kit("printer", bought=date(2023, 3, 5)), overrides=[cheap])).cost == 48


def test_the_lease_binds_before_the_age() -> None:
    # 1 September 2025 + 72 = 1 September 2031; the lease ends on the last day of 2027/28: 200 × 1.03 = 206
    row = row_of(planned(kit("printer", bought=date(2025, 9, 1), lease_ends=date(2028, 8, 31))))
    assert told(row) == (Action.REPLACE, 2027, 206_00)
    assert row.sentence == (
        "Bought September 2025; printers are kept 6 years, so September 2031; but before that its lease ends on"
        " 31 August 2028, which binds. Planned for 2027/28."
    )


def test_a_need_is_bought_in_its_year_at_its_price_times_its_number() -> None:
    # 250 × 1.05² = 275.625, rounded to 275.63 each, × 30 = 8,268.90; four years later is after the plan
    need = Need("n1", "oak", "Chromebooks", "laptop", 30, date(2028, 9, 1), "a device for each pupil", 250_00)
    row = planned(needs=(need,)).rows[0]
    assert (told(row), row.number, row.aim) == ((Action.ADD, 2028, 8_268_90), 30, "a device for each pupil")
    assert row.sentence == (
        "30 × Chromebooks, asked for from 1 September 2028 for the aim “a device for each pupil”:"
        " in 2028/29 at £275.63 each."
    )


def test_a_need_without_a_price_has_that_of_its_class_and_comes_back_after_its_life() -> None:
    # asked for before the plan: 330 × 10 in its first year; 48 months from 1 September 2026: 371.42 × 10 in 2030/31
    need = Need("n1", "oak", "Tablets", "tablet", 10, date(2026, 1, 1))
    assert rows_of(planned(needs=(need,)), "n1") == [(Action.ADD, 2026, 3_300_00), (Action.ADD, 2030, 3_714_20)]
    assert len(planned(needs=(replace(need, every_months=0),)).rows) == 1
    # every 24 months: 1 September 2026, 2028, 2030; 330 × 1.03² = 350.097 → 350.10
    costs = [row.cost for row in planned(needs=(replace(need, every_months=24),)).rows]
    assert costs == [3_300_00, 3_501_00, 3_714_20]


def test_a_line_that_ends_within_a_year_is_paid_in_twelfths() -> None:
    # to 31 March 2028: the whole of 2026/27; September to March, 7 of 12 months of 2027/28: 2,400 × 7/12 = 1,400
    line = Spending("s1", "oak", "Broadband", "connectivity", 2_400_00, date(2025, 4, 1), date(2028, 3, 31))
    found = planned(spending=(line,))
    assert rows_of(found, "s1") == [(Action.SPEND, 2026, 2_400_00), (Action.SPEND, 2027, 1_400_00)]
    assert found.rows[1].sentence == (
        "Broadband: £2,400 a year, 7 of its 12 months in 2027/28; it ends on 31 March 2028."
    )
    # rising 3 % a year from today: 1,400 × 1.03 = 1,442
    risen = planned(spending=(replace(line, inflation=3_00),))
    assert rows_of(risen, "s1") == [(Action.SPEND, 2026, 2_400_00), (Action.SPEND, 2027, 1_442_00)]


def test_a_line_that_begins_in_the_middle_of_a_month_is_paid_for_the_months_that_begin() -> None:
    # a year from 15 March 2027: 15 March to 15 August begin in 2026/27, 6 of 12; 15 September to 15 February the rest
    line = Spending("s1", "", "Filtering", "support", 1_000_00, date(2027, 3, 15), date(2028, 3, 14))
    assert rows_of(planned(spending=(line,)), "s1") == [(Action.SPEND, 2026, 500_00), (Action.SPEND, 2027, 500_00)]
    # from 30 November, months begin on the 28th or 29th of February too: still twelve to a year
    odd = replace(line, starts=date(2026, 11, 30), ends=None)
    assert [row.cost for row in planned(spending=(odd,)).rows] == [833_33, 1_000_00, 1_000_00, 1_000_00, 1_000_00]


def test_what_is_paid_once_is_in_the_year_of_its_day() -> None:
    line = Spending("s1", "oak", "Cabling", "connectivity", 5_000_00, date(2028, 1, 10), yearly=False, capital=True)
    found = planned(spending=(line,))
    assert rows_of(found, "s1") == [(Action.SPEND, 2027, 5_000_00)]
    assert found.rows[0].capital
    assert not planned(spending=(replace(line, starts=date(2026, 8, 31)),)).rows  # of 2025/26


def test_april_and_september_are_counted_side_by_side_or_by_months() -> None:
    # the laptop of an April school in its 2026/27: 525 × 5/12 = 218.75 before 1 September 2026, 306.25 after
    oak = kit("laptop", "d1", "oak", bought=date(2022, 5, 1))
    elm = kit("laptop", "d2", "elm", bought=date(2022, 10, 1))
    found = planned(oak, elm, terms={"": SEPTEMBER, "oak": APRIL})
    assert [row.year for row in found.rows if not row.again] == [2026, 2026]
    by_months = counted(found, Years(9))
    assert (by_months[2025].cost, by_months[2026].cost) == (218_75, 306_25 + 525_00)
