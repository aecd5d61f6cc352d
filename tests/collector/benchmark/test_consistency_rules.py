"""How names of models are folded, how devices stand to a catalogue, and what is counted: worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.benchmark.consistency import (
    AWAY,
    Catalogue,
    Entry,
    Standing,
    Tally,
    Thing,
    distance,
    firmware,
    fold,
    key_of,
    models,
    newest,
    problem,
    tallies,
)

TODAY = date(2026, 11, 22)
HP = Entry("e1", "laptop", "HP", ("ProBook 450 G9", "ProBook 450 G10"), starts=date(2023, 9, 1))
FORMER = Entry("e2", "laptop", "HP", ("EliteBook 840*",), ends=date(2023, 8, 31), successor="HP ProBook 450 G10")
SWITCH = Entry("e3", "switch", "HPE Aruba", ("2930F*",))
LATER = Entry("e4", "printer", "Brother", ("HL-L6410DN",), starts=date(2027, 1, 1))


def thing(number: int, device_class: str = "laptop", maker: str = "HP", model: str = "", **more: object) -> Thing:
    return Thing(f"d{number}", f"name-{number}", str(more.pop("school", "s1")), device_class, maker, model, **more)  # type: ignore[arg-type]


def standing(one: Thing, *entries: Entry, day: date = TODAY) -> Standing:
    return Catalogue(entries or (HP, FORMER, SWITCH, LATER), day).verdict(one).standing


# ------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("maker", "model"),
    [
        ("HP", "ProBook 450 G9"), ("HP Inc.", "HP ProBook 450 G9 Notebook PC"),
        ("Hewlett-Packard", "Hewlett-Packard ProBook 450 G9"), ("HP", "PROBOOK  450-G9"), ("", "ProBook 450 G9"),
        ("HP", "ProBook 450 G9 Laptop"), ("HP", "ＰｒｏＢｏｏｋ 450 G9"),
    ],
)  # fmt: skip
def test_spellings_of_one_model_are_folded_into_one(maker: str, model: str) -> None:
    assert fold(maker, model) == "probook450g9"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ProBook 450 G9", "ProBook 450 G10"), ("EliteDesk 800 G5 Desktop Mini", "EliteDesk 800 G5 SFF"),
        ("OptiPlex 7010 Tower", "OptiPlex 7010"), ("Surface Pro 7", "Surface Pro 7+ LTE"),
    ],
)  # fmt: skip
def test_generation_and_form_factor_are_kept_apart(one: str, other: str) -> None:
    assert fold("HP", one) != fold("HP", other)


@pytest.mark.parametrize("model", ["", "  ", "To Be Filled By O.E.M.", "System Product Name", "N/A", "unknown"])
def test_what_names_no_model_folds_to_nothing(model: str) -> None:
    assert fold("HP", model) == ""


@given(st.text(max_size=40), st.text(max_size=40))
def test_folding_takes_any_text_and_never_depends_on_capitals_or_spaces(maker: str, model: str) -> None:
    folded = fold(maker, model)
    assert folded == fold(maker, f"  {model} ")
    assert all(c.isalnum() for c in folded)


def test_a_star_needs_something_before_it_and_stands_at_the_end_alone() -> None:
    assert problem("HP", "ProBook 450*") == ""
    assert "too much" in problem("HP", "Pro*")
    assert "at the end alone" in problem("HP", "Pro*Book 450")
    assert "names no model" in problem("HP", "N/A")


# ------------------------------------------------------------------------------------------------ standing


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (thing(1, model="ProBook 450 G9"), Standing.ON),
        (thing(2, maker="HP Inc.", model="HP ProBook 450 G10 Notebook PC"), Standing.ON),
        (thing(3, model="EliteBook 840 G5"), Standing.FORMER),
        (thing(4, maker="Lenovo", model="ThinkPad T480"), Standing.OFF),
        (thing(5, maker="Dell", model="ProBook 450 G9"), Standing.OFF),  # another maker's, whatever it is called
        (thing(6, maker="", model="ProBook 450 G9"), Standing.ON),  # nobody knows the maker
        (thing(7, model=""), Standing.UNKNOWN),
        (thing(8, "switch", "Aruba", "2930F-48G-PoE+"), Standing.ON),  # HPE, Aruba and HP are one book
        (thing(9, "switch", "Cisco", "C9300"), Standing.OFF),
        (thing(10, "desktop", "Dell", "OptiPlex 7010"), Standing.NONE),
        (thing(11, "printer", "Brother", "HL-L6410DN"), Standing.NONE),  # its standard has not begun
    ],
    ids=lambda each: each.model if isinstance(each, Thing) else str(each),
)
def test_devices_stand_to_the_catalogue_as_worked_by_hand(one: Thing, expected: Standing) -> None:
    assert standing(one) is expected


def test_the_first_and_the_last_day_of_a_line_are_in_it() -> None:
    one, line = thing(1, model="X200"), Entry("e", "laptop", "HP", ("X200",), "", date(2024, 9, 1), date(2026, 8, 31))
    days = [date(2024, 8, 31), date(2024, 9, 1), date(2026, 8, 31), date(2026, 9, 1)]
    assert [standing(one, line, day=day) for day in days] == [
        Standing.NONE, Standing.ON, Standing.ON, Standing.FORMER,
    ]  # fmt: skip


def test_the_successor_is_the_one_of_its_line_else_what_became_the_standard_last() -> None:
    catalogue = Catalogue((HP, FORMER), TODAY)
    assert catalogue.verdict(thing(1, model="EliteBook 840 G5")).instead == "HP ProBook 450 G10"
    assert catalogue.verdict(thing(2, maker="Acer", model="Aspire 5")).instead == "HP ProBook 450 G9"
    assert Catalogue((replace(FORMER, successor=""),), TODAY).verdict(thing(3, maker="Acer", model="Aspire 5")) == (
        Catalogue((replace(FORMER, successor=""),), TODAY).verdict(thing(4, maker="Acer", model="Aspire 5"))
    )


def test_a_use_narrows_what_a_device_is_held_against_where_its_record_names_one() -> None:
    staff = Entry("s", "laptop", "Dell", ("Latitude 5540",), use="Staff")
    pupils = Entry("p", "laptop", "Acer", ("TravelMate B3",), use="pupils")
    latitude = thing(1, maker="Dell", model="Latitude 5540")
    assert standing(latitude._replace(uses=("staff", "blue")), staff, pupils) is Standing.ON
    assert standing(latitude._replace(uses=("pupils",)), staff, pupils) is Standing.OFF
    assert standing(latitude._replace(uses=("library",)), staff, pupils) is Standing.ON  # a use of no line
    assert standing(latitude, staff, pupils) is Standing.ON
    assert standing(latitude._replace(uses=("pupils",)), replace(staff, use=""), pupils) is Standing.ON


# ------------------------------------------------------------------------------------------------ counting

LAPTOPS = [
    thing(1, model="ProBook 450 G9", firmware="1.9.0"),
    thing(2, maker="HP Inc.", model="HP ProBook 450 G9 Notebook PC", firmware="1.10.0", school="s2"),
    thing(3, model="ProBook 450 G9", firmware="1.10.0", school="s2"),
    thing(4, model="EliteBook 840 G5", firmware="A"),
    thing(5, maker="Lenovo", model="ThinkPad T480"),
    thing(6, maker="", model=""),
]


def test_models_are_counted_by_school_under_the_commonest_spelling_and_unknown_ones_apart() -> None:
    first, second, third, unknown = models(LAPTOPS)
    assert (first.label, first.devices, dict(first.schools), first.spellings) == (
        "HP ProBook 450 G9", 3, {"s1": 1, "s2": 2}, 2,
    )  # fmt: skip
    assert {second.label, third.label} == {"HP EliteBook 840 G5", "Lenovo ThinkPad T480"}
    assert (unknown.key, unknown.devices) == ("", 1)


def test_the_share_on_standard_leaves_out_what_nobody_knows() -> None:
    tally = tallies(LAPTOPS, Catalogue((HP, FORMER), TODAY))[""]
    assert {word: tally.count(word) for word in Standing} == {
        Standing.ON: 3, Standing.FORMER: 1, Standing.OFF: 1, Standing.UNKNOWN: 1, Standing.NONE: 0,
    }  # fmt: skip
    assert (tally.known, tally.away, tally.share) == (5, 2, 0.6)
    assert Tally().share is None


def test_the_distance_is_devices_by_what_takes_their_place_and_money_where_there_is_a_price() -> None:
    prices = {"HP ProBook 450 G10": 52_500, "HP ProBook 450 G9": None}
    catalogue = Catalogue((HP, FORMER), TODAY)
    (step,) = distance(LAPTOPS, catalogue, lambda _school, _class, instead: prices[instead])
    assert (step.device_class, step.devices, dict(step.instead)) == (
        "laptop", 2, {"HP ProBook 450 G10": 1, "HP ProBook 450 G9": 1},
    )  # fmt: skip
    assert (step.pence, step.unpriced) == (52_500, 1)
    assert distance(LAPTOPS, catalogue)[0].unpriced == 2
    assert distance(LAPTOPS, Catalogue((), TODAY)) == []


_things = st.lists(
    st.builds(
        thing, st.integers(0, 9_999), st.sampled_from(["laptop", "switch", "desktop"]),
        st.sampled_from(["HP", "hp inc", "Aruba", "Dell", ""]),
        st.sampled_from(["ProBook 450 G9", "EliteBook 840 G6", "2930F-8G", "", "N/A", "X"]),
        firmware=st.sampled_from(["", "1.2", "1.10", "A29"]), school=st.sampled_from(["s1", "s2"]),
    ),
    max_size=40,
)  # fmt: skip


@given(_things)
def test_every_device_is_counted_exactly_once_however_it_is_counted(things: list[Thing]) -> None:
    catalogue = Catalogue((HP, FORMER, SWITCH), TODAY)
    counted = tallies(things, catalogue, lambda one: one.school_id)
    assert sum(sum(tally.counts.values()) for tally in counted.values()) == len(things)
    assert sum(one.devices for one in models(things)) == len(things)
    assert sum(step.devices for step in distance(things, catalogue)) == sum(tally.away for tally in counted.values())
    known = sum(1 for one in things if key_of(one))
    spreads = firmware(things)
    assert sum(one.told + one.untold for one in spreads) <= known
    for one in things:
        if not key_of(one):
            assert catalogue.verdict(one).standing not in AWAY | {Standing.ON}


# ------------------------------------------------------------------------------------------------ firmware


def test_the_spread_of_firmware_says_versions_the_newest_seen_and_the_share_on_it() -> None:
    spread = firmware(LAPTOPS)[0]
    assert (spread.label, dict(spread.versions), spread.untold) == ("HP ProBook 450 G9", {"1.9.0": 1, "1.10.0": 2}, 0)
    assert (spread.newest, spread.share) == ("1.10.0", 2 / 3)
    assert "Lenovo ThinkPad T480" not in {one.label for one in firmware(LAPTOPS)}  # nothing is told of it


@pytest.mark.parametrize(
    ("versions", "best"),
    [
        (["1.9.0", "1.10.0"], "1.10.0"), (["15.2(7)E4", "15.2(7)E10", "15.2(4)E8"], "15.2(7)E10"),
        (["WC.16.10.0012", "WC.16.11.0001"], "WC.16.11.0001"), (["Q78 Ver. 01.09.00", "Q78 Ver. 01.23.00"],
                                                                  "Q78 Ver. 01.23.00"),
        (["A29", "1.4.0"], ""), (["KB.16", "WC.16"], ""), (["1.0", "1.00"], ""), (["---", "1.0"], ""), ([], ""),
        (["V2.0"], "V2.0"),
    ],
)  # fmt: skip
def test_the_newest_is_told_where_versions_are_of_one_scheme_alone(versions: list[str], best: str) -> None:
    assert newest(versions) == best


@given(st.lists(st.text(max_size=20), max_size=8))
def test_the_newest_is_one_of_what_was_told_whatever_that_is(versions: list[str]) -> None:
    assert newest(versions) in {"", *versions}
