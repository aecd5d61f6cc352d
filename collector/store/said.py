"""What is said of one device now, from rows: facts as they stand, and readings as they were told last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from collector.store import readings
from collector.store import schema as t
from collector.store.rows import EvidenceRow, FactRow

Shown = Mapping[tuple[int, str], EvidenceRow]  # lane and group -> the evidence that a statement is opened with


def facts_of(connection: Connection, trust_id: str, device_id: str, shown: Shown) -> tuple[FactRow, ...]:
    """What is said of a device now: facts, and readings as they were told last."""
    read = readings.latest(connection, trust_id, [device_id]).get(device_id, [])
    told = {(row.component, row.name) for row in read}
    facts = _facts_of(connection, trust_id, device_id, shown)
    said = [fact for fact in facts if (fact.component, fact.name) not in told]
    who = _lane_words(connection, trust_id, {row.lane_id for row in read})
    measured = (_measured(row, who[row.lane_id], shown) for row in read if row.lane_id in who)
    return tuple(sorted((*said, *measured), key=lambda fact: (fact.component, fact.name, -fact.weight)))


def _lane_words(connection: Connection, trust_id: str, lane_ids: set[int]) -> dict[int, Row[Any]]:
    """By lane its method and the agent that brings it."""
    agent = (t.agents.c.trust_id == t.lanes.c.trust_id) & (t.agents.c.agent_id == t.lanes.c.agent_id)
    columns = (t.lanes.c.lane_id, t.lanes.c.method, t.lanes.c.agent_id, t.agents.c.name.label("agent_name"))
    query = select(*columns).join(t.agents, agent).where(t.lanes.c.trust_id == trust_id)
    rows: Iterable[Row[Any]] = connection.execute(query.where(t.lanes.c.lane_id.in_(lane_ids)))
    return {row.lane_id: row for row in rows}


def _measured(row: readings.ReadingRow, lane: Row[Any], shown: Shown) -> FactRow:
    behind = shown.get((row.lane_id, row.group))
    return FactRow(
        row.component, row.name, row.value, row.unit, row.weight, True, row.rule, row.group, row.locator,  # noqa: FBT003 - a column
        lane.method, lane.agent_id, lane.agent_name, behind.evidence_id if behind else None, row.observed,
        row.observed, row.observed,
    )  # fmt: skip


def _facts_of(connection: Connection, trust_id: str, device_id: str, shown: Shown) -> tuple[FactRow, ...]:
    lane_names = (t.lanes.c.method, t.lanes.c.agent_id, t.lanes.c.last_observed, t.agents.c.name.label("agent_name"))
    query = (
        select(t.facts, *lane_names)
        .join(t.lanes, (t.lanes.c.trust_id == t.facts.c.trust_id) & (t.lanes.c.lane_id == t.facts.c.lane_id))
        .join(t.agents, (t.agents.c.trust_id == t.lanes.c.trust_id) & (t.agents.c.agent_id == t.lanes.c.agent_id))
        .where(t.facts.c.trust_id == trust_id, t.facts.c.device_id == device_id)
        .where(t.facts.c.recorded_to.is_(None), t.facts.c.observed_to.is_(None))
        .order_by(t.facts.c.component, t.facts.c.name, t.facts.c.weight.desc(), t.facts.c.fact_id)
    )
    found = []
    for row in connection.execute(query):
        behind = shown.get((row.lane_id, row.group_name))
        found.append(
            FactRow(
                component=row.component,
                name=row.name,
                value=json.loads(row.value),
                unit=row.unit,
                weight=row.weight,
                chosen=row.chosen,
                rule=row.rule,
                group=row.group_name,
                locator=row.locator,
                method=row.method,
                agent_id=row.agent_id,
                agent_name=row.agent_name,
                evidence_id=behind.evidence_id if behind else None,
                observed_from=row.observed_from,
                last_observed=behind.last_observed if behind else row.last_observed,
                recorded_from=row.recorded_from,
            )
        )
    return tuple(found)
