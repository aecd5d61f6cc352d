"""Tables of physical checks: what was drawn, what was found of it, which rooms were walked and what stood there."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

#: one check of a school. `as_known`: the time of the register that was drawn from; `population`: devices that were
#: drawn from, `left_out`: those that could not be (no cost, by value); `second_id`: the account of the second person,
#: empty where they have none and `second_name` is declared. Closed: both signed
shelf_checks = Table(
    "shelf_check",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("check_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("method", String(24), nullable=False),
    Column("size", Integer, nullable=False),
    Column("seed", String(64), nullable=False),
    Column("as_known", Time, nullable=False),
    Column("population", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("drawn", Integer, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by_id", String(36), nullable=False),
    Column("second_id", String(36), nullable=False),
    Column("second_name", Text, nullable=False),
    Column("signed", Time),
    Column("second_signed", Time),
    Column("withdrawn", Time),
    Column("withdrawn_by_id", String(36), nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "check_id"),
    Index("ix_shelf_check_made", "trust_id", "made"),
)

#: a device that was drawn, and what was found of it; `outcome` is empty before it was looked at
shelf_rows = Table(
    "shelf_row",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("check_id", String(36), nullable=False),
    Column("line", Integer, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("stands_for", Float, nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("outcome", String(16), nullable=False, server_default=""),
    Column("room", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("looked", Time),
    Column("looked_by_id", String(36), nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "check_id", "line"),
)

#: a room to walk. An empty name: anywhere in the school
shelf_rooms = Table(
    "shelf_room",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("check_id", String(36), nullable=False),
    Column("line", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("walked", Time),
    Column("walked_by_id", String(36), nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "check_id", "line"),
)

#: a thing that stands in a room, and what the register has of it. `device_id`, `school_id`: of what it is, where it is
#: one device
shelf_things = Table(
    "shelf_thing",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("check_id", String(36), nullable=False),
    Column("line", Integer, nullable=False),
    Column("room_line", Integer, nullable=False),
    Column("mark", Text, nullable=False),
    Column("verdict", String(24), nullable=False),
    Column("device_id", String(36), nullable=False, server_default=""),
    Column("school_id", String(36), nullable=False, server_default=""),
    Column("noted", Time, nullable=False),
    Column("noted_by_id", String(36), nullable=False),
    PrimaryKeyConstraint("trust_id", "check_id", "line"),
)
