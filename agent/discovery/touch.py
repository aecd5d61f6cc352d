"""The way without privilege: one empty UDP datagram to each address, then the kernel's neighbour table.

To send the datagram the kernel has to find the address by ARP, and what it learns it shows to everybody. So a process
with no capability at all sees who is there, even a machine whose firewall drops everything. It does not know which
addresses may be asked: the budget does, and every datagram waits for its turn there. Linux; Windows asks by `sendarp`.

The kernel's table is what bounds the speed. It holds 1,024 entries (gc_thresh3) for the whole machine, drops no entry
that is younger than five seconds, and makes an entry for every address asked, there or not. Hence:

1. A burst is at most 256 addresses, and has a socket of its own: one socket's buffer holds some 270 datagrams that wait
   for ARP.
2. At most two bursts start within the time that the kernel keeps their entries, so half of the table stays free.
3. What was learnt is read before it can be dropped.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from agent.budget import Budget, Forbidden, GuardedSocket
from agent.discovery import neighbours
from agent.discovery.attached import Attachment
from agent.discovery.neighbours import Entry, State, Table
from stocktake.values import Sighting

#: the port of traceroute: nothing listens there, and a packet to it alarms nobody
PORT = 33434

BURST = 256
BURSTS_IN_TABLE = 2
ENTRY_SECONDS = 5.2  # the kernel's forced collection spares what is younger than five seconds
PASSES = 2
SETTLE_SECONDS = 1.2  # the kernel asks thrice, a second apart; each pass hears the answers to the first two
POLL_SECONDS = 0.2
#: an old entry is asked again only five seconds after the datagram, up to three times, a second apart
OLD_SECONDS = 8.5
#: an old entry confirmed this recently counts as an answer; the kernel makes entries as if confirmed a minute ago
FRESH_SECONDS = 45.0

#: told how many addresses were asked, of how many
Progress = Callable[[int, int], None]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Touch:
    """One round of touching. `asked` are the addresses that got a datagram, `answered` who proved to be there."""

    budget: Budget
    table: Table = neighbours.kernel
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    on_progress: Progress = lambda done, total: None
    asked: set[str] = field(default_factory=set)
    answered: dict[str, Entry] = field(default_factory=dict)
    _old: set[str] = field(default_factory=set)  # who answered once, and did not say so again yet
    _starts: list[float] = field(default_factory=list)

    async def ask(self, targets: Sequence[str]) -> None:
        """Touch every target, the silent ones again. When the quiet hours begin it ends, with what it has."""
        silent = list(targets)
        try:
            for _ in range(PASSES):
                await self._touch_all(silent, len(targets))
                if self.budget.dry_run or not (silent := await self._settle(silent)):
                    break
        except Forbidden as reason:
            _log.info("touch of %d addresses ended after %d: %s", len(targets), len(self.asked), reason)
        await self._settle_old()

    async def _touch_all(self, silent: Sequence[str], total: int) -> None:
        known = {entry.address: entry.mac for entry in self.table()}
        for burst in _batches(silent, BURST):
            await self._wait_for_room()
            with closing(self.budget.open_socket()) as sock:
                for address in burst:
                    await self._touch(sock, address, known.get(address, ""))
            self._look(silent)
            self.on_progress(len(self.asked), total)

    async def _wait_for_room(self) -> None:
        if len(self._starts) >= BURSTS_IN_TABLE:
            await self.sleep(max(0.0, self._starts[-BURSTS_IN_TABLE] + ENTRY_SECONDS - self.clock()))
        self._starts.append(self.clock())

    async def _touch(self, sock: GuardedSocket, address: str, mac: str) -> None:
        await self.budget.permit(address, PORT, "touch", mac=mac)
        try:
            sock.sendto(b"", (address, PORT))
        except OSError as error:  # no route, a firewall of our own, a full buffer: not asked, and so not swept
            _log.debug("touch of %s: %s", address, error)
        else:
            self.asked.add(address)

    async def _settle(self, silent: Sequence[str]) -> list[str]:
        """Look until everybody answered or the time is over; who did not."""
        until, left = self.clock() + SETTLE_SECONDS, self._look(silent)
        while left and self.clock() < until:
            await self.sleep(POLL_SECONDS)
            left = self._look(left)
        return left

    async def _settle_old(self) -> None:
        """Look until the kernel has made sure of those it only remembers."""
        until = self.clock() + OLD_SECONDS
        while self._old and self.clock() < until:
            await self.sleep(POLL_SECONDS)
            self._look(self._old)

    def _look(self, awaited: Iterable[str]) -> list[str]:
        """Take from the table who answered; who of the awaited did not, in their order."""
        entries = {entry.address: entry for entry in self.table()}
        found = {address: entries[address] for address in awaited if address in entries}
        self.answered |= {address: entry for address, entry in found.items() if is_answer(entry)}
        silent = [address for address in awaited if address not in self.answered]
        self._old = {address for address in silent if address in found and found[address].state is State.OLD}
        return silent


def is_answer(entry: Entry) -> bool:
    """Whether an entry shows that somebody answered just now; an old entry alone does not, nor one written by hand."""
    if entry.state is State.OLD:
        return entry.confirmed_seconds is not None and entry.confirmed_seconds <= FRESH_SECONDS
    return entry.state in (State.FRESH, State.UNTOLD)


async def ask(
    targets: Sequence[str], where: Attachment, budget: Budget, *, table: Table, on_progress: Progress
) -> tuple[set[str], list[Sighting]]:
    """Touch the targets on one of our networks: who was asked, and who answered through that interface."""
    touch = Touch(budget, table, on_progress=on_progress)
    await touch.ask(targets)
    answered = (entry for entry in touch.answered.values() if entry.interface == where.interface)
    return touch.asked, neighbours.sightings(answered)


def _batches(items: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    iterator = iter(items)
    while batch := tuple(itertools.islice(iterator, size)):
        yield batch
