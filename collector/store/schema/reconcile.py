"""Tables of registers that were brought to be reconciled: what was read, what became of each row, what was settled."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, metadata

#: one register that was brought. `school_id`: of which school it is, empty for the whole trust; `digest`: SHA-256 of
#: the file, whose cells stand in `reconciled` as they were read; `mapping`: JSON, heading to field, as a person
#: confirmed it; `compared`: when it was last held against the register, empty before
reconciliations = Table(
    "reconciliation",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("reconciliation_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("notes", Text, nullable=False),  # JSON list: what is to be said of how it was read
    Column("mapping", Text, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("compared", Time),
    PrimaryKeyConstraint("trust_id", "reconciliation_id"),
    Index("ix_reconciliation_made", "trust_id", "made"),
)

#: a row of a register that was brought, and what became of it; or a device that it lacks (`row` is 0). `kind`: of
#: `reconcile.values.Kind`, empty before it was compared; `fields`: those that differ, between commas, to be filtered by
reconciled = Table(
    "reconciled",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("reconciliation_id", String(36), nullable=False),
    Column("line", Integer, nullable=False),
    Column("row", Integer, nullable=False),
    Column("cells", Text, nullable=False),  # JSON list, days as {"day": ISO text}
    Column("kind", String(24), nullable=False, server_default=""),
    Column("title", Text, nullable=False, server_default=""),
    Column("device_id", String(36), nullable=False, server_default=""),
    Column("others", Text, nullable=False, server_default="[]"),  # JSON list of device ids
    Column("other_rows", Text, nullable=False, server_default="[]"),
    Column("basis", Text, nullable=False, server_default="[]"),
    Column("reasons", Text, nullable=False, server_default="[]"),
    Column("remarks", Text, nullable=False, server_default="[]"),
    Column("differences", Text, nullable=False, server_default="[]"),  # JSON list of field, book, register
    Column("adds", Text, nullable=False, server_default="{}"),  # JSON: field to value
    Column("said", Text, nullable=False, server_default="{}"),  # JSON: field to value, as the row was read
    Column("fields", Text, nullable=False, server_default=""),
    Column("sought", Text, nullable=False, server_default=""),  # what a search looks into, in lower case
    Column("school_name", Text, nullable=False, server_default=""),
    Column("settlement_id", String(36), nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "reconciliation_id", "line"),
    Index("ix_reconciled_kind", "trust_id", "reconciliation_id", "kind", "settlement_id"),
)

#: what a person settled of some rows at once. `change_id`: the change of records that it made, `words`: JSON list of
#: what was said of the identity of devices; both empty where nothing but the rows' own state changed
settlements = Table(
    "settlement",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("settlement_id", String(36), nullable=False),
    Column("reconciliation_id", String(36), nullable=False),
    Column("action", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("change_id", String(36), nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default="[]"),
    Column("undone", Time),
    Column("undone_by", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("trust_id", "settlement_id"),
    Index("ix_settlement_of", "trust_id", "reconciliation_id", "made"),
)
