"""Reads the register row by row for lists and exports: what was believed at a time, chosen by what somebody asks for.

Read in chunks by device id, so that memory does not grow with rows. Everything here is read as it was believed at the
time, from rows before which nothing is recorded any more (`history.asked`): the same question has the same answer for
ever, until something is erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    null,
    or_,
    select,
    true,
)

from collector.store import bounds, days, searching
from collector.store import schema as t
from collector.store.batches import chunks
from collector.store.days import LastSeen, believed
from collector.store.records import RECORD_SLOT

PAGE = 2_000  # rows that are read at once
FEW = 250  # rows up to which their ids are listed: see `Span`
LOTS_KEPT = 10_000  # lots of which a reading remembers what they cost
_UNPACK = msgspec.json.Decoder(dict[str, str]).decode  # as `cells.unpacked`, five times as fast
WORST = ("critical", "warning", "ok", "unknown")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows. Empty: whatever it is. `schools`: None is the whole trust, `classes` likewise.

    `capitalised`: None, or whether a row counts as capitalised by `threshold` and lots (`grouped`); it leaves out what
    is leased, without cost, or disposed of by `day`. `search`: text that a cell contains.
    """

    schools: frozenset[str] | None = None
    device_class: str = ""
    life: str = ""
    search: str = ""
    classes: frozenset[str] | None = None
    capitalised: bool | None = None
    threshold: int = 0
    grouped: bool = True
    day: str = ""
    device_ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One device as it was known. `together`: pence of its lot; `condition`: its worst state, empty where none is told.

    `assignee` is read for those alone who may see it.
    """

    device_id: str
    cells: Mapping[str, str]
    seen: LastSeen | None = None
    together: int | None = None
    condition: str = ""
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """How many rows answer, how many of them have a cost, and pence of all."""

    devices: int
    priced: int
    cost: int


# ------------------------------------------------------------------------------------------------ reading


def entries(
    connection: Connection, trust_id: str, at: datetime, wanted: Wanted, *, assignees: bool = False, bare: bool = False
) -> Iterator[Entry]:
    """The rows that answer, by device id, read as they are taken. `bare`: without what is beside the cells and lots."""
    c = t.register.c
    query = _query(connection, trust_id, at, wanted, c.device_id, c.cells, c.lot).order_by(c.device_id).limit(PAGE)
    reading, after = _Reading(connection, trust_id, at, assignees=assignees, bare=bare), ""
    while rows := connection.execute(query.where(c.device_id > after)).all():
        after = rows[-1].device_id
        yield from reading.complete(_answering(rows, wanted))


def page(  # noqa: PLR0913 - what is asked for, by name
    connection: Connection, trust_id: str, at: datetime, wanted: Wanted, *, order: str = "", descending: bool = False,
    limit: int = 100, offset: int = 0, assignees: bool = False,
) -> tuple[Sums, list[Entry]]:  # fmt: skip
    """All rows that answer, counted, and some of them in an order of people: by a cell, empty ones last, then by id.

    One statement looks into each row once: to read 50,000 of them takes longer than to put them in order.
    """
    c = t.register.c
    cell: ColumnElement[Any] = _cell(connection, order) if order else null()
    chosen = _query(connection, trust_id, at, wanted, c.device_id, c.cost, cell.label("cell"))
    found = chosen.where(c.device_id > "").cte("found")  # which leads to the index that holds what they are chosen by
    total = select(
        func.count().label("devices"), func.count(found.c.cost).label("priced"),
        func.coalesce(func.sum(found.c.cost), 0).label("cost"),
    ).select_from(found).subquery("total")  # fmt: skip
    some = select(found).order_by(*_order(found.c, order, descending=descending)).limit(limit).offset(offset)
    here = some.subquery("here")
    row = (c.trust_id == trust_id) & (c.device_id == here.c.device_id) & believed(t.register, at)
    query = select(total, c.device_id, c.cells, c.lot).select_from(
        total.outerjoin(here, true()).outerjoin(t.register, row)
    )  # fmt: skip
    rows = connection.execute(query.order_by(*_order(here.c, order, descending=descending))).all()
    counted = Sums(*(int(number) for number in rows[0][:3]))
    reading = _Reading(connection, trust_id, at, assignees=assignees, bare=False)
    return counted, [*reading.complete(_answering([row for row in rows if row.device_id is not None], wanted))]


def _order(c: Any, order: str, *, descending: bool) -> list[ColumnElement[Any]]:
    """The order of what was found by a cell, which stands in a column `cell`."""
    if not order:
        return [c.device_id]
    key: ColumnElement[Any] = cast(c.cell, Integer) if order == "cost" else func.lower(c.cell)
    return [func.coalesce(c.cell, "") == "", key.desc() if descending else key, c.device_id]


def classes(connection: Connection, trust_id: str, at: datetime, wanted: Wanted) -> dict[str, int]:
    """How many rows there are of each class."""
    column = t.register.c["class"]
    chosen = _query(connection, trust_id, at, wanted, column, func.count()).group_by(column)
    return {row[0]: row[1] for row in connection.execute(chosen.order_by(column))}


def _query(
    connection: Connection, trust_id: str, at: datetime, wanted: Wanted, *shown: ColumnElement[Any]
) -> Select[Any]:
    c = t.register.c
    query = select(*shown).where(c.trust_id == trust_id, c["class"] != "", believed(t.register, at))
    query = query.where(bounds.within(c.school_id, wanted.schools))
    if wanted.device_class:
        query = query.where(c["class"] == wanted.device_class)
    if wanted.classes is not None:
        query = query.where(c["class"].in_(sorted(wanted.classes)))
    if wanted.device_ids is not None:
        query = query.where(c.device_id.in_(sorted(wanted.device_ids)))
    if wanted.life:
        written = json.dumps({"life": wanted.life}, ensure_ascii=False, separators=(",", ":"))[1:-1]
        query = query.where(c.cells.contains(written, autoescape=True))  # quotes within texts are escaped: exact
    if wanted.search:
        query = query.where(_found(connection, wanted.search))
    if wanted.capitalised is not None:
        query = query.where(_capitalised(trust_id, at, wanted))
    return query


def _capitalised(trust_id: str, at: datetime, wanted: Wanted) -> ColumnElement[bool]:
    """Whether a row counts as capitalised, by what it cost or by what its lot did; or whether it does not."""
    c, other = t.register.c, t.register.alias("other")
    large = c.cost >= wanted.threshold
    if wanted.grouped:
        lots = select(other.c.lot).where(other.c.trust_id == trust_id, other.c.lot != "", _stands(other, at))
        large |= c.lot.in_(lots.group_by(other.c.lot).having(func.sum(other.c.cost) >= wanted.threshold))
    here = or_(c.gone == "", c.gone > wanted.day) & (c.gone != "disposed")
    if wanted.capitalised:
        return here & c.cost.is_not(None) & large
    return here & or_(c.cost.is_(None), ~large)


def _stands(register: Any, at: datetime) -> ColumnElement[bool]:
    """`believed`, of another name for the table."""
    c = register.c
    return and_(c.recorded_from <= at, or_(c.recorded_to.is_(None), c.recorded_to > at))


def _cell(connection: Connection, name: str) -> ColumnElement[str]:
    """A cell as text; NULL where it is empty. Names are ours, never a caller's words."""
    if connection.dialect.name == "postgresql":
        return func.json_extract_path_text(cast(t.register.c.cells, JSON), name, type_=Text)
    return func.json_extract(t.register.c.cells, f"$.{name}", type_=Text)


def _found(connection: Connection, search: str) -> ColumnElement[bool]:
    """Rows whose JSON contains a text; names of cells are in it too, so rows are looked at again in `_answering`."""
    written = json.dumps(search, ensure_ascii=False)[1:-1]
    return searching.contains(connection, t.register.c.cells, written)


def _answering(rows: Collection[Row[Any]], wanted: Wanted) -> list[tuple[Row[Any], dict[str, str]]]:
    """Rows with their cells; of a search those where a cell, and not the name of one, contains the text."""
    read = [(row, _UNPACK(row.cells)) for row in rows]
    if not wanted.search:
        return read
    needle = wanted.search.casefold()
    return [(row, cells) for row, cells in read if any(needle in value.casefold() for value in cells.values())]


class _Reading:
    """Completes rows with what is beside their cells, as it was believed at the same time."""

    def __init__(
        self, connection: Connection, trust_id: str, at: datetime, *, assignees: bool, bare: bool
    ) -> None:  # fmt: skip
        self._asked = (connection, trust_id, at)
        self._assignees, self._bare = assignees, bare
        self._lots: dict[str, int] = {}

    def complete(self, rows: list[tuple[Row[Any], dict[str, str]]]) -> Iterator[Entry]:
        """The rows as entries."""
        if not rows:
            return
        connection, trust_id, at = self._asked
        ids = sorted(row.device_id for row, _ in rows)
        span = Span(ids[0], ids[-1], tuple(ids) if len(ids) <= FEW else ())
        self._learn({row.lot for row, _ in rows if row.lot})
        lots = self._lots.get
        if self._bare:
            yield from (Entry(row.device_id, cells, together=lots(row.lot)) for row, cells in rows)
            return
        held = _held(connection, trust_id, span, at)
        seen = _seen(connection, trust_id, held, span, at).get
        states = _conditions(connection, trust_id, span, at).get
        people = (_assigned(connection, trust_id, held, span, at) if self._assignees else dict[str, str]()).get
        for row, cells in rows:
            key = row.device_id
            yield Entry(key, cells, seen(key), lots(row.lot), states(key, ""), people(key, ""))

    def _learn(self, lots: set[str]) -> None:
        """Ask what lots cost, once, as one may go through many rows; all is forgotten before it takes much memory."""
        if len(self._lots) > LOTS_KEPT:
            self._lots.clear()
        self._lots |= _lots(*self._asked, lots - self._lots.keys())


@dataclass(frozen=True, slots=True)
class Span:
    """Devices from one id to another; of few, which may lie far apart, their ids: lists in statements cost time."""

    first: str
    last: str
    ids: tuple[str, ...] = ()

    def of(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that a column names one of them, or one that lies between."""
        return column.in_(self.ids) if self.ids else column.between(self.first, self.last)


def _lots(connection: Connection, trust_id: str, at: datetime, lots: Iterable[str]) -> dict[str, int]:
    """What everything of a lot cost, by lot, wherever in the trust it is."""
    c = t.register.c
    found: dict[str, int] = {}
    for chunk in chunks(sorted(lots)):
        mine = (c.trust_id == trust_id) & c.lot.in_(chunk) & believed(t.register, at)
        query = select(c.lot, func.sum(c.cost)).where(mine)
        found |= {lot: int(cost) for lot, cost in connection.execute(query.group_by(c.lot))}
    return found


# device, claim, told of, method, slot, agent (None: of a record), days of this month, days of the month before
Held = tuple[str, int, bool, str, str, str | None, int | None, int | None]


def _held(connection: Connection, trust_id: str, span: Span, at: datetime) -> list[Held]:
    """The claims of devices as believed at a time, those of records among them, with the days they were seen on."""
    h, c, lane = t.holders.c, t.claims.c, t.lanes.c
    claim = (c.trust_id == h.trust_id) & (c.claim_id == h.claim_id)
    of = (lane.trust_id == c.trust_id) & (lane.lane_id == c.lane_id)
    joined = t.holders.join(t.claims, claim).outerjoin(t.lanes, of)
    days_of = []
    for last in _months(days.last_over(at)):
        month = t.presence.alias()
        same = (month.c.trust_id == h.trust_id) & (month.c.claim_id == h.claim_id)
        joined = joined.outerjoin(month, same & (month.c.month == last.year * 100 + last.month))
        days_of.append(month.c.days)
    query = select(h.device_id, h.claim_id, c.told_of, c.method, c.slot, lane.agent_id, *days_of).select_from(joined)
    mine = query.where(h.trust_id == trust_id, span.of(h.device_id), believed(t.holders, at))
    return [tuple(row) for row in connection.execute(mine).all()]


def _months(until: date) -> tuple[date, date]:
    """A day, and the last one of the month before."""
    return until, until.replace(day=1) - timedelta(days=1)


def _seen(connection: Connection, trust_id: str, held: list[Held], span: Span, at: datetime) -> dict[str, LastSeen]:
    """When, by whom and how devices were seen last by then: as `days.last_seen`, for many that lie side by side."""
    until = days.last_over(at)
    last = _lately(held, until)
    longer = [claim_id for _, claim_id, _, _, _, agent, _, _ in held if agent is not None and claim_id not in last]
    if longer:
        last |= days.last_until(connection, trust_id, longer, until, at)
    for claim_id, day in _late(connection, trust_id, span, at, until):
        last[claim_id] = max(day, last.get(claim_id, day))
    best: dict[str, tuple[tuple[bool, date, int], LastSeen]] = {}
    for device_id, claim_id, told_of, method, _, agent, _, _ in held:
        if agent is None or claim_id not in last:
            continue
        day = last[claim_id]
        rank = (not told_of, day, -claim_id)
        if device_id not in best or rank > best[device_id][0]:
            best[device_id] = (rank, LastSeen(day, agent, method))
    return {device_id: seen for device_id, (_, seen) in best.items()}


def _lately(held: list[Held], until: date) -> dict[int, date]:
    """The last day in this month, or else in the one before, on which each claim was seen."""
    this, before = _months(until)
    over = (1 << until.day) - 1
    found: dict[int, date] = {}
    for _, claim_id, _, _, _, _, bits, earlier in held:
        if bits and (day := (bits & over).bit_length()):
            found[claim_id] = this.replace(day=day)
        elif earlier:
            found[claim_id] = before.replace(day=earlier.bit_length())
    return found


def _late(
    connection: Connection, trust_id: str, span: Span, at: datetime, until: date
) -> Iterable[tuple[int, date]]:  # fmt: skip
    """The last day on which claims were seen of those that came late, as far as they were known."""
    h, late = t.holders.c, t.late_days.c
    query = select(late.claim_id, func.max(late.day)).select_from(t.holders).join(
        t.late_days, (late.trust_id == h.trust_id) & (late.claim_id == h.claim_id)
    ).where(late.day <= until, late.recorded_from <= at)  # fmt: skip
    mine = query.where(h.trust_id == trust_id, span.of(h.device_id), believed(t.holders, at))
    return [(row[0], row[1]) for row in connection.execute(mine.group_by(late.claim_id))]


def _conditions(connection: Connection, trust_id: str, span: Span, at: datetime) -> dict[str, str]:
    """The worst state of each device as it was believed at a time; those of which none is told are left out."""
    c = t.condition_changes.c
    rank = func.min(case({state: place for place, state in enumerate(WORST)}, value=c.state))
    mine = (c.trust_id == trust_id) & span.of(c.device_id) & (c.component == "") & c.observed_to.is_(None)
    query = select(c.device_id, rank).where(mine, believed(t.condition_changes, at)).group_by(c.device_id)
    return {device_id: WORST[place] for device_id, place in connection.execute(query)}


def _assigned(connection: Connection, trust_id: str, held: list[Held], span: Span, at: datetime) -> dict[str, str]:
    """Whom devices were assigned to by their records, as it was believed at a time; of several the oldest says it.

    A record is of the device that held its claim then; one that claims nothing of the device on which it was entered.
    """
    d, r, f = t.devices.c, t.records.c, t.record_fields.c
    of = {slot.removeprefix(RECORD_SLOT): device_id for device_id, _, _, _, slot, agent, _, _ in held if agent is None}
    aliases = select(d.device_id, d.alias_of).where(d.trust_id == trust_id, span.of(d.alias_of))
    other = {row[0]: row[1] for row in connection.execute(aliases)}
    mine = (f.trust_id == r.trust_id) & (f.record_id == r.record_id) & (f.field == "assignee") & f.observed_to.is_(None)
    value = select(f.value).where(mine, believed(t.record_fields, at)).limit(1).scalar_subquery()
    query = select(r.record_id, r.device_id, value.label("value")).where(r.trust_id == trust_id)
    said = query.order_by(r.created.desc(), r.record_id.desc())
    rows = [row for row in connection.execute(said.where(span.of(r.device_id))) if row.value]
    entered = {row.record_id for row in rows}
    for chunk in chunks(other):
        rows = [*connection.execute(said.where(r.device_id.in_(chunk))), *rows]
    for chunk in chunks(key for key in of if key not in entered):
        rows = [*connection.execute(said.where(r.record_id.in_(chunk))), *rows]
    return {
        of.get(record_id) or other.get(device_id, device_id): str(json.loads(value))
        for record_id, device_id, value in rows
        if value
    }
