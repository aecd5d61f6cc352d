"""Identity: who claims what, whose each claim is, what people said of it, and what is asked.

What was known before becomes claims too: one for each device that a lane met, with what that lane said identifies it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables, and claims of what is known."""
    met = _met()
    _tables()
    _lanes()
    _meetings()
    _claims(met)


def _tables() -> None:
    op.create_table(
        "claim",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("told_of", sa.Boolean(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("first_observed", Time(), nullable=False),
        sa.Column("last_observed", Time(), nullable=False),
        sa.Column("settled_by_time", sa.Boolean(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "claim_id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_device", ["trust_id", "device_id"], unique=False)
        batch_op.create_index("ix_claim_lane", ["trust_id", "lane_id", "slot"], unique=True)

    op.create_table(
        "claimed",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "value", "kind", "claim_id", name=op.f("pk_claimed")),
    )
    op.create_table(
        "holder",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "claim_id", "recorded_from", name=op.f("pk_holder")),
    )
    with op.batch_alter_table("holder", schema=None) as batch_op:
        batch_op.create_index("ix_holder_device", ["trust_id", "device_id", "recorded_to"], unique=False)

    op.create_table(
        "late_day",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "claim_id", "day", name=op.f("pk_late_day")),
    )
    op.create_table(
        "presence",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "claim_id", "month", name=op.f("pk_presence")),
    )
    op.create_table(
        "question",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("device_a", sa.String(length=36), nullable=False),
        sa.Column("device_b", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "question_id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_open", ["trust_id", "recorded_to"], unique=False)

    op.create_table(
        "word",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("word_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=4), nullable=False),
        sa.Column("side_a", sa.Text(), nullable=False),
        sa.Column("side_b", sa.Text(), nullable=False),
        sa.Column("device_a", sa.String(length=36), nullable=False),
        sa.Column("device_b", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_from", Time(), nullable=False),
        sa.Column("recorded_to", Time(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "word_id", name=op.f("pk_word")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claims", sa.Text(), server_default="[]", nullable=False))

    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claim_id", sa.BigInteger(), server_default="0", nullable=False))

    with op.batch_alter_table("identifier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claim_id", sa.BigInteger(), server_default="0", nullable=False))


def _lanes() -> None:
    """Whoever has an address now and has another MAC is another subject, whose evidence is not mixed with theirs."""
    op.drop_index("ix_lane_subject", "lane")
    subject = ["trust_id", "agent_id", "kind", "address", "mac", "network", "source", "method", "relayed"]
    op.create_index("ix_lane_subject", "lane", subject, unique=True)


def _meetings() -> None:
    """A meeting is one claim's: its key grows, so the table is made anew."""
    op.drop_table("meeting")
    op.create_table(
        "meeting",
        sa.Column("trust_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("first_seen", Time(), nullable=False),
        sa.Column("last_seen", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "device_id", "lane_id", "address", "claim_id", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_lane", "meeting", ["trust_id", "lane_id"], unique=False)


def _met() -> Sequence[sa.RowMapping]:
    """Every meeting with its lane's site and method."""
    connection = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(connection, only=("meeting", "lane"))
    meeting, lane = tables.tables["meeting"], tables.tables["lane"]
    joined = (lane.c.trust_id == meeting.c.trust_id) & (lane.c.lane_id == meeting.c.lane_id)
    query = sa.select(meeting, lane.c.site_id, lane.c.method).join(lane, joined)
    return (
        connection.execute(query.order_by(meeting.c.trust_id, meeting.c.lane_id, meeting.c.device_id)).mappings().all()
    )


def _claims(rows: Sequence[sa.RowMapping]) -> None:
    connection = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(connection, only=("meeting", "identifier", "fact", "claim", "claimed", "holder", "counter"))
    t = tables.tables
    said = _said(connection, t["identifier"])
    number: dict[str, int] = {}
    for (trust_id, lane_id, device_id), group in groupby(rows, lambda r: (r["trust_id"], r["lane_id"], r["device_id"])):
        met = list(group)
        claim_id = number[trust_id] = number.get(trust_id, 0) + 1
        marks = said.get((trust_id, lane_id, device_id), [])
        since = min(row["first_seen"] for row in met)
        key = {"trust_id": trust_id, "claim_id": claim_id}
        connection.execute(
            sa.insert(t["claim"]).values(
                **key, lane_id=lane_id, slot=f"before:{device_id}", site_id=met[0]["site_id"],
                method=met[0]["method"], told_of=False, identifiers=json.dumps(marks), device_id=device_id,
                first_observed=since, last_observed=max(row["last_seen"] for row in met),
                settled_by_time=False, recorded_from=since,
            )
        )  # fmt: skip
        for kind, value in marks:
            connection.execute(sa.insert(t["claimed"]).values(**key, kind=kind, value=value))
        connection.execute(sa.insert(t["holder"]).values(**key, device_id=device_id, recorded_from=since))
        for row in met:
            kept = {name: row[name] for name in ("device_id", "lane_id", "address", "first_seen", "last_seen")}
            connection.execute(sa.insert(t["meeting"]).values(**key, **kept))
        for table in (t["identifier"], t["fact"]):
            mine = (table.c.trust_id == trust_id) & (table.c.lane_id == lane_id) & (table.c.device_id == device_id)
            connection.execute(sa.update(table).where(mine).values(claim_id=claim_id))
    for trust_id, last in number.items():
        connection.execute(sa.insert(t["counter"]).values(trust_id=trust_id, name="claim", next=last + 1))


def _said(connection: sa.Connection, table: sa.Table) -> dict[tuple[Any, ...], list[tuple[str, str]]]:
    """What each lane said identifies a device, as far as it is believed."""
    found: dict[tuple[Any, ...], list[tuple[str, str]]] = {}
    for row in connection.execute(sa.select(table).where(table.c.recorded_to.is_(None)).order_by(table.c.value)):
        found.setdefault((row.trust_id, row.lane_id, row.device_id), []).append((row.kind, row.value))
    return {key: sorted(set(marks)) for key, marks in found.items()}
