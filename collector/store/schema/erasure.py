"""Tables of what was erased, without what it was: tombstones, what agents still have to erase, and plain counts."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

#: one act of erasing. kind: mac, serial, uuid or device (how it was asked for); `counts`: JSON, table → rows
erasures = Table(
    "erasure",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("erasure_id", String(36), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("made", Time, nullable=False),
    Column("kept_away", Boolean, nullable=False),  # what arrives later is redacted before it is kept
    Column("counts", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "erasure_id"),
    Index("ix_erasure_made", "trust_id", "made"),
)

#: what was erased, as HMAC-SHA-256 under a key outside the database: to find it again, never to read it
erased_values = Table(
    "erased_value",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("erasure_id", String(36), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    PrimaryKeyConstraint("trust_id", "erasure_id", "hash"),
)

#: the devices whose rows in exports of `since` until the erasure no longer match; `whole`: nothing of it is left
erased_devices = Table(
    "erased_device",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("erasure_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("since", Time, nullable=False),
    Column("whole", Boolean, nullable=False),
    PrimaryKeyConstraint("trust_id", "erasure_id", "device_id"),
)

#: what one agent is to erase from its spool, sealed to it: the collector itself cannot open it
erase_orders = Table(
    "erase_order",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("erasure_id", String(36), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # emptied when it is acknowledged
    Column("made", Time, nullable=False),
    Column("acknowledged", Time),
    PrimaryKeyConstraint("trust_id", "agent_id", "erasure_id"),
)

#: how many machines that nobody tracks were on a network on a day (London): random addresses, and guests
random_counts = Table(
    "random_count",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("network", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("machines", Integer, nullable=False),
    PrimaryKeyConstraint("trust_id", "site_id", "network", "day"),
)
