"""Rows of health: the conditions of devices as they stand.

A condition is judged (`collector.health`), damped and kept; its history (`condition_changes`) gets a row where its
state changes, and none where it does not. Evidence that comes late changes history at its true times, and never what
stands now; `recalling` judges what came later still.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from collector import health
from collector.health import AWAY, BAD, Condition, Judge, Kept, State
from collector.london import day_of
from collector.store import condition_changes, dossiers, labels
from collector.store import schema as t
from collector.store.batches import OF_TRUST, among, chunks
from collector.store.condition_changes import KEY, Key, Span
from collector.store.dossiers import Placed

#: aspects that change as time passes, without evidence
TIMELY = frozenset({"reachability", "firmware", "certificate", "agent"})
FORGOTTEN = timedelta(days=30)  # an aspect that nothing tells of for so long does not apply any more
WELL_AGAIN = "nothing is wrong with it any more"


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition as it stands. `acknowledged`: a person knows, and it notifies nobody."""

    device_id: str
    school_id: str
    device_class: str
    aspect: str
    component: str
    state: str
    since: datetime
    sentence: str
    readings: tuple[str, ...]
    previous: str
    seen: datetime
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a person said of a condition. It stands to the end of the day `until`, unless it was taken back."""

    acknowledgement_id: str
    device_id: str
    aspect: str
    component: str
    reason: str
    owner: str
    until: date
    made: datetime
    made_by: str
    ended: datetime | None
    ended_by: str

    def stands(self, today: date) -> bool:
        """Whether it stands on a day."""
        return self.ended is None and today <= self.until


# ------------------------------------------------------------------------------------------------ evaluating


def evaluate(
    connection: Connection, trust_id: str, device_ids: Iterable[str], now: datetime, *, timely: bool = False
) -> int:
    """Judge some devices by all that is known of them now; how many conditions changed their state.

    `timely`: by time alone, for what changes without evidence.
    """
    files = [file for file in health.judges() if not timely or file.aspect in TIMELY]
    changed = 0
    for chunk in chunks(sorted(set(device_ids))):
        whole = list(dossiers.placed(connection, trust_id, chunk, now, measured=not timely))
        changed += _keep(connection, trust_id, whole, files, now)
        if not timely:
            own = labels.device_words(connection, trust_id, chunk)
            words = labels.of_devices((one.known for one in whole), own)
            labels.keep(connection, trust_id, words, day_of(now))
    return changed


def due(connection: Connection, trust_id: str, *, whole: bool = False) -> list[str]:
    """The devices to be judged by time: those that are not seen while their site is, and those with agents.

    `whole`: every device, as once a day.
    """
    mine = (t.devices.c.trust_id == trust_id) & t.devices.c.alias_of.is_(None)
    rows = connection.execute(select(t.devices.c.device_id, t.devices.c.site_id, t.devices.c.last_seen).where(mine))
    if whole:
        return sorted(row.device_id for row in rows)
    swept = connection.execute(
        select(t.lanes.c.site_id, func.max(t.lanes.c.last_observed).label("last"))
        .where(t.lanes.c.trust_id == trust_id, t.lanes.c.kind == "NETWORK")
        .group_by(t.lanes.c.site_id)
    )
    looked = {row.site_id: row.last for row in swept}
    silent = {row.device_id for row in rows if row.site_id in looked and row.last_seen < looked[row.site_id]}
    return sorted(silent | _restless(connection, trust_id))


def _restless(connection: Connection, trust_id: str) -> set[str]:
    """Devices with an agent, or whose reachability is about to change."""
    agents = select(t.identifiers.c.device_id).where(
        t.identifiers.c.trust_id == trust_id, t.identifiers.c.kind == "AGENT", t.identifiers.c.recorded_to.is_(None)
    )
    unsure = select(t.conditions.c.device_id).where(
        t.conditions.c.trust_id == trust_id, t.conditions.c.component == "", t.conditions.c.aspect == "reachability",
        or_(t.conditions.c.state != State.OK.value, t.conditions.c.leaning != ""),
    )  # fmt: skip
    return {*connection.execute(agents).scalars(), *connection.execute(unsure).scalars()}


def _keep(connection: Connection, trust_id: str, whole: Sequence[Placed], files: Sequence[Judge], now: datetime) -> int:
    """Bring the conditions of devices up to date."""
    aspects = {file.aspect for file in files}
    known = _standing(connection, trust_id, [one.known.device_id for one in whole], aspects)
    book = _Book(now)
    for one in whole:
        found = {(c.aspect, c.component): c for c in health.judge(one.known, files)}
        _weigh(book, one, found, known.get(one.known.device_id, {}))
    book.write(connection, trust_id)
    return len(book.turned)


def _weigh(
    book: _Book, one: Placed, found: Mapping[tuple[str, str], Condition], known: Mapping[tuple[str, str], Row[Any]]
) -> None:
    device_id = one.known.device_id
    for key, condition in found.items():
        row = known.get(key)
        before = _kept(row) if row is not None else None
        after = health.damp(before, condition, book.now)
        if condition.since < book.now - health.LATE:
            book.late += _late((device_id, *key), before, condition, after)
        book.note(one, row, before, after)
    for key, row in known.items():
        if key not in found:
            _missing(book, one, row, found.get((key[0], "")))


def _missing(book: _Book, one: Placed, row: Row[Any], whole: Condition | None) -> None:
    """What becomes of a condition that nothing was found of: its part is well again or gone, or nobody tells of it."""
    before = _kept(row)
    if one.known.life in AWAY:
        book.drop(one, before)
    elif row.component and whole is not None:
        well = Condition(before.aspect, before.component, State.OK, whole.since, WELL_AGAIN, damped=whole.damped)
        after = health.damp(before, well, book.now)
        if after.state is State.OK:
            book.drop(one, before)
        else:
            book.note(one, row, before, after)
    elif row.component or (before.state is State.UNKNOWN and before.since < book.now - FORGOTTEN):
        book.drop(one, before)
    else:
        book.note(one, row, before, health.silent(before, book.now))


def _late(key: Key, before: Kept | None, found: Condition, after: Kept) -> Iterator[Span]:
    """What evidence that came late says of the past: that something was wrong, or was so until then."""
    if found.state in BAD and after.state is not found.state:
        yield Span(key, found.state.value, found.sentence, after.leaned or found.since, found.since)
    if before is not None and before.leaned is not None and before.leaning in BAD and before.leaning != found.state:
        yield Span(key, before.leaning, before.sentence, before.leaned, max(before.leaned, found.since))


class _Book:
    """What one evaluation is going to write."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.rows: list[dict[str, Any]] = []
        self.fresh: list[dict[str, Any]] = []
        self.gone: list[Key] = []
        self.turned: list[tuple[Key, str, str, datetime]] = []  # state "" ends it
        self.late: list[Span] = []

    def note(self, one: Placed, row: Row[Any] | None, before: Kept | None, after: Kept) -> None:
        """Keep a condition, where anything but the time of its evidence is new."""
        key = (one.known.device_id, after.aspect, after.component)
        place = (one.school_id, one.known.device_class)
        same = row is not None and (row.school_id, row._mapping["class"]) == place  # noqa: SLF001 - public
        if same and before is not None and _without_seen(before) == _without_seen(after):
            return
        (self.fresh if row is None else self.rows).append(_written(key, place, after))
        known_before = State.UNKNOWN if before is None else before.state
        if known_before is not after.state:
            self.turned.append((key, after.state.value, after.sentence, after.since))

    def drop(self, one: Placed, before: Kept) -> None:
        """Take a condition away: its history ends."""
        key = (one.known.device_id, before.aspect, before.component)
        self.gone.append(key)
        self.turned.append((key, "", "", self.now))

    def write(self, connection: Connection, trust_id: str) -> None:
        """Write it all."""
        if self.fresh:
            connection.execute(insert(t.conditions), [{"trust_id": trust_id} | row for row in self.fresh])
        if self.rows:
            names = [name for name in self.rows[0] if name not in KEY]
            change = update(t.conditions).where((t.conditions.c.trust_id == trust_id) & _is_row())
            rows = [
                _where((row["device_id"], row["aspect"], row["component"]))
                | {f"new_{name}": row[name] for name in names}
                for row in self.rows
            ]
            connection.execute(change.values({name: bindparam(f"new_{name}") for name in names}), rows)
        if self.gone:
            where = (t.conditions.c.trust_id == trust_id) & _is_row()
            connection.execute(delete(t.conditions).where(where), [_where(key) for key in self.gone])
        condition_changes.turn(connection, trust_id, self.turned, self.now)
        condition_changes.remember(connection, trust_id, self.late, self.now)


def _is_row() -> Any:
    return (
        (t.conditions.c.device_id == bindparam("in_device")) & (t.conditions.c.aspect == bindparam("in_aspect"))
        & (t.conditions.c.component == bindparam("in_component"))
    )  # fmt: skip


def _where(key: Key) -> dict[str, Any]:
    return {"in_device": key[0], "in_aspect": key[1], "in_component": key[2]}


def _without_seen(kept: Kept) -> tuple[Any, ...]:
    return (kept.state, kept.since, kept.sentence, kept.readings, kept.previous, kept.leaning, kept.leaned)


def _written(key: Key, place: tuple[str, str], kept: Kept) -> dict[str, Any]:
    return {
        "device_id": key[0], "aspect": key[1], "component": key[2], "school_id": place[0], "class": place[1],
        "state": kept.state.value, "since": kept.since, "sentence": kept.sentence,
        "readings": json.dumps(kept.readings, ensure_ascii=False), "previous": kept.previous, "seen": kept.seen,
        "leaning": kept.leaning, "leaned": kept.leaned,
    }  # fmt: skip


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        row.aspect, row.component, State(row.state), row.since, row.sentence, tuple(json.loads(row.readings)),
        row.previous, row.seen, row.leaning, row.leaned,
    )  # fmt: skip


_STANDING = select(t.conditions).where(t.conditions.c.trust_id == OF_TRUST, among(t.conditions.c.device_id))


def _standing(
    connection: Connection, trust_id: str, device_ids: list[str], aspects: Collection[str]
) -> dict[str, dict[tuple[str, str], Row[Any]]]:
    found: dict[str, dict[tuple[str, str], Row[Any]]] = {}
    for chunk in chunks(device_ids):
        for row in connection.execute(_STANDING, {"of_trust": trust_id, "among": chunk}):
            if row.aspect in aspects:
                found.setdefault(row.device_id, {})[row.aspect, row.component] = row
    return found
