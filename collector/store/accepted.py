"""Rows of audits: findings that a person accepted, and what a trust decided of its own rule set."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from collector.audit.rule_sets import Decision
from collector.store import ids, undertakings
from collector.store import schema as t


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a person said of a finding. It stands to the end of the day `until`, unless it was taken back.

    `device_id` is empty where the finding is of a school itself, and `school_id` where it is of a device.
    """

    acceptance_id: str
    rule: str
    device_id: str
    school_id: str
    reason: str
    owner: str
    until: date
    made: datetime
    made_by: str
    ended: datetime | None
    ended_by: str

    @property
    def subject_id(self) -> str:
        """Of what the finding is."""
        return self.device_id or self.school_id

    def stands(self, today: date) -> bool:
        """Whether it stands on a day."""
        return self.ended is None and today <= self.until


class DecisionRow(NamedTuple):
    """A decision of the trust over its own rule set, with why, when and by whom."""

    decision: Decision
    reason: str
    made: datetime
    made_by: str


Mark = tuple[str, str, str]  # rule, device, school: one of the two is empty


def accept(  # noqa: PLR0913 - what a person said, and who did
    connection: Connection, trust_id: str, mark: Mark, reason: str, owner: str, until: date, *, actor: str,
    now: datetime,
) -> str:  # fmt: skip
    """Note that a person accepts a finding; the id of that."""
    rule, device_id, school_id = mark
    row = {
        "trust_id": trust_id, "acceptance_id": ids.new(), "rule": rule, "device_id": device_id, "school_id": school_id,
        "reason": reason, "owner": owner, "until": until, "made": now, "made_by": actor,
    }  # fmt: skip
    connection.execute(insert(t.acceptances).values(row))
    return str(row["acceptance_id"])


def end(connection: Connection, trust_id: str, acceptance_id: str, *, actor: str, now: datetime) -> bool:
    """Take an acceptance back; False where there is none that could be."""
    key = t.acceptances.c.acceptance_id
    return undertakings.end(connection, t.acceptances, key, trust_id, acceptance_id, actor=actor, now=now)


#: a device that became one with another takes what was accepted of it along
_DEVICE = func.coalesce(t.devices.c.alias_of, t.acceptances.c.device_id)


def _query(trust_id: str) -> Select[Any]:
    a = t.acceptances.c
    device = (t.devices.c.trust_id == a.trust_id) & (t.devices.c.device_id == a.device_id)
    query = select(t.acceptances, _DEVICE.label("survivor")).outerjoin(t.devices, device)
    return query.where(a.trust_id == trust_id).order_by(a.made, a.acceptance_id)


def _read(row: Row[Any]) -> Acceptance:
    values = {field.name: getattr(row, field.name) for field in fields(Acceptance)}
    return Acceptance(**values | {"device_id": row.survivor or ""})


def get(connection: Connection, trust_id: str, acceptance_id: str) -> Acceptance | None:
    """One acceptance, or None."""
    row = connection.execute(_query(trust_id).where(t.acceptances.c.acceptance_id == acceptance_id)).first()
    return _read(row) if row is not None else None


def standing(connection: Connection, trust_id: str, today: date) -> dict[tuple[str, str], Acceptance]:
    """What is accepted on a day, by rule and the device or school that it is of; of several the latest."""
    rows = connection.execute(_query(trust_id).where(undertakings.stands(t.acceptances, today)))
    found = (_read(row) for row in rows)
    return {(one.rule, one.subject_id): one for one in found}


def of_subjects(connection: Connection, trust_id: str, rule: str, subject_ids: Iterable[str]) -> list[Acceptance]:
    """All that people said of findings of a rule about some devices or schools, the latest first."""
    wanted = set(subject_ids)
    rows = connection.execute(_query(trust_id).where(t.acceptances.c.rule == rule))
    return [one for one in map(_read, rows) if one.subject_id in wanted][::-1]


# ------------------------------------------------------------------------------------------------ the trust's own set


def decisions(connection: Connection, trust_id: str) -> list[DecisionRow]:
    """What a trust decided of its own rule set."""
    d = t.audit_decisions.c
    rows = connection.execute(select(t.audit_decisions).where(d.trust_id == trust_id).order_by(d.rule, d.name))
    return [
        DecisionRow(Decision(row.rule, row.name, json.loads(row.value)), row.reason, row.made, row.made_by)
        for row in rows
    ]


def decide(connection: Connection, trust_id: str, row: DecisionRow) -> None:
    """Keep a decision, in place of what was decided before."""
    undecide(connection, trust_id, row.decision.rule, row.decision.name)
    values = {
        "trust_id": trust_id, "rule": row.decision.rule, "name": row.decision.name,
        "value": json.dumps(row.decision.value), "reason": row.reason, "made": row.made, "made_by": row.made_by,
    }  # fmt: skip
    connection.execute(insert(t.audit_decisions).values(values))


def undecide(connection: Connection, trust_id: str, rule: str, name: str) -> bool:
    """Go back to what comes with Stocktake; False where nothing was decided."""
    d = t.audit_decisions.c
    where = (d.trust_id == trust_id) & (d.rule == rule) & (d.name == name)
    return connection.execute(delete(t.audit_decisions).where(where)).rowcount > 0
