"""The ARP sweep with raw frames: asks every address of a list by broadcast and hears who answers (RFC 826).

This is the only module that imports scapy, and it runs only in a worker process of its own: scapy is licensed
GPL-2.0-only, so it is kept at the other end of a pipe; it is large; and it stands where hostile frames arrive. This
module knows neither which addresses may be asked nor how often: its parent decides that, order by order, and names the
rate.

The request and each order are JSON; each order is answered by one frame of lines "address mac asked" for what was
heard meanwhile, late answers to earlier orders included (`asked`: how often that address had been asked by then), and
an empty order ends the conversation. Who answered meanwhile is not asked again.

    request   {"interface": "eth0", "mac": "00:0d:b9:…", "address": "10.1.0.250"}
    order     {"addresses": ["10.1.0.1", …], "packets_per_second": 500, "wait_seconds": 0.2}

scapy opens the socket, once. The frame and the loop are our own, because scapy's `srp` compares each answer with
each open question, which beyond a /24 costs more time than the sweep. Linux only: Windows asks by `sendarp`.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import select
import socket
import struct
import sys
import time
import types
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Protocol

MACS_PER_ADDRESS = 4  # two machines with one address are worth knowing; a flood of made-up ones is not
FRAME_BYTES = 64  # an ARP frame and its padding
LATE_SECONDS = 0.1  # how late a frame may leave without those behind it leaving later

_ARP = struct.Struct("!6s6sHHHBBH6s4s6s4s")
_ETHERTYPE, _ETHERNET, _IPV4, _REQUEST, _REPLY = 0x0806, 1, 0x0800, 1, 2
_TARGET_AT = 38  # octet of the address that is asked for

#: classic BPF, `arp and arp[6:2] = 2`: everything but ARP replies stays in the kernel. Written out, because compiling
#: it takes libpcap, which a school's server need not have.
REPLIES_ONLY = (
    (0x28, 0, 0, 12),  # ldh [12]: the EtherType
    (0x15, 0, 3, _ETHERTYPE),  # jeq
    (0x28, 0, 0, 20),  # ldh [20]: the operation
    (0x15, 0, 1, _REPLY),  # jeq
    (0x06, 0, 0, FRAME_BYTES),  # ret: keep
    (0x06, 0, 0, 0),  # ret: drop
)
_SO_ATTACH_FILTER = 26  # asm-generic/socket.h


class Conversation(Protocol):
    """The worker's end of the pipe to its parent."""

    def __call__(self, frame: bytes) -> None:
        """Answer one order."""

    def receive(self) -> bytes:
        """Wait for the next order."""


class Wire(Protocol):
    """A network segment: frames out, replies in."""

    def send(self, frame: bytes) -> None:
        """Send one frame."""

    def receive(self, seconds: float) -> bytes | None:
        """The next frame within that time, or None."""


def main(request: bytes, conversation: Conversation) -> None:
    """The worker: open the segment named by the request, then do one order after the other."""
    who = json.loads(request)
    sweep = Sweep(*open_segment(who["interface"], who["mac"], who["address"]))
    while order := conversation.receive():
        what = json.loads(order)
        found = sweep.ask(what["addresses"], what["packets_per_second"], what["wait_seconds"])
        conversation("\n".join(f"{address} {mac} {asked}" for address, mac, asked in found).encode())


class Sweep:
    """One sweep of one segment: its pace and what was asked live as long as it, from order to order."""

    def __init__(self, template: bytes, wire: Wire, clock: Callable[[], float] = time.monotonic) -> None:
        self._template, self._wire, self._clock = template, wire, clock
        self._asked: Counter[str] = Counter()
        self._found: dict[str, list[str]] = {}
        self._news: list[tuple[str, str, int]] = []
        self._sent: deque[float] = deque()  # when the frames of the last second left
        self._next_at = clock()

    def ask(
        self, addresses: Sequence[str], packets_per_second: float, wait_seconds: float
    ) -> list[tuple[str, str, int]]:
        """Ask each address that was not heard yet, and hear answers until `wait_seconds` after the last.

        Returns what is new: address, MAC, and how often the address had been asked.

        In no second are more than `packets_per_second` sent; what this process woke up late for is made good meanwhile.
        """
        self._sent = deque(self._sent, maxlen=max(1, int(packets_per_second)))
        for address in addresses:
            self._hear_until(self._next_at)
            if address in self._found:
                continue
            self._asked[address] += 1
            self._wire.send(question(self._template, address))
            self._next_at = self._note_sent(1 / packets_per_second)
        self._hear_until(self._clock() + wait_seconds)
        news, self._news = self._news, []
        return news

    def _note_sent(self, step: float) -> float:
        """Note that a frame left now; when the next one may."""
        now = self._clock()
        self._sent.append(now)
        spread = max(self._next_at, now - LATE_SECONDS) + step
        return max(spread, self._sent[0] + 1.0) if len(self._sent) == self._sent.maxlen else spread

    def _hear_until(self, deadline: float) -> None:
        while (left := deadline - self._clock()) > 0:
            answer = reply(self._wire.receive(left) or b"")
            if answer and answer[0] in self._asked and note(self._found, *answer):
                self._news.append((*answer, self._asked[answer[0]]))


def note(found: dict[str, list[str]], address: str, mac: str) -> bool:
    """Remember an answer, and whether it was new; of many MACs for one address only the first few."""
    macs = found.setdefault(address, [])
    if mac in macs or len(macs) >= MACS_PER_ADDRESS:
        return False
    macs.append(mac)
    return True


def question(template: bytes, address: str) -> bytes:
    """The frame that asks for an address."""
    return template[:_TARGET_AT] + socket.inet_aton(address) + template[_TARGET_AT + 4 :]


def reply(frame: bytes) -> tuple[str, str] | None:
    """Who answered, address and MAC; None for anything that is no well-formed ARP reply of a unicast MAC."""
    if len(frame) < _ARP.size:
        return None
    _, _, ethertype, hardware, protocol, mac_size, address_size, operation, mac, address, _, _ = _ARP.unpack_from(frame)
    if (ethertype, hardware, protocol, mac_size, address_size, operation) != (
        _ETHERTYPE,
        _ETHERNET,
        _IPV4,
        6,
        4,
        _REPLY,
    ):
        return None
    return None if mac[0] & 1 or not any(mac) else (socket.inet_ntoa(address), mac.hex(":"))


# ------------------------------------------------------------------------------------------------ scapy


class PacketSocket:
    """A raw socket on one interface that hears ARP replies only; neither promiscuous nor open to anything else."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in REPLIES_ONLY))
        program = struct.pack("HP", len(REPLIES_ONLY), ctypes.addressof(code))  # struct sock_fprog
        raw.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)

    def send(self, frame: bytes) -> None:
        """Send one frame; a full queue drops it, and a later pass asks again."""
        try:
            self._raw.send(frame)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != 105:  # ENOBUFS
                raise

    def receive(self, seconds: float) -> bytes | None:
        """The next reply within that time, or None."""
        ready, _, _ = select.select([self._raw], [], [], seconds)
        return self._raw.recv(FRAME_BYTES) if ready else None


def open_segment(interface: str, mac: str, address: str) -> tuple[bytes, Wire]:
    """The frame that asks in our name, and the socket. Raises PermissionError without CAP_NET_RAW."""
    _slim_scapy()
    from scapy.arch.linux import L2Socket  # noqa: PLC0415 -- slow and large, and only after it has been slimmed

    own, here = bytes.fromhex(mac.replace(":", "")), socket.inet_aton(address)
    template = _ARP.pack(b"\xff" * 6, own, _ETHERTYPE, _ETHERNET, _IPV4, 6, 4, _REQUEST, own, here, bytes(6), here)
    opened = L2Socket(iface=interface, type=_ETHERTYPE, promisc=False, nofilter=1)
    raw = opened.ins.dup()  # scapy closes its own with its object
    opened.close()
    return template, PacketSocket(raw)


def _slim_scapy() -> None:
    """Keep scapy from reading the registries of makers (17 MB, 0.1 s), and from caching them in a home folder."""
    for name in ("scapy.libs.manuf", "scapy.libs.bluetoothids"):
        registry = types.ModuleType(name)
        vars(registry)["DATA"] = ""
        sys.modules.setdefault(name, registry)
    os.environ["XDG_CACHE_HOME"] = os.devnull
    logging.getLogger("scapy").setLevel(logging.ERROR)
