"""Buildings, rooms, what is tied to a room, the term calendar, schools that come and go, and what archives brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables of places, and those of archives."""
    _rooms()
    _schools()
    _archives()


def _rooms() -> None:
    op.create_table(
        "building",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("building_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "building_id", name=op.f("pk_building")),
    )
    op.create_index("ix_building_site", "building", ["trust_id", "site_id"])
    op.create_table(
        "room",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("building_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "room_id", name=op.f("pk_room")),
    )
    op.create_index("ix_room_site", "room", ["trust_id", "site_id"])
    op.create_table(
        "tie",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("tie_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("port", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "tie_id", name=op.f("pk_tie")),
    )
    op.create_index("ix_tie_site", "tie", ["trust_id", "site_id", "recorded_to"])


def _schools() -> None:
    op.create_table(
        "school_life",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("life_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("into_school_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("retention_until", sa.Date(), nullable=True),
        sa.Column("observed_from", Time(), nullable=False),
        sa.Column("observed_to", Time(), nullable=True),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "life_id", name=op.f("pk_school_life")),
    )
    op.create_index("ix_school_life_school", "school_life", ["trust_id", "school_id", "recorded_to"])
    op.create_table(
        "term",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("term_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "term_id", name=op.f("pk_term")),
    )
    op.create_index("ix_term_school", "term", ["trust_id", "school_id", "recorded_to"])


def _archives() -> None:
    op.create_table(
        "archive",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("archive_id", sa.String(length=36), nullable=False),
        sa.Column("exporter", sa.Text(), nullable=False),
        sa.Column("written", Time(), nullable=False),
        sa.Column("imported", Time(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "archive_id", name=op.f("pk_archive")),
    )
    op.create_table(
        "archived_entry",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("archive_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("time", Time(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "archive_id", "position", name=op.f("pk_archived_entry")),
    )
