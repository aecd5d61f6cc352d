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

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat

from stocktake.values import Binding

MESSAGE_LIMIT = 65_535  # octets
BINDINGS_LIMIT = 4_096
ARCS_LIMIT = 128
ARC_LIMIT = 2**32 - 1
_ARC_OCTETS_LIMIT = 5  # 2^32-1, seven bits an octet
_TEXT_LIMIT = ARCS_LIMIT * 11  # characters of a dotted OID
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
_is_dotted = re.compile(r"[0-9]+(\.[0-9]+)*").fullmatch
_DOTTED = [f".{arc}" for arc in range(128)]
_NO_VALUE = bytes((NULL, 0))
_LARGEST_HEAD = (2, ARC_LIMIT - 80)


class BerError(ValueError):
    """The octets are no strict BER, or no SNMP message; the text says where it goes wrong."""


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
    if size > 127:
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
    oids: list[str] = []
    tags: list[int] = []
    values: list[bytes] = []
    while (at := _short_bindings(data, at, end, oids, tags, values)) < end and len(oids) < BINDINGS_LIMIT:
        oid, tag, value, at = _binding(data, at, end)
        oids.append(oid)
        tags.append(tag)
        values.append(value)
    if at < end or len(oids) > BINDINGS_LIMIT:
        raise BerError(f"a message has more than {BINDINGS_LIMIT} bindings")
    return _made(oids, tags, values)


def _short_bindings(data: bytes, at: int, end: int, oids: list[str], tags: list[int], values: list[bytes]) -> int:
    """Add bindings as long as they are well-formed and their lengths have one octet each; where the first other begins.

    Nearly all bindings are so, and these lines read them four times as fast as `_binding`. They believe nothing that it
    would not: what they cannot read is left to it.
    """
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
    except IndexError:
        pass  # it is cut off
    return at


#: sets what a frozen dataclass keeps from being set, three times as fast as its own constructor does
_set_oid, _set_tag, _set_value = (vars(Binding)[name].__set__ for name in ("oid", "tag", "value"))


def _made(oids: list[str], tags: list[int], values: list[bytes]) -> tuple[Binding, ...]:
    """`tuple(map(Binding, oids, tags, values))` in half the time, as every object of every device comes by here."""
    bindings = tuple(map(Binding.__new__, repeat(Binding, len(oids))))
    for set_field, contents in ((_set_oid, oids), (_set_tag, tags), (_set_value, values)):
        deque(map(set_field, bindings, contents), maxlen=0)
    return bindings


def _binding(data: bytes, at: int, end: int) -> tuple[str, int, bytes, int]:
    """OID, tag and content octets of the value, and where the binding stops."""
    start, stop = expect(data, at, end, SEQUENCE)
    start, at = expect(data, start, stop, OBJECT_IDENTIFIER)
    oid = oid_text(data[start:at])
    tag, start, at = element(data, at, stop)
    if at != stop:
        raise BerError(f"octets follow the value, at {at}")
    if tag & 31 == 31:
        raise BerError(f"the value before octet {start} has a tag of several octets")
    return oid, tag, data[start:at], at


#: octets at the front of an OID that tables share, whatever their indexes are
_STEM = 10


def oid_text(content: bytes) -> str:
    """The dotted form of an OID's content octets, or BerError."""
    if not content:
        raise BerError("an OID has no octets")
    if len(content) > ARCS_LIMIT * _ARC_OCTETS_LIMIT:
        raise BerError(f"an OID of {len(content)} octets has more than {ARCS_LIMIT} arcs")
    text, arc = _arcs(content[_STEM:], *_stem(content[:_STEM]))
    if arc:
        raise BerError("an OID ends inside an arc")
    if text.count(".") >= ARCS_LIMIT:
        raise BerError(f"an OID of {text.count('.') + 1} arcs has more than {ARCS_LIMIT}")
    return text


class _Texts(dict[bytes, str]):
    """The texts of OIDs by their octets, forgotten where they become too many: a tenth of a second makes them anew."""

    def __missing__(self, content: bytes) -> str:
        if len(self) >= _TEXTS_LIMIT:
            self.clear()
        self[content] = text = oid_text(content)
        return text


_TEXTS_LIMIT = 8_192
#: devices have the same columns, and most of them the same rows: an OID that was read once need not be read again
_texts = _Texts()


@lru_cache(maxsize=256)
def _stem(content: bytes) -> tuple[str, int]:
    return _arcs(content, "", 0)


def _arcs(content: bytes, text: str, arc: int) -> tuple[str, int]:
    """The arcs that end in these octets (X.690 8.19.2), dotted, behind those before, and what the last octets begin.

    `text` and `arc` are what the octets before came to.
    """
    texts = [text]
    headless = not text
    for octet in content:
        if octet > 127:
            if octet == 128 and not arc:
                raise BerError("an OID has an arc with leading zeros")
            arc = (arc | octet & 127) << 7
            if arc > ARC_LIMIT:
                raise BerError(f"an OID has an arc above {ARC_LIMIT}")
        elif headless:
            texts.append(_head(arc | octet))
            headless, arc = False, 0
        elif arc:
            texts.append(f".{arc | octet}")
            arc = 0
        else:
            texts.append(_DOTTED[octet])
    return "".join(texts), arc


def _head(subidentifier: int) -> str:
    """The first two arcs, which share a subidentifier (X.690 8.19.4)."""
    first = min(subidentifier // 40, 2)
    return f"{first}.{subidentifier - 40 * first}"


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


def oid_key(oid: str) -> tuple[int, ...]:
    """What a dotted OID is sorted by: its arcs as numbers. BerError where it is no OID within the limits."""
    if len(oid) > _TEXT_LIMIT or not _is_dotted(oid):
        raise BerError(f"an OID is dotted numbers, not {oid[:80]!r}")
    arcs = tuple(map(int, oid.split(".")))
    if len(arcs) > ARCS_LIMIT or max(arcs) > ARC_LIMIT:
        raise BerError(f"an OID has at most {ARCS_LIMIT} arcs of 0 to {ARC_LIMIT}, unlike {oid[:80]!r}")
    if arcs[:2] > _LARGEST_HEAD or (arcs[0] < 2 and max(arcs[1:2], default=0) > 39):
        raise BerError(f"an OID begins with 0.0 to 2.{ARC_LIMIT - 80}, unlike {oid[:80]!r}")
    return arcs


# ------------------------------------------------------------------------------------------------ writing


def encode_oid(oid: str) -> bytes:
    """The content octets of a dotted OID of at least two arcs, or BerError."""
    front, _, last = oid.rpartition(".")
    if len(last) < 10 and last.isascii() and last.isdigit() and 1 < front.count(".") + 1 < ARCS_LIMIT:
        return _encode_front(front) + _encode_arc(int(last))
    return _encode_arcs(oid)


def _encode_arcs(oid: str) -> bytes:
    arcs = oid_key(oid)
    if len(arcs) < 2:
        raise BerError(f"an OID has at least two arcs, unlike {oid!r}")
    subidentifiers = (40 * arcs[0] + arcs[1], *arcs[2:])
    return bytes(subidentifiers) if max(subidentifiers) < 128 else b"".join(map(_encode_arc, subidentifiers))


#: what is asked for next differs from what was asked for before in its last arc
_encode_front = lru_cache(maxsize=1024)(_encode_arcs)


def _encode_arc(arc: int) -> bytes:
    if arc < 128:
        return bytes((arc,))
    groups = [arc & 127]
    while arc := arc >> 7:
        groups.append(128 | arc & 127)
    return bytes(reversed(groups))


def encode_integer(value: int) -> bytes:
    """The content octets of an INTEGER, in the shortest form (X.690 8.3.2)."""
    return value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, "big", signed=True)


def _integer_element(value: int) -> bytes:
    return bytes((INTEGER, 1, value)) if 0 <= value < 128 else encode_element(INTEGER, encode_integer(value))


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
