"""What happens to the spool's file: it vanishes, is old, is damaged, its disk is full, its process is killed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from random import Random

import pytest
from spools import ROOT, accounted, report, spool_at, waiting

from agent.spool import Spool
from stocktake.values import (
    Examination,
    Gap,
    SnmpBindings,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


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
