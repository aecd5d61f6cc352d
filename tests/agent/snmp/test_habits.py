from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.snmp.habits import DEVICES_LIMIT, Habit, Habits, stored

TODAY, TOMORROW = "2026-03-01", "2026-03-02"


def test_at_most_three_credentials_are_tried_in_a_day() -> None:
    habit = Habit()
    for name in ("a", "b", "c"):
        assert habit.may_try(name, TODAY)
        habit.failed(name, TODAY, refused=False)
    assert not habit.may_try("d", TODAY)
    assert habit.may_try("a", TODAY)
    assert habit.may_try("d", TOMORROW)


def test_a_credential_that_was_refused_is_not_tried_again_that_day() -> None:
    habit = Habit()
    habit.failed("a", TODAY, refused=True)
    assert not habit.may_try("a", TODAY)
    assert habit.may_try("a", TOMORROW)


def test_the_credential_that_works_may_always_be_tried_until_it_is_refused() -> None:
    habit = Habit()
    for name in ("a", "b", "c"):
        habit.failed(name, TODAY, refused=False)
    habit.worked("d")
    assert habit.may_try("d", TODAY)
    habit.failed("d", TODAY, refused=False)
    assert habit.credential == "d"
    habit.failed("d", TODAY, refused=True)
    assert not habit.may_try("d", TODAY)


def test_the_same_address_of_two_networks_has_two_habits() -> None:
    habits = Habits()
    habits.of("10.0.0.1", "10.0.0.0/24").repetitions = 1
    assert habits.of("10.0.0.1", "10.0.0.0/16").repetitions == 25
    assert habits.of("10.0.0.1", "10.0.0.0/24").repetitions == 1


def test_habits_survive_as_text() -> None:
    habits = Habits()
    habit = habits.of("10.0.0.1", "n")
    habit.repetitions = 10
    habit.worked("public")
    habit.failed("b", TODAY, refused=True)
    assert Habits.from_json(habits.to_json()).of("10.0.0.1", "n") == habit


def test_habits_are_bounded() -> None:
    habits = Habits()
    for number in range(DEVICES_LIMIT + 5):
        habits.of(str(number), "n").repetitions = 0
    assert habits.of("0", "n").repetitions == 25
    assert habits.of(str(DEVICES_LIMIT), "n").repetitions == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "7", '{"a@b": 1}', '{"a@b": {"repetitions": 99, "tried": {}}}', '{"a@b": {}}']
)
def test_what_is_no_habit_is_forgotten(text: str) -> None:
    assert Habits.from_json(text).of("a", "b") == Habit()


@given(st.text(max_size=50))
def test_any_text_is_read_or_forgotten(text: str) -> None:
    Habits.from_json(text)


def test_a_new_identity_asks_everything_again_and_keeps_how_devices_like_to_be_asked() -> None:
    habits = Habits()
    habit = habits.of("10.0.0.1", "n")
    habit.repetitions, habit.asked = 10, {"4": 1_700_000_000}
    kept = {"habits": habits.to_json(), "agent": "first"}
    assert stored(kept, "first").of("10.0.0.1", "n").asked == {"4": 1_700_000_000}
    again = stored(kept, "second").of("10.0.0.1", "n")
    assert (again.asked, again.repetitions) == ({}, 10)
    assert stored(None, "first").to_json() == "{}"
