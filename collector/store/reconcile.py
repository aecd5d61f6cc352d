"""Rows of registers that were brought to be reconciled, of what became of them, and of what was settled.

What they mean is `collector.reconcile`'s. A file is kept cell by cell, as it was read, so that erasure reaches it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from collector.store import schema as t
from collector.store.batches import chunks

Cells = Sequence[str | int | float | bool | date | datetime | None]
_LISTS = ("others", "other_rows", "basis", "reasons", "remarks", "differences")
_MAPS = ("adds", "said")
#: what a search looks into: not whom a thing is assigned to, which is not for everybody
_SOUGHT = ("serial", "asset_tag", "mac", "local_name", "maker", "model", "room")


@dataclass(frozen=True, slots=True)
class Brought:
    """A register that was brought. `school_id`: empty for the whole trust; `compared`: None before it was."""

    reconciliation_id: str
    school_id: str
    name: str
    digest: bytes
    size_bytes: int
    made: datetime
    made_by: str
    notes: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    compared: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of one row (`row` is 0 for a device that the book lacks). `settlement_id`: empty while it is open."""

    line: int
    row: int
    kind: str
    title: str = ""
    device_id: str = ""
    others: tuple[str, ...] = ()
    other_rows: tuple[int, ...] = ()
    basis: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    differences: tuple[tuple[str, Any, Any], ...] = ()
    adds: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    school_name: str = ""
    settlement_id: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person settled of some rows at once."""

    settlement_id: str
    reconciliation_id: str
    action: str
    reason: str
    made: datetime
    made_by: str
    lines: int
    change_id: str = ""
    words: tuple[str, ...] = ()
    undone: datetime | None = None
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are asked for. `state`: open, settled, or empty for both; `lines`: these alone."""

    kind: str = ""
    differing: str = ""
    state: str = ""
    search: str = ""
    lines: Collection[int] = ()


# ------------------------------------------------------------------------------------------------ what was brought


def add(connection: Connection, trust_id: str, brought: Brought, rows: Iterable[tuple[int, Cells]]) -> None:
    """Keep a register that was brought, row by row; nothing of it is compared yet."""
    values = dataclasses.asdict(brought) | {
        "notes": _json(list(brought.notes)),
        "mapping": _json(dict(brought.mapping)),
    }
    connection.execute(insert(t.reconciliations).values(trust_id=trust_id, **values))
    key = {"trust_id": trust_id, "reconciliation_id": brought.reconciliation_id}
    listed = [key | {"line": n, "row": row, "cells": _cells(cells)} for n, (row, cells) in enumerate(rows, 1)]
    for chunk in chunks(listed):
        connection.execute(insert(t.reconciled), chunk)


def get(connection: Connection, trust_id: str, reconciliation_id: str) -> Brought | None:
    """A register that was brought, or None."""
    query = _brought(trust_id).where(t.reconciliations.c.reconciliation_id == reconciliation_id)
    row = connection.execute(query).first()
    return _of_row(row) if row else None


def latest(
    connection: Connection, trust_id: str, schools: Collection[str] | None = None, limit: int = 50
) -> list[Brought]:
    """What was brought lately, newest first. `schools`: of these alone, and nothing that is of the whole trust."""
    query = _brought(trust_id)
    if schools is not None:
        query = query.where(t.reconciliations.c.school_id.in_(sorted(schools)))
    rows = connection.execute(query.order_by(t.reconciliations.c.made.desc()).limit(limit))
    return [_of_row(row) for row in rows]


def rows_brought(connection: Connection, trust_id: str, reconciliation_id: str) -> list[tuple[int, Cells]]:
    """The rows of a register that was brought, with their numbers in the file."""
    c = t.reconciled.c
    query = select(c.row, c.cells).where(_of(trust_id, reconciliation_id), c.row > 0).order_by(c.line)
    return [(row.row, _read_cells(row.cells)) for row in connection.execute(query)]


def forget(connection: Connection, trust_id: str, reconciliation_id: str) -> None:
    """Let a register that was brought go, with what became of its rows. What was settled stays written."""
    for table in (t.reconciled, t.reconciliations):
        where = (table.c.trust_id == trust_id) & (table.c.reconciliation_id == reconciliation_id)
        connection.execute(delete(table).where(where))


def _brought(trust_id: str) -> Any:
    return select(t.reconciliations).where(t.reconciliations.c.trust_id == trust_id)


def _of_row(row: Row[Any]) -> Brought:
    values = {one.name: getattr(row, one.name) for one in dataclasses.fields(Brought)}
    return Brought(**values | {"notes": tuple(json.loads(row.notes)), "mapping": json.loads(row.mapping)})


def _of(trust_id: str, reconciliation_id: str) -> ColumnElement[bool]:
    return (t.reconciled.c.trust_id == trust_id) & (t.reconciled.c.reconciliation_id == reconciliation_id)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cells(cells: Cells) -> str:
    return _json([{"day": cell.isoformat()} if isinstance(cell, date) else cell for cell in cells])


def _read_cells(text: str) -> Cells:
    return [_day(cell["day"]) if isinstance(cell, dict) else cell for cell in json.loads(text)]


def _day(iso: str) -> date | str:
    """A day; what an erasure made of it where it is none any more."""
    try:
        return datetime.fromisoformat(iso) if "T" in iso else date.fromisoformat(iso)
    except ValueError:
        return iso


# ------------------------------------------------------------------------------------------------ what became of it


def keep_outcomes(
    connection: Connection, trust_id: str, reconciliation_id: str, outcomes: Sequence[Reconciled],
    mapping: Mapping[str, str], now: datetime,
) -> None:  # fmt: skip
    """Keep what became of every row, instead of what was kept before; the cells stay."""
    c = t.reconciled.c
    query = select(c.row, c.cells).where(_of(trust_id, reconciliation_id), c.row > 0)
    cells = {row.row: row.cells for row in connection.execute(query)}
    told = {one.row for one in outcomes}
    connection.execute(delete(t.reconciled).where(_of(trust_id, reconciliation_id)))
    key = {"trust_id": trust_id, "reconciliation_id": reconciliation_id}
    above = [Reconciled(0, row, "") for row in cells if row not in told]  # titles and headings, above the rows
    whole = sorted(above, key=lambda one: one.row) + list(outcomes)
    listed = [key | _values(one) | {"line": n, "cells": cells.get(one.row, "[]")} for n, one in enumerate(whole, 1)]
    for chunk in chunks(listed):
        connection.execute(insert(t.reconciled), chunk)
    where = (t.reconciliations.c.trust_id == trust_id) & (t.reconciliations.c.reconciliation_id == reconciliation_id)
    connection.execute(update(t.reconciliations).where(where).values(mapping=_json(dict(mapping)), compared=now))


def _values(one: Reconciled) -> dict[str, Any]:
    values = {each.name: getattr(one, each.name) for each in dataclasses.fields(Reconciled)}
    values |= {name: _json(list(values[name])) for name in _LISTS} | {name: _json(dict(values[name])) for name in _MAPS}
    fields = [difference[0] for difference in one.differences]
    found = (one.title, one.device_id, *(str(one.said[name]) for name in _SOUGHT if name in one.said), *one.reasons)
    sought = " ".join(found).casefold()
    return values | {"fields": f",{','.join(fields)}," if fields else "", "sought": sought}


def outcomes(
    connection: Connection, trust_id: str, reconciliation_id: str, asked: Asked, limit: int, offset: int = 0
) -> list[Reconciled]:
    """What became of the rows that are asked for, in the order of the book, then of devices that it lacks."""
    query = select(t.reconciled).where(_of(trust_id, reconciliation_id), *_asked(asked))
    rows = connection.execute(query.order_by(t.reconciled.c.line).limit(limit).offset(offset))
    return [_reconciled(row) for row in rows]


def count(connection: Connection, trust_id: str, reconciliation_id: str, asked: Asked) -> int:
    """How many rows are asked for."""
    query = select(func.count()).select_from(t.reconciled).where(_of(trust_id, reconciliation_id), *_asked(asked))
    return int(connection.execute(query).scalar_one())


def counts(connection: Connection, trust_id: str, reconciliation_id: str) -> dict[str, tuple[int, int]]:
    """By kind how many rows there are, and how many of them are settled."""
    c = t.reconciled.c
    open_, all_ = func.count().filter(c.settlement_id == ""), func.count()
    query = select(c.kind, all_, open_).where(_of(trust_id, reconciliation_id), c.kind != "").group_by(c.kind)
    return {kind: (total, total - waiting) for kind, total, waiting in connection.execute(query)}


def field_counts(connection: Connection, trust_id: str, reconciliation_id: str) -> dict[str, int]:
    """By field in how many rows it differs."""
    c = t.reconciled.c
    found: dict[str, int] = {}
    query = select(c.fields, func.count()).where(_of(trust_id, reconciliation_id), c.fields != "").group_by(c.fields)
    for fields, number in connection.execute(query):
        for name in fields.strip(",").split(","):
            found[name] = found.get(name, 0) + number
    return found


def _asked(asked: Asked) -> list[ColumnElement[bool]]:
    c = t.reconciled.c
    where = [c.kind == asked.kind if asked.kind else c.kind != ""]
    if asked.differing:
        where.append(c.fields.contains(f",{asked.differing},", autoescape=True))
    if asked.state:
        where.append(c.settlement_id == "" if asked.state == "open" else c.settlement_id != "")
    if asked.search:
        where.append(c.sought.contains(asked.search.casefold(), autoescape=True))
    if asked.lines:
        where.append(c.line.in_(sorted(asked.lines)))
    return where


def _reconciled(row: Row[Any]) -> Reconciled:
    values = {one.name: getattr(row, one.name) for one in dataclasses.fields(Reconciled)}
    values |= {name: tuple(json.loads(values[name])) for name in _LISTS}
    values |= {name: json.loads(values[name]) for name in _MAPS}
    return Reconciled(**values | {"differences": tuple((one[0], one[1], one[2]) for one in values["differences"])})


# ------------------------------------------------------------------------------------------------ settled


def settle(connection: Connection, trust_id: str, made: Settlement, lines: Iterable[int]) -> None:
    """Keep what was settled, and of which rows."""
    values = dataclasses.asdict(made) | {"words": _json(list(made.words))}
    connection.execute(insert(t.settlements).values(trust_id=trust_id, **values))
    for chunk in chunks(lines):
        where = _of(trust_id, made.reconciliation_id) & t.reconciled.c.line.in_(chunk)
        connection.execute(update(t.reconciled).where(where).values(settlement_id=made.settlement_id))


def settlement(connection: Connection, trust_id: str, settlement_id: str) -> Settlement | None:
    """One settlement, or None."""
    where = (t.settlements.c.trust_id == trust_id) & (t.settlements.c.settlement_id == settlement_id)
    row = connection.execute(select(t.settlements).where(where)).first()
    return _settlement(row) if row else None


def settled(connection: Connection, trust_id: str, reconciliation_id: str) -> list[Settlement]:
    """All that was settled of a register that was brought, newest first."""
    c = t.settlements.c
    query = select(t.settlements).where(c.trust_id == trust_id, c.reconciliation_id == reconciliation_id)
    return [_settlement(row) for row in connection.execute(query.order_by(c.made.desc(), c.settlement_id))]


def unsettle(connection: Connection, trust_id: str, made: Settlement, actor: str, now: datetime) -> None:
    """Note that a settlement was taken back; its rows are open again."""
    where = _of(trust_id, made.reconciliation_id) & (t.reconciled.c.settlement_id == made.settlement_id)
    connection.execute(update(t.reconciled).where(where).values(settlement_id=""))
    mine = (t.settlements.c.trust_id == trust_id) & (t.settlements.c.settlement_id == made.settlement_id)
    connection.execute(update(t.settlements).where(mine).values(undone=now, undone_by=actor))


def _settlement(row: Row[Any]) -> Settlement:
    values = {one.name: getattr(row, one.name) for one in dataclasses.fields(Settlement)}
    return Settlement(**values | {"words": tuple(json.loads(row.words))})


# ------------------------------------------------------------------------------------------------ held against


def marks(connection: Connection, trust_id: str) -> Iterable[tuple[str, str, str]]:
    """Device, kind and value of every serial number, asset tag and MAC that devices say."""
    c = t.identifiers.c
    query = select(c.device_id, c.kind, c.value).where(c.trust_id == trust_id, c.recorded_to.is_(None))
    for row in connection.execute(query.where(c.kind.in_(("SERIAL", "MAC", "TAG"))).distinct()):
        yield row.device_id, row.kind, row.value


def part_serials(connection: Connection, trust_id: str) -> Iterable[tuple[str, str, str]]:
    """Device, component and serial number of every component that says one: monitors, modules, disks."""
    c = t.facts.c
    query = select(c.device_id, c.component, c.value).where(
        c.trust_id == trust_id, c.name == "serial", c.component != "", c.chosen, c.recorded_to.is_(None)
    )
    for row in connection.execute(query):
        yield row.device_id, row.component, str(json.loads(row.value))
