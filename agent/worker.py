"""Short-lived child processes for what is heavy to import or reads hostile bytes, one at a time.

scapy, pysnmp, grpc and cryptography cost tens of megabytes each; in a child they are gone when the work is done, so an
idle agent is small. A child gets one request, may get further frames, and answers frames of bytes; never a pickle, so
that a child overcome by a device can say something wrong but can not make its parent run anything. This module does not
know what the children do, and nothing of the other stages.

    async with workers.start("agent.discovery.arp:main", request, deadline_seconds=60) as worker:
        async for frame in worker:
            ...

A child's function is `def main(request: bytes, emit: Callable[[bytes], None]) -> None`, plain or async; `emit` is a
`Conversation`, whose `receive()` waits for the next frame that the parent sends. On the wire a frame is its length
(4 octets, big-endian), its kind (1 octet) and its bytes, at most `FRAME_LIMIT_BYTES`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import enum
import gc
import importlib
import inspect
import logging
import os
import queue
import re
import signal
import struct
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from typing import Any

from agent.errors import WorkerFailed

FRAME_LIMIT_BYTES = 16 * 1024 * 1024
STDERR_LIMIT_BYTES = 4 * 1024
SENTENCE_LIMIT = 500  # characters of a child's error
ENDING_PATIENCE_SECONDS = 2.0

ENTRY = re.compile(r"(?P<module>[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*):(?P<function>[a-z_][a-z0-9_]*)")
ALLOWED_MODULES = ("agent.",)

#: what a child needs of the parent's environment; everything else, secrets included, stays with the parent
INHERITED_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT", "PYTHONDONTWRITEBYTECODE")

_HEAD = struct.Struct(">IB")
_PR_SET_PDEATHSIG = 1  # prctl(2)
_COLLECT_AFTER = 20_000  # new objects; by itself Python looks after 700

_log = logging.getLogger(__name__)


class Kind(enum.IntEnum):
    """What a frame is. A child that ends without END or ERROR died."""

    DATA = 0
    ERROR = 1  # a sentence: what went wrong
    END = 2


# ------------------------------------------------------------------------------------------------ the parent's side


class Worker:
    """One running child: iterate over its frames, `send` it further ones. Raises `WorkerFailed` where it fails."""

    def __init__(self, entry: str, process: asyncio.subprocess.Process, deadline_seconds: float) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("a worker is started with three pipes")
        self.process = process
        self._stdin, self._stdout, self._stderr = process.stdin, process.stdout, process.stderr
        self._entry = entry
        self._deadline_seconds = deadline_seconds
        self._expired = False
        self._finished = False
        self._timer = asyncio.get_running_loop().call_later(deadline_seconds, self._expire)
        self._complaints = asyncio.create_task(self._hear_complaints())

    async def send(self, frame: bytes) -> None:
        """Hand the child one more frame; a child that is gone is reported by the next read."""
        with contextlib.suppress(ConnectionError):
            self._stdin.write(_encode(Kind.DATA, frame))
            await self._stdin.drain()

    def __aiter__(self) -> Worker:
        return self

    async def __anext__(self) -> bytes:
        if self._finished:
            raise StopAsyncIteration
        kind, payload = await self._read()
        if kind == Kind.DATA:
            return payload
        self._finished = True
        if kind == Kind.END:
            raise StopAsyncIteration
        raise WorkerFailed(f"{self._entry}: {printable(payload)[:SENTENCE_LIMIT]}")

    async def end(self) -> None:
        """End the child, with patience only if it said that it is done, and log what it complained of."""
        self._timer.cancel()
        self._stdin.close()
        if not self._finished:
            self._kill()
        try:
            async with asyncio.timeout(ENDING_PATIENCE_SECONDS):
                await self._drained()
        except TimeoutError:
            self._kill()
            await self._drained()
        complaints = printable(await self._complaints)
        if complaints:
            _log.warning("worker %s said: %s", self._entry, complaints)

    async def _read(self) -> tuple[Kind, bytes]:
        try:
            length, kind = _HEAD.unpack(await self._stdout.readexactly(_HEAD.size))
            if length > FRAME_LIMIT_BYTES or kind not in set(Kind):
                raise self._failed("said something that is no frame")
            return Kind(kind), await self._stdout.readexactly(length)
        except asyncio.IncompleteReadError:
            status = await self.process.wait()
        if self._expired:
            raise self._failed(f"was ended after {self._deadline_seconds:g} seconds, its deadline")
        raise self._failed(describe_exit(status))

    def _failed(self, what: str) -> WorkerFailed:
        return WorkerFailed(f"{self._entry} {what}")

    def _expire(self) -> None:
        self._expired = True
        self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def _drained(self) -> None:
        # a pipe that nobody reads would keep asyncio from noticing the end of the process
        while await self._stdout.read(65536):
            pass
        await self.process.wait()

    async def _hear_complaints(self) -> bytes:
        heard = bytearray()
        while chunk := await self._stderr.read(4096):
            heard += chunk[: STDERR_LIMIT_BYTES - len(heard)]
        return bytes(heard)


class Workers:
    """The gate: starts children, one at a time; who comes second waits.

    `modules` are the prefixes of modules that may be started, `path` the folders in which the child finds them.
    """

    def __init__(self, modules: Sequence[str] = ALLOWED_MODULES, path: Sequence[str] | None = None) -> None:
        self._modules = tuple(modules)
        self._path = path
        self._gate = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def start(
        self, entry: str, request: bytes, *, deadline_seconds: float, environment: Mapping[str, str] | None = None
    ) -> AsyncIterator[Worker]:
        """A child that runs `entry` ("package.module:function") on `request`; it is gone when the block is left.

        The deadline counts from the child's start, not from the wait for the gate. `environment` is added to what a
        child inherits. Raises ValueError for an entry that is not allowed, `WorkerFailed` (from the worker's frames)
        for a child that fails, dies or is late.
        """
        self._check(entry)
        async with self._gate:
            process = await self._spawn(entry, self._environment() | dict(environment or {}))
            worker = Worker(entry, process, deadline_seconds)
            try:
                await worker.send(request)
                yield worker
            finally:
                await worker.end()

    async def run(
        self, entry: str, request: bytes, *, deadline_seconds: float, environment: Mapping[str, str] | None = None
    ) -> list[bytes]:
        """All frames of a child that needs nothing beyond its request."""
        async with self.start(entry, request, deadline_seconds=deadline_seconds, environment=environment) as worker:
            return [frame async for frame in worker]

    async def _spawn(self, entry: str, environment: dict[str, str]) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-P", "-m", "agent.worker", entry)
        try:
            return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
        except OSError as error:
            raise WorkerFailed(f"{entry} could not be started: {error}") from error

    def _check(self, entry: str) -> None:
        match = ENTRY.fullmatch(entry)
        if match is None or not match["module"].startswith(self._modules):
            raise ValueError(f"{entry!r} may not be run as a worker; it has to be module:function in {self._modules}")

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
        folders = self._path if self._path is not None else [folder for folder in sys.path if folder]
        return kept | {"PYTHONPATH": os.pathsep.join(folders)}


def describe_exit(status: int) -> str:
    """How a process ended, for people; a negative status is the signal that ended it."""
    if status >= 0:
        return f"ended early with exit status {status}"
    with contextlib.suppress(ValueError):
        return f"was ended by signal {-status} ({signal.Signals(-status).name})"
    return f"was ended by signal {-status}"


def printable(raw: bytes) -> str:
    """Bytes of a child as they may be logged: one line, everything but plain characters escaped."""
    text = raw.decode("utf-8", "replace").strip()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _encode(kind: Kind, payload: bytes) -> bytes:
    if len(payload) > FRAME_LIMIT_BYTES:
        raise ValueError(f"a frame of {len(payload)} bytes is larger than {FRAME_LIMIT_BYTES}")
    return _HEAD.pack(len(payload), kind) + payload


# ------------------------------------------------------------------------------------------------ the child's side


class Conversation:
    """The child's end of the pipes: call it to emit a frame, `receive()` waits for the parent's next one.

    A thread reads standard input all the time, because its end means that the parent is gone or has lost interest:
    then the child ends, in the midst of whatever it does.
    """

    def __init__(self, stdin: int, stdout: int) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self._inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._writing = threading.Lock()
        threading.Thread(target=self._listen, name="parent", daemon=True).start()

    def __call__(self, frame: bytes) -> None:
        self.say(Kind.DATA, frame)

    def say(self, kind: Kind, payload: bytes) -> None:
        """Write one frame; waits while the parent is slow."""
        data = memoryview(_encode(kind, payload))
        with self._writing:
            while data:
                data = data[os.write(self._stdout, data) :]

    def receive(self) -> bytes:
        """The next frame of the parent; blocks, so an async worker calls it in a thread."""
        return self._inbox.get()

    def _listen(self) -> None:
        try:
            while True:
                length, _ = _HEAD.unpack(self._exactly(_HEAD.size))
                self._inbox.put(self._exactly(length))
        finally:
            os._exit(0)

    def _exactly(self, length: int) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            part = os.read(self._stdin, min(length - len(parts), 65536))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)


def main(entry: str) -> int:
    """Run one entry point as a child; standard output belongs to the frames, so prints go to standard error."""
    _die_with_parent()
    conversation = Conversation(os.dup(0), os.dup(1))
    os.dup2(2, 1)
    try:
        module, _, function = entry.partition(":")
        work = getattr(importlib.import_module(module), function)
        collect_seldom()
        result = work(conversation.receive(), conversation)
        if inspect.iscoroutine(result):
            _run(result)
    except Exception as error:  # noqa: BLE001 -- the one place that turns a child's failure into a sentence
        traceback.print_exc()
        conversation.say(Kind.ERROR, f"{type(error).__name__}: {error}"[:SENTENCE_LIMIT].encode())
        return 1
    conversation.say(Kind.END, b"")
    return 0


def collect_seldom() -> None:
    """Have the garbage collector leave alone what is loaded, and look seldom at evidence, which has no cycles."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])


def _run(work: Coroutine[Any, Any, object]) -> None:
    asyncio.run(work)


def _die_with_parent() -> None:
    # the end of standard input says the same, but not to a child that is stuck in a C call holding the interpreter
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
