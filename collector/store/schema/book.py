"""Tables of the book: a trust's rules of it, annual reviews that people signed, and the exports that were made."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

#: how a trust keeps its book: one version. `rules`: JSON, see `collector.book.written`
book_rules = Table(
    "book_rules",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("book_rules_id", BigInteger, nullable=False),
    Column("rules", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "book_rules_id"),
)

#: the register of a school, or of the whole trust (""), was reviewed by somebody, as it was known at a time. `devices`
#: and `sha256`: of the written form that was reviewed, so that it can be shown again. Never changed but for `withdrawn`
annual_reviews = Table(
    "annual_review",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("review_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("as_known", Time, nullable=False),
    Column("devices", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("withdrawn", Time),
    Column("withdrawn_by", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "review_id"),
    Index("ix_annual_review_made", "trust_id", "made"),
)

#: one export: its manifest. `filters`: JSON of what was chosen by; what was searched for is not kept
exports_made = Table(
    "export_made",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("export_id", String(36), nullable=False),
    Column("form", String(16), nullable=False),
    Column("as_known", Time, nullable=False),
    Column("filters", Text, nullable=False),
    Column("assignees", Boolean, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("journal_position", BigInteger, nullable=False),
    Column("journal_hash", String(64), nullable=False),
    Column("journal_signature", Text, nullable=False, server_default=""),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "export_id"),
    Index("ix_export_made_made", "trust_id", "made"),
)
