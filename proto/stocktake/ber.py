"""Strict BER for SNMP v1 and v2c messages (RFC 1157, RFC 3416, X.690): bytes to values and back, nothing else.

This module knows no socket, no clock and no MIB, and it never interprets a value: a binding keeps the type tag and the
content octets as the device sent them. It is the gate as well as the decoder, because what passes here is stored as
evidence. These hold for every input:

1. Any octets either decode or raise `BerError`; nothing else is ever raised, and nothing recurses.
2. Lengths are definite and have at most 3 length octets (X.690 8.1.3.4, 8.1.3.5); tags have one octet.
3. An element ends inside the element that holds it, and what holds it ends where its last element ends.
4. The nesting is SNMP's own (message, PDU, bindings, binding, value: 5 levels, far below 12). Values are not descended.
5. A message is at most 65,535 octets and holds at most 4,096 bindings.
6. An OID has 2 to 128 arcs, each at most 2^32-1 (RFC 2578 3.5), in its shortest form.
7. An INTEGER of the header has 1 to 5 octets. Values may have any length that fits, as they are only kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from struct import Struct
from typing import NamedTuple

from stocktake.oids import ARC_LIMIT, ARCS_LIMIT, BerError, encode_oid, oid_key, oid_text
from stocktake.oids import texts as _texts
from stocktake.values import Binding

__all__ = [
    "ARCS_LIMIT", "ARC_LIMIT", "AUTHORIZATION_ERROR", "BINDINGS_LIMIT", "COUNTER32", "COUNTER64", "END_OF_MIB_VIEW",
    "EXCEPTIONS", "GAUGE32", "GEN_ERR", "GET", "GET_BULK", "GET_NEXT", "INTEGER", "IP_ADDRESS", "MESSAGE_LIMIT",
    "NO_ACCESS", "NO_SUCH_INSTANCE", "NO_SUCH_NAME", "NO_SUCH_OBJECT", "NULL", "OBJECT_IDENTIFIER", "OCTET_STRING",
    "OPAQUE", "REPORT", "RESPONSE", "SEQUENCE", "TIME_TICKS", "TOO_BIG", "UINTEGER32", "VERSION_1", "VERSION_2C",
    "BerError", "Message", "decode_bindings", "decode_message", "decode_pdu_header", "element", "encode_bindings",
    "encode_element", "encode_integer", "encode_message", "encode_oid", "encode_request", "encode_unsigned",
    "expect", "integer", "octets", "oid_key", "oid_text", "unsigned",
]  # fmt: skip

MESSAGE_LIMIT = 65_535  # octets
BINDINGS_LIMIT = 4_096
_LENGTH_OCTETS_LIMIT = 3
_HEADER_INTEGER_LIMIT = 5  # octets: 2^32-1 with its leading zero
_NUMBER_LIMIT = 9  # octets: Counter64 with its leading zero

# RFC 2578: the types of values
INTEGER, OCTET_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64, UINTEGER32 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x47
# RFC 3416 3: what stands in the place of a value
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = 0x80, 0x81, 0x82
EXCEPTIONS = frozenset({NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW})
# RFC 3416 3: the PDUs
GET, GET_NEXT, RESPONSE, GET_BULK, REPORT = 0xA0, 0xA1, 0xA2, 0xA5, 0xA8
# RFC 3416 3: error-status
TOO_BIG, NO_SUCH_NAME, GEN_ERR, NO_ACCESS, AUTHORIZATION_ERROR = 1, 2, 5, 6, 16

VERSION_1, VERSION_2C = 0, 1

_UNSIGNED_TAGS = frozenset({COUNTER32, GAUGE32, TIME_TICKS, COUNTER64, UINTEGER32})
_OCTETS_TAGS = frozenset({OCTET_STRING, IP_ADDRESS, OPAQUE})
_NO_VALUE = bytes((NULL, 0))
_NAMED = bytes((SEQUENCE, OBJECT_IDENTIFIER))  # a binding's first tags
_LONG_TAGS = bytes(tag for tag in range(256) if tag & 31 == 31)  # that have several octets
_MOST_ROWS = 128  # that are read at once, so that it costs little to find that few are alike
_ROWS = 4  # bindings that are alike, from which on it takes less time to read all of them at once


@dataclass(frozen=True, slots=True)
class Message:
    """One SNMP v1 or v2c message. In a GETBULK, `error_status` and `error_index` are its non-repeaters and repetitions.

    `version` is 0 for v1 and 1 for v2c, as on the wire. The community is a secret, so it is not printed.
    """

    version: int
    community: bytes = field(repr=False)
    pdu_type: int
    request_id: int
    error_status: int = 0
    error_index: int = 0
    bindings: tuple[Binding, ...] = ()


# ------------------------------------------------------------------------------------------------ reading


def element(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """The element at `at`, which must end by `end`: its tag, and where its content starts and stops."""
    start = at + 2
    if start > end:
        raise BerError(f"an element is cut off at octet {at}")
    size = data[at + 1]
    if size == 130 and start + 2 <= end:  # as all that holds much
        start, size = start + 2, data[start] << 8 | data[start + 1]
    elif size > 127:
        start, size = _long_length(data, start, size & 127, end)
    stop = start + size
    if stop > end:
        raise BerError(f"the element at octet {at} overruns what holds it")
    return data[at], start, stop


def _long_length(data: bytes, at: int, octets: int, end: int) -> tuple[int, int]:
    if not 1 <= octets <= _LENGTH_OCTETS_LIMIT:
        raise BerError(f"the length at octet {at - 1} is indefinite or has more than {_LENGTH_OCTETS_LIMIT} octets")
    if at + octets > end:
        raise BerError(f"a length is cut off at octet {at}")
    return at + octets, int.from_bytes(data[at : at + octets], "big")


def expect(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Where the content of the element at `at` starts and stops, which must have this tag."""
    start = at + 2
    if start <= end and data[at] == tag and (stop := start + data[at + 1]) <= end and stop - start < 128:
        return start, stop  # as nearly always
    found, start, stop = element(data, at, end)
    if found != tag:
        raise BerError(f"octet {at} has tag 0x{found:02x} where 0x{tag:02x} belongs")
    return start, stop


def _header_integer(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The INTEGER at `at`, and where it stops."""
    if at + 3 <= end and data[at] == INTEGER and data[at + 1] == 1:  # nearly all have one octet
        octet = data[at + 2]
        return (octet if octet < 128 else octet - 256), at + 3
    start, stop = expect(data, at, end, INTEGER)
    if not 1 <= stop - start <= _HEADER_INTEGER_LIMIT:
        raise BerError(f"the integer at octet {at} has {stop - start} octets")
    return int.from_bytes(data[start:stop], "big", signed=True), stop


def decode_message(data: bytes) -> Message:
    """The v1 or v2c message in a datagram, or BerError."""
    if len(data) > MESSAGE_LIMIT:
        raise BerError(f"a message of {len(data)} octets is longer than {MESSAGE_LIMIT}")
    at, end = expect(data, 0, len(data), SEQUENCE)
    if end != len(data):
        raise BerError(f"octets follow the message, at {end}")
    version, at = _header_integer(data, at, end)
    if version not in (VERSION_1, VERSION_2C):
        raise BerError(f"version {version} is neither 0 (v1) nor 1 (v2c)")
    start, at = expect(data, at, end, OCTET_STRING)
    community = data[start:at]
    pdu_type, at, stop = element(data, at, end)
    if stop != end:
        raise BerError(f"octets follow the PDU, at {stop}")
    if pdu_type not in (GET, GET_NEXT, RESPONSE, GET_BULK, REPORT):
        raise BerError(f"0x{pdu_type:02x} is no PDU that a manager or an agent's answer uses")
    request_id, status, index, at = decode_pdu_header(data, at, end)
    return Message(version, community, pdu_type, request_id, status, index, _bindings(data, at, end))


def decode_pdu_header(data: bytes, at: int, end: int) -> tuple[int, int, int, int]:
    """Request id, error-status and error-index of the PDU content at `at`, and where its bindings begin."""
    request_id, at = _header_integer(data, at, end)
    status, at = _header_integer(data, at, end)
    index, at = _header_integer(data, at, end)
    return request_id, status, index, at


def decode_bindings(data: bytes) -> tuple[Binding, ...]:
    """The bindings of a variable-bindings SEQUENCE that stands alone (as it does inside SNMPv3), or BerError."""
    if len(data) > MESSAGE_LIMIT:
        raise BerError(f"bindings of {len(data)} octets are longer than {MESSAGE_LIMIT}")
    return _bindings(data, 0, len(data))


def _bindings(data: bytes, at: int, end: int) -> tuple[Binding, ...]:
    at, stop = expect(data, at, end, SEQUENCE)
    if stop != end:
        raise BerError(f"octets follow the bindings, at {stop}")
    found = _Columns([], [], [])
    while at < end and len(found.oids) < BINDINGS_LIMIT:
        if (behind := _alike(data, at, end, found)) == at and (behind := _short_bindings(data, at, end, found)) == at:
            behind = _binding(data, at, end, found)
        at = behind
    if at < end or len(found.oids) > BINDINGS_LIMIT:
        raise BerError(f"a message has more than {BINDINGS_LIMIT} bindings")
    return _made(found)


class _Columns(NamedTuple):
    """What was read of bindings so far: the n-th of each belong together."""

    oids: list[str]
    tags: list[int]
    values: list[bytes]


def _alike(data: bytes, at: int, end: int, found: _Columns) -> int:
    """Add bindings as long as they are as long as the first one, in all their parts; where the first other begins.

    Rows of one column mostly are. What they have in common stands in regular distances, so it is compared for all of
    them at once. As below, what is not well-formed is left to `_binding`, and so are fewer than `_ROWS`.
    """
    head = data[at : at + 4]
    step = head[1] + 2 if len(head) == 4 else 0
    if not 6 <= step < 130 or any(data[at + ahead : at + ahead + 4] != head for ahead in (step, (_ROWS - 1) * step)):
        return at
    size = head[3]
    tail = at + 4 + size  # the first value's tag
    stop = at + min((end - at) // step, _MOST_ROWS) * step
    lengths = data[tail + 1 : stop : step]
    rows = _leading(lengths, lengths[:1])
    for place, octet in enumerate(head):
        rows = min(rows, _leading(data[at + place : stop : step], bytes((octet,))))
    stop = at + rows * step
    tags = data[tail:stop:step]
    if rows < _ROWS or head[::2] != _NAMED or lengths[0] != step - size - 6 or tags.translate(None, _LONG_TAGS) != tags:
        return at
    names, _, values = zip(*_row(size, lengths[0]).iter_unpack(data[at:stop]), strict=True)
    found.oids.extend(map(_texts.__getitem__, names))
    found.tags.extend(tags)
    found.values.extend(values)
    return stop


@lru_cache(maxsize=1024)
def _row(name: int, value: int) -> Struct:
    """Name, tag and value of a binding, behind its head."""
    return Struct(f"4x{name}sBx{value}s")


def _leading(octets: bytes, octet: bytes) -> int:
    """How many of the octets are this one before another comes."""
    return len(octets) - len(octets.lstrip(octet))


def _short_bindings(data: bytes, at: int, end: int, found: _Columns) -> int:
    """Add bindings as long as they are well-formed and their lengths have one octet each; where the first other begins.

    Nearly all bindings are so, and these lines read them four times as fast as `_binding`. They believe nothing that it
    would not: what they cannot read is left to it. They end, too, where some may begin that `_alike` reads faster.
    """
    oids, tags, values = found
    before, alike = 0, 0
    try:
        while at < end:
            size = data[at + 1]
            behind, stop = at + 4 + data[at + 3], at + 2 + size
            tag = data[behind]
            if data[at] != SEQUENCE or size > 127 or stop > end or behind + 2 + data[behind + 1] != stop:
                break
            if data[at + 2] != OBJECT_IDENTIFIER or tag & 31 == 31:
                break
            oids.append(_texts[data[at + 4 : behind]])
            tags.append(tag)
            values.append(data[behind + 2 : stop])
            at = stop
            alike = alike + 1 if size == before else 0
            if alike == _ROWS:
                break
            before = size
    except IndexError:
        pass  # it is cut off
    return at


def _made(found: _Columns) -> tuple[Binding, ...]:
    """`tuple(map(Binding, *found))` in half the time, as every object of every device comes by here."""
    return tuple(map(tuple.__new__, repeat(Binding), zip(*found, strict=True)))


def _binding(data: bytes, at: int, end: int, found: _Columns) -> int:
    """Add one binding, or BerError; where it stops."""
    start, stop = expect(data, at, end, SEQUENCE)
    start, at = expect(data, start, stop, OBJECT_IDENTIFIER)
    oid = oid_text(data[start:at])
    tag, start, at = element(data, at, stop)
    if at != stop:
        raise BerError(f"octets follow the value, at {at}")
    if tag & 31 == 31:
        raise BerError(f"the value before octet {start} has a tag of several octets")
    found.oids.append(oid)
    found.tags.append(tag)
    found.values.append(data[start:at])
    return at


# ------------------------------------------------------------------------------------------------ values


def integer(binding: Binding) -> int | None:
    """The number of an INTEGER, Counter, Gauge, TimeTicks; None where the value is no number of at most 64 bits."""
    if not 1 <= len(binding.value) <= _NUMBER_LIMIT:
        return None
    if binding.tag == INTEGER:
        return int.from_bytes(binding.value, "big", signed=True)
    return int.from_bytes(binding.value, "big") if binding.tag in _UNSIGNED_TAGS else None


def unsigned(binding: Binding) -> int | None:
    """As `integer`, but None for negative numbers. Agents that forget a leading zero in a Gauge32 are read right."""
    value = integer(binding)
    return None if value is None or value < 0 else value


def octets(binding: Binding) -> bytes | None:
    """The octets of an OCTET STRING, IpAddress or Opaque; None for other types."""
    return binding.value if binding.tag in _OCTETS_TAGS else None


# ------------------------------------------------------------------------------------------------ writing


def encode_integer(value: int) -> bytes:
    """The content octets of an INTEGER, in the shortest form (X.690 8.3.2)."""
    return value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, "big", signed=True)


def _integer_element(value: int) -> bytes:
    return _SMALL_INTEGERS[value] if 0 <= value < 128 else encode_element(INTEGER, encode_integer(value))


_SMALL_INTEGERS = [bytes((INTEGER, 1, value)) for value in range(128)]


def encode_unsigned(value: int) -> bytes:
    """The content octets of a Counter, Gauge or TimeTicks, in the shortest form; BerError for a negative number."""
    if value < 0:
        raise BerError(f"{value} is negative")
    return encode_integer(value)


def encode_element(tag: int, content: bytes) -> bytes:
    """One element with a definite length."""
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    if len(length) > _LENGTH_OCTETS_LIMIT:
        raise BerError(f"an element of {size} octets is too long")
    return bytes((tag, 128 | len(length))) + length + content


def encode_bindings(bindings: Iterable[Binding]) -> bytes:
    """A variable-bindings SEQUENCE."""
    return encode_element(SEQUENCE, b"".join(map(_encode_binding, bindings)))


def _encode_binding(binding: Binding) -> bytes:
    name = encode_element(OBJECT_IDENTIFIER, encode_oid(binding.oid))
    return encode_element(SEQUENCE, name + encode_element(binding.tag, binding.value))


def encode_message(message: Message) -> bytes:
    """The datagram of a message: what `decode_message` reads."""
    numbers = (message.request_id, message.error_status, message.error_index)
    return _datagram(message.version, message.community, message.pdu_type, numbers, encode_bindings(message.bindings))


def _datagram(version: int, community: bytes, pdu_type: int, numbers: Iterable[int], bindings: bytes) -> bytes:
    header = b"".join(map(_integer_element, numbers))
    before = _integer_element(version) + encode_element(OCTET_STRING, community)
    return encode_element(SEQUENCE, before + encode_element(pdu_type, header + bindings))


def encode_request(
    version: int,
    community: bytes,
    pdu_type: int,
    request_id: int,
    oids: Iterable[str],
    *,
    non_repeaters: int = 0,
    max_repetitions: int = 0,
) -> bytes:
    """The datagram of a GET, GETNEXT or GETBULK for these OIDs; the last two numbers are for GETBULK alone."""
    asked = [encode_element(OBJECT_IDENTIFIER, encode_oid(oid)) + _NO_VALUE for oid in oids]
    bindings = encode_element(SEQUENCE, b"".join([encode_element(SEQUENCE, each) for each in asked]))
    return _datagram(version, community, pdu_type, (request_id, non_repeaters, max_repetitions), bindings)
