"""Readings that change at every walk, conditions of health and what people said of them, thresholds of a trust."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables of health."""
    _readings()
    _conditions()
    _words()


def _readings() -> None:
    op.create_table(
        "reading",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("observed", Time(), nullable=False),
        sa.Column("previous", sa.Text(), server_default="", nullable=False),
        sa.Column("earlier", Time()),
        sa.Column("changes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changes_before", sa.Integer(), server_default="0", nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=128), nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "claim_id", "component", "name", name=op.f("pk_reading")),
    )
    op.create_table(
        "reading_day",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("least", sa.Float(), nullable=False),
        sa.Column("most", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("last_observed", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "claim_id", "component", "name", "day", name=op.f("pk_reading_day")),
    )
    op.create_index("ix_reading_day_day", "reading_day", ["trust_id", "day"])


def _conditions() -> None:
    op.create_table(
        "condition",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("aspect", sa.String(length=16), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("class", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("since", Time(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("readings", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=8), nullable=False),
        sa.Column("seen", Time(), nullable=False),
        sa.Column("leaning", sa.String(length=8), server_default="", nullable=False),
        sa.Column("leaned", Time()),
        sa.PrimaryKeyConstraint("trust_id", "device_id", "aspect", "component", name=op.f("pk_condition")),
    )
    counted = ["trust_id", "component", "school_id", "class", "aspect", "state"]
    op.create_index("ix_condition_counted", "condition", counted)
    op.create_index("ix_condition_state", "condition", ["trust_id", "component", "state", "aspect", "device_id"])
    op.create_table(
        "condition_change",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("condition_change_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("aspect", sa.String(length=16), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("observed_from", Time(), nullable=False),
        sa.Column("observed_to", Time()),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time()),
        sa.PrimaryKeyConstraint("trust_id", "condition_change_id", name=op.f("pk_condition_change")),
    )
    op.create_index("ix_condition_change_device", "condition_change", ["trust_id", "device_id", "recorded_to"])


def _words() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("acknowledgement_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("aspect", sa.String(length=16), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended", Time()),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "acknowledgement_id", name=op.f("pk_acknowledgement")),
    )
    op.create_index("ix_acknowledgement_device", "acknowledgement", ["trust_id", "device_id", "aspect"])
    op.create_table(
        "threshold",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("aspect", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("class", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "aspect", "name", "class", name=op.f("pk_threshold")),
    )
    op.create_table(
        "label",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "device_id", "component", name=op.f("pk_label")),
    )
