"""Serves recorded devices over real SNMP (v1 and v2c) on loopback addresses: the simulated schools of `make demo`.

One device, one address. It answers GET, GETNEXT and GETBULK from a recorded walk as a polite device does, and nothing
to another community. It is no test of SNMP itself: tests of that use net-snmp.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from stocktake import ber
from stocktake.values import Binding

GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5
REPETITIONS = 50
RESPONSE_BYTES = 1_400  # what fits an Ethernet frame


@dataclass(frozen=True, slots=True)
class Device:
    """A recorded device: its bindings in order of OID, and the community it answers to."""

    bindings: tuple[Binding, ...]
    keys: tuple[tuple[int, ...], ...]
    community: bytes = b"public"

    @classmethod
    def of(cls, bindings: Iterable[Binding], community: bytes = b"public") -> Device:
        """A device that says these bindings."""
        ordered = sorted(bindings, key=lambda binding: ber.oid_key(binding.oid))
        return cls(tuple(ordered), tuple(ber.oid_key(binding.oid) for binding in ordered), community)

    def answer(self, request: ber.Message) -> tuple[Binding, ...]:
        """The bindings of the answer to a request."""
        asked = [binding.oid for binding in request.bindings]
        if request.pdu_type == GET:
            return tuple(self._exactly(oid) for oid in asked)
        if request.pdu_type == GET_NEXT:
            return tuple(self._after(oid) for oid in asked)
        return tuple(self._bulk(asked, request.error_status, min(request.error_index, REPETITIONS)))

    def _exactly(self, oid: str) -> Binding:
        key = ber.oid_key(oid)
        place = bisect_right(self.keys, key) - 1
        if place >= 0 and self.keys[place] == key:
            return self.bindings[place]
        return Binding(oid, ber.NO_SUCH_OBJECT, b"")

    def _after(self, oid: str) -> Binding:
        place = bisect_right(self.keys, ber.oid_key(oid))
        return self.bindings[place] if place < len(self.keys) else Binding(oid, ber.END_OF_MIB_VIEW, b"")

    def _bulk(self, asked: list[str], non_repeaters: int, repetitions: int) -> Iterable[Binding]:
        """RFC 3416, 4.2.3, cut off where the answer would not fit a frame."""
        said, size = [self._after(oid) for oid in asked[:non_repeaters]], 0
        walking = asked[non_repeaters:]
        for _ in range(repetitions):
            row = [self._after(oid) for oid in walking]
            size += sum(len(binding.value) + len(binding.oid) for binding in row)
            if said and size > RESPONSE_BYTES:
                break
            said += row
            walking = [binding.oid for binding in row]
        return said


class _Port(asyncio.DatagramProtocol):
    """One device's socket."""

    def __init__(self, device: Device) -> None:
        """Takes the device that answers here."""
        self._device = device
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio opened the socket."""
        self._transport = cast("asyncio.DatagramTransport", transport)  # asyncio gives datagram protocols no other

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a request; what is none, or speaks another community, gets silence."""
        try:
            request = ber.decode_message(data)
        except ber.BerError:
            return
        if request.community != self._device.community or request.pdu_type not in (GET, GET_NEXT, GET_BULK):
            return
        answer = ber.Message(
            version=request.version,
            community=request.community,
            pdu_type=RESPONSE,
            request_id=request.request_id,
            error_status=0,
            error_index=0,
            bindings=self._device.answer(request),
        )
        if self._transport:
            self._transport.sendto(ber.encode_message(answer), addr)


async def serve(devices: Mapping[str, Device], port: int) -> list[asyncio.DatagramTransport]:
    """Open every device's socket; close the transports to end them."""
    loop = asyncio.get_running_loop()
    opened = []
    for address, device in devices.items():
        transport, _ = await loop.create_datagram_endpoint(lambda d=device: _Port(d), local_addr=(address, port))  # type: ignore[misc]
        opened.append(transport)
    return opened
