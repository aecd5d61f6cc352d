"""What leaves tells of no fewer than five schools, whoever compares whichever exports: the attack, as tests.

The attacker knows more than any club could: of every cell that ever left exactly which schools it is made of, and what
all schools but one tell.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.benchmark import suppress
from collector.benchmark.suppress import Key, Left, Told, admissible, least_apart, release

KEY: Key = ("primary", "median_age")
START = date(2026, 9, 1)
SCHOOLS = tuple(f"s{number:02}" for number in range(24))
MONTH = timedelta(days=30)

#: any schools: about half of them
rosters = st.integers(0, 2 ** len(SCHOOLS) - 1).map(
    lambda mask: frozenset(one for place, one in enumerate(SCHOOLS) if mask >> place & 1)
)
blocks = st.sampled_from([frozenset(SCHOOLS[start : start + 6]) for start in range(0, 24, 6)])
#: memberships as they change: by a few schools, by six together, by many
changes = st.lists(
    st.one_of(st.frozensets(st.sampled_from(SCHOOLS), max_size=3), blocks, rosters), min_size=1, max_size=8
)


def told(schools: frozenset[str], shift: float = 0.0) -> dict[Key, dict[str, Told]]:
    return {KEY: {one: Told(int(one[1:]) / 2 + shift, 0.1) for one in schools}} if schools else {}


def history(first: frozenset[str], steps: list[frozenset[str]]) -> tuple[list[dict[Key, Left]], list[frozenset[str]]]:
    """Exports of months in each of which some schools come or go; and what the membership was."""
    members, past, were = first, [], [first]
    for month in range(len(steps) + 1):
        past.append(release(told(members, month / 7), past, START + month * MONTH))
        if month < len(steps):
            members ^= steps[month]
            were.append(members)
    return past, were


@settings(max_examples=150, deadline=None)
@given(rosters, changes)
def test_no_difference_of_any_exports_is_of_fewer_than_five_schools(
    first: frozenset[str], steps: list[frozenset[str]]
) -> None:
    past, _ = history(first, steps)
    left = list(dict.fromkeys(export[KEY].roster for export in past if KEY in export))
    for roster in left:
        assert len(roster) >= 5
    for one, other in itertools.combinations(left, 2):
        assert {len(one - other), len(other - one)}.isdisjoint({1, 2, 3, 4})


@settings(max_examples=60, deadline=None)
@given(rosters, changes)
def test_no_sum_of_exports_taken_any_number_of_times_isolates_fewer_than_five(
    first: frozenset[str], steps: list[frozenset[str]]
) -> None:
    """Every combination of up to four rosters, each added or taken away up to twice, leaves none or at least five."""
    past, _ = history(first, steps)
    left = list(dict.fromkeys(export[KEY].roster for export in past if KEY in export))[:4]
    for times in itertools.product((-2, -1, 0, 1, 2), repeat=len(left)):
        weights = [sum(n for n, roster in zip(times, left, strict=True) if one in roster) for one in SCHOOLS]
        for weight in set(weights) - {0}:
            assert weights.count(weight) >= 5


@settings(max_examples=100, deadline=None)
@given(st.frozensets(st.sampled_from(SCHOOLS), min_size=5), st.integers(1, 4))
def test_what_leaves_after_a_few_went_does_not_tell_who_went(first: frozenset[str], gone: int) -> None:
    before = release(told(first), [], START)
    worlds = [first - frozenset(some) for some in itertools.islice(itertools.combinations(sorted(first), gone), 40)]
    after = [release(told(world, 3.0), [before], START + MONTH) for world in worlds]
    assert all(export == before for export in after)  # as it was, with its day


@settings(max_examples=100, deadline=None)
@given(
    st.frozensets(st.sampled_from(SCHOOLS[:12]), min_size=5),
    st.frozensets(st.sampled_from(SCHOOLS[12:]), max_size=4),
    st.floats(0, 50),
)
def test_what_leaves_after_a_few_came_does_not_tell_what_they_have(
    first: frozenset[str], came: frozenset[str], value: float
) -> None:
    before = release(told(first), [], START)
    with_them = {KEY: told(first, 1.0)[KEY] | {one: Told(value, 0.9) for one in came}}
    after = release(with_them, [before], START + MONTH)
    assert after == release(told(first, 1.0), [before], START + MONTH)
    assert after[KEY].roster == first


def test_swapping_one_school_through_five_steps_is_caught_where_neighbours_alone_would_not_be() -> None:
    """Five come, then five others go: each step is of five, but first and last differ by one school each way."""
    base = frozenset(SCHOOLS[:10])
    grown = base | frozenset(SCHOOLS[10:15])
    swapped = grown - frozenset(SCHOOLS[11:15]) - {SCHOOLS[0]}
    assert len(grown - swapped) == 5
    assert swapped == (base - {SCHOOLS[0]}) | {SCHOOLS[10]}
    assert admissible(grown, [base]) == grown
    assert admissible(swapped, [base, grown]) is None


def test_three_exports_of_which_every_two_differ_by_enough_may_still_isolate_one_and_do_not_leave() -> None:
    """Sets of six that meet in one school alone: no two differ by fewer than five, but one atom is one school."""
    joint, first, second = {SCHOOLS[0]}, frozenset(SCHOOLS[1:6]), frozenset(SCHOOLS[6:11])
    one, other = first | joint, second | joint
    assert (len(one - other), len(other - one)) == (5, 5)
    assert least_apart([one, other]) == 1
    assert admissible(other, [one]) is None


def test_five_that_come_or_go_together_make_a_new_roster_with_todays_numbers() -> None:
    first, grown = frozenset(SCHOOLS[:10]), frozenset(SCHOOLS[:15])
    before = release(told(first), [], START)
    after = release(told(grown, 1.0), [before], START + MONTH)
    assert (after[KEY].roster, after[KEY].sums.schools, after[KEY].sums.as_of) == (grown, 15, START + MONTH)
    shrunk = release(told(first, 2.0), [before, after], START + 2 * MONTH)
    assert (shrunk[KEY].roster, shrunk[KEY].sums.as_of) == (first, START + 2 * MONTH)


def test_a_school_that_moves_to_another_phase_changes_neither() -> None:
    """Groupings that overlap over time: a primary becomes all-through; both keep their rosters or their numbers."""
    there = ("all-through", "median_age")
    values = {one: Told(4.0, 0.0) for one in SCHOOLS}
    before = release(
        {KEY: {o: values[o] for o in SCHOOLS[:8]}, there: {o: values[o] for o in SCHOOLS[8:16]}}, [], START
    )
    moved = {KEY: {o: values[o] for o in SCHOOLS[1:8]}, there: {o: values[o] for o in (SCHOOLS[0], *SCHOOLS[8:16])}}
    after = release(moved, [before], START + MONTH)
    assert after[KEY] == before[KEY]
    assert after[there].roster == before[there].roster


def test_small_groups_are_absent_and_what_was_kept_too_long_is_withdrawn() -> None:
    assert release(told(frozenset(SCHOOLS[:4])), [], START) == {}
    before = release(told(frozenset(SCHOOLS[:5])), [], START)
    gone = told(frozenset(SCHOOLS[:4]))
    assert release(gone, [before], START + timedelta(days=400)) == before
    assert release(gone, [before], START + timedelta(days=401)) == {}
    assert release({}, [before], START + MONTH) == before  # the whole group went: still no fewer than five


def test_numbers_leave_rounded_and_neither_least_nor_greatest() -> None:
    values = {f"s{n}": Told(value, 0.13) for n, value in enumerate((0.37, 3.1, 4.36, 6.2, 19.99))}
    sums = release({KEY: values}, [], START)[KEY].sums
    assert (sums.quarter, sums.half, sums.three_quarters, sums.unknown) == (300, 450, 600, 15)
    assert suppress.rounded(1e9, 50) == suppress.LARGEST
