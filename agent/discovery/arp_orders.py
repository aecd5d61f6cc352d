"""The parent's side of the ARP worker: which addresses it asks, in which order, how fast, and what it heard.

The worker (`arp`) sends nothing it was not told to; each order passes the budget before it is given. It knows nothing
of frames or scapy.
"""

from __future__ import annotations

import ipaddress
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from agent.budget import Budget, Forbidden
from agent.discovery import neighbours
from agent.discovery.attached import Attachment
from agent.discovery.touch import Progress
from stocktake.values import Sighting

ENTRY_POINT = "agent.discovery.arp:main"

#: how long to listen after each pass; one pass finds nine in ten, a device that sleeps answers the third
WAITS_SECONDS = (0.2, 0.4, 1.0)

ORDER_ADDRESSES = 1_024  # so that the quiet hours are noticed in the midst of a large network
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
    heard: set[Sighting] = field(default_factory=set)

    async def ask_all(self, targets: Sequence[str], on_progress: Progress) -> None:
        """All passes. When the quiet hours begin it ends, with what it has."""
        try:
            for wait_seconds in WAITS_SECONDS:
                for addresses in self._orders(targets):
                    await self._order(addresses, wait_seconds)
                    on_progress(len(self.asked), len(targets))
            await self.worker.send(b"")
        except Forbidden as reason:
            _log.info("ARP sweep of %d addresses ended after %d: %s", len(targets), len(self.asked), reason)

    def _orders(self, targets: Sequence[str]) -> Iterator[list[str]]:
        answered = {sighting.address for sighting in self.heard}
        silent = [address for address in targets if address not in answered]
        for start in range(0, len(silent), ORDER_ADDRESSES):
            yield silent[start : start + ORDER_ADDRESSES]

    async def _order(self, addresses: list[str], wait_seconds: float) -> None:
        async with self.budget.permit_burst(addresses, "arp") as burst:
            if not burst.addresses:
                return  # nothing allowed, or a dry run
            pace = {"packets_per_second": burst.packets_per_second, "wait_seconds": wait_seconds}
            await self.worker.send(json.dumps({"addresses": burst.addresses} | pace).encode())
            self.heard |= read_answers(await anext(self.worker), frozenset(burst.addresses), self.interface)
            self.asked.update(burst.addresses)


async def ask(
    targets: Sequence[str], where: Attachment, budget: Budget, workers: Workers, *, on_progress: Progress
) -> tuple[set[str], list[Sighting]]:
    """Ask the targets on one of our networks, the silent ones thrice: who was asked, and who answered.

    Raises `WorkerFailed` where the worker may not or can not do it.
    """
    request = json.dumps({"interface": where.interface, "mac": where.mac, "address": where.address}).encode()
    async with workers.start(ENTRY_POINT, request, deadline_seconds=_deadline(len(targets), budget)) as worker:
        sweep = _Sweep(worker, where.interface, budget)
        await sweep.ask_all(targets, on_progress)
    return sweep.asked, sorted(sweep.heard, key=lambda s: (*neighbours.address_order(s.address), s.mac))


def read_answers(frame: bytes, asked: frozenset[str], interface: str) -> set[Sighting]:
    """Sightings in a worker's frame of lines "address mac"; what is malformed or was not asked is left out."""
    pairs = (line.split(" ") for line in frame.decode("ascii", "replace").split("\n"))
    return {Sighting(pair[0], pair[1], interface) for pair in pairs if _is_answer(pair, asked)}


def _is_answer(pair: Sequence[str], asked: frozenset[str]) -> bool:
    try:
        address, mac = pair
        raw = bytes.fromhex(mac.replace(":", ""))
    except ValueError:
        return False
    return address in asked and str(ipaddress.ip_address(address)) == address and neighbours.mac_text(raw) == mac


def _deadline(addresses: int, budget: Budget) -> float:
    slowest = max(1, budget.limits.packets_per_second // 4)  # other bursts may hold most of the pace
    orders = len(WAITS_SECONDS) * (addresses // ORDER_ADDRESSES + 1)
    seconds = len(WAITS_SECONDS) * addresses / slowest + orders * max(WAITS_SECONDS)
    return STARTING_SECONDS + PATIENCE_FACTOR * seconds
