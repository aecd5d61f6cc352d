"""Tables of the map of each site, of reference data, and of the numbers that are handed out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

#: how far the map of a site has come: `evidence_id` and `seen` are the last row and the newest table that it stands on,
#: `changed` is the mark that tables came after that. The three tables below hold the map as it was drawn last
wirings = Table(
    "wiring",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("changed", Boolean, nullable=False),
    Column("evidence_id", BigInteger, nullable=False),
    Column("seen", Time),
    Column("drawn", Time),
    PrimaryKeyConstraint("trust_id", "site_id"),
)

#: two ports on one wire; `b_device` is empty where only `b_name` is known of what is there
links = Table(
    "link",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("a_device", String(36), nullable=False),
    Column("a_port", BigInteger, nullable=False),
    Column("b_device", String(36), nullable=False),
    Column("b_port", BigInteger, nullable=False),
    Column("a_port_name", Text, nullable=False),
    Column("b_port_name", Text, nullable=False),
    Column("b_name", Text, nullable=False),
    Column("members", Integer, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("standby", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "site_id", "a_device", "a_port", "b_device", "b_port"),
)

#: where a MAC hangs; `switch_id` is empty where that cannot be told, and `reason` says why
attachments = Table(
    "attachment",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("mac", String(17), nullable=False),
    Column("switch_id", String(36), nullable=False),
    Column("port", BigInteger, nullable=False),
    Column("port_name", Text, nullable=False),
    Column("vlans", Text, nullable=False),  # JSON list of numbers
    Column("how", String(40), nullable=False),
    Column("via", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "site_id", "mac", "switch_id", "port"),
    Index("ix_attachment_mac", "trust_id", "mac"),
    Index("ix_attachment_switch", "trust_id", "switch_id", "port"),
)

#: neighbours that a switch hears and nobody has examined: proposed to people
proposals = Table(
    "proposal",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("switch_id", String(36), nullable=False),
    Column("port", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),  # tells those of one port apart
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "site_id", "switch_id", "port", "number"),
)

#: tables that an operator brought, and that stand beside those that come with Stocktake: see `references`
references = Table(
    "reference",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("name", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("imported", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "name"),
)

#: the next number of each numbered table, per trust; handed out by the one writer
counters = Table(
    "counter",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("name", String(32), nullable=False),
    Column("next", BigInteger, nullable=False),
    PrimaryKeyConstraint("trust_id", "name"),
)
