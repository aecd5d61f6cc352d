"""Both clocks of the machine: the wall clock, which people can set wrong, and the clock since boot, which nobody can.

A report carries both, so that the collector can put right what a wrong wall clock says. This module keeps no time.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from stocktake.values import Examination, Gap, Report

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def wall_clock() -> datetime:
    """The wall clock, aware, UTC."""
    return datetime.now(UTC)


def boot_clock() -> float:
    """Seconds since boot, sleep included where the system can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic()


def boot_id(source: Path = _BOOT_ID) -> str:
    """A name for this boot; where the system has none, for this process: times are compared less, never wrongly."""
    try:
        return source.read_text("ascii").strip() or str(uuid.uuid4())
    except (OSError, UnicodeDecodeError):
        return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Clock:
    """The clocks a report is stamped with."""

    wall: Callable[[], datetime] = wall_clock
    since_boot: Callable[[], float] = boot_clock
    boot_id: str = field(default_factory=boot_id)

    def report(self, body: Examination | Gap) -> Report:
        """The report of something observed just now."""
        return Report(self.wall(), self.since_boot(), self.boot_id, body)
