"""Tables of what arrived: streams, reports, contents, lanes, evidence, and what could not be read."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from collector.store.schema.base import Time, metadata

streams = Table(
    "stream",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("stream_id", String(64), nullable=False),
    Column("highest_contiguous", BigInteger, nullable=False),
    Column("started", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "agent_id", "stream_id"),
)

#: one row per sequence number that arrived: what makes intake idempotent, and the pending mark of interpretation.
#: state: pending, read, unread (a rule failed), gap (stands for first..last that never come), refused
reports = Table(
    "report",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("stream_id", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("lane_id", BigInteger),
    Column("state", String(8), nullable=False),
    Column("observe_time", Time, nullable=False),
    Column("boot_seconds", Float, nullable=False),
    Column("boot_id", String(64), nullable=False),
    Column("receive_time", Time, nullable=False),
    Column("gap_first", BigInteger),
    Column("gap_last", BigInteger),
    Column("detail", Text, nullable=False, default=""),
    PrimaryKeyConstraint("trust_id", "agent_id", "stream_id", "sequence"),
    Index("ix_report_state", "trust_id", "state", "receive_time"),
)

contents = Table(
    "content",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("compressed", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    PrimaryKeyConstraint("trust_id", "digest"),
)

#: one subject (who has an address under one MAC), examined by one method, brought by one agent: the line along which
#: evidence replaces evidence
lanes = Table(
    "lane",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("address", String(45), nullable=False),
    Column("mac", String(23), nullable=False),
    Column("network", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("method", String(16), nullable=False),
    Column("relayed", Boolean, nullable=False),
    Column("first_observed", Time, nullable=False),
    Column("last_observed", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "lane_id"),
    Index(
        "ix_lane_subject",
        *("trust_id", "agent_id", "kind", "address", "mac", "network", "source", "method", "relayed"),
        unique=True,
    ),
)

#: one plan group of one lane from the time it first read so until it was last seen so
evidence = Table(
    "evidence",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("evidence_id", BigInteger, nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("digest", LargeBinary(32)),
    Column("detail", Text, nullable=False, default=""),
    Column("plan_digest", LargeBinary(32)),
    Column("first_observed", Time, nullable=False),
    Column("last_observed", Time, nullable=False),
    Column("receive_time", Time, nullable=False),
    Column("stream_id", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    PrimaryKeyConstraint("trust_id", "evidence_id"),
    ForeignKeyConstraint(["trust_id", "lane_id"], ["lane.trust_id", "lane.lane_id"]),
    Index("ix_evidence_lane", "trust_id", "lane_id", "group_name", "last_observed"),
    Index("ix_evidence_digest", "trust_id", "digest"),
    Index("ix_evidence_outcome", "trust_id", "outcome"),
)

#: what could not be read, by rule
unread = Table(
    "unread",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("unread_id", BigInteger, nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("locator", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "unread_id"),
    Index("ix_unread_lane", "trust_id", "lane_id", "recorded_to"),
)
