"""The outside world of host evidence as one parameter: files below a root, programs, the machine, Windows, the clock.

It knows how to read gently and within bounds, and keeps three things apart: what is there, what is not there, and what
could not be read. It does not know any group, nor what a file means.

Rules, for whoever reads through it:

1. "Not there" is an empty answer: no such file, or the kernel's way of saying that a device has no such value.
2. "Could not be read" (permission, input/output error, too large) is an empty answer too, and is told to `missed`, so
   that the group ends CUT or REFUSED and never looks complete.
3. Every answer is bounded: octets, characters, names in a folder, seconds and octets of a program.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.host._machine import Machine
from agent.host._windows import WindowsApi, this_windows

PROGRAM_SECONDS = 20.0
PROGRAM_OCTETS = 1024 * 1024
FILE_OCTETS = 64 * 1024
TEXT_CHARACTERS = 1024
FOLDER_NAMES = 1024
_LATEST_TIME = 2**33  # the year 2242: a file system may say anything

# where administrators' programs lie, which a service's or a user's PATH may leave out
_MORE_PATH = ("/usr/sbin", "/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", r"C:\Program Files\smartmontools\bin")
# sysfs answers these for an attribute that exists and has no value (the cycle count of a battery that does not count)
_NO_VALUE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENODATA, errno.ENODEV, errno.ENXIO, errno.EINVAL,
             errno.EOPNOTSUPP}  # fmt: skip


class NotAskedError(Exception):
    """The group is not asked on this platform: it is left out of the examination, which means just that."""


def read_file(path: Path, limit: int) -> bytes:
    """The octets of a file; OSError where it cannot be read or is longer than `limit`."""
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"longer than {limit} octets", str(path))
    return content


def run_program(arguments: Sequence[str], search: str = "", seconds: float = PROGRAM_SECONDS) -> bytes:
    """What a program prints, whatever its exit status; at most PROGRAM_OCTETS.

    `search` is a PATH to look in first. FileNotFoundError where it is not installed, TimeoutError where it hangs.
    """
    places = os.pathsep.join([search or os.environ.get("PATH", os.defpath), *_MORE_PATH])
    program = shutil.which(arguments[0], path=places)
    # a relative find is a file that lies in the current folder, where anybody may have put it
    if program is None or not Path(program).is_absolute():
        raise FileNotFoundError(errno.ENOENT, "not installed", arguments[0])
    # a file, not a pipe: a grandchild that keeps a pipe open, or a program that prints for ever, cannot hold us
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [program, *arguments[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        )
        _wait(process, arguments[0], seconds)
        output.seek(0)
        return output.read(PROGRAM_OCTETS)


def _wait(process: subprocess.Popen[bytes], name: str, seconds: float) -> None:
    """Wait for the end of a program, and kill it after `seconds`."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        # a program that waits for a dying disk cannot be killed: leave it to the kernel rather than wait with it
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
        raise TimeoutError(errno.ETIMEDOUT, f"no answer within {seconds:g} seconds", name) from None


def this_machine() -> Machine:
    """The machine this program runs on."""
    from agent.host._psutil import PsutilMachine  # noqa: PLC0415 - 4 MB, for processes that examine their host only

    return PsutilMachine()


def plain(text: str) -> str:
    """Text that any sink can carry: no lone surrogates, trimmed of white space and NUL, bounded."""
    return text.encode("utf-8", "replace").decode("utf-8").strip(" \t\r\n\0")[:TEXT_CHARACTERS]


def reason(error: BaseException) -> str:
    """Why something failed, in words and without a path."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _ignore(_what: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class World:
    """The outside world. `root` has /sys, /proc and /etc below it; `missed` hears of everything that was refused."""

    root: Path = Path("/")
    platform: str = sys.platform
    run: Callable[[Sequence[str]], bytes] = run_program
    read: Callable[[Path, int], bytes] = read_file
    machine: Callable[[], Machine] = this_machine
    windows: Callable[[], WindowsApi] = this_windows
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    missed: Callable[[str], None] = _ignore

    def octets(self, path: str, limit: int = FILE_OCTETS) -> bytes:
        """The content of a file below the root; empty where it is not there, or was refused (and told)."""
        try:
            return self.read(self.root / path, limit)
        except OSError as error:
            self._refused(path, error)
            return b""

    def text(self, path: str, limit: int = FILE_OCTETS) -> str:
        """The first TEXT_CHARACTERS of a short text file, trimmed; else as `octets`."""
        return plain(self.octets(path, limit).decode("utf-8", "replace"))

    def lines(self, path: str, limit: int = FILE_OCTETS) -> list[str]:
        """The lines of a longer text file; else as `octets`."""
        return self.octets(path, limit).decode("utf-8", "replace").splitlines()

    def number(self, path: str, most: int = 2**62) -> int | None:
        """A decimal number from 0 to `most`; None where there is none, or something else."""
        text = self.text(path)
        if not (text.isascii() and text.isdigit()) or len(text) > 19:
            return None
        value = int(text)
        return value if value <= most else None

    def names(self, path: str) -> list[str]:
        """The sorted names in a folder; empty where it is not there, or was refused (and told)."""
        try:
            names = sorted(entry.name for entry in (self.root / path).iterdir())
        except OSError as error:
            self._refused(path, error)
            return []
        if len(names) > FOLDER_NAMES:
            self.missed(f"/{path} (more than {FOLDER_NAMES} entries)")
        return names[:FOLDER_NAMES]

    def exists(self, path: str) -> bool:
        """Whether something is there; False, and told, where we may not look."""
        return self._stat(path) is not None

    def target(self, path: str) -> str:
        """Where a path leads when every link in it is followed, as text; the path itself where it has none."""
        return plain(os.path.realpath(self.root / path))

    def modified(self, path: str) -> datetime | None:
        """When a file or folder was last modified (UTC); None where it is not there, or we may not look (told)."""
        status = self._stat(path)
        if status is None or not 0 <= status.st_mtime < _LATEST_TIME:
            return None
        return datetime.fromtimestamp(status.st_mtime, UTC)

    def _stat(self, path: str) -> os.stat_result | None:
        try:
            return (self.root / path).stat()
        except OSError as error:
            self._refused(path, error)
            return None

    def _refused(self, path: str, error: OSError) -> None:
        """Tell of a refusal, unless the error only says that nothing is there."""
        if error.errno not in _NO_VALUE:
            self.missed(f"/{path} ({reason(error)})")


#: the machine we are on
HERE = World()
