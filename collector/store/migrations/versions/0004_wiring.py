"""The map: which switches are wired to which, where every MAC hangs, and which neighbours nobody has examined."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of the map."""
    op.create_table(
        "wiring",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=False),
        sa.Column("seen", Time(), nullable=True),
        sa.Column("drawn", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "site_id", name=op.f("pk_wiring")),
    )
    op.create_table(
        "link",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("a_device", sa.String(length=36), nullable=False),
        sa.Column("a_port", sa.BigInteger(), nullable=False),
        sa.Column("b_device", sa.String(length=36), nullable=False),
        sa.Column("b_port", sa.BigInteger(), nullable=False),
        sa.Column("a_port_name", sa.Text(), nullable=False),
        sa.Column("b_port_name", sa.Text(), nullable=False),
        sa.Column("b_name", sa.Text(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("standby", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Time(), nullable=False),
        sa.PrimaryKeyConstraint(
            "trust_id", "site_id", "a_device", "a_port", "b_device", "b_port", name=op.f("pk_link")
        ),
    )
    op.create_table(
        "attachment",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("mac", sa.String(length=17), nullable=False),
        sa.Column("switch_id", sa.String(length=36), nullable=False),
        sa.Column("port", sa.BigInteger(), nullable=False),
        sa.Column("port_name", sa.Text(), nullable=False),
        sa.Column("vlans", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "site_id", "mac", "switch_id", "port", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_mac", "attachment", ["trust_id", "mac"])
    op.create_index("ix_attachment_switch", "attachment", ["trust_id", "switch_id", "port"])
    op.create_table(
        "proposal",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("switch_id", sa.String(length=36), nullable=False),
        sa.Column("port", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "site_id", "switch_id", "port", "number", name=op.f("pk_proposal")),
    )
