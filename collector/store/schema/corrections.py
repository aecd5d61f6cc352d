"""The table of corrections: what a person says of a cell of the register, beside what the evidence says."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

#: one cell of one device, or of all that the evidence says the same of (`scope`: device, alike). A correction keeps its
#: id when it moves to another device; `recorded_to`: not believed any more, and `ended` says why: undone, replaced,
#: merged (the surviving device says the same), moved (another row of the same id goes on)
corrections = Table(
    "correction",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("row_id", BigInteger, nullable=False),
    Column("correction_id", String(36), nullable=False),
    Column("scope", String(8), nullable=False),
    Column("device_id", String(36), nullable=False),  # of `alike`: by which device it was said
    Column("pattern", Text, nullable=False),  # JSON: class, maker and model as the evidence says them
    Column("cell", String(8), nullable=False),  # class, maker, model, name, made
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("made", Time, nullable=False),  # when the person said it
    Column("claims", Text, nullable=False, server_default="[]"),  # JSON: the claims that the device had then
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    Column("ended", String(8), nullable=False, server_default=""),
    Column("ended_by", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "row_id"),
    Index("ix_correction_device", "trust_id", "device_id", "recorded_to"),
    Index("ix_correction_scope", "trust_id", "scope", "recorded_to"),
    Index("ix_correction_id", "trust_id", "correction_id"),
)
