"""The spool: what was put is sent or accounted for, whatever happens to process, disk and file."""

from __future__ import annotations

from pathlib import Path

import pytest
from spools import accounted, bindings, load_report, outcome, report, spool_at, waiting

from agent.errors import SpoolBusy, SpoolFull, SpoolUnsafe
from agent.spool import Spool, check_sqlite
from stocktake.values import (
    Examination,
    Gap,
    Load,
    Outcome,
)
from stocktake.wire import digest, encode_content


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


def test_reports_wait_in_order_until_they_are_acknowledged(path: Path) -> None:
    spool = spool_at(path)
    assert [spool.put(report(f"10.1.0.{n}")) for n in range(1, 5)] == [1, 2, 3, 4]
    spool.acknowledge(2)
    assert list(waiting(spool)) == [3, 4]
    spool.close()
    assert list(waiting(spool_at(path))) == [3, 4]


def test_a_batch_keeps_its_limits_but_holds_at_least_one_report(path: Path) -> None:
    spool = spool_at(path)
    for n in range(5):
        spool.put(report(f"10.1.0.{n}", "x" * 1000))
    assert len(spool.pending(limit_bytes=2500)) == 2
    assert len(spool.pending(limit_reports=3)) == 3
    assert len(spool.pending(limit_bytes=1)) == 1


def test_numbers_are_never_used_again_even_when_everything_was_pruned(path: Path) -> None:
    now = [1000.0]
    spool = spool_at(path, now=lambda: now[0])
    spool.put(report())
    spool.acknowledge(1)
    now[0] += 48 * 3600 + 1
    spool.prune()
    spool.close()
    spool = spool_at(path)
    assert spool.put(report()) == 2


def test_what_was_acknowledged_is_kept_for_two_days_and_then_pruned(path: Path) -> None:
    now = [1000.0]
    spool = spool_at(path, now=lambda: now[0])
    spool.put(report("10.1.0.1"))
    spool.put(report("10.1.0.2"))
    spool.acknowledge(1)
    now[0] += 47 * 3600
    spool.acknowledge(2)
    spool.prune()
    spool.replay_from(1)
    assert list(waiting(spool)) == [1, 2]
    spool.acknowledge(1)
    spool.acknowledge(2)
    now[0] += 48 * 3600 + 1
    spool.prune()
    spool.replay_from(1)
    assert list(waiting(spool).values()) == [Gap(1, 2, "it was asked for again, but is no longer kept")]


def test_an_unchanged_content_travels_as_its_digest(path: Path) -> None:
    spool = spool_at(path)
    for content in ("a switch", "a switch", "a router", "a router"):
        spool.put(report(content=content))
    spool.put(report("10.1.0.6", "a router"))
    kinds = [outcome(body) for body in waiting(spool).values()]
    assert kinds == [Outcome.COMPLETE, Outcome.UNCHANGED, Outcome.COMPLETE, Outcome.UNCHANGED, Outcome.COMPLETE]
    unchanged = waiting(spool)[2]
    assert isinstance(unchanged, Examination)
    assert unchanged.groups[0].digest == digest(encode_content(bindings("a switch")))


def test_a_content_that_was_cut_short_is_never_called_unchanged_and_changes_nothing(path: Path) -> None:
    spool = spool_at(path)
    spool.put(report())
    spool.put(report(outcome=Outcome.CUT))
    spool.put(report(outcome=Outcome.CUT))
    spool.put(report())
    assert [outcome(b) for b in waiting(spool).values()] == [
        Outcome.COMPLETE, Outcome.CUT, Outcome.CUT, Outcome.UNCHANGED,
    ]  # fmt: skip


def test_a_content_that_the_collector_does_not_know_is_sent_in_full_next_time(path: Path) -> None:
    spool = spool_at(path)
    spool.put(report())
    spool.put(report())
    spool.acknowledge(2)
    spool.refuse(2, content_unknown=True)
    spool.put(report())
    assert outcome(waiting(spool)[3]) is Outcome.COMPLETE


def test_a_refused_report_does_not_come_back(path: Path) -> None:
    spool = spool_at(path)
    spool.put(report("10.1.0.1"))
    spool.put(report("10.1.0.2"))
    spool.refuse(1)
    assert list(waiting(spool)) == [2]
    spool.refuse(77)
    spool.close()
    assert list(waiting(spool_at(path))) == [2]


def test_a_report_given_up_becomes_a_gap_that_is_sent_first_and_its_content_is_forgotten(path: Path) -> None:
    spool = spool_at(path)
    for _ in range(3):
        spool.put(report("10.1.0.9", "x" * 500))
    spool.give_up(1, "it is too large")
    assert waiting(spool)[4] == Gap(1, 1, "it is too large")
    assert [sequence for sequence, _ in spool.pending(limit_bytes=1)] == [4]
    spool.acknowledge(0, delivered=[4])
    assert list(waiting(spool)) == [2, 3]
    spool.put(report("10.1.0.9", "x" * 500))
    assert outcome(waiting(spool)[5]) is Outcome.COMPLETE


def test_what_was_erased_leaves_the_spool_and_its_file(path: Path) -> None:
    spool = spool_at(path)
    spool.put(report(content="a pupil's phone"))
    spool.put(report("10.1.0.6"))
    spool.acknowledge(1)
    spool.put(report("10.1.0.7", "a pupil's phone"))
    assert spool.erase([digest(encode_content(bindings("a pupil's phone")))]) == 2
    assert waiting(spool)[4] == Gap(3, 3, "it was erased at the collector")
    spool.close()
    assert b"pupil" not in path.read_bytes()


def test_a_full_spool_loses_the_oldest_volatile_reports_first_and_says_so(path: Path) -> None:
    spool = spool_at(path, limit_bytes=10**6)
    last = 0
    for n in range(400):
        last = spool.put(report(f"10.1.{n // 250}.{n % 250}", f"{n} " * 300))
        last = spool.put(load_report(n, padding=100), volatile=True)
    bodies = waiting(spool)
    lost = [range(b.first, b.last + 1) for b in bodies.values() if isinstance(b, Gap)]
    assert accounted(spool) == set(range(1, max(bodies) + 1))
    assert last <= max(bodies)
    assert all(path.stat().st_size <= 10**6 for path in path.parent.glob("spool.db*"))
    assert spool.numbers().dropped_reports == len({n for each in lost for n in each}) > 300
    kept = [b for b in bodies.values() if isinstance(b, Examination)]
    loads = [isinstance(b.groups[0].content, Load) for b in kept]
    assert loads.count(True) < 60
    assert loads.count(False) > 100


def test_what_is_acknowledged_goes_before_anything_that_waits(path: Path) -> None:
    spool = spool_at(path, limit_bytes=10**6)
    for n in range(300):
        spool.acknowledge(spool.put(report(f"10.1.0.{n % 250}", f"{n} " * 1000)))
    assert spool.numbers().dropped_reports == 0
    assert spool.numbers().pending_reports == 0


def test_a_report_larger_than_the_spool_is_refused_and_counted(path: Path) -> None:
    spool = spool_at(path, limit_bytes=10**6)
    with pytest.raises(SpoolFull, match="does not fit"):
        spool.put(report(content="x" * 10**6))
    assert spool.put(report()) == 2
    assert waiting(spool)[1] == Gap(1, 1, "1 reports could not be kept because there was no room")


def test_numbers_tell_what_waits_and_how_long(path: Path) -> None:
    now = [1000.0]
    spool = spool_at(path, now=lambda: now[0])
    assert spool.numbers().oldest_seconds is None
    spool.put(report())
    now[0] += 60
    numbers = spool.numbers()
    assert (numbers.pending_reports, numbers.oldest_seconds, numbers.dropped_reports) == (1, 60.0, 0)
    assert numbers.file_bytes > 0


def test_a_second_agent_cannot_use_the_same_spool(path: Path) -> None:
    spool = spool_at(path)
    with pytest.raises(SpoolBusy, match="only one agent"):
        spool_at(path)
    spool.close()


def test_another_agent_s_reports_go_into_a_stream_of_its_own(path: Path) -> None:
    spool = spool_at(path)
    old = spool.stream_id
    spool.put(report("10.1.0.1"))
    spool.put(report("10.1.0.2"))
    spool.acknowledge(1)
    spool.close()
    other = Spool(path, "agent-2")
    assert other.stream_id != old
    bodies = list(waiting(other).values())
    assert isinstance(bodies[0], Examination)
    assert bodies[0].subject.address == "10.1.0.2"
    assert isinstance(bodies[1], Gap)
    assert "belonged to another agent" in bodies[1].reason


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.6.23", False), ("3.7.0", False), ("3.40.1", False), ("3.44.5", False), ("3.44.6", True), ("3.45.0", False),
        ("3.50.6", False), ("3.50.7", True), ("3.51.2", False), ("3.51.3", True), ("3.54.1", True), ("4.0", True),
    ],
)  # fmt: skip
def test_a_sqlite_that_loses_commits_is_refused(version: str, safe: bool) -> None:
    if safe:
        check_sqlite(version)
    else:
        with pytest.raises(SpoolUnsafe, match="install apsw"):
            check_sqlite(version)
