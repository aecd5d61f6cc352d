"""Tables of the register as history: what was shown of each device, since when, why, and until when."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

#: one version of a device's row. `cells`: JSON of what is not empty, "" where the device is not in the register (any
#: more); `cause`: a word of `cells.Cause`; `observed_from`: since when what changed was so, empty: it always was.
#: `class`, `cost` (pence, of what is owned), `lot` (what was bought together) and `gone` (the day of disposal, or why
#: there is none) repeat cells, so that a list can be chosen by them and lots be added up; `life` and what begins with
#: `by_` repeat them so that a list can be put in order without reading any: see `cells.booked`
register = Table(
    "register",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("row_id", BigInteger, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("cells", Text, nullable=False),
    Column("cause", String(16), nullable=False),
    Column("observed_from", Time),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    Column("class", String(32), nullable=False, server_default=""),
    Column("cost", BigInteger),
    Column("lot", String(64), nullable=False, server_default=""),
    Column("gone", String(10), nullable=False, server_default=""),
    Column("life", String(16), nullable=False, server_default=""),
    Column("by_name", String(40), nullable=False, server_default=""),
    Column("by_asset_tag", String(40), nullable=False, server_default=""),
    Column("by_serial", String(40), nullable=False, server_default=""),
    Column("by_school", String(40), nullable=False, server_default=""),
    Column("by_purchased", String(10), nullable=False, server_default=""),
    Column("by_made_best", String(10), nullable=False, server_default=""),
    Column("by_support_ends", String(10), nullable=False, server_default=""),
    Column("by_cost", BigInteger),
    PrimaryKeyConstraint("trust_id", "row_id"),
    Index("ix_register_device", "trust_id", "device_id", "recorded_to", "recorded_from", "class", "school_id"),
    Index(  # holds all that lists are chosen, counted and sorted by, so that the cells of other rows are never read
        "ix_register_list",
        "trust_id",
        "recorded_to",
        "recorded_from",
        "device_id",
        "class",
        "school_id",
        "life",
        "gone",
        "cost",
        "lot",
        "by_name",
        "by_asset_tag",
        "by_serial",
        "by_school",
        "by_purchased",
        "by_made_best",
        "by_support_ends",
        "by_cost",
    ),
    Index("ix_register_lot", "trust_id", "lot", "recorded_to", "recorded_from", "cost"),
)

#: the latest time that somebody asked the register of: nothing is recorded at or before it any more
register_asked = Table(
    "register_asked",
    metadata,
    Column("trust_id", String(36), primary_key=True),
    Column("as_known", Time, nullable=False),
)
