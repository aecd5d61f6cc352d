"""Tables of the trust's standard catalogue, of what people say of schools, and of the thresholds of school profiles."""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, Index, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

#: a line of the standard catalogue: of a class, and of a use where one is named, the maker and models (JSON list) that
#: are the standard from `starts` to `ends` (both included). In force while `recorded_to` is empty
catalogue_entries = Table(
    "catalogue_entry",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("entry_id", String(36), nullable=False),
    Column("class", String(32), nullable=False),
    Column("use", String(64), nullable=False),
    Column("maker", String(64), nullable=False),
    Column("models", Text, nullable=False),
    Column("starts", Date),
    Column("ends", Date),
    Column("successor", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "entry_id"),
    Index("ix_catalogue_entry_class", "trust_id", "recorded_to", "class"),
)

#: what people say of a school, or (empty `school_id`) of all schools of the trust. field: see `profiling.FIELDS`.
#: `as_of`: the day that a number is of; `source`: where it comes from. Believed while `recorded_to` is empty. Once
#: somebody else is named, the name of a person stands nowhere any more: `value` of the row that ended is empty
school_facts = Table(
    "school_fact",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("school_fact_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("field", String(24), nullable=False),
    Column("value", Text, nullable=False),
    Column("as_of", Date),
    Column("source", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "school_fact_id"),
    Index("ix_school_fact_school", "trust_id", "school_id", "field", "recorded_to"),
)

#: thresholds of the school profile that a trust has set itself, and why
profile_thresholds = Table(
    "profile_threshold",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("measure", String(40), nullable=False),
    Column("value", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "measure"),
)
