"""Rows of identity: claims, who holds them, what people said, and what is asked. It decides nothing: see `identity`.

`claimed` and `claims.device_id` are kept for speed; `holders` and `decisions` are the history.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from collector.facts import Identifier, IdentifierKind
from collector.resolve import Claim, Span, Word
from collector.resolve.claims import ANY_MAKER
from collector.resolve.partition import MOST
from collector.store import ids, words
from collector.store.batches import OF_TRUST, chunks, insert_numbered
from collector.store.schema import (
    ages,
    claimed,
    claims,
    decisions,
    devices,
    facts,
    holders,
    identifiers,
    meetings,
)

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A claim that is not kept yet. `slot` tells the claims of one lane apart."""

    lane_id: int
    slot: str
    site_id: str
    method: str
    told_of: bool
    identifiers: frozenset[Identifier]
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A claim of a lane as it is kept. `retired`: today's rules do not read it any more."""

    claim_id: int
    device_id: str
    by_time: bool
    span: Span
    retired: bool


def slot(said: Collection[Identifier], place: str = "") -> str:
    """What tells the claims of a lane apart: what they say, or for those that say nothing the place they are about."""
    if not said:
        return f"at:{place}"[:64]
    marks = sorted((item.kind.name, item.value) for item in said)
    return hashlib.sha256(json.dumps(marks).encode()).hexdigest()[:32]


# ------------------------------------------------------------------------------------------------ reading


def of_lane(
    connection: Connection, trust_id: str, lane_id: int, slots: Collection[str] | None = None
) -> dict[str, Kept]:
    """The claims of a lane, by slot; some of them alone, where slots are named."""
    named = [_OF_LANE.where(claims.c.slot.in_(chunk)) for chunk in chunks(sorted(slots or ()))]
    return {
        row.slot: Kept(
            row.claim_id, row.device_id, row.settled_by_time, Span(row.first_observed, row.last_observed),
            row.recorded_to is not None,
        )
        for each in (named if slots is not None else [_OF_LANE])
        for row in connection.execute(each, {"of_trust": trust_id, "lane": lane_id})
    }  # fmt: skip


_OF_LANE = select(
    claims.c.slot, claims.c.claim_id, claims.c.device_id, claims.c.settled_by_time, claims.c.first_observed,
    claims.c.last_observed, claims.c.recorded_to,
).where(claims.c.trust_id == OF_TRUST, claims.c.lane_id == bindparam("lane"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Around:
    """Claims that may be of one device, directly or through others; `hubs`: values that far too many claim."""

    claims: tuple[Claim, ...]
    hubs: frozenset[Identifier]
    words: tuple[Word, ...]


def around(connection: Connection, trust_id: str, claim_ids: Iterable[int], seeds: Iterable[Identifier] = ()) -> Around:
    """All claims that hang together with some claims or values: by what they say, or by what people said of them."""
    said = words.spoken(connection, trust_id)
    found: dict[int, Claim] = {}
    looked: set[Identifier] = set()
    hubs: set[Identifier] = set()
    wanted, sought = set(claim_ids), set(_with_open_makers(seeds))
    while wanted or sought:
        ids_of, crowded = _bearers(connection, trust_id, sought)
        looked |= sought
        hubs |= crowded
        fresh = _load(connection, trust_id, (wanted | ids_of) - found.keys())
        found |= fresh
        lanes = _lanes_beside(said, fresh.values())
        wanted = _of_lanes(connection, trust_id, lanes) - found.keys()
        marks = {item for claim in fresh.values() for item in claim.identifiers}
        beside = {mark for word in said if _touches(word, fresh.values()) for mark in _identifiers(word)}
        sought = set(_with_open_makers(marks | beside)) - looked
    return Around(tuple(found.values()), frozenset(hubs), tuple(said))


def _with_open_makers(items: Iterable[Identifier]) -> Iterable[Identifier]:
    """With every serial the one that a record may name without its maker."""
    for item in items:
        yield item
        maker, _, bare = item.value.partition(":")
        if item.kind is IdentifierKind.SERIAL and maker != "?":
            yield Identifier(IdentifierKind.SERIAL, ANY_MAKER + bare)


FEW = 2_000  # rows that are read without counting first what each value has


def _bearers(connection: Connection, trust_id: str, items: Collection[Identifier]) -> tuple[set[int], set[Identifier]]:
    """The claims that bear values, and the values that more bear than any device has lanes."""
    found: set[int] = set()
    hubs: set[Identifier] = set()
    for chunk in chunks(sorted(items, key=lambda item: (item.kind, item.value))):
        named = {(item.kind.name, item.value): item for item in chunk}
        rows = connection.execute(_bearing(trust_id, list(named)).limit(FEW)).all()
        if len(rows) == FEW:
            hubs |= {named[key] for key in _crowded(connection, trust_id, list(named))}
            rest = [key for key, item in named.items() if item not in hubs]
            rows = connection.execute(_bearing(trust_id, rest)).all()
        counts = Counter((row.kind, row.value) for row in rows)
        hubs |= {named[key] for key, count in counts.items() if count > MOST}
        found |= {row.claim_id for row in rows if named[row.kind, row.value] not in hubs}
    return found, hubs


def _bearing(trust_id: str, keys: Sequence[tuple[str, str]]) -> Select[Any]:
    where = (claimed.c.trust_id == trust_id) & tuple_(claimed.c.kind, claimed.c.value).in_(keys)
    return select(claimed.c.kind, claimed.c.value, claimed.c.claim_id).where(where)


def _crowded(connection: Connection, trust_id: str, keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    where = (claimed.c.trust_id == trust_id) & tuple_(claimed.c.kind, claimed.c.value).in_(keys)
    count = select(claimed.c.kind, claimed.c.value).where(where).group_by(claimed.c.kind, claimed.c.value)
    return [(row.kind, row.value) for row in connection.execute(count.having(func.count() > MOST))]


def _load(connection: Connection, trust_id: str, claim_ids: Iterable[int]) -> dict[int, Claim]:
    found: dict[int, Claim] = {}
    for chunk in chunks(sorted(claim_ids)):
        where = (claims.c.trust_id == trust_id) & claims.c.claim_id.in_(chunk) & claims.c.recorded_to.is_(None)
        found |= {row.claim_id: claim_of(row) for row in connection.execute(select(claims).where(where))}
    return found


def load(connection: Connection, trust_id: str, claim_ids: Iterable[int]) -> list[Claim]:
    """Some claims by their numbers; those that are retired are left out."""
    return list(_load(connection, trust_id, claim_ids).values())


def of_device(connection: Connection, trust_id: str, device_id: str) -> list[Claim]:
    """The claims that a device holds, the first first."""
    where = (claims.c.trust_id == trust_id) & (claims.c.device_id == device_id) & claims.c.recorded_to.is_(None)
    rows = connection.execute(select(claims).where(where).order_by(claims.c.first_observed, claims.c.claim_id))
    return [claim_of(row) for row in rows]


def claim_of(row: Row[Any]) -> Claim:
    """A row as resolve takes it."""
    marks = frozenset(Identifier(IdentifierKind[kind], value) for kind, value in json.loads(row.identifiers))
    return Claim(
        row.claim_id, row.lane_id, row.site_id, row.method, row.told_of, marks, row.first_observed, row.last_observed,
        row.device_id,
    )  # fmt: skip


def ranks(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, tuple[datetime, str]]:
    """How old devices are in the register."""
    found: dict[str, tuple[datetime, str]] = {}
    for chunk in chunks(sorted(device_ids)):
        query = select(devices.c.device_id, devices.c.created).where(
            devices.c.trust_id == trust_id, devices.c.device_id.in_(chunk)
        )
        found |= {row.device_id: (row.created, row.device_id) for row in connection.execute(query)}
    return found


def formerly(connection: Connection, trust_id: str, claim_ids: Iterable[int]) -> dict[int, list[str]]:
    """The devices that claims were of once and that are aliases now."""
    found: dict[int, list[str]] = {}
    for chunk in chunks(sorted(claim_ids)):
        query = (
            select(holders.c.claim_id, holders.c.device_id)
            .join(devices, (devices.c.trust_id == holders.c.trust_id) & (devices.c.device_id == holders.c.device_id))
            .where(holders.c.trust_id == trust_id, holders.c.claim_id.in_(chunk), devices.c.alias_of.is_not(None))
        )
        for row in connection.execute(query.distinct()):
            found.setdefault(row.claim_id, []).append(row.device_id)
    return found


# ------------------------------------------------------------------------------------------------ writing


def add(connection: Connection, trust_id: str, fresh: Sequence[Fresh], now: datetime) -> list[int]:
    """Keep claims that are of no device yet; their numbers, in order."""
    if not fresh:
        return []
    first = ids.take(connection, trust_id, "claim", len(fresh))
    numbers = list(range(first, first + len(fresh)))
    base = {"trust_id": trust_id, "device_id": "", "settled_by_time": False, "recorded_from": now}
    rows, marks = [], []
    for number, one in zip(numbers, fresh, strict=True):
        said = sorted((item.kind.name, item.value) for item in one.identifiers)
        rows.append(
            base | {"claim_id": number, "lane_id": one.lane_id, "slot": one.slot, "site_id": one.site_id,
                    "method": one.method, "told_of": one.told_of, "identifiers": json.dumps(said),
                    "first_observed": one.first, "last_observed": one.last}
        )  # fmt: skip
        marks += [{"trust_id": trust_id, "claim_id": number, "kind": kind, "value": value} for kind, value in said]
    connection.execute(insert(claims), rows)
    if marks:
        connection.execute(insert(claimed), marks)
    return numbers


def widen(connection: Connection, trust_id: str, spans: Mapping[int, Span]) -> None:
    """Claims were observed from then to then; those that were retired are believed again."""
    rows = [
        {"of_trust": trust_id, "id": claim_id, "first": span.first, "last": span.last}
        for claim_id, span in spans.items()
    ]
    if rows:
        connection.execute(_WIDEN, rows)


_WIDEN = (
    update(claims)
    .where(claims.c.trust_id == OF_TRUST, claims.c.claim_id == bindparam("id"))
    .values(first_observed=bindparam("first"), last_observed=bindparam("last"), recorded_to=None)
)


def restate(
    connection: Connection, trust_id: str, claim_id: int, said: Collection[Identifier], site_id: str = ""
) -> None:
    """What a claim says is something else now (a record was changed, an erase took a value)."""
    marks = sorted((item.kind.name, item.value) for item in said)
    one = (claims.c.trust_id == trust_id) & (claims.c.claim_id == claim_id)
    values = {"identifiers": json.dumps(marks)} | ({"site_id": site_id} if site_id else {})
    connection.execute(update(claims).where(one).values(values))
    connection.execute(delete(claimed).where(claimed.c.trust_id == trust_id, claimed.c.claim_id == claim_id))
    rows = [{"trust_id": trust_id, "claim_id": claim_id, "kind": kind, "value": value} for kind, value in marks]
    if rows:
        connection.execute(insert(claimed), rows)


def retire(connection: Connection, trust_id: str, claim_ids: Iterable[int], now: datetime) -> None:
    """Claims that today's rules do not read in the evidence any more."""
    for chunk in chunks(sorted(claim_ids)):
        where = (claims.c.trust_id == trust_id) & claims.c.claim_id.in_(chunk) & claims.c.recorded_to.is_(None)
        connection.execute(update(claims).where(where).values(recorded_to=now))
        connection.execute(delete(claimed).where(claimed.c.trust_id == trust_id, claimed.c.claim_id.in_(chunk)))


def inherit(connection: Connection, trust_id: str, heirs: Mapping[int, int], now: datetime) -> None:
    """Claims that are read otherwise today pass on their device, and what was believed on their word."""
    of = {claim.claim_id: claim.device_id for claim in load(connection, trust_id, heirs)}
    for claim_id, heir in sorted(heirs.items()):
        give(connection, trust_id, [heir], of[claim_id], now)
        for table in (facts, identifiers):
            mine = (table.c.trust_id == trust_id) & (table.c.claim_id == claim_id)
            connection.execute(update(table).where(mine).values(claim_id=heir))


def unretire(connection: Connection, trust_id: str, said: Mapping[int, Collection[Identifier]]) -> None:
    """Claims that are read in the evidence again can be found again."""
    rows = [
        {"trust_id": trust_id, "claim_id": claim_id, "kind": item.kind.name, "value": item.value}
        for claim_id, marks in said.items()
        for item in sorted(marks, key=lambda item: (item.kind, item.value))
    ]
    if rows:
        connection.execute(insert(claimed), rows)


def flag(connection: Connection, trust_id: str, by_time: Mapping[int, bool]) -> None:
    """Mark the claims whose device may change by what is observed later."""
    for flagged in (True, False):
        for chunk in chunks(sorted(claim_id for claim_id, said in by_time.items() if said is flagged)):
            where = (claims.c.trust_id == trust_id) & claims.c.claim_id.in_(chunk)
            other = where & (claims.c.settled_by_time != flagged)
            connection.execute(update(claims).where(other).values(settled_by_time=flagged))


def hold(connection: Connection, trust_id: str, claim_ids: Collection[int], device_id: str, now: datetime) -> None:
    """Give claims that nobody held to a device."""
    for chunk in chunks(sorted(claim_ids)):
        mine = (claims.c.trust_id == trust_id) & claims.c.claim_id.in_(chunk)
        connection.execute(update(claims).where(mine).values(device_id=device_id))
        base = {"trust_id": trust_id, "device_id": device_id, "recorded_from": now}
        connection.execute(insert(holders), [base | {"claim_id": claim_id} for claim_id in chunk])


def give(connection: Connection, trust_id: str, claim_ids: Collection[int], device_id: str, now: datetime) -> None:
    """Give claims to a device, with all that is believed on their word; what was believed before stays history."""
    for chunk in chunks(sorted(claim_ids)):
        mine = (claims.c.trust_id == trust_id) & claims.c.claim_id.in_(chunk)
        connection.execute(update(claims).where(mine).values(device_id=device_id))
        held = (holders.c.trust_id == trust_id) & holders.c.claim_id.in_(chunk) & holders.c.recorded_to.is_(None)
        latest = connection.execute(select(func.max(holders.c.recorded_from)).where(held)).scalar()
        at = now if latest is None or latest < now else latest + TICK  # two holders never begin in one instant
        connection.execute(update(holders).where(held).values(recorded_to=at))
        base = {"trust_id": trust_id, "device_id": device_id, "recorded_from": at}
        connection.execute(insert(holders), [base | {"claim_id": claim_id} for claim_id in chunk])
        for table, number in ((facts, "fact"), (identifiers, "identifier")):
            _readdress(connection, trust_id, (table, number), chunk, device_id, now)
        met = (meetings.c.trust_id == trust_id) & meetings.c.claim_id.in_(chunk)
        connection.execute(update(meetings).where(met).values(device_id=device_id))


def _readdress(
    connection: Connection, trust_id: str, numbered: tuple[Table, str], claim_ids: list[int], device_id: str,
    now: datetime,
) -> None:  # fmt: skip
    table, number = numbered
    believed = (table.c.trust_id == trust_id) & table.c.claim_id.in_(claim_ids) & table.c.recorded_to.is_(None)
    other = believed & (table.c.device_id != device_id)
    rows = [dict(row) for row in connection.execute(select(table).where(other)).mappings()]
    connection.execute(update(table).where(other).values(recorded_to=now))
    moved = [row | {"device_id": device_id, "recorded_from": now} for row in rows]
    insert_numbered(connection, trust_id, table, number, moved)


def alias(connection: Connection, trust_id: str, device_id: str, survivor: str | None, now: datetime) -> None:
    """A device is another one from now on (or, with None, one of its own again).

    One that is its own alias was withdrawn: its id leads nowhere, and nothing lists it.
    """
    mine = (devices.c.trust_id == trust_id) & (devices.c.device_id == device_id)
    if survivor is None:
        connection.execute(update(devices).where(mine).values(alias_of=None))
        return
    theirs = (devices.c.trust_id == trust_id) & (devices.c.alias_of == device_id)
    connection.execute(update(devices).where(mine | theirs).values(alias_of=survivor))
    aged = (ages.c.trust_id == trust_id) & (ages.c.device_id == device_id) & ages.c.recorded_to.is_(None)
    connection.execute(update(ages).where(aged).values(recorded_to=now))  # the survivor's is reckoned anew


def explain(connection: Connection, trust_id: str, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Keep why devices are what they are: verdict, device_id, other_device_id, lane_id, reason, claims."""
    base = {"trust_id": trust_id, "recorded_from": now}
    written = [base | dict(row) | {"claims": json.dumps(sorted(row["claims"]))} for row in rows]
    insert_numbered(connection, trust_id, decisions, "decision", written)


@dataclass(frozen=True, slots=True)
class Decided:
    """A merge or split that was decided: the claims that changed from `other` to `device_id` (merge) or from it."""

    verdict: str
    device_id: str
    other: str
    claims: tuple[int, ...]


def decision(connection: Connection, trust_id: str, decision_id: int) -> Decided | None:
    """One decision, or None."""
    query = select(decisions).where(decisions.c.trust_id == trust_id, decisions.c.decision_id == decision_id)
    row = connection.execute(query).first()
    if row is None:
        return None
    return Decided(row.verdict, row.device_id, row.other_device_id or "", tuple(json.loads(row.claims)))


def _identifiers(word: Word) -> Iterable[Identifier]:
    return (mark for mark in word.side_a | word.side_b if isinstance(mark, Identifier))


def _touches(word: Word, found: Iterable[Claim]) -> bool:
    marks = word.side_a | word.side_b
    return any(claim.identifiers & marks or claim.lane in marks for claim in found)


def _lanes_beside(said: Iterable[Word], found: Collection[Claim]) -> set[int]:
    """Lanes that words name together with what was found."""
    return {
        mark for word in said if _touches(word, found) for mark in word.side_a | word.side_b if isinstance(mark, int)
    }


def _of_lanes(connection: Connection, trust_id: str, lanes: Collection[int]) -> set[int]:
    if not lanes:
        return set()
    where: list[ColumnElement[bool]] = [claims.c.trust_id == trust_id, claims.c.recorded_to.is_(None)]
    query = select(claims.c.claim_id).where(*where, or_(*(claims.c.lane_id == lane for lane in sorted(lanes))))
    return set(connection.execute(query).scalars())
