"""Entry points that tests/agent/test_worker.py runs in child processes: good ones, slow ones and broken ones."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable

from agent.worker import Conversation

Emit = Callable[[bytes], None]


def echo(request: bytes, emit: Emit) -> None:
    emit(request)
    emit(request[::-1])


async def echo_later(request: bytes, emit: Emit) -> None:
    await asyncio.sleep(0)
    emit(request)


def converse(request: bytes, conversation: Conversation) -> None:
    while request != b"enough":
        conversation(request.upper())
        request = conversation.receive()


def process_id(request: bytes, emit: Emit) -> None:
    emit(str(os.getpid()).encode())
    time.sleep(60)


def fail(request: bytes, emit: Emit) -> None:
    emit(b"first")
    raise ValueError("the device said \x1b[31mnonsense")


def leave(request: bytes, emit: Emit) -> None:
    os._exit(3)


def chatter(request: bytes, emit: Emit) -> None:
    print("printed, not a frame", flush=True)
    sys.stderr.write("\x1b[31m" + "x" * 100_000)
    emit(b"done")


def babble(request: bytes, emit: Emit) -> None:
    """Write what is no frame to the pipe that carries them, as code overcome by a device could."""
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"\xff" * 64)
        except OSError:
            continue
    time.sleep(60)


def many(request: bytes, emit: Emit) -> None:
    for _ in range(int(request)):
        emit(b"x" * 100_000)


def environment(request: bytes, emit: Emit) -> None:
    emit("\n".join(f"{name}={value}" for name, value in os.environ.items()).encode())
