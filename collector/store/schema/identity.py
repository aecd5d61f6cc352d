"""Tables of identity: who claimed what, which device each claim is given to, what people said of it, what is asked."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from collector.store.schema.base import Time, metadata

#: identifiers that one lane (or one record) saw together, first and last: what `resolve` decides about.
#: `lane_id` 0: it is of a record, and `slot` names that. `settled_by_time`: who else is seen, and when, may change
#: whose it is. `recorded_to`: today's rules do not read it in the evidence any more
claims = Table(
    "claim",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("claim_id", BigInteger, nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("slot", String(64), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("method", String(16), nullable=False),
    Column("told_of", Boolean, nullable=False),
    Column("identifiers", Text, nullable=False),  # JSON list of [kind, value]
    Column("device_id", String(36), nullable=False),
    Column("first_observed", Time, nullable=False),
    Column("last_observed", Time, nullable=False),
    Column("settled_by_time", Boolean, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "claim_id"),
    Index("ix_claim_lane", "trust_id", "lane_id", "slot", unique=True),
    Index("ix_claim_device", "trust_id", "device_id"),
)

#: the identifiers of claims, to find claims by
claimed = Table(
    "claimed",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("value", String(255), nullable=False),
    Column("claim_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("trust_id", "value", "kind", "claim_id"),
)

#: which device a claim was believed to be of, and when
holders = Table(
    "holder",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("claim_id", BigInteger, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "claim_id", "recorded_from"),
    Index("ix_holder_device", "trust_id", "device_id", "recorded_to"),
)

#: the days on which a claim was seen: bit 0 of `days` is the first of the month (`month`: year × 100 + month), London
#: time. Only days that were known on that day; those that came later are in `late_days`
presence = Table(
    "presence",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("claim_id", BigInteger, nullable=False),
    Column("month", Integer, nullable=False),
    Column("days", BigInteger, nullable=False),
    PrimaryKeyConstraint("trust_id", "claim_id", "month"),
)

late_days = Table(
    "late_day",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("claim_id", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("recorded_from", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "claim_id", "day"),
)

#: what a person said: the bearers of the marks on each side are `one`, or `two`. A mark is [kind, value] of an
#: identifier, or ["LANE", number]; `recorded_to`: taken back
words = Table(
    "word",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("word_id", String(36), nullable=False),
    Column("verdict", String(4), nullable=False),
    Column("side_a", Text, nullable=False),  # JSON list of marks
    Column("side_b", Text, nullable=False),
    Column("device_a", String(36), nullable=False),
    Column("device_b", String(36), nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "word_id"),
)

#: what resolve could not decide, for people: open while `recorded_to` is empty; `subject` tells questions apart
questions = Table(
    "question",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("question_id", BigInteger, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("device_a", String(36), nullable=False),
    Column("device_b", String(36), nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    Column("answer", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "question_id"),
    Index("ix_question_open", "trust_id", "recorded_to"),
)
