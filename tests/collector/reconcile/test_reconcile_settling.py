"""Reconciling in the store: nothing changes before it is settled; rows are settled many at once, and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from trusts import DAY, START, Trust, asked, entity, system

from collector import records, understand
from collector.errors import CollectorError
from collector.reconcile import bringing, settling
from collector.reconcile.settling import Action, Wanted
from collector.store import Store, ids
from collector.store import reconcile as rows
from collector.store import schema as t
from collector.store.reconcile import Asked, Reconciled
from collector.store.records import Act
from fresh_store import fresh_store

NOW, LATER = START + DAY, START + 2 * DAY
BOOK = """Oak Lane register,,,,,
Asset no,Serial No,Model,Room,Cost,Assigned to
OAK-1,CN12FP0001,J9773A,Hall,£900,Kim
OAK-2,CN12FP0002,J9773A,12,,
OAK-3,GONE999999,Old switch,12,£10,
MSC-1,MXP123456,Visualiser,7,,
,CN12FPOO04,J9773A,,,
"""


class Reconciling(Trust):
    """A trust with four switches, and a book of them."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        for number in (1, 2, 3, 4):
            answers = system(f"sw-{number}"), entity(f"CN12FP000{number}")
            self.keep(asked(*answers, address=f"10.1.0.{number}", mac=f"00:1b:21:00:00:0{number}"), START)
        understand.understand_pending(self.store, self.id, START)
        self.of = {row.name: row.device_id for row in self.devices()}
        said = records.read_said({"room": "R1", "asset_tag": "OAK-1"})
        self.store.write(
            lambda c: records.enter(c, self.id, self.of["sw-1"], said, actor="ada", source="page", now=START)
        )
        self.key = self.bring(BOOK)

    def bring(self, content: str) -> str:
        brought = self.store.write(
            lambda c: bringing.bring(
                c, self.id, content.encode(), "book.csv", school_id=self.devices()[0].school_id, actor="ada", now=NOW
            )
        )
        with self.store.reader() as connection:
            found = bringing.compare(connection, self.id, brought.reconciliation_id, None, NOW)
        self.store.write(lambda c: bringing.keep(c, self.id, found, actor="ada", now=NOW))
        return brought.reconciliation_id

    def rows(self, kind: str = "", state: str = "") -> list[Reconciled]:
        with self.store.reader() as connection:
            return rows.outcomes(connection, self.id, self.key, Asked(kind, state=state), 100)

    def settle(self, asked: Asked, action: Action, **more: object) -> settling.Done:
        act = Act(ids.new(), "ada", "page", LATER)
        wanted = Wanted(action, **more)  # type: ignore[arg-type]  # as the tests name them
        return self.store.write(lambda c: settling.settle(c, self.id, self.key, asked, wanted, act))

    def undo(self, done: settling.Done) -> None:
        assert done.settlement
        made = done.settlement.settlement_id
        self.store.write(lambda c: settling.undo(c, self.id, made, Act(ids.new(), "ada", "page", LATER)))

    def said(self, device_id: str) -> dict[str, object]:
        with self.store.reader() as connection:
            found = records.of_device(connection, self.id, device_id)
        return {name: row.value for name, row in found[0].fields.items()} if found else {}

    def everything(self) -> list[object]:
        with self.store.reader() as connection:
            tables = (t.devices, t.records, t.record_fields, t.claims, t.words)
            return [tuple(row) for table in tables for row in connection.execute(select(table))]


@pytest.fixture
def oak(tmp_path: Path) -> Iterator[Reconciling]:
    """On SQLite: what the databases could do otherwise is asked of both in the first tests."""
    opened = fresh_store(tmp_path / "oak.db")
    yield Reconciling(opened)
    opened.close()


def test_a_book_is_kept_with_what_came_out_and_changes_nothing(store: Store) -> None:
    oak = Reconciling(store)
    before = oak.everything()
    oak.key = oak.bring(BOOK)
    assert oak.everything() == before
    found = {(one.row, one.kind, one.device_id) for one in oak.rows()}
    of = oak.of
    assert found == {
        (3, "differing", of["sw-1"]), (4, "matched", of["sw-2"]), (5, "ghost", ""), (6, "ghost", ""),
        (7, "question", of["sw-4"]), (0, "unrecorded", of["sw-3"]),
    }  # fmt: skip
    with oak.store.reader() as connection:
        brought = bringing.find(connection, oak.id, oak.key)
        assert rows.counts(connection, oak.id, oak.key)["ghost"] == (2, 0)
        assert rows.field_counts(connection, oak.id, oak.key) == {"room": 1, "serial": 1}
        assert len(rows.rows_brought(connection, oak.id, oak.key)) == 7
        entries = connection.execute(select(t.journal.c.action, t.journal.c.detail)).all()
    assert (brought.name, len(brought.digest), brought.compared) == ("book.csv", 32, NOW)
    told = [json.loads(row.detail) for row in entries if row.action.startswith("book_")]
    assert {"reconciliation", "school", "sha256"} in [set(one) for one in told]
    assert "CN12FP" not in str(told)


def test_the_books_values_are_taken_into_records_and_taken_back(store: Store) -> None:
    oak = Reconciling(store)
    before = oak.said(oak.of["sw-1"])
    done = oak.settle(Asked(kind="differing"), Action.TAKE)
    said = oak.said(oak.of["sw-1"])
    assert (said["room"], said["cost"], said["assignee"]) == ("Hall", 90_000, "Kim")
    assert [one.row for one in oak.rows(state="settled")] == [3]
    with pytest.raises(CollectorError, match="between 1 and"):
        oak.settle(Asked(kind="differing"), Action.TAKE)
    oak.undo(done)
    assert oak.said(oak.of["sw-1"]) == before
    assert not oak.rows(state="settled")
    with pytest.raises(CollectorError, match="taken back already"):
        oak.undo(done)


def test_only_the_fields_that_are_named_are_taken_and_none_that_is_not_for_whoever_asks(oak: Reconciling) -> None:
    oak.settle(Asked(kind="differing"), Action.TAKE, only=["room", "assignee"], without=["assignee"])
    assert oak.said(oak.of["sw-1"]) == {"room": "Hall", "asset_tag": "OAK-1"}


def test_a_serial_number_that_is_nearly_right_does_not_go_into_the_record_by_itself(oak: Reconciling) -> None:
    done = oak.settle(Asked(kind="question"), Action.TAKE)
    assert not done.refused
    assert "serial" not in oak.said(oak.of["sw-4"])


def test_ghosts_become_expected_devices_and_go_again(oak: Reconciling) -> None:
    before = {row.device_id for row in oak.devices()}
    done = oak.settle(Asked(kind="ghost"), Action.EXPECT)
    fresh = [row for row in oak.devices() if row.device_id not in before]
    assert {(row.serial, row.seen) for row in fresh} == {("GONE999999", False), ("MXP123456", False)}
    assert {oak.said(row.device_id)["status"] for row in fresh} == {"expected", "in use"}  # one is on no network
    oak.undo(done)
    assert {row.device_id for row in oak.devices()} == before


def test_ghosts_are_noted_as_disposed_of(oak: Reconciling) -> None:
    ghost = next(one for one in oak.rows("ghost") if one.row == 5)
    oak.settle(Asked(lines={ghost.line}), Action.DISPOSE, day="2026-03-01")
    gone = next(row for row in oak.devices() if row.serial == "GONE999999")
    said = oak.said(gone.device_id)
    assert (said["status"], said["disposed_on"]) == ("disposed", "2026-03-01")


def test_what_the_book_lacks_is_recorded(oak: Reconciling) -> None:
    oak.settle(Asked(kind="unrecorded"), Action.RECORD)
    assert oak.said(oak.of["sw-3"]) == {"status": "in use"}


def test_rows_are_left_with_a_reason_and_never_without(oak: Reconciling) -> None:
    with pytest.raises(CollectorError, match="say why"):
        oak.settle(Asked(), Action.LEAVE)
    before = oak.everything()
    done = oak.settle(Asked(), Action.LEAVE, reason="the book is of last year")
    assert (len(done.settled), oak.everything()) == (6, before)
    oak.undo(done)
    assert len(oak.rows(state="open")) == 6


def test_a_row_that_cannot_be_settled_so_stays_open_with_the_reason(oak: Reconciling) -> None:
    done = oak.settle(Asked(), Action.EXPECT)
    assert {one.kind for one, _ in done.refused} >= {"matched", "differing", "unrecorded"}
    assert {one.kind for one in oak.rows(state="open")} >= {"matched", "differing", "unrecorded"}


def test_nothing_at_a_school_that_is_not_theirs_is_settled(oak: Reconciling) -> None:
    act = Act(ids.new(), "ada", "page", LATER)
    done = oak.store.write(
        lambda c: settling.settle(
            c, oak.id, oak.key, Asked(kind="differing"), Wanted(Action.TAKE), act, frozenset({"elsewhere"})
        )
    )
    assert (done.settled, done.refused[0][1]) == ([], "it is at a school that is not yours")


def test_two_that_are_seen_twice_become_one_and_are_parted_again(oak: Reconciling) -> None:
    one, two = oak.of["sw-2"], oak.of["sw-3"]
    line = Reconciled(0, 0, "twice on the network", "sw-3", two, (one,), reasons=("the same serial number",))
    with oak.store.reader() as connection:
        brought = bringing.find(connection, oak.id, oak.key)
    oak.store.write(lambda c: rows.keep_outcomes(c, oak.id, oak.key, [line], brought.mapping, NOW))
    done = oak.settle(Asked(kind="twice on the network"), Action.SAME)
    assert done.settlement
    assert len(done.settlement.words) == 1
    assert len(oak.devices()) == 3
    oak.undo(done)
    assert len(oak.devices()) == 4


def test_a_book_is_not_read_otherwise_once_rows_are_settled(oak: Reconciling) -> None:
    oak.settle(Asked(kind="ghost"), Action.LEAVE, reason="later")
    with oak.store.reader() as connection, pytest.raises(bringing.Settled, match="undo that first"):
        bringing.compare(connection, oak.id, oak.key, None, LATER)


def test_columns_are_what_a_person_says_and_a_book_can_go_again(oak: Reconciling) -> None:
    with oak.store.reader() as connection:
        mapping = {"Room": "", "Serial No": "serial"}
        found = bringing.compare(connection, oak.id, oak.key, mapping, LATER)
    assert not any(difference[0] == "room" for one in found.outcomes for difference in one.differences)
    oak.store.write(lambda c: bringing.forget(c, oak.id, oak.key, actor="ada", now=LATER))
    assert not oak.rows()


def test_an_erasure_finds_what_stands_in_a_book(oak: Reconciling) -> None:
    from collector.store import erasure  # noqa: PLC0415 - this test alone
    from stocktake.notations import TEXT, item  # noqa: PLC0415
    from stocktake.redaction import Sought  # noqa: PLC0415

    with oak.store.reader() as connection:
        found = erasure.find(connection, oak.id, Sought([item(TEXT, "GONE999999")]))
    assert len(found.rows["reconciled"]) == 1
