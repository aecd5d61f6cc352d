"""Physical checks: samples and what was found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "shelf_check",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("check_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("as_known", Time(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by_id", sa.String(length=36), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=False),
        sa.Column("second_name", sa.Text(), nullable=False),
        sa.Column("signed", Time(), nullable=True),
        sa.Column("second_signed", Time(), nullable=True),
        sa.Column("withdrawn", Time(), nullable=True),
        sa.Column("withdrawn_by_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "check_id", name=op.f("pk_shelf_check")),
    )
    op.create_index("ix_shelf_check_made", "shelf_check", ["trust_id", "made"])

    op.create_table(
        "shelf_room",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("check_id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("walked", Time(), nullable=True),
        sa.Column("walked_by_id", sa.String(length=36), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "check_id", "line", name=op.f("pk_shelf_room")),
    )
    op.create_table(
        "shelf_row",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("check_id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("stands_for", sa.Float(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=16), server_default="", nullable=False),
        sa.Column("room", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("looked", Time(), nullable=True),
        sa.Column("looked_by_id", sa.String(length=36), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "check_id", "line", name=op.f("pk_shelf_row")),
    )
    op.create_table(
        "shelf_thing",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("check_id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("room_line", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=False),
        sa.Column("device_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("school_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("noted", Time(), nullable=False),
        sa.Column("noted_by_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "check_id", "line", name=op.f("pk_shelf_thing")),
    )
