"""Finds a value in every table and takes it out: the one module that reads and changes rows whatever they mean.

It goes by the tables' columns, so that a table that is added later is searched as well. It does not know who asked, nor
what is remembered of it. Rules, in this order:

1. A row that is the value goes: identifiers, attachments, facts and corrections whose value holds it, and every row
   whose key does. A cell of the register, as it stands or stood, or of a lane, becomes empty; a mark of a claim or of
   a word goes. In all other text the value becomes a tombstone, inside JSON string by string.
2. A content is redacted and stored under its new digest; its evidence points there and says so.
3. The journal and what links to it is never changed: it holds ids and no values. Digests and secrets are no text.
4. A file that a person brought goes where it holds the value, as far as it can be read: inside what is compressed
   nothing is found. A spreadsheet that waits to be taken in goes with every erasure, since it can be brought again.

Devices that go whole are `store.forgetting`'s.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, String, Table, and_, delete, exists, func, insert, or_, select, update

from collector.store import schema as t
from collector.store.cells import repeated
from collector.store.schema import metadata
from stocktake import wire
from stocktake.notations import Item, candidates, written
from stocktake.redaction import Sought

#: tables that are never searched. The journal and what came of others' is chained; the rest is ours and holds no text
#: of devices: secrets, hashes, public tables
LEFT = frozenset({"journal", "archived_entry", "content", "pass", "credential", "enrolment_token", "reference",
                   "erased_value", "erased_device", "erase_order", "random_count", "counter"})  # fmt: skip
_GO_WHOLE = frozenset({"identifier", "claimed", "attachment"})
#: rows that go whole where one of these cells holds the value
_GO_WITH = {"fact": frozenset({"value"}), "correction": frozenset({"value"})}
_EMPTIED = frozenset({"device", "lane"})
_DROPPING = frozenset({"claim", "word", "register"})  # JSON whose parts go whole: a mark, or a cell that becomes empty
_COMPRESSED = b"PK\3\4"  # the first octets of a spreadsheet
_APART = "\n~~~~~~~~\n"  # between the cells of a row that are searched at once: no notation spans it

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Where a value stands: table → keys of its rows, the digests of contents, and the devices whose rows those are."""

    rows: Mapping[str, tuple[Key, ...]] = field(default_factory=dict, repr=False)  # keys may be values
    contents: tuple[bytes, ...] = ()
    devices: Mapping[str, datetime] = field(default_factory=dict)  # device → since when a row of it held the value

    def counts(self) -> dict[str, int]:
        """Table → rows, tables without any left out."""
        found = {name: len(keys) for name, keys in sorted(self.rows.items())}
        return found | ({"content": len(self.contents)} if self.contents else {})


# ------------------------------------------------------------------------------------------------ finding


def find(connection: Connection, trust_id: str, sought: Sought) -> Found:
    """Everywhere that one of the values stands now."""
    rows: dict[str, tuple[Key, ...]] = {}
    devices: dict[str, datetime] = {}
    for table in searched():
        texts, keys = _texts(table), list(table.primary_key.columns)
        since = [c for c in (table.c.get("recorded_from"), table.c.get("created")) if c is not None][:1]
        whose = [table.c.device_id] if "device_id" in table.c else []
        found: list[Key] = []
        query = select(*keys, *texts, *whose, *since).where(table.c.trust_id == trust_id)
        for row in connection.execute(query.execution_options(yield_per=1000)):
            cells = row[len(keys) : len(keys) + len(texts)]
            if not holds(sought, _APART.join(cell for cell in cells if cell)):
                continue
            found.append(tuple(row[: len(keys)]))
            if whose and since and row[-2] and (row[-2] not in devices or row[-1] < devices[row[-2]]):
                devices[row[-2]] = row[-1]
        if found:
            rows[table.name] = tuple(found)
    for name, keys_found in _files(connection, trust_id, sought):
        rows[name] = tuple(dict.fromkeys((*rows.get(name, ()), *keys_found)))
    return Found(rows, tuple(_contents(connection, trust_id, sought)), devices)


def holds(sought: Sought, cell: str) -> bool:
    """Whether a text holds a value, as it stands or as the JSON that it may be part of has it escaped."""
    return sought.occurs(cell) or ("\\" in cell and sought.occurs(_unescaped(cell)))


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else match[2]

    return re.sub(r'\\(?:u([0-9a-fA-F]{4})|(["\\/]))', character, text)


def _files(connection: Connection, trust_id: str, sought: Sought) -> Iterator[tuple[str, list[Key]]]:
    """The files of records, and the lists that wait to be taken in, in which a value stands or may stand."""
    for table in (t.documents, t.changes):
        keys = list(table.primary_key.columns)
        query = select(*keys, table.c.content).where(table.c.trust_id == trust_id, table.c.content.is_not(None))
        rows = connection.execute(query.execution_options(yield_per=10))
        found = [tuple(row[:-1]) for row in rows if sought.occurs(bytes(row[-1]))]
        if found:
            yield table.name, found


def searched() -> list[Table]:
    """Every table with text that a person or a device may have filled."""
    tables = (table for table in metadata.sorted_tables if table.name not in LEFT and "trust_id" in table.c)
    return [table for table in tables if _texts(table)]


def _texts(table: Table) -> list[Column[str]]:
    return [c for c in table.c if isinstance(c.type, String) and not c.name.endswith("_id")]


def _contents(connection: Connection, trust_id: str, sought: Sought) -> Iterator[bytes]:
    query = select(t.contents.c.digest, t.contents.c.compressed).where(t.contents.c.trust_id == trust_id)
    for digest, compressed in connection.execute(query.execution_options(yield_per=100)):
        if sought.redact(zlib.decompress(compressed)).places:
            yield digest


def written_values(connection: Connection, trust_id: str) -> Iterator[frozenset[Item]]:
    """What may be a value in each row of each table, to be compared by keyed hash."""
    for table in searched():
        query = select(*_texts(table)).where(table.c.trust_id == trust_id)
        for row in connection.execute(query.execution_options(yield_per=1000)):
            yield _values(row)


def values_in(table: Table, cells: Mapping[str, Any]) -> frozenset[Item]:
    """What may be a value in a row of a table that is searched."""
    return _values(cells.get(column.name) for column in _texts(table)) if table.name not in LEFT else frozenset()


def _values(cells: Iterable[Any]) -> frozenset[Item]:
    return frozenset(each for cell in cells if cell for each in written(_unescaped(cell) if "\\" in cell else cell))


def content_values(connection: Connection, trust_id: str) -> Iterator[frozenset[Item]]:
    """What may be a value in each content."""
    query = select(t.contents.c.compressed).where(t.contents.c.trust_id == trust_id)
    for compressed in connection.execute(query.execution_options(yield_per=100)).scalars():
        yield content_items(zlib.decompress(compressed))


def content_items(raw: bytes) -> frozenset[Item]:
    """What may be a value in a content."""
    try:
        return candidates(wire.decode_content(raw))
    except wire.WireError:
        return frozenset()


def holders(connection: Connection, trust_id: str, sought: Sought) -> frozenset[str]:
    """The devices of which a claim or an identifier is the value."""
    claim = and_(t.claims.c.trust_id == t.claimed.c.trust_id, t.claims.c.claim_id == t.claimed.c.claim_id)
    claimed = select(t.claimed.c.value, t.claims.c.device_id).join(t.claims, claim)
    told = select(t.identifiers.c.value, t.identifiers.c.device_id).where(t.identifiers.c.recorded_to.is_(None))
    rows = [
        *connection.execute(claimed.where(t.claimed.c.trust_id == trust_id)),
        *connection.execute(told.where(t.identifiers.c.trust_id == trust_id)),
    ]
    return frozenset(device for value, device in rows if device and sought.occurs(value))


def marks_of(connection: Connection, trust_id: str, device_id: str) -> frozenset[tuple[str, str]]:
    """What identifies a device as far as is believed: (kind, value)."""
    claim = and_(t.claims.c.trust_id == t.claimed.c.trust_id, t.claims.c.claim_id == t.claimed.c.claim_id)
    claimed = select(t.claimed.c.kind, t.claimed.c.value).join(t.claims, claim)
    told = select(t.identifiers.c.kind, t.identifiers.c.value)
    rows = [
        *connection.execute(claimed.where(t.claims.c.trust_id == trust_id, t.claims.c.device_id == device_id)),
        *connection.execute(
            told.where(t.identifiers.c.trust_id == trust_id, t.identifiers.c.device_id == device_id,
                       t.identifiers.c.recorded_to.is_(None))
        ),
    ]  # fmt: skip
    return frozenset((kind, value) for kind, value in rows)


def is_shared(connection: Connection, trust_id: str, device_id: str, kind: str, value: str) -> bool:
    """Whether another device is claimed to have the same mark."""
    claim = and_(t.claims.c.trust_id == t.claimed.c.trust_id, t.claims.c.claim_id == t.claimed.c.claim_id)
    query = select(t.claims.c.device_id).join(t.claimed, claim)
    same = (t.claimed.c.trust_id == trust_id) & (t.claimed.c.kind == kind) & (t.claimed.c.value == value)
    return connection.execute(query.where(same, t.claims.c.device_id != device_id).limit(1)).first() is not None


def created(connection: Connection, trust_id: str, device_id: str) -> datetime | None:
    """Since when a device has a row; None where there is no such device."""
    query = select(t.devices.c.created).where(t.devices.c.trust_id == trust_id, t.devices.c.device_id == device_id)
    return connection.execute(query).scalar()


def strangers(connection: Connection, trust_id: str, unseen_since: datetime, identifying: Collection[str]) -> list[str]:
    """Devices that nobody recorded, that no mark of these kinds identifies, and that were not seen since a time."""
    claim = and_(t.claims.c.trust_id == t.claimed.c.trust_id, t.claims.c.claim_id == t.claimed.c.claim_id)
    strong = (
        select(t.claimed.c.claim_id)
        .join(t.claims, claim)
        .where(t.claims.c.trust_id == t.devices.c.trust_id, t.claims.c.device_id == t.devices.c.device_id,
               t.claimed.c.kind.in_(sorted(identifying)))
    )  # fmt: skip
    recorded = select(t.records.c.record_id).where(
        t.records.c.trust_id == t.devices.c.trust_id, t.records.c.device_id == t.devices.c.device_id
    )
    old = (t.devices.c.trust_id == trust_id) & (t.devices.c.last_seen < unseen_since) & t.devices.c.alias_of.is_(None)
    query = select(t.devices.c.device_id).where(old, t.devices.c.serial == "", ~exists(strong), ~exists(recorded))
    return list(connection.execute(query.order_by(t.devices.c.device_id)).scalars())


# ------------------------------------------------------------------------------------------------ taking out


def take_out(connection: Connection, trust_id: str, sought: Sought, found: Found, said: str) -> Counter[str]:
    """Take values out of where they were found; `said` is what evidence says of it. How many rows changed, by table."""
    changed: Counter[str] = Counter()
    tables = {table.name: table for table in searched()}
    for name, keys in found.rows.items():
        for key in keys:
            changed[name] += _clean(connection, tables[name], key, sought)
    waits = (t.changes.c.trust_id == trust_id) & (func.substr(t.changes.c.content, 1, 4) == _COMPRESSED)
    changed["change"] += connection.execute(delete(t.changes).where(waits)).rowcount
    for digest in found.contents:
        changed["content"] += _redact_content(connection, trust_id, digest, sought, said)
    if changed:
        connection.execute(update(t.wirings).where(t.wirings.c.trust_id == trust_id).values(changed=True))
    return +changed


def _clean(connection: Connection, table: Table, key: Key, sought: Sought) -> int:
    where = and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))
    row = connection.execute(select(table).where(where)).first()
    cells: dict[str, Any] = dict(row._mapping) if row is not None else {}  # noqa: SLF001 - a row's public mapping
    left = cleaned(table, cells, sought)
    if left == cells:
        return 0
    if left is None:
        connection.execute(delete(table).where(where))
    else:
        values = {name: value for name, value in left.items() if value != cells[name]}
        connection.execute(update(table).where(where).values(values))
    return 1


def cleaned(table: Table, cells: Mapping[str, Any], sought: Sought) -> dict[str, Any] | None:
    """A row without the values, itself where it holds none; None where it goes."""
    held = [c for c in _texts(table) if cells.get(c.name) and holds(sought, cells[c.name])]
    filed = isinstance(cells.get("content"), bytes) and sought.occurs(cells["content"])
    if not held and not filed:
        return dict(cells)
    names = {c.name for c in held}
    goes = filed or table.name in _GO_WHOLE or any(c.primary_key for c in held)
    if goes or names & _GO_WITH.get(table.name, frozenset()):
        return None
    values = _emptied(table, cells, held, sought) if table.name in _EMPTIED else _cut(table, cells, held, sought)
    return None if _says_nothing(table, values) else {**cells, **values}


def _says_nothing(table: Table, values: Mapping[str, Any]) -> bool:
    """Whether a person's word has nobody left on one of its sides."""
    return table.name == "word" and "[]" in (values.get("side_a"), values.get("side_b"))


def _emptied(table: Table, cells: Mapping[str, Any], held: Iterable[Column[str]], sought: Sought) -> dict[str, str]:
    values = {c.name: "" for c in held}
    if "as_read" in values:
        values["as_read"] = redacted(cells["as_read"], sought, drop=True)
    if table.name == "lane":  # its address or source may be all that tells it from another
        values |= {"source": f"erased {cells['lane_id']}"} if set(values) & {"address", "source", "network"} else {}
    return values


def _cut(table: Table, cells: Mapping[str, Any], held: Iterable[Column[str]], sought: Sought) -> dict[str, Any]:
    drop = table.name in _DROPPING
    values = {c.name: redacted(cells[c.name], sought, drop=drop) for c in held}
    lengths = {c.name: getattr(c.type, "length", None) for c in held}
    cut: dict[str, Any] = {name: value[: lengths[name]] for name, value in values.items()}
    return cut | (repeated(cut["cells"]) if table.name == "register" and "cells" in cut else {})


def redacted(text: str, sought: Sought, *, drop: bool = False) -> str:
    """A cell without the values. In JSON every string is looked at alone; with `drop`, parts that hold one go whole."""
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, list | dict | str):
        return sought.text(text)[0]
    done = spelt(_without(parsed, sought) if drop else _inside(parsed, sought), parsed, text)
    return sought.text(done)[0] if sought.occurs(done) else done


def spelt(value: Any, before: Any, text: str) -> str:
    """A value as JSON in the spelling that a text has: a version of the register is compared by its bytes."""
    for separators in ((", ", ": "), (",", ":")):
        for ascii_only in (True, False):
            if json.dumps(before, separators=separators, ensure_ascii=ascii_only) == text:
                return json.dumps(value, separators=separators, ensure_ascii=ascii_only)
    return json.dumps(value)


def _without(value: Any, sought: Sought) -> Any:
    """A list or an object without the parts that hold a value."""
    if isinstance(value, dict):
        return {name: part for name, part in value.items() if not holds(sought, json.dumps([name, part]))}
    if isinstance(value, list):
        return [part for part in value if not holds(sought, json.dumps(part))]
    return sought.text(value)[0]


def _inside(value: Any, sought: Sought) -> Any:
    if isinstance(value, str):
        return sought.text(value)[0]
    if isinstance(value, list):
        return [_inside(each, sought) for each in value]
    if isinstance(value, dict):
        return {sought.text(name)[0]: _inside(each, sought) for name, each in value.items()}
    return value


def _redact_content(connection: Connection, trust_id: str, digest: bytes, sought: Sought, said: str) -> int:
    where = (t.contents.c.trust_id == trust_id) & (t.contents.c.digest == digest)
    compressed = connection.execute(select(t.contents.c.compressed).where(where)).scalar()
    if compressed is None:
        return 0
    raw = sought.redact(zlib.decompress(compressed)).raw
    replace_content(connection, trust_id, digest, raw, said)
    return 1


def replace_content(connection: Connection, trust_id: str, digest: bytes, raw: bytes, said: str) -> None:
    """Keep redacted bytes under their own digest; the evidence of the old digest points there and says `said`."""
    new = wire.digest(raw)
    if new == digest:
        return
    held = (t.contents.c.trust_id == trust_id) & (t.contents.c.digest == new)
    if connection.execute(select(t.contents.c.digest).where(held)).first() is None:
        row = {"trust_id": trust_id, "digest": new, "size_bytes": len(raw)}
        connection.execute(insert(t.contents).values(**row, compressed=zlib.compress(raw, 6)))
    theirs = (t.evidence.c.trust_id == trust_id) & (t.evidence.c.digest == digest)
    connection.execute(update(t.evidence).where(theirs).values(digest=new, detail=said))
    connection.execute(delete(t.contents).where(t.contents.c.trust_id == trust_id, t.contents.c.digest == digest))


# ------------------------------------------------------------------------------------------------ fading


def aged_contents(
    connection: Connection, trust_id: str, groups: Collection[str], before: datetime
) -> Iterator[tuple[bytes, bytes]]:
    """Digest and bytes of the contents of these groups (and of their views) that were last observed before a time."""
    base = func.substr(t.evidence.c.group_name, 1, 64)
    views = or_(*(base.like(f"{name}@%") for name in sorted(groups))) if groups else base.is_(None)
    named = or_(t.evidence.c.group_name.in_(sorted(groups)), views)
    last = (
        select(t.evidence.c.digest, func.max(t.evidence.c.last_observed).label("last"))
        .where(t.evidence.c.trust_id == trust_id, t.evidence.c.digest.is_not(None), named)
        .group_by(t.evidence.c.digest)
        .subquery()
    )
    held = (t.contents.c.trust_id == trust_id) & (t.contents.c.digest == last.c.digest)
    query = select(last.c.digest, t.contents.c.compressed).join(t.contents, held).where(last.c.last < before)
    for digest, compressed in connection.execute(query.execution_options(yield_per=100)):
        yield digest, zlib.decompress(compressed)
