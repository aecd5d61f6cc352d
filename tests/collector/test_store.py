"""The store, the same on SQLite and PostgreSQL: one writer, two times, evidence once, nothing lost half-way."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, select, text
from trusts import DAY, START, Trust, entity, group, system

from collector import reinterpret, understand
from collector.errors import StoreError
from collector.store import Store, devices, evidence, places, register
from collector.store import schema as t
from collector.store.evidence import IncomingExamination, IncomingGroup
from stocktake import wire
from stocktake.values import Binding, Gap, Method, Outcome, Sighting, Sightings, SnmpBindings, Subject, SubjectKind


@pytest.fixture
def trust(store: Store) -> Trust:
    return Trust(store)


# ------------------------------------------------------------------------------------------------ the frame


def test_the_migrations_make_exactly_the_schema(store: Store) -> None:
    with store._writing.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, t.metadata) == []


def test_work_that_fails_is_undone_alone(store: Store) -> None:
    barrier = threading.Event()
    results: list[object] = []

    def slow(connection: object) -> str:
        barrier.wait(5)
        return "slow"

    def failing(connection: object) -> None:
        places.add_trust(connection, "half", START)  # type: ignore[arg-type]
        raise ValueError("no")

    def outcome(work: object) -> None:
        try:
            results.append(store.write(work))  # type: ignore[arg-type]
        except ValueError as error:
            results.append(str(error))

    works = (slow, failing, lambda c: places.add_trust(c, "whole", START))
    threads = [threading.Thread(target=outcome, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    barrier.set()
    for thread in threads:
        thread.join()
    with store.reader() as connection:
        assert [name for _, name in places.trust_ids(connection)] == ["whole"]
    assert {"slow", "no"} <= set(results)


def test_a_reader_cannot_write(store: Store) -> None:
    with store.reader() as connection, pytest.raises(Exception, match=r"read-?only"):
        connection.execute(insert(t.trusts).values(trust_id="x", name="x", created=START))


def test_what_is_read_while_the_store_is_closed_leaves_no_connection_behind(store: Store) -> None:
    with store.reader() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        store.close()
        connection.exec_driver_sql("SELECT 1")
    with pytest.raises(Exception, match="closed"):
        raw.execute("SELECT 1")


def test_a_second_process_cannot_write_to_the_same_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.db'}"
    store = Store.open(url)
    with pytest.raises(StoreError, match="another process is writing"):
        Store.open(url)
    store.close()
    Store.open(url).close()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:////nowhere/at/all.db", "does not exist"),
        ("mysql://x", "is not supported"),
        ("sqlite://", "needs a file"),
    ],
)
def test_a_store_that_cannot_be_opened_says_what_to_do(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        Store.open(url)


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database, for sure, " * 200)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(f"sqlite:///{tmp_path / 'x.db'}")


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    program = (
        "import sys; from datetime import datetime, UTC; from collector.store import Store, places\n"
        "s = Store.open(sys.argv[1]); n = 0\n"
        "while True:\n"
        "    s.write(lambda c: places.add_trust(c, str(n), datetime.now(UTC))); print(n, flush=True); n += 1\n"
    )
    acknowledged = -1
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)
        assert child.stdout
        for _ in range(20):
            acknowledged = max(acknowledged, int(child.stdout.readline()))
        child.kill()
        child.wait()
        child.stdout.close()
    with Store.glance(url) as connection:
        assert connection.execute(select(func.count()).select_from(t.trusts)).scalar_one() >= 60
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    assert acknowledged == 19


def test_the_database_is_durable(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'x.db'}")
    assert store.write(lambda c: c.execute(text("PRAGMA synchronous")).scalar()) == 2
    store.close()


# ------------------------------------------------------------------------------------------------ streams


def test_gaps_and_late_reports_move_the_highest_contiguous_sequence(trust: Trust) -> None:
    subject = Subject(SubjectKind.NETWORK, network="10.1.0.0/24")
    body = IncomingExamination(subject, Method.ARP, b"", relayed=False, groups=(group("neighbours", Sightings(())),))
    assert trust.keep(body, START, 1).highest_contiguous == 1
    assert trust.keep(body, START, 5).highest_contiguous == 1
    assert trust.keep(Gap(2, 3, "full"), START, 6).highest_contiguous == 3
    assert trust.keep(body, START, 4).highest_contiguous == 6
    assert trust.keep(body, START, 4).fresh == 0


# ------------------------------------------------------------------------------------------------ two times


def test_a_change_ends_what_was_true_and_what_was_believed(trust: Trust) -> None:
    trust.say(START, system("old-name"))
    trust.say(START + DAY, system("new-name"))
    with trust.store.reader() as connection:
        rows = connection.execute(select(t.facts).where(t.facts.c.name == "name").order_by(t.facts.c.fact_id)).all()
    told = [(r.value, r.observed_from, r.observed_to, r.recorded_from, r.recorded_to) for r in rows]
    later = START + DAY
    assert sorted(told, key=repr) == sorted(
        [
            ('"old-name"', START, None, START, later),  # believed at first: it is so and goes on
            ('"old-name"', START, later, later, None),  # believed since: it was so until then
            ('"new-name"', later, None, later, None),
        ],
        key=repr,
    )
    assert [row.name for row in trust.devices()] == ["new-name"]


def test_seeing_the_same_again_writes_no_history(trust: Trust) -> None:
    trust.say(START, system("sw"))
    with trust.store.reader() as connection:
        before = connection.execute(select(func.count()).select_from(t.facts)).scalar_one()
    trust.say(START + DAY, system("sw"))
    with trust.store.reader() as connection:
        assert connection.execute(select(func.count()).select_from(t.facts)).scalar_one() == before
        assert connection.execute(select(func.count()).select_from(t.contents)).scalar_one() == 1
    assert [row.last_seen for row in trust.devices()] == [START + DAY]


def test_a_cut_walk_never_takes_away_what_was_known(trust: Trust) -> None:
    descr = Binding("1.3.6.1.2.1.1.1.0", 4, b"a switch")
    trust.say(START, system("sw"))
    trust.say(START + DAY, group("system", SnmpBindings((descr,)), Outcome.CUT))
    assert [row.name for row in trust.devices()] == ["sw"]
    trust.say(START + 2 * DAY, group("system", SnmpBindings((descr,))))
    assert [row.name for row in trust.devices()] == [""]


def test_a_refused_group_leaves_what_was_said_before(trust: Trust) -> None:
    trust.say(START, system("sw"))
    trust.say(START + DAY, IncomingGroup("system", Outcome.REFUSED, b"", b"", "no answer"))
    assert [row.name for row in trust.devices()] == ["sw"]


# ------------------------------------------------------------------------------------------------ devices


def test_250_sightings_are_250_devices_and_a_second_sweep_adds_none(trust: Trust) -> None:
    seen = Sightings(tuple(Sighting(f"10.1.0.{n}", f"00:1b:21:00:00:{n:02x}") for n in range(1, 251)), swept=True)
    subject = Subject(SubjectKind.NETWORK, network="10.1.0.0/24")
    for when in (START, START + DAY):
        body = IncomingExamination(subject, Method.ARP, b"", relayed=False, groups=(group("neighbours", seen),))
        trust.keep(body, when)
        understand.understand_pending(trust.store, trust.id, when)
    rows = trust.devices()
    assert len(rows) == 250
    assert {row.maker for row in rows} == {"Intel"}
    assert {row.last_seen for row in rows} == {START + DAY}


def test_a_device_seen_by_arp_and_examined_by_snmp_is_one(trust: Trust) -> None:
    subject = Subject(SubjectKind.NETWORK, network="10.1.0.0/24")
    seen = group("neighbours", Sightings((Sighting("10.1.0.5", "00:1b:21:00:00:01"),)))
    trust.keep(IncomingExamination(subject, Method.ARP, b"", relayed=False, groups=(seen,)), START)
    trust.say(START, system("sw"))
    assert [(row.name, row.mac, row.address) for row in trust.devices()] == [("sw", "00:1b:21:00:00:01", "10.1.0.5")]


def test_a_merge_keeps_the_older_id_and_the_other_as_an_alias(trust: Trust) -> None:
    trust.say(START, system("a"), address="10.1.0.5", mac="00:1b:21:00:00:01")
    trust.say(START + DAY, system("b"), entity("CN77FP1234"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    older, younger = sorted(trust.devices(), key=lambda row: row.first_seen)
    trust.say(START + 2 * DAY, system("a"), entity("CN77FP1234"), address="10.1.0.5", mac="00:1b:21:00:00:01")
    assert [row.device_id for row in trust.devices()] == [older.device_id]
    with trust.store.reader() as connection:
        merged = register.device(connection, trust.id, younger.device_id)
    assert merged is not None
    assert merged.row.device_id == older.device_id
    assert merged.aliases == (younger.device_id,)
    assert [d.verdict for d in merged.decisions] == ["new", "merge"]
    assert {i.value for i in merged.identifiers} >= {"00:1b:21:00:00:01", "00:1b:21:00:00:02", "hp:CN77FP1234"}


def test_every_fact_opens_to_the_bytes_it_was_read_from(trust: Trust) -> None:
    sent = system("sw")
    trust.say(START, sent)
    with trust.store.reader() as connection:
        detail = register.device(connection, trust.id, trust.devices()[0].device_id)
        assert detail is not None
        named = next(fact for fact in detail.facts if fact.name == "name")
        assert named.evidence_id is not None
        opened = register.evidence(connection, trust.id, named.evidence_id)
    assert opened is not None
    assert opened.content == sent.content
    assert (named.locator, named.agent_id, named.method) == ("1.3.6.1.2.1.1.5.0", "agent-1", "SNMP_V2C")


def test_evidence_that_nothing_can_read_is_set_aside_and_blocks_nothing(trust: Trust) -> None:
    broken = IncomingGroup("system", Outcome.COMPLETE, b"\xff\xff\xff", wire.digest(b"\xff\xff\xff"), "")
    trust.say(START, broken, address="10.1.0.9", mac="00:1b:21:00:00:09")
    trust.say(START, system("sw"))
    assert "sw" in [row.name for row in trust.devices()]
    with trust.store.reader() as connection:
        assert register.totals(connection, trust.id).unread_reports == 1


def test_reading_everything_again_changes_nothing_where_no_rule_changed(trust: Trust) -> None:
    trust.say(START, system("sw"))
    before = trust.devices()
    assert reinterpret.reinterpret(trust.store, trust.id, START + DAY) == []
    assert trust.devices() == before


def test_a_rule_that_changed_its_mind_is_believed_from_now_on_only(trust: Trust) -> None:
    trust.say(START, system("sw"))
    wrong = {
        "name": "model",
        "value": '"wrong"',
        "component": "",
        "unit": "",
        "weight": 1,
        "chosen": True,
        "rule": "old",
    }
    with trust.store.reader() as connection:
        row = dict(connection.execute(select(t.facts).where(t.facts.c.name == "name")).mappings().one())
    trust.store.write(lambda c: c.execute(insert(t.facts).values(row | wrong | {"fact_id": 10_000})))
    trust.store.write(lambda c: devices.refresh(c, trust.id, [row["device_id"]]))
    moved = reinterpret.reinterpret(trust.store, trust.id, START + DAY)
    assert [(m.column, m.before, m.after) for m in moved] == [("model", "wrong", "")]
    with trust.store.reader() as connection:
        rows = connection.execute(select(t.facts).where(t.facts.c.rule == "old")).all()
    assert [(r.observed_to, r.recorded_to) for r in rows] == [(None, START + DAY)]


def test_volatile_evidence_goes_when_it_is_superseded_and_old_and_the_rest_stays(trust: Trust) -> None:
    trust.say(START, system("one"))
    trust.say(START + DAY, system("two"))
    trust.say(START + 2 * DAY, system("three"))

    def kept() -> int:
        with trust.store.reader() as connection:
            assert connection.execute(select(func.count()).select_from(t.contents)).scalar_one() == len(
                connection.execute(select(t.evidence)).all()
            )
            return len(connection.execute(select(t.evidence)).all())

    def prune(groups: set[str], before: datetime) -> int:
        return trust.store.write(lambda c: evidence.prune(c, trust.id, groups, before))

    assert (prune({"load"}, START + 9 * DAY), kept()) == (0, 3)
    assert (prune({"system"}, START + DAY), kept()) == (1, 2)
    assert (prune({"system"}, START + 9 * DAY), kept()) == (1, 1)
    assert [row.name for row in trust.devices()] == ["three"]
