"""Tables of buildings, rooms and what is tied to them, of term dates, and of how long a school belongs to the trust."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, history, metadata

buildings = Table(
    "building",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("building_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "building_id"),
    Index("ix_building_site", "trust_id", "site_id"),
)

#: a room of a site; `building_id` is empty where the site has but one building
rooms = Table(
    "room",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("room_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("building_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "room_id"),
    Index("ix_room_site", "trust_id", "site_id"),
)

#: what stands for a room. kind: port (of the switch `device_id`), access point (`device_id`), location (`said`, as
#: devices say it of themselves). Tied while `recorded_to` is empty
ties = Table(
    "tie",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("tie_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("room_id", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("port", BigInteger, nullable=False),
    Column("said", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "tie_id"),
    Index("ix_tie_site", "trust_id", "site_id", "recorded_to"),
)

#: the term calendar as it was brought, for a school or (empty `school_id`) the whole trust. kind: see `calendar.Kind`.
#: In force while `recorded_to` is empty
terms = Table(
    "term",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("term_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("name", Text, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "term_id"),
    Index("ix_term_school", "trust_id", "school_id", "recorded_to"),
)

#: whether a school belongs to the trust: state joined, left, closed or merged (into `into_school_id`). No row: it
#: always did. `retention_until`: the last day on which what is known of one that does not is kept
school_lives = Table(
    "school_life",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("life_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("state", String(8), nullable=False),
    Column("into_school_id", String(36), nullable=False, server_default=""),
    Column("retention_until", Date),
    *history(),
    PrimaryKeyConstraint("trust_id", "life_id"),
    Index("ix_school_life_school", "trust_id", "school_id", "recorded_to"),
)

#: an export of another collector that was taken in, and the school it is of: it came with entries of a journal
archives = Table(
    "archive",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("archive_id", String(36), nullable=False),
    Column("exporter", Text, nullable=False),  # the name of the trust that wrote it
    Column("written", Time, nullable=False),
    Column("imported", Time, nullable=False),
    Column("manifest", Text, nullable=False),  # JSON, as it came
    PrimaryKeyConstraint("trust_id", "archive_id"),
)

#: entries of the journal of the collector that wrote an archive, as they came: `hash` links to entries that may be
#: there alone
archived_entries = Table(
    "archived_entry",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("archive_id", String(36), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("time", Time, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", String(64), nullable=False),  # hex
    PrimaryKeyConstraint("trust_id", "archive_id", "position"),
)
