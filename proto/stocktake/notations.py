"""The values that can be taken out of evidence, and every notation in which one stands there. Pure.

A value is a MAC, a text (a serial number) or a UUID. Its notations: raw octets, hexadecimal text with any separator,
decimal arcs of an OID, UTF-16, the IPv6 address that is made of a MAC. It does not know what a content is.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stocktake import values as v

MAC, TEXT, UUID_KIND = "mac", "text", "uuid"
SHORTEST_TEXT, LONGEST_TEXT = 4, 128  # characters of a text that can be looked for
TOMBSTONE = "XXXXXXXX"
#: what stands where a value stood, in each notation; a value that is found in one of these cannot be looked for
TOMBSTONES = (bytes(32), b"00:00:00:00:00:00", b"0.0.0.0.0.0", TOMBSTONE.encode(), str(UUID(int=0)).encode())

_OCTET_GAP = rb"[^0-9A-Za-z]{0,4}(?:0?[xX]\x00{0,3})?"  # between two octets that are written in hexadecimal
_WIDE = rb"\x00{0,3}"  # between two characters of UTF-16 and UTF-32
_ARC_GAP = rb"[^0-9A-Za-z]{1,3}"


class NotErasable(ValueError):
    """The value cannot be looked for; the text says why, for the person who asked."""


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One value that is looked for: its kind and its canonical octets (6, 16, or text in upper case)."""

    kind: str
    octets: bytes

    def __repr__(self) -> str:
        return f"Item({self.kind}, …)"


@dataclass(frozen=True, slots=True)
class Notation:
    """One way to write a value: its pattern, what stands there afterwards, and whether it is text (perhaps UTF-16)."""

    pattern: bytes
    tombstone: bytes
    written: bool = False


# ------------------------------------------------------------------------------------------------ values


def item(kind: str, written: str) -> Item:
    """The value as a person writes it; NotErasable where it is none, or too common to be taken out."""
    reader: dict[str, Callable[[str], bytes]] = {MAC: _mac_octets, TEXT: _text_octets, UUID_KIND: _uuid_octets}
    made = Item(kind, reader[kind](written.strip()))
    found = re.compile(b"|".join(each.pattern for each in notations(made)), re.DOTALL)
    if any(found.search(tombstone) for tombstone in TOMBSTONES):
        raise NotErasable(f"this {kind} identifies nothing: it is what stands where nothing is known")
    return made


def _mac_octets(written: str) -> bytes:
    try:
        octets = bytes.fromhex(re.sub(r"[^0-9A-Za-z]", "", written))
    except ValueError:
        octets = b""
    if len(octets) != 6 or octets == b"\xff" * 6:
        raise NotErasable("this is no MAC address: write it as 00:1b:21:00:00:01")
    return octets


def _text_octets(written: str) -> bytes:
    if not SHORTEST_TEXT <= len(written) <= LONGEST_TEXT:
        raise NotErasable(
            f"a serial number of {len(written)} characters would be found in everything: {SHORTEST_TEXT} to "
            f"{LONGEST_TEXT} can be looked for; name the device by its id instead"
        )
    return written.upper().encode("utf-8", "replace")


def _uuid_octets(written: str) -> bytes:
    try:
        return UUID(written).bytes
    except ValueError:
        raise NotErasable("this is no UUID: write it as 4c4c4544-0042-3510-8043-b2c04f564d31") from None


# ------------------------------------------------------------------------------------------------ notations


def _hexadecimal(octets: Iterable[Sequence[int]]) -> bytes:
    """Octets, each one of several, as hexadecimal digits with anything between them."""
    return _OCTET_GAP.join(b"(?:" + b"|".join(_digits(n) for n in each) + b")" for each in octets)


def _digits(octet: int) -> bytes:
    high, low = divmod(octet, 16)
    return _either_case(f"{high:x}") + _WIDE + _either_case(f"{low:x}")


def _either_case(character: str) -> bytes:
    found = {re.escape(c.encode("utf-8", "replace")) for c in (character.lower(), character.upper())}
    return b"(?:%s)" % b"|".join(sorted(found)) if len(found) > 1 else found.pop()


def _decimal(octets: Iterable[Sequence[int]], before: bytes = b"") -> bytes:
    arcs = (b"(?:" + b"|".join(_WIDE.join(c.encode() for c in str(n)) for n in each) + b")" for each in octets)
    return b"(?<![0-9])" + before + _ARC_GAP.join(arcs) + b"(?![0-9])"


def _shortened(octets: bytes) -> bytes:
    """Hexadecimal without leading zeros, as some systems print a MAC: 0:1b:21:0:0:1."""
    parts = (b"0?" + _either_case(f"{n:x}") if n < 16 else _digits(n) for n in octets)
    return b"(?<![0-9A-Fa-f])" + (_WIDE + rb"[:\-. ]" + _WIDE).join(parts) + b"(?![0-9A-Fa-f])"


def _base_128(octets: bytes) -> bytes:
    """Octets as arcs of an OID in BER (X.690, 8.19): two octets from 128 on."""
    return b"".join(bytes((0x81, n & 0x7F)) if n > 127 else bytes((n,)) for n in octets)


def _interface_id(mac: bytes) -> bytes:
    """The half of an IPv6 address that is made of a MAC (RFC 4291, appendix A)."""
    return bytes((mac[0] ^ 2, *mac[1:3], 0xFF, 0xFE, *mac[3:]))


def _groups(eight: bytes) -> bytes:
    """The same half as people write it: four groups, zeros in front left out, a group of zeros perhaps left out."""
    numbers = [int.from_bytes(eight[at : at + 2]) for at in range(0, 8, 2)]
    written = [b"0{0,3}" + _WIDE.join(_either_case(c) for c in f"{n:x}") if n else b"0{0,4}" for n in numbers]
    return b"(?<![0-9A-Fa-f])" + (_WIDE + b":" + _WIDE).join(written) + b"(?![0-9A-Fa-f])"


def notations(wanted: Item) -> Iterator[Notation]:
    """Every way to write a value."""
    if wanted.kind == TEXT:
        yield from _text_notations(wanted.octets.decode("utf-8", "replace"))
    elif wanted.kind == MAC:
        yield from _octet_notations(wanted.octets, b"00:00:00:00:00:00")
        yield Notation(_shortened(wanted.octets), b"00:00:00:00:00:00", written=True)
        address = _interface_id(wanted.octets)
        yield Notation(re.escape(address), bytes(8))
        yield Notation(_groups(address), b"0:0:0:0", written=True)
    else:
        one = UUID(bytes=wanted.octets)
        for octets in sorted({one.bytes, one.bytes_le}):
            yield from _octet_notations(octets, str(UUID(int=0)).encode())


def _octet_notations(octets: bytes, tombstone: bytes) -> Iterator[Notation]:
    zeros = bytes(len(octets))
    yield Notation(re.escape(octets), zeros)
    yield Notation(re.escape(_base_128(octets)), zeros)
    yield Notation(_hexadecimal([(n,) for n in octets]), tombstone, written=True)
    yield Notation(_decimal([(n,) for n in octets]), b".".join([b"0"] * len(octets)), written=True)


def _text_notations(text: str) -> Iterator[Notation]:
    plain = _WIDE.join(_either_case(c) for c in text)
    yield Notation(plain, TOMBSTONE.encode(), written=True)
    if not text.isascii():
        for encoding in ("utf-16-le", "utf-16-be", "latin-1"):
            for spelt in (text, text.lower()):
                yield Notation(re.escape(spelt.encode(encoding, "replace")), TOMBSTONE.encode())
        return
    octets = [tuple(sorted({ord(c.lower()), ord(c.upper())})) for c in text]
    yield Notation(_hexadecimal(octets), TOMBSTONE.encode(), written=True)
    length = b"(?:%d%s)?" % (len(text), _ARC_GAP)  # the length in front of it would tell how long it was
    yield Notation(_decimal(octets, length), b"0", written=True)


# ------------------------------------------------------------------------------------------------ what may be a value

_WRITTEN_MAC = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[:\-. ]?){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])|"
                          r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Fa-f])")  # fmt: skip
_WRITTEN_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_BREAKS = re.compile(r"[\s,;=|\"'<>()\[\]]+")
_MOST_CANDIDATES = 200_000
_LONGEST_WINDOWED = 16_384  # octets
_LAST_ARCS = 24


def candidates(content: v.Content) -> frozenset[Item]:
    """Every value in a content that somebody may have had erased, to be compared by keyed hash; bounded."""
    found: set[Item] = set()
    for each in _leaves(content):
        if len(found) > _MOST_CANDIDATES:
            break
        found.update(written(each) if isinstance(each, str) else _in_octets(each))
    return frozenset(found)


def written(text: str) -> Iterator[Item]:
    """The values that a text may hold."""
    for match in _WRITTEN_MAC.finditer(text):
        yield Item(MAC, bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", match[0])))
    for match in _WRITTEN_UUID.finditer(text):
        yield Item(UUID_KIND, UUID(match[0]).bytes)
    for token in {text.strip(), *_BREAKS.split(text), *re.split(r"[\s:/]+", text)}:
        if SHORTEST_TEXT <= len(token) <= LONGEST_TEXT:
            yield Item(TEXT, token.upper().encode("utf-8", "replace"))


def _leaves(value: Any) -> Iterator[str | bytes]:
    if isinstance(value, v.Binding):
        arcs = [int(arc) if arc.isascii() and arc.isdecimal() and len(arc) < 4 else 256 for arc in value.oid.split(".")]
        yield from (bytes(window) for window in _runs(arcs[-_LAST_ARCS:], 6) if max(window) < 256)
        yield value.value
    elif isinstance(value, str | bytes):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _leaves(each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _leaves(getattr(value, field.name))


def _in_octets(raw: bytes) -> Iterator[Item]:
    for window in _runs(raw[:_LONGEST_WINDOWED], 6):
        yield Item(MAC, bytes(window))
    for window in _runs(raw[:_LONGEST_WINDOWED], 16):
        yield Item(UUID_KIND, bytes(window))
        yield Item(UUID_KIND, UUID(bytes_le=bytes(window)).bytes)
    yield from written(raw[:_LONGEST_WINDOWED].decode("utf-8", "replace").replace("\0", " "))


def _runs(sequence: Sequence[int], length: int) -> Iterator[Sequence[int]]:
    return (sequence[at : at + length] for at in range(len(sequence) - length + 1))
