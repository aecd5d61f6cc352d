"""How old devices and their parts are: the beliefs with their reasons, and the columns of the device's row.

Also the reference tables that an operator brings, by which the ends of support are told.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of ages and of references, and give devices the columns that are kept for speed."""
    op.create_table(
        "age",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("age_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("assessed", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "age_id", name=op.f("pk_age")),
    )
    op.create_index("ix_age_device", "age", ["trust_id", "device_id", "recorded_to"])
    op.create_table(
        "reference",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("imported", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "name", name=op.f("pk_reference")),
    )
    for column in (
        sa.Column("made_earliest", sa.Date(), nullable=True),
        sa.Column("made_latest", sa.Date(), nullable=True),
        sa.Column("made_best", sa.Date(), nullable=True),
        sa.Column("made_confidence", sa.String(length=8), nullable=False, server_default="none"),
        sa.Column("made_contradicted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("support_known", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("support_ends", sa.Date(), nullable=True),
        sa.Column("support_extended", sa.Date(), nullable=True),
        sa.Column("windows_11", sa.String(length=24), nullable=False, server_default=""),
    ):
        op.add_column("device", column)
