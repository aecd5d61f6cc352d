"""Registers that were brought to be reconciled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reconciliation",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("reconciliation_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("compared", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "reconciliation_id", name=op.f("pk_reconciliation")),
    )
    op.create_index("ix_reconciliation_made", "reconciliation", ["trust_id", "made"])
    op.create_table(
        "reconciled",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("reconciliation_id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("device_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("others", sa.Text(), server_default="[]", nullable=False),
        sa.Column("other_rows", sa.Text(), server_default="[]", nullable=False),
        sa.Column("basis", sa.Text(), server_default="[]", nullable=False),
        sa.Column("reasons", sa.Text(), server_default="[]", nullable=False),
        sa.Column("remarks", sa.Text(), server_default="[]", nullable=False),
        sa.Column("differences", sa.Text(), server_default="[]", nullable=False),
        sa.Column("adds", sa.Text(), server_default="{}", nullable=False),
        sa.Column("said", sa.Text(), server_default="{}", nullable=False),
        sa.Column("fields", sa.Text(), server_default="", nullable=False),
        sa.Column("sought", sa.Text(), server_default="", nullable=False),
        sa.Column("school_name", sa.Text(), server_default="", nullable=False),
        sa.Column("settlement_id", sa.String(length=36), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "reconciliation_id", "line", name=op.f("pk_reconciled")),
    )
    of_kind = ["trust_id", "reconciliation_id", "kind", "settlement_id"]
    op.create_index("ix_reconciled_kind", "reconciled", of_kind)
    op.create_table(
        "settlement",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("settlement_id", sa.String(length=36), nullable=False),
        sa.Column("reconciliation_id", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="[]", nullable=False),
        sa.Column("undone", Time(), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "settlement_id", name=op.f("pk_settlement")),
    )
    op.create_index("ix_settlement_of", "settlement", ["trust_id", "reconciliation_id", "made"])
