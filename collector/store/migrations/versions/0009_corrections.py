"""What people correct in the register, and which cells of a device's row that is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table of corrections, and mark what is corrected in the devices' rows."""
    op.create_table(
        "correction",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("correction_id", sa.String(length=36), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("cell", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("claims", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.Column("ended", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("ended_by", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("trust_id", "row_id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_device", "correction", ["trust_id", "device_id", "recorded_to"])
    op.create_index("ix_correction_scope", "correction", ["trust_id", "scope", "recorded_to"])
    op.create_index("ix_correction_id", "correction", ["trust_id", "correction_id"])
    op.add_column("device", sa.Column("corrected", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("device", sa.Column("as_read", sa.Text(), nullable=False, server_default="{}"))
