"""The ARP sweep with raw frames: asks every address of a list by broadcast and hears who answers (RFC 826).

This is the only module that imports scapy, and it runs only in a worker process of its own: scapy is licensed
GPL-2.0-only, so it is kept at the other end of a pipe; it is large; and it stands where hostile frames arrive. This
module knows neither which addresses may be asked nor how often: its parent decides that, order by order, and names the
rate.

The request and each order are JSON; each order is answered by one frame of lines "address mac", and an empty order
ends the conversation:

    request   {"interface": "eth0", "mac": "00:0d:b9:…", "address": "10.1.0.250"}
    order     {"addresses": ["10.1.0.1", …], "packets_per_second": 500, "wait_seconds": 0.2}

scapy makes the frame and opens the socket, once. The loop is our own, because scapy's `srp` compares each answer with
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
from collections.abc import Callable
from typing import Protocol

MACS_PER_ADDRESS = 4  # two machines with one address are worth knowing; a flood of made-up ones is not
FRAME_BYTES = 64  # an ARP frame and its padding

_ARP = struct.Struct("!6s6sHHHBBH6s4s6s4s")
_ETHERTYPE, _ETHERNET, _IPV4, _REPLY = 0x0806, 1, 0x0800, 2
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
    template, wire = open_segment(who["interface"], who["mac"], who["address"])
    while order := conversation.receive():
        what = json.loads(order)
        found = sweep(wire, template, what["addresses"], what["packets_per_second"], what["wait_seconds"])
        conversation("\n".join(f"{address} {mac}" for address, macs in found.items() for mac in macs).encode())


def sweep(
    wire: Wire,
    template: bytes,
    addresses: list[str],
    packets_per_second: float,
    wait_seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, list[str]]:
    """Ask each address once, at the rate, and hear answers until `wait_seconds` after the last: address → its MACs."""
    found: dict[str, list[str]] = {}
    asked = set(addresses)

    def hear_until(deadline: float) -> None:
        while (left := deadline - clock()) > 0:
            answer = reply(wire.receive(left) or b"")
            if answer and answer[0] in asked:
                note(found, *answer)

    for address in addresses:
        sent_at = clock()
        wire.send(question(template, address))
        hear_until(sent_at + 1 / packets_per_second)
    hear_until(clock() + wait_seconds)
    return found


def note(found: dict[str, list[str]], address: str, mac: str) -> None:
    """Remember an answer; of many MACs for one address only the first few."""
    macs = found.setdefault(address, [])
    if mac not in macs and len(macs) < MACS_PER_ADDRESS:
        macs.append(mac)


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
    from scapy.config import conf  # noqa: PLC0415 -- slow and large, and only after it has been slimmed
    from scapy.layers.l2 import ARP, Ether  # noqa: PLC0415 -- the same

    template = bytes(Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=mac, psrc=address, pdst=address))
    opened = conf.L2socket(iface=interface, type=_ETHERTYPE, promisc=False, nofilter=1)
    raw = opened.ins.dup()  # scapy closes its own with its object
    opened.close()
    return template, PacketSocket(raw)


def _slim_scapy() -> None:
    """Keep scapy from reading the registry of all makers (17 MB of memory) and from caching it in a home folder."""
    registry = types.ModuleType("scapy.libs.manuf")
    vars(registry)["DATA"] = ""
    sys.modules.setdefault(registry.__name__, registry)
    os.environ["XDG_CACHE_HOME"] = os.devnull
    logging.getLogger("scapy").setLevel(logging.ERROR)
