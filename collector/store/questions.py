"""Rows of what people are asked. A question is closed when it is no longer derived; it is never rewritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from collector.store import bounds
from collector.store.batches import chunks, insert_numbered
from collector.store.schema import devices, questions


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is derived: `subject` tells it from others."""

    kind: str
    subject: str
    device_a: str
    device_b: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question as people are asked it."""

    question_id: int
    kind: str
    device_a: str
    device_b: str
    reason: str
    recorded_from: datetime


def keep(connection: Connection, trust_id: str, asked: Iterable[Asked], about: Collection[str], now: datetime) -> None:
    """Ask what is not asked yet, and close what is no longer asked of the devices that were looked at."""
    wanted = {one.subject: one for one in asked}
    opened: set[str] = set()
    for chunk in chunks(sorted(about)):
        where = (questions.c.trust_id == trust_id) & questions.c.recorded_to.is_(None)
        touched = where & or_(questions.c.device_a.in_(chunk), questions.c.device_b.in_(chunk))
        rows = connection.execute(select(questions.c.question_id, questions.c.subject).where(touched)).all()
        opened |= {row.subject for row in rows}
        ended = [row.question_id for row in rows if row.subject not in wanted]
        if ended:
            change = update(questions).where(where, questions.c.question_id.in_(ended))
            connection.execute(change.values(recorded_to=now, answer="no longer in doubt"))
    base = {"trust_id": trust_id, "recorded_from": now}
    fresh = [
        base | {"kind": one.kind, "subject": one.subject, "device_a": one.device_a, "device_b": one.device_b,
                "reason": one.reason}
        for subject, one in sorted(wanted.items())
        if subject not in opened
    ]  # fmt: skip
    insert_numbered(connection, trust_id, questions, "question", fresh)


def still_open(
    connection: Connection, trust_id: str, school_id: str = "", school_ids: bounds.Schools = None
) -> list[QuestionRow]:
    """What people are asked, the oldest first; of one school, if it is named; of two devices at `school_ids`."""
    query = select(questions).where(_open(trust_id, school_ids))
    if school_id:
        here = select(devices.c.device_id).where(devices.c.trust_id == trust_id, devices.c.school_id == school_id)
        query = query.where(or_(questions.c.device_a.in_(here), questions.c.device_b.in_(here)))
    return [
        QuestionRow(row.question_id, row.kind, row.device_a, row.device_b, row.reason, row.recorded_from)
        for row in connection.execute(query.order_by(questions.c.recorded_from, questions.c.question_id))
    ]


def open_count(connection: Connection, trust_id: str, school_ids: bounds.Schools = None) -> int:
    """How much people are asked."""
    query = select(func.count()).select_from(questions).where(_open(trust_id, school_ids))
    return int(connection.execute(query).scalar_one())


def _open(trust_id: str, school_ids: bounds.Schools) -> ColumnElement[bool]:
    """Asked now, and of two devices at some schools: who sees but one of them is not asked."""
    asked = (questions.c.trust_id == trust_id) & questions.c.recorded_to.is_(None)
    for column in (questions.c.device_a, questions.c.device_b):
        asked &= bounds.devices_within(trust_id, column, school_ids)
    return asked
