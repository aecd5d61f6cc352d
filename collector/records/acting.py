"""Carries out what an act says of records, and takes acts back. Every act is one change, journaled with ids alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector import identity, journal, tenure
from collector.errors import CollectorError
from collector.records import placing
from collector.records.fields import FIELDS, Value, key
from collector.restate import restate
from collector.store import Transaction, acts, history, ids
from collector.store import records as rows
from collector.store.records import Act, Record, Saying

_PLACING = frozenset({"asset_tag", "serial", "mac", "maker", "model", "local_name"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with what is kept now and what it becomes; None is nothing."""

    field: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Move:
    """What changes in one record. Without `record_id` it is made; without `device_id` for a device nobody has seen.

    `title` is what people call the device; `row` the row of a list, 0 where it comes from none.
    """

    differences: tuple[Difference, ...]
    title: str
    device_id: str = ""
    record_id: str = ""
    school_name: str = ""
    site_id: str = ""
    row: int = 0


def differences(before: Mapping[str, Value], said: Mapping[str, Value | None]) -> tuple[Difference, ...]:
    """What of the fields that were said is other than it was, in the order of the fields."""
    return tuple(
        Difference(name, before.get(name), said[name])
        for name in FIELDS
        if name in said and before.get(name) != said[name]
    )


def values(kept: Mapping[str, rows.FieldRow]) -> dict[str, Value]:
    """The bare values of a record."""
    return {name: row.value for name, row in kept.items()}


def carry_out(connection: Transaction, trust_id: str, moves: Sequence[Move], act: Act) -> tuple[int, int]:
    """Make the changes; returns how many records and how many values changed."""
    tenure.require_devices(connection, trust_id, {move.device_id for move in moves if move.device_id})
    act = replace(act, time=history.moment(connection, trust_id, act.time))  # what somebody was told stays so
    sayings: list[Saying] = []
    touched: set[str] = set()
    for move in moves:
        record_id = move.record_id or _make(connection, trust_id, move, act)
        sayings += [_saying(record_id, difference) for difference in move.differences]
        if any(difference.field in _PLACING for difference in move.differences):
            touched.add(record_id)
    rows.say(connection, trust_id, sayings, act)
    _tie(connection, trust_id, touched, act.time)
    _follow(connection, trust_id, {saying.record_id for saying in sayings}, act.time)
    return len(moves), len(sayings)


def _follow(connection: Transaction, trust_id: str, record_ids: Iterable[str], now: datetime) -> None:
    """Bring up to date what the register says of the devices of some records."""
    found = rows.get(connection, trust_id, record_ids)
    restate(connection, trust_id, {record.device_id for record in found.values()}, "record", now)


def _saying(record_id: str, difference: Difference) -> Saying:
    found = FIELDS[difference.field]
    return Saying(record_id, found.name, difference.after, key(found, difference.after), corrects=found.corrects)


def _make(connection: Transaction, trust_id: str, move: Move, act: Act) -> str:
    record_id = ids.new()
    said = {d.field: d.after for d in move.differences if d.after is not None}
    device_id = move.device_id or placing.place(connection, trust_id, record_id, said, move.site_id, act.time)
    rows.add(connection, trust_id, Record(record_id, device_id, act.time, act.change_id))
    return record_id


def _tie(connection: Transaction, trust_id: str, record_ids: Iterable[str], now: datetime) -> None:
    """Look again where records belong whose marks changed, and let devices that nobody has seen say what they say."""
    found = rows.get(connection, trust_id, record_ids)
    said = {name: values(kept) for name, kept in rows.current(connection, trust_id, found).items()}
    for record_id, record in sorted(found.items()):
        placing.tie(connection, trust_id, record, said.get(record_id, {}), now)
    for record_id, record in sorted(rows.get(connection, trust_id, found).items()):
        placing.show(connection, trust_id, record.device_id, said.get(record_id, {}))


def note(connection: Transaction, trust_id: str, change: acts.Change) -> None:
    """Journal an act: ids and counts, never values."""
    detail: dict[str, str | int] = {"change": change.change_id, "kind": change.kind, "records": change.records}
    journal.append(
        connection, trust_id, actor=change.actor, action="records_changed", detail=detail, now=change.made
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ taking back


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of taking an act back. `stays`: values that somebody has changed since, and that stay."""

    change: acts.Change
    cells: int
    stays: int
    withdrawn: int


def undo(connection: Transaction, trust_id: str, change_id: str, *, actor: str, source: str, now: datetime) -> Undone:
    """Take one act back, as far as nobody has changed the same since. CollectorError where there is none."""
    known = acts.get(connection, trust_id, change_id)
    if known is None or known.state == rows.PROPOSED:
        raise CollectorError("there is no change of this id that was carried out")
    if known.kind == "undo":
        raise CollectorError("this took another change back; to have that again, enter it again")
    if known.state == rows.UNDONE:
        raise CollectorError("this change was taken back already")
    act = Act(ids.new(), actor, source, history.moment(connection, trust_id, now))
    cells, stays, touched = rows.take_back(connection, trust_id, change_id, act)
    made_by_it = rows.made_by(connection, trust_id, change_id)
    concerned = {record.device_id for record in rows.get(connection, trust_id, touched).values()}
    tenure.require_devices(connection, trust_id, concerned | {record.device_id for record in made_by_it})
    gone = _withdraw(connection, trust_id, [record.record_id for record in made_by_it], now)
    _tie(connection, trust_id, touched - gone, now)
    _follow(connection, trust_id, touched, now)
    acts.undo(connection, trust_id, change_id, actor, now)
    made = acts.Change(act.change_id, "undo", source, actor, change_id, now, records=len(touched), cells=cells)
    acts.add(connection, trust_id, made)
    note(connection, trust_id, made)
    return Undone(replace(known, state=rows.UNDONE, undone=now, undone_by=actor), cells, stays, len(gone))


def _withdraw(connection: Transaction, trust_id: str, made: list[str], now: datetime) -> set[str]:
    """Withdraw those of some records in which nothing is said, and the devices of which nothing else is known."""
    kept = set(rows.current(connection, trust_id, made))
    kept |= {document.record_id for document in acts.documents(connection, trust_id, made)}
    empty = [record_id for record_id in made if record_id not in kept]
    rows.withdraw(connection, trust_id, empty, now)
    identity.withdraw(connection, trust_id, empty, now)
    return set(empty)
