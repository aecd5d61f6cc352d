"""Takes values out of evidence: a MAC, a serial number, a UUID, in whatever notation they stand there. Pure.

It knows what a content is; how values look is `stocktake.notations`'. It does not know whose a value is, nor where
evidence lies. Each occurrence becomes a tombstone of the same kind, which says neither the value nor how long it was:
zeros for a MAC or a UUID, `XXXXXXXX` for text, both of which identify nothing; a sighting or an imported row, which
speaks of one device, goes whole. What does not hold the value stays.

1. After `redact` the value stands nowhere in the bytes, in none of its notations: a field in which tombstones and what
   surrounds them make it up again is emptied, and so is, last of all, the content.
2. Nothing raises for what a device sent, and every content is done with in time that grows with its size alone.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from stocktake import values as v
from stocktake import wire
from stocktake.notations import TEXT, TOMBSTONE, Item, notations

_ROUNDS = 8  # of replacing in one field, before it is emptied
_NUMBER_LEAST = 100_000  # a serial number below that is no rarer than any counter
_INTEGER_TAGS = frozenset({0x02, 0x41, 0x42, 0x43, 0x46})


@dataclass(frozen=True, slots=True)
class Redacted:
    """Bytes without the value, and in how many places it stood."""

    raw: bytes
    places: int


# ------------------------------------------------------------------------------------------------ looking for them


class Sought:
    """Values that are looked for together."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(sorted(set(items)))
        self._tombstones: dict[str, tuple[bytes, bool]] = {}
        patterns = []
        for number, notation in enumerate(n for each in self.items for n in notations(each)):
            self._tombstones[f"n{number}"] = (notation.tombstone, notation.written)
            patterns.append(b"(?P<n%d>%s)" % (number, notation.pattern))
        self._pattern = re.compile(b"|".join(patterns) or rb"(?!)", re.DOTALL)
        texts = (each.octets.decode("utf-8", "replace") for each in self.items if each.kind == TEXT)
        digits = {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 20}
        self._numbers = frozenset(number for number in digits if number >= _NUMBER_LEAST)

    def __repr__(self) -> str:
        return f"Sought({len(self.items)} values)"

    def occurs(self, raw: bytes | str) -> bool:
        """Whether a value stands in there, in any notation."""
        return self._pattern.search(raw if isinstance(raw, bytes) else _encoded(raw)) is not None

    def may_hold(self, raw: bytes) -> bool:
        """Whether an encoded content or report is worth redacting; numbers are recognised only where it is done."""
        return bool(self._numbers) or self.occurs(raw)

    def octets(self, raw: bytes) -> Redacted:
        """Octets of any meaning."""
        places, redacted = 0, raw
        for _ in range(_ROUNDS):
            redacted, found = self._pattern.subn(self._tombstone, redacted)
            places += found
            if not found:
                return Redacted(redacted, places)
        return Redacted(b"", places)

    def text(self, written: str) -> tuple[str, int]:
        """A text, and in how many places the value stood."""
        redacted = self.octets(_encoded(written))
        return (redacted.raw.decode("utf-8", "replace"), redacted.places) if redacted.places else (written, 0)

    def is_number(self, number: int) -> bool:
        """Whether a number is a serial number that is looked for."""
        return number in self._numbers

    def _tombstone(self, match: re.Match[bytes]) -> bytes:
        tombstone, written = self._tombstones[match.lastgroup or ""]
        if written and match[0][1:2] == b"\0":
            return tombstone.decode("ascii").encode("utf-16-be")[1:]  # its first zero stands before the match already
        return tombstone

    # -------------------------------------------------------------------------------------------- evidence

    def redact(self, raw: bytes) -> Redacted:
        """An encoded content. What this version cannot decode is emptied where it holds the value."""
        if not self.may_hold(raw):
            return Redacted(raw, 0)
        try:
            content = wire.decode_content(raw)
        except wire.WireError:
            return Redacted(b"", 1) if self.occurs(raw) else Redacted(raw, 0)
        redacted, places = self._content(content)
        if places == 0 and not self.occurs(raw):
            return Redacted(raw, 0)
        encoded = _reencoded(redacted)
        if encoded is None or self.occurs(encoded):
            return Redacted(wire.encode_content(_emptied(content)), max(1, places))
        return Redacted(encoded, max(1, places))

    def redact_report(self, raw: bytes) -> Redacted:
        """A serialised report, as a spool keeps it. One that cannot be read is emptied where it holds the value."""
        if not self.may_hold(raw):
            return Redacted(raw, 0)
        try:
            report = wire.decode_report(raw)
        except wire.WireError:
            return Redacted(b"", 1) if self.occurs(raw) else Redacted(raw, 0)
        if isinstance(report.body, v.Gap):
            return Redacted(b"", 1) if self.occurs(raw) else Redacted(raw, 0)
        body, places = self._examination(report.body)
        if not places and not self.occurs(raw):
            return Redacted(raw, 0)
        encoded = _whole(lambda: wire.encode_report(dataclasses.replace(report, body=body)))
        return Redacted(b"" if encoded is None or self.occurs(encoded) else encoded, max(1, places))

    def _examination(self, examination: v.Examination) -> tuple[v.Examination, int]:
        subject, places = self._plain(examination.subject)
        groups = []
        for group in examination.groups:
            content, digest = group.content, group.digest
            if content is not None and (done := self.redact(wire.encode_content(content))).places:
                content, digest, places = _decoded(done.raw, content), b"", places + done.places
            detail, found = self.text(group.detail)
            groups.append(dataclasses.replace(group, content=content, digest=digest, detail=detail))
            places += found
        return dataclasses.replace(examination, subject=subject, groups=tuple(groups)), places

    def _content(self, content: v.Content) -> tuple[v.Content, int]:
        if isinstance(content, v.Sightings):
            return self._sightings(content)
        if isinstance(content, v.ImportedRows):
            rows = tuple(each for each in content.rows if not self._plain(each)[1])
            return v.ImportedRows(rows), len(content.rows) - len(rows)
        if isinstance(content, v.SnmpBindings):
            return self._bindings(content)
        if isinstance(content, v.EdidBlocks):
            blocks = [self._edid(block) for block in content.blocks]
            return v.EdidBlocks(tuple(block for block, _ in blocks)), sum(found for _, found in blocks)
        redacted, places = self._plain(content)
        return redacted, places

    def _sightings(self, content: v.Sightings) -> tuple[v.Sightings, int]:
        """A sighting of the value is taken out whole: an address without a MAC would be one more unknown device."""
        kept = tuple(each for each in content.sightings if not self._plain(each)[1])
        return dataclasses.replace(content, sightings=kept), len(content.sightings) - len(kept)

    def _bindings(self, content: v.SnmpBindings) -> tuple[v.SnmpBindings, int]:
        found, bindings = 0, []
        for binding in content.bindings:
            oid, in_oid = self._oid(binding.oid)
            value, in_value = self._value(binding)
            found += in_oid + in_value
            bindings.append(v.Binding(oid, binding.tag, value) if in_oid or in_value else binding)
        tables = []
        for table in content.tables:
            root, in_root = self._oid(table.root)
            found += in_root
            tables.append(v.TableWalk(root, table.complete))
        return v.SnmpBindings(tuple(bindings), tuple(tables)), found

    def _oid(self, oid: str) -> tuple[str, int]:
        redacted, places = self.text(oid)
        if not places:
            return oid, 0
        # a text or hexadecimal notation in arcs leaves letters and colons: what is left must be an OID
        return re.sub(r"[^0-9]+", ".", redacted.replace(TOMBSTONE, "0")).strip(".") or "0.0", places

    def _value(self, binding: v.Binding) -> tuple[bytes, int]:
        if binding.tag in _INTEGER_TAGS:
            if len(binding.value) <= 9 and self.is_number(int.from_bytes(binding.value)):
                return b"\0", 1
            if not self.occurs(binding.value):
                return binding.value, 0
        redacted = self.octets(binding.value)
        return redacted.raw, redacted.places

    def _edid(self, block: v.EdidBlock) -> tuple[v.EdidBlock, int]:
        """A monitor's block keeps its layout (VESA E-EDID 1.4): its number at octet 12, its texts of 13 octets."""
        raw, places = bytearray(block.block), 0
        if self.is_number(int.from_bytes(raw[12:16], "little")):
            raw[12:16], places = bytes(4), 1
        for at in range(54, min(len(raw), 126), 18):
            if raw[at : at + 3] == b"\0\0\0" and self.occurs(bytes(raw[at + 5 : at + 18])):
                raw[at + 5 : at + 18] = b"\n".ljust(13)
                places += 1
        if places and len(raw) >= 128:
            raw[127] = -sum(raw[:127]) & 0xFF
        rest = self.octets(bytes(raw))
        connector, found = self.text(block.connector)
        return v.EdidBlock(connector, rest.raw), places + rest.places + found

    def _plain(self, value: Any) -> tuple[Any, int]:
        """Any other value: its texts and octets, however deep they lie."""
        if isinstance(value, str):
            return self._locator(value) or self.text(value)
        if isinstance(value, bytes):
            redacted = self.octets(value)
            return redacted.raw, redacted.places
        if isinstance(value, tuple):
            parts = [self._plain(each) for each in value]
            return tuple(part for part, _ in parts), sum(found for _, found in parts)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            done = {name: self._plain(getattr(value, name)) for name in names}
            places = sum(found for _, found in done.values())
            return (
                dataclasses.replace(value, **{n: part for n, (part, _) in done.items()}) if places else value
            ), places
        return value, 0

    def _locator(self, written: str) -> tuple[str, int] | None:
        """An IPv6 address, which may be shortened in other ways than patterns know; None for all else."""
        if ":" not in written or len(written) > 45:
            return None
        try:
            address = ipaddress.IPv6Address(written)
        except ValueError:
            return None
        redacted = self.octets(address.packed)
        return (str(ipaddress.IPv6Address(redacted.raw)), 1) if redacted.places and len(redacted.raw) == 16 else None


def _encoded(written: str) -> bytes:
    return written.encode("utf-8", "surrogatepass")


def _whole(encode: Callable[[], bytes]) -> bytes | None:
    """What encoding gives; None where a redacted field is none that the wire takes."""
    try:
        return encode()
    except (ValueError, TypeError, OverflowError):
        return None


def _reencoded(content: v.Content) -> bytes | None:
    raw = _whole(lambda: wire.encode_content(content))
    try:
        wire.decode_content(raw or b"")
    except wire.WireError:
        return None
    return raw


def _decoded(raw: bytes, before: v.Content) -> v.Content:
    try:
        return wire.decode_content(raw)
    except wire.WireError:
        return _emptied(before)


def _emptied(content: v.Content) -> v.Content:
    """The same kind of content with nothing in it: what has no default there is a tuple of values."""
    empty: Any = type(content)
    made: v.Content = empty(*(() for field in dataclasses.fields(content) if field.default is dataclasses.MISSING))
    return made


# ------------------------------------------------------------------------------------------------ random MACs


def without_random_macs(raw: bytes, numbered: tuple[str, ...], is_random: Callable[[bytes], bool]) -> Redacted:
    """A content of neighbour or forwarding tables without the rows of MACs that machines made up, whichever they are.

    `numbered`: columns (OIDs) whose rows are numbered by a MAC, in their last six arcs. `is_random` tells of 6 octets.
    """
    try:
        content = wire.decode_content(raw)
    except wire.WireError:
        return Redacted(raw, 0)
    kept: v.Content
    if isinstance(content, v.Sightings):
        left = tuple(s for s in content.sightings if not is_random(bytes.fromhex(s.mac.replace(":", ""))))
        kept, places = dataclasses.replace(content, sightings=left), len(content.sightings) - len(left)
    elif isinstance(content, v.SnmpBindings):
        rest = tuple(b for b in content.bindings if not _is_of_random(b, numbered, is_random))
        kept, places = dataclasses.replace(content, bindings=rest), len(content.bindings) - len(rest)
    else:
        return Redacted(raw, 0)
    return Redacted(wire.encode_content(kept), places) if places else Redacted(raw, 0)


def _is_of_random(binding: v.Binding, numbered: tuple[str, ...], is_random: Callable[[bytes], bool]) -> bool:
    if len(binding.value) == 6 and binding.tag == 0x04 and is_random(binding.value):
        return True
    if not binding.oid.startswith(numbered):
        return False
    arcs = binding.oid.split(".")[-6:]
    octets = [int(arc) for arc in arcs if arc.isascii() and arc.isdecimal() and len(arc) < 4]
    return len(octets) == 6 and max(octets) < 256 and is_random(bytes(octets))
