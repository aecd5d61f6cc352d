"""Evidence as people can read it: the bytes a device sent, decoded into tables, and as they are. Pure.

It reads the shape of the content and not its meaning: what a value says about a device is a matter of the rules. Every
block is bounded; the whole content is there to download.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from collector.web import words
from stocktake import ber, wire
from stocktake.values import Binding, Content, SnmpBindings

ROWS_LIMIT = 1_000  # of one table
DUMP_LIMIT = 8_192  # octets of one dump
CELL_LIMIT = 1_024  # characters of one cell
_WIDTH = 16  # octets of one line of a dump

_TAGS = {
    ber.INTEGER: "INTEGER", ber.OCTET_STRING: "OCTET STRING", ber.NULL: "NULL", ber.OBJECT_IDENTIFIER: "OID",
    ber.IP_ADDRESS: "IpAddress", ber.COUNTER32: "Counter32", ber.GAUGE32: "Gauge32", ber.TIME_TICKS: "TimeTicks",
    ber.OPAQUE: "Opaque", ber.COUNTER64: "Counter64", ber.UINTEGER32: "UInteger32",
    ber.NO_SUCH_OBJECT: "no such object", ber.NO_SUCH_INSTANCE: "no such instance",
    ber.END_OF_MIB_VIEW: "end of MIB view",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `more`: rows that were left out; `code`: columns that are for the eye of an expert."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Dump:
    """Octets: (offset, hexadecimal, text) by line. `more`: octets that were left out."""

    title: str
    size: int
    lines: tuple[tuple[str, str, str], ...]
    more: int = 0


Block = Grid | Dump


def blocks(content: bytes) -> tuple[str, list[Block]]:
    """The kind of the content and its blocks; where it cannot be decoded, why, and no block."""
    try:
        decoded = wire.decode_content(content)
    except wire.WireError as error:
        return f"This version cannot decode it: {error}", []
    return _kind(decoded), list(_blocks(decoded))


def dump(title: str, octets: bytes) -> Dump:
    """Octets as lines of sixteen."""
    kept = octets[:DUMP_LIMIT]
    lines = tuple(_line(kept, at) for at in range(0, len(kept), _WIDTH))
    return Dump(title, len(octets), lines, len(octets) - len(kept))


def _line(octets: bytes, at: int) -> tuple[str, str, str]:
    piece = octets[at : at + _WIDTH]
    return f"{at:06x}", piece.hex(" "), "".join(chr(o) if 32 <= o < 127 else "·" for o in piece)


def _kind(content: Content) -> str:
    """The kind of a content in words: `SmbiosTable` becomes `SMBIOS table`."""
    return words.sentence_case(words.group_name(re.sub(r"(?<!^)([A-Z])", r"_\1", type(content).__name__).lower()))


def _blocks(content: Content) -> Iterator[Block]:
    if isinstance(content, SnmpBindings):
        yield from _bindings(content)
    else:
        yield from _fields(content)


def _bindings(content: SnmpBindings) -> Iterator[Block]:
    if content.tables:
        rows = tuple((table.root, "to its end" if table.complete else "stopped early") for table in content.tables)
        yield _grid("Tables walked", ("Subtree", "Walked"), iter(rows), len(rows))
    found = (_binding(binding) for binding in content.bindings)
    yield _grid("Variable bindings", ("OID", "Type", "Value", "Octets"), found, len(content.bindings))


def _binding(binding: Binding) -> tuple[str, str, str, str]:
    tag = _TAGS.get(binding.tag, f"type {binding.tag:#04x}")
    return binding.oid, tag, _cell(_value(binding)), _cell(binding.value.hex(" "))


def _value(binding: Binding) -> str:
    """The value as its type says. Octets that are no text are shown by the column of octets alone."""
    if binding.tag == ber.OBJECT_IDENTIFIER:
        try:
            return ber.oid_text(binding.value)
        except ber.BerError:
            return ""
    if binding.tag == ber.IP_ADDRESS and len(binding.value) == 4:
        return ".".join(str(octet) for octet in binding.value)
    if binding.tag == ber.OCTET_STRING:
        return _readable(binding.value)
    number = ber.integer(binding)
    return "" if number is None else str(number)


def _readable(octets: bytes) -> str:
    """Octets as text, or "" where they are mostly something else, such as a MAC or a bit field."""
    text = octets.rstrip(b"\0").decode("utf-8", "replace")
    good = sum(c.isprintable() or c in "\r\n\t" for c in text) - text.count("\N{REPLACEMENT CHARACTER}")
    return text if text and good * 4 >= len(text) * 3 else ""


def _fields(content: Any) -> Iterator[Block]:
    """A dataclass: its plain fields as one table, each repeated one as a table of its own, octets as dumps."""
    plain: list[tuple[str, str]] = []
    later: list[tuple[str, Any]] = []
    for field in dataclasses.fields(content):
        value = getattr(content, field.name)
        if isinstance(value, bytes) or (isinstance(value, tuple) and value and not isinstance(value[0], float)):
            later.append((words.fact_name(field.name), value))
        elif value is not None and value not in ((), ""):
            plain.append((words.fact_name(field.name), _cell(_scalar(value))))
    if plain:
        yield _grid("What was told", ("Field", "Value"), iter(plain), len(plain))
    for title, value in later:
        yield from _repeated(title, value)


def _repeated(title: str, value: Any) -> Iterator[Block]:
    if isinstance(value, bytes):
        if value:
            yield dump(title, value)
    elif dataclasses.is_dataclass(value[0]):
        yield from _items(title, value)
    else:
        pairs = (item if isinstance(item, tuple) else ("", item) for item in value)
        yield _grid(title, ("Name", "Text"), ((_cell(a), _cell(b)) for a, b in pairs), len(value))


def _items(title: str, items: tuple[Any, ...]) -> Iterator[Block]:
    """One table for all items; their raw octets follow, each as a dump."""
    fields = [field.name for field in dataclasses.fields(items[0])]
    raw = [name for name in fields if isinstance(getattr(items[0], name), bytes)]
    shown = [name for name in fields if name not in raw]
    rows = (tuple(_cell(_scalar(getattr(item, name))) for name in shown) for item in items)
    yield _grid(title, tuple(words.fact_name(name) for name in shown), rows, len(items))
    for item in items[:20]:
        for name in raw:
            if octets := getattr(item, name):
                yield dump(f"{words.fact_name(name)}: {_cell(_scalar(getattr(item, shown[0])))}", octets)


def _grid(title: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]], count: int) -> Grid:
    return Grid(title, columns, tuple(islice(rows, ROWS_LIMIT)), max(0, count - ROWS_LIMIT))


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join("=".join(map(str, item)) if isinstance(item, tuple) else str(item) for item in value)
    return str(value)


def _cell(text: str) -> str:
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + "…"
