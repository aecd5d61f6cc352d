"""Samples for physical checks: drawn as stated, again and again the same, and fair; shares with honest bounds."""

from __future__ import annotations

import hashlib
import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import shelf_check
from collector.errors import CollectorError
from collector.shelf_check import Drawn, Item, Method, Verdict, allocate, booked, draw, judge, rate, wilson

ITEMS = st.lists(
    st.builds(
        Item, key=st.text("abcdef0123", min_size=1, max_size=6), stratum=st.sampled_from(("switch", "printer", "pc")),
        value=st.none() | st.integers(0, 500_000),
    ),
    min_size=1, max_size=60, unique_by=lambda item: item.key,
)  # fmt: skip


def keys(drawn: list[Drawn]) -> list[str]:
    return [each.key for each in drawn]


# ------------------------------------------------------------------------------------------------ drawing


def test_the_stated_method_can_be_followed_with_nothing_but_sha256() -> None:
    items = [Item(f"d{n}") for n in range(40)]
    by_hand = sorted((hashlib.sha256(f"a seed:d{n}".encode()).hexdigest(), f"d{n}") for n in range(40))
    assert keys(draw(items, Method.SIMPLE, 7, "a seed")) == [key for _, key in by_hand[:7]]


@given(ITEMS, st.sampled_from((Method.SIMPLE, Method.BY_CLASS)), st.integers(3, 70), st.text(max_size=10))
def test_a_sample_is_of_its_size_and_is_the_same_however_the_register_is_ordered(
    items: list[Item], method: Method, size: int, seed: str
) -> None:
    drawn = draw(items, method, size, seed)
    assert len(drawn) == len(set(keys(drawn))) == min(size, len(items))
    assert drawn == draw(items[::-1], method, size, seed)
    assert math.isclose(sum(each.stands_for for each in drawn), len(items))


@given(ITEMS, st.integers(1, 70), st.text(max_size=10))
def test_by_value_what_has_a_cost_is_drawn_once_and_stands_for_all_of_it(
    items: list[Item], size: int, seed: str
) -> None:
    values = {item.key: item.value for item in items if item.value}
    if not values:
        with pytest.raises(CollectorError, match="no device of this school has a cost"):
            draw(items, Method.BY_VALUE, size, seed)
        return
    drawn = draw(items, Method.BY_VALUE, size, seed)
    assert drawn == draw(items[::-1], Method.BY_VALUE, size, seed)
    assert len(drawn) == len(set(keys(drawn))) == min(size, len(values))
    assert set(keys(drawn)) <= values.keys()
    assert math.isclose(sum(each.stands_for for each in drawn), sum(values.values()))
    least = sum(values.values()) / size
    assert {key for key, value in values.items() if value >= least} <= {each.key for each in drawn if each.certain}


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 500), min_size=1), st.integers(1, 500))
def test_every_class_has_its_share_and_one_at_least(sizes: dict[str, int], more: int) -> None:
    size = min(len(sizes) + more, sum(sizes.values()))
    shares = allocate(sizes, size)
    assert sum(shares.values()) == size
    assert all(1 <= shares[name] <= sizes[name] for name in sizes)
    ordered = sorted(sizes, key=lambda name: sizes[name])
    assert all(shares[one] <= shares[other] for one, other in itertools.pairwise(ordered)
               if sizes[one] < sizes[other])  # fmt: skip


def test_over_many_seeds_every_device_is_drawn_alike_often() -> None:
    items = [Item(f"d{n}") for n in range(20)]
    times = dict.fromkeys((item.key for item in items), 0)
    for seed in range(4_000):
        for drawn in draw(items, Method.SIMPLE, 5, str(seed)):
            times[drawn.key] += 1
    squares = sum((found - 1_000) ** 2 / 1_000 for found in times.values())
    assert squares < 43.8  # chi-square of 19 degrees is larger once in a thousand


def test_over_many_seeds_pounds_are_drawn_alike_often() -> None:
    values = {f"d{n}": 100 * (n + 1) for n in range(12)}
    items = [Item(key, "", value) for key, value in values.items()]
    times = dict.fromkeys(values, 0)
    for seed in range(4_000):
        for drawn in draw(items, Method.BY_VALUE, 3, str(seed)):
            times[drawn.key] += 1
    for key, value in values.items():
        chance = 3 * value / sum(values.values())
        assert abs(times[key] / 4_000 - chance) < 4 * math.sqrt(chance * (1 - chance) / 4_000), key


@pytest.mark.parametrize("size", [0, -1, shelf_check.MOST + 1])
def test_a_size_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(CollectorError, match="draw from 1 to"):
        draw([Item("a")], Method.SIMPLE, size, "s")


def test_too_few_for_the_classes_and_nothing_to_draw_from_are_said() -> None:
    with pytest.raises(CollectorError, match="there are 3 classes"):
        draw([Item("a", "x"), Item("b", "y"), Item("c", "z")], Method.BY_CLASS, 2, "s")
    with pytest.raises(CollectorError, match="nothing to draw from"):
        draw([], Method.SIMPLE, 2, "s")


# ------------------------------------------------------------------------------------------------ shares


def test_wilson_gives_the_bounds_that_are_printed_in_books() -> None:
    low, high = wilson(0.5, 10)  # Newcombe 1998, Brown, Cai and DasGupta 2001: 0.237 to 0.763
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)
    low, high = wilson(1.0, 25)
    assert (round(low, 3), high) == (0.867, 1.0)
    assert wilson(0.0, 25)[0] == 0.0


def test_what_is_counted_whole_needs_no_bounds() -> None:
    told = [(Drawn(str(n), 1.0, certain=True), n != 0) for n in range(4)]
    found = rate(told)
    assert found is not None
    assert found.best == found.low == found.high == 0.75
    assert rate([]) is None


def test_what_speaks_for_more_weighs_more_and_makes_the_bounds_wider() -> None:
    even = rate([(Drawn(str(n), 1.0), n < 20) for n in range(25)])
    uneven = rate([(Drawn(str(n), 9.0 if n == 0 else 1.0), n < 20) for n in range(25)])
    assert even is not None
    assert uneven is not None
    assert even.best == 0.8
    assert uneven.best == pytest.approx(28 / 33)
    assert uneven.high - uneven.low > even.high - even.low


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0.5, 1e6), st.booleans(), st.booleans()), min_size=1, max_size=50))
def test_bounds_hold_the_share_and_stay_between_nothing_and_all(told: list[tuple[float, bool, bool]]) -> None:
    found = rate((Drawn(str(n), weight, certain), holds) for n, (weight, certain, holds) in enumerate(told))
    assert found is not None
    assert -1e-9 <= found.low <= found.best + 1e-9
    assert found.best <= found.high + 1e-9 <= 1 + 2e-9


def test_the_bounds_hold_the_truth_in_95_of_100_samples() -> None:
    items = [Item(f"d{n}", "switch" if n % 3 else "printer") for n in range(300)]
    lost = {f"d{n}" for n in range(0, 300, 8)}
    truth = 1 - len(lost) / 300
    held = 0
    for seed in range(400):
        found = rate((each, each.key not in lost) for each in draw(items, Method.BY_CLASS, 25, str(seed)))
        held += found is not None and found.low <= truth <= found.high
    assert held >= 372  # 95 % of 400 less two standard deviations


# ------------------------------------------------------------------------------------------------ the book


CELLS = {
    "asset_tag": "ELM-0042", "serial": "7XKQ2P3", "record_serial": "SN 7XKQ-2P3", "mac": "18:66:da:11:22:33",
    "room": "Room 12", "school_id": "s1", "name": "elm-server", "maker": "Dell", "model": "OptiPlex", "cost": "65000",
}  # fmt: skip


@pytest.mark.parametrize(
    "mark", ["elm-0042", "ELM 0042", "7xkq2p3", "1866.da11.2233", "d1", "https://book.example:8443/devices/d1", "D1/"]
)
def test_a_device_is_known_by_what_its_label_says_however_it_is_typed(mark: str) -> None:
    assert shelf_check.bears(booked("d1", CELLS), mark)


@pytest.mark.parametrize("mark", ["", "--", "ELM-004", "elm-server", "https://book.example/devices/d2"])
def test_half_a_mark_or_a_name_is_none(mark: str) -> None:
    assert not shelf_check.bears(booked("d1", CELLS), mark)


def test_what_stands_in_a_room_is_judged_by_the_book() -> None:
    device = booked("d1", CELLS)
    assert judge([], "s1", "Room 12") is Verdict.MISSING
    assert judge([device], "s1", "room  12") is Verdict.FOUND
    assert judge([device], "s1", "") is Verdict.FOUND
    assert judge([device], "s1", "Hall") is Verdict.ELSEWHERE
    assert judge([device], "s2", "Room 12") is Verdict.ELSEWHERE
    assert judge([device, booked("d2", CELLS)], "s1", "Room 12") is Verdict.TWICE
    assert judge([booked("d1", CELLS | {"life": "disposed"})], "s1", "Room 12") is Verdict.DISPOSED
    assert judge([booked("d1", {"school_id": "s1"})], "s1", "Hall") is Verdict.FOUND
