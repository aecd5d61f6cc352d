"""Support cover."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "contract",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("contract_id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("schools", sa.Text(), server_default="[]", nullable=False),
        sa.Column("classes", sa.Text(), server_default="[]", nullable=False),
        sa.Column("models", sa.Text(), server_default="[]", nullable=False),
        sa.Column("devices", sa.Text(), server_default="[]", nullable=False),
        sa.Column("hours", sa.Text(), server_default="", nullable=False),
        sa.Column("response", sa.Text(), server_default="", nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("notice", sa.Date(), nullable=True),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("changed", Time(), nullable=True),
        sa.Column("changed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("withdrawn", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "contract_id", name=op.f("pk_contract")),
    )

    op.create_table(
        "service_listed",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "service", name=op.f("pk_service_listed")),
    )

    op.create_table(
        "provision",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("provision_id", sa.String(length=36), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), server_default="", nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reviewed", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("changed", Time(), nullable=True),
        sa.Column("changed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("withdrawn", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "provision_id", name=op.f("pk_provision")),
    )

    op.create_table(
        "service_mark",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("mark_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("given_by", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "mark_id", name=op.f("pk_service_mark")),
    )

    op.create_table(
        "device_mark",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("mark_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("device_class", sa.String(length=32), server_default="", nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("room", sa.Text(), server_default="", nullable=False),
        sa.Column("device_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "mark_id", name=op.f("pk_device_mark")),
    )
    op.create_index("ix_service_mark_school", "service_mark", ["trust_id", "school_id"])
    op.create_index("ix_device_mark_school", "device_mark", ["trust_id", "school_id"])
