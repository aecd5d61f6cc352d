"""Tables of health: what is read again and again, the conditions that follow, what people said of them, and limits."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Float, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from collector.store.schema.base import Time, history, metadata, undertaking

#: what changes at every walk, as it was told last: see `store.readings`. Whose it is follows from its claim, so that a
#: merge or split moves nothing here. A view of the evidence, not history: `observed` only grows
readings = Table(
    "reading",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("claim_id", BigInteger, nullable=False),
    Column("component", Text, nullable=False),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),  # JSON: text or number
    Column("unit", String(32), nullable=False),
    Column("observed", Time, nullable=False),
    Column("previous", Text, nullable=False, server_default=""),  # JSON, or empty: the value of the walk before
    Column("earlier", Time),  # when that was observed
    Column("changes", Integer, nullable=False, server_default="0"),  # on `day`: see `store.readings`
    Column("changes_before", Integer, nullable=False, server_default="0"),  # on the day before
    Column("day", Date, nullable=False),  # of `observed`, London time
    Column("rule", String(128), nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("locator", Text, nullable=False),
    Column("weight", Integer, nullable=False),
    PrimaryKeyConstraint("trust_id", "claim_id", "component", "name"),
)

#: what a number was on a day (London time)
reading_days = Table(
    "reading_day",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("claim_id", BigInteger, nullable=False),
    Column("component", Text, nullable=False),
    Column("name", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("least", Float, nullable=False),
    Column("most", Float, nullable=False),
    Column("last", Float, nullable=False),
    Column("last_observed", Time, nullable=False),
    PrimaryKeyConstraint("trust_id", "claim_id", "component", "name", "day"),
    Index("ix_reading_day_day", "trust_id", "day"),
)

#: conditions as they stand; component "" is the whole device. School and class are those of the device's row, kept here
#: so that they can be counted at a glance
conditions = Table(
    "condition",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("aspect", String(16), nullable=False),
    Column("component", Text, nullable=False),
    Column("school_id", String(36), nullable=False),
    Column("class", String(32), nullable=False),
    Column("state", String(8), nullable=False),  # ok, warning, critical, unknown
    Column("since", Time, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("readings", Text, nullable=False),  # JSON list
    Column("previous", String(8), nullable=False),
    Column("seen", Time, nullable=False),  # the evidence that was judged last
    Column("leaning", String(8), nullable=False, server_default=""),  # found once, to be found again
    Column("leaned", Time),
    PrimaryKeyConstraint("trust_id", "device_id", "aspect", "component"),
    Index("ix_condition_counted", "trust_id", "component", "school_id", "class", "aspect", "state"),
    Index("ix_condition_state", "trust_id", "component", "state", "aspect", "device_id"),
)

#: what conditions were, and when: changes only. A state that is late evidence is here and never among `conditions`
condition_changes = Table(
    "condition_change",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("condition_change_id", BigInteger, nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("aspect", String(16), nullable=False),
    Column("component", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("sentence", Text, nullable=False),
    *history(),
    PrimaryKeyConstraint("trust_id", "condition_change_id"),
    Index("ix_condition_change_device", "trust_id", "device_id", "recorded_to"),
)

#: a person knows: until the end of a day a condition notifies nobody. Never changed but for being taken back
acknowledgements = Table(
    "acknowledgement",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("acknowledgement_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("aspect", String(16), nullable=False),
    Column("component", Text, nullable=False),  # empty: the aspect of the whole device
    *undertaking(),
    PrimaryKeyConstraint("trust_id", "acknowledgement_id"),
    Index("ix_acknowledgement_device", "trust_id", "device_id", "aspect"),
)

#: limits that a trust decided for itself, instead of those in health/thresholds.tsv
thresholds = Table(
    "threshold",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("aspect", String(16), nullable=False),
    Column("name", String(48), nullable=False),
    Column("class", String(32), nullable=False),  # * is every class
    Column("value", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", Time, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("trust_id", "aspect", "name", "class"),
)

#: the words of devices that Prometheus is told (`stocktake_…_info`), which change at most once a day
labels = Table(
    "label",
    metadata,
    Column("trust_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("component", Text, nullable=False),  # empty: the device itself
    Column("words", Text, nullable=False),  # JSON list
    Column("day", Date, nullable=False),  # on which they became so, London time
    PrimaryKeyConstraint("trust_id", "device_id", "component"),
)
