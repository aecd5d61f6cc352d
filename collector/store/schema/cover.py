"""Tables of support cover: contracts, services and who provides them, and marks that people give."""

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
    false,
)

from collector.store.schema.base import Time, metadata

#: a contract or warranty. Scopes are JSON lists, an empty one narrows nothing. `withdrawn`: it was entered by mistake
contracts = Table(
    "contract",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("contract_id", String(36), nullable=False),
    Column("provider", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),  # the last day
    Column("schools", Text, nullable=False, server_default="[]"),  # ids
    Column("classes", Text, nullable=False, server_default="[]"),
    Column("models", Text, nullable=False, server_default="[]"),
    Column("devices", Text, nullable=False, server_default="[]"),  # ids
    Column("hours", Text, nullable=False, server_default=""),
    Column("response", Text, nullable=False, server_default=""),
    Column("cost", BigInteger),  # pence a year
    Column("notice", Date),
    Column("owner", Text, nullable=False, server_default=""),
    Column("reference", Text, nullable=False, server_default=""),
    Column("notes", Text, nullable=False, server_default=""),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("changed", Time),
    Column("changed_by", Text, nullable=False, server_default=""),
    Column("withdrawn", Time),
    PrimaryKeyConstraint("trust_id", "contract_id"),
)

#: a service that a trust has put on its list, or one of the shipped list that it leaves out
service_list = Table(
    "service_listed",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("service", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("left_out", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("trust_id", "service"),
)

#: who provides a service to a school; `school_id` is empty for all schools
provisions = Table(
    "provision",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("provision_id", String(36), nullable=False),
    Column("service", String(32), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("provider", Text, nullable=False),
    Column("level", Text, nullable=False, server_default=""),
    Column("cost", BigInteger),  # pence a year
    Column("starts", Date),
    Column("ends", Date),  # the last day
    Column("reviewed", Date),
    Column("notes", Text, nullable=False, server_default=""),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("changed", Time),
    Column("changed_by", Text, nullable=False, server_default=""),
    Column("withdrawn", Time),
    PrimaryKeyConstraint("trust_id", "provision_id"),
)

#: what somebody thinks of a service at a school, 1 to 5. `given_by`: school, users, support team; `source`: page,
#: import, console
service_marks = Table(
    "service_mark",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("mark_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("service", String(32), nullable=False),
    Column("given_by", String(16), nullable=False),
    Column("mark", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("remark", Text, nullable=False, server_default=""),
    Column("source", String(8), nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("withdrawn", Time),
    PrimaryKeyConstraint("trust_id", "mark_id"),
    Index("ix_service_mark_school", "trust_id", "school_id"),
)

#: what somebody thinks of devices of a school: of one, or of all of a class, model or room
device_marks = Table(
    "device_mark",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("mark_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("device_class", String(32), nullable=False, server_default=""),
    Column("model", Text, nullable=False, server_default=""),
    Column("room", Text, nullable=False, server_default=""),
    Column("device_id", String(36), nullable=False, server_default=""),
    Column("mark", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("remark", Text, nullable=False, server_default=""),
    Column("source", String(8), nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("withdrawn", Time),
    PrimaryKeyConstraint("trust_id", "mark_id"),
    Index("ix_device_mark_school", "trust_id", "school_id"),
)
