"""Tables of audits: what was found last, findings that a person accepted, and what a trust decided of its own set."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata, undertaking

#: a person accepts a finding: to the end of a day it is counted apart. Never changed but for being taken back
acceptances = Table(
    "acceptance",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("acceptance_id", String(36), nullable=False),
    Column("rule", String(48), nullable=False),
    Column("device_id", String(36), nullable=False),  # empty: the school itself
    Column("school_id", String(36), nullable=False),  # empty: a device, wherever it is
    *undertaking(),
    PrimaryKeyConstraint("trust_id", "acceptance_id"),
    Index("ix_acceptance_rule", "trust_id", "rule", "device_id"),
)

#: what a trust decided of its own rule set: a parameter of a rule, its severity, or whether it is included
audit_decisions = Table(
    "audit_decision",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("rule", String(48), nullable=False),
    Column("name", String(32), nullable=False),
    Column("value", Text, nullable=False),  # JSON
    Column("reason", Text, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "rule", "name"),
)

#: what was found when a school was judged last: of one rule with the parameters that held, counts and findings. A cache
#: of what the rest tells: it may be emptied at any time, and is judged again
judgements = Table(
    "judgement",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("asking_id", String(64), nullable=False),  # `rule_sets.Line.asking`, or what ends: `store.judged.ENDINGS`
    Column("judged", Time, nullable=False),
    Column("wanted", Time),  # a person changed what it rests on: later than `judged`, it is judged again soon
    Column("passes", Integer, nullable=False),
    Column("fails", Integer, nullable=False),
    Column("untold", Integer, nullable=False),
    Column("findings", LargeBinary, nullable=False),  # compressed: `store.judged`
    PrimaryKeyConstraint("trust_id", "school_id", "asking_id"),
)
