"""Rows of what people say for refresh plans: said, standing, ended. What they mean is `collector.planning`'s.

Every table has the same life: a row is added, stands, and is ended; nothing else of it ever changes.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, insert, or_, select, update

from collector.store import bounds, ids
from collector.store import schema as t
from collector.store.stamps import Stamp


class Kind(enum.StrEnum):
    """What is said."""

    POLICY = "policy"
    TERMS = "terms"
    BUDGET = "budget"
    FUND = "fund"
    DECISION = "decision"
    SUITE = "suite"
    NEED = "need"
    LINE = "line"
    SCENARIO = "scenario"


_TABLES: Mapping[Kind, tuple[Table, str]] = {
    Kind.POLICY: (t.plan_policies, "policy_id"),
    Kind.TERMS: (t.plan_terms, "plan_terms_id"),
    Kind.BUDGET: (t.plan_budgets, "budget_id"),
    Kind.FUND: (t.plan_funds, "fund_id"),
    Kind.DECISION: (t.plan_decisions, "plan_decision_id"),
    Kind.SUITE: (t.plan_suites, "plan_suite_id"),
    Kind.NEED: (t.plan_needs, "need_id"),
    Kind.LINE: (t.plan_lines, "plan_line_id"),
    Kind.SCENARIO: (t.plan_scenarios, "scenario_id"),
}
_FRAME = frozenset({"trust_id", "school_id", "made", "made_by", "ended", "ended_by"})


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a person said, and that stands. `school_id` "": of the trust, or the kind is of no school."""

    kind: Kind
    said_id: str
    school_id: str
    values: Mapping[str, Any]
    made: datetime
    made_by: str


def add(
    connection: Connection, trust_id: str, kind: Kind, values: Mapping[str, Any], *, school_id: str = "", actor: str,
    now: datetime,
) -> str:  # fmt: skip
    """Keep what somebody said; its id."""
    table, key = _TABLES[kind]
    row = {"trust_id": trust_id, key: ids.new(), "made": now, "made_by": actor, **values}
    if "school_id" in table.c:
        row["school_id"] = school_id
    connection.execute(insert(table).values(row))
    return str(row[key])


def end(connection: Connection, trust_id: str, kind: Kind, said_id: str, *, actor: str, now: datetime) -> bool:
    """End what somebody said; False where there is none that stands."""
    table, key = _TABLES[kind]
    mine = (table.c.trust_id == trust_id) & (table.c[key] == said_id) & table.c.ended.is_(None)
    return connection.execute(update(table).where(mine).values(ended=now, ended_by=actor)).rowcount > 0


def standing(
    connection: Connection, trust_id: str, kind: Kind, schools: bounds.Schools = None,
    wanted: Mapping[str, object] | None = None,
) -> list[Said]:  # fmt: skip
    """What stands, the oldest first; for who sees some schools, of those and of the whole trust.

    `wanted`: columns that are to have a value. A device that became one with another takes what was decided along.
    """
    table, key = _TABLES[kind]
    query = select(table).where(
        table.c.trust_id == trust_id, table.c.ended.is_(None), *_wanted(table, schools, wanted or {})
    )
    rows = connection.execute(query.order_by(table.c.made, table.c[key])).mappings().all()
    became = _became(connection, trust_id) if kind is Kind.DECISION and rows else {}
    found = []
    for row in rows:
        values = {str(name): value for name, value in row.items() if name not in _FRAME and name != key}
        if kind is Kind.DECISION:
            values["device_id"] = became.get(values["device_id"], values["device_id"])
        found.append(Said(kind, row[key], row.get("school_id", ""), values, row["made"], row["made_by"]))
    return found


def count(connection: Connection, trust_id: str, kind: Kind) -> int:
    """How many of a kind stand."""
    table, _ = _TABLES[kind]
    where = (table.c.trust_id == trust_id) & table.c.ended.is_(None)
    return int(connection.execute(select(func.count()).select_from(table).where(where)).scalar() or 0)


def _became(connection: Connection, trust_id: str) -> dict[str, str]:
    """What devices became that are an alias now."""
    d = t.devices.c
    query = select(d.device_id, d.alias_of).where(d.trust_id == trust_id, d.alias_of.is_not(None))
    return {row.device_id: row.alias_of for row in connection.execute(query)}


def _wanted(table: Table, schools: bounds.Schools, wanted: Mapping[str, object]) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [table.c[name] == value for name, value in wanted.items()]
    if schools is not None and "school_id" in table.c:
        where.append(or_(table.c.school_id == "", bounds.within(table.c.school_id, schools)))
    return where


def get(connection: Connection, trust_id: str, kind: Kind, said_id: str) -> Said | None:
    """One thing that stands, or None."""
    return next((one for one in standing(connection, trust_id, kind, None, {_TABLES[kind][1]: said_id})), None)


def stamp(connection: Connection, trust_id: str) -> Stamp:
    """The marks of all that a plan is made of. `said`: of what people say of plans, and of nothing else."""
    said = []
    for table, _ in _TABLES.values():
        c = table.c
        row = connection.execute(
            select(func.count(), func.count(c.ended), func.max(c.made), func.max(c.ended)).where(c.trust_id == trust_id)
        ).one()
        said.append(tuple(str(cell) for cell in row))
    names = select(t.counters.c.name, t.counters.c.next).where(t.counters.c.trust_id == trust_id)
    counted = {row.name: row.next for row in connection.execute(names)}
    j, s = t.judgements.c, t.school_lives.c
    judged = connection.execute(select(func.max(j.judged), func.count()).where(j.trust_id == trust_id)).one()
    lives = connection.execute(select(func.count()).where(s.trust_id == trust_id)).scalar()
    erased = connection.execute(select(func.count()).where(t.erasures.c.trust_id == trust_id)).scalar()
    known = [counted.get(name) for name in ("register", "condition_change")]
    return Stamp(str(said), str((*known, *judged, lives, erased)))
