"""Tables of refresh plans: what people say of policies, money, needs and single devices. No plan is kept: it follows.

A row is never changed but for being ended. `school_id` "" is the whole trust.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from collector.store.schema.base import Time, metadata


def _said() -> tuple[Column[Any], ...]:
    """The columns of what a person says until it is ended: when and who, and when and who ended it."""
    return (
        Column("made", Time, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("ended", Time),
        Column("ended_by", Text, nullable=False, server_default=""),
    )


def _of_school() -> tuple[Column[Any], ...]:
    return (
        Column("trust_id", String(36), nullable=False),
        Column("school_id", String(36), nullable=False),
    )


#: how long a class is kept and what it costs, otherwise than as it comes with Stocktake. `scope`: class, model or use;
#: `named`: which one; `fields`: JSON of the fields that differ; `source`: who says so
plan_policies = Table(
    "plan_policy",
    metadata,
    *_of_school(),
    Column("policy_id", String(36), nullable=False),
    Column("scope", String(8), nullable=False),
    Column("named", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("source", Text, nullable=False),
    *_said(),
    PrimaryKeyConstraint("trust_id", "policy_id"),
    Index("ix_plan_policy_ended", "trust_id", "ended"),
)

#: how a school reckons. `start_month`: 4 or 9; `vat`: hundredths of a percent that are added; `maintained`: it makes
#: the CFR return, all others are academies
plan_terms = Table(
    "plan_terms",
    metadata,
    *_of_school(),
    Column("plan_terms_id", String(36), nullable=False),
    Column("start_month", Integer, nullable=False),
    Column("vat", Integer, nullable=False),
    Column("maintained", Boolean, nullable=False),
    *_said(),
    PrimaryKeyConstraint("trust_id", "plan_terms_id"),
    Index("ix_plan_terms_ended", "trust_id", "ended"),
)

#: how much may be spent in a year, pence without VAT. `carries`: what is left goes on to the next year
plan_budgets = Table(
    "plan_budget",
    metadata,
    *_of_school(),
    Column("budget_id", String(36), nullable=False),
    Column("year", Integer, nullable=False),
    Column("cap", BigInteger, nullable=False),
    Column("carries", Boolean, nullable=False),
    *_said(),
    PrimaryKeyConstraint("trust_id", "budget_id"),
    Index("ix_plan_budget_ended", "trust_id", "ended"),
)

#: money with a last day. `year`: from which it may be spent
plan_funds = Table(
    "plan_fund",
    metadata,
    *_of_school(),
    Column("fund_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("year", Integer, nullable=False),
    Column("spend_by", Date),
    *_said(),
    PrimaryKeyConstraint("trust_id", "fund_id"),
    Index("ix_plan_fund_ended", "trust_id", "ended"),
)

#: what a person decided of a device. `action`: replace (in `year`), extend (until `until`) or retire (in `year`, or
#: when its dates ask)
plan_decisions = Table(
    "plan_decision",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("plan_decision_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("action", String(8), nullable=False),
    Column("year", Integer),
    Column("until", Date),
    Column("reason", Text, nullable=False),
    *_said(),
    PrimaryKeyConstraint("trust_id", "plan_decision_id"),
    Index("ix_plan_decision_ended", "trust_id", "ended"),
    Index("ix_plan_decision_device", "trust_id", "device_id"),
)

#: the same of all devices of a suite: a room of a school
plan_suites = Table(
    "plan_suite",
    metadata,
    *_of_school(),
    Column("plan_suite_id", String(36), nullable=False),
    Column("suite", Text, nullable=False),
    Column("action", String(8), nullable=False),
    Column("year", Integer),
    Column("until", Date),
    Column("reason", Text, nullable=False),
    *_said(),
    PrimaryKeyConstraint("trust_id", "plan_suite_id"),
    Index("ix_plan_suite_ended", "trust_id", "ended"),
)

#: what a school asks for beside what it has. `cost`: each, pence, NULL: the policy's
plan_needs = Table(
    "plan_need",
    metadata,
    *_of_school(),
    Column("need_id", String(36), nullable=False),
    Column("what", Text, nullable=False),
    Column("class", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("start", Date, nullable=False),
    Column("aim", Text, nullable=False),
    Column("cost", BigInteger),
    Column("every_months", Integer),
    *_said(),
    PrimaryKeyConstraint("trust_id", "need_id"),
    Index("ix_plan_need_ended", "trust_id", "ended"),
)

#: a line without a device. `cost`: pence a year, or once; `line`: DfE's; `inflation`: hundredths of a percent a year
plan_lines = Table(
    "plan_line",
    metadata,
    *_of_school(),
    Column("plan_line_id", String(36), nullable=False),
    Column("what", Text, nullable=False),
    Column("line", String(48), nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("yearly", Boolean, nullable=False),
    Column("capital", Boolean, nullable=False),
    Column("aim", Text, nullable=False),
    Column("inflation", Integer, nullable=False),
    *_said(),
    PrimaryKeyConstraint("trust_id", "plan_line_id"),
    Index("ix_plan_line_ended", "trust_id", "ended"),
)

#: a named what-if. `changes`: JSON of plain values, see `collector.planning.Scenario`
plan_scenarios = Table(
    "plan_scenario",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("scenario_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("changes", Text, nullable=False),
    *_said(),
    PrimaryKeyConstraint("trust_id", "scenario_id"),
    Index("ix_plan_scenario_ended", "trust_id", "ended"),
)
