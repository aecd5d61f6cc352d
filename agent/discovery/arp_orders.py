"""The parent's side of the ARP worker: which addresses it asks, in which order, how fast, and what it heard.

The worker (`arp`) sends nothing it was not told to; each order passes the budget before it is given. It knows nothing
of frames or scapy.
"""

from __future__ import annotations

import ipaddress
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from agent.budget import Budget, Forbidden
from agent.discovery import neighbours
from agent.discovery.attached import Attachment
from agent.discovery.touch import Progress
from stocktake.values import Sighting

ENTRY_POINT = "agent.discovery.arp:main"

PASSES = 3
#: at least this long after an address was first asked it is asked again; one pass finds nine in ten
GAP_SECONDS = 0.4
#: how long to listen after the last one was asked for the last time, and the least time between second and third
LAST_SECONDS = 0.3
#: how long to listen after a long second pass: where packets get lost it has shown, and there is a third
SOON_SECONDS = 0.1
#: a third pass of this length is worth it whatever the second one found; a longer one only where that found somebody,
#: as then packets get lost here, or devices sleep
SHORT_SECONDS = 0.5

ORDER_ADDRESSES = 1_024  # so that the quiet hours are noticed in the midst of a large network
_OFTEN = tuple(str(number + 1) for number in range(PASSES))
STARTING_SECONDS = 30.0  # a worker's first import on a slow disk
PATIENCE_FACTOR = 2.0  # a busy machine sends slower than it should

_log = logging.getLogger(__name__)


class Worker(Protocol):
    """A running child: orders in, frames out."""

    async def send(self, frame: bytes) -> None:
        """Give it one order."""

    async def __anext__(self) -> bytes:
        """Its next frame."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Its frames."""


class Workers(Protocol):
    """What starts child processes."""

    def start(
        self, entry: str, request: bytes, *, deadline_seconds: float, environment: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[Worker]:
        """A child that runs an entry point on a request."""


@dataclass(slots=True)
class _Sweep:
    """One sweep: who was asked so far, and what was heard."""

    worker: Worker
    interface: str
    budget: Budget
    asked: set[str] = field(default_factory=set)
    heard: dict[Sighting, int] = field(default_factory=dict)  # and how often its address had been asked

    async def ask_all(self, targets: Sequence[str], on_progress: Progress) -> None:
        """All passes. When the quiet hours begin it ends, with what it has."""
        silent = list(targets)
        pace = self.budget.limits.packets_per_second
        try:
            for number in range(PASSES):
                repeating_helps = max(self.heard.values(), default=1) > 1
                if not silent or (number > 1 and not repeating_helps and len(silent) > SHORT_SECONDS * pace):
                    break
                await self._pass(silent, _wait(number, len(silent) / pace), len(targets), on_progress)
                silent = self._silent(silent)
            await self.worker.send(b"")
        except Forbidden as reason:
            _log.info("ARP sweep of %d addresses ended after %d: %s", len(targets), len(self.asked), reason)

    async def _pass(self, addresses: Sequence[str], wait_seconds: float, total: int, on_progress: Progress) -> None:
        """Ask each address once; only after the last order is there anything to wait for."""
        starts = range(0, len(addresses), ORDER_ADDRESSES)
        for start in starts:
            last = start == starts[-1]
            await self._order(addresses[start : start + ORDER_ADDRESSES], wait_seconds if last else 0.0)
            on_progress(len(self.asked), total)

    def _silent(self, addresses: Sequence[str]) -> list[str]:
        answered = {sighting.address for sighting in self.heard}
        return [address for address in addresses if address not in answered]

    async def _order(self, addresses: Sequence[str], wait_seconds: float) -> None:
        async with self.budget.permit_burst(addresses, "arp", part=1.0) as burst:
            if not burst.addresses:
                return  # nothing allowed, or a dry run
            pace = {"packets_per_second": burst.packets_per_second, "wait_seconds": wait_seconds}
            await self.worker.send(json.dumps({"addresses": burst.addresses} | pace).encode())
            self.asked.update(burst.addresses)
            self.heard |= read_answers(await anext(self.worker), self.asked, self.interface)


def _wait(number: int, seconds: float) -> float:
    """How long to listen after a pass, by its number from 0 and how long it takes."""
    if number == 0:
        return max(0.0, GAP_SECONDS - seconds)
    return LAST_SECONDS if number == PASSES - 1 else max(SOON_SECONDS, LAST_SECONDS - seconds)


async def ask(
    targets: Sequence[str], where: Attachment, budget: Budget, workers: Workers, *, on_progress: Progress
) -> tuple[set[str], list[Sighting]]:
    """Ask the targets on one of our networks, the silent ones twice or thrice: who was asked, and who answered.

    Raises `WorkerFailed` where the worker may not or can not do it.
    """
    request = json.dumps({"interface": where.interface, "mac": where.mac, "address": where.address}).encode()
    async with workers.start(ENTRY_POINT, request, deadline_seconds=_deadline(len(targets), budget)) as worker:
        sweep = _Sweep(worker, where.interface, budget)
        await sweep.ask_all(targets, on_progress)
    return sweep.asked, sorted(sweep.heard, key=lambda s: (*neighbours.address_order(s.address), s.mac))


def read_answers(frame: bytes, asked: AbstractSet[str], interface: str) -> dict[Sighting, int]:
    """Sightings in a worker's frame of lines "address mac asked", and how often each address had been asked.

    What is malformed or was not asked is left out.
    """
    lines = (line.split(" ") for line in frame.decode("ascii", "replace").split("\n"))
    return {Sighting(line[0], line[1], interface): int(line[2]) for line in lines if _is_answer(line, asked)}


def _is_answer(line: Sequence[str], asked: AbstractSet[str]) -> bool:
    try:
        address, mac, often = line
        raw = bytes.fromhex(mac.replace(":", ""))
    except ValueError:
        return False
    known = address in asked and str(ipaddress.ip_address(address)) == address and neighbours.mac_text(raw) == mac
    return known and often in _OFTEN


def _deadline(addresses: int, budget: Budget) -> float:
    slowest = max(1, budget.limits.packets_per_second // 4)  # other bursts may hold most of the pace
    seconds = PASSES * (addresses / slowest + LAST_SECONDS)
    return STARTING_SECONDS + PATIENCE_FACTOR * seconds
