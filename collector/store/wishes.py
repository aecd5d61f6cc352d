"""Rows of wishes and pauses, and what changed since a wish was begun. What wishes mean is `collector.wishes`."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from collector.facts import Value
from collector.store import schema as t

WAITING, HANDED, BEGUN, DONE, REFUSED = "waiting", "handed", "begun", "done", "refused"
OPEN = (WAITING, HANDED, BEGUN)
_MOST = 200  # that are read at once


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish. `state` is one of the words above; `sentence` says what came of it."""

    wish_id: str
    agent_id: str
    school_id: str
    kind: str
    made: datetime
    made_by: str
    expires: datetime
    address: str = ""
    network: str = ""
    credential: str = ""
    device_id: str = ""
    state: str = WAITING
    sentence: str = ""
    answered: bool = False
    handed: datetime | None = None
    begun: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when a school is paused, since when, and by whom."""

    school_id: str
    until: datetime
    made: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A statement about a device that came, went, or became another one. None: there was, or is, none."""

    device_id: str
    component: str
    name: str
    unit: str
    before: Value | None
    after: Value | None


def add(connection: Connection, trust_id: str, wish: Wish) -> None:
    """Keep a new wish."""
    connection.execute(insert(t.wishes).values(trust_id=trust_id, **dataclasses.asdict(wish)))


def get(connection: Connection, trust_id: str, wish_id: str) -> Wish | None:
    """One wish, or None."""
    found = _wishes(connection, trust_id, t.wishes.c.wish_id == wish_id, 1)
    return found[0] if found else None


def of_school(connection: Connection, trust_id: str, school_id: str, limit: int = 10) -> list[Wish]:
    """The latest wishes about a school, newest first."""
    return _wishes(connection, trust_id, t.wishes.c.school_id == school_id, limit)


def open_for(connection: Connection, trust_id: str, agent_id: str, now: datetime) -> list[Wish]:
    """What an agent is still to be asked, oldest first."""
    wanted = t.wishes.c.state.in_((WAITING, HANDED)) & (t.wishes.c.agent_id == agent_id) & (t.wishes.c.expires > now)
    return _wishes(connection, trust_id, wanted, _MOST)[::-1]


def agents_waited_for(connection: Connection, trust_id: str, now: datetime) -> set[str]:
    """The agents for whose next Sync somebody waits."""
    query = select(t.wishes.c.agent_id).where(
        t.wishes.c.trust_id == trust_id, t.wishes.c.state == WAITING, t.wishes.c.expires > now
    )
    return set(connection.execute(query).scalars())


def note(connection: Connection, trust_id: str, wish: Wish) -> None:
    """Keep what became of a wish."""
    values = {name: getattr(wish, name) for name in ("state", "sentence", "answered", "handed", "begun", "ended")}
    where = (t.wishes.c.trust_id == trust_id) & (t.wishes.c.wish_id == wish.wish_id)
    connection.execute(update(t.wishes).where(where).values(**values))


def forget(connection: Connection, trust_id: str, before: datetime) -> None:
    """Forget wishes that were made before a time; the journal keeps that they were made."""
    connection.execute(delete(t.wishes).where(t.wishes.c.trust_id == trust_id, t.wishes.c.made < before))


def pause_of(connection: Connection, trust_id: str, school_id: str, now: datetime) -> Pause | None:
    """The pause of a school, or None where it is not paused."""
    query = select(t.pauses).where(t.pauses.c.trust_id == trust_id, t.pauses.c.school_id == school_id)
    row = connection.execute(query.where(t.pauses.c.until > now)).first()
    return Pause(row.school_id, row.until, row.made, row.made_by) if row else None


def pause(connection: Connection, trust_id: str, new: Pause) -> None:
    """Pause a school, in place of the pause that it may have."""
    resume(connection, trust_id, new.school_id)
    connection.execute(insert(t.pauses).values(trust_id=trust_id, **dataclasses.asdict(new)))


def resume(connection: Connection, trust_id: str, school_id: str) -> bool:
    """End the pause of a school; False where there is none."""
    where = (t.pauses.c.trust_id == trust_id) & (t.pauses.c.school_id == school_id)
    return connection.execute(delete(t.pauses).where(where)).rowcount > 0


def changes(connection: Connection, trust_id: str, wish: Wish, since: datetime, limit: int = 200) -> list[Changed]:
    """What is believed now and was not before a time, of the device or through the agent on the network of a wish."""
    lanes = select(t.lanes.c.lane_id).where(t.lanes.c.trust_id == trust_id, t.lanes.c.agent_id == wish.agent_id)
    about: ColumnElement[bool] = t.facts.c.lane_id.in_(lanes.where(t.lanes.c.network == wish.network))
    if wish.device_id:
        about = t.facts.c.device_id == wish.device_id
    query = select(t.facts).where(t.facts.c.trust_id == trust_id, about)
    query = query.where(or_(t.facts.c.recorded_from >= since, t.facts.c.recorded_to >= since))
    found: dict[tuple[str, str, str], Changed] = {}
    for row in connection.execute(query.order_by(t.facts.c.fact_id).limit(50 * limit)):
        key, value = (row.device_id, row.component, row.name), json.loads(row.value)
        before = found.get(key) or Changed(*key, row.unit, None, None)
        stands = row.recorded_to is None and row.observed_to is None
        was = row.recorded_from < since
        found[key] = dataclasses.replace(
            before, before=value if was else before.before, after=value if stands else before.after
        )
    return [change for change in found.values() if change.before != change.after][:limit]


def _wishes(connection: Connection, trust_id: str, where: ColumnElement[bool], limit: int) -> list[Wish]:
    query = select(t.wishes).where(t.wishes.c.trust_id == trust_id, where).limit(limit)
    names = [field.name for field in dataclasses.fields(Wish)]
    rows = connection.execute(query.order_by(t.wishes.c.made.desc(), t.wishes.c.wish_id))
    return [Wish(**{name: getattr(row, name) for name in names}) for row in rows]
