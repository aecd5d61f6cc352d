"""The parent's side of the ARP worker: which addresses it asks, in which order, how fast, and what it heard.

The worker (`arp`) sends nothing it was not told to; each order passes the budget before it is given. It knows nothing
of frames or scapy.
"""

from __future__ import annotations

import ipaddress
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from agent.budget import Budget, Burst, Forbidden
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


async def ask(
    targets: Sequence[str], where: Attachment, budget: Budget, workers: Workers, *, on_progress: Progress
) -> tuple[set[str], list[Sighting]]:
    """Ask the targets on one of our networks, the silent ones thrice: who was asked, and who answered.

    Raises `WorkerFailed` where the worker may not or can not do it.
    """
    asked: set[str] = set()
    heard: set[Sighting] = set()
    request = json.dumps({"interface": where.interface, "mac": where.mac, "address": where.address}).encode()
    async with workers.start(ENTRY_POINT, request, deadline_seconds=_deadline(len(targets), budget)) as worker:
        try:
            for wait_seconds in WAITS_SECONDS:
                answered = {sighting.address for sighting in heard}
                silent = [address for address in targets if address not in answered]
                for start in range(0, len(silent), ORDER_ADDRESSES):
                    async with budget.permit_burst(silent[start : start + ORDER_ADDRESSES], "arp") as burst:
                        heard |= await _order(worker, burst, wait_seconds, where.interface)
                    asked.update(burst.addresses)
                    on_progress(len(asked), len(targets))
            await worker.send(b"")
        except Forbidden as reason:
            _log.info("ARP sweep of %d addresses ended after %d: %s", len(targets), len(asked), reason)
    return asked, sorted(heard, key=lambda s: (*neighbours.address_order(s.address), s.mac))


async def _order(worker: Worker, burst: Burst, wait_seconds: float, interface: str) -> set[Sighting]:
    if not burst.addresses:
        return set()  # nothing allowed, or a dry run
    order = {"addresses": burst.addresses, "packets_per_second": burst.packets_per_second, "wait_seconds": wait_seconds}
    await worker.send(json.dumps(order).encode())
    return read_answers(await anext(worker), frozenset(burst.addresses), interface)


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
