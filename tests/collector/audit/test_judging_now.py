"""Schools that a person has judged at once: noted, journaled, judged in a thread or at the command line."""

from __future__ import annotations

import json
import logging
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from trusts import START, Trust, entity, system

from collector import cli, judging, judging_now, schools
from collector.audit import rule_sets
from collector.errors import CollectorError
from collector.judging import Judge, Kept
from collector.store import Store, cases, journal, places
from collector.store import schema as t
from fresh_store import fresh_store
from waiting import eventually

NOW = START + timedelta(days=1)
LATER = NOW + timedelta(minutes=5)
PATIENCE = 20.0


def filled(store: Store) -> Trust:
    """A trust of two schools, one with two switches."""
    made = Trust(store)
    made.say(START, system("sw-1"), entity("CN12FP0001"), address="10.1.0.5", mac="00:1b:21:00:00:01")
    made.say(START, system("sw-2"), entity("CN12FP0002"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    store.write(lambda c: places.add_school(c, made.id, "Ash", "654321", START))
    return made


@pytest.fixture
def trust(store: Store) -> Trust:
    return filled(store)


def ids_of(trust: Trust) -> dict[str, str]:
    with trust.store.reader() as connection:
        return {name: key for key, name in cases.members(connection, trust.id).items()}


def kept(trust: Trust, now: datetime) -> Kept:
    with trust.store.reader() as connection:
        return judging.kept(connection, trust.id, rule_sets.shipped("dfe-2026"), now)


def ask(trust: Trust, schools: set[str] | None = None, now: datetime = LATER, **more: set[str]) -> dict[str, str]:
    return trust.store.write(lambda c: judging_now.ask(c, trust.id, schools, actor="account-1", now=now, **more))


def asked_of(trust: Trust) -> list[dict[str, object]]:
    with trust.store.reader() as connection:
        entries = journal.entries(connection, trust.id)
    return [json.loads(entry.detail) for entry in entries if entry.action == "judging_asked"]


def judged_all(trust: Trust, now: datetime = NOW) -> None:
    judge = Judge(trust.store, trust.id)
    while judge.step(now):
        pass


def wait(trust: Trust) -> None:
    eventually(lambda: not judging_now.under_way(trust.store, trust.id), PATIENCE)


def test_a_thread_judges_what_is_asked_for_and_says_what_it_is_at(trust: Trust) -> None:
    judged_all(trust)
    change = update(t.devices).where(t.devices.c.name == "sw-2").values(serial="CN12FP0001")
    trust.store.write(lambda c: c.execute(change))
    assert kept(trust, LATER).count("serial_alone", "fail") == 0
    judging_now.begin(trust.store, trust.id, ask(trust), LATER)
    assert judging_now.under_way(trust.store, trust.id) <= set(ids_of(trust).values())
    wait(trust)
    found = kept(trust, LATER)
    assert (found.count("serial_alone", "fail"), found.when.first) == (2, LATER)
    assert asked_of(trust) == [{"schools": 2}]
    assert not Judge(trust.store, trust.id).step(LATER), "what was judged at once has its turn of an hour again"


def test_one_school_is_judged_alone_and_the_journal_names_it_by_its_id(trust: Trust) -> None:
    judged_all(trust)
    ash = ids_of(trust)["Ash"]
    judging_now.begin(trust.store, trust.id, ask(trust, {ash}), LATER)
    wait(trust)
    assert {key for key, when in kept(trust, LATER).when.times.items() if when == LATER} == {ash}
    assert asked_of(trust) == [{"school": ash}]


def test_what_is_being_judged_is_neither_judged_twice_nor_journaled_again(trust: Trust) -> None:
    everything = set(ids_of(trust).values())
    assert ask(trust, besides=everything) == {}
    assert asked_of(trust) == []
    assert ask(trust, besides={ids_of(trust)["Ash"]}).keys() == everything - {ids_of(trust)["Ash"]}


def test_what_a_process_leaves_undone_is_judged_first_in_the_background(trust: Trust) -> None:
    judged_all(trust)
    ask(trust, {ids_of(trust)["Ash"]})
    assert Judge(trust.store, trust.id).step(LATER + timedelta(seconds=1))
    assert not Judge(trust.store, trust.id).step(LATER + timedelta(seconds=1))


def test_a_school_that_left_the_trust_is_not_judged(trust: Trust) -> None:
    ash = ids_of(trust)["Ash"]
    trust.store.write(lambda c: schools.leave(c, trust.id, ash, date(2026, 9, 1), actor="a", now=NOW))
    with pytest.raises(CollectorError, match="one that left the trust is not audited"):
        ask(trust, {ash})


def test_a_school_that_cannot_be_judged_stops_no_other_and_the_log_says_why(
    trust: Trust, caplog: pytest.LogCaptureFixture
) -> None:
    trust.store.write(lambda c: c.execute(update(t.ages).values(assessed="no JSON")))
    with caplog.at_level(logging.ERROR):
        judging_now.begin(trust.store, trust.id, ask(trust), LATER)
        wait(trust)
    assert "a school could not be audited" in caplog.text
    assert kept(trust, LATER).when.times == {ids_of(trust)["Ash"]: LATER}


# ------------------------------------------------------------------------------------------------ the command line


def run(folder: Path, *words: str) -> int:
    return cli.main(["--data", str(folder), "--log-level", "error", "audit", *words])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("judge",), "2 schools are judged: the pages show what was found"),
        (("judge", "--school", "ash"), "1 school is judged"),
        (("--school", "ash", "judge"), "1 school is judged"),
    ],
)
def test_schools_are_judged_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    store = fresh_store(tmp_path / "stocktake.db")
    filled(store)
    store.close()
    assert run(tmp_path, *words) == 0
    assert sentence in capsys.readouterr().out
    assert run(tmp_path, "judge", "--school", "Elsewhere") == 2
    assert "is not a school here" in capsys.readouterr().err
    assert run(tmp_path, "--school", "Ash") == 0, "without an act it counts, as before"
    assert "1 schools" in capsys.readouterr().out


def test_the_command_line_names_what_could_not_be_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = fresh_store(tmp_path / "stocktake.db")
    filled(store).store.write(lambda c: c.execute(update(t.ages).values(assessed="no JSON")))
    store.close()
    assert run(tmp_path, "judge") == 2
    assert "1 school is judged, and these could not be (the log says why): Oak Lane" in capsys.readouterr().err
