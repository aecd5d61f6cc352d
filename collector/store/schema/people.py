"""Tables of how people prove who they are: logins elsewhere, what waits for their return, and guesses."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, String, Table

from collector.store.schema.base import Time, metadata

#: a login at an identity provider that belongs to an account. subject: tenant and object of Entra ID, domain and sub of
#: Google: what never changes and is never used again, so no e-mail address
logins = Table(
    "login",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("issuer", String(255), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("linked", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "issuer", "subject"),
    Index("ix_login_account", "trust_id", "account_id"),
)

#: somebody who went to the identity provider and is awaited back; `state_hash`: SHA-256 of what they bring
departures = Table(
    "departure",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("state_hash", LargeBinary(32), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("expires", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "state_hash"),
)

#: a wrong password or code, by what was guessed at: the hash of an account's name, or of an address
guesses = Table(
    "guess",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("guess_id", String(36), nullable=False),
    Column("aimed_at", LargeBinary(32), nullable=False),
    Column("made", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "guess_id"),
    Index("ix_guess_aimed", "trust_id", "aimed_at", "made"),
)
