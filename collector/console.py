"""The console: how a command reaches the one process that writes. It knows lines of JSON, not what commands do.

Only one process may write to the store, so a command that writes runs inside the collector if one is running: over a
Unix socket in the data folder that only its owner may open. One line asks, one line answers.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from collector.errors import CollectorError

#: takes a command's name and arguments, returns what to print
Execute = Callable[[str, dict[str, Any]], str]

LINE_BYTES = 64 * 2**20  # an imported file travels as a path; the answer to `reinterpret` may be long


async def open_console(path: Path, execute: Execute) -> asyncio.Server:
    """Listen for commands; each runs in a thread of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(await reader.readline())
            output = await asyncio.to_thread(execute, request["command"], request["arguments"])
            reply = {"output": output}
        except CollectorError as error:
            reply = {"error": str(error)}
        except (ValueError, KeyError, TypeError) as error:
            reply = {"error": f"the console did not understand: {error}"}
        writer.write(json.dumps(reply).encode() + b"\n")
        await writer.drain()
        writer.close()

    listening = _private_socket(path)
    return await asyncio.start_unix_server(answer, sock=listening, limit=LINE_BYTES)


def _private_socket(path: Path) -> socket.socket:
    """A bound socket that only its owner may open; one that a killed collector left behind is replaced."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    path.chmod(0o600)
    return listening


def ask(path: Path, command: str, arguments: dict[str, Any]) -> str | None:
    """Have a running collector execute a command; None where none is running. CollectorError carries its refusal."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return None
        connection.sendall(json.dumps({"command": command, "arguments": arguments}).encode() + b"\n")
        with connection.makefile("rb") as answer:
            line = answer.readline(LINE_BYTES)
    reply = json.loads(line) if line else {"error": "the collector stopped before it answered"}
    if "error" in reply:
        raise CollectorError(reply["error"])
    return str(reply["output"])
