"""SNMPv3 messages from outside (RFC 3412 6): whose they are, and the scoped PDU taken apart. Octets to values, no more.

It checks no key and believes nothing: that is for `usm`, which asks here first, so that whatever a general decoder sees
has passed the strict reader. Any octets are either read or raise `BerError`.
"""

from __future__ import annotations

from dataclasses import dataclass

from stocktake import ber


@dataclass(frozen=True, slots=True)
class Frame:
    """The outside of a v3 message (RFC 3412 6): enough to know what it is before anybody believes it."""

    message_id: int
    authenticated: bool
    plain: bytes  # the scoped PDU, where it is not encrypted


def read_frame(data: bytes) -> Frame:
    """The frame of a datagram, or BerError."""
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    start, at = ber.expect(data, at, end, ber.INTEGER)
    if data[start:at] != b"\x03":
        raise ber.BerError("the message is not SNMPv3")
    header, at = ber.expect(data, at, end, ber.SEQUENCE)
    identity, behind = ber.expect(data, header, at, ber.INTEGER)
    _, size = ber.expect(data, behind, at, ber.INTEGER)
    flags, behind_flags = ber.expect(data, size, at, ber.OCTET_STRING)
    if behind_flags != flags + 1:
        raise ber.BerError("the flags of an SNMPv3 message are one octet")
    _, at = ber.expect(data, at, end, ber.OCTET_STRING)  # security parameters: pysnmp's
    tag, start, stop = ber.element(data, at, end)
    plain = data[at:stop] if tag == ber.SEQUENCE else b""
    return Frame(int.from_bytes(data[identity:behind], "big"), bool(data[flags] & 1), plain)


@dataclass(frozen=True, slots=True)
class Scoped:
    """A scoped PDU taken apart: its type and request id, its bindings, and itself without them."""

    pdu_type: int
    request_id: int
    bindings: bytes
    rest: bytes


def read_scoped(data: bytes) -> Scoped:
    """A scoped PDU (RFC 3412 6.5), which a block cipher may have padded, or BerError."""
    start, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    _, at = ber.expect(data, start, end, ber.OCTET_STRING)
    _, at = ber.expect(data, at, end, ber.OCTET_STRING)
    context = data[start:at]
    pdu_type, at, stop = ber.element(data, at, end)
    request_id, _, _, bindings = ber.decode_pdu_header(data, at, stop)
    ber.expect(data, bindings, stop, ber.SEQUENCE)
    pdu = ber.encode_element(pdu_type, data[at:bindings] + ber.encode_element(ber.SEQUENCE, b""))
    rest = ber.encode_element(ber.SEQUENCE, context + pdu)
    return Scoped(pdu_type, request_id, data[bindings:stop], rest)
