"""Recorded SNMP walks as text: one `OID|TAG|VALUE` line a binding, the form of snmpsim's `.snmprec` files.

TAG is the decimal type tag (2 INTEGER, 4 OCTET STRING, 5 NULL, 6 OBJECT IDENTIFIER, 64 IpAddress, 65 Counter32,
66 Gauge32, 67 TimeTicks, 68 Opaque, 70 Counter64, 71 UInteger32), with the suffix `x` where VALUE is hexadecimal, or
`e` where it has backslash escapes. Any other tag may stand with `x`. Recordings are made by many hands: lines may be
out of order, repeated or broken. What cannot be read is returned beside what can, and nothing here ever raises for it.
This module knows nothing of who answers from a recording.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stocktake import ber
from stocktake.values import Binding

_LINE_LIMIT = 200_000  # characters: a value of 64 KB in hexadecimal, and its OID
_OCTETS = frozenset({ber.OCTET_STRING, ber.OPAQUE})
_NUMBERS = {
    ber.INTEGER: 32,
    ber.COUNTER32: 32,
    ber.GAUGE32: 32,
    ber.TIME_TICKS: 32,
    ber.COUNTER64: 64,
    ber.UINTEGER32: 32,
}  # tag → bits
_KIND = re.compile(r"([0-9]{1,3})([xe]?)").fullmatch
_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", re.DOTALL)
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of a recording that says nothing: its number from 1, and the text."""

    number: int
    line: str


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording holds: its bindings, each OID once and in order, and the lines that could not be read."""

    bindings: tuple[Binding, ...]
    unreadable: tuple[Unreadable, ...] = ()


def read(lines: Iterable[str]) -> tuple[Binding, ...]:
    """The bindings of a recording, sorted by OID; of a repeated OID the first. `parse` has the unreadable lines too."""
    return parse(lines).bindings


def read_file(path: Path) -> Recording:
    """The recording in a file; octets that are no UTF-8 survive as they are. OSError where the file cannot be read."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        return parse(lines)


def parse(lines: Iterable[str]) -> Recording:
    """The bindings of a recording, sorted by OID (of a repeated OID the first), and the lines that say nothing.

    Empty lines and comments (`#`) are neither.
    """
    found: dict[tuple[int, ...], Binding] = {}
    unreadable: list[Unreadable] = []
    for number, line in enumerate(lines, 1):
        bare = line.rstrip("\r\n")
        if not bare.strip() or bare.startswith("#"):
            continue
        try:
            key, binding = _binding(bare)
            found.setdefault(key, binding)
        except ValueError:
            unreadable.append(Unreadable(number, bare[:255]))
    return Recording(tuple(found[key] for key in sorted(found)), tuple(unreadable))


def write(bindings: Iterable[Binding]) -> Iterator[str]:
    """The lines (without line ends) of these bindings, in their order; exceptions such as noSuchObject are left out.

    Numbers are written as numbers, so an INTEGER that was sent with needless octets reads back in its shortest form.
    """
    for binding in bindings:
        if binding.tag not in ber.EXCEPTIONS:
            form, text = _text(binding)
            yield f"{binding.oid}|{binding.tag}{form}|{text}"


# ------------------------------------------------------------------------------------------------ one line


def _binding(line: str) -> tuple[tuple[int, ...], Binding]:
    """The binding of one line, and what it is sorted by; ValueError where it is none."""
    if len(line) > _LINE_LIMIT:
        raise ValueError("the line is too long")
    oid, bar, rest = line.partition("|")
    kind, bar, text = rest.partition("|")
    number = _KIND(kind)
    if not bar or number is None:
        raise ValueError("not OID|TAG|VALUE")
    tag, form = int(number[1]), number[2]
    if tag > 255 or tag & 31 == 31 or tag in ber.EXCEPTIONS:
        raise ValueError("no type of a value")
    key = ber.oid_key(oid.strip().removeprefix("."))
    if len(key) < 2:
        raise ValueError("no OID")
    return key, Binding(".".join(map(str, key)), tag, _content(tag, form, text))


def _content(tag: int, form: str, text: str) -> bytes:
    """The content octets of a value; ValueError where the text is no value of this type."""
    raw = _raw(form, text)
    if tag in _OCTETS:
        return raw
    if tag in _NUMBERS:
        return _number(tag, int.from_bytes(raw, "big") if form else int(text))
    if tag == ber.OBJECT_IDENTIFIER and not form:
        return ber.encode_oid(text.strip().removeprefix("."))
    if tag == ber.IP_ADDRESS:
        return ipaddress.IPv4Address(raw if form else text.strip()).packed
    if tag == ber.NULL:
        return b""
    if form != "x":
        raise ValueError("no value of this type")
    return raw


def _raw(form: str, text: str) -> bytes:
    if form == "x":
        return bytes.fromhex(text)
    octets = text.encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(_unescaped, octets) if form == "e" else octets


def _unescaped(match: re.Match[bytes]) -> bytes:
    escape = match[1]
    if len(escape) == 3 and escape[:1] == b"x":
        return bytes((int(escape[1:], 16),))
    if escape.isdigit():
        return bytes((int(escape, 8) & 255,))
    return _CONTROL.get(escape, escape)


def _number(tag: int, value: int) -> bytes:
    """Content octets of a number. A negative Counter or Gauge is its bit pattern: some recorders print it signed."""
    bits = _NUMBERS[tag]
    if value.bit_length() > 64:
        raise ValueError("a number has at most 64 bits")
    return ber.encode_integer(value) if tag == ber.INTEGER else ber.encode_unsigned(value % (1 << bits))


def _text(binding: Binding) -> tuple[str, str]:
    """The suffix of the tag, and the text of the value."""
    tag, value = binding.tag, binding.value
    number = ber.integer(binding)
    if number is not None and _number(tag, number) == value:
        return "", str(number)
    if tag == ber.OCTET_STRING and _is_plain(value):
        return "", value.decode("ascii")
    if tag == ber.IP_ADDRESS and len(value) == 4:
        return "", str(ipaddress.IPv4Address(value))
    if tag == ber.OBJECT_IDENTIFIER and (oid := _oid(value)):
        return "", oid
    return ("", "") if tag == ber.NULL else ("x", value.hex())


def _is_plain(value: bytes) -> bool:
    """Whether octets can stand as they are, and come back the same."""
    return value.isascii() and value.decode("ascii").isprintable() and value == value.strip()


def _oid(content: bytes) -> str:
    """The dotted form of content octets; empty where they are no OID."""
    try:
        return ber.oid_text(content)
    except ber.BerError:
        return ""
