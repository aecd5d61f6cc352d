"""Tables of what people say of devices: records, the history of each field, the acts that changed them, and files."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, history, metadata

#: what people say of one device. `withdrawn`: the act that made it was undone, and nothing else is said in it
records = Table(
    "record",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("record_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("created", Time, nullable=False),
    Column("change_id", String(36), nullable=False),
    Column("withdrawn", Time),
    PrimaryKeyConstraint("trust_id", "record_id"),
    Index("ix_record_device", "trust_id", "device_id"),
)

#: one value of one field. `key`: the value as it is looked for, where it tells devices apart; `source`: page, import,
#: api, console; `change_id`: the act that said it; `closed_by`: the act that ended it, or the belief in it
record_fields = Table(
    "record_field",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("row_id", BigInteger, nullable=False),
    Column("record_id", String(36), nullable=False),
    Column("field", String(24), nullable=False),
    Column("value", Text, nullable=False),  # JSON: text, whole number or list of texts
    Column("key", String(64), nullable=False),
    Column("actor", Text, nullable=False),
    Column("source", String(8), nullable=False),
    Column("change_id", String(36), nullable=False),
    Column("closed_by", String(36), nullable=False, server_default=""),
    *history(),
    PrimaryKeyConstraint("trust_id", "row_id"),
    Index("ix_record_field_record", "trust_id", "record_id", "recorded_to"),
    Index("ix_record_field_key", "trust_id", "field", "key", "recorded_to"),
    Index("ix_record_field_change", "trust_id", "change_id"),
    Index("ix_record_field_closed", "trust_id", "closed_by"),
)

#: one act of one person or program. kind: entered, import, bulk, undo; state: proposed (seen as a preview), done,
#: undone. `asked` and `content` are what a proposal is carried out from, and are emptied once it is
changes = Table(
    "change",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("change_id", String(36), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("source", String(8), nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("made", Time, nullable=False),
    Column("state", String(8), nullable=False),
    Column("records", Integer, nullable=False),  # that something changed of
    Column("cells", Integer, nullable=False),  # values that changed
    Column("undone", Time),
    Column("undone_by", Text, nullable=False, server_default=""),
    Column("asked", Text, nullable=False, server_default=""),  # JSON
    Column("content", LargeBinary),
    PrimaryKeyConstraint("trust_id", "change_id"),
    Index("ix_change_made", "trust_id", "state", "made"),
)

#: a file of a record: photo, invoice or certificate. `removed`: its content is gone
documents = Table(
    "document",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("document_id", String(36), nullable=False),
    Column("record_id", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", String(32), nullable=False),
    Column("digest", LargeBinary, nullable=False),  # SHA-256
    Column("size_bytes", Integer, nullable=False),
    Column("content", LargeBinary),
    Column("added", Time, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("removed", Time),
    PrimaryKeyConstraint("trust_id", "document_id"),
    Index("ix_document_record", "trust_id", "record_id"),
)
