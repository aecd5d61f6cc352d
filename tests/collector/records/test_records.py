"""Records in the store: history in two times, lists, many at once, undo, what nobody has seen, what devices dispute."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import select
from trusts import DAY, START, Trust, entity, system

from collector import history, journal, records
from collector.errors import CollectorError
from collector.records import files, proposing
from collector.store import Store, Transaction, acts, register
from collector.store import records as rows
from collector.store import schema as t

NOW, LATER, LATEST = START, START + DAY, START + 2 * DAY
SERIAL, SCHOOL = "CN12FP1234", "Oak Lane"


class People(Trust):
    """A trust whose agent met one switch, and what people say of it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.say(NOW, system("core"), entity(SERIAL))

    @property
    def switch(self) -> str:
        return next(row.device_id for row in self.devices() if row.name == "core")

    def enter(self, when: datetime = NOW, device: str = "", **said: object) -> records.Change | None:
        values = records.read_said(said)  # type: ignore[arg-type]  # as typed
        wanted = device or self.switch
        return self.store.write(
            lambda c: records.enter(c, self.id, wanted, values, actor="ada", source="page", now=when)
        )

    def said(self, device: str = "") -> dict[str, object]:
        with self.store.reader() as connection:
            found = records.of_device(connection, self.id, device or self.switch)
        return {name: row.value for name, row in found[0].fields.items()} if found else {}

    def bring(self, content: str, when: datetime = NOW, school: str = SCHOOL) -> tuple[acts.Change, proposing.Preview]:
        def work(connection: Transaction) -> tuple[acts.Change, proposing.Preview]:
            preview = proposing.of_file(
                connection, self.id, content.encode(), "list.csv", school=school, actor="ada", source="import",
                now=when,
            )  # fmt: skip
            done = proposing.confirm(connection, self.id, preview.change, preview.plan.digest(), when)
            return done, preview

        return self.store.write(work)

    def undo(self, change_id: str, when: datetime = LATEST) -> records.Undone:
        return self.store.write(lambda c: records.undo(c, self.id, change_id, actor="ada", source="page", now=when))

    def everything(self) -> list[tuple[object, ...]]:
        with self.store.reader() as connection:
            table = t.record_fields
            found = connection.execute(select(table).where(table.c.recorded_to.is_(None)).order_by(table.c.row_id))
            return sorted((r.record_id, r.field, r.value, r.observed_from, r.observed_to) for r in found)


@pytest.fixture
def trust(store: Store) -> People:
    return People(store)


def test_what_was_so_until_now_is_kept_beside_what_is_so_since(trust: People) -> None:
    trust.enter(room="R1", purchased="01/09/2023")
    trust.enter(LATER, room="R2", purchased="02/09/2023")
    with trust.store.reader() as connection:
        table = t.record_fields
        found = connection.execute(select(table).order_by(table.c.row_id)).all()
    told = {
        (r.field, json.loads(r.value), r.observed_from, r.observed_to, r.recorded_from, r.recorded_to) for r in found
    }
    assert told == {
        ("room", "R1", NOW, None, NOW, LATER),  # believed then: so, and going on
        ("room", "R1", NOW, LATER, LATER, None),  # believed since: so until then
        ("room", "R2", LATER, None, LATER, None),
        ("purchased", "2023-09-01", NOW, None, NOW, LATER),  # a purchase is corrected: it was never so
        ("purchased", "2023-09-02", NOW, None, LATER, None),
    }


def test_saying_the_same_again_writes_nothing(trust: People) -> None:
    assert trust.enter(room="R1") is not None
    before = trust.everything()
    assert trust.enter(LATER, room=" R1 ") is None
    assert trust.everything() == before


def test_an_undo_restores_what_was_believed_and_leaves_what_changed_since(trust: People) -> None:
    trust.enter(room="R1", supplier="Ash")
    before = trust.everything()
    change = trust.enter(LATER, room="R2", supplier="", cost="12.50", tags="a, b")
    assert change is not None
    undone = trust.undo(change.change_id)
    assert (undone.cells, undone.stays) == (4, 0)
    assert trust.everything() == before
    with pytest.raises(CollectorError, match="taken back already"):
        trust.undo(change.change_id)
    again = trust.enter(LATEST, room="R3", cost="99")
    assert again is not None
    trust.enter(LATEST, cost="100")
    part = trust.undo(again.change_id)
    assert (part.cells, part.stays) == (1, 1)
    assert trust.said() == {"room": "R1", "supplier": "Ash", "cost": 10000}


def test_an_emptied_field_comes_back_unless_it_was_filled_since(trust: People) -> None:
    trust.enter(room="R1", supplier="Ash")
    change = trust.enter(LATER, room="", supplier="")
    assert change is not None
    trust.enter(LATER, room="R5")
    trust.enter(LATEST, room="")
    assert trust.undo(change.change_id).stays == 1
    assert trust.said() == {"supplier": "Ash"}


def test_a_scan_changes_no_record_and_what_the_device_disputes_is_shown(trust: People) -> None:
    trust.enter(serial="FOC9999X9ZZ", maker="Cisco", model="hp j9773a", room="R1")
    before = trust.everything()
    trust.say(LATER, system("core", description="other"), entity(SERIAL))
    assert trust.everything() == before
    assert len(trust.devices()) == 1, "a serial number that differs moves no record"
    with trust.store.reader() as connection:
        (said,) = records.of_device(connection, trust.id, trust.switch)
    assert [(d.field, d.record_says, d.device_says) for d in said.disagreements] == [
        ("serial", "FOC9999X9ZZ", SERIAL), ("maker", "Cisco", "HP"),
    ]  # fmt: skip


def test_a_delivery_list_makes_expected_devices_that_are_matched_at_first_sight(trust: People) -> None:
    change, _ = trust.bring("Serial,Make,Asset tag,Cost\ncn99fp0001,Hewlett-Packard,ELM-7,100\n,,ELM-8,\n")
    assert (change.records, len(trust.devices())) == (2, 3)
    expected = next(row for row in trust.devices() if row.serial == "cn99fp0001")
    assert (expected.maker, trust.said(expected.device_id)["status"]) == ("HP", "expected")
    trust.say(LATER, system("new"), entity("CN99FP0001"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    assert len(trust.devices()) == 3
    met = next(row for row in trust.devices() if row.serial == "CN99FP0001")
    assert met.device_id == expected.device_id
    assert trust.said(met.device_id)["cost"] == 10000


def test_undoing_a_list_takes_what_it_expected_out_of_the_register(trust: People) -> None:
    before = {row.device_id for row in trust.devices()}
    change, _ = trust.bring(f"Serial,Asset tag,Room\nCN99FP0001,ELM-7,R1\n,ELM-8,\n{SERIAL},ELM-9,R2\n")
    expected = {row.device_id for row in trust.devices()} - before
    assert len(expected) == 2
    history.register_as_known(trust.store, trust.id, LATER, LATER)
    undone = trust.undo(change.change_id)
    assert undone.withdrawn == 3
    assert {row.device_id for row in trust.devices()} == before
    with trust.store.reader() as connection:
        assert all(register.device(connection, trust.id, one) is None for one in expected)
        known = connection.execute(select(t.register).where(t.register.c.device_id.in_(expected))).all()
        assert not connection.execute(select(t.claimed).where(t.claimed.c.kind == "TAG")).all()
    assert {row.cause for row in known if row.cells == ""} == {"record"}
    assert expected < {row.device_id for row in history.register_as_known(trust.store, trust.id, LATER, LATEST)}
    with pytest.raises(CollectorError, match="there is no device"):
        trust.enter(LATEST, device=min(expected), room="R9")
    again, _ = trust.bring("Serial,Asset tag\nCN99FP0001,ELM-7\n", LATEST)
    assert again.records == 1
    (anew,) = {row.device_id for row in trust.devices()} - before
    assert anew not in expected
    trust.say(LATEST + DAY, system("new"), entity("CN99FP0001"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    assert {row.device_id for row in trust.devices()} == before | {anew}


def test_undoing_a_list_leaves_what_something_has_seen_since(trust: People) -> None:
    change, _ = trust.bring("Serial,Asset tag\nCN99FP0001,ELM-7\n")
    trust.say(LATER, system("new"), entity("CN99FP0001"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    met = next(row.device_id for row in trust.devices() if row.name == "new")
    trust.undo(change.change_id)
    assert met in {row.device_id for row in trust.devices()}
    assert trust.said(met) == {}


def test_a_list_is_matched_by_what_devices_say_and_by_what_is_on_record(trust: People) -> None:
    trust.enter(asset_tag="ELM 1")
    _, preview = trust.bring("Asset tag,Serial,Room\nelm1,,R1\n,CN12FP1234,R2\nELM-1,CN12FP1234,R3\n")
    assert [move.device_id for move in preview.plan.moves] == [trust.switch]
    told = [(trouble.row, trouble.sentence) for trouble in preview.plan.troubles]
    assert told[0] == (3, "row 2 is about the same device: leave one of the two out")
    assert len(trust.devices()) == 1
    with trust.store.reader() as connection:
        assert rows.by_serial(connection, trust.id, {"CN12FP1234"}) == {"CN12FP1234": {trust.switch}}
    _, again = trust.bring("Asset tag,Room\nELM1,R1\n", LATER)
    assert (again.plan.same, again.plan.moves) == (1, ())


def test_a_row_that_cannot_be_placed_says_why(trust: People) -> None:
    trust.enter(asset_tag="ELM-1")
    trust.bring("Asset tag,Serial\nELM-2,XYZ12345\n")
    content = (
        "Device id,Asset tag,Serial,School,Room\n,ELM-1,XYZ12345,,R\n,,,,R9\nnosuch,,,,R\n,ELM-9,,Nowhere,\n,ELM-5,,,\n"
    )
    _, preview = trust.bring(content, LATER, school="")
    told = {trouble.row: trouble.sentence for trouble in preview.plan.troubles}
    assert "Asset tag is that of core" in told[2]
    assert "correct one of them" in told[2]
    assert "neither asset tag, serial number nor MAC" in told[3]
    assert told[4] == "there is no device nosuch"
    assert "'Nowhere' is not a school here; known: Oak Lane/Main site" in told[5]
    assert "say at which school" in told[6]
    assert preview.plan.moves == ()


def test_a_list_is_taken_back_whole_with_the_records_that_it_made(trust: People) -> None:
    trust.enter(room="R1")
    before = trust.everything()
    change, _ = trust.bring("Serial,Room\nCN12FP1234,R2\nNEW12345,R3\n", LATER)
    expected = next(row.device_id for row in trust.devices() if row.serial == "NEW12345")
    assert trust.undo(change.change_id).withdrawn == 1
    assert trust.everything() == before
    assert trust.said(expected) == {}
    _, again = trust.bring("Serial,Room\nNEW12345,R3\n", LATEST)
    assert again.plan.expected == 1


def test_what_is_carried_out_is_what_was_shown_or_nothing(trust: People) -> None:
    def propose(connection: Transaction) -> proposing.Preview:
        said = {"room": "R9"}
        return proposing.of_devices(
            connection, trust.id, [trust.switch], said, actor="ada", source="page", now=NOW
        )  # fmt: skip

    preview = trust.store.write(propose)
    trust.enter(room="R5")
    with pytest.raises(proposing.Stale):
        trust.store.write(lambda c: proposing.confirm(c, trust.id, preview.change, preview.plan.digest(), LATER))
    assert trust.said() == {"room": "R5"}
    for wrong in ("bob", ""):
        with pytest.raises(CollectorError, match="does not wait any more"):
            trust.store.write(lambda c, who=wrong: proposing.proposal(c, trust.id, preview.change.change_id, who))
    trust.store.write(lambda c: acts.forget_proposals(c, trust.id, LATEST))
    with trust.store.reader() as connection:
        assert acts.get(connection, trust.id, preview.change.change_id) is None


def test_a_mark_is_of_one_device_alone(trust: People) -> None:
    trust.bring("Asset tag\nELM-2\n")
    with pytest.raises(CollectorError, match="has this asset tag on record already"):
        trust.enter(asset_tag="elm-2")
    with pytest.raises(CollectorError, match="is of one device alone"):
        trust.store.write(
            lambda c: proposing.of_devices(
                c, trust.id, [trust.switch], {"asset_tag": "X-1"}, actor="ada", source="page", now=NOW
            )
        )
    said = records.read_said({"serial": "CN12FP1234"})
    with pytest.raises(CollectorError, match=r"core \(\w+\) has this serial number already: enter it there"):
        trust.store.write(
            lambda c: records.enter_unseen(c, trust.id, SCHOOL, said, actor="ada", source="page", now=NOW)
        )


def test_a_record_of_a_device_that_merged_goes_with_it(trust: People) -> None:
    trust.say(NOW, system("second"), address="10.1.0.7", mac="00:1b:21:00:00:07")
    second = next(row.device_id for row in trust.devices() if row.name == "second")
    trust.enter(device=second, asset_tag="ELM-7", room="R7")
    trust.say(LATER, system("second"), entity(SERIAL), address="10.1.0.7", mac="00:1b:21:00:00:07")
    assert len(trust.devices()) == 1
    with trust.store.reader() as connection:
        (found,) = records.of_device(connection, trust.id, trust.devices()[0].device_id)
    assert found.value("asset_tag") == "ELM-7"


def test_the_journal_holds_ids_and_counts_and_no_value(trust: People) -> None:
    trust.enter(assignee="Grace Hopper", room="R77")
    with trust.store.reader() as connection:
        told = [entry for entry in connection.execute(select(t.journal)) if entry.action == "records_changed"]
        assert journal.verify(connection, trust.id) == ""
    assert len(told) == 1
    assert "Hopper" not in told[0].detail
    assert set(json.loads(told[0].detail)) == {"change", "kind", "records"}


def test_files_are_known_by_their_content_bounded_and_gone_when_removed(trust: People) -> None:
    def keep(connection: Transaction, kind: str, name: str, content: bytes) -> records.Document:
        record_id = records.record_of(connection, trust.id, trust.switch, actor="ada", now=NOW)
        return files.keep(connection, trust.id, record_id, kind, name, content, actor="ada", now=NOW)

    png = b"\x89PNG\r\n\x1a\n" + b"x" * 40
    kept = trust.store.write(lambda c: keep(c, "photo", "..\\..\\tag\u202e.exe", png))
    assert (kept.name, kept.media_type) == ("tag.png", "image/png")
    for kind, content, sentence in (
        ("photo", b"<svg onload=alert(1)>", "JPEG, PNG or WebP"), ("virus", png, "one of: photo"),
        ("photo", b"", "at most 5 MB"), ("invoice", b"%PDF-" + b"x" * files.SIZE_LIMIT, "at most 5 MB"),
    ):  # fmt: skip
        with pytest.raises(CollectorError, match=sentence):
            trust.store.write(lambda c, k=kind, b=content: keep(c, k, "x", b))
    with trust.store.reader() as connection:
        assert acts.document(connection, trust.id, kept.document_id) == (kept, png)
    trust.store.write(lambda c: files.remove(c, trust.id, kept.document_id, actor="ada", now=LATER))
    with trust.store.reader() as connection:
        assert acts.document(connection, trust.id, kept.document_id) is None
        assert connection.execute(select(t.documents.c.content)).scalar_one() is None
