"""The standard catalogue and profiles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "catalogue_entry",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("class", sa.String(length=32), nullable=False),
        sa.Column("use", sa.String(length=64), nullable=False),
        sa.Column("maker", sa.String(length=64), nullable=False),
        sa.Column("models", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "entry_id", name=op.f("pk_catalogue_entry")),
    )
    op.create_index("ix_catalogue_entry_class", "catalogue_entry", ["trust_id", "recorded_to", "class"])
    op.create_table(
        "school_fact",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_fact_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "school_fact_id", name=op.f("pk_school_fact")),
    )
    op.create_index("ix_school_fact_school", "school_fact", ["trust_id", "school_id", "field", "recorded_to"])
    op.create_table(
        "profile_threshold",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "measure", name=op.f("pk_profile_threshold")),
    )
