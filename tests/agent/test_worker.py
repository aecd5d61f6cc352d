from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.errors import WorkerFailed
from agent.worker import Workers, describe_exit, printable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def workers() -> Workers:
    return Workers(modules=("agent.", "worker_entries"))


def ended(pid: int, patience_seconds: float = 5) -> bool:
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


async def test_frames_come_in_order_and_the_request_may_be_any_bytes(workers: Workers) -> None:
    assert await workers.run("worker_entries:echo", b"\0\xffab", deadline_seconds=30) == [b"\0\xffab", b"ba\xff\0"]
    assert await workers.run("worker_entries:echo_later", b"", deadline_seconds=30) == [b""]


async def test_a_large_frame_passes(workers: Workers) -> None:
    request = bytes(8 * 1024 * 1024)
    assert (await workers.run("worker_entries:echo_later", request, deadline_seconds=30))[0] == request


async def test_a_frame_beyond_the_limit_is_refused_before_it_is_sent(workers: Workers) -> None:
    with pytest.raises(ValueError, match="larger than"):
        await workers.run("worker_entries:echo", bytes(16 * 1024 * 1024 + 1), deadline_seconds=30)


async def test_parent_and_child_converse(workers: Workers) -> None:
    async with workers.start("worker_entries:converse", b"one", deadline_seconds=30) as worker:
        assert await anext(worker) == b"ONE"
        await worker.send(b"two")
        assert await anext(worker) == b"TWO"
        await worker.send(b"enough")
        assert [frame async for frame in worker] == []


async def test_what_fails_in_the_child_comes_back_as_a_sentence(workers: Workers) -> None:
    async with workers.start("worker_entries:fail", b"", deadline_seconds=30) as worker:
        assert await anext(worker) == b"first"
        with pytest.raises(WorkerFailed, match=r"worker_entries:fail: ValueError: the device said \\x1b\[31mnonsense"):
            await anext(worker)


async def test_a_child_that_leaves_without_a_word_failed(workers: Workers) -> None:
    with pytest.raises(WorkerFailed, match="ended early with exit status 3"):
        await workers.run("worker_entries:leave", b"", deadline_seconds=30)


async def test_a_killed_child_failed(workers: Workers) -> None:
    async with workers.start("worker_entries:process_id", b"", deadline_seconds=30) as worker:
        os.kill(int(await anext(worker)), signal.SIGKILL)
        with pytest.raises(WorkerFailed, match=r"signal 9 \(SIGKILL\)"):
            await anext(worker)


async def test_the_deadline_ends_a_child(workers: Workers) -> None:
    began = time.monotonic()
    async with workers.start("worker_entries:process_id", b"", deadline_seconds=1.5) as worker:
        pid = int(await anext(worker))
        with pytest.raises(WorkerFailed, match=r"after 1\.5 seconds, its deadline"):
            await anext(worker)
    assert time.monotonic() - began < 10
    assert ended(pid)


async def test_a_child_in_which_nobody_is_interested_any_more_is_ended(workers: Workers) -> None:
    async with workers.start("worker_entries:process_id", b"", deadline_seconds=30) as worker:
        pid = int(await anext(worker))
    assert ended(pid)
    async with workers.start("worker_entries:many", b"1000", deadline_seconds=30) as worker:
        await anext(worker)  # 100 MB more are waiting


async def test_a_cancelled_task_ends_its_child(workers: Workers) -> None:
    pids: asyncio.Queue[int] = asyncio.Queue()

    async def use() -> None:
        async with workers.start("worker_entries:process_id", b"", deadline_seconds=30) as worker:
            await pids.put(int(await anext(worker)))
            await anext(worker)

    task = asyncio.create_task(use())
    pid = await pids.get()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended(pid)


async def test_only_one_child_runs_at_a_time(workers: Workers) -> None:
    running = most = 0

    async def use() -> None:
        nonlocal running, most
        async with workers.start("worker_entries:echo", b"", deadline_seconds=30) as worker:
            running += 1
            most = max(most, running)
            async for _ in worker:
                await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(use(), use(), use())
    assert most == 1


async def test_what_a_child_prints_is_logged_bounded_and_without_control_characters(
    workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert await workers.run("worker_entries:chatter", b"", deadline_seconds=30) == [b"done"]
    assert "printed, not a frame" in caplog.text
    assert "\x1b" not in caplog.text
    assert 4_000 < len(caplog.text) < 5_000


async def test_a_child_that_does_not_keep_to_frames_failed(workers: Workers) -> None:
    with pytest.raises(WorkerFailed, match="no frame"):
        await workers.run("worker_entries:babble", b"", deadline_seconds=30)


@pytest.mark.parametrize(
    "entry",
    ["os:system", "agent.worker", "agent.discovery.arp:main; x", "agentx.y:z", "agent.:main", ":", "agent:main"],
)
async def test_only_stocktakes_own_modules_are_run(entry: str) -> None:
    with pytest.raises(ValueError, match="may not be run"):
        await Workers().run(entry, b"", deadline_seconds=30)


async def test_a_child_inherits_no_secret_of_the_environment(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCKTAKE_TOKEN", "canary")
    (shown,) = await workers.run("worker_entries:environment", b"", deadline_seconds=30, environment={"MORE": "1"})
    assert b"canary" not in shown
    assert b"MORE=1" in shown


PARENT = """
import asyncio, sys
from agent.worker import Workers

async def main():
    async with Workers(modules=("worker_entries",)).start(
        "worker_entries:process_id", b"", deadline_seconds=60
    ) as worker:
        print((await anext(worker)).decode(), flush=True)
        await anext(worker)

asyncio.run(main())
"""


def test_a_child_ends_with_its_parent_even_when_that_is_killed() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)])}
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    assert ended(pid)


def test_an_exit_status_is_described() -> None:
    assert describe_exit(0) == "ended early with exit status 0"
    assert describe_exit(-9) == "was ended by signal 9 (SIGKILL)"
    assert describe_exit(-200) == "was ended by signal 200"


def test_what_is_logged_is_one_printable_line() -> None:
    assert printable("é a\nb\x1b[0m\u202e\xff".encode()) == "é a\\nb\\x1b[0m\\u202eÿ"
