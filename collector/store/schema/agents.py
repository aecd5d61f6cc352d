"""Tables of agents, their tokens, and the credentials they receive."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

agents = Table(
    "agent",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False, default=""),
    Column("sealing_key", LargeBinary(32), nullable=False),
    Column("network_limits", Text, nullable=False),  # JSON list of CIDRs: what the technician allowed at most
    Column("certificate_serial", String(64), nullable=False),
    Column("certificate_expires", Time, nullable=False),
    Column("enrolled", Time, nullable=False),
    Column("revoked", Time),
    Column("last_sync", Time),
    Column("last_report", Time),
    Column("numbers", Text, nullable=False, default="{}"),  # JSON, the agent's own metrics as last told
    Column("troubles", Text, nullable=False, default="[]"),  # JSON list of sentences
    Column("networks", Text, nullable=False, default="[]"),  # JSON list of CIDRs: what it says it will sweep
    Column("credentials", Text, nullable=False, server_default="[]"),  # JSON: how its credentials fare, as last told
    PrimaryKeyConstraint("trust_id", "agent_id"),
)

enrolment_tokens = Table(
    "enrolment_token",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("created", Time, nullable=False),
    Column("expires", Time, nullable=False),
    Column("used", Time),
    Column("agent_id", String(36)),
    PrimaryKeyConstraint("trust_id", "token_hash"),
    Index("ix_enrolment_token_hash", "token_hash"),
)

credentials = Table(
    "credential",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("credential_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("version", String(4), nullable=False),
    Column("school_id", String(36)),  # empty: the whole trust
    Column("encrypted", LargeBinary, nullable=False),  # DeviceCredential under the key file
    Column("factory", Boolean),  # whether its community is one that everybody knows; empty: kept before that was noted
    Column("created", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "credential_id"),
)
