"""What a person says of rows of a reconciled book: carried out many at once, as one change of records, and taken back.

A row that cannot be settled so stays open, with the reason; the others are settled. Every settlement is journaled with
ids alone, beside what the change of records and the word on identity journal of themselves.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from collector import identity, journal, records
from collector.errors import CollectorError
from collector.facts import text
from collector.reconcile import book
from collector.reconcile.bringing import find
from collector.reconcile.values import Kind
from collector.records import acting, planning
from collector.records.acting import Move
from collector.records.fields import FIELDS, Value
from collector.records.reading import Item
from collector.store import Transaction, acts, school_lives, words
from collector.store import reconcile as rows
from collector.store.reconcile import Asked, Brought, Reconciled, Settlement
from collector.store.records import UNDONE, Act

MOST = 5_000  # rows that are settled at once
REASON_LIMIT = 500  # characters
#: what a device says itself: a book that says otherwise is not recorded over it, unless it is asked for by name
_OWN_WORD = ("serial", "mac")


class Action(enum.StrEnum):
    """What can be done with a row."""

    TAKE = "take"  # the book's values go into the record of the device
    KEEP = "keep"  # what the register says stays
    EXPECT = "expect"  # a ghost becomes a device that is expected
    DISPOSE = "dispose"  # it is gone, and its record says so
    RECORD = "record"  # a device that the book lacks gets a record
    SAME = "same"  # two devices of the register are one
    LEAVE = "leave"  # as it is, with a reason


LABELS = {
    Action.TAKE: "Take the book’s values into the records",
    Action.KEEP: "Keep what the register says",
    Action.EXPECT: "Expect the device: it is ours and was not seen yet",
    Action.DISPOSE: "Note as disposed of",
    Action.RECORD: "Record the device: it is ours",
    Action.SAME: "The two are one device",
    Action.LEAVE: "Leave as it is, with a reason",
}
_ALWAYS = frozenset({Action.KEEP, Action.LEAVE})
ACTIONS: Mapping[Kind, frozenset[Action]] = {
    Kind.MATCHED: frozenset({Action.TAKE}) | _ALWAYS,
    Kind.DIFFERING: frozenset({Action.TAKE}) | _ALWAYS,
    Kind.QUESTION: frozenset({Action.TAKE, Action.EXPECT}) | _ALWAYS,
    Kind.GHOST: frozenset({Action.TAKE, Action.EXPECT, Action.DISPOSE}) | _ALWAYS,
    Kind.UNRECORDED: frozenset({Action.RECORD}) | _ALWAYS,
    Kind.TWICE_IN_BOOK: _ALWAYS,
    Kind.TWICE_ON_NETWORK: frozenset({Action.SAME}) | _ALWAYS,
    Kind.PART: _ALWAYS,
    Kind.UNTOLD: _ALWAYS,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants done. `only`: the fields that are taken, all but a device's own word where none is named.

    `without`: fields that are not for whoever asks. `devices`: by line whose a row of a question is, where several may
    be. `day`: of disposal, ISO text or empty.
    """

    action: Action
    reason: str = ""
    only: Collection[str] = ()
    without: Collection[str] = ()
    devices: Mapping[int, str] = field(default_factory=dict)
    day: str = ""


@dataclass(slots=True)
class Done:
    """What became of it. `refused`: row and why it could not be settled so."""

    settlement: Settlement | None = None
    settled: list[int] = field(default_factory=list)
    refused: list[tuple[Reconciled, str]] = field(default_factory=list)


def settle(
    connection: Transaction, trust_id: str, reconciliation_id: str, asked: Asked, wanted: Wanted, act: Act,
    schools: frozenset[str] | None = None,
) -> Done:  # fmt: skip
    """Do with the rows that are asked for what is wanted. `act.change_id` becomes the settlement's id.

    `schools`: those whose devices may be changed; None: all.
    """
    brought = find(connection, trust_id, reconciliation_id)
    if wanted.action is Action.LEAVE and not wanted.reason.strip():
        raise CollectorError("say why the rows are left as they are")
    open_rows = rows.outcomes(connection, trust_id, reconciliation_id, _open(asked), MOST + 1)
    if not open_rows or len(open_rows) > MOST:
        raise CollectorError(f"between 1 and {MOST:,} open rows are settled at once, not {len(open_rows):,}")
    done = Done()
    chosen = [one for one in open_rows if _allowed(one, wanted, done)]
    chosen = list(_within(connection, trust_id, chosen, schools, done))
    change_id, said = _CARRY[wanted.action](connection, trust_id, brought, chosen, wanted, act, done)
    if done.settled:
        reason = text(wanted.reason, REASON_LIMIT)
        done.settlement = Settlement(
            act.change_id, reconciliation_id, wanted.action.value, reason, act.time, act.actor, len(done.settled),
            change_id, said,
        )  # fmt: skip
        rows.settle(connection, trust_id, done.settlement, done.settled)
        _note(connection, trust_id, "book_rows_settled", done.settlement, act)
    return done


def _open(asked: Asked) -> Asked:
    return Asked(asked.kind, asked.differing, "open", asked.search, asked.lines)


def _allowed(one: Reconciled, wanted: Wanted, done: Done) -> bool:
    if wanted.action in ACTIONS[Kind(one.kind)]:
        return True
    done.refused.append((one, f"a row that is {one.kind} cannot be settled so"))
    return False


def _within(
    connection: Transaction, trust_id: str, chosen: list[Reconciled], schools: frozenset[str] | None, done: Done
) -> Iterable[Reconciled]:
    """The rows whose devices are at schools that may be changed."""
    if schools is None:
        yield from chosen
        return
    known = school_lives.schools_of(connection, trust_id, {of for one in chosen for of in (one.device_id, *one.others)})
    for one in chosen:
        if {known.get(of, "") for of in (one.device_id, *one.others) if of} <= schools:
            yield one
        else:
            done.refused.append((one, "it is at a school that is not yours"))


def undo(connection: Transaction, trust_id: str, settlement_id: str, act: Act) -> Settlement:
    """Take a settlement back: records say again what they said, devices are parted again, its rows are open."""
    made = rows.settlement(connection, trust_id, settlement_id)
    if made is None:
        raise CollectorError("there is no settlement of this id")
    if made.undone:
        raise CollectorError("this was taken back already")
    if made.change_id:
        known = acts.get(connection, trust_id, made.change_id)
        if known is not None and known.state != UNDONE:
            records.undo(connection, trust_id, made.change_id, actor=act.actor, source=act.source, now=act.time)
    standing = {one.word_id for one in words.heard(connection, trust_id)} if made.words else set()
    for word_id in made.words:
        if word_id in standing:
            identity.take_back(connection, trust_id, word_id, act.actor, act.time)
    rows.unsettle(connection, trust_id, made, act.actor, act.time)
    _note(connection, trust_id, "book_rows_unsettled", made, act)
    return made


def _note(connection: Transaction, trust_id: str, action: str, made: Settlement, act: Act) -> None:
    detail: dict[str, str | int] = {
        "reconciliation": made.reconciliation_id, "settlement": made.settlement_id, "action": made.action,
        "rows": made.lines, "change": made.change_id,
    }  # fmt: skip
    journal.append(connection, trust_id, actor=act.actor, action=action, detail=detail, now=act.time)


# ------------------------------------------------------------------------------------------------ what is carried out

Result = tuple[str, tuple[str, ...]]  # the change of records, and the words on identity


def _nothing(
    connection: Transaction, trust_id: str, brought: Brought, chosen: list[Reconciled], wanted: Wanted, act: Act,
    done: Done,
) -> Result:  # fmt: skip
    done.settled += [one.line for one in chosen]
    return "", ()


def _take(
    connection: Transaction, trust_id: str, brought: Brought, chosen: list[Reconciled], wanted: Wanted, act: Act,
    done: Done,
) -> Result:  # fmt: skip
    """Record of each device what the book says otherwise than the register, or says alone."""
    moves = []
    for one in chosen:
        device_id = _whose(one, wanted)
        if not device_id:
            done.refused.append((one, "say which device it is"))
            continue
        said = _taken(one, wanted)
        if (move := _move(connection, trust_id, one, device_id, said, done)) is not None:
            moves.append(move)
    return _change(connection, trust_id, brought, moves, wanted, act), ()


def _whose(one: Reconciled, wanted: Wanted) -> str:
    """The device of a row; that of a question is one of those that it may be."""
    chosen = wanted.devices.get(one.line, one.device_id)
    return chosen if chosen in (one.device_id, *one.others) else ""


def _taken(one: Reconciled, wanted: Wanted) -> dict[str, Value | None]:
    said = {name: book_says for name, book_says, _ in one.differences if name in FIELDS} | dict(one.adds)
    said = {name: value for name, value in said.items() if name not in wanted.without}
    differing = {name for name, _, _ in one.differences}
    if wanted.only:
        return {name: value for name, value in said.items() if name in wanted.only}
    return {name: value for name, value in said.items() if name not in _OWN_WORD or name not in differing}


def _move(
    connection: Transaction,
    trust_id: str,
    one: Reconciled,
    device_id: str,
    said: Mapping[str, Value | None],
    done: Done,
) -> Move | None:
    """What saying something of one device changes; None where nothing does, or it cannot be said."""
    try:
        move = planning.of_record(connection, trust_id, device_id, said)
    except CollectorError as error:
        done.refused.append((one, str(error)))
        return None
    done.settled.append(one.line)
    return move if move.differences else None


def _expect(
    connection: Transaction, trust_id: str, brought: Brought, chosen: list[Reconciled], wanted: Wanted, act: Act,
    done: Done,
) -> Result:  # fmt: skip
    """Make devices that nobody has seen of rows of none; one that the register has is expected again."""
    again = [one for one in chosen if one.device_id and one.kind == Kind.GHOST]
    moves = _with_status(connection, trust_id, again, {"status": "expected"}, done)
    fresh = [one for one in chosen if one not in again]
    moves += _fresh(connection, trust_id, brought, fresh, {}, wanted.without, done)
    return _change(connection, trust_id, brought, moves, wanted, act), ()


def _dispose(
    connection: Transaction, trust_id: str, brought: Brought, chosen: list[Reconciled], wanted: Wanted, act: Act,
    done: Done,
) -> Result:  # fmt: skip
    """Let the records say that the things are gone; a row of no device gets a record that says so."""
    said: dict[str, Value | None] = {"status": "disposed"}
    if wanted.day:
        said["disposed_on"] = wanted.day
    known, unknown = ([one for one in chosen if bool(one.device_id) is there] for there in (True, False))
    moves = _with_status(connection, trust_id, known, said, done)
    moves += _fresh(connection, trust_id, brought, unknown, said, wanted.without, done)
    return _change(connection, trust_id, brought, moves, wanted, act), ()


def _record(
    connection: Transaction, trust_id: str, brought: Brought, chosen: list[Reconciled], wanted: Wanted, act: Act,
    done: Done,
) -> Result:  # fmt: skip
    moves = _with_status(connection, trust_id, chosen, {"status": "in use"}, done)
    return _change(connection, trust_id, brought, moves, wanted, act), ()


def _with_status(
    connection: Transaction, trust_id: str, chosen: Iterable[Reconciled], said: Mapping[str, Value | None], done: Done
) -> list[Move]:
    found = (_move(connection, trust_id, one, one.device_id, said, done) for one in chosen)
    return [move for move in found if move is not None]


def _fresh(
    connection: Transaction, trust_id: str, brought: Brought, chosen: list[Reconciled],
    said: Mapping[str, Value | None], without: Collection[str], done: Done,
) -> list[Move]:  # fmt: skip
    """Devices that nobody has seen, of rows: as a list that is imported makes them."""
    items = [_item(one, said, without) for one in chosen]
    plan = planning.of_list(connection, trust_id, items, _school(connection, trust_id, brought)) if items else None
    if plan is None:
        return []
    troubles = {trouble.row: trouble.sentence for trouble in plan.troubles}
    for one in chosen:
        if one.row in troubles:
            done.refused.append((one, troubles[one.row]))
        else:
            done.settled.append(one.line)
    return list(plan.moves)


def _item(one: Reconciled, said: Mapping[str, Value | None], without: Collection[str]) -> Item:
    told: dict[str, Value | None] = {n: value for n, value in one.said.items() if n in FIELDS and n not in without}
    off_network = bool(book.OFF_NETWORK.search(" ".join(str(value) for value in told.values())))
    if off_network:
        told.setdefault("status", "in use")
    return Item(one.row, {**told, **said}, school=str(one.said.get("school", "")))


def _school(connection: Transaction, trust_id: str, brought: Brought) -> str:
    known = school_lives.schools(connection, trust_id)
    return next((one.name for one in known if one.school_id == brought.school_id), "")


def _same(
    connection: Transaction, trust_id: str, brought: Brought, chosen: list[Reconciled], wanted: Wanted, act: Act,
    done: Done,
) -> Result:  # fmt: skip
    """Say that two devices are one. Its reason is what the book showed, where the person gives none."""
    said = []
    for one in chosen:
        pair = {one.device_id, *one.others[:1]}
        reason = wanted.reason or "; ".join(one.reasons) or "seen twice"
        try:
            identity.say_one(connection, trust_id, one.device_id, one.others[0], reason, act.actor, act.time)
        except CollectorError as error:
            done.refused.append((one, str(error)))
            continue
        heard = reversed(words.heard(connection, trust_id))
        said.append(next(word.word_id for word in heard if {word.device_a, word.device_b} == pair))
        done.settled.append(one.line)
    return "", tuple(said)


def _change(
    connection: Transaction, trust_id: str, brought: Brought, moves: list[Move], wanted: Wanted, act: Act
) -> str:  # fmt: skip
    """Carry moves out as one change of records; its id, "" where nothing changes."""
    if not moves:
        return ""
    counts = acting.carry_out(connection, trust_id, moves, act)
    what = f"{LABELS[wanted.action]}: {brought.name}"[:200]
    made = acts.Change(
        act.change_id, "settled", act.source, act.actor, what, act.time, records=counts[0], cells=counts[1]
    )
    acts.add(connection, trust_id, made)
    acting.note(connection, trust_id, made)
    return act.change_id


_Carry = Callable[[Transaction, str, Brought, list[Reconciled], Wanted, Act, Done], Result]
_CARRY: Mapping[Action, _Carry] = {
    Action.TAKE: _take, Action.KEEP: _nothing, Action.EXPECT: _expect, Action.DISPOSE: _dispose,
    Action.RECORD: _record, Action.SAME: _same, Action.LEAVE: _nothing,
}  # fmt: skip
