"""The spool: what was put is sent or accounted for, whatever happens to process, disk and file."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from agent.clock import Clock
from agent.errors import SpoolBusy, SpoolFull, SpoolUnsafe
from agent.spool import Spool, check_sqlite
from stocktake.values import (
    Binding,
    Examination,
    Gap,
    GroupResult,
    Load,
    Method,
    Outcome,
    Report,
    SnmpBindings,
    Subject,
    SubjectKind,
)
from stocktake.wire import decode_report, digest, encode_content

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def bindings(text: str) -> SnmpBindings:
    return SnmpBindings((Binding("1.3.6.1.2.1.1.1.0", 4, text.encode()),))


def report(address: str = "10.1.0.5", content: str = "a switch", outcome: Outcome = Outcome.COMPLETE) -> Report:
    group = GroupResult("system", outcome, bindings(content))
    subject = Subject(SubjectKind.ADDRESS, address, "", "10.1.0.0/24")
    return Report(WHEN, 1.0, "boot", Examination(subject, Method.SNMP_V2C, (group,)))


def load_report(number: int, padding: int = 0) -> Report:
    group = GroupResult("load", Outcome.COMPLETE, Load((float(number),) * (1 + padding)))
    return Report(WHEN, 1.0, "boot", Examination(Subject(SubjectKind.HOST), Method.HOST, (group,)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


def spool_at(path: Path, **options: object) -> Spool:
    return Spool(path, "agent-1", clock=Clock(wall=lambda: WHEN, since_boot=lambda: 1.0, boot_id="boot"), **options)  # type: ignore[arg-type]  # passed on


def waiting(spool: Spool) -> dict[int, Examination | Gap]:
    entries = spool.pending(limit_bytes=10**9, limit_reports=10**6)
    assert [sequence for sequence, _ in entries] == sorted(sequence for sequence, _ in entries)
    return {sequence: decode_report(raw).body for sequence, raw in entries}


def accounted(spool: Spool) -> set[int]:
    """Every sequence that a collector would have dealt with after taking all that waits."""
    found: set[int] = set()
    for sequence, body in waiting(spool).items():
        found |= {sequence} | (set(range(body.first, body.last + 1)) if isinstance(body, Gap) else set())
    return found


def outcome(body: Examination | Gap) -> Outcome:
    assert isinstance(body, Examination)
    return body.groups[0].outcome


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


# ------------------------------------------------------------------------------------------------ what happens to files


def filled(path: Path, count: int = 60) -> Spool:
    spool = spool_at(path)
    for n in range(count):
        spool.put(report(f"10.1.0.{n}", f"{n} " * 200))
    return spool


def test_a_vanished_file_begins_a_new_stream_that_says_so(path: Path) -> None:
    spool = filled(path)
    old = spool.stream_id
    spool.close()
    path.unlink()
    spool = spool_at(path)
    assert spool.stream_id != old
    assert "vanished" in str(waiting(spool))


def test_an_old_copy_of_the_file_begins_a_new_stream(path: Path) -> None:
    spool = filled(path, 3)
    spool.close()
    shutil.copy(path, path.with_name("copy"))
    spool = spool_at(path)
    old = spool.stream_id
    spool.acknowledge(spool.put(report("10.1.0.200")))
    spool.close()
    shutil.copy(path.with_name("copy"), path)
    spool = spool_at(path)
    assert spool.stream_id != old
    assert len([b for b in waiting(spool).values() if isinstance(b, Examination)]) == 3


def test_a_receipt_for_numbers_never_given_out_begins_a_new_stream(path: Path) -> None:
    spool = filled(path, 3)
    old = spool.stream_id
    spool.acknowledge(50)
    assert spool.stream_id != old
    assert sorted(accounted(spool)) == [1, 2, 3, 4]


def test_what_was_sent_of_an_old_stream_does_not_hide_the_gaps_of_a_new_one(path: Path) -> None:
    spool = filled(path, 3)
    spool.give_up(1, "too large")
    spool.acknowledge(0, delivered=[1, 2, 3, 4])
    assert list(waiting(spool)) == [2, 3]
    spool.acknowledge(50)
    assert [type(body) for body in waiting(spool).values()] == [Examination, Examination, Gap]


def test_one_damaged_row_costs_one_row(path: Path) -> None:
    spool = filled(path, 20)
    old = spool.stream_id
    spool.close()
    raw = bytearray(path.read_bytes())
    place = raw.index(b"7 7 7 7 7 7 7 7 7 7 7 7")
    raw[place] = ord("8")
    path.write_bytes(raw)
    spool = spool_at(path)
    assert spool.stream_id == old
    bodies = waiting(spool)
    assert bodies[21] == Gap(8, 8, "the report was damaged on disk")
    assert len(bodies) == 20


@pytest.mark.parametrize("seed", range(6))
def test_after_any_flipped_byte_the_agent_starts_and_nothing_is_lost_in_silence(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  # reproducible, no secret
    original = tmp_path / "original.db"
    spool = filled(original)
    stream = spool.stream_id
    spool.close()
    good = original.read_bytes()
    originals = {str(number): number + 1 for number in range(60)}
    for turn in range(25):
        path = tmp_path / str(turn) / "spool.db"
        path.parent.mkdir()
        raw = bytearray(good)
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        if turn % 5 == 0:
            del raw[chance.randrange(len(raw)) :]
        path.write_bytes(raw)
        spool = spool_at(path)
        bodies = waiting(spool)
        kept = {originals[_name(body)] for body in bodies.values() if isinstance(body, Examination)}
        gaps = [body for body in bodies.values() if isinstance(body, Gap)]
        assert accounted(spool) == set(range(1, max(bodies) + 1))
        assert len(kept) == 60 or gaps
        if spool.stream_id != stream and turn % 5:
            assert len(kept) >= 40 or len(raw) < 200
        spool.put(report())
        spool.close()


def _name(examination: Examination) -> str:
    content = examination.groups[0].content
    assert isinstance(content, SnmpBindings)
    return content.bindings[0].value.decode().split()[0]


_WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from test_spool import report, spool_at
    spool = spool_at(Path(sys.argv[1]), limit_bytes=10**7)
    done = int(sys.argv[2])
    for n in range(10**6):
        sequence = spool.put(report(f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}", "x" * (n % 3000)))
        print(sequence, flush=True)
        if n % 7 == 0:
            done = max(done, sequence - 20)
            spool.acknowledge(done)
            print("a", done, flush=True)
    """
)


def test_a_process_killed_at_any_moment_leaves_every_committed_report_once(path: Path) -> None:
    chance = Random(7)  # noqa: S311  # reproducible, no secret
    committed: list[int] = []
    acknowledged = 0
    for _ in range(8):
        command = [sys.executable, "-c", _WRITER, str(path), str(acknowledged)]
        places = [str(ROOT), str(ROOT / "proto"), str(Path(__file__).parent)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": ":".join(places)}
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0, 0.3))
            child.send_signal(signal.SIGKILL)
            rest = child.stdout.read().splitlines()
        for line in rest:
            if line.startswith("a "):
                acknowledged = max(acknowledged, int(line[2:]))
            elif line.isdigit():
                committed.append(int(line))
    assert len(committed) == len(set(committed))
    spool = spool_at(path, limit_bytes=10**7)
    bodies = waiting(spool)
    assert {n for n in committed if n > acknowledged} <= set(bodies) | set(range(1, min(bodies)))
    assert min(bodies) <= acknowledged + 30
    assert set(bodies) == set(range(min(bodies), max(bodies) + 1))
    assert max(bodies) >= max(committed)
    assert not list(path.parent.glob("spool.corrupt.*"))


_ON_A_SMALL_DISK = textwrap.dedent(
    """
    import subprocess, sys
    from pathlib import Path
    disk = Path(sys.argv[1])
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], check=True)
    from agent.errors import SpoolFull
    from test_spool import accounted, report, spool_at, waiting
    spool = spool_at(disk / "spool.db", limit_bytes=10**8)
    for n in range(2500):
        last = spool.put(report(f"10.1.{n // 250}.{n % 250}", "x" * 3000))
    kept = len(waiting(spool))
    assert 500 < kept < 1500, kept
    assert accounted(spool) == set(range(1, max(waiting(spool)) + 1))
    rounds = 0
    while batch := spool.pending():
        done = {sequence for sequence, _ in batch}
        spool.acknowledge(min(waiting(spool).keys() - done, default=max(done) + 1) - 1, done)
        rounds += 1
        assert rounds < 100
    spool._keep_seconds = -1
    spool.prune()
    for n in range(100):
        spool.put(report(f"10.2.0.{n}", "z" * 3000))
    spool.close()
    assert len(waiting(spool_at(disk / "spool.db"))) == 100
    """
)


@pytest.mark.root
@pytest.mark.needs("unshare", "mount")
def test_a_full_disk_stops_nothing_for_good_and_what_could_not_be_kept_is_told(tmp_path: Path) -> None:
    places = [str(ROOT), str(ROOT / "proto"), str(Path(__file__).parent)]
    done = subprocess.run(
        ["unshare", "-m", sys.executable, "-c", _ON_A_SMALL_DISK, str(tmp_path)],
        env={"PYTHONPATH": ":".join(places), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
