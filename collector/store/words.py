"""Rows of what people said of devices: which are one, which are two. A word is taken back, never rewritten."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from collector.facts import Identifier, IdentifierKind
from collector.resolve import Mark, Verdict, Word
from collector.store.schema import words

LANE = "LANE"  # the kind of a mark that is the number of a lane


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word with the devices that it was said of."""

    word_id: str
    word: Word
    device_a: str
    device_b: str
    reason: str
    actor: str
    recorded_from: datetime


def heard(connection: Connection, trust_id: str) -> list[Spoken]:
    """What people said and did not take back, the first first."""
    query = select(words).where(words.c.trust_id == trust_id, words.c.recorded_to.is_(None))
    return [
        Spoken(
            row.word_id, Word(Verdict(row.verdict), _marks(row.side_a), _marks(row.side_b)), row.device_a,
            row.device_b, row.reason, row.actor, row.recorded_from,
        )
        for row in connection.execute(query.order_by(words.c.recorded_from, words.c.word_id))
    ]  # fmt: skip


def spoken(connection: Connection, trust_id: str) -> list[Word]:
    """The words alone."""
    return [one.word for one in heard(connection, trust_id)]


def say(connection: Connection, trust_id: str, said: Spoken) -> None:
    """Keep a word."""
    connection.execute(
        insert(words).values(
            trust_id=trust_id, word_id=said.word_id, verdict=said.word.verdict.value, side_a=_plain(said.word.side_a),
            side_b=_plain(said.word.side_b), device_a=said.device_a, device_b=said.device_b, reason=said.reason,
            actor=said.actor, recorded_from=said.recorded_from,
        )
    )  # fmt: skip


def unsay(connection: Connection, trust_id: str, word_ids: Collection[str], now: datetime) -> None:
    """Take words back."""
    where = (words.c.trust_id == trust_id) & words.c.word_id.in_(sorted(word_ids)) & words.c.recorded_to.is_(None)
    connection.execute(update(words).where(where).values(recorded_to=now))


def _plain(marks: Iterable[Mark]) -> str:
    listed = [[LANE, str(mark)] if isinstance(mark, int) else [mark.kind.name, mark.value] for mark in marks]
    return json.dumps(sorted(listed))


def _marks(text: str) -> frozenset[Mark]:
    return frozenset(
        int(value) if kind == LANE else Identifier(IdentifierKind[kind], value) for kind, value in json.loads(text)
    )
