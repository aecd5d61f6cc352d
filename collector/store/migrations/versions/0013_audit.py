"""Findings that are kept or accepted, rule sets of a trust, and whether a community is one that everybody knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "acceptance",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("acceptance_id", sa.String(length=36), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time()),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "acceptance_id", name=op.f("pk_acceptance")),
    )
    op.create_index("ix_acceptance_rule", "acceptance", ["trust_id", "rule", "device_id"])
    op.create_table(
        "audit_decision",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "rule", "name", name=op.f("pk_audit_decision")),
    )
    op.create_table(
        "judgement",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("asking_id", sa.String(length=64), nullable=False),
        sa.Column("judged", Time(), nullable=False),
        sa.Column("wanted", Time()),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("fails", sa.Integer(), nullable=False),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("findings", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "school_id", "asking_id", name=op.f("pk_judgement")),
    )
    op.add_column("credential", sa.Column("factory", sa.Boolean()))
