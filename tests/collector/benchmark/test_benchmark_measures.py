"""The numbers of a school, worked by hand; and where a number stands."""

from __future__ import annotations

from datetime import date

import pytest

from collector.benchmark import measures, percentiles
from collector.benchmark.measures import BY_KEY, Lot, School, words
from collector.benchmark.percentiles import Quartiles

TODAY = date(2026, 11, 22)


def lot(
    name: str, devices: int, made: date | None = None, *, model: str = "", supported: bool | None = None,
    well: bool | None = None,
) -> Lot:  # fmt: skip
    return Lot("s", name, model, made, supported, well, devices)


LOTS = (
    lot("laptop", 30, date(2024, 11, 22), model="dell a", supported=True, well=True),
    lot("laptop", 10, date(2021, 11, 22), model="dell b", supported=False, well=False),
    lot("desktop", 20, date(2016, 11, 22), model="hp c", supported=False),
    lot("desktop", 15),  # of no known age, model or support
    lot("printer", 4, date(2020, 11, 22), model="hp d", supported=True, well=False),
    lot("unknown", 21),
    lot("virtual machine", 500, date(2000, 1, 1), supported=False, well=False),  # is not counted
)


@pytest.mark.parametrize(
    ("key", "value", "unknown", "of"),
    [
        # 64 of 100 are dated: 30 of 2 years, 10 of 5, 4 of 6, 20 of 10; the 32nd and 33rd are of 5 years
        ("median_age", 5.0, 0.36, 100),
        # beyond: laptops past 4 years (10), desktops past 5 (20), printers past 5 (4)
        ("beyond_life", 34 / 64, 0.36, 100), ("unsupported", 30 / 64, 0.36, 100),
        # 44 tell how they are, 14 of them that something is wrong
        ("unwell", 14 / 44, 0.56, 100),
        # 40 laptops and 35 desktops for 200 pupils; 21 devices may be anything
        ("per_pupil:laptop", 0.2, 0.21, 100), ("per_pupil:desktop", 0.175, 0.21, 100),
        ("per_pupil:tablet", 0, 0.21, 100),
        ("printers", 2.0, 0.21, 100), ("models:laptop", 2, 0, 40), ("models:desktop", 1, 15 / 35, 35),
        ("models:tablet", 0, 0, 0),
    ],
)  # fmt: skip
def test_numbers_are_those_worked_by_hand(key: str, value: float, unknown: float, of: int) -> None:
    found = measures.numbers(School(LOTS, 200, TODAY))[key]
    assert (found.value, found.unknown, found.of) == (pytest.approx(value, abs=0.002), pytest.approx(unknown), of)


def test_what_nothing_tells_is_none_and_every_measure_has_a_number() -> None:
    bare = measures.numbers(School([lot("desktop", 3)], None, TODAY))
    assert bare.keys() == BY_KEY.keys()
    assert {key for key, number in bare.items() if number.value is not None} == {
        f"models:{name}" for name in measures.WITH_MODELS if name != "desktop"
    }
    assert bare["median_age"].unknown == 1
    empty = measures.numbers(School([], 200, TODAY))
    assert {number.value for number in empty.values()} == {None}


def test_numbers_are_said_in_their_unit() -> None:
    told = {"median_age": 4.5, "beyond_life": 0.354, "models:switch": 3.0, "per_pupil:tablet": 0.125, "printers": 2.26}
    assert [words(BY_KEY[key], value) for key, value in told.items()] == ["4.5 years", "35 %", "3", "0.12", "2.3"]
    assert words(BY_KEY["printers"], None) == "not known"


def test_a_number_among_others_counts_half_of_its_equals_and_too_few_say_nothing() -> None:
    found = percentiles.among(3, [1, 2, 3, 3, 5, 6, 7, 8])
    assert found is not None
    assert (found.percent, found.of) == (37.5, 8)  # 2 less and half of 2 the same, of 8
    assert percentiles.among(3, [1, 2, 3, 4]) is None


def test_a_number_between_quartiles_is_weighted_by_schools_worked_by_hand() -> None:
    """In the first group 4 is half-way from 3 to 5: 37.5 %. In the second it is beyond 3: from 75 to 100, so 87.5 %.

    Weighted 30 to 10: 0.75 × 37.5 + 0.25 × 87.5 = 50; least 0.75 × 25 + 0.25 × 75 = 37.5; most 62.5.
    """
    found = percentiles.between(4, [Quartiles(30, 3, 5, 8), Quartiles(10, 1, 2, 3)])
    assert found is not None
    assert (found.percent, found.low, found.high, found.of, found.groups) == (50, 37.5, 62.5, 40, 2)
    assert percentiles.between(4, [Quartiles(4, 3, 5, 8)]) is None
    same = percentiles.between(3, [Quartiles(10, 3, 3, 3)])
    assert same is not None
    assert (same.percent, same.low, same.high) == (50, 0, 100)


def test_quartiles_are_interpolated() -> None:
    assert percentiles.quartiles([5, 1, 2, 4, 3]) == Quartiles(5, 2, 3, 4)
    assert percentiles.quartiles([1, 2, 3, 4]) == Quartiles(4, 1.75, 2.5, 3.25)
    assert percentiles.quartiles([7]) == Quartiles(1, 7, 7, 7)
