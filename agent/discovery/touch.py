"""The way without privilege: one empty UDP datagram to each address, then the kernel's neighbour table.

To send the datagram the kernel has to find the address by ARP, and what it learns it shows to everybody. So a process
with no capability at all sees who is there, even a machine whose firewall drops everything. It does not know which
addresses may be asked: the budget does, and every datagram waits for its turn there. Linux; Windows asks by `sendarp`.

The kernel asks for an address at most thrice, a second apart, so one datagram may become three packets, and as many are
asked of the budget. The kernel's table is what bounds the speed else. It holds 1,024 entries (gc_thresh3) for the whole
machine, drops no entry that is younger than five seconds but failed ones, and makes an entry for every address asked,
there or not. Hence:

1. At most 256 datagrams leave by one socket: its buffer holds some 270 that wait for ARP.
2. Within the time that the kernel keeps entries no more are made than there is room for, with a quarter of the table
   left free.
3. What was learnt is read before it can be dropped, and who found the table full is touched again.
"""

from __future__ import annotations

import asyncio
import errno
import itertools
import logging
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from agent.budget import Budget, Forbidden, GuardedSocket
from agent.discovery import neighbours
from agent.discovery.attached import Attachment
from agent.discovery.neighbours import Entry, State, Table
from stocktake.values import Sighting

#: the port of traceroute: nothing listens there, and a packet to it alarms nobody
PORT = 33434

BURST = 256
TABLE_ENTRIES = 1024  # where the kernel does not tell its gc_thresh3, as in a namespace
TABLE_LEAST = 128  # addresses in the table at once, however full it is
ENTRY_SECONDS = 5.2  # the kernel's forced collection spares what is younger than five seconds
KERNEL_ASKS = 3  # mcast_solicit: packets that one touch may cause
ROUNDS = 3  # a second and third one only for those who found no room in the table
SETTLE_SECONDS = 2.4  # the kernel asks thrice, a second apart
LOOK_SECONDS = 1.0
POLL_SECONDS = 0.2
#: an old entry is asked again only five seconds after the datagram, up to three times, a second apart
OLD_SECONDS = 8.5
#: an old entry confirmed this recently counts as an answer; the kernel makes entries as if confirmed a minute ago
FRESH_SECONDS = 45.0

_IP_RECVERR = 11  # linux/in.h: without it the kernel keeps to itself that its table is full
_FULL = errno.ENOBUFS
#: with it, a socket also refuses once for each ICMP answer of somebody touched before, and sends nothing
_OF_OTHERS = frozenset({errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENOPROTOOPT})
TRIES = 8

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
    root: Path = Path("/")
    _old: set[str] = field(default_factory=set)  # who answered once, and did not say so again yet
    _recent: deque[float] = field(default_factory=deque)  # when the youngest entries were made
    _looked: float = 0.0

    async def ask(self, targets: Sequence[str]) -> None:
        """Touch every target. When the quiet hours begin it ends, with what it has."""
        self._recent = deque(maxlen=self._room(targets))
        left = list(targets)
        try:
            for _ in range(ROUNDS):
                left = await self._touch_all(left, len(targets))
                if self.budget.dry_run or not left:
                    break
                await self.sleep(LOOK_SECONDS)
        except Forbidden as reason:
            _log.info("touch of %d addresses ended after %d: %s", len(targets), len(self.asked), reason)
        await self._settle(targets)
        await self._settle_old()

    def _room(self, targets: Sequence[str]) -> int:
        """How many entries may be young at once: three quarters of the table, less what others have in it."""
        others = {entry.address for entry in self.table()}.difference(targets)
        try:
            size = int((self.root / "proc/sys/net/ipv4/neigh/default/gc_thresh3").read_text("ascii"))
        except (OSError, ValueError):
            size = TABLE_ENTRIES
        return max(TABLE_LEAST, size * 3 // 4 - len(others))

    async def _touch_all(self, addresses: Sequence[str], total: int) -> list[str]:
        """Touch each once; who found no room in the table."""
        known = {entry.address: entry.mac for entry in self.table()}
        full: list[str] = []
        for burst in _batches(addresses, BURST):
            with closing(self.budget.open_socket()) as sock:
                sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
                for address in burst:
                    await self._wait_for_room(addresses)
                    if not await self._touch(sock, address, known.get(address, "")):
                        full.append(address)
            self._look(addresses)
            self.on_progress(len(self.asked), total)
        return full

    async def _wait_for_room(self, addresses: Sequence[str]) -> None:
        if self.clock() - self._looked >= LOOK_SECONDS:
            self._look(addresses)
        if len(self._recent) == self._recent.maxlen:
            while (wait := self._recent[0] + ENTRY_SECONDS - self.clock()) > 0:
                await self.sleep(min(wait, LOOK_SECONDS))
                self._look(addresses)
        self._recent.append(self.clock())

    async def _touch(self, sock: GuardedSocket, address: str, mac: str) -> bool:
        """Touch one; False where it has to be done again, as the kernel's table is full."""
        await self.budget.permit(address, PORT, "touch", mac=mac)
        for _ in range(KERNEL_ASKS - 1):
            await self.budget.permit(address, 0, "arp by the kernel", mac=mac)
        for _ in range(TRIES):
            try:
                sock.sendto(b"", (address, PORT))
            except OSError as error:
                if error.errno in _OF_OTHERS:
                    continue
                _log.debug("touch of %s: %s", address, error)  # no route, a firewall of our own: not asked
                return error.errno != _FULL
            self.asked.add(address)
            return True
        return False

    async def _settle(self, silent: Sequence[str]) -> list[str]:
        """Look until everybody answered or the time is over; who did not."""
        if self.budget.dry_run:
            return []
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
        self._looked = self.clock()
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
