"""Refresh plans: what people say of policies, money, needs and single devices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plan_budget",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("budget_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=False),
        sa.Column("carries", sa.Boolean(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "budget_id", name=op.f("pk_plan_budget")),
    )
    op.create_table(
        "plan_decision",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("plan_decision_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "plan_decision_id", name=op.f("pk_plan_decision")),
    )
    op.create_table(
        "plan_fund",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("fund_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("spend_by", sa.Date(), nullable=True),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "fund_id", name=op.f("pk_plan_fund")),
    )
    op.create_table(
        "plan_line",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("plan_line_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("line", sa.String(length=48), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("capital", sa.Boolean(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("inflation", sa.Integer(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "plan_line_id", name=op.f("pk_plan_line")),
    )
    op.create_table(
        "plan_need",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("need_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("class", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "need_id", name=op.f("pk_plan_need")),
    )
    op.create_table(
        "plan_policy",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("policy_id", sa.String(length=36), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "policy_id", name=op.f("pk_plan_policy")),
    )
    op.create_table(
        "plan_scenario",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("scenario_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "scenario_id", name=op.f("pk_plan_scenario")),
    )
    op.create_table(
        "plan_suite",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("plan_suite_id", sa.String(length=36), nullable=False),
        sa.Column("suite", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "plan_suite_id", name=op.f("pk_plan_suite")),
    )
    op.create_table(
        "plan_terms",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("plan_terms_id", sa.String(length=36), nullable=False),
        sa.Column("start_month", sa.Integer(), nullable=False),
        sa.Column("vat", sa.Integer(), nullable=False),
        sa.Column("maintained", sa.Boolean(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "plan_terms_id", name=op.f("pk_plan_terms")),
    )
    op.create_index("ix_plan_budget_ended", "plan_budget", ["trust_id", "ended"])
    op.create_index("ix_plan_decision_device", "plan_decision", ["trust_id", "device_id"])
    op.create_index("ix_plan_decision_ended", "plan_decision", ["trust_id", "ended"])
    op.create_index("ix_plan_fund_ended", "plan_fund", ["trust_id", "ended"])
    op.create_index("ix_plan_line_ended", "plan_line", ["trust_id", "ended"])
    op.create_index("ix_plan_need_ended", "plan_need", ["trust_id", "ended"])
    op.create_index("ix_plan_policy_ended", "plan_policy", ["trust_id", "ended"])
    op.create_index("ix_plan_scenario_ended", "plan_scenario", ["trust_id", "ended"])
    op.create_index("ix_plan_suite_ended", "plan_suite", ["trust_id", "ended"])
    op.create_index("ix_plan_terms_ended", "plan_terms", ["trust_id", "ended"])
