"""Rows of comparison: schools of England as GIAS has them, alike devices by school, and what is exchanged."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from collector.benchmark.measures import Lot
from collector.benchmark.similar import School
from collector.benchmark.suppress import Key, Left, Sums
from collector.store import bounds
from collector.store import schema as t
from collector.store.batches import chunks

#: states of residency of what is no kit of the school any more
GONE = ("retired", "disposed")
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class GiasFile:
    """A file of GIAS that was brought."""

    brought: datetime
    brought_by: str
    schools: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Consent:
    """The owner consented to give the trust's sums to others, as `member`. `secret`: by which the trust leaves."""

    member: str
    secret: str = field(repr=False)
    name: str
    note: str
    given: datetime
    given_by: str


@dataclass(frozen=True, slots=True)
class Brought:
    """Another trust's file. `left`: when it left, and `content` is empty; `invited`: what it is called here."""

    member: str
    invited: str
    issued: date
    content: str = field(repr=False)
    brought: datetime
    brought_by: str
    left: datetime | None = None


# ------------------------------------------------------------------------------------------------ GIAS


def replace_gias(connection: Connection, trust_id: str, schools: Iterable[School], about: GiasFile) -> None:
    """Keep the schools of a file in place of those that were brought before."""
    for table in (t.gias_schools, t.gias_files):
        connection.execute(delete(table).where(table.c.trust_id == trust_id))
    found = iter(schools)
    while several := list(itertools.islice(found, _ROWS_AT_ONCE)):
        rows = [
            {
                "trust_id": trust_id, "urn": one.urn, "name": one.name, "phase_group": one.group, "region": one.region,
                "boards": one.boards, "pupils": one.figures.get("pupils"), "figures": json.dumps(dict(one.figures)),
            }
            for one in several
        ]  # fmt: skip
        connection.execute(insert(t.gias_schools), rows)
    connection.execute(insert(t.gias_files).values(trust_id=trust_id, **dataclasses.asdict(about)))


def gias_file(connection: Connection, trust_id: str) -> GiasFile | None:
    """The file that was brought last."""
    c = t.gias_files.c
    query = select(c.brought, c.brought_by, c.schools, c.sha256).where(c.trust_id == trust_id)
    row = connection.execute(query).first()
    return GiasFile(*row) if row else None


def gias_group(connection: Connection, trust_id: str, group: str) -> list[School]:
    """Every school of a phase group, by URN."""
    c = t.gias_schools.c
    rows = connection.execute(select(t.gias_schools).where(c.trust_id == trust_id, c.phase_group == group))
    return sorted((_school(row) for row in rows), key=lambda one: one.urn)


def gias_schools(connection: Connection, trust_id: str, urns: Iterable[str]) -> dict[str, School]:
    """Some schools by URN; those that GIAS has not are left out."""
    found, c = {}, t.gias_schools.c
    for chunk in chunks(sorted(set(urns))):
        rows = connection.execute(select(t.gias_schools).where(c.trust_id == trust_id, c.urn.in_(chunk)))
        found.update({row.urn: _school(row) for row in rows})
    return found


def _school(row: Row[Any]) -> School:
    return School(row.urn, row.name, row.phase_group, row.region, json.loads(row.figures), row.boards)


# ------------------------------------------------------------------------------------------------ devices


def lots(connection: Connection, trust_id: str, today: date, school_ids: bounds.Schools = None) -> list[Lot]:
    """Devices that are alike, counted, of all schools of whoever asks; none that is retired or disposed of."""
    c, rank = t.devices.c, _ranks(trust_id)
    over = case((~c.support_known, None), (c.support_ends < today, 0), else_=1)
    key = (c.school_id, c["class"], c.maker, c.model, c.made_best, over, rank.c.rank)
    mine = (
        (c.trust_id == trust_id) & c.alias_of.is_(None) & c.life.not_in(GONE) & bounds.within(c.school_id, school_ids)
    )
    joined = t.devices.outerjoin(rank, rank.c.device_id == c.device_id)
    rows = connection.execute(select(*key, func.count()).select_from(joined).where(mine).group_by(*key))
    return [
        Lot(school_id, name, f"{maker} {model}".strip().casefold() if model else "", made, _truth(supported),
            None if not worst else worst < 2, count)
        for school_id, name, maker, model, made, supported, worst, count in rows
    ]  # fmt: skip


def _ranks(trust_id: str) -> Any:
    """By device the worst of its aspects: 0 nothing is known of it, 1 well, 2 something is wrong."""
    c = t.conditions.c
    rank = func.max(case((c.state.in_(("warning", "critical")), 2), (c.state == "ok", 1), else_=0)).label("rank")
    whole = (c.trust_id == trust_id) & (c.component == "")
    return select(c.device_id, rank).where(whole).group_by(c.device_id).subquery()


def _truth(said: int | None) -> bool | None:
    return None if said is None else bool(said)


def betrayed(connection: Connection, trust_id: str, said: str) -> int:
    """How many words of a text are a serial number, a MAC address or (with a figure in it) the name of a device."""
    found = re.findall(r"[\w.:/-]{4,64}", said)
    words = {word.strip(".:-/") for word in found} | {word.strip(".:-/").casefold() for word in found}
    words |= {word.upper() for word in words}
    marked, c = [word for word in words if any(sign.isdigit() for sign in word)], t.devices.c
    caught: set[str] = set()
    for column in (c.serial, c.mac, c.name):
        for chunk in chunks(sorted(marked)):
            query = select(column).where(c.trust_id == trust_id, column.in_(chunk)).distinct()
            caught |= {value.casefold() for value in connection.execute(query).scalars()}
    return len(caught)


# ------------------------------------------------------------------------------------------------ what leaves


def consent(connection: Connection, trust_id: str) -> Consent | None:
    """The consent that stands."""
    c = t.club_consents.c
    row = connection.execute(select(t.club_consents).where(c.trust_id == trust_id, c.ended.is_(None))).first()
    return _of(Consent, row) if row else None


def ended_consent(connection: Connection, trust_id: str) -> Consent | None:
    """The consent that ended last."""
    c = t.club_consents.c
    query = select(t.club_consents).where(c.trust_id == trust_id, c.ended.is_not(None))
    row = connection.execute(query.order_by(c.ended.desc()).limit(1)).first()
    return _of(Consent, row) if row else None


def add_consent(connection: Connection, trust_id: str, given: Consent) -> None:
    """Keep that the owner consented."""
    connection.execute(insert(t.club_consents).values(trust_id=trust_id, **dataclasses.asdict(given)))


def end_consent(connection: Connection, trust_id: str, member: str, actor: str, now: datetime) -> None:
    """The owner consents no more."""
    c = t.club_consents.c
    mine = (c.trust_id == trust_id) & (c.member == member)
    connection.execute(update(t.club_consents).where(mine).values(ended=now, ended_by=actor))


def word_consent(connection: Connection, trust_id: str, member: str, name: str, note: str) -> None:
    """What the owner lets others read of the trust: its name, and what worked."""
    c = t.club_consents.c
    mine = (c.trust_id == trust_id) & (c.member == member)
    connection.execute(update(t.club_consents).where(mine).values(name=name, note=note))


def add_export(
    connection: Connection, trust_id: str, cells: Mapping[Key, Left], actor: str, now: datetime
) -> None:  # fmt: skip
    """Keep what leaves, with the schools that each cell is made of."""
    told = [
        {"key": key, "sums": dataclasses.asdict(left.sums) | {"as_of": left.sums.as_of.isoformat()},
         "roster": sorted(left.roster)}
        for key, left in sorted(cells.items())
    ]  # fmt: skip
    connection.execute(
        insert(t.club_exports).values(trust_id=trust_id, made=now, made_by=actor, cells=json.dumps(told))
    )


def exports(connection: Connection, trust_id: str) -> list[tuple[datetime, dict[Key, Left]]]:
    """All that ever left, the oldest first."""
    c = t.club_exports.c
    rows = connection.execute(select(c.made, c.cells).where(c.trust_id == trust_id).order_by(c.made))
    return [(row.made, dict(_left(one) for one in json.loads(row.cells))) for row in rows]


def _left(said: Mapping[str, Any]) -> tuple[Key, Left]:
    group, measure = said["key"]
    sums = Sums(**{**said["sums"], "as_of": date.fromisoformat(said["sums"]["as_of"])})
    return (group, measure), Left(sums, frozenset(said["roster"]))


# ------------------------------------------------------------------------------------------------ what came


def files(connection: Connection, trust_id: str) -> list[Brought]:
    """Other trusts' files that are here, by what they are called; those that left are not among them."""
    c = t.club_files.c
    rows = connection.execute(select(t.club_files).where(c.trust_id == trust_id, c.left.is_(None)))
    return sorted((_of(Brought, row) for row in rows), key=lambda one: (one.invited.casefold(), one.member))


def file_of(connection: Connection, trust_id: str, member: str) -> Brought | None:
    """What is kept of another trust, or that it left."""
    c = t.club_files.c
    row = connection.execute(select(t.club_files).where(c.trust_id == trust_id, c.member == member)).first()
    return _of(Brought, row) if row else None


def keep_file(connection: Connection, trust_id: str, brought: Brought) -> None:
    """Keep a file in place of the one that the same trust gave before."""
    forget_file(connection, trust_id, brought.member)
    connection.execute(insert(t.club_files).values(trust_id=trust_id, **dataclasses.asdict(brought)))


def forget_file(connection: Connection, trust_id: str, member: str) -> None:
    """Delete another trust's file, with all that it told."""
    c = t.club_files.c
    connection.execute(delete(t.club_files).where(c.trust_id == trust_id, c.member == member))


def _of(kind: type[Any], row: Row[Any]) -> Any:
    return kind(**{one.name: getattr(row, one.name) for one in dataclasses.fields(kind)})
