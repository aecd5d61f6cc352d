"""A person's hand: what people wish agents to do at once, what came of it, and which schools are paused.

Also how agents' credentials fare, and a way to find what was cut short.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of wishes and pauses."""
    op.create_table(
        "wish",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("wish_id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires", Time(), nullable=False),
        sa.Column("handed", Time(), nullable=True),
        sa.Column("begun", Time(), nullable=True),
        sa.Column("ended", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "wish_id", name=op.f("pk_wish")),
    )
    op.create_index("ix_wish_agent", "wish", ["trust_id", "state", "agent_id"])
    op.create_index("ix_wish_school", "wish", ["trust_id", "school_id", "made"])
    op.add_column("agent", sa.Column("credentials", sa.Text(), nullable=False, server_default="[]"))
    op.create_index("ix_evidence_outcome", "evidence", ["trust_id", "outcome"])
    op.create_table(
        "pause",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("until", Time(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "school_id", name=op.f("pk_pause")),
    )
