"""Tables of devices and of what is believed of them; what people wished agents to do."""

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

from collector.store.schema.base import Time, history, metadata

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
    Column("os_edition", Text, nullable=False, server_default=""),
    Column("os_build", Text, nullable=False, server_default=""),
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
    Column("corrected", Text, nullable=False, server_default="[]"),  # JSON list: cells that a person corrected
    Column("as_read", Text, nullable=False, server_default="{}"),  # JSON: what the evidence says of those
    Column("life", String(16), nullable=False, server_default=""),  # a state of residency, or empty
    PrimaryKeyConstraint("trust_id", "device_id"),
    Index("ix_device_school", "trust_id", "school_id", "class", "name"),
    Index("ix_device_alias", "trust_id", "alias_of"),
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
    Column("claim_id", BigInteger, nullable=False, server_default="0"),
    *history(),
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
    Column("claim_id", BigInteger, nullable=False, server_default="0"),
    Column("component", Text, nullable=False),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),  # JSON: text, number or truth
    Column("unit", String(32), nullable=False),
    Column("weight", Integer, nullable=False),
    Column("chosen", Boolean, nullable=False),
    Column("rule", String(128), nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("locator", Text, nullable=False),
    *history(),
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
    Column("claim_id", BigInteger, nullable=False, server_default="0"),
    Column("address", String(45), nullable=False),
    Column("first_seen", Time, nullable=False),
    Column("last_seen", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "device_id", "lane_id", "address", "claim_id"),
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
    *history(),
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
    Column("verdict", String(8), nullable=False),  # new, merge, split
    Column("other_device_id", String(36)),
    Column("lane_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("claims", Text, nullable=False, server_default="[]"),  # JSON: the claims that changed their device
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
