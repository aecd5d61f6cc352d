"""The book by hand: what was written off by which day, what is capitalised, and what stays unknown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import book
from collector.book import USUAL, Asset, Life, Rules, Shelf, worth
from collector.errors import CollectorError

LATER = Rules(1_000_00, grouped=True, lives={"other": Life(36, 1_000)}, portable=frozenset(), from_month_bought=False)
SWITCH = Asset("switch", 1_200_00, date(2024, 1, 15))


@pytest.mark.parametrize(
    ("asset", "rules", "day", "written_off", "value"),
    [
        # £1,200 over 60 months is £20 a month, charged on the last day of each
        (SWITCH, USUAL, date(2024, 1, 30), 0, 1_200_00),
        (SWITCH, USUAL, date(2024, 1, 31), 20_00, 1_180_00),
        (SWITCH, USUAL, date(2024, 2, 28), 20_00, 1_180_00),  # a leap year: the month ends on the 29th
        (SWITCH, USUAL, date(2024, 2, 29), 40_00, 1_160_00),
        (SWITCH, USUAL, date(2026, 8, 31), 32 * 20_00, 560_00),
        (SWITCH, USUAL, date(2028, 12, 31), 1_200_00, 0),
        (SWITCH, USUAL, date(2040, 1, 1), 1_200_00, 0),
        # £6,000 server over 48 months is £125 a month; to the end of the financial year, 31 August
        (Asset("server", 6_000_00, date(2023, 9, 1)), USUAL, date(2024, 8, 31), 1_500_00, 4_500_00),
        # £1,000 less 10 % over 36 months is £25 a month, the first after that of the purchase
        (Asset("switch", 1_000_00, date(2026, 8, 31)), LATER, date(2026, 8, 31), 0, 1_000_00),
        (Asset("switch", 1_000_00, date(2026, 8, 31)), LATER, date(2026, 9, 30), 25_00, 975_00),
        (Asset("switch", 1_000_00, date(2026, 8, 31)), LATER, date(2029, 8, 31), 900_00, 100_00),
        # £1,000.01 over 48 months: a month is 2083.3541… pence, 7 months 14583.47…
        (Asset("laptop", 1_000_01, date(2026, 1, 1)), USUAL, date(2026, 7, 31), 145_83, 854_18),
    ],
)
def test_what_is_written_off_by_a_day(asset: Asset, rules: Rules, day: date, written_off: int, value: int) -> None:
    found = worth(asset, rules, day)
    assert (found.shelf, found.written_off, found.value) == (Shelf.CAPITALISED, written_off, value)


@pytest.mark.parametrize(
    ("asset", "shelf", "why"),
    [
        (Asset("switch", 999_99, date(2025, 1, 1)), Shelf.NEITHER, "less than is capitalised"),
        (Asset("laptop", 450_00, date(2025, 1, 1)), Shelf.PORTABLE, "less than is capitalised"),
        (Asset("laptop", 450_00, date(2025, 1, 1), together=30 * 450_00), Shelf.CAPITALISED, ""),
        (Asset("laptop", None, date(2025, 1, 1)), Shelf.PORTABLE, "what it cost is not known"),
        (Asset("switch"), Shelf.UNKNOWN, "what it cost is not known"),
        (Asset("switch", 2_000_00), Shelf.CAPITALISED, "when it was purchased is not known"),
        (Asset("switch", 2_000_00, owned=False), Shelf.NEITHER, "leased"),
        (Asset("tablet", 2_000_00, owned=False), Shelf.PORTABLE, "leased"),
        (Asset("switch", 2_000_00, date(2025, 1, 1), gone=date(2026, 8, 31)), Shelf.NEITHER, "disposed"),
        (Asset("switch", 2_000_00, date(2026, 9, 1)), Shelf.CAPITALISED, ""),  # paid for, and nothing is written off
    ],
)
def test_which_register_a_device_stands_in_and_why(asset: Asset, shelf: Shelf, why: str) -> None:
    found = worth(asset, USUAL, date(2026, 8, 31))
    assert found.shelf is shelf
    assert why in found.why
    assert found.value is None or not why


def test_without_grouping_each_laptop_is_measured_alone() -> None:
    alone = Rules(USUAL.threshold, grouped=False, lives=USUAL.lives, portable=USUAL.portable)
    laptop = Asset("laptop", 450_00, date(2025, 1, 1), together=30 * 450_00)
    assert worth(laptop, alone, date(2026, 8, 31)).shelf is Shelf.PORTABLE


@given(
    st.integers(0, 10**9), st.integers(1, book.MOST_MONTHS), st.integers(0, book.EVERYTHING),
    st.integers(0, 700), st.integers(0, 700),
)  # fmt: skip
def test_what_is_written_off_only_grows_and_never_passes_the_residual(
    cost: int, months: int, residual: int, one: int, other: int
) -> None:
    life = Life(months, residual)
    less, more = (book.written_off(cost, life, min(count, months)) for count in sorted((one, other)))
    assert 0 <= less <= more <= cost - cost * residual // book.EVERYTHING


def test_rules_survive_being_kept_and_what_is_wrong_with_them_is_said_at_once() -> None:
    assert book.parse(book.written(USUAL)) == USUAL
    with pytest.raises(CollectorError) as told:
        book.parse({"threshold": -1, "lives": {"laptop": [0, 0], "spaceship": [1, 0]}, "portable": ["boat"]})
    for said in ("threshold", "life of laptop", "spaceship", "“other”", "boat"):
        assert said in str(told.value)
