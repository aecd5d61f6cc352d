"""The ledger: what was sent to whom and when, in lines that a security team can read.

It writes what it is told; that it is told of every packet is `agent.budget`'s part.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

_FILE_BYTES = 10_000_000
_AGE = timedelta(seconds=5)
_ENTRIES = 1_000


class Ledger:
    """What was sent, for a security team: lines `time<TAB>address<TAB>port<TAB>what<TAB>packets`, times in UTC.

    Packets of one kind to one address within a few seconds share a line, so a day of scanning stays readable. `write`
    takes whole lines; what is not yet written when the process is killed (at most 5 seconds) is lost.
    """

    def __init__(
        self, write: Callable[[str], object], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._write = write
        self._now = now
        self._open: dict[tuple[str, str, str], int] = {}
        self._since: datetime | None = None

    @classmethod
    def to_file(cls, path: Path, limit_bytes: int = _FILE_BYTES) -> Self:
        """A ledger in a file; at the limit it becomes `….1` (replacing the last one), so two files bound the space."""

        def append(line: str) -> None:
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
                full = file.tell() >= limit_bytes
            if full:
                path.replace(path.with_name(path.name + ".1"))

        return cls(append)

    def note(self, address: str, port: str, what: str, packets: int = 1) -> None:
        """Count packets to an address; `port` is a port number, or a protocol without ports such as `arp`."""
        now = self._now()
        if self._since and now - self._since >= _AGE:
            self.flush()
        self._since = self._since or now
        key = (address, port, what)
        self._open[key] = self._open.get(key, 0) + packets
        if len(self._open) >= _ENTRIES:
            self.flush()

    def flush(self) -> None:
        """Write what was counted since the last time."""
        if self._since is None:
            return
        stamp = self._since.isoformat(timespec="seconds")
        lines = [f"{stamp}\t{address}\t{port}\t{what}\t{n}" for (address, port, what), n in self._open.items()]
        self._open.clear()
        self._since = None
        self._write("\n".join(lines))
