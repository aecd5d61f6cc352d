"""The tables, and the rules that bind them. Columns only: no query lives here.

1. `trust_id` leads every primary key and every index: one trust never meets another, and PostgreSQL can be distributed
   by it (Citus) without a change of code.
2. Rows of history carry two times. `observed_from/observed_to`: when it was so. `recorded_from/recorded_to`: when the
   collector believed it. `observed_to` empty: still so as far as known; `recorded_to` empty: still believed. A change
   closes a row and adds one; no row of history is rewritten.
3. Evidence is never edited. Its content is stored once per trust under its SHA-256, compressed.
4. A report's row and its evidence are committed together; its `state` is the pending mark of interpretation.
5. Times are UTC, in ISO text with microseconds on SQLite, `timestamptz` on PostgreSQL: see `Time`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.types import TypeDecorator


class Time(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps it without a zone, so the zone is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})


def _history() -> tuple[Column[datetime], ...]:
    return (
        Column("observed_from", Time, nullable=False),
        Column("observed_to", Time),
        Column("recorded_from", Time, nullable=False),
        Column("recorded_to", Time),
    )


# ------------------------------------------------------------------------------------------------ places and people

trusts = Table(
    "trust",
    metadata,
    Column("trust_id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created", Time, nullable=False),
)

schools = Table(
    "school",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "school_id"),
)

#: the URN is an attribute of a school with a from and a to: it changes on conversion
school_urns = Table(
    "school_urn",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("urn", String(16), nullable=False),
    Column("predecessor", String(16)),
    *_history(),
    PrimaryKeyConstraint("trust_id", "school_id", "urn", "recorded_from"),
)

sites = Table(
    "site",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "site_id"),
)

networks = Table(
    "network",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("cidr", String(64), nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("added", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "site_id", "cidr"),
)

accounts = Table(
    "account",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("created", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "account_id"),
)

#: what lets a person or a program in; only the SHA-256 of the secret is kept. kind: link (one-time), session, token
passes = Table(
    "pass",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("pass_hash", LargeBinary(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("scope", String(32), nullable=False),
    Column("created", Time, nullable=False),
    Column("expires", Time, nullable=False),
    Column("used", Time),
    Column("revoked", Time),
    PrimaryKeyConstraint("trust_id", "pass_hash"),
    Index("ix_pass_hash", "pass_hash"),
)

journal = Table(
    "journal",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("time", Time, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    PrimaryKeyConstraint("trust_id", "position"),
)

# ------------------------------------------------------------------------------------------------ agents

agents = Table(
    "agent",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False, default=""),
    Column("sealing_key", LargeBinary(32), nullable=False),
    Column("network_limits", Text, nullable=False),  # JSON list of CIDRs: what the technician allowed at most
    Column("certificate_serial", String(64), nullable=False),
    Column("certificate_expires", Time, nullable=False),
    Column("enrolled", Time, nullable=False),
    Column("revoked", Time),
    Column("last_sync", Time),
    Column("last_report", Time),
    Column("numbers", Text, nullable=False, default="{}"),  # JSON, the agent's own metrics as last told
    Column("troubles", Text, nullable=False, default="[]"),  # JSON list of sentences
    Column("networks", Text, nullable=False, default="[]"),  # JSON list of CIDRs: what it says it will sweep
    Column("credentials", Text, nullable=False, server_default="[]"),  # JSON: how its credentials fare, as last told
    PrimaryKeyConstraint("trust_id", "agent_id"),
)

enrolment_tokens = Table(
    "enrolment_token",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("created", Time, nullable=False),
    Column("expires", Time, nullable=False),
    Column("used", Time),
    Column("agent_id", String(36)),
    PrimaryKeyConstraint("trust_id", "token_hash"),
    Index("ix_enrolment_token_hash", "token_hash"),
)

credentials = Table(
    "credential",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("credential_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("version", String(4), nullable=False),
    Column("school_id", String(36)),  # empty: the whole trust
    Column("encrypted", LargeBinary, nullable=False),  # DeviceCredential under the key file
    Column("created", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "credential_id"),
)

# ------------------------------------------------------------------------------------------------ evidence

streams = Table(
    "stream",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("stream_id", String(64), nullable=False),
    Column("highest_contiguous", BigInteger, nullable=False),
    Column("started", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "agent_id", "stream_id"),
)

#: one row per sequence number that arrived: what makes intake idempotent, and the pending mark of interpretation.
#: state: pending, read, unread (a rule failed), gap (stands for first..last that never come), refused
reports = Table(
    "report",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("stream_id", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("lane_id", BigInteger),
    Column("state", String(8), nullable=False),
    Column("observe_time", Time, nullable=False),
    Column("boot_seconds", Float, nullable=False),
    Column("boot_id", String(64), nullable=False),
    Column("receive_time", Time, nullable=False),
    Column("gap_first", BigInteger),
    Column("gap_last", BigInteger),
    Column("detail", Text, nullable=False, default=""),
    PrimaryKeyConstraint("trust_id", "agent_id", "stream_id", "sequence"),
    Index("ix_report_state", "trust_id", "state", "receive_time"),
)

contents = Table(
    "content",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("compressed", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    PrimaryKeyConstraint("trust_id", "digest"),
)

#: one subject, examined by one method, brought by one agent: the line along which evidence replaces evidence
lanes = Table(
    "lane",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("address", String(45), nullable=False),
    Column("mac", String(23), nullable=False),
    Column("network", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("method", String(16), nullable=False),
    Column("relayed", Boolean, nullable=False),
    Column("first_observed", Time, nullable=False),
    Column("last_observed", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "lane_id"),
    Index(
        "ix_lane_subject",
        *("trust_id", "agent_id", "kind", "address", "network", "source", "method", "relayed"),
        unique=True,
    ),
)

#: one plan group of one lane from the time it first read so until it was last seen so
evidence = Table(
    "evidence",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("evidence_id", BigInteger, nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("digest", LargeBinary(32)),
    Column("detail", Text, nullable=False, default=""),
    Column("plan_digest", LargeBinary(32)),
    Column("first_observed", Time, nullable=False),
    Column("last_observed", Time, nullable=False),
    Column("receive_time", Time, nullable=False),
    Column("stream_id", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    PrimaryKeyConstraint("trust_id", "evidence_id"),
    ForeignKeyConstraint(["trust_id", "lane_id"], ["lane.trust_id", "lane.lane_id"]),
    Index("ix_evidence_lane", "trust_id", "lane_id", "group_name", "last_observed"),
    Index("ix_evidence_digest", "trust_id", "digest"),
    Index("ix_evidence_outcome", "trust_id", "outcome"),
)

#: what could not be read, by rule
unread = Table(
    "unread",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("unread_id", BigInteger, nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("locator", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "unread_id"),
    Index("ix_unread_lane", "trust_id", "lane_id", "recorded_to"),
)

# ------------------------------------------------------------------------------------------------ devices

#: the register's row as it stands now: made from facts and kept for speed, never a source
devices = Table(
    "device",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("created", Time, nullable=False),
    Column("alias_of", String(36)),  # merged: the older id survives, this one stays an alias
    Column("school_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    Column("class", String(32), nullable=False, default="unknown"),
    Column("maker", Text, nullable=False, default=""),
    Column("model", Text, nullable=False, default=""),
    Column("serial", Text, nullable=False, default=""),
    Column("firmware", Text, nullable=False, default=""),
    Column("name", Text, nullable=False, default=""),
    Column("address", String(45), nullable=False, default=""),
    Column("mac", String(23), nullable=False, default=""),
    Column("os", Text, nullable=False, default=""),
    Column("first_seen", Time, nullable=False),
    Column("last_seen", Time, nullable=False),
    Column("last_agent", String(36), nullable=False),
    Column("last_method", String(16), nullable=False),
    Column("made_earliest", Date),
    Column("made_latest", Date),
    Column("made_best", Date),
    Column("made_confidence", String(8), nullable=False, server_default="none"),
    Column("made_contradicted", Boolean, nullable=False, server_default=false()),
    Column("support_known", Boolean, nullable=False, server_default=false()),
    Column("support_ends", Date),  # of what ends first: its operating system, its firmware, the machine itself
    Column("support_extended", Date),  # until when that can be paid for
    Column("windows_11", String(24), nullable=False, server_default=""),  # a verdict of age.readiness, or empty
    PrimaryKeyConstraint("trust_id", "device_id"),
    Index("ix_device_school", "trust_id", "school_id", "class", "name"),
)

identifiers = Table(
    "identifier",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("identifier_id", BigInteger, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("value", String(255), nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    *_history(),
    PrimaryKeyConstraint("trust_id", "identifier_id"),
    Index("ix_identifier_value", "trust_id", "kind", "value", "recorded_to"),
    Index("ix_identifier_device", "trust_id", "device_id", "recorded_to"),
)

facts = Table(
    "fact",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("fact_id", BigInteger, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("component", Text, nullable=False),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),  # JSON: text, number or truth
    Column("unit", String(32), nullable=False),
    Column("weight", Integer, nullable=False),
    Column("chosen", Boolean, nullable=False),
    Column("rule", String(128), nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("locator", Text, nullable=False),
    *_history(),
    PrimaryKeyConstraint("trust_id", "fact_id"),
    Index("ix_fact_device", "trust_id", "device_id", "recorded_to"),
    Index("ix_fact_lane", "trust_id", "lane_id", "device_id", "recorded_to"),
)

#: how old devices and their parts are believed to be, and why. A belief has only the time when it was believed
ages = Table(
    "age",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("age_id", BigInteger, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("component", Text, nullable=False),
    Column("assessed", Text, nullable=False),  # JSON: see `ages`
    Column("recorded_from", Time, nullable=False),
    Column("recorded_to", Time),
    PrimaryKeyConstraint("trust_id", "age_id"),
    Index("ix_age_device", "trust_id", "device_id", "recorded_to"),
)

#: where a device was met, by which lane: addresses are locators and never identify
meetings = Table(
    "meeting",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("lane_id", BigInteger, nullable=False),
    Column("address", String(45), nullable=False),
    Column("first_seen", Time, nullable=False),
    Column("last_seen", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "device_id", "lane_id", "address"),
    Index("ix_meeting_lane", "trust_id", "lane_id"),
)

residencies = Table(
    "residency",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("residency_id", BigInteger, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("site_id", String(36), nullable=False),
    *_history(),
    PrimaryKeyConstraint("trust_id", "residency_id"),
    Index("ix_residency_device", "trust_id", "device_id", "recorded_to"),
)

#: why a device is one: every decision of resolve, with its reason
decisions = Table(
    "decision",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("decision_id", BigInteger, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("verdict", String(8), nullable=False),  # new, same, merge
    Column("other_device_id", String(36)),
    Column("lane_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_from", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "decision_id"),
    Index("ix_decision_device", "trust_id", "device_id"),
)

#: what people wished an agent to do at once, and what came of it. kind: try, look, pause, resume; state: waiting,
#: handed (the agent has it), begun, done, refused
wishes = Table(
    "wish",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("wish_id", String(36), nullable=False),
    Column("agent_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("address", String(45), nullable=False),
    Column("network", String(64), nullable=False),
    Column("credential", Text, nullable=False),
    Column("device_id", String(36), nullable=False),  # empty: it is about no known device
    Column("state", String(8), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires", Time, nullable=False),
    Column("handed", Time),
    Column("begun", Time),
    Column("ended", Time),
    PrimaryKeyConstraint("trust_id", "wish_id"),
    Index("ix_wish_agent", "trust_id", "state", "agent_id"),
    Index("ix_wish_school", "trust_id", "school_id", "made"),
)

#: the schools that are paused now, and until when: nothing is sent to their devices
pauses = Table(
    "pause",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("until", Time, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "school_id"),
)

# ------------------------------------------------------------------------------------------------ the map

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
