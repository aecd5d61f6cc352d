"""Marks of what is kept: as long as they are the same, so is what is reckoned of it. They cost a few small reads."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from collector.store import schema as t

#: what people do that changes nothing which pages reckon; whatever is not named here counts as a change
CHANGES_NOTHING = (
    "saw", "signed_in", "signed_out", "link_made", "login_linked", "password_set", "second_factor_set", "token_made",
    "token_revoked", "share_made", "share_opened", "share_revoked", "register_exported", "plan_exported",
    "enrolment_token_made",
)  # fmt: skip


class Stamp(NamedTuple):
    """Two marks. `said`: of what people did, by the journal; `known`: of what was found out, which changes all day."""

    said: str
    known: str = ""


def stamp(connection: Connection, trust_id: str) -> Stamp:
    """The marks of all that a trust has.

    `known` is made of the numbers that were handed out to rows: what only moved a time forward does not change it.
    """
    j, n, c = t.judgements.c, t.journal.c, t.counters.c
    newest = select(n.position).where(n.trust_id == trust_id, n.action.not_in(CHANGES_NOTHING))
    position = connection.execute(newest.order_by(n.position.desc()).limit(1)).scalar()
    lives = connection.execute(select(func.count()).where(t.school_lives.c.trust_id == trust_id)).scalar()
    numbers = select(c.name, c.next).where(c.trust_id == trust_id).order_by(c.name)
    judged = connection.execute(select(func.max(j.judged), func.count()).where(j.trust_id == trust_id)).one()
    known = [tuple(row) for row in connection.execute(numbers)]
    return Stamp(f"{position} {lives}", f"{known} {tuple(judged)}")
