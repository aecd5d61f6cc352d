"""Wishes on the collector: who is asked, what is handed down and heard, what is journaled, and what is said of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from trusts import START, Trust, entity, system

from collector import wishes
from collector.errors import CollectorError
from collector.store import Store, agents, coverage, places
from collector.store import wishes as rows
from collector.store.journal import entries as entries_of
from collector.store.rows import Coverage
from collector.wishes import Heard, Wish
from stocktake.values import Outcome

SECOND = timedelta(seconds=1)


@pytest.fixture
def trust(store: Store) -> Trust:
    """A trust whose agent sweeps 10.1.0.0/24, and where a device answers."""
    made = Trust(store)
    told = agents.Told("1", "{}", "[]", json.dumps(["10.1.0.0/24"]))
    store.write(lambda c: agents.note_sync(c, made.id, "agent-1", told, START))
    made.say(START, system("core"), entity("S1"))
    return made


def school(trust: Trust) -> str:
    return trust.devices()[0].school_id


def try_it(trust: Trust, address: str = "10.1.0.5", **fields: object) -> Wish:
    given = {"actor": "ada", "now": START, **fields}
    return trust.store.write(
        lambda c: wishes.try_credential(c, trust.id, school(trust), address, "switches", **given)  # type: ignore[arg-type]  # what a test sets
    )


def handed(trust: Trust, now: object = START) -> list[Wish]:
    return trust.store.write(lambda c: wishes.hand_down(c, trust.id, "agent-1", school(trust), now))[0]  # type: ignore[arg-type]  # a time


def hear(trust: Trust, wish: Wish, state: str, sentence: str = "", agent: str = "agent-1") -> None:
    heard = [Heard(wish.wish_id, state, sentence, True)]  # answered
    trust.store.write(lambda c: wishes.hear(c, trust.id, agent, heard, START + SECOND))


def state(trust: Trust, wish: Wish, after: timedelta = SECOND) -> wishes.Told:
    with trust.store.reader() as connection:
        found = wishes.get(connection, trust.id, wish.wish_id)
        assert found is not None
        return wishes.told(connection, trust.id, found, START + after)


def test_a_wish_goes_from_waiting_to_its_answer_and_is_journaled_with_ids_alone(trust: Trust) -> None:
    wish = try_it(trust)
    with trust.store.reader() as connection:
        assert rows.agents_waited_for(connection, trust.id, START) == {"agent-1"}
    assert [each.wish_id for each in handed(trust)] == [wish.wish_id]
    assert [each.wish_id for each in handed(trust)] == [wish.wish_id], "repeated until there is a result"
    with trust.store.reader() as connection:
        assert rows.agents_waited_for(connection, trust.id, START) == set()
    hear(trust, wish, rows.BEGUN)
    assert state(trust, wish).standing.open
    hear(trust, wish, rows.DONE, "it answers \x1b[31m")
    assert state(trust, wish).standing == wishes.Standing("it answers [31m", open=False)
    hear(trust, wish, rows.REFUSED, "something else")
    assert state(trust, wish).wish.state == rows.DONE, "an end is an end"
    assert handed(trust) == []
    with trust.store.reader() as connection:
        entries = list(entries_of(connection, trust.id))
    assert [entry.action for entry in entries[-2:]] == ["wish_made", "wish_answered"]
    assert [entry.actor for entry in entries[-2:]] == ["ada", "agent:agent-1"]
    assert "switches" not in entries[-2].detail
    assert "10.1.0.5" not in entries[-2].detail


def test_an_agent_answers_for_its_own_wishes_alone(trust: Trust) -> None:
    wish = try_it(trust)
    hear(trust, wish, rows.DONE, "from elsewhere", agent="agent-2")
    assert state(trust, wish).wish.state == rows.WAITING


def test_what_nobody_fetched_in_time_is_not_done_later(trust: Trust) -> None:
    wish = try_it(trust)
    later = wishes.LIFE + SECOND
    assert handed(trust, START + later) == []
    said = state(trust, wish, later).standing
    assert not said.open
    assert "did not fetch it in time" in said.sentence


def test_only_an_agent_that_sweeps_the_network_is_asked(trust: Trust) -> None:
    with pytest.raises(CollectorError, match=r"no agent of this school sweeps a network with 10\.2\.0\.5"):
        try_it(trust, "10.2.0.5")
    with pytest.raises(CollectorError, match="is no address"):
        try_it(trust, "elm; rm -rf")
    with pytest.raises(CollectorError, match=r"no agent sweeps 10\.1\.0\.0/16"):
        trust.store.write(lambda c: wishes.look_at_network(c, trust.id, "", "10.1.0.0/16", actor="ada", now=START))


def test_wishes_that_wait_are_bounded(trust: Trust) -> None:
    for _ in range(wishes.MOST_OPEN):
        try_it(trust)
    with pytest.raises(CollectorError, match="wait for this agent already"):
        try_it(trust)


def test_a_pause_stands_until_its_time_and_refuses_wishes_meanwhile(trust: Trust) -> None:
    end = START + timedelta(hours=1)

    def paused_until(now: object) -> object:
        return trust.store.write(lambda c: wishes.hand_down(c, trust.id, "agent-1", school(trust), now))[1]  # type: ignore[arg-type]  # a time

    trust.store.write(lambda c: wishes.pause(c, trust.id, school(trust), end, actor="ada", now=START))
    with trust.store.reader() as connection:
        assert rows.agents_waited_for(connection, trust.id, START) == {"agent-1"}, "the bell rings for a pause"
    assert paused_until(START) == end
    assert paused_until(end) is None
    with pytest.raises(CollectorError, match="is paused until"):
        try_it(trust)
    trust.store.write(lambda c: wishes.resume(c, trust.id, school(trust), actor="ada", now=START))
    assert paused_until(START) is None
    with pytest.raises(CollectorError, match="is not paused"):
        trust.store.write(lambda c: wishes.resume(c, trust.id, school(trust), actor="ada", now=START))
    with trust.store.reader() as connection:
        journaled = [(entry.action, entry.actor) for entry in entries_of(connection, trust.id)]
    assert journaled.count(("school_paused", "ada")) == journaled.count(("school_resumed", "ada")) == 1
    for wrong in (START, START + wishes.LONGEST_PAUSE + SECOND):
        with pytest.raises(CollectorError, match="in the future"):
            trust.store.write(lambda c: wishes.pause(c, trust.id, school(trust), wrong, actor="ada", now=START))  # noqa: B023  # run at once


def test_a_look_shows_what_is_known_now_and_was_not(trust: Trust) -> None:
    device = trust.devices()[0]
    wish = trust.store.write(
        lambda c: wishes.look_at_device(
            c, trust.id, device.school_id, device.address, device.device_id, actor="ada", now=START + SECOND
        )
    )
    hear(trust, wish, rows.BEGUN)
    assert state(trust, wish).changes == ()
    trust.say(START + timedelta(minutes=1), system("core-2"), entity("S1"))
    (line,) = state(trust, wish).changes
    assert line == "name: core → core-2"


def test_what_is_not_covered_is_counted_by_school(trust: Trust) -> None:
    def found() -> Coverage:
        with trust.store.reader() as connection:
            return coverage.coverage(connection, trust.id)[school(trust)]

    assert found() == Coverage()
    trust.store.write(lambda c: places.add_networks(c, trust.id, trust.site, ["10.1.0.0/25", "10.9.0.0/24"], START))
    trust.say(START + SECOND, system("core", Outcome.CUT), entity("S1"))
    assert found() == Coverage(("10.9.0.0/24",), 0, 1, 1), "10.1.0.0/25 lies in what is swept"
    trust.say(START + 2 * SECOND, system("core"), entity("S1"))
    assert found().cut == 0, "a whole answer makes good for one that was cut"
