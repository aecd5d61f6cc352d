"""Rows of why a device is one, for people: its claims with who brought them, what was decided, and what people said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from collector.facts import Identifier, IdentifierKind
from collector.resolve.claims import named
from collector.store import bounds
from collector.store.schema import agents, claims, decisions, lanes
from collector.store.schema import words as words_table


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Identifiers that one lane saw together. `subject`: the address or machine; `marks` in words."""

    claim_id: int
    subject: str
    method: str
    agent: str
    told_of: bool
    marks: tuple[str, ...]
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """A merge or a split that can be undone. `other`: the device that was merged in, or that was split off."""

    decision_id: int
    verdict: str
    other: str
    reason: str
    recorded_from: datetime


@dataclass(frozen=True, slots=True)
class WordRow:
    """What a person said of the device."""

    word_id: str
    verdict: str
    other: str
    reason: str
    actor: str
    recorded_from: datetime


@dataclass(frozen=True, slots=True)
class Kinship:
    """Why a device is one."""

    claims: tuple[ClaimRow, ...]
    decided: tuple[DecidedRow, ...]
    words: tuple[WordRow, ...]


def of_device(connection: Connection, trust_id: str, device_id: str, school_ids: bounds.Schools = None) -> Kinship:
    """Everything that made a device what it is, but for what was gathered at other schools than `school_ids`."""
    return Kinship(
        tuple(_claims(connection, trust_id, device_id, school_ids)),
        tuple(_decided(connection, trust_id, device_id)),
        tuple(_words(connection, trust_id, device_id)),
    )


def _claims(connection: Connection, trust_id: str, device_id: str, school_ids: bounds.Schools) -> list[ClaimRow]:
    here = bounds.sites_within(trust_id, lanes.c.site_id, school_ids) | (claims.c.lane_id == 0)
    lane = (lanes.c.trust_id == claims.c.trust_id) & (lanes.c.lane_id == claims.c.lane_id)
    agent = (agents.c.trust_id == lanes.c.trust_id) & (agents.c.agent_id == lanes.c.agent_id)
    query = (
        select(claims, lanes.c.kind, lanes.c.address, lanes.c.network, lanes.c.source, agents.c.name.label("agent"))
        .outerjoin(lanes, lane)
        .outerjoin(agents, agent)
        .where(claims.c.trust_id == trust_id, claims.c.device_id == device_id, claims.c.recorded_to.is_(None), here)
        .order_by(claims.c.first_observed, claims.c.claim_id)
    )
    return [
        ClaimRow(
            row.claim_id,
            row.address or row.source or row.network or ("a record" if row.lane_id == 0 else "the agent's own machine"),
            row.method,
            row.agent or "",
            row.told_of,
            tuple(named(Identifier(IdentifierKind[kind], value)) for kind, value in json.loads(row.identifiers)),
            row.first_observed,
            row.last_observed,
        )
        for row in connection.execute(query)
    ]


def _decided(connection: Connection, trust_id: str, device_id: str) -> list[DecidedRow]:
    """Merges and splits whose claims the device holds, so that undoing them means something."""
    query = select(decisions).where(
        decisions.c.trust_id == trust_id, decisions.c.verdict.in_(["merge", "split"]),
        or_(decisions.c.device_id == device_id, decisions.c.other_device_id == device_id),
    )  # fmt: skip
    return [
        DecidedRow(
            row.decision_id, row.verdict, row.other_device_id if row.device_id == device_id else row.device_id,
            row.reason, row.recorded_from,
        )
        for row in connection.execute(query.order_by(decisions.c.decision_id.desc()))
    ]  # fmt: skip


def _words(connection: Connection, trust_id: str, device_id: str) -> list[WordRow]:
    query = select(words_table).where(
        words_table.c.trust_id == trust_id, words_table.c.recorded_to.is_(None),
        or_(words_table.c.device_a == device_id, words_table.c.device_b == device_id),
    )  # fmt: skip
    return [
        WordRow(
            row.word_id, row.verdict, row.device_b if row.device_a == device_id else row.device_a, row.reason,
            row.actor, row.recorded_from,
        )
        for row in connection.execute(query.order_by(words_table.c.recorded_from.desc()))
    ]  # fmt: skip
