"""Finds a value in every table and takes it out: the one module that reads and changes rows whatever they mean.

It goes by the tables' columns, so that a table that is added later is searched as well. It does not know who asked, nor
what is remembered of it. Rules, in this order:

1. A row that is the value goes: identifiers, attachments, proposals, facts whose value holds it, and every row whose
   key does. A cell of the register, as it stands or stood, or of a lane, becomes empty; a mark of a claim or of a word
   goes. In all other text the value becomes a tombstone, inside JSON string by string.
2. A content is redacted and stored under its new digest; its evidence points there and says so.
3. The journal and what links to it is never changed: it holds ids and no values. Digests and secrets are no text.
4. A device that is erased whole takes with it all rows that speak of it alone: its claims, records, and the lanes in
   which nothing else was ever met. Versions of the register stay, without what could tell whose they were.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, String, Table, and_, delete, exists, func, insert, or_, select, update

from collector.store import schema as t
from collector.store.schema import metadata
from stocktake import wire
from stocktake.notations import Item, candidates, written
from stocktake.redaction import Sought

#: tables that are never searched. The journal and what came of others' is chained; the rest is ours and holds no text
#: of devices: secrets, hashes, public tables
_LEFT = frozenset({"journal", "archived_entry", "content", "pass", "credential", "enrolment_token", "reference",
                   "erasure", "erased_value", "erased_device", "erase_order", "random_count", "counter"})  # fmt: skip
_GO_WHOLE = frozenset({"identifier", "claimed", "attachment", "proposal"})
_EMPTIED = frozenset({"device", "lane"})
_DROPPING = frozenset({"claim", "word", "register"})  # JSON whose parts go whole: a mark, or a cell that becomes empty
#: columns that name a device beside `device_id`: a row in which one of them stands speaks of that device
_NAMING = ("device_id", "device_a", "device_b", "other_device_id", "switch_id", "a_device", "b_device", "alias_of")
#: cells of the register that stay in versions of a device that was erased whole: what it was, not whose
_KEPT_CELLS = frozenset({"class", "maker", "model", "school", "school_id", "site", "site_id", "life", "made"})
_APART = "\n~~~~~~~~\n"  # between the cells of a row that are searched at once: no notation spans it
_CHUNK = 500

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
            if not sought.occurs(_APART.join(cell for cell in cells if cell)):
                continue
            found.append(tuple(row[: len(keys)]))
            if whose and since and row[-2] and (row[-2] not in devices or row[-1] < devices[row[-2]]):
                devices[row[-2]] = row[-1]
        if found:
            rows[table.name] = tuple(found)
    return Found(rows, tuple(_contents(connection, trust_id, sought)), devices)


def searched() -> list[Table]:
    """Every table with text that a person or a device may have filled."""
    tables = (table for table in metadata.sorted_tables if table.name not in _LEFT and "trust_id" in table.c)
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
            yield frozenset(each for cell in row if cell for each in written(cell))


def content_values(connection: Connection, trust_id: str) -> Iterator[frozenset[Item]]:
    """What may be a value in each content."""
    query = select(t.contents.c.compressed).where(t.contents.c.trust_id == trust_id)
    for compressed in connection.execute(query.execution_options(yield_per=100)).scalars():
        with contextlib.suppress(wire.WireError):
            yield candidates(wire.decode_content(zlib.decompress(compressed)))


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
    for digest in found.contents:
        changed["content"] += _redact_content(connection, trust_id, digest, sought, said)
    if changed:
        connection.execute(update(t.wirings).where(t.wirings.c.trust_id == trust_id).values(changed=True))
    return +changed


def _clean(connection: Connection, table: Table, key: Key, sought: Sought) -> int:
    where = and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))
    row = connection.execute(select(table).where(where)).first()
    cells: dict[str, Any] = dict(row._mapping) if row is not None else {}  # noqa: SLF001 - a row's public mapping
    held = [c for c in _texts(table) if cells.get(c.name) and sought.occurs(cells[c.name])]
    if not held:
        return 0
    goes = table.name in _GO_WHOLE or any(c.primary_key for c in held)
    values = _emptied(table, cells, held) if table.name in _EMPTIED else _cut(table, cells, held, sought)
    if goes or (table.name == "fact" and sought.occurs(cells["value"])) or _says_nothing(table, values):
        connection.execute(delete(table).where(where))
    else:
        connection.execute(update(table).where(where).values(values))
    return 1


def _says_nothing(table: Table, values: Mapping[str, str]) -> bool:
    """Whether a person's word has nobody left on one of its sides."""
    return table.name == "word" and "[]" in (values.get("side_a"), values.get("side_b"))


def _emptied(table: Table, cells: Mapping[str, Any], held: Iterable[Column[str]]) -> dict[str, str]:
    values = {c.name: "" for c in held}
    if table.name == "lane":  # its address or source may be all that tells it from another
        values |= {"source": f"erased {cells['lane_id']}"} if set(values) & {"address", "source", "network"} else {}
    return values


def _cut(table: Table, cells: Mapping[str, Any], held: Iterable[Column[str]], sought: Sought) -> dict[str, str]:
    drop = table.name in _DROPPING
    values = {c.name: redacted(cells[c.name], sought, drop=drop) for c in held}
    lengths = {c.name: getattr(c.type, "length", None) for c in held}
    return {name: value[: lengths[name]] for name, value in values.items()}


def redacted(text: str, sought: Sought, *, drop: bool = False) -> str:
    """A cell without the values. In JSON every string is looked at alone; with `drop`, parts that hold one go whole."""
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, list | dict | str):
        return sought.text(text)[0]
    done = _spelt(_without(parsed, sought) if drop else _inside(parsed, sought), parsed, text)
    return sought.text(done)[0] if sought.occurs(done) else done


def _spelt(value: Any, before: Any, text: str) -> str:
    """A value as JSON in the spelling that a text has: a version of the register is compared by its bytes."""
    for separators in ((", ", ": "), (",", ":")):
        for ascii_only in (True, False):
            if json.dumps(before, separators=separators, ensure_ascii=ascii_only) == text:
                return json.dumps(value, separators=separators, ensure_ascii=ascii_only)
    return json.dumps(value)


def _without(value: Any, sought: Sought) -> Any:
    """A list or an object without the parts that hold a value."""
    if isinstance(value, dict):
        return {name: part for name, part in value.items() if not sought.occurs(json.dumps([name, part]))}
    if isinstance(value, list):
        return [part for part in value if not sought.occurs(json.dumps(part, ensure_ascii=False))]
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


# ------------------------------------------------------------------------------------------------ whole devices


def forget_device(connection: Connection, trust_id: str, device_id: str, now: datetime) -> Counter[str]:
    """Erase a device whole; how many rows went or were emptied, by table."""
    changed: Counter[str] = Counter()
    claims = _ids(connection, t.claims, t.claims.c.claim_id, trust_id, device_id)
    records = _ids(connection, t.records, t.records.c.record_id, trust_id, device_id)
    lanes = _lanes_alone(connection, trust_id, claims)
    for table in reversed(metadata.sorted_tables):
        if table.name in _LEFT or "trust_id" not in table.c:
            continue
        if table.name == "register":
            changed[table.name] += _blank_versions(connection, table, trust_id, device_id, now)
            continue
        alone = [table.c[name] == device_id for name in _NAMING if name in table.c]
        alone += [table.c.claim_id.in_(part) for part in _chunks(claims) if "claim_id" in table.c]
        alone += [table.c.record_id.in_(part) for part in _chunks(records) if "record_id" in table.c]
        for condition in alone:
            gone = connection.execute(delete(table).where(table.c.trust_id == trust_id, condition))
            changed[table.name] += gone.rowcount
    changed += _forget_lanes(connection, trust_id, lanes)
    connection.execute(update(t.wirings).where(t.wirings.c.trust_id == trust_id).values(changed=True))
    return +changed


def _ids(connection: Connection, table: Table, column: Column[Any], trust_id: str, device_id: str) -> list[Any]:
    where = (table.c.trust_id == trust_id) & (table.c.device_id == device_id)
    return list(connection.execute(select(column).where(where)).scalars())


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))


def _lanes_alone(connection: Connection, trust_id: str, claims: list[int]) -> list[int]:
    """Lanes of one device (not of a network or a list) in which no claim of another device stands."""
    found: list[int] = []
    for part in _chunks(claims):
        mine = select(t.claims.c.lane_id).where(t.claims.c.trust_id == trust_id, t.claims.c.claim_id.in_(part))
        found += connection.execute(mine).scalars()
    alone = []
    for lane_id in sorted(set(found) - {0}):
        where = (t.claims.c.trust_id == trust_id) & (t.claims.c.lane_id == lane_id)
        held = set(connection.execute(select(t.claims.c.claim_id).where(where)).scalars())
        kind = connection.execute(
            select(t.lanes.c.kind).where(t.lanes.c.trust_id == trust_id, t.lanes.c.lane_id == lane_id)
        ).scalar()
        if held <= set(claims) and kind in ("ADDRESS", "HOST"):
            alone.append(lane_id)
    return alone


def _forget_lanes(connection: Connection, trust_id: str, lanes: list[int]) -> Counter[str]:
    changed: Counter[str] = Counter()
    for part in _chunks(lanes):
        mine = (t.reports.c.trust_id == trust_id) & t.reports.c.lane_id.in_(part)
        connection.execute(update(t.reports).where(mine).values(lane_id=None, state="read", detail=""))
        for table in (t.unread, t.evidence, t.lanes):
            gone = connection.execute(delete(table).where(table.c.trust_id == trust_id, table.c.lane_id.in_(part)))
            changed[table.name] += gone.rowcount
    pointed = select(t.evidence.c.evidence_id).where(
        t.evidence.c.trust_id == t.contents.c.trust_id, t.evidence.c.digest == t.contents.c.digest
    )
    if lanes:
        gone = connection.execute(delete(t.contents).where(t.contents.c.trust_id == trust_id, ~exists(pointed)))
        changed["content"] += gone.rowcount
    return changed


def _blank_versions(connection: Connection, table: Table, trust_id: str, device_id: str, now: datetime) -> int:
    """Take the cells out of a device's versions that could tell whose it was; the version that stands ends now."""
    where = (table.c.trust_id == trust_id) & (table.c.device_id == device_id)
    rows = connection.execute(select(table.c.row_id, table.c.cells).where(where)).all()
    for row in rows:
        cells = json.loads(row.cells) if row.cells else {}
        kept = {name: cell for name, cell in cells.items() if name in _KEPT_CELLS} if isinstance(cells, dict) else {}
        one = where & (table.c.row_id == row.row_id)
        connection.execute(update(table).where(one).values(cells=_spelt(kept, cells, row.cells) if row.cells else ""))
    connection.execute(update(table).where(where, table.c.recorded_to.is_(None)).values(recorded_to=now))
    return len(rows)


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
