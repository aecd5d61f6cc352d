"""Physical checks of a school: drawn, walked, signed by two people. Every press is kept and journaled with ids alone.

A sample is of the register as it is known when it is drawn, and that time is noted, so that it stays answerable. What
was signed by anybody is not changed any more; a check that went wrong is withdrawn, and stays in the list: nobody draws
again until the sample suits. The second person is neither who checks nor anybody who ever said something in the records
of the devices that were drawn; who has no account declares that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector import journal, shelf_check
from collector.access import RIGHTS, Right, Scope
from collector.errors import CollectorError
from collector.facts import text
from collector.shelf_check import GONE, Booked, Drawn, Item, Method, Outcome, Rate, Verdict
from collector.store import Transaction, history, ids, people, rooms, searching, sheet
from collector.store import shelf_checks as rows
from collector.store.people import Account
from collector.store.sheet import Wanted
from collector.store.shelf_checks import Check, Room, Row, Thing

MOST_ROOMS, USUAL_ROOMS = 50, 5
MOST_THINGS = 2_000  # of one check
MARK_LIMIT, NOTE_LIMIT, NAME_LIMIT = 100, 200, 120  # characters
_THERE = (Outcome.FOUND, Outcome.ELSEWHERE, Outcome.DAMAGED)


@dataclass(frozen=True, slots=True)
class Wish:
    """A check that is asked for. `second_id`: an account; else `second_name` of who has none, and what they declare."""

    school_id: str
    method: Method
    size: int
    rooms: int
    second_id: str = ""
    second_name: str = ""
    declared: bool = False
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came out. Shares of devices are None until all were looked at. `things`: by verdict how many."""

    outcomes: Mapping[Outcome, int]
    looked: int
    there: Rate | None
    in_place: Rate | None
    things: Mapping[Verdict, int]
    in_book: Rate | None
    walked: int


# ------------------------------------------------------------------------------------------------ beginning


def begin(
    connection: Transaction, trust_id: str, wish: Wish, *, actor: str, now: datetime, checker: str = ""
) -> Check:  # fmt: skip
    """Draw devices and rooms and keep the check; CollectorError where that cannot be.

    `checker`: the account that walks it, where that is not who draws.
    """
    if not 0 <= wish.rooms <= MOST_ROOMS:
        raise CollectorError(f"walk from 0 to {MOST_ROOMS} rooms")
    at = history.moment(connection, trust_id, now)
    history.asked(connection, trust_id, at)
    seed = text(wish.seed, 64) or ids.new()
    known = {each.device_id: each for each in _books(connection, trust_id, at, wish.school_id) if each.life != GONE}
    drawn = {each.key: each for each in shelf_check.draw(_items(known.values()), wish.method, wish.size, seed)}
    second = _second(connection, trust_id, wish, drawn, checker or actor, now)
    left_out = sum(1 for each in known.values() if not each.cost) if wish.method is Method.BY_VALUE else 0
    made = Check(
        ids.new(), wish.school_id, wish.method, wish.size, seed, at, len(known), left_out, len(drawn), now,
        checker or actor, *second,
    )  # fmt: skip
    order = sorted(drawn, key=lambda key: (known[key].room.casefold(), known[key].title.casefold(), key))
    listed = [
        Row(n, key, drawn[key].stands_for, drawn[key].certain) for n, key in enumerate(order, 1)
    ]  # fmt: skip
    walks = _draw_rooms(connection, trust_id, wish, known.values(), seed)
    rows.add(connection, trust_id, made, listed, walks)
    _note(
        connection, trust_id, "check_begun", actor, now, check=made.check_id, school=made.school_id,
        devices=len(listed), rooms=len(walks),
    )  # fmt: skip
    return made


def again(connection: Transaction, trust_id: str, check: Check) -> list[str]:
    """The devices that the same draw gives of the register as it was known then, sorted."""
    known = [each for each in _books(connection, trust_id, check.as_known, check.school_id) if each.life != GONE]
    return sorted(each.key for each in shelf_check.draw(_items(known), Method(check.method), check.size, check.seed))


def books(connection: Transaction, trust_id: str, check: Check, wanted: Iterable[str]) -> dict[str, Booked]:
    """What the register had of some devices when the sample was drawn, by id."""
    found = sheet.entries(connection, trust_id, check.as_known, Wanted(device_ids=frozenset(wanted)), bare=True)
    return {entry.device_id: shelf_check.booked(entry.device_id, entry.cells) for entry in found}


def _books(connection: Transaction, trust_id: str, at: datetime, school_id: str) -> list[Booked]:
    wanted = Wanted(schools=frozenset({school_id}))
    found = sheet.entries(connection, trust_id, at, wanted, bare=True)
    return [shelf_check.booked(entry.device_id, entry.cells) for entry in found]


def _items(known: Iterable[Booked]) -> list[Item]:
    return [Item(each.device_id, each.device_class, each.cost) for each in known]


def _draw_rooms(
    connection: Transaction, trust_id: str, wish: Wish, known: Iterable[Booked], seed: str
) -> list[Room]:  # fmt: skip
    """Rooms that the school has on its list and that records name; where there are none, the whole school is one."""
    if not wish.rooms:
        return []
    named = [room.label for room in rooms.rooms(connection, trust_id, wish.school_id)] + [each.room for each in known]
    labels: dict[str, str] = {}
    for name in filter(None, named):
        labels.setdefault(shelf_check.folded(name) or name, name)
    chosen = [labels[key] for key in shelf_check.first(labels, wish.rooms, seed)] or [""]
    return [Room(n, name) for n, name in enumerate(sorted(chosen, key=str.casefold), 1)]


# ------------------------------------------------------------------------------------------------ the second person


def seconds(connection: Transaction, trust_id: str, actor: str, now: datetime) -> list[Account]:
    """Accounts that may be second person to somebody, as far as that shows before anything is drawn."""
    return [
        account for account in people.all_accounts(connection, trust_id)
        if account.account_id != actor and account.removed is None and (account.until is None or account.until > now)
        and Right.SEE_REGISTER in RIGHTS[Scope(account.role)]
    ]  # fmt: skip


def _second(
    connection: Transaction, trust_id: str, wish: Wish, drawn: Iterable[str], actor: str, now: datetime
) -> tuple[str, str]:
    """Account and name of the second person; CollectorError where they cannot be it."""
    fitting = {each.account_id: each for each in seconds(connection, trust_id, actor, now)}
    if wish.second_id:
        account = fitting.get(wish.second_id)
        if account is None or (account.schools is not None and wish.school_id not in account.schools):
            raise CollectorError("the second person is somebody else who sees this school: choose another")
        _require_no_keeper(connection, trust_id, account, drawn)
        return account.account_id, ""
    name = text(wish.second_name, NAME_LIMIT)
    if not name:
        raise CollectorError("say who the second person is: a check has two")
    if any(each.name.casefold() == name.casefold() for each in people.all_accounts(connection, trust_id)):
        raise CollectorError(f"{name} has an account here: choose it, or somebody else")
    if not wish.declared:
        raise CollectorError(f"declare that {name} neither checks nor keeps these records, or choose somebody else")
    return "", name


def _require_no_keeper(connection: Transaction, trust_id: str, account: Account, device_ids: Iterable[str]) -> None:
    edited = rows.editors(connection, trust_id, device_ids).get(account.account_id, 0)
    if edited:
        devices = "device" if edited == 1 else "devices"
        raise CollectorError(
            f"{account.name} entered records of {edited} {devices} that this check is of: choose somebody who did not"
        )


# ------------------------------------------------------------------------------------------------ walking


def mark(connection: Transaction, trust_id: str, check_id: str, row: Row, *, actor: str, now: datetime) -> None:
    """Keep what was found of a device: its line, outcome, room and note are taken from `row`."""
    _require_open(connection, trust_id, check_id, actor)
    known = next((each for each in rows.rows(connection, trust_id, check_id) if each.line == row.line), None)
    if known is None:
        raise CollectorError("there is no such line in this check")
    outcome = Outcome(row.outcome)
    where = text(row.room, NAME_LIMIT) if outcome in (Outcome.ELSEWHERE, Outcome.DAMAGED) else ""
    if outcome is Outcome.ELSEWHERE and not where:
        raise CollectorError("say in which room it was found")
    told = replace(
        known, outcome=outcome.value, room=where, note=text(row.note, NOTE_LIMIT), looked=now, looked_by_id=actor
    )
    rows.mark(connection, trust_id, check_id, told)
    _note(
        connection, trust_id, "check_marked", actor, now, check=check_id, line=row.line, device=known.device_id,
        outcome=outcome.value,
    )  # fmt: skip


def walk(
    connection: Transaction, trust_id: str, check_id: str, line: int, *, done: bool, actor: str, now: datetime
) -> None:
    """Keep that everything in a room is written down, or that it is not yet."""
    _require_open(connection, trust_id, check_id, actor)
    room = _room(connection, trust_id, check_id, line)
    rows.walk(
        connection, trust_id, check_id,
        replace(room, walked=now if done else None, walked_by_id=actor if done else ""),
    )  # fmt: skip
    _note(connection, trust_id, "check_room_walked", actor, now, check=check_id, room=line, done=int(done))


def write_down(  # noqa: PLR0913 - what stands where, for whom, by whom, when
    connection: Transaction, trust_id: str, check_id: str, line: int, said: str, schools: frozenset[str] | None, *,
    actor: str, now: datetime,
) -> Thing:  # fmt: skip
    """Keep a thing that stands in a room; it is looked for in the register, as far as whoever checks sees it."""
    check = _require_open(connection, trust_id, check_id, actor)
    room, read = _room(connection, trust_id, check_id, line), text(said, MARK_LIMIT)
    if not shelf_check.folded(read):
        raise CollectorError("write the asset tag or the serial number, as the label says it")
    kept = rows.things(connection, trust_id, check_id)
    if len(kept) >= MOST_THINGS:
        raise CollectorError(f"one check has at most {MOST_THINGS:,} things: begin another")
    found = _look_up(connection, trust_id, check, read, schools)
    one = found[0] if len(found) == 1 else None
    for each in kept:
        same = shelf_check.folded(each.mark) == shelf_check.folded(read) or (one and each.device_id == one.device_id)
        if same:
            raise CollectorError(f"this is written down already, as “{each.mark}” (line {each.line})")
    thing = Thing(
        max((each.line for each in kept), default=0) + 1, line, read,
        shelf_check.judge(found, check.school_id, room.name), one.device_id if one else "",
        one.school_id if one else "", now, actor,
    )  # fmt: skip
    rows.write_down(connection, trust_id, check_id, thing)
    _note(connection, trust_id, "check_thing_noted", actor, now, check=check_id, room=line, line=thing.line)
    return thing


def strike(connection: Transaction, trust_id: str, check_id: str, line: int, *, actor: str, now: datetime) -> None:
    """Let a thing go that was written down by mistake."""
    _require_open(connection, trust_id, check_id, actor)
    if not rows.strike(connection, trust_id, check_id, line):
        raise CollectorError("there is no such line in this check")
    _note(connection, trust_id, "check_thing_struck", actor, now, check=check_id, line=line)


def _look_up(
    connection: Transaction, trust_id: str, check: Check, said: str, schools: frozenset[str] | None
) -> list[Booked]:
    """The devices that bear a mark in the register of the check: of its school, else of the others that are seen."""
    here = [
        each for each in _books(connection, trust_id, check.as_known, check.school_id) if shelf_check.bears(each, said)
    ]
    if here:
        return here
    read = said.rstrip("/").rpartition("/")[2]
    wanted = [Wanted(schools=schools, search=word) for word in {read, searching.mac_pairs(read)} if word]
    wanted.append(Wanted(schools=schools, device_ids=frozenset({read.lower()})))
    entries = (entry for one in wanted for entry in sheet.entries(connection, trust_id, check.as_known, one, bare=True))
    found = {entry.device_id: shelf_check.booked(entry.device_id, entry.cells) for entry in entries}
    return [found[key] for key in sorted(found) if shelf_check.bears(found[key], said)]


# ------------------------------------------------------------------------------------------------ signing


def lacking(found: Sequence[Row], walks: Sequence[Room]) -> str:
    """What is still to be done before a check can be signed; "" for nothing."""
    devices = sum(1 for each in found if not each.outcome)
    open_ = sum(1 for each in walks if each.walked is None)
    said = [
        f"{number} {one if number == 1 else many}"
        for number, one, many in ((devices, "device", "devices"), (open_, "room", "rooms")) if number
    ]  # fmt: skip
    return f"{' and '.join(said)} {'has' if devices + open_ == 1 else 'have'} not been looked at" if said else ""


def sign(
    connection: Transaction, trust_id: str, check_id: str, *, second: bool, declared: bool, actor: str, now: datetime
) -> Check:
    """Sign as who checked, or as the second person; both close the check. CollectorError for anybody else."""
    check = _get(connection, trust_id, check_id)
    found = rows.rows(connection, trust_id, check_id)
    if check.withdrawn is not None or (check.second_signed if second else check.signed) is not None:
        raise CollectorError("this check is withdrawn, or signed so already")
    if actor != (check.second_id if second and check.second_id else check.made_by_id):
        raise CollectorError("this is for somebody else to sign")
    if missing := lacking(found, rows.rooms(connection, trust_id, check_id)):
        raise CollectorError(f"{missing}: say of each what was found")
    if second:
        _require_other(connection, trust_id, check, found, declared=declared)
    times = {"second_signed" if second else "signed": now}
    rows.change(connection, trust_id, check_id, **times)
    _note(connection, trust_id, "check_signed", actor, now, check=check_id, second=int(second))
    signed = _get(connection, trust_id, check_id)
    if signed.closed:
        _note(connection, trust_id, "check_closed", actor, now, check=check_id)
    return signed


def _require_other(
    connection: Transaction, trust_id: str, check: Check, found: Iterable[Row], *, declared: bool
) -> None:
    if not check.second_id:
        if not declared:
            raise CollectorError(f"{check.second_name} signs with a tick: that they saw it, and keep no records of it")
        return
    account = people.account(connection, trust_id, check.second_id)
    if account is not None:
        _require_no_keeper(connection, trust_id, account, (row.device_id for row in found))


def withdraw(
    connection: Transaction, trust_id: str, check_id: str, reason: str, *, actor: str, now: datetime
) -> None:  # fmt: skip
    """Withdraw a check that is not closed; it stays in the list, with the reason."""
    check, why = _get(connection, trust_id, check_id), text(reason, NOTE_LIMIT)
    if check.closed or check.withdrawn is not None:
        raise CollectorError("this check is closed and stays as it is")
    if actor != check.made_by_id:
        raise CollectorError("a check is withdrawn by who began it")
    if not why:
        raise CollectorError("say why: a check that is withdrawn stays in the list with its reason")
    rows.change(connection, trust_id, check_id, withdrawn=now, withdrawn_by_id=actor, reason=why)
    _note(connection, trust_id, "check_withdrawn", actor, now, check=check_id)


# ------------------------------------------------------------------------------------------------ what came out


def may_walk(check: Check, account_id: str) -> bool:
    """Whether somebody may write down what was found: who began the check, and the second person."""
    return check.open and account_id in (check.made_by_id, check.second_id or check.made_by_id)


def result(found: Sequence[Row], walks: Sequence[Room], things: Sequence[Thing]) -> Result:
    """What came out so far."""
    told = [(Drawn(str(r.line), r.stands_for, r.certain), Outcome(r.outcome)) for r in found if r.outcome]
    outcomes = [outcome for _, outcome in told]
    whole = told if len(told) == len(found) else []
    verdicts = [Verdict(thing.verdict) for thing in things]
    booked = (Verdict.FOUND, Verdict.ELSEWHERE)
    return Result(
        {each: outcomes.count(each) for each in Outcome},
        len(told),
        shelf_check.rate((drawn, outcome in _THERE) for drawn, outcome in whole),
        shelf_check.rate((drawn, outcome in (Outcome.FOUND, Outcome.DAMAGED)) for drawn, outcome in whole),
        {each: verdicts.count(each) for each in Verdict},
        shelf_check.rate((Drawn("", 1.0), verdict in booked) for verdict in verdicts),
        sum(1 for room in walks if room.walked is not None),
    )


# ------------------------------------------------------------------------------------------------ shared


def _get(connection: Transaction, trust_id: str, check_id: str) -> Check:
    check = rows.get(connection, trust_id, check_id)
    if check is None:
        raise CollectorError("there is no such check")
    return check


def _require_open(connection: Transaction, trust_id: str, check_id: str, actor: str) -> Check:
    check = _get(connection, trust_id, check_id)
    if not check.open:
        raise CollectorError("this check was signed or withdrawn: nothing of it is changed any more")
    if not may_walk(check, actor):
        raise CollectorError("what was found is written down by who began the check, or by the second person")
    return check


def _room(connection: Transaction, trust_id: str, check_id: str, line: int) -> Room:
    found = next((room for room in rows.rooms(connection, trust_id, check_id) if room.line == line), None)
    if found is None:
        raise CollectorError("there is no such room in this check")
    return found


def _note(connection: Transaction, trust_id: str, action: str, actor: str, now: datetime, **detail: str | int) -> None:
    journal.append(connection, trust_id, actor=actor, action=action, detail=detail, now=now)
