"""OIDs: their content octets in BER (X.690 8.19), and the dotted text that everything else knows them by.

What is no OID within the limits of SNMP (RFC 2578 3.5) raises `BerError`; nothing else is raised for any input. This
module knows no message, no value and no MIB.
"""

from __future__ import annotations

import re
from functools import lru_cache

ARCS_LIMIT = 128
ARC_LIMIT = 2**32 - 1
_ARC_OCTETS_LIMIT = 5  # 2^32-1, seven bits an octet
_TEXT_LIMIT = ARCS_LIMIT * 11  # characters of a dotted OID
_LARGEST_HEAD = (2, ARC_LIMIT - 80)
_is_dotted = re.compile(r"[0-9]+(\.[0-9]+)*").fullmatch
_DOTTED = [f".{arc}" for arc in range(128)]


class BerError(ValueError):
    """The octets are no strict BER, or no SNMP message; the text says where it goes wrong."""


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
texts = _Texts()


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
