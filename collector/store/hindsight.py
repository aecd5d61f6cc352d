"""The register of a day by what is believed today, and every difference from what was believed then, with its cause.

A cell of the day is what was believed at its end, changed by what was learnt since about that time: everything that a
merge, a split, a correction, a reinterpretation or an erase changed; what came late, if it was so by then; and of the
cells that last (`cells.PASSING` says which do not) whatever was learnt, since a serial number that is read in October
was on the device in August. What only passed since (new firmware, another room) is of its own time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from collector import london
from collector.store import bounds, days
from collector.store.cells import CELLS, LOOKS_BACK, PASSING, Cause, RegisterRow, unpacked
from collector.store.history import PAGE, shown
from collector.store.schema import devices, holders, register

PRESENT = "in the register"  # what differs where a whole row came or went


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is known otherwise today than it was then. `cell` is `PRESENT` where the whole row came or went."""

    device_id: str
    cell: str
    before: str
    after: str
    cause: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One kept version of a row; `cells` is None where it was not in the register."""

    cells: Mapping[str, str] | None
    cause: Cause
    since: datetime | None
    recorded: datetime


Why = tuple[Cause, datetime]


@dataclass(slots=True)
class Hindsight:
    """One device on the way from what was believed to what is: the row, and why each cell is as it is."""

    cells: dict[str, str] | None
    why: dict[str, Why] = field(default_factory=dict)
    #: the row as it was when it left the register: a merge may be undone
    left: dict[str, str] | None = None
    #: by cell what was believed before something looked back, and what stood here then: to take it back is to restore
    over: dict[str, tuple[str, str, Why | None]] = field(default_factory=dict)

    def learn(self, before: Mapping[str, str], version: Version, end: datetime) -> None:
        """Take in one later version; `before` is the last one in which the device was in the register."""
        why = (version.cause, version.recorded)
        if version.cells is None:
            if self.cells is not None:
                self.left, self.cells, self.why[PRESENT] = self.cells, None, why
            return
        if self.cells is None and self.left is None:
            if _was_there(version.cells, end):
                self.cells, self.why[PRESENT] = dict(version.cells), why
            return
        self.cells = cells = self.cells if self.cells is not None else self.left or {}
        for cell in CELLS:
            was, now = before.get(cell, ""), version.cells.get(cell, "")
            if was != now and _counts(cell, version, end):
                self._change(cells, cell, (was, now), why)

    def _change(self, cells: dict[str, str], cell: str, change: tuple[str, str], why: Why) -> None:
        was, now = change
        held = self.over.get(cell)
        if cell in PASSING and held is not None and held[0] == now:
            del self.over[cell]
            cells[cell], earlier = held[1:]
            self.why[cell] = earlier or why
            return
        if why[0] in LOOKS_BACK:
            self.over.setdefault(cell, (was, cells.get(cell, ""), self.why.get(cell)))
        cells[cell], self.why[cell] = now, why


def _was_there(cells: Mapping[str, str], end: datetime) -> bool:
    """Whether a row that came later is of a device that was there by then."""
    first_seen = cells.get("first_seen", "")
    return bool(first_seen) and datetime.fromisoformat(first_seen) < end


def _counts(cell: str, version: Version, end: datetime) -> bool:
    """Whether what a version says of a cell is said of the day that ended then."""
    if version.cause in LOOKS_BACK:
        return True
    if version.since is not None:
        return version.since < end or cell not in PASSING
    return cell not in PASSING


# ------------------------------------------------------------------------------------------------ reading


def as_now_known(connection: Connection, trust_id: str, day: date, school_id: str = "") -> Iterator[RegisterRow]:
    """The register as it was at the end of a day, by what is believed now."""
    for device_id, _, found, seen in _devices(connection, trust_id, day):
        if found.cells is not None and school_id in ("", found.cells.get("school_id")):
            yield shown(device_id, {name: value for name, value in found.cells.items() if value}, seen)


def differences(
    connection: Connection, trust_id: str, day: date, school_id: str = "", school_ids: bounds.Schools = None
) -> Iterator[Difference]:
    """Everything that is known otherwise now of the register at the end of a day: by device, then cell.

    `school_ids`: of devices alone that both were and are believed to have been at some of these then.
    """
    end = london.end_of(day)
    for page in _paged(_devices(connection, trust_id, day)):
        ids = [device_id for device_id, *_ in page]
        then = days.last_claims(connection, trust_id, ids, end)
        now = days.last_claims(connection, trust_id, ids, None, day)
        for device_id, before, found, _ in page:
            schools = {cells.get("school_id", "") for cells in (before, found.cells) if cells}
            if not schools or (school_id and school_id not in schools):
                continue
            if school_ids is not None and not schools <= set(school_ids):
                continue
            yield from _of_cells(device_id, before, found)
            if before is not None and found.cells is not None:
                pair = (then.get(device_id), now.get(device_id))
                yield from _of_days(connection, trust_id, device_id, pair, end)


Device = tuple[str, Mapping[str, str] | None, Hindsight, days.LastSeen | None]


def _devices(connection: Connection, trust_id: str, day: date) -> Iterator[Device]:
    """Per device its id, what was believed of it at the end of the day, what is now, and when it was seen last."""
    end, after = london.end_of(day), ""
    while ids := _ids(connection, trust_id, end, after):
        after = ids[-1]
        rows = _versions(connection, trust_id, end, ids)
        seen = days.last_seen(connection, trust_id, ids, None, day)
        for device_id, versions in itertools.groupby(rows, key=lambda row: str(row.device_id)):
            before, found = _looked_back(list(versions), end)
            yield device_id, before, found, seen.get(device_id)


def _ids(connection: Connection, trust_id: str, end: datetime, after: str) -> list[str]:
    query = select(register.c.device_id).where(
        register.c.trust_id == trust_id, register.c.device_id > after, _stood_after(end)
    )
    return list(connection.execute(query.distinct().order_by(register.c.device_id).limit(PAGE)).scalars())


def _versions(connection: Connection, trust_id: str, end: datetime, ids: Sequence[str]) -> Iterable[Row[Any]]:
    """The versions of devices that stood at a time or came after, in the order in which they were believed."""
    query = select(register).where(register.c.trust_id == trust_id, register.c.device_id.in_(ids), _stood_after(end))
    return connection.execute(query.order_by(register.c.device_id, register.c.recorded_from, register.c.row_id))


def _stood_after(end: datetime) -> Any:
    return or_(register.c.recorded_to.is_(None), register.c.recorded_to > end)


def _looked_back(rows: Sequence[Row[Any]], end: datetime) -> tuple[Mapping[str, str] | None, Hindsight]:
    then = [row for row in rows if row.recorded_from <= end]
    before = unpacked(then[-1].cells) if then else None
    found = Hindsight(dict(before) if before is not None else None)
    previous: Mapping[str, str] = before or {}
    for row in rows[len(then) :]:
        version = Version(unpacked(row.cells), Cause(row.cause), row.observed_from, row.recorded_from)
        found.learn(previous, version, end)
        previous = version.cells if version.cells is not None else previous
    return before, found


def _paged(found: Iterator[Device]) -> Iterator[list[Device]]:
    while page := list(itertools.islice(found, PAGE)):
        yield page


# ------------------------------------------------------------------------------------------------ comparing


def _of_cells(device_id: str, before: Mapping[str, str] | None, found: Hindsight) -> Iterator[Difference]:
    if before is None or found.cells is None:
        if before is not None or found.cells is not None:
            cause, when = found.why[PRESENT]
            words = ("", "yes") if before is None else ("yes", "")
            yield Difference(device_id, PRESENT, *words, cause.value, when)
        return
    for cell in CELLS:
        was, now = before.get(cell, ""), found.cells.get(cell, "")
        if was != now:
            cause, when = found.why.get(cell) or found.why[PRESENT]
            yield Difference(device_id, cell, was, now, cause.value, when)


Seen = tuple[days.LastSeen, int] | None


def _of_days(
    connection: Connection, trust_id: str, device_id: str, pair: tuple[Seen, Seen], end: datetime
) -> Iterator[Difference]:
    """What differs of when, by whom and how a device was seen last."""
    then, now = pair
    if then == now or (then and now and then[0] == now[0]):
        return
    cause, when = _why_seen(connection, trust_id, device_id, now, end)
    rows = [RegisterRow(device_id, {}, *_parts(seen)) for seen in pair]
    for cell in ("last_seen", "last_agent", "last_method"):
        was, is_now = (row.value(cell) for row in rows)
        if was != is_now:
            yield Difference(device_id, cell, was, is_now, cause.value, when)


def _parts(seen: Seen) -> tuple[date | None, str, str]:
    return (seen[0].day, seen[0].agent_id, seen[0].method) if seen else (None, "", "")


def _why_seen(connection: Connection, trust_id: str, device_id: str, now: Seen, end: datetime) -> Why:
    """Why a device is known to have been seen last when it was: a late day, or claims that came or went."""
    if now is not None:
        late = days.late_since(connection, trust_id, now[1], now[0].day)
        if late is not None and late > end:
            return Cause.LATE, late
    if moved := _moved(connection, trust_id, device_id, end):
        return moved
    return Cause.EVIDENCE, end  # of the day itself: it counts once it is over


def _moved(connection: Connection, trust_id: str, device_id: str, end: datetime) -> Why | None:
    """The latest claim that came to a device or left it since: merged where the other device is gone, else split."""
    mine = select(holders.c.claim_id).where(holders.c.trust_id == trust_id, holders.c.device_id == device_id)
    shared = select(holders.c.device_id, holders.c.recorded_from, devices.c.alias_of).join(
        devices, (devices.c.trust_id == holders.c.trust_id) & (devices.c.device_id == holders.c.device_id)
    )
    rows = list(
        connection.execute(
            shared.where(holders.c.trust_id == trust_id, holders.c.claim_id.in_(mine)).order_by(
                holders.c.recorded_from, holders.c.device_id
            )
        )
    )
    changes = [row.recorded_from for row in rows if row.recorded_from > end]
    if not changes:
        return None
    merged = any(row.alias_of == device_id for row in rows)
    return (Cause.MERGE if merged else Cause.SPLIT), changes[-1]
