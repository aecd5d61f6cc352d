"""What people say of devices: records, their history, and files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "change",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("undone", Time(), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.Column("asked", sa.Text(), server_default="", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "change_id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_made", ["trust_id", "state", "made"], unique=False)
    op.create_table(
        "document",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("added", Time(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("removed", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "document_id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_record", ["trust_id", "record_id"], unique=False)
    op.create_table(
        "record",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("created", Time(), nullable=False),
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.Column("withdrawn", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "record_id", name=op.f("pk_record")),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index("ix_record_device", ["trust_id", "device_id"], unique=False)
    op.create_table(
        "record_field",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.Column("closed_by", sa.String(length=36), server_default="", nullable=False),
        sa.Column("observed_from", Time(), nullable=False),
        sa.Column("observed_to", Time(), nullable=True),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "row_id", name=op.f("pk_record_field")),
    )
    with op.batch_alter_table("record_field", schema=None) as batch_op:
        batch_op.create_index("ix_record_field_change", ["trust_id", "change_id"], unique=False)
        batch_op.create_index("ix_record_field_closed", ["trust_id", "closed_by"], unique=False)
        batch_op.create_index("ix_record_field_key", ["trust_id", "field", "key", "recorded_to"], unique=False)
        batch_op.create_index("ix_record_field_record", ["trust_id", "record_id", "recorded_to"], unique=False)
    # ### end Alembic commands ###
