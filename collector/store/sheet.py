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
from typing import Any, cast

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, case, func, null, or_, select, true, union_all

from collector.store import bounds, days, searching
from collector.store import schema as t
from collector.store.batches import chunks
from collector.store.days import LastSeen, believed
from collector.store.records import RECORD_SLOT

PAGE = 2_000  # rows that are read at once
FEW = 250  # rows up to which their ids are listed: see `Span`
_UNPACK = msgspec.json.Decoder(dict[str, str]).decode  # as `cells.unpacked`, five times as fast
_TOLD = msgspec.json.Decoder().decode
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
    shown = (c.device_id, c.cells, c.lot)
    query = _query(connection, trust_id, at, wanted, believed(t.register, at), *shown).order_by(c.device_id).limit(PAGE)
    reading, after = _Reading(connection, trust_id, at, assignees=assignees, bare=bare, whole=True), ""
    while rows := connection.execute(query.where(c.device_id > after)).all():
        after = rows[-1].device_id
        yield from reading.complete(_answering(rows, wanted))


def page(  # noqa: PLR0913 - what is asked for, by name
    connection: Connection, trust_id: str, at: datetime, wanted: Wanted, *, order: str = "", descending: bool = False,
    limit: int = 100, offset: int = 0, assignees: bool = False,
) -> tuple[Sums, list[Entry]]:  # fmt: skip
    """All rows that answer, counted, and some of them in an order of people: by a cell, empty ones last, then by id.

    `order`: a column of the register, or what it repeats as `by_…`. One statement, so that both are of one moment.
    """
    c = t.register.c
    key: ColumnElement[Any] = c[order if order in c else f"by_{order}"] if order else null()
    shown = (c.device_id, c.cost, key.label("key"))
    found = union_all(*(_query(connection, trust_id, at, wanted, part, *shown) for part in _parts(at))).cte("found")
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
    here_are = [row[3:] for row in rows if row.device_id is not None]
    return counted, [*reading.complete(_answering(here_are, wanted))]


def school_names(connection: Connection, trust_id: str, at: datetime) -> dict[str, str]:
    """What the schools with devices in the register were called in it, by id: as one row of each says."""
    c = t.register.c
    mine = (c.trust_id == trust_id) & (c["class"] != "")
    one = [connection.execute(select(c.school_id, func.min(c.device_id)).where(mine, part).group_by(c.school_id)).all()
           for part in _parts(at)]  # fmt: skip
    ids = frozenset(device_id for rows in one for _, device_id in rows)
    found = entries(connection, trust_id, at, Wanted(device_ids=ids), bare=True)
    return {entry.cells.get("school_id", ""): entry.cells.get("school", "") for entry in found}


def _order(c: Any, order: str, *, descending: bool) -> list[ColumnElement[Any]]:
    """The order of what was found by what stands in a column `key`."""
    if not order:
        return [c.device_id]
    empty = c.key.is_(None) if order == "cost" else c.key == ""
    return [empty, c.key.desc() if descending else c.key, c.device_id]


def _parts(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """`believed` as what still stands, and what stood then and ended: an index finds each of them, not either."""
    c = t.register.c
    since = c.recorded_from <= at
    return since & c.recorded_to.is_(None), since & (c.recorded_to > at)


def _query(
    connection: Connection, trust_id: str, at: datetime, wanted: Wanted, stood: ColumnElement[bool],
    *shown: ColumnElement[Any],
) -> Select[Any]:  # fmt: skip
    c = t.register.c
    query = select(*shown).where(c.trust_id == trust_id, c["class"] != "", stood)
    query = query.where(bounds.within(c.school_id, wanted.schools))
    if wanted.device_class:
        query = query.where(c["class"] == wanted.device_class)
    if wanted.classes is not None:
        query = query.where(c["class"].in_(sorted(wanted.classes)))
    if wanted.device_ids is not None:
        query = query.where(c.device_id.in_(sorted(wanted.device_ids)))
    if wanted.life:
        query = query.where(c.life == wanted.life)
    if wanted.search:
        query = query.where(_found(connection, wanted.search))
    if wanted.capitalised is not None:
        query = query.where(_capitalised(trust_id, at, wanted))
    return query


def _capitalised(trust_id: str, at: datetime, wanted: Wanted) -> ColumnElement[bool]:
    """Whether a row counts as capitalised, by what it cost or by what its lot did; or whether it does not."""
    c = t.register.c
    large = c.cost >= wanted.threshold
    if wanted.grouped:
        bought = union_all(*(select(c.lot, c.cost).where(c.trust_id == trust_id, c.lot != "", part)
                             for part in _parts(at))).subquery("bought")  # fmt: skip
        lots = select(bought.c.lot).group_by(bought.c.lot).having(func.sum(bought.c.cost) >= wanted.threshold)
        large |= c.lot.in_(lots)
    here = or_(c.gone == "", c.gone > wanted.day) & (c.gone != "disposed")
    if wanted.capitalised:
        return here & c.cost.is_not(None) & large
    return here & or_(c.cost.is_(None), ~large)


def _found(connection: Connection, search: str) -> ColumnElement[bool]:
    """Rows whose JSON contains a text; names of cells are in it too, so rows are looked at again in `_answering`."""
    written = json.dumps(search, ensure_ascii=False)[1:-1]
    return searching.contains(connection, t.register.c.cells, written)


Found = tuple[str, str, str]  # device, cells as they are kept, lot


def _answering(rows: Iterable[Any], wanted: Wanted) -> list[Found]:
    """All rows; of a search those where a cell, and not the name of one, contains the text."""
    needle = wanted.search.casefold()
    return [row for row in rows if not needle or any(needle in value.casefold() for value in _UNPACK(row[1]).values())]


class _Reading:
    """Completes rows with what is beside their cells, as it was believed at the same time.

    `whole`: all that answers is read, page after page; then what lots cost is added up once for all of them.
    """

    def __init__(
        self, connection: Connection, trust_id: str, at: datetime, *, assignees: bool, bare: bool, whole: bool = False
    ) -> None:
        self._asked = (connection, trust_id, at)
        self._assignees, self._bare = assignees, bare
        self._lots = _lots(connection, trust_id, at) if whole else None

    def complete(self, rows: list[Found]) -> Iterator[Entry]:
        """The rows as entries; cells are unpacked as they are taken: those of a whole page are in no cache."""
        if not rows:
            return
        connection, trust_id, at = self._asked
        ids = sorted([key for key, _, _ in rows])
        span = Span(ids[0], ids[-1], tuple(ids) if len(ids) <= FEW else ())
        lots = (_lots(connection, trust_id, at, {lot for _, _, lot in rows}) if self._lots is None else self._lots).get
        if self._bare:
            yield from (Entry(key, _UNPACK(cells), together=lots(lot)) for key, cells, lot in rows)
            return
        held = _held(connection, trust_id, span, at)
        seen = _seen(connection, trust_id, held, span, at).get
        states = _conditions(connection, trust_id, span, at).get
        people = (_assigned(connection, trust_id, held, span, at) if self._assignees else dict[str, str]()).get
        for key, cells, lot in rows:
            yield Entry(key, _UNPACK(cells), seen(key), lots(lot), states(key, ""), people(key, ""))


@dataclass(frozen=True, slots=True)
class Span:
    """Devices from one id to another; of few, which may lie far apart, their ids: lists in statements cost time."""

    first: str
    last: str
    ids: tuple[str, ...] = ()

    def of(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that a column names one of them, or one that lies between."""
        return column.in_(self.ids) if self.ids else column.between(self.first, self.last)


def _lots(connection: Connection, trust_id: str, at: datetime, some: Collection[str] | None = None) -> dict[str, int]:
    """What everything of each lot cost, wherever in the trust it is; `some`: of these lots alone."""
    c = t.register.c
    mine = (c.trust_id == trust_id) & (c.lot != "") & c.cost.is_not(None) & believed(t.register, at)
    query = select(c.lot, func.sum(c.cost)).where(mine).group_by(c.lot)
    asked = [query] if some is None else [query.where(c.lot.in_(chunk)) for chunk in chunks(some)]
    return {lot: int(cost) for each in asked for lot, cost in connection.execute(each).all()}


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
    return cast("list[Held]", connection.execute(mine).all())  # rows are tuples


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
    return [(claim_id, day) for claim_id, day in connection.execute(mine.group_by(late.claim_id)).all()]


def _conditions(connection: Connection, trust_id: str, span: Span, at: datetime) -> dict[str, str]:
    """The worst state of each device as it was believed at a time; those of which none is told are left out."""
    c = t.condition_changes.c
    rank = func.min(case({state: place for place, state in enumerate(WORST)}, value=c.state))
    mine = (c.trust_id == trust_id) & span.of(c.device_id) & (c.component == "") & c.observed_to.is_(None)
    query = select(c.device_id, rank).where(mine, believed(t.condition_changes, at)).group_by(c.device_id)
    return {device_id: WORST[place] for device_id, place in connection.execute(query).all()}


def _assigned(connection: Connection, trust_id: str, held: list[Held], span: Span, at: datetime) -> dict[str, str]:
    """Whom devices were assigned to by their records, as it was believed at a time; of several the oldest says it.

    A record is of the device that held its claim then; one that claims nothing of the device on which it was entered.
    """
    d, r, f = t.devices.c, t.records.c, t.record_fields.c
    of = {slot.removeprefix(RECORD_SLOT): device_id for device_id, _, _, _, slot, agent, _, _ in held if agent is None}
    aliases = select(d.device_id, d.alias_of).where(d.trust_id == trust_id, span.of(d.alias_of))
    other = {row[0]: row[1] for row in connection.execute(aliases)}
    mine = (f.trust_id == r.trust_id) & (f.record_id == r.record_id) & (f.field == "assignee") & f.observed_to.is_(None)
    of_it = mine & believed(
        t.record_fields, at
    )  # an outer join, so that few records are not looked for among all fields
    query = select(r.record_id, r.device_id, f.value).outerjoin(t.record_fields, of_it)
    said = query.where(r.trust_id == trust_id).order_by(r.created.desc(), r.record_id.desc())
    rows = connection.execute(said.where(span.of(r.device_id))).all()
    entered = {record_id for record_id, _, _ in rows}
    for chunk in chunks(other):
        rows = [*connection.execute(said.where(r.device_id.in_(chunk))), *rows]
    for chunk in chunks(key for key in of if key not in entered):
        rows = [*connection.execute(said.where(r.record_id.in_(chunk))), *rows]
    return {
        of.get(record_id) or other.get(device_id, device_id): str(_TOLD(value))
        for record_id, device_id, value in rows if value is not None
    }  # fmt: skip
