"""Movements of the register: every line by hand once, and for any two states the statement balances."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from collector.movements import Figures, Movement, Pair, Standing, Step, add_up, of_device

SINCE = date(2025, 8, 31)


def at(group: str | None, cost: int = 1_000, written_off: int = 0, **more: object) -> Standing:
    return Standing(group, counted=True, figures=Figures(1, cost, written_off), **more)  # type: ignore[arg-type]


def steps(pair: Pair) -> list[tuple[str, str, int, int, int]]:
    told = []
    for move in of_device(pair, SINCE):
        told.append((move.group, str(move.step), move.figures.devices, move.figures.cost, move.figures.written_off))
    return told


def test_one_that_stays_is_charged_where_it_is() -> None:
    assert steps(Pair("a", at("elm", 1_000, 200), at("elm", 1_000, 300))) == [
        ("elm", "opening", 1, 1_000, 200), ("elm", "depreciation charge", 0, 0, 100), ("elm", "closing", 1, 1_000, 300),
    ]  # fmt: skip


def test_one_that_moves_leaves_as_it_stood_and_is_charged_where_it_came() -> None:
    assert steps(Pair("a", at("elm", 1_000, 200), at("oak", 1_100, 300))) == [
        ("elm", "opening", 1, 1_000, 200), ("elm", "moved out", -1, -1_000, -200), ("oak", "moved in", 1, 1_000, 200),
        ("oak", "cost corrected", 0, 100, 0), ("oak", "depreciation charge", 0, 0, 100),
        ("oak", "closing", 1, 1_100, 300),
    ]  # fmt: skip


def test_what_came_was_bought_since_or_else_found_with_what_was_written_off_by_then() -> None:
    bought = Pair("a", None, at("elm", 1_000, 50, purchased=date(2025, 9, 1)), brought=0)
    assert steps(bought)[0] == ("elm", "bought", 1, 1_000, 0)
    old = Pair("a", None, at("elm", 1_000, 450, purchased=date(2024, 9, 1)), brought=400)
    assert steps(old)[:2] == [("elm", "found", 1, 1_000, 400), ("elm", "depreciation charge", 0, 0, 50)]
    nobody_knows = Pair("a", None, at("elm", 0))
    assert steps(nobody_knows)[0] == ("elm", "found", 1, 0, 0)


def test_what_went_was_disposed_of_or_left_or_counts_no_more() -> None:
    before = at("elm", 1_000, 200)
    disposed = Pair("a", before, Standing("elm", counted=False, gone=True), at_end=260)
    assert steps(disposed)[1:] == [("elm", "depreciation charge", 0, 0, 60), ("elm", "disposed", -1, -1_000, -260)]
    assert steps(Pair("a", before, None))[1:] == [("elm", "left", -1, -1_000, -200)]
    assert steps(Pair("a", before, Standing("elm", counted=False)))[1:] == [("elm", "reclassified", -1, -1_000, -200)]


figures = st.builds(lambda cost, off: Figures(1, cost, min(cost, off)), st.integers(0, 10**7), st.integers(0, 10**7))
standings = st.builds(
    Standing, st.sampled_from(["elm", "oak", None]), st.booleans(), st.booleans(),
    st.none() | st.dates(date(2020, 1, 1), date(2026, 8, 31)), figures,
)  # fmt: skip
pairs = st.builds(
    Pair, st.just("x"), st.none() | standings, st.none() | standings, st.integers(0, 10**7), st.integers(0, 10**7)
)


@given(st.lists(pairs, max_size=30))
def test_any_two_states_balance_in_number_cost_and_depreciation(listed: list[Pair]) -> None:
    statement = add_up(move for pair in listed for move in of_device(pair, SINCE))
    assert statement.unbalanced() == []
    counted = [p.after for p in listed if p.after and p.after.counted and p.after.group]
    assert statement.total[Step.CLOSING] == sum((s.figures for s in counted), Figures())
    opened = [p.before for p in listed if p.before and p.before.counted and p.before.group]
    assert statement.total[Step.OPENING] == sum((s.figures for s in opened), Figures())


@given(st.lists(pairs, max_size=20))
def test_moves_between_groups_that_are_all_seen_cancel(listed: list[Pair]) -> None:
    def all_seen(standing: Standing | None) -> bool:
        return standing is None or standing.group is not None

    seen = [pair for pair in listed if all_seen(pair.before) and all_seen(pair.after)]
    moves: list[Movement] = [move for pair in seen for move in of_device(pair, SINCE)]
    total = add_up(moves).total
    assert total[Step.MOVED_IN] + total[Step.MOVED_OUT] == Figures()
