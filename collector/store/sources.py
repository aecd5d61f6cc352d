"""Which evidence statements of devices rest on, so that a finding opens down to the bytes that were sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, func, select, tuple_

from collector.store import schema as t
from collector.store.batches import chunks

Key = tuple[str, str]  # device, and `component name`, or the name alone of the device itself


def of(connection: Connection, trust_id: str, wanted: Mapping[str, Iterable[str]]) -> dict[Key, int]:
    """By device and statement the newest evidence of it. `wanted`: device → statements, as findings name them."""
    names = {(key, name) for key, listed in wanted.items() for name in listed}
    found: dict[Key, tuple[int, str]] = {}
    for chunk in chunks(sorted({key for key, _ in names})):
        for key, component, name, lane_id, group in _places(
            connection, trust_id, chunk, {n.split()[-1] for _, n in names}
        ):
            statement = (key, f"{component} {name}".strip())
            if statement in names:
                found[statement] = (lane_id, group)
    evidence = _newest(connection, trust_id, set(found.values()))
    return {statement: evidence[place] for statement, place in found.items() if place in evidence}


def _places(
    connection: Connection, trust_id: str, device_ids: list[str], names: set[str]
) -> Iterator[tuple[str, str, str, int, str]]:
    """Device, component, name, lane and plan group of facts and readings, what stands last."""
    f, c, r = t.facts.c, t.claims.c, t.readings.c
    facts = select(f.device_id, f.component, f.name, f.lane_id, f.group_name).where(
        f.trust_id == trust_id, f.device_id.in_(device_ids), f.recorded_to.is_(None), f.observed_to.is_(None),
        f.chosen, f.name.in_(sorted(names)),
    )  # fmt: skip
    mine = (c.trust_id == trust_id) & c.device_id.in_(device_ids) & c.recorded_to.is_(None)
    holders = {row.claim_id: row for row in connection.execute(select(c.claim_id, c.device_id, c.lane_id).where(mine))}
    read = select(r.claim_id, r.component, r.name, r.group_name).where(
        r.trust_id == trust_id, r.claim_id.in_(select(c.claim_id).where(mine)), r.name.in_(sorted(names))
    )
    for device_id, component, name, lane_id, group in connection.execute(facts.order_by(f.weight, f.fact_id)):
        yield device_id, component, name, lane_id, group
    for claim_id, component, name, group in connection.execute(read.order_by(r.observed, r.claim_id)):
        yield holders[claim_id].device_id, component, name, holders[claim_id].lane_id, group


def _newest(connection: Connection, trust_id: str, places: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    e = t.evidence.c
    found: dict[tuple[int, str], int] = {}
    for chunk in chunks(sorted(places)):
        query = select(e.lane_id, e.group_name, func.max(e.evidence_id).label("newest")).where(
            e.trust_id == trust_id, tuple_(e.lane_id, e.group_name).in_(chunk)
        )
        rows = connection.execute(query.group_by(e.lane_id, e.group_name))
        found |= {(row.lane_id, row.group_name): row.newest for row in rows}
    return found
