"""Wishes on the agent: each once, trials first, sweeps interrupted and gone on with, limits that nobody lifts."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path

from agent.attend import Attendant, Means
from agent.budget import Budget, Limits
from agent.config import Config
from agent.errands import Orders, Wish
from agent.examine import Target
from agent.examiner import Answer, CountingLedger, Question
from agent.hand import BEGUN, DONE, REFUSED, TRIALS_AN_HOUR, WAITING_LIMIT, Hand
from agent.plan import BASELINE
from agent.progress import Progress, credential_uses
from agent.snmp.habits import Habits
from agent.sweep import Tools
from agent.targets import Seen
from agent.worker import Workers
from stocktake.values import Examination, Method, Sighting, Subject, SubjectKind

TRIAL = Wish("t", "try", "127.0.0.1", credential="switches")
LOOK = Wish("l", "look", network="127.0.0.0/30")


def states(hand: Hand) -> list[tuple[str, str]]:
    return [(each.wish_id, each.state) for each in hand.results()]


def test_a_wish_is_heard_once_however_often_it_is_sent_and_trials_come_first() -> None:
    hand = Hand()
    hand.hear([LOOK, TRIAL, LOOK])
    assert hand.called.is_set()
    assert hand.next() == TRIAL
    hand.hear([LOOK, TRIAL])
    assert (hand.next(), hand.next()) == (LOOK, None)
    assert not hand.called.is_set()


def test_what_this_version_does_not_know_is_refused_in_words() -> None:
    hand = Hand()
    hand.hear([Wish("a", "run", "127.0.0.1"), Wish("b", "try"), Wish("c", "")])
    assert [each.state for each in hand.results()] == [REFUSED] * 3
    assert "does not know such a wish" in hand.results()[0].sentence
    assert hand.next() is None


def test_a_collector_that_sprays_is_stopped_at_so_many_trials_an_hour() -> None:
    now = 0.0
    hand = Hand(lambda: now)
    for n in range(TRIALS_AN_HOUR):
        hand.hear([Wish(f"w{n}", "try", "127.0.0.1", credential="c")])
        assert hand.next()
    hand.hear([TRIAL])
    assert hand.next() is None
    assert f"at most {TRIALS_AN_HOUR}" in hand.results()[-1].sentence
    now = 3601.0
    hand.hear([Wish("later", "try", "127.0.0.1", credential="c")])
    assert hand.next()


def test_so_many_wishes_wait_and_no_more() -> None:
    hand = Hand()
    hand.hear(Wish(f"w{n}", "look", network="127.0.0.0/30") for n in range(WAITING_LIMIT + 1))
    assert states(hand) == [(f"w{WAITING_LIMIT}", REFUSED)]


def test_a_result_is_told_until_the_collector_has_it() -> None:
    hand = Hand()
    hand.tell(TRIAL, BEGUN)
    sent = hand.results()
    hand.tell(TRIAL, DONE, "it \x1b[31manswers", answered=True)
    hand.told(sent)
    (left,) = hand.results()
    assert left.to_wire() == {"id": "t", "state": DONE, "sentence": "it \\x1b[31manswers", "answered": True}


def test_orders_keep_a_pause_over_a_restart() -> None:
    orders = Orders(pause_until=1e9, bell_key="t/a/k", wishes=(TRIAL,))
    assert Orders.from_json(json.loads(json.dumps(orders.to_json()))) == orders
    old = {key: value for key, value in Orders().to_json().items() if key not in ("wishes", "pause_until", "bell_key")}
    assert Orders.stored(old) == Orders()


# ------------------------------------------------------------------------------------------------ beside a sweep


def means(tmp_path: Path, networks: tuple[str, ...] = ("127.0.0.0/30",)) -> Means:
    limits = Limits(networks)
    ledger = CountingLedger.to_file(tmp_path / "ledger.tsv")
    tools = Tools(
        Workers(), Budget(limits, ledger=ledger), ledger, Habits(), lambda *_: None, lambda _: None, snmp_port=9
    )
    return Means(networks, Question(BASELINE, (), limits), tools)


async def test_a_wish_interrupts_work_is_answered_and_the_work_begins_again(tmp_path: Path) -> None:
    hand, begun, finish = Hand(), [], asyncio.Event()

    async def made() -> Means:
        return means(tmp_path)

    async def work() -> str:
        begun.append(len(states(hand)))
        await finish.wait()
        return "swept"

    attendant = Attendant(hand, made, lambda: "")
    working = asyncio.create_task(attendant.beside(work))
    await asyncio.sleep(0.01)
    hand.hear([TRIAL])
    async with asyncio.timeout(10):
        while len(begun) < 2:  # noqa: ASYNC110  # work that is begun tells nobody
            await asyncio.sleep(0.01)
    finish.set()
    assert await working == "swept"
    assert states(hand) == [("t", BEGUN), ("t", REFUSED)]
    assert hand.results()[-1].sentence == 'This agent holds no credential "switches".'
    assert begun == [0, 2], "the work began again after the answer"


async def test_in_a_pause_no_wish_is_carried_out(tmp_path: Path) -> None:
    hand = Hand()

    async def made() -> Means:
        raise AssertionError("nothing is needed where nothing is done")

    attendant = Attendant(hand, made, lambda: "This school is paused.")
    hand.hear([TRIAL, LOOK])
    working = asyncio.create_task(attendant.beside(asyncio.Event().wait))
    await asyncio.sleep(0.05)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    assert states(hand) == [("t", REFUSED), ("l", REFUSED)]
    assert hand.results()[0].sentence == "This school is paused."


async def test_an_address_outside_the_networks_is_not_asked_and_a_network_that_is_not_swept_not_looked_at(
    tmp_path: Path,
) -> None:
    hand = Hand()

    async def made() -> Means:
        return means(tmp_path)

    attendant = Attendant(hand, made, lambda: "")
    wishes = [Wish("far", "try", "192.0.2.1", credential="c"), Wish("net", "look", network="192.0.2.0/24")]
    hand.hear([*wishes, Wish("device", "look", "192.0.2.1")])

    async def until_all() -> None:
        while len(states(hand)) < 6:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.01)

    async with asyncio.timeout(10):
        await attendant.beside(until_all)
    ended = {each.wish_id: each for each in hand.results() if each.state != BEGUN}
    assert {each.state for each in ended.values()} == {REFUSED}
    assert "none of the networks that were named" in ended["far"].sentence
    assert "none of the networks that were named" in ended["device"].sentence
    assert "none of the networks that this agent sweeps (127.0.0.0/30)" in ended["net"].sentence
    assert not (tmp_path / "ledger.tsv").exists(), "not one packet"


# ------------------------------------------------------------------------------------------------ progress


def seen(network: str, count: int) -> Seen:
    evidence = Examination(Subject(SubjectKind.NETWORK, network=network), Method.TOUCH, ())
    return Seen(network, evidence, tuple(Sighting(f"10.0.0.{n}", "", "") for n in range(count)))


def test_an_interrupted_sweep_goes_on_with_the_network_it_had_come_to_and_counts_each_once() -> None:
    progress, networks = Progress(), ("a", "b", "c")
    assert progress.left(networks) == networks
    progress.looking("a")
    progress.seen(seen("a", 3))
    progress.looking("b")
    progress.seen(seen("b", 4))
    progress.answered(Answer(Target("10.0.0.1"), None))
    assert progress.left(networks) == ("b", "c"), "b was not done"
    for network, count in (("b", 4), ("c", 1)):
        progress.looking(network)
        progress.seen(seen(network, count))
    progress.answered(Answer(Target("10.0.0.1"), None))
    tally = progress.finish()
    assert (tally.sightings, tally.silent) == (8, 1)
    assert progress.left(networks) == networks


def test_how_credentials_fare_is_counted_from_habits() -> None:
    habits = Habits()
    habits.of("10.0.0.1", "n").worked("good")
    habits.of("10.0.0.2", "n").failed("good", "d", refused=False)
    habits.of("10.0.0.3", "n").failed("bad", "d", refused=True)
    uses, refusing = credential_uses(habits.to_json())
    assert uses == [
        {"name": "bad", "devices": 0, "refused": 1, "silent": 0},
        {"name": "good", "devices": 1, "refused": 0, "silent": 1},
    ]
    assert refusing == 1
    assert Config().sync_interval.total_seconds() > 0
