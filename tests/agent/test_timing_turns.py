"""Sweeps that follow each other until every credential has had its turn."""

from __future__ import annotations

from agent.timing import TURN_SECONDS, Turns

HOUR = 3600.0


def test_as_many_sweeps_follow_each_other_as_there_are_credentials() -> None:
    turns = Turns()
    waits = []
    for _ in range(4):
        turns.swept(["printers", "switches", "ups"])
        waits.append(turns.wait(HOUR))
    assert waits == [TURN_SECONDS, TURN_SECONDS, HOUR, HOUR]


def test_a_new_credential_begins_the_turns_anew_and_one_alone_needs_none() -> None:
    turns = Turns()
    turns.swept(["switches"])
    assert turns.wait(HOUR) == HOUR
    turns.swept(["switches", "printers"])
    assert turns.wait(HOUR) == TURN_SECONDS
    assert turns.wait(5.0) == 5.0
