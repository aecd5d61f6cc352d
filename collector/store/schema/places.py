"""Tables of places and people, what lets them in, and the journal."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
)

from collector.store.schema.base import Time, history, metadata

trusts = Table(
    "trust",
    metadata,
    Column("trust_id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created", Time, nullable=False),
)

schools = Table(
    "school",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "school_id"),
)

#: the URN is an attribute of a school with a from and a to: it changes on conversion
school_urns = Table(
    "school_urn",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("urn", String(16), nullable=False),
    Column("predecessor", String(16)),
    *history(),
    PrimaryKeyConstraint("trust_id", "school_id", "urn", "recorded_from"),
)

sites = Table(
    "site",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "site_id"),
)

networks = Table(
    "network",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("cidr", String(64), nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("added", Time, nullable=False),
    Column("guest", Boolean, nullable=False, server_default=false()),  # whoever is on it is counted, not tracked
    PrimaryKeyConstraint("trust_id", "site_id", "cidr"),
)

#: people. `schools`: JSON list of those that they see, empty for the whole trust; `password`: argon2id, empty for none;
#: `second_factor`: the TOTP secret under the key file, and the number of the last code that was used
accounts = Table(
    "account",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("created", Time, nullable=False),
    Column("schools", Text),
    Column("until", Time),
    Column("removed", Time),
    Column("password", Text, nullable=False, server_default=""),
    Column("second_factor", LargeBinary),
    Column("last_code", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("trust_id", "account_id"),
)

#: what lets a person or a program in; only the SHA-256 of the secret is kept. kind: link (one-time), session, token.
#: `schools`: as in `account`, at most those
passes = Table(
    "pass",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("pass_hash", LargeBinary(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("scope", String(32), nullable=False),
    Column("created", Time, nullable=False),
    Column("expires", Time, nullable=False),
    Column("used", Time),
    Column("revoked", Time),
    Column("schools", Text),
    PrimaryKeyConstraint("trust_id", "pass_hash"),
    Index("ix_pass_hash", "pass_hash"),
)

journal = Table(
    "journal",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("time", Time, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    PrimaryKeyConstraint("trust_id", "position"),
)
