"""Schools of England as GIAS has them, and what is exchanged with other trusts to compare schools."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the tables."""
    _schools()
    _club()


def _schools() -> None:
    op.create_table(
        "gias_school",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("urn", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phase_group", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("boards", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("pupils", sa.Float()),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "urn", name=op.f("pk_gias_school")),
    )
    op.create_index("ix_gias_school_group", "gias_school", ["trust_id", "phase_group"])
    op.create_table(
        "gias_file",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("brought", Time(), nullable=False),
        sa.Column("brought_by", sa.Text(), nullable=False),
        sa.Column("schools", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", name=op.f("pk_gias_file")),
    )


def _club() -> None:
    op.create_table(
        "club_consent",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("member", sa.String(length=36), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given", Time(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("ended", Time()),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "member", name=op.f("pk_club_consent")),
    )
    op.create_table(
        "club_export",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "made", name=op.f("pk_club_export")),
    )
    op.create_table(
        "club_file",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("member", sa.String(length=36), nullable=False),
        sa.Column("invited", sa.Text(), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("brought", Time(), nullable=False),
        sa.Column("brought_by", sa.Text(), nullable=False),
        sa.Column("left", Time()),
        sa.PrimaryKeyConstraint("trust_id", "member", name=op.f("pk_club_file")),
    )
