"""Damping: what must be found twice, what is told at once, and that late evidence worsens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from collector import health
from collector.health import Condition, Kept, State

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STEP = timedelta(minutes=5)
LETTERS = {"o": State.OK, "w": State.WARNING, "c": State.CRITICAL, "u": State.UNKNOWN}


def run(states: str, *, at_once: bool = False, damped: bool = True, behind: timedelta = timedelta()) -> list[Kept]:
    """What stands after each of several evaluations, five minutes apart; `behind`: how late the evidence came."""
    kept, found = None, []
    for number, letter in enumerate(states):
        when = START + number * STEP
        condition = Condition("fan", "", LETTERS[letter], when, letter, (), at_once, damped)
        kept = health.damp(kept, condition, when + behind)
        found.append(kept)
    return found


def letters(kept: list[Kept]) -> str:
    return "".join(one.state.value[0] for one in kept)


def test_a_state_must_be_found_twice_before_it_worsens_or_improves() -> None:
    assert letters(run("oocooccoo")) == "oooooocco"
    assert letters(run("occoo")) == "oocco"


def test_since_is_when_a_state_was_found_first() -> None:
    last = run("occ")[-1]
    assert (last.since, last.previous) == (START + STEP, "ok")


def test_what_flaps_stays_what_it_was() -> None:
    assert letters(run("o" + "co" * 20)) == "o" * 41


def test_two_bad_states_in_a_row_are_bad_and_the_newer_stands() -> None:
    assert letters(run("ocw")) == "oow"
    assert letters(run("owc")) == "ooc"
    assert letters(run("ccww")) == "uccw"


def test_what_is_found_first_of_all_is_damped_too_unless_it_is_well() -> None:
    assert letters(run("c")) == "u"
    assert letters(run("cc")) == "uc"
    assert letters(run("o")) == "o"


def test_what_is_urgent_worsens_at_once_and_improves_damped() -> None:
    assert letters(run("oc", at_once=True)) == "oc"
    kept = run("oc", at_once=True)[-1]
    well = Condition("ups", "", State.OK, START + 2 * STEP, "", (), at_once=True)
    assert health.damp(kept, well, START + 2 * STEP).state is State.CRITICAL


def test_what_cannot_flap_is_not_damped() -> None:
    assert letters(run("oco", damped=False)) == "oco"


def test_the_same_evidence_counts_once() -> None:
    kept = run("oc")[-1]
    again = Condition("fan", "", State.CRITICAL, START + STEP, "c")
    assert health.damp(kept, again, START + 9 * STEP).state is State.OK


def test_what_nobody_tells_becomes_unknown_at_once_and_well_again_at_once() -> None:
    assert letters(run("ouo")) == "ouo"
    assert letters(run("ccu")) == "ucu"
    silent = health.silent(run("o")[-1], START + STEP)
    assert (silent.state, silent.previous) == (State.UNKNOWN, "ok")
    assert health.silent(silent, START + 2 * STEP) is silent


def test_late_evidence_worsens_nothing_and_may_improve() -> None:
    assert letters(run("occcc", behind=timedelta(days=3))) == "ooooo"
    assert letters(run("occcc", at_once=True, damped=False, behind=timedelta(days=3))) == "ooooo"
    kept = run("occ")[-1]
    assert kept.state is State.CRITICAL
    for number in (4, 5):
        kept = health.damp(kept, Condition("fan", "", State.OK, START + number * STEP, ""), START + timedelta(days=1))
    assert kept.state is State.OK


@settings(max_examples=200, deadline=None)
@given(st.text("owcu", min_size=1, max_size=30))
def test_a_damped_state_is_never_one_that_was_not_found_and_bad_takes_two(states: str) -> None:
    stands = letters(run(states))
    assert set(stands) <= set(states) | {"u"}
    for place, letter in enumerate(stands):
        if letter in "wc" and (place == 0 or stands[place - 1] != letter):
            assert states[place] == letter
