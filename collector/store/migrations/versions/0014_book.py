"""Rules of the book, annual reviews and exports; what lists of the register are chosen and added up by."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from collector.store.cells import booked
from collector.store.schema import Time

revision = "0014"
down_revision = "0013"

_PAGE = 2_000  # versions that are read at once
_FILLED = ("class", "cost", "lot", "gone")


def upgrade() -> None:
    """Make the tables, and say of every version of the register what it cost and what it was bought with."""
    _book()
    _made()
    for name in ("os_edition", "os_build"):
        op.add_column("device", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("register", sa.Column("class", sa.String(length=32), server_default="", nullable=False))
    op.add_column("register", sa.Column("cost", sa.BigInteger()))
    op.add_column("register", sa.Column("lot", sa.String(length=64), server_default="", nullable=False))
    op.add_column("register", sa.Column("gone", sa.String(length=10), server_default="", nullable=False))
    op.create_index("ix_register_lot", "register", ["trust_id", "lot", "recorded_to", "recorded_from", "cost"])
    _book_what_is_kept()
    chosen = ["trust_id", "device_id", "recorded_to", "recorded_from", "class", "school_id", "gone", "cost", "lot"]
    op.drop_index("ix_register_device", "register")
    op.create_index("ix_register_device", "register", chosen)


def _book() -> None:
    op.create_table(
        "book_rules",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("book_rules_id", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time()),
        sa.PrimaryKeyConstraint("trust_id", "book_rules_id", name=op.f("pk_book_rules")),
    )
    op.create_table(
        "annual_review",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("as_known", Time(), nullable=False),
        sa.Column("devices", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", Time()),
        sa.Column("withdrawn_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "review_id", name=op.f("pk_annual_review")),
    )
    op.create_index("ix_annual_review_made", "annual_review", ["trust_id", "made"])


def _made() -> None:
    op.create_table(
        "export_made",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("export_id", sa.String(length=36), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("as_known", Time(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("assignees", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("journal_position", sa.BigInteger(), nullable=False),
        sa.Column("journal_hash", sa.String(length=64), nullable=False),
        sa.Column("journal_signature", sa.Text(), server_default="", nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "export_id", name=op.f("pk_export_made")),
    )
    op.create_index("ix_export_made_made", "export_made", ["trust_id", "made"])


def _book_what_is_kept() -> None:
    connection = op.get_bind()
    register = sa.table("register", *(sa.column(name) for name in ("trust_id", "row_id", "cells", *_FILLED)))
    c = register.c
    key = (c.trust_id == sa.bindparam("of")) & (c.row_id == sa.bindparam("at"))
    change = sa.update(register).where(key).values({name: sa.bindparam(f"new_{name}") for name in _FILLED})
    after = ("", 0)
    while True:
        further = sa.or_(c.trust_id > after[0], sa.and_(c.trust_id == after[0], c.row_id > after[1]))
        query = sa.select(c.trust_id, c.row_id, c.cells).where(further).order_by(c.trust_id, c.row_id).limit(_PAGE)
        rows = connection.execute(query).all()
        if not rows:
            return
        after = (rows[-1].trust_id, rows[-1].row_id)
        said = [(row, booked(json.loads(row.cells))) for row in rows if row.cells]
        if said:
            new = [{f"new_{name}": told[name] for name in _FILLED} for _, told in said]
            keys = [{"of": row.trust_id, "at": row.row_id} for row, _ in said]
            connection.execute(change, [a | b for a, b in zip(keys, new, strict=True)])
