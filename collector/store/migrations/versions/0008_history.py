"""The register as it was believed at any time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema.base import Time

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Versions of the register's rows, the time it was asked of last, and what became of each device."""
    op.create_table(
        "register",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("observed_from", Time()),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time()),
        sa.PrimaryKeyConstraint("trust_id", "row_id", name=op.f("pk_register")),
    )
    op.create_index("ix_register_device", "register", ["trust_id", "device_id", "recorded_to"])
    op.create_table(
        "register_asked",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("as_known", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", name=op.f("pk_register_asked")),
    )
    op.add_column("device", sa.Column("life", sa.String(length=16), nullable=False, server_default=""))
    op.create_index("ix_device_alias", "device", ["trust_id", "alias_of"])
