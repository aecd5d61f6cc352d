"""Measures of a school held against thresholds: where they stand, and what is not known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.benchmark.profile import (
    Better,
    Figures,
    Part,
    Sorted,
    Threshold,
    measures,
    shipped,
    sort,
    thresholds,
    values,
)

MORE = Threshold("m", "M", 0.5, 0.05, Better.MORE, share=True, source="own", checked=date(2026, 11, 22))
LESS = Threshold("l", "L", 0.2, 0.05, Better.LESS, share=True, source="own", checked=date(2026, 11, 22))
SCHOOL = Figures(
    "s1", "Elm", devices=100, personal=60, pupils=120, old=Part(9, 50, 10), dated=Part(92, 100),
    unsupported=Part(2, 80, 20), unwell=Part(0, 0, 100), standard=Part(20, 40, 5), unseen=Part(5, 100),
    asked=Part(3, 30, 12), models=4, hours=6.0, lead=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("threshold", "value", "expected"),
    [
        (MORE, 0.44, Sorted.BELOW), (MORE, 0.45, Sorted.AT), (MORE, 0.55, Sorted.AT), (MORE, 0.56, Sorted.ABOVE),
        (LESS, 0.26, Sorted.BELOW), (LESS, 0.25, Sorted.AT), (LESS, 0.15, Sorted.AT), (LESS, 0.14, Sorted.ABOVE),
        (MORE, None, Sorted.UNKNOWN), (LESS, None, Sorted.UNKNOWN),
    ],
)  # fmt: skip
def test_below_falls_short_whichever_way_is_better(threshold: Threshold, value: float, expected: Sorted) -> None:
    assert threshold.sort(value) is expected


def test_measures_are_as_worked_by_hand() -> None:
    found = values(SCHOOL)
    assert found["devices_per_pupil"] == 0.5
    assert found["old_share"] == 0.18
    assert found["dated_share"] == 0.92
    assert found["unsupported_share"] == 0.025
    assert found["unwell_share"] is None
    assert found["standard_share"] == 0.5
    assert found["standards_failed_share"] == 0.1
    assert found["support_hours_per_100_devices"] == 6.0
    assert (found["models_per_class"], found["digital_lead"], found["unseen_share"]) == (4.0, 1.0, 0.05)


def test_measures_are_sorted_into_below_at_above_and_not_known() -> None:
    by = {word: {one.name for one in found} for word, found in sort(measures(SCHOOL, thresholds({}))).items()}
    assert by[Sorted.BELOW] == {"unsupported_share", "standard_share", "standards_failed_share"}
    assert by[Sorted.AT] == {
        "devices_per_pupil", "old_share", "dated_share", "models_per_class", "unseen_share", "digital_lead",
        "support_hours_per_100_devices",
    }  # fmt: skip
    assert by[Sorted.ABOVE] == set()
    assert by[Sorted.UNKNOWN] == {"unwell_share"}


def test_a_school_of_which_nothing_is_known_is_sorted_nowhere() -> None:
    by = sort(measures(Figures("s", "Nothing"), thresholds({})))
    assert {word: len(found) for word, found in by.items() if found} == {Sorted.UNKNOWN: len(shipped())}
    assert {one.words for one in by[Sorted.UNKNOWN]} == {"not known"}


def test_every_measure_has_a_threshold_with_a_source_and_a_day() -> None:
    assert [one.measure for one in shipped()] == list(values(SCHOOL))
    for one in shipped():
        assert one.source
        assert one.checked
        assert not one.own


def test_a_trust_sets_its_own_threshold_and_what_is_of_no_measure_is_left_out() -> None:
    held = thresholds({"old_share": (0.4, "governors"), "nonsense": (1.0, "x"), "dated_share": (float("nan"), "x")})
    assert (held["old_share"].value, held["old_share"].source, held["old_share"].own) == (0.4, "governors", True)
    assert "nonsense" not in held
    assert not held["dated_share"].own


def test_values_and_thresholds_are_said_as_people_read_them() -> None:
    said = {one.name: (one.words, one.wanted) for one in measures(SCHOOL, thresholds({}))}
    assert said["devices_per_pupil"] == ("0.5", "at least 0.5")
    assert said["old_share"] == ("18 %", "at most 20 %")
    assert said["unsupported_share"] == ("2 %", "at most 0 %")
    assert said["digital_lead"] == ("named", "named")


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 2_000))
def test_no_count_makes_a_measure_fail(some: int, whole: int, pupils: int) -> None:
    part = Part(min(some, whole), whole)
    school = Figures("s", "S", devices=whole, personal=some, pupils=pupils, old=part, unseen=part, hours=float(some))
    for one in measures(school, thresholds({})):
        assert one.words
        assert one.wanted
        assert one.sorted in Sorted
