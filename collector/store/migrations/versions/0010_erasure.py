"""What was erased, so that it stays erased; networks of guests; counts of machines that are not tracked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables of erasures and counts, and mark networks of guests."""
    _tombstones()
    _orders_and_counts()
    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guest", sa.Boolean(), server_default=sa.false(), nullable=False))


def _tombstones() -> None:
    op.create_table(
        "erasure",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("erasure_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("kept_away", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "erasure_id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_made", "erasure", ["trust_id", "made"])
    op.create_table(
        "erased_value",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("erasure_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "erasure_id", "hash", name=op.f("pk_erased_value")),
    )
    op.create_table(
        "erased_device",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("erasure_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("since", Time(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "erasure_id", "device_id", name=op.f("pk_erased_device")),
    )


def _orders_and_counts() -> None:
    op.create_table(
        "erase_order",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("erasure_id", sa.String(length=36), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("acknowledged", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "agent_id", "erasure_id", name=op.f("pk_erase_order")),
    )
    op.create_table(
        "random_count",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("machines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "site_id", "network", "day", name=op.f("pk_random_count")),
    )
