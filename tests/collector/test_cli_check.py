"""Physical checks as an operator types them: begun for those whom they name, listed, as a sheet, and what came out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from trusts import Trust, entity, system

from collector import access, checking, cli, records
from collector.access import Person, Scope
from collector.shelf_check import Outcome
from collector.store import Transaction, journal, people
from collector.store import shelf_checks as rows
from collector.store.shelf_checks import Row
from fresh_store import fresh_store

Type = Callable[..., tuple[int, str, str]]
FORMULA = "=1+1"


class Bench:
    """A trust with a school of two switches, and three people."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        self.store = fresh_store(folder / "stocktake.db")
        self.trust = Trust(self.store)
        for number, serial in enumerate(("2E123456", "CN12FP0002"), 1):
            mac = f"00:1b:21:00:00:0{number}"
            self.trust.say(self.now, system(f"sw-{number}"), entity(serial), address=f"10.1.0.{number}", mac=mac)
        self.people = {
            name: self.invite(name, role) for name, role in
            (("Ada", Scope.IT_LEAD), ("Noor", Scope.TECHNICIAN), ("Finn", Scope.FINANCE))
        }  # fmt: skip

    def invite(self, name: str, role: Scope) -> str:
        schools = frozenset(row.school_id for row in self.trust.devices()) if role in access.OF_SCHOOLS else frozenset()
        person = Person(name, role, schools, None)
        return self.store.write(lambda c: access.invite(c, self.trust.id, person, actor="a", now=self.now))

    def say(self, device: str, **said: str) -> None:
        """Something in the record of a device, by Ada."""
        device_id = next(row.device_id for row in self.trust.devices() if row.name == device)

        def write(connection: Transaction) -> None:
            told = records.read_said(said)
            by = {"actor": self.people["Ada"], "source": "page", "now": self.now}
            records.enter(connection, self.trust.id, device_id, told, **by)  # type: ignore[arg-type]

        self.store.write(write)

    def walk(self, check_id: str, *outcomes: str) -> None:
        """What Noor found of the devices, in the order of the sheet, and that every room is walked."""
        by = {"actor": self.people["Noor"], "now": datetime.now(UTC)}

        def write(connection: Transaction) -> None:
            for line, outcome in enumerate(outcomes, 1):
                told = Row(line, "", 0, certain=False, outcome=outcome, room="Hall")
                checking.mark(connection, self.trust.id, check_id, told, **by)  # type: ignore[arg-type]
            for room in rows.rooms(connection, self.trust.id, check_id):
                checking.write_down(connection, self.trust.id, check_id, room.line, FORMULA, None, **by)  # type: ignore[arg-type]
                checking.walk(connection, self.trust.id, check_id, room.line, done=True, **by)  # type: ignore[arg-type]

        self.store.write(write)

    def noted(self) -> list[tuple[str, str, dict[str, object]]]:
        """What the journal says of checks."""
        with self.store.reader() as connection:
            entries = journal.entries(connection, self.trust.id)
        return [(e.actor, e.action, json.loads(e.detail)) for e in entries if e.action.startswith("check_")]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def typed(bench: Bench, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command; returns status, stdout, stderr. One process writes, so the bench's store is closed meanwhile."""

    def run(*words: str) -> tuple[int, str, str]:
        bench.store.close()
        status = cli.main(["--data", str(bench.folder), "--log-level", "error", "check", *words])
        bench.store = bench.trust.store = fresh_store(bench.folder / "stocktake.db")
        out, err = capsys.readouterr()
        return status, out, err.strip()

    return run


def begun(typed: Type, *words: str) -> str:
    """The id of a check that Noor walks."""
    status, out, err = typed("begin", "Oak Lane", "--by", "noor", "--seed", "s", "--rooms", "1", *words)
    assert (status, err) == (0, "")
    return out.split()[1]


def test_a_check_is_begun_for_who_walks_it_and_the_journal_says_that_the_console_did(bench: Bench, typed: Type) -> None:
    key = begun(typed, "--second", "Finn")
    with bench.store.reader() as connection:
        check = rows.get(connection, bench.trust.id, key)
    assert check is not None
    assert (check.made_by_id, check.second_id, check.drawn) == (bench.people["Noor"], bench.people["Finn"], 2)
    assert checking.may_walk(check, bench.people["Noor"])
    told = [(actor, action) for actor, action, _ in bench.noted()]
    assert told == [("console", "check_begun"), ("console", "check_handed")]
    assert bench.noted()[1][2] == {"check": key, "account": bench.people["Noor"]}
    status, out, _ = typed("list")
    assert (status, key in out, "open" in out, "Oak Lane" in out) == (0, True, True, True)
    assert "no shelves were checked yet" not in typed("list", "--school", "oak lane")[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--by", "Finn", "--second", "Ada"), "Finn may not check at Oak Lane"),
        (("--by", "Noor", "--second", "noor"), "the second person is somebody else than who checks"),
        (("--by", "Nobody", "--second", "Ada"), "has no account here; known: Ada, Finn, Noor"),
        (("--by", "Noor", "--second", "Ms Kaur"), "declare that Ms Kaur neither checks nor keeps these records"),
        (("--by", "Noor", "--second", "Ada"), "Ada entered records of 1 device"),
        (("--by", "Noor", "--second", "Finn", "--size", "0"), "draw from 1 to 500 devices"),
        (("--by", "Noor", "--second", "Finn", "--method", "by-value"), "no device of this school has a cost"),
    ],
)
def test_who_cannot_be_it_and_what_cannot_be_drawn_is_refused(
    bench: Bench, typed: Type, words: tuple[str, ...], sentence: str
) -> None:
    bench.say("sw-1", asset_tag="OAK-1")
    status, _, err = typed("begin", "Oak Lane", *words)
    assert (status, sentence in err) == (2, True), err
    assert bench.noted() == []


def test_who_is_past_their_last_day_begins_nothing(bench: Bench, typed: Type) -> None:
    ended = datetime.now(UTC) - timedelta(minutes=1)
    noor = bench.people["Noor"]
    bench.store.write(lambda c: people.change_account(c, bench.trust.id, noor, until=ended))
    status, _, err = typed("begin", "Oak Lane", "--by", "Noor", "--second", "Ada")
    assert (status, "their last day forbid it" in err) == (2, True)


def test_the_sheet_opens_unharmed_in_a_spreadsheet(bench: Bench, typed: Type) -> None:
    bench.say("sw-1", asset_tag=FORMULA, room="Hall")
    key = begun(typed, "--second", "Ms Kaur", "--declared")
    status, out, _ = typed("sheet", key)
    lines = list(csv.DictReader(io.StringIO(out)))
    assert (status, [line["what"] for line in lines]) == (0, ["device", "device", "room"])
    marked = next(line for line in lines if "2E123456" in line["serial"])
    assert marked["serial"] == "\t2E123456", "a spreadsheet would read a number"
    assert marked["asset_tag"] == f"\t{FORMULA}"
    assert lines[2]["room"] == "Hall"
    assert {line["found"] for line in lines} == {""}


def test_what_came_out_is_told_both_ways_with_who_signed(bench: Bench, typed: Type) -> None:
    bench.say("sw-1", room="Hall")
    key = begun(typed, "--second", "Ms Kaur", "--declared")
    assert "2 devices and 1 room have not been looked at" in typed("result", key)[1]
    bench.walk(key, Outcome.FOUND, Outcome.ELSEWHERE)
    out = typed("result", key)[1]
    assert "from the book to the floor: found 1, elsewhere 1, damaged 0, not found 0" in out
    assert "of the devices, there: 100 %, counted; in its place: 50 %, counted" in out
    assert "  elsewhere in Hall: sw-" in out
    assert f"  not in the book: {FORMULA}" in out
    assert "of what stands there, in the book: 0 % (0 % to" in out
    assert "checked by Noor: not signed yet\nsecond person Ms Kaur: not signed yet" in out
    by = {"actor": bench.people["Noor"], "now": datetime.now(UTC)}
    for second in (False, True):
        bench.store.write(lambda c, s=second: checking.sign(c, bench.trust.id, key, second=s, declared=True, **by))
    assert "closed, signed by both; all was looked at" in typed("result", key)[1]
    assert "elsewhere: Hall" in typed("sheet", key)[1]


def test_a_check_that_is_not_there_is_said_not_to_be(typed: Type) -> None:
    assert "no shelves were checked yet" in typed("list")[1]
    for act in ("sheet", "result"):
        status, _, err = typed(act, "nothing")
        assert (status, "there is no check 'nothing'" in err) == (2, True)
