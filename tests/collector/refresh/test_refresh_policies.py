"""The table of policies, what is set instead of it, weights, and DfE's lines."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from collector.errors import CollectorError
from collector.facts import CLASSES
from collector.refresh import tables
from collector.refresh.lines import Category, line_of, lines
from collector.refresh.policies import SETTABLE, Override, Policies, defaults
from collector.refresh.values import Kit
from collector.refresh.weights import Weights, weight_rows

SHIPPED = Policies()


def kit(device_class: str = "laptop", **more: object) -> Kit:
    return Kit("d1", "d1", "oak", device_class, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("device_class", "months"),
    [("server", 48), ("laptop", 48), ("desktop", 60), ("switch", 84), ("access point", 66), ("printer", 72)],
)
def test_lives_are_those_of_the_programme_that_trusts_plan_by(device_class: str, months: int) -> None:
    assert SHIPPED.find("oak", device_class).policy.life == months


def test_a_desktop_gets_memory_two_years_before_its_end_and_a_ups_batteries_every_three() -> None:
    desktop, ups = (SHIPPED.find("oak", name).policy for name in ("desktop", "ups"))
    assert (desktop.life, desktop.upgrade_after) == (60, 36)
    assert ups.upgrade_after == 36


def test_every_class_has_a_row_of_its_own_and_what_is_unknown_that_of_others() -> None:
    assert {row.device_class for row in defaults()} == set(CLASSES) - {"unknown"} | {"other"}
    assert SHIPPED.find("oak", "unknown").policy == SHIPPED.find("oak", "other").policy


@pytest.mark.parametrize("table", ["policies", "weights", "lines", "consumables"])
def test_every_row_of_every_table_has_a_source_and_a_day_on_which_it_was_checked(table: str) -> None:
    for row in tables.rows(table):
        assert len(row["source"]) > 2
        assert date.fromisoformat(row["checked"]) <= date(2026, 11, 22)


def test_every_figure_of_the_table_is_one_that_could_be_set() -> None:
    for row in defaults():
        for setting in SETTABLE:
            if setting != "weight":  # the table of weights has it
                Override(setting, getattr(row.policy, setting))


def test_a_chromebook_is_kept_longer_than_other_laptops() -> None:
    assert SHIPPED.of(kit(maker="Acer", model="Chromebook 314")).life == 60
    assert SHIPPED.of(kit(maker="Acer", model="TravelMate")).life == 48


def test_the_most_specific_word_stands_and_replaces_its_figure_alone() -> None:
    overrides = [
        Override("life", 10),
        Override("life", 20, device_class="laptop"),
        Override("life", 30, use="office"),
        Override("life", 40, model="probook"),
        Override("life", 50, model="ProBook 450"),
        Override("life", 60, school_id="oak"),
        Override("life", 70, school_id="oak", device_class="laptop"),
        Override("life", 80, school_id="oak", use="Office"),
        Override("life", 90, school_id="oak", model="ProBook 450"),
        Override("cost", 1_00, device_class="laptop"),
    ]
    one = kit(maker="HP", model="ProBook  450 G8", use="office")
    for number in range(1, 10):
        policy = Policies(overrides[:number] + overrides[9:]).of(one)
        assert (policy.life, policy.cost, policy.warranty) == (number * 10, 1_00, 36)


def test_a_schools_word_is_of_that_school_and_a_models_of_whole_words() -> None:
    policies = Policies([Override("life", 12, school_id="elm"), Override("life", 24, model="book 450")])
    assert policies.of(kit(model="ProBook 450")).life == 48


def test_the_order_in_which_figures_were_set_does_not_tell() -> None:
    overrides = [
        Override("life", 30, use="office"),
        Override("life", 40, model="ProBook"),
        Override("life", 20, school_id="oak"),
    ]
    one = kit(model="ProBook 450", use="office")
    assert {Policies(order).of(one).life for order in permutations(overrides)} == {20}


def test_what_was_set_instead_can_be_told() -> None:
    override = Override("life", 36, school_id="oak", device_class="laptop")
    found = Policies([override]).find("oak", "laptop")
    assert dict(found.instead) == {"life": override}
    assert not Policies([override]).find("elm", "laptop").instead


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("age", 3), ("life", 0), ("life", 301), ("life", None), ("life", True), ("life", 12.5), ("life", "48"),
        ("cost", -1), ("cost", 10**12), ("line", "toys"), ("cost_on", "2026-11-01"), ("weight", float("nan")),
        ("weight", float("inf")), ("inflation", 10_001), ("lead_weeks", None),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_refused_in_a_sentence(setting: str, value: object) -> None:
    with pytest.raises(CollectorError, match=r"\w+ \w+"):
        Override(setting, value)  # type: ignore[arg-type]


def test_never_is_an_answer_where_a_figure_may_be_none() -> None:
    policy = Policies([Override("upgrade_after", None, device_class="desktop")]).find("oak", "desktop").policy
    assert policy.upgrade_after is None


# ------------------------------------------------------------------------------------------------ weights


def test_the_weight_of_a_class_comes_from_the_table_of_weights_unless_a_policy_sets_it() -> None:
    assert SHIPPED.find("oak", "desktop").policy.weight == 1
    assert SHIPPED.find("oak", "server").policy.weight == 5
    assert Policies(weights=Weights({("class", "server"): 7})).find("oak", "server").policy.weight == 7
    assert Policies([Override("weight", 9, device_class="server")]).find("oak", "server").policy.weight == 9


def test_every_exposure_that_applies_multiplies_the_weight() -> None:
    weights, first = Weights(), date(2026, 9, 1)
    server = kit("server", support_ends=date(2026, 8, 31), condition="a fan stands still", marks=2.0)
    names = weights.exposures(server, first, alone=True)
    assert names == ("unsupported", "pupil data", "alone", "failing", "marks")
    assert weights.weigh(5, names) == 5 * 2 * 1.5 * 1.5 * 1.5 * 1.25


def test_exposures_ask_for_what_they_are_about() -> None:
    weights, first = Weights(), date(2026, 9, 1)
    assert weights.exposures(kit(support_ends=first, marks=3.0), first, alone=True) == ()
    assert weights.exposures(kit(use="Office"), first, alone=False) == ("pupil data",)
    assert weights.exposures(kit(minimum="its screen is small"), first, alone=False) == ("minimum",)


def test_every_class_has_a_weight() -> None:
    named = {row.name for row in weight_rows() if row.kind == "class"}
    assert "other" in named
    assert named <= set(CLASSES) | {"other"}


# ------------------------------------------------------------------------------------------------ lines


def test_the_lines_are_those_that_dfe_collects() -> None:
    assert {line.cfr for line in lines().values()} == {f"E20{letter}" for letter in "ABCDEFG"}
    assert [line.revenue for line in lines().values()] == [str(number) for number in range(336, 343)]
    assert [line.capital for line in lines().values() if line.capital] == [str(number) for number in range(621, 626)]
    assert set(lines()) == set(Category)


def test_support_and_learning_resources_are_revenue_whatever_they_are_called() -> None:
    assert line_of("support").bfr(capital=True) == line_of("support").bfr(capital=False) == "341"
    assert line_of("devices").bfr(capital=True) == "624"
    assert line_of("no such line").cfr == "E20F"


@pytest.mark.parametrize(
    ("device_class", "cfr"),
    [
        ("switch", "E20A"), ("firewall", "E20A"), ("server", "E20B"), ("ups", "E20B"), ("tablet", "E20E"),
        ("display", "E20F"),
    ],
)  # fmt: skip
def test_each_class_is_in_its_category(device_class: str, cfr: str) -> None:
    assert line_of(SHIPPED.find("oak", device_class).policy.line).cfr == cfr
