"""The devices that answered SNMP lately, by address, so that their health can be asked between two sweeps.

Plain data that survives a restart beside the habits. A device stays for a day after its last answer, so that one that
is down is asked until it is up again; where it is seen on its network and answers no SNMP any more, it goes. This
module asks nobody anything, and does not know what a device is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.examine import Target
from agent.plan import CADENCE_SECONDS, pace
from stocktake.values import Cadence

REMEMBERED_SECONDS = 86_400.0
SILENT_SECONDS = 600.0  # after which one that is seen, and silent by SNMP, is given up: two rounds
DEVICES_LIMIT = 65_536
SELDOM_SECONDS = CADENCE_SECONDS[Cadence.HEALTH]

Key = tuple[str, str]  # address, network


@dataclass(frozen=True, slots=True)
class _Entry:
    mac: str
    answered: float  # seconds since the epoch
    asked: float = 0.0  # in a round, likewise


class Roll:
    """Who answered lately; `now` is seconds since the epoch."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._entries: dict[Key, _Entry] = {}

    def answered(self, target: Target) -> None:
        """It answered just now."""
        before = self._entries.pop(_key(target), None)
        self._entries[_key(target)] = _Entry(target.mac, self._now(), before.asked if before else 0.0)
        while len(self._entries) > DEVICES_LIMIT:
            del self._entries[next(iter(self._entries))]

    def only_seen(self, target: Target) -> None:
        """It is there and did not answer SNMP. One of another MAC is somebody else."""
        entry = self._entries.get(_key(target))
        if entry and (entry.mac != target.mac or self._now() - entry.answered > SILENT_SECONDS):
            del self._entries[_key(target)]

    def asked(self, target: Target) -> None:
        """A round asked it just now, whether it answers or not."""
        if entry := self._entries.get(_key(target)):
            self._entries[_key(target)] = replace(entry, asked=self._now())

    def __len__(self) -> int:
        return len(self._entries)

    def targets(self, port: int, often: Collection[str], allows: Callable[[str, str], bool]) -> list[Target]:
        """Whom to ask in a round: who answered within a day, may be asked, and was not asked too lately.

        `often`: addresses that are asked in every round. The others have their turn within half an hour.
        """
        now = self._now()
        self._entries = {k: entry for k, entry in self._entries.items() if entry.answered >= now - REMEMBERED_SECONDS}
        return [
            Target(address, entry.mac, network, port, often=address in often)
            for (address, network), entry in self._entries.items()
            if allows(address, entry.mac)
            and (address in often or not 0 <= now - entry.asked < pace(address, network) * SELDOM_SECONDS)
        ]

    def forget(self, holds: Callable[[str], bool]) -> None:
        """Forget devices of which something must not be kept."""
        self._entries = {
            (address, network): entry
            for (address, network), entry in self._entries.items()
            if not holds(address) and not holds(entry.mac)
        }

    def to_json(self) -> list[list[Any]]:
        """All of it as plain values."""
        return [[*key, entry.mac, round(entry.answered)] for key, entry in self._entries.items()]

    @classmethod
    def stored(cls, content: Mapping[str, Any] | None, agent_id: str, now: Callable[[], float] = time.time) -> Roll:
        """The roll that an agent kept; what cannot be read is forgotten. Another identity has met nobody yet."""
        roll, kept = cls(now), content or {}
        rows = kept.get("roll") if kept.get("agent") == agent_id else ()
        for row in rows if isinstance(rows, list) else ():
            match row:
                case [str(address), str(network), str(mac), int(answered)]:
                    # a clock that was ahead must not keep a device for longer
                    roll._entries[address, network] = _Entry(mac, min(float(answered), now()))
        return roll


def _key(target: Target) -> Key:
    return target.address, target.network
