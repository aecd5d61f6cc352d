"""Tables of comparison: schools of England as GIAS has them, and what is exchanged with other trusts."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, PrimaryKeyConstraint, String, Table, Text, false

from collector.store.schema.base import Time, metadata

#: schools that are open, as the file of GIAS has them that came last. `figures`: JSON, percentages by name
gias_schools = Table(
    "gias_school",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("urn", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("phase_group", String(32), nullable=False),
    Column("region", String(64), nullable=False),
    Column("boards", Boolean, nullable=False, server_default=false()),
    Column("pupils", Float),
    Column("figures", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "urn"),
    Index("ix_gias_school_group", "trust_id", "phase_group"),
)

#: the file of GIAS that was brought last, which `gias_school` holds
gias_files = Table(
    "gias_file",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("brought", Time, nullable=False),
    Column("brought_by", Text, nullable=False),
    Column("schools", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    PrimaryKeyConstraint("trust_id"),
)

#: the owner consented to give the trust's sums to others under a random id. `secret`: by which the trust leaves
club_consents = Table(
    "club_consent",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("member", String(36), nullable=False),
    Column("secret", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("given", Time, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("ended", Time),
    Column("ended_by", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "member"),
)

#: sums that left. `cells`: JSON, each with the schools that it is made of, which never leave; never changed or deleted,
#: as what may leave next is decided by all that ever left
club_exports = Table(
    "club_export",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("cells", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "made"),
)

#: other trusts' files. `invited`: what they are called here; `left`: they left, and `content` is empty
club_files = Table(
    "club_file",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("member", String(36), nullable=False),
    Column("invited", Text, nullable=False),
    Column("issued", Date, nullable=False),
    Column("content", Text, nullable=False),
    Column("brought", Time, nullable=False),
    Column("brought_by", Text, nullable=False),
    Column("left", Time),
    PrimaryKeyConstraint("trust_id", "member"),
)
