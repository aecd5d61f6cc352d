"""Takes devices out of the store whole: all rows that speak of one alone, those of its old ids included.

Its claims and records go, and the lanes in which nothing else was ever met. Versions of the register stay, without what
could tell whose they were; the one that stands is ended by `store.history`, with its cause. It does not know who asked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, exists, select, update

from collector.store import schema as t
from collector.store.cells import booked
from collector.store.erasure import LEFT, spelt
from collector.store.schema import metadata

#: columns that name a device beside `device_id`: a row in which one of them stands speaks of that device
_NAMING = ("device_id", "device_a", "device_b", "other_device_id", "switch_id", "a_device", "b_device", "alias_of")
#: cells of the register that stay in versions of a device that was erased whole: what it was, not whose
_KEPT_CELLS = frozenset({"class", "maker", "model", "school", "school_id", "site", "site_id", "life", "made"})
_CHUNK = 500


def with_aliases(connection: Connection, trust_id: str, device_id: str) -> list[str]:
    """A device and the ids that lead to it: what became one goes as one."""
    query = select(t.devices.c.device_id).where(t.devices.c.trust_id == trust_id, t.devices.c.alias_of == device_id)
    return [device_id, *(each for each in connection.execute(query).scalars() if each != device_id)]


def forget_device(connection: Connection, trust_id: str, device_id: str) -> Counter[str]:
    """Erase a device whole; how many rows went or were emptied, by table."""
    changed: Counter[str] = Counter()
    for each in with_aliases(connection, trust_id, device_id):
        changed += _forget(connection, trust_id, each)
    connection.execute(update(t.wirings).where(t.wirings.c.trust_id == trust_id).values(changed=True))
    return +changed


def _forget(connection: Connection, trust_id: str, device_id: str) -> Counter[str]:
    changed: Counter[str] = Counter()
    claims = _ids(connection, t.claims, t.claims.c.claim_id, trust_id, device_id)
    records = _ids(connection, t.records, t.records.c.record_id, trust_id, device_id)
    lanes = _lanes_alone(connection, trust_id, claims)
    for table in reversed(metadata.sorted_tables):
        if table.name in LEFT or "trust_id" not in table.c:
            continue
        if table.name == "register":
            changed[table.name] += _blank_versions(connection, table, trust_id, device_id)
            continue
        alone = [table.c[name] == device_id for name in _NAMING if name in table.c]
        alone += [table.c.claim_id.in_(part) for part in _chunks(claims) if "claim_id" in table.c]
        alone += [table.c.record_id.in_(part) for part in _chunks(records) if "record_id" in table.c]
        for condition in alone:
            gone = connection.execute(delete(table).where(table.c.trust_id == trust_id, condition))
            changed[table.name] += gone.rowcount
    return +(changed + _forget_lanes(connection, trust_id, lanes))


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


def _blank_versions(connection: Connection, table: Table, trust_id: str, device_id: str) -> int:
    """Take the cells out of a device's versions that could tell whose it was."""
    where = (table.c.trust_id == trust_id) & (table.c.device_id == device_id)
    rows = connection.execute(select(table.c.row_id, table.c.cells).where(where)).all()
    for row in rows:
        cells = json.loads(row.cells) if row.cells else {}
        kept = {name: cell for name, cell in cells.items() if name in _KEPT_CELLS} if isinstance(cells, dict) else {}
        one = where & (table.c.row_id == row.row_id)
        blank = {"cells": spelt(kept, cells, row.cells) if row.cells else "", **booked(kept)}
        connection.execute(update(table).where(one).values(blank))
    return len(rows)
