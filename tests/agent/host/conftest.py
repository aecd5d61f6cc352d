"""Worlds to examine: small folder trees planted in tmp_path, and readers that refuse what only root may read."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from agent.host._machine import Machine, RecordedMachine
from agent.host._windows import RecordedWindows
from agent.host._world import World, read_file, run_program

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)

#: text or octets of a file; None makes a folder; a Path makes a link to that place below the root
Files = Mapping[str, str | bytes | Path | None]
Plant = Callable[..., World]
Refuse = Callable[..., Callable[[Path, int], bytes]]


def no_program(arguments: Any) -> bytes:
    raise FileNotFoundError(errno.ENOENT, "not installed", arguments[0])


def _put(path: Path, content: str | bytes | Path | None, root: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        path.mkdir(parents=True, exist_ok=True)
    elif isinstance(content, Path):
        (root / content).mkdir(parents=True, exist_ok=True)
        path.symlink_to(root / content)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """A World on a planted tree: Linux, no programs, a recorded machine, a fixed clock, unless said otherwise."""

    def planted(files: Files | None = None, machine: Machine | None = None, **world: Any) -> World:
        root = tmp_path / "root"
        root.mkdir(exist_ok=True)
        for name, content in (files or {}).items():
            _put(root / name, content, root)
        recorded = machine or RecordedMachine()
        defaults = {"root": root, "platform": "linux", "run": no_program, "now": lambda: NOW}
        return World(**{**defaults, "machine": lambda: recorded, **world})

    return planted


@pytest.fixture
def plant_windows(plant: Plant) -> Plant:
    """A World of Windows, answered by RecordedWindows."""

    def planted(machine: Machine | None = None, **recorded: Any) -> World:
        api = RecordedWindows(**recorded)
        return plant({}, machine, platform="win32", windows=lambda: api)

    return planted


@pytest.fixture
def refuse() -> Refuse:
    """A reader that may not read some paths (their ends are given), as without root: tests may run as root."""

    def refusing(*ends: str, number: int = errno.EACCES) -> Callable[[Path, int], bytes]:
        def read(path: Path, limit: int) -> bytes:
            if str(path).endswith(ends):
                words = {errno.EACCES: "Permission denied", errno.EIO: "Input/output error"}
                raise OSError(number, words.get(number, "No data available"), str(path))
            return read_file(path, limit)

        return read

    return refusing


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., Any]:
    """Put a shell script on a PATH of its own, and give a runner that finds it there."""

    def installed(name: str, script: str, seconds: float = 10.0) -> Any:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / name
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return partial(run_program, search=f"{folder}:/usr/bin:/bin", seconds=seconds)

    return installed


@pytest.fixture
def heard() -> Collection[str]:
    """A list for World.missed to fill."""
    return []
