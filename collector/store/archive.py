"""Rows that leave with a school or a trust, and rows that come with one: every table of the schema, whoever added it.

A table comes along if it can be told whose its rows are: by a school, site, device, claim, lane, agent, or by the id of
a row that comes along. What must never leave is named in `WITHHELD` and `BLANKED`. Ids that are text stay as they are;
numbers are counted anew, because every trust counts from one.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Date, LargeBinary, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from collector.errors import StoreError
from collector.store import schema as t
from collector.store.batches import chunks
from collector.store.cells import repeated

__all__ = ["Numbers", "Scope", "Table", "Values"]  # and every function below

Values = dict[str, Any]

#: tables that never leave, and why
WITHHELD = {
    "account": "people of the trust that wrote the archive",
    "club_consent": "a secret",
    "club_file": "files of other trusts, for the trust that they were given to alone",
    "content": "stands in the archive as files of its own",
    "counter": "every trust counts for itself",
    "credential": "a secret",
    "departure": "of the moment",
    "enrolment_token": "a secret",
    "gias_file": "reference data that anybody can bring",
    "gias_school": "reference data that anybody can bring",
    "guess": "of the moment",
    "journal": "stands in the archive as a file of its own, with the entries that concern it",
    "judgement": "found again as soon as a school is judged",
    "login": "people of the trust that wrote the archive",
    "pass": "a secret",
    "pause": "of the moment",
    "reference": "reference data that anybody can bring",
    "trust": "the trust that takes the archive in is another",
    "wish": "of the moment",
}
#: cells that never leave: what stands there instead
BLANKED: dict[tuple[str, str], object] = {
    ("agent", "sealing_key"): b"",
    ("agent", "certificate_serial"): "",
    ("agent", "credentials"): "[]",
    ("agent", "network_limits"): "[]",
    ("agent", "networks"): "[]",
    ("agent", "numbers"): "{}",
    ("agent", "troubles"): "[]",
}
#: by which column it is told whose a row is: the first of these that a table has
KEYS = ("device_id", "record_id", "claim_id", "site_id", "agent_id", "lane_id", "school_id")
#: tables of which another column than the first of those tells it
TOLD_BY = {"holder": "claim_id", "device_mark": "school_id"}
#: tables about two devices: their rows leave only with both
PAIRS = {"question": ("device_a", "device_b"), "word": ("device_a", "device_b")}
#: cells of JSON that hold numbers of rows: a list of them, or a list of marks such as ["LANE", 7]
LISTED = {("decision", "claims"): "claim_id"}
MARKED = {("word", "side_a"): "lane_id", ("word", "side_b"): "lane_id"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What leaves: the ids of it by column; None is all of the trust. `lanes` and `agents` are those that are named.

    A device that came from another school brings what was read of it there, so those lanes and agents are named too;
    their evidence, which tells of others as well, stays.
    """

    keys: Mapping[str, Collection[Any]] | None = None
    lanes: Collection[int] = ()
    agents: Collection[str] = ()

    def names(self) -> set[str]:
        """Every text id of it."""
        return {str(one) for ids in (self.keys or {}).values() for one in ids if isinstance(one, str)}


@dataclass
class Numbers:
    """The least and the largest number of each family of numbered rows that was met."""

    of: dict[str, list[int]] = field(default_factory=dict)

    def note(self, row: Mapping[str, Any], families: Mapping[str, str]) -> None:
        """Take in the numbers of a row."""
        for column, family in families.items():
            if number := row[column]:
                least, most = self.of.get(family, (number, number))
                self.of[family] = [min(least, number), max(most, number)]


# ------------------------------------------------------------------------------------------------ leaving


def snapshot(connection: Connection) -> None:
    """See one state of the store from here on, whatever is written meanwhile."""
    connection.rollback()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def scope(connection: Connection, trust_id: str, school_ids: Collection[str] = ()) -> Scope:
    """What leaves with some schools; with none named, everything of the trust."""
    if not school_ids:
        return Scope()
    keys: dict[str, set[Any]] = {"school_id": set(school_ids)}

    def ids(table: Table, column: str, by: str, values: Collection[Any]) -> set[Any]:
        found: set[Any] = set()
        for chunk in chunks(sorted(values)):
            where = (table.c.trust_id == trust_id) & table.c[by].in_(chunk)
            found |= set(connection.execute(select(table.c[column]).where(where)).scalars())
        return found

    keys["site_id"] = ids(t.sites, "site_id", "school_id", keys["school_id"])
    devices = fresh = ids(t.devices, "device_id", "school_id", keys["school_id"])
    while fresh := ids(t.devices, "device_id", "alias_of", fresh) - devices:
        devices = devices | fresh
    keys["device_id"] = devices
    keys["claim_id"] = ids(t.claims, "claim_id", "device_id", devices)
    keys["lane_id"] = ids(t.lanes, "lane_id", "site_id", keys["site_id"])
    keys["agent_id"] = ids(t.agents, "agent_id", "site_id", keys["site_id"])
    lanes = (
        keys["lane_id"] | ids(t.facts, "lane_id", "device_id", devices) | ids(t.claims, "lane_id", "device_id", devices)
    )
    agents = keys["agent_id"] | ids(t.lanes, "agent_id", "lane_id", lanes)
    for table in tables():
        own, by = _own_id(table), _told_by(table, keys)
        if own and own not in keys and by:
            keys[own] = ids(table, own, by, keys[by])
    return Scope(keys, lanes, agents)


def tables() -> list[Table]:
    """The tables whose rows may leave, each after those that it refers to."""
    return [table for table in t.metadata.sorted_tables if table.name not in WITHHELD]


def _own_id(table: Table) -> str:
    """The column that names a row of a table, where it is one beside the trust and no number."""
    names = [column.name for column in table.primary_key if column.name != "trust_id"]
    return names[0] if len(names) == 1 and not isinstance(table.c[names[0]].type, BigInteger) else ""


def _told_by(table: Table, keys: Collection[str]) -> str:
    if table.name in TOLD_BY:
        return TOLD_BY[table.name]
    others = sorted(set(keys) - set(KEYS))
    return next((key for key in (*KEYS, *others) if key in keys and key in table.c), "")


def takes(table: Table, leaving: Scope) -> bool:
    """Whether it can be told which rows of a table leave."""
    return leaving.keys is None or table.name in PAIRS or bool(_told_by(table, leaving.keys))


def rows(connection: Connection, trust_id: str, table: Table, leaving: Scope) -> Iterator[Values]:
    """The rows of a table that leave, without the trust and without what never leaves."""
    query = select(table).where(table.c.trust_id == trust_id).order_by(*table.primary_key)
    for where in _conditions(table, leaving):
        for row in connection.execute(query.where(*where).execution_options(yield_per=1_000)).mappings():
            values = {str(column): value for column, value in row.items() if column != "trust_id"}
            if table.name in PAIRS and not _both(table, values, leaving):
                continue
            yield values | {name: blank for (of, name), blank in BLANKED.items() if of == table.name}


def _both(table: Table, values: Values, leaving: Scope) -> bool:
    """Whether both devices that a row is about leave; one that names none is about the other alone."""
    return leaving.keys is None or values[PAIRS[table.name][1]] in {"", *leaving.keys["device_id"]}


def _conditions(table: Table, leaving: Scope) -> Iterator[list[Any]]:
    if leaving.keys is None:
        yield []
        return
    if table.name in PAIRS:
        yield from ([table.c[PAIRS[table.name][0]].in_(chunk)] for chunk in chunks(sorted(leaving.keys["device_id"])))
        return
    by = _told_by(table, leaving.keys)
    named = {"lane": leaving.lanes, "agent": leaving.agents}.get(table.name, leaving.keys[by])
    column = table.c[{"lane": "lane_id", "agent": "agent_id"}.get(table.name, by)]
    for chunk in chunks(sorted(named)):
        yield [column.in_(chunk)]
    if table.name == "register":  # devices that lived there and went elsewhere stand in the register of those days
        for chunk in chunks(sorted(leaving.keys["school_id"])):
            yield [table.c.school_id.in_(chunk), ~table.c.device_id.in_(_of_schools(leaving))]


def _of_schools(leaving: Scope) -> Any:
    """The devices that live at the schools that leave, their old ids left out."""
    mine = t.devices.c.school_id.in_(sorted((leaving.keys or {})["school_id"]))
    return select(t.devices.c.device_id).where(t.devices.c.trust_id == t.register.c.trust_id, mine)


def digests(connection: Connection, trust_id: str, leaving: Scope) -> list[bytes]:
    """The digests of the contents that leave."""
    query = (
        select(t.evidence.c.digest)
        .distinct()
        .where(t.evidence.c.trust_id == trust_id, t.evidence.c.digest.is_not(None))
    )
    if leaving.keys is None:
        return sorted(connection.execute(query).scalars())
    found: set[bytes] = set()
    for chunk in chunks(sorted(leaving.keys["lane_id"])):
        found |= set(connection.execute(query.where(t.evidence.c.lane_id.in_(chunk))).scalars())
    return sorted(found)


def contents(connection: Connection, trust_id: str, wanted: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Digest and raw content of evidence."""
    for chunk in chunks(wanted):
        query = select(t.contents.c.digest, t.contents.c.compressed).where(
            t.contents.c.trust_id == trust_id, t.contents.c.digest.in_(chunk)
        )
        for row in connection.execute(query):
            yield row.digest, zlib.decompress(row.compressed)


def families(table: Table) -> dict[str, str]:
    """The columns of a table that hold numbers of rows, and the family that counts them together."""
    found = {}
    for column in table.c:
        if isinstance(column.type, BigInteger) and column.name.endswith("_id"):
            found[column.name] = table.name if column.name == "row_id" else column.name
    return found


# ------------------------------------------------------------------------------------------------ coming


def existing(connection: Connection, trust_id: str, table: Table, row_ids: Collection[str]) -> list[str]:
    """Those of some ids that a table has already."""
    column = table.c[_own_id(table)]
    found: list[str] = []
    for chunk in chunks(sorted(row_ids)):
        query = select(column).where(table.c.trust_id == trust_id, column.in_(chunk))
        found += connection.execute(query).scalars()
    return sorted(found)


def reserve(connection: Connection, trust_id: str, spans: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """What is to be added to the numbers of each family, so that they follow those that are there."""
    return {family: _reserve(connection, trust_id, family, *span) for family, span in spans.items()}


def _reserve(connection: Connection, trust_id: str, family: str, least: int, most: int) -> int:
    names = {family, family.removesuffix("_id")}
    counted = select(func.max(t.counters.c.next)).where(t.counters.c.trust_id == trust_id, t.counters.c.name.in_(names))
    next_free = max(connection.execute(counted).scalar() or 1, *_largest(connection, trust_id, family))
    after = next_free + most - least + 1
    for name in sorted(names):
        where = (t.counters.c.trust_id == trust_id) & (t.counters.c.name == name)
        if not connection.execute(update(t.counters).where(where).values(next=after)).rowcount:
            connection.execute(insert(t.counters).values(trust_id=trust_id, name=name, next=after))
    return next_free - least


def _largest(connection: Connection, trust_id: str, family: str) -> Iterator[int]:
    """One more than the largest number of a family in each table that numbers its rows so."""
    yield 1
    for table in tables():
        for column, of in families(table).items():
            if of == family and column in table.primary_key.columns:
                query = select(func.max(table.c[column])).where(table.c.trust_id == trust_id)
                yield (connection.execute(query).scalar() or 0) + 1


def moved(table: Table, row: Values, offsets: Mapping[str, int]) -> Values:
    """A row with its numbers counted anew; 0 and nothing stay, because they are no numbers of rows."""
    made = dict(row)
    for column, family in families(table).items():
        if made.get(column):
            made[column] += offsets.get(family, 0)
    for name, value in row.items():
        place = (table.name, name)
        if place in LISTED:
            made[name] = json.dumps([number + offsets.get(LISTED[place], 0) for number in json.loads(value)])
        elif place in MARKED:
            made[name] = json.dumps([_mark(mark, offsets.get(MARKED[place], 0)) for mark in json.loads(value)])
    return made


def _mark(mark: Any, offset: int) -> Any:
    return [mark[0], mark[1] + offset] if mark[0] == "LANE" and isinstance(mark[1], int) else mark


def add(connection: Connection, trust_id: str, table: Table, new: Sequence[Values]) -> None:
    """Put rows into a table; StoreError where one is there already."""
    try:
        connection.execute(insert(table), [{"trust_id": trust_id} | row for row in new])
    except IntegrityError:
        raise StoreError(
            f"a row of the table {table.name} is there already: this archive was taken in before"
        ) from None


def add_content(connection: Connection, trust_id: str, digest: bytes, content: bytes) -> bool:
    """Keep the content of evidence; False where it is there already."""
    where = (t.contents.c.trust_id == trust_id) & (t.contents.c.digest == digest)
    if connection.execute(select(t.contents.c.digest).where(where)).first():
        return False
    row = {"trust_id": trust_id, "digest": digest, "size_bytes": len(content)}
    connection.execute(insert(t.contents).values(row | {"compressed": zlib.compress(content, 6)}))
    return True


def shut_out(connection: Connection, trust_id: str, agent_ids: Iterable[str], now: datetime) -> None:
    """Mark agents as shut out: their certificates are of another collector."""
    for chunk in chunks(agent_ids):
        where = (t.agents.c.trust_id == trust_id) & t.agents.c.agent_id.in_(chunk) & t.agents.c.revoked.is_(None)
        connection.execute(update(t.agents).where(where).values(revoked=now))


def note(connection: Connection, trust_id: str, new: Values, entries: Iterable[Values]) -> None:
    """Keep that an archive was taken in, and the entries of the journal that it brought."""
    connection.execute(insert(t.archives).values(trust_id=trust_id, **new))
    key = {"trust_id": trust_id, "archive_id": new["archive_id"]}
    for chunk in chunks(entries):
        connection.execute(insert(t.archived_entries), [key | entry for entry in chunk])


# ------------------------------------------------------------------------------------------------ cells


def told(row: Values) -> Values:
    """A row as JSON has it: times and days in ISO 8601, octets in base64."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def cells(table: Table, said: Mapping[str, Any]) -> Values:
    """A row as its table takes it; StoreError for a column that the table does not have, or that is missing.

    What a version of the register repeats of its cells is taken from these: an older collector repeats less.
    """
    if strange := sorted(said.keys() - set(table.c.keys()) | said.keys() & {"trust_id"}):
        raise StoreError(f"{table.name} has a column {strange[0]!r}, which this collector does not know")
    made: Values = {}
    for column in table.c:
        if column.name in said:
            made[column.name] = _cell(column, said[column.name])
        elif column.name != "trust_id" and not column.nullable and not (column.default or column.server_default):
            raise StoreError(f"a row of {table.name} lacks {column.name!r}")
    return made | (repeated(made["cells"]) if table.name == "register" else {})


def _cell(column: Column[Any], value: Any) -> object:
    if value is None:
        return None
    if isinstance(column.type, t.Time):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value, validate=True) if isinstance(column.type, LargeBinary) else value
