"""The scan contract in one place: where the agent may send, how much, when, and what was sent.

Every packet to a device passes here, in one of two ways. `Budget.permit` waits until a packet may go, or raises
`Forbidden`; `Endpoint` and `GuardedSocket` refuse at the socket itself. This module does not know what is sent or why:
it knows neither SNMP nor ARP. The contract:

1. Nothing goes to an address outside the named networks, or inside the exclusions by address or maker. All nodes of a
   link are spoken to at once only where an IPv6 network is named, and no maker and nothing of IPv6 is excluded.
2. Nothing ever goes to a denied port, by any transport: printers print what arrives there (515, 9100-9109, …).
3. At most `packets_per_second` leave in any second, at most `packets_per_second_per_host` to one address.
4. At most one SNMP request is in flight to one device, at most 64 to all.
5. Nothing is sent in the quiet hours.
6. Every packet is in the ledger; in a dry run the ledger is all that happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from datetime import time as time_of_day
from functools import lru_cache
from typing import Any

from agent.datagrams import Received
from agent.ledger import Ledger

__all__ = [
    "ALL_NODES",
    "DENIED_PORTS",
    "REQUESTS_IN_FLIGHT",
    "Budget",
    "Burst",
    "Endpoint",
    "Forbidden",
    "GuardedSocket",
    "Ledger",
    "Limits",
]

#: LPD, raw printing (JetDirect and its neighbours), and a raw port of label printers
DENIED_PORTS = frozenset({515, *range(9100, 9110), *range(9112, 9117), 9999})
REQUESTS_IN_FLIGHT = 64
_OBJECTIONS = 4_096  # addresses whose objections are remembered
_DATAGRAM_LIMIT = 65_535  # octets
ALL_NODES = "ff02::1"  # RFC 4291 2.7.1: everybody on a link

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Forbidden(Exception):
    """Something would have broken the scan contract; the text says which limit, and why."""


def _network(text: str) -> _Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no network; write address and prefix length, such as 10.1.0.0/22") from None


def _hours(text: str) -> tuple[time_of_day, time_of_day]:
    first, _, last = text.partition("-")
    try:
        return time_of_day.fromisoformat(first.strip()), time_of_day.fromisoformat(last.strip())
    except ValueError:
        raise ValueError(f"{text!r} are no quiet hours; write two local times, such as 08:30-15:30") from None


@dataclass(frozen=True, slots=True)
class Limits:
    """What the agent may do on the network. Networks and exclusions are CIDRs or addresses; no network means no packet.

    `exclude_macs` are prefixes such as `00:1b:21`; `quiet_hours` are spans of local time such as `08:30-15:30`, and may
    pass midnight. ValueError with a sentence where something cannot be read.
    """

    networks: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    exclude_macs: tuple[str, ...] = ()
    packets_per_second: int = 500
    packets_per_second_per_host: int = 40
    quiet_hours: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for network in (*self.networks, *self.exclude):
            _network(network)
        for hours in self.quiet_hours:
            _hours(hours)
        if self.packets_per_second < 1 or self.packets_per_second_per_host < 1:
            raise ValueError("packets_per_second and packets_per_second_per_host are at least 1")


# ------------------------------------------------------------------------------------------------ the pace


class _Pace:
    """At most `rate` events in any second, and spread over it: about a tenth of them at once."""

    def __init__(self, rate: int) -> None:
        self._times: deque[float] = deque()
        self.set(rate)

    def set(self, rate: int) -> None:
        """Go on at another rate."""
        self._times = deque(self._times, maxlen=rate)
        self._at_once = max(1, rate // 10)
        self._spread_seconds = self._at_once / rate

    def wait(self, now: float) -> float:
        """Seconds until the next event may happen; not positive means now."""
        times = self._times
        if len(times) < self._at_once:
            return 0.0
        spread = times[-self._at_once] + self._spread_seconds - now
        return max(spread, times[0] + 1.0 - now) if len(times) == times.maxlen else spread

    def note(self, now: float) -> None:
        """It happens."""
        self._times.append(now)


@dataclass(frozen=True, slots=True)
class Burst:
    """Leave for a helper process to send by itself: to these addresses alone, at this pace.

    `limits` are the agent's limits at that pace, for a helper with a budget of its own. In a dry run there are no
    addresses.
    """

    addresses: tuple[str, ...]
    packets_per_second: int
    limits: Limits


class Budget:
    """Keeps the scan contract for one process; see the module. Clock, sleep and local time are the outside world."""

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
        local_time: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        ledger: Ledger | None = None,
        dry_run: bool = False,
    ) -> None:
        self.limits = limits
        self.dry_run = dry_run
        self._networks = tuple(map(_network, limits.networks))
        self._excluded = tuple(map(_network, limits.exclude))
        self._excluded_macs = tuple(prefix.lower().replace("-", ":") for prefix in limits.exclude_macs)
        self._quiet = tuple(map(_hours, limits.quiet_hours))
        self._clock, self._sleep, self._local_time = clock, sleep, local_time
        self._ledger = ledger
        self._site = _Pace(limits.packets_per_second)
        self._given = 0  # packets per second that bursts hold
        self._hosts: dict[str, tuple[_Pace, float]] = {}
        self._devices: dict[str, tuple[asyncio.Lock, int]] = {}
        self._in_flight = asyncio.Semaphore(REQUESTS_IN_FLIGHT)
        self._objection = lru_cache(maxsize=_OBJECTIONS)(self._object)  # limits never change

    # -------------------------------------------------------------------------------------------- may it?

    def allows(self, address: str, mac: str = "") -> bool:
        """Whether an address is inside the named networks, and neither it nor its maker is excluded."""
        return not self._objection(address, mac)

    def _object(self, address: str, mac: str = "") -> str:
        """Why nothing may be sent to an address, whatever the time; empty where it may."""
        if address.partition("%")[0] == ALL_NODES:
            return self._objection_to_all_nodes(address)
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return f"{address[:80]!r} is no address"
        if not any(parsed in network for network in self._networks):
            return f"{address} is in none of the networks that were named for scanning"
        if excluded := next((network for network in self._excluded if parsed in network), None):
            return f"{address} is excluded ({excluded})"
        if mac and mac.lower().replace("-", ":").startswith(self._excluded_macs or ("-",)):
            return f"{address} is excluded by its maker ({mac[:8]})"
        return ""

    def _objection_to_all_nodes(self, address: str) -> str:
        if not any(network.version == 6 for network in self._networks):
            return f"{address} is in none of the networks that were named for scanning"
        excluding = self._excluded_macs or any(network.version == 6 for network in self._excluded)
        return f"{address} would also reach those that are excluded" if excluding else ""

    def refuse(self, address: str, port: int, mac: str = "") -> None:
        """Raise Forbidden where nothing may be sent to this port of this address, now or ever."""
        if port in DENIED_PORTS:
            raise Forbidden(f"port {port} is one that may print what it is sent; no packet ever goes there")
        if objection := self._objection(address, mac):
            raise Forbidden(objection)
        self._refuse_in_quiet_hours()

    def _refuse_in_quiet_hours(self) -> None:
        if not self._quiet:
            return
        now = self._local_time().time()
        for text, (first, last) in zip(self.limits.quiet_hours, self._quiet, strict=True):
            if first <= now < last or (first > last and not last <= now < first):
                raise Forbidden(f"nothing is sent in the quiet hours {text}")

    async def permit(self, address: str, port: int, what: str, *, mac: str = "") -> None:
        """Wait until one packet may go to this port of this address, and enter it in the ledger; else Forbidden."""
        self.refuse(address, port, mac)
        now = self._clock()
        host = self._host(address, now)
        while (wait := max(host.wait(now), self._site.wait(now))) > 0:
            await self._sleep(wait)
            self._refuse_in_quiet_hours()  # they may have begun
            now = self._clock()
        host.note(now)
        self._site.note(now)
        self._note(address, str(port), what)

    def _host(self, address: str, now: float) -> _Pace:
        """The pace of one address; those that were quiet for a second are forgotten now and then."""
        if len(self._hosts) > 4 * self.limits.packets_per_second:
            self._hosts = {host: entry for host, entry in self._hosts.items() if now - entry[1] < 1}
        pace, _ = self._hosts.get(address) or (_Pace(self.limits.packets_per_second_per_host), 0.0)
        self._hosts[address] = (pace, now)
        return pace

    @contextlib.asynccontextmanager
    async def permit_burst(
        self, addresses: Iterable[str], what: str, packets: int = 1, *, part: float = 0.5
    ) -> AsyncIterator[Burst]:
        """Leave a part of the pace to a helper process while this context lasts, for the addresses that are allowed.

        `packets` may go to each, at most; the ledger has them at once. Of the whole (`part` 1) one a second stays here.
        """
        self._refuse_in_quiet_hours()
        allowed = tuple(address for address in addresses if self.allows(address))
        free = self.limits.packets_per_second - self._given
        share = max(1, min(free - 1, int(free * part)))
        if allowed:
            span = allowed[0] if len(allowed) == 1 else f"{allowed[0]}-{allowed[-1]}"
            self._note(span, "-", what, len(allowed) * packets)
        self._give(share)
        try:
            to = () if self.dry_run else allowed
            yield Burst(to, share, replace(self.limits, packets_per_second=share))
        finally:
            self._give(-share)

    def _give(self, share: int) -> None:
        self._given += share
        self._site.set(max(1, self.limits.packets_per_second - self._given))

    def _note(self, address: str, port: str, what: str, packets: int = 1) -> None:
        if self._ledger:
            self._ledger.note(address, port, what, packets)

    def flush(self) -> None:
        """Write the ledger to its end."""
        if self._ledger:
            self._ledger.flush()

    def device(self, address: str) -> AbstractAsyncContextManager[None]:
        """One request in flight: wait for the device's turn, and for one of the 64 places that all devices share."""
        return _InFlight(self._devices, self._in_flight, address)

    # -------------------------------------------------------------------------------------------- sockets

    def open_socket(self, family: int = socket.AF_INET, kind: int = socket.SOCK_DGRAM) -> GuardedSocket:
        """A socket towards devices that refuses what the contract forbids. `permit` is still the sender's to ask."""
        guarded = GuardedSocket(family, kind)
        guarded.settimeout(0)  # asyncio wants it so
        guarded.guard(self)
        return guarded

    async def open_endpoint(self, address: str, port: int) -> Endpoint:
        """A datagram endpoint towards one port of one device; Forbidden where nothing may be sent there.

        OSError where this machine has no way to the address.
        """
        self.refuse(address, port)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        loop = asyncio.get_running_loop()
        # of an address, so nobody is asked and nothing is waited for
        target = socket.getaddrinfo(address, port, family, socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0][4]
        guarded = self.open_socket(family)
        try:
            guarded.connect(target)
            transport, received = await loop.create_datagram_endpoint(Received, sock=guarded)
        except OSError:
            guarded.close()
            raise
        return Endpoint(self, transport, received, (address, port))


class _InFlight:
    """One request to one device; a class, as what contextlib would make of a function takes five times as long."""

    __slots__ = ("_address", "_devices", "_places", "_turn")

    def __init__(self, devices: dict[str, tuple[asyncio.Lock, int]], places: asyncio.Semaphore, address: str) -> None:
        self._devices, self._places, self._address = devices, places, address

    async def __aenter__(self) -> None:
        self._turn, users = self._devices.get(self._address) or (asyncio.Lock(), 0)
        self._devices[self._address] = (self._turn, users + 1)
        try:
            await self._turn.acquire()
            try:
                await self._places.acquire()
            except BaseException:
                self._turn.release()
                raise
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._places.release()
        self._turn.release()
        self._leave()

    def _leave(self) -> None:
        turn, users = self._devices.pop(self._address)
        if users > 1:
            self._devices[self._address] = (turn, users - 1)


class GuardedSocket(socket.socket):
    """A socket that refuses, with Forbidden, to speak to what the contract forbids; in a dry run it sends nothing."""

    _budget: Budget | None = None

    def guard(self, budget: Budget) -> None:
        """Put this socket under a contract; without one it refuses everything."""
        self._budget = budget

    def _check(self, address: Any) -> bool:
        """Refuse what is forbidden; True where it may really be sent."""
        if self._budget is None:
            raise Forbidden("a socket towards devices needs a budget")
        if address is not None:
            host, port = address[0], address[1]
            self._budget.refuse(str(host), int(port))
        return not self._budget.dry_run

    def connect(self, address: Any, /) -> None:
        """As socket.connect; only datagram sockets connect in a dry run, as that sends nothing."""
        if self._check(address) or self.type == socket.SOCK_DGRAM:
            super().connect(address)

    def connect_ex(self, address: Any, /) -> int:
        """As socket.connect_ex."""
        return super().connect_ex(address) if self._check(address) or self.type == socket.SOCK_DGRAM else 0

    def send(self, data: Any, flags: int = 0, /) -> int:
        """As socket.send."""
        return super().send(data, flags) if self._check(None) else len(data)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """As socket.sendall."""
        if self._check(None):
            super().sendall(data, flags)

    def sendto(self, data: Any, *where: Any) -> int:
        """As socket.sendto."""
        return super().sendto(data, *where) if self._check(where[-1]) else len(data)

    def sendmsg(self, buffers: Any, ancdata: Any = (), flags: int = 0, address: Any = None, /) -> int:
        """As socket.sendmsg."""
        if self._check(address):
            return super().sendmsg(buffers, ancdata, flags, address)
        return sum(map(len, buffers))

    def recvfrom(self, size: int, flags: int = 0, /) -> tuple[bytes, Any]:
        """As socket.recvfrom. No datagram is as large as the buffers that asyncio would have made anew for each."""
        return super().recvfrom(min(size, _DATAGRAM_LIMIT), flags)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Refused: no file is ever sent to a device."""
        raise Forbidden("no file is sent to a device")


class Endpoint:
    """A way to one port of one device and to nothing else; the kernel drops what comes from anywhere else."""

    def __init__(
        self, budget: Budget, transport: asyncio.DatagramTransport, received: Received, target: tuple[str, int]
    ) -> None:
        self.address, self.port = target
        self.budget = budget
        self._transport = transport
        self._received = received

    async def send(self, data: bytes, what: str) -> None:
        """Send one datagram when the contract lets it go; Forbidden where it does not."""
        await self.budget.permit(self.address, self.port, what)
        self._transport.sendto(data)

    async def receive(self, seconds: float) -> bytes:
        """The next datagram; TimeoutError where none comes in time, OSError where the kernel says nothing listens."""
        if self.budget.dry_run:
            raise TimeoutError("a dry run hears nothing")
        item = await self._received.next(seconds)
        if isinstance(item, OSError):
            raise item
        return item

    async def close(self) -> None:
        """Give the socket back; it is closed when this returns."""
        self._transport.abort()
        await self._received.gone.wait()
