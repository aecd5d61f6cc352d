"""The agent's own numbers, which travel with Sync: plain counters, and what went wrong lately.

It knows neither spool nor wire; who knows a number puts it in. Names are those of `AgentNumbers` on the wire.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

TROUBLES_LIMIT = 20
TROUBLE_SECONDS = 24 * 3600.0
_TROUBLE_CHARACTERS = 300

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Numbers:
    """Counters since the agent started, and the last figures of the last sweep and round (None: there was none yet)."""

    sweeps: int = 0
    last_sweep_time: datetime | None = None
    last_sweep_seconds: float = 0.0
    last_sweep_sightings: int = 0
    last_sweep_examinations: int = 0
    last_sweep_silent: int = 0
    packets_sent: int = 0
    snmp_refused: int | None = None
    health_rounds: int = 0
    last_round: tuple[float, int, int] | None = None  # seconds, devices, of them silent
    troubles: dict[str, float] = field(default_factory=dict)

    def trouble(self, sentence: str, now: Callable[[], float] = time.monotonic) -> None:
        """Remember what went wrong for a day, for the collector's pages, and log it. A repetition moves to the end."""
        shown = printable(sentence)[:_TROUBLE_CHARACTERS]
        _log.warning("%s", shown)
        self.troubles.pop(shown, None)
        self.troubles[shown] = now()
        while len(self.troubles) > TROUBLES_LIMIT:
            del self.troubles[next(iter(self.troubles))]

    def swept(self, ended: datetime, seconds: float, seen: int, examined: int, silent: int) -> None:
        """A sweep has ended."""
        self.sweeps += 1
        self.last_sweep_time, self.last_sweep_seconds = ended, seconds
        self.last_sweep_sightings, self.last_sweep_examinations, self.last_sweep_silent = seen, examined, silent

    def went_round(self, seconds: float, devices: int, silent: int) -> None:
        """A round of health has ended."""
        self.health_rounds += 1
        self.last_round = (seconds, devices, silent)

    def recent_troubles(self, now: Callable[[], float] = time.monotonic) -> list[str]:
        """What went wrong in the last day, newest last."""
        return [sentence for sentence, when in self.troubles.items() if now() - when < TROUBLE_SECONDS]

    def to_wire(self, now: datetime) -> dict[str, Any]:
        """The numbers by their names on the wire (JSON form of AgentNumbers), without the spool's."""
        found: dict[str, Any] = {
            "agent_time": now.isoformat(),
            "processor_seconds": sum(os.times()[:4]),  # its own and its children's
            "sweeps": self.sweeps,
            "last_sweep_seconds": self.last_sweep_seconds,
            "last_sweep_sightings": self.last_sweep_sightings,
            "last_sweep_examinations": self.last_sweep_examinations,
            "last_sweep_silent": self.last_sweep_silent,
            "packets_sent": self.packets_sent,
            "health_rounds": self.health_rounds,
        }
        if self.last_sweep_time:
            found["last_sweep_time"] = self.last_sweep_time.isoformat()
        if self.snmp_refused is not None:
            found["snmp_refused"] = self.snmp_refused
        if self.last_round:
            names = (f"last_health_round_{what}" for what in ("seconds", "devices", "silent"))
            found |= dict(zip(names, self.last_round, strict=True))
        memory = resident_bytes()
        return found if memory is None else found | {"resident_memory_bytes": memory}


def resident_bytes(root: Path = Path("/")) -> int | None:
    """Resident memory of this process in bytes, None where the system does not tell it in /proc."""
    if sys.platform != "linux":
        return None
    try:
        fields = (root / "proc/self/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in fields if line.startswith("VmRSS:"))
    except (OSError, ValueError, StopIteration):
        return None


def printable(text: str) -> str:
    """Text as it may be logged or shown on a terminal: one line of ASCII, everything else escaped."""
    return "".join(c if " " <= c <= "~" else c.encode("unicode_escape").decode() for c in text)
