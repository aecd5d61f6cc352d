"""Windows' way without privilege: `SendARP` of iphlpapi, which asks one address and waits for its answer.

Tested on recorded answers, not yet run on Windows. It does not know which addresses may be asked: the budget does. An
address beyond a router is answered by an error, and nothing is sent.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from agent.budget import Budget, Forbidden
from agent.discovery import neighbours
from agent.discovery.attached import Attachment
from agent.discovery.touch import Progress
from stocktake.values import Sighting

THREADS = 32  # a silent address holds its thread for some three seconds

#: asks one address and returns its MAC, no octets where nobody answered; OSError where it could not be asked
SendArp = Callable[[str], bytes]

# winerror.h: what SendARP returns where nobody answered
_NOT_FOUND = (31, 67, 1168)  # ERROR_GEN_FAILURE, ERROR_BAD_NET_NAME, ERROR_NOT_FOUND

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded twin: answers from address → MAC octets; other addresses are silent."""

    answers: Mapping[str, bytes]

    def __call__(self, address: str) -> bytes:
        """The recorded answer of an address."""
        return self.answers.get(address, b"")


def send_arp(address: str) -> bytes:
    """Ask the machine this runs on."""
    if sys.platform != "win32":
        raise OSError("SendARP is Windows' own")
    octets, length = ctypes.create_string_buffer(8), ctypes.c_ulong(8)
    target = int.from_bytes(socket.inet_aton(address), "little")  # an IPAddr is in network order in memory
    status = ctypes.WinDLL("iphlpapi").SendARP(target, 0, octets, ctypes.byref(length))
    if status and status not in _NOT_FOUND:
        raise ctypes.WinError(status)
    return b"" if status else octets.raw[: length.value]


@dataclass(slots=True)
class _Sweep:
    """One sweep: who was asked so far, and who answered."""

    budget: Budget
    call: SendArp
    pool: ThreadPoolExecutor
    asked: set[str] = field(default_factory=set)
    answered: dict[str, str] = field(default_factory=dict)

    async def ask_all(self, targets: Sequence[str], on_progress: Progress) -> None:
        """Ask in rounds. When the quiet hours begin it ends, with what it has."""
        for start in range(0, len(targets), THREADS):
            round_ = (self._ask(address) for address in targets[start : start + THREADS])
            problems = [problem for problem in await asyncio.gather(*round_, return_exceptions=True) if problem]
            on_progress(len(self.asked), len(targets))
            if problems and isinstance(problems[0], Forbidden):
                _log.info("SendARP of %d addresses ended after %d: %s", len(targets), len(self.asked), problems[0])
                return
            if problems:
                raise problems[0]

    async def _ask(self, address: str) -> None:
        await self.budget.permit(address, 0, "SendARP")
        if self.budget.dry_run:
            return
        try:
            mac = await asyncio.get_running_loop().run_in_executor(self.pool, self.call, address)
        except OSError as error:
            _log.debug("SendARP of %s: %s", address, error)
            return
        self.asked.add(address)
        if text := neighbours.mac_text(mac):
            self.answered[address] = text


async def ask(
    targets: Sequence[str], where: Attachment, budget: Budget, *, on_progress: Progress, call: SendArp = send_arp
) -> tuple[set[str], list[Sighting]]:
    """Ask the targets, many at a time: who was asked, and who answered."""
    with ThreadPoolExecutor(THREADS, "sendarp") as pool:
        sweep = _Sweep(budget, call, pool)
        await sweep.ask_all(targets, on_progress)
    seen = [Sighting(address, mac, where.interface) for address, mac in sweep.answered.items()]
    return sweep.asked, sorted(seen, key=lambda s: neighbours.address_order(s.address))
