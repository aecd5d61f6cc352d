"""The first estate: every table of the first release.

A migration is frozen once released: a change of the schema is another file, never an edit here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("created", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "account_id", name=op.f("pk_account")),
    )
    op.create_table(
        "agent",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("sealing_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("network_limits", sa.Text(), nullable=False),
        sa.Column("certificate_serial", sa.String(length=64), nullable=False),
        sa.Column("certificate_expires", Time(), nullable=False),
        sa.Column("enrolled", Time(), nullable=False),
        sa.Column("revoked", Time(), nullable=True),
        sa.Column("last_sync", Time(), nullable=True),
        sa.Column("last_report", Time(), nullable=True),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("troubles", sa.Text(), nullable=False),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "agent_id", name=op.f("pk_agent")),
    )
    op.create_table(
        "content",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("compressed", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "digest", name=op.f("pk_content")),
    )
    op.create_table(
        "counter",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "name", name=op.f("pk_counter")),
    )
    op.create_table(
        "credential",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("credential_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=4), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=True),
        sa.Column("encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("created", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "credential_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "decision",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("other_device_id", sa.String(length=36), nullable=True),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "decision_id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_device", "decision", ["trust_id", "device_id"], unique=False)
    op.create_table(
        "device",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("created", Time(), nullable=False),
        sa.Column("alias_of", sa.String(length=36), nullable=True),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("class", sa.String(length=32), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("mac", sa.String(length=23), nullable=False),
        sa.Column("os", sa.Text(), nullable=False),
        sa.Column("first_seen", Time(), nullable=False),
        sa.Column("last_seen", Time(), nullable=False),
        sa.Column("last_agent", sa.String(length=36), nullable=False),
        sa.Column("last_method", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "device_id", name=op.f("pk_device")),
    )
    op.create_index("ix_device_school", "device", ["trust_id", "school_id", "class", "name"], unique=False)
    op.create_table(
        "enrolment_token",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("created", Time(), nullable=False),
        sa.Column("expires", Time(), nullable=False),
        sa.Column("used", Time(), nullable=True),
        sa.Column("agent_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "token_hash", name=op.f("pk_enrolment_token")),
    )
    op.create_index("ix_enrolment_token_hash", "enrolment_token", ["token_hash"], unique=False)
    op.create_table(
        "fact",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("fact_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(length=128), nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("observed_from", Time(), nullable=False),
        sa.Column("observed_to", Time(), nullable=True),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "fact_id", name=op.f("pk_fact")),
    )
    op.create_index("ix_fact_device", "fact", ["trust_id", "device_id", "recorded_to"], unique=False)
    op.create_index("ix_fact_lane", "fact", ["trust_id", "lane_id", "device_id", "recorded_to"], unique=False)
    op.create_table(
        "identifier",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("identifier_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("observed_from", Time(), nullable=False),
        sa.Column("observed_to", Time(), nullable=True),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "identifier_id", name=op.f("pk_identifier")),
    )
    op.create_index("ix_identifier_device", "identifier", ["trust_id", "device_id", "recorded_to"], unique=False)
    op.create_index("ix_identifier_value", "identifier", ["trust_id", "kind", "value", "recorded_to"], unique=False)
    op.create_table(
        "journal",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("time", Time(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "position", name=op.f("pk_journal")),
    )
    op.create_table(
        "lane",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("mac", sa.String(length=23), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("relayed", sa.Boolean(), nullable=False),
        sa.Column("first_observed", Time(), nullable=False),
        sa.Column("last_observed", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "lane_id", name=op.f("pk_lane")),
    )
    op.create_index(
        "ix_lane_subject",
        "lane",
        ["trust_id", "agent_id", "kind", "address", "network", "source", "method", "relayed"],
        unique=True,
    )
    op.create_table(
        "meeting",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("first_seen", Time(), nullable=False),
        sa.Column("last_seen", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "device_id", "lane_id", "address", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_lane", "meeting", ["trust_id", "lane_id"], unique=False)
    op.create_table(
        "network",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("cidr", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "site_id", "cidr", name=op.f("pk_network")),
    )
    op.create_table(
        "pass",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("pass_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("created", Time(), nullable=False),
        sa.Column("expires", Time(), nullable=False),
        sa.Column("used", Time(), nullable=True),
        sa.Column("revoked", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "pass_hash", name=op.f("pk_pass")),
    )
    op.create_index("ix_pass_hash", "pass", ["pass_hash"], unique=False)
    op.create_table(
        "report",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("stream_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("observe_time", Time(), nullable=False),
        sa.Column("boot_seconds", sa.Float(), nullable=False),
        sa.Column("boot_id", sa.String(length=64), nullable=False),
        sa.Column("receive_time", Time(), nullable=False),
        sa.Column("gap_first", sa.BigInteger(), nullable=True),
        sa.Column("gap_last", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "agent_id", "stream_id", "sequence", name=op.f("pk_report")),
    )
    op.create_index("ix_report_state", "report", ["trust_id", "state", "receive_time"], unique=False)
    op.create_table(
        "residency",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("residency_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("observed_from", Time(), nullable=False),
        sa.Column("observed_to", Time(), nullable=True),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "residency_id", name=op.f("pk_residency")),
    )
    op.create_index("ix_residency_device", "residency", ["trust_id", "device_id", "recorded_to"], unique=False)
    op.create_table(
        "school",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "school_id", name=op.f("pk_school")),
    )
    op.create_table(
        "school_urn",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("urn", sa.String(length=16), nullable=False),
        sa.Column("predecessor", sa.String(length=16), nullable=True),
        sa.Column("observed_from", Time(), nullable=False),
        sa.Column("observed_to", Time(), nullable=True),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "school_id", "urn", "recorded_from", name=op.f("pk_school_urn")),
    )
    op.create_table(
        "site",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "site_id", name=op.f("pk_site")),
    )
    op.create_table(
        "stream",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("stream_id", sa.String(length=64), nullable=False),
        sa.Column("highest_contiguous", sa.BigInteger(), nullable=False),
        sa.Column("started", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "agent_id", "stream_id", name=op.f("pk_stream")),
    )
    op.create_table(
        "trust",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", name=op.f("pk_trust")),
    )
    op.create_table(
        "unread",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("unread_id", sa.BigInteger(), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "unread_id", name=op.f("pk_unread")),
    )
    op.create_index("ix_unread_lane", "unread", ["trust_id", "lane_id", "recorded_to"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("first_observed", Time(), nullable=False),
        sa.Column("last_observed", Time(), nullable=False),
        sa.Column("receive_time", Time(), nullable=False),
        sa.Column("stream_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "lane_id"],
            ["lane.trust_id", "lane.lane_id"],
        ),
        sa.PrimaryKeyConstraint("trust_id", "evidence_id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_digest", "evidence", ["trust_id", "digest"], unique=False)
    op.create_index(
        "ix_evidence_lane", "evidence", ["trust_id", "lane_id", "group_name", "last_observed"], unique=False
    )
