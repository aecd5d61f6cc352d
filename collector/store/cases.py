"""Reads what audit rules judge, school by school: cases of devices, and what is known of the school itself.

A rule names what it needs, and only that is read: a list by purchase date asks for no port. Rows are read in pages, so
that memory does not grow with a school. It knows no rule.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, exists, func, select

from collector.age import About, Told, support, support_windows
from collector.age.support import Support
from collector.age.support_rows import HOME
from collector.audit import COMPUTERS, SERVERS, Case, End, Need, Place, Windows
from collector.facts import maker_key
from collector.london import day_of
from collector.resolve.claims import RECORD
from collector.store import coverage, register, school_lives, terms, wires
from collector.store import schema as t
from collector.store.batches import chunks
from collector.store.history import recorded
from collector.store.rows import Coverage

ALL = frozenset(Need)
SWITCH, UPS = "switch", "ups"
SYSTEM_FACTS = ("os.product", "os.name", "os.edition", "os.build", "os.version")
TOLD_FACTS = ("status", "asset_tag", "output_source")
SAME_TIME = timedelta(days=7)  # ways by which a device answered within that are ways by which it answers
LONGEST_ABSENCE = 366 * 2  # days that are counted
REPORTING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Around:
    """What is read once for all schools. `twins`: by maker and serial number the devices that share it, with a name."""

    today: date
    needs: frozenset[Need]
    twins: Mapping[str, Sequence[tuple[str, str]]]


def around(connection: Connection, trust_id: str, today: date, needs: Collection[Need] = ALL) -> Around:
    """What is read once for all schools."""
    twins = _twins(connection, trust_id) if Need.TWINS in needs else {}
    return Around(today, frozenset(needs), twins)


def _twins(connection: Connection, trust_id: str) -> dict[str, list[tuple[str, str]]]:
    device = t.devices.c
    mine = (device.trust_id == trust_id) & device.alias_of.is_(None) & (device.serial != "")
    often = select(device.serial).where(mine).group_by(device.serial).having(func.count() > 1)
    query = select(device.device_id, device.name, device.maker, device.serial).where(mine, device.serial.in_(often))
    found: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(query.order_by(device.device_id)):
        found.setdefault(_serial_key(row.maker, row.serial), []).append((row.device_id, row.name or row.device_id))
    return found


def _serial_key(maker: str, serial: str) -> str:
    return f"{maker_key(maker)}:{serial.upper()}"


# ------------------------------------------------------------------------------------------------ schools


def places(
    connection: Connection, trust_id: str, now: datetime, school_ids: Collection[str] | None = None
) -> list[Place]:
    """The schools as rules judge them, by name: those that belong to the trust now."""
    wanted = members(connection, trust_id, school_ids)
    covered = coverage.coverage(connection, trust_id, set(wanted))
    networks = _networks(connection, trust_id)
    agents: dict[str, list[register.AgentRow]] = {}
    for agent in register.agents(connection, trust_id, school_ids=set(wanted)):
        if agent.revoked is None:
            agents.setdefault(agent.school_id, []).append(agent)
    return [
        _place(school_id, name, agents.get(school_id, []), networks.get(school_id, []), covered[school_id], now)
        for school_id, name in wanted.items()
    ]


def members(connection: Connection, trust_id: str, school_ids: Collection[str] | None = None) -> dict[str, str]:
    """The names of schools that belong to the trust now, by id, in the order of their names."""
    gone = {key for key, life in school_lives.lives(connection, trust_id).items() if not life.is_member}
    s = t.schools.c
    query = select(s.school_id, s.name).where(s.trust_id == trust_id).order_by(s.name, s.school_id)
    return {
        row.school_id: row.name
        for row in connection.execute(query)
        if row.school_id not in gone and (school_ids is None or row.school_id in school_ids)
    }


def _place(
    school_id: str, name: str, agents: Sequence[register.AgentRow], networks: Sequence[str],
    covered: Coverage, now: datetime,
) -> Place:  # fmt: skip
    reporting = sum(1 for each in agents if each.last_report is not None and now - each.last_report <= REPORTING)
    return Place(
        subject_id=school_id, school_id=school_id, today=day_of(now), name=name, agents=len(agents),
        reporting=reporting, networks=tuple(networks), unswept=covered.unswept,
        refused=_sum(agents, "snmp_refused"), silent=_sum(agents, "last_sweep_silent"),
        unidentified=covered.unidentified,
    )  # fmt: skip


def _sum(agents: Iterable[register.AgentRow], number: str) -> int | None:
    told: list[object] = [agent.numbers[number] for agent in agents if number in agent.numbers]
    sound = [int(each) for each in told if isinstance(each, int | float) and 0 <= each < 10**15]
    return sum(sound) if sound else None


def _networks(connection: Connection, trust_id: str) -> dict[str, list[str]]:
    site = (t.sites.c.trust_id == t.networks.c.trust_id) & (t.sites.c.site_id == t.networks.c.site_id)
    query = select(t.sites.c.school_id, t.networks.c.cidr).join(t.sites, site).where(t.networks.c.trust_id == trust_id)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(t.networks.c.cidr)):
        found.setdefault(row.school_id, []).append(row.cidr)
    return found


# ------------------------------------------------------------------------------------------------ devices


@dataclass(frozen=True, slots=True)
class _School:
    """What is read once for a school."""

    wiring: wires.Wiring
    ups_rooms: Mapping[str, tuple[str, ...]]
    communities: tuple[bool | None, ...]
    unseen: Callable[[date], int]


def of_school(
    connection: Connection, trust_id: str, school_id: str, known: Around, device_ids: Collection[str] | None = None
) -> Iterator[Case]:
    """A case for each device of a school, or for some of them, by class and name."""
    school = _school(connection, trust_id, school_id, known)
    device = t.devices.c
    query = select(device.device_id).where(
        device.trust_id == trust_id, device.school_id == school_id, device.alias_of.is_(None)
    )
    order = (device["class"], device.name, device.address, device.device_id)
    listed = [key for key in connection.execute(query.order_by(*order)).scalars()]  # noqa: C416 - typed
    for chunk in chunks([key for key in listed if device_ids is None or key in device_ids]):
        yield from _cases(connection, trust_id, chunk, known, school)


def _school(connection: Connection, trust_id: str, school_id: str, known: Around) -> _School:
    needs = known.needs
    is_term_day = terms.calendars(connection, trust_id, [school_id])[school_id].is_term_day
    return _School(
        wires.of_school(connection, trust_id, school_id) if Need.LINKS in needs else wires.NONE,
        _ups_rooms(connection, trust_id, school_id) if Need.PLACE in needs else {},
        _communities(connection, trust_id, school_id) if Need.METHODS in needs else (),
        functools.cache(lambda last: _term_days(last, known.today, is_term_day)),
    )


def _term_days(last: date, today: date, is_term_day: Callable[[date], bool]) -> int:
    """Term-time days between two days, neither included, as `residency` counts them."""
    length = min((today - last).days, LONGEST_ABSENCE)
    return sum(is_term_day(last + timedelta(days=number)) for number in range(1, length))


def _ups_rooms(connection: Connection, trust_id: str, school_id: str) -> dict[str, tuple[str, ...]]:
    """By room, as it is written in lower case, the UPSs that stand there."""
    device = t.devices.c
    query = select(device.device_id, device.name, device.model).where(
        device.trust_id == trust_id, device.school_id == school_id, device["class"] == UPS, device.alias_of.is_(None)
    )
    named = {row.device_id: row.name or row.model or "a UPS" for row in connection.execute(query)}
    found: dict[str, tuple[str, ...]] = {}
    for device_id, said in recorded(connection, trust_id, sorted(named)).items():
        if (room := _room(said)) and said.get("status") not in ("retired", "disposed"):
            found[room] = (*found.get(room, ()), named[device_id])
    return found


def _room(said: Mapping[str, Any]) -> str:
    return " ".join(str(said.get("room", "")).casefold().split())


def _communities(connection: Connection, trust_id: str, school_id: str) -> tuple[bool | None, ...]:
    """Of each v1 and v2c credential that devices of a school take, whether its community is one of the factory."""
    c = t.credentials.c
    scope = c.school_id.is_(None) | (c.school_id == school_id)
    rows = connection.execute(select(c.name, c.version, c.factory).where(c.trust_id == trust_id, scope))
    kept: dict[str, list[tuple[str, bool | None]]] = {}
    for row in rows:
        kept.setdefault(row.name, []).append((row.version, row.factory))
    taken = {
        use.name
        for agent in register.agents(connection, trust_id, school_id=school_id)
        for use in agent.credentials
        if use.devices and agent.revoked is None
    }
    found: set[bool | None] = set()
    for name in taken:
        found |= {factory for version, factory in kept.get(name, [("", None)]) if version != "3"}
    return tuple(sorted(found, key=str))


# ------------------------------------------------------------------------------------------------ a page of devices


def _cases(
    connection: Connection, trust_id: str, device_ids: Sequence[str], known: Around, school: _School
) -> Iterator[Case]:
    needs = known.needs
    device = t.devices.c
    columns = (device.device_id, device.school_id, device["class"], device.name, device.maker, device.model,
               device.serial, device.life, device.last_method, device.last_seen, device.made_best)  # fmt: skip
    query = select(*columns).where(device.trust_id == trust_id, device.device_id.in_(device_ids))
    rows = {row.device_id: row for row in connection.execute(query)}
    of = {key: row._mapping["class"] for key, row in rows.items()}  # noqa: SLF001 - SQLAlchemy's public name
    supports = _supports(connection, trust_id, device_ids, known.today) if Need.SUPPORT in needs else {}
    windows = _windows(connection, trust_id, of) if Need.SUPPORT in needs else {}
    said = recorded(connection, trust_id, list(device_ids)) if Need.RECORD in needs else {}
    gone = [key for key, fields in said.items() if fields.get("status") == "disposed"]
    papers = _certificates(connection, trust_id, gone) if gone else {}
    told = _told(connection, trust_id, of) if Need.TOLD in needs else {}
    ports = wires.ports(connection, trust_id, _of(of, SWITCH)) if Need.PORTS in needs else {}
    methods = _methods(connection, trust_id, device_ids) if Need.METHODS in needs else {}
    for key in device_ids:
        row, record = rows[key], said.get(key)
        mine = ports.get(key, {})
        seen = row.last_method != RECORD
        yield Case(
            subject_id=key, school_id=row.school_id, today=known.today, name=row.name, device_class=of[key],
            maker=row.maker, model=row.model, serial=row.serial, life=row.life, seen=seen, made=row.made_best,
            supports=supports.get(key), windows=windows.get(key), recorded=record is not None, record=record or {},
            certificates=papers.get(key, 0), told=told.get(key, {}),
            ports=tuple(known_port.port for known_port in mine.values() if known_port.is_up),
            links=school.wiring.links_of(key, mine), core=school.wiring.core_of(key),
            ups_beside=school.ups_rooms.get(_room(record), ()) if record and _room(record) else (),
            methods=methods.get(key, frozenset()), communities=school.communities,
            twins=tuple(name for other, name in _sharing(known, row.maker, row.serial) if other != key),
            unseen=school.unseen(day_of(row.last_seen)) if seen and Need.ABSENCE in needs else None,
        )  # fmt: skip


def _sharing(known: Around, maker: str, serial: str) -> Sequence[tuple[str, str]]:
    return known.twins.get(_serial_key(maker, serial), ()) if serial else ()


def _of(classes: Mapping[str, str], *wanted: str) -> list[str]:
    return [key for key, device_class in classes.items() if device_class in wanted]


class _Assessed(msgspec.Struct):
    """Of a kept assessment only what is read here: the rest of its JSON is passed over."""

    support: tuple[Support, ...] = ()


def _supports(
    connection: Connection, trust_id: str, device_ids: Sequence[str], today: date
) -> dict[str, tuple[End, ...]]:
    a = t.ages.c
    query = select(a.device_id, a.assessed).where(
        a.trust_id == trust_id, a.device_id.in_(device_ids), a.recorded_to.is_(None), a.component == ""
    )
    read = msgspec.json.Decoder(_Assessed).decode
    return {
        row.device_id: tuple(_end(each, today) for each in read(row.assessed).support)
        for row in connection.execute(query)
    }


def _end(one: Support, today: date) -> End:
    return End(
        one.what, one.title or one.product, support.state(one, today), one.ends, one.at_latest, one.extended, one.words
    )


def _windows(connection: Connection, trust_id: str, classes: Mapping[str, str]) -> dict[str, Windows]:
    found = {}
    for key, said in _facts(connection, trust_id, _of(classes, *COMPUTERS), SYSTEM_FACTS).items():
        read = _read_windows(
            classes[key], tuple(sorted((name, str(value)) for name, value in said.get("", {}).items()))
        )
        if read is not None:
            found[key] = read
    return found


@functools.lru_cache(maxsize=1024)  # most machines of a school are alike
def _read_windows(device_class: str, said: tuple[tuple[str, str], ...]) -> Windows | None:
    told = {name: (Told(name, value),) for name, value in said}
    read = support_windows.read(About(device_class, told=told))
    if read is None:
        return None
    return Windows(read.edition, None if read.groups is None else HOME in read.groups)


def _told(connection: Connection, trust_id: str, classes: Mapping[str, str]) -> dict[str, dict[str, dict[str, Any]]]:
    found = _facts(connection, trust_id, list(classes), TOLD_FACTS, components=("power supply/%", "array/%", "pool/%"))
    of_ups = [*_of(classes, UPS), *_of(classes, *SERVERS)]
    for key, component, _, value in wires.latest(connection, trust_id, of_ups, ("runtime",)):
        found.setdefault(key, {}).setdefault(component, {})["runtime"] = value
    return found


def _facts(
    connection: Connection, trust_id: str, device_ids: Sequence[str], names: Sequence[str],
    components: Sequence[str] = (),
) -> dict[str, dict[str, dict[str, Any]]]:  # fmt: skip
    """Facts of devices and of some of their parts that stand, of several what outweighs the others."""
    if not device_ids:
        return {}
    f = t.facts.c
    where = f.component == ""
    for pattern in components:
        where |= f.component.like(pattern)
    query = (
        select(f.device_id, f.component, f.name, f.value)
        .join(t.lanes, (t.lanes.c.trust_id == f.trust_id) & (t.lanes.c.lane_id == f.lane_id))
        .where(f.trust_id == trust_id, f.device_id.in_(device_ids), f.recorded_to.is_(None), f.observed_to.is_(None))
        .where(f.chosen, f.name.in_(names), where)
        .order_by(t.lanes.c.relayed.desc(), f.weight, t.lanes.c.last_observed, f.value)
    )
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for key, component, name, value in connection.execute(query).all():
        found.setdefault(key, {}).setdefault(component, {})[name] = wires.read(value)
    return found


def _methods(connection: Connection, trust_id: str, device_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """By device the versions of SNMP by which it answered lately."""
    lane = (t.lanes.c.trust_id == t.claims.c.trust_id) & (t.lanes.c.lane_id == t.claims.c.lane_id)
    answered = exists().where(
        t.evidence.c.trust_id == trust_id, t.evidence.c.lane_id == t.lanes.c.lane_id, t.evidence.c.digest.is_not(None)
    )
    query = (
        select(t.claims.c.device_id, t.lanes.c.method, t.lanes.c.last_observed)
        .join(t.lanes, lane)
        .where(t.claims.c.trust_id == trust_id, t.claims.c.device_id.in_(device_ids))
        .where(t.claims.c.recorded_to.is_(None), t.lanes.c.kind == "ADDRESS", t.lanes.c.method.like("SNMP%"), answered)
        .where(~t.claims.c.told_of)
    )
    found: dict[str, list[tuple[datetime, str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.device_id, []).append((row.last_observed, row.method))
    return {
        key: frozenset(method for when, method in ways if when >= max(ways)[0] - SAME_TIME)
        for key, ways in found.items()
    }


def _certificates(connection: Connection, trust_id: str, device_ids: Sequence[str]) -> dict[str, int]:
    record = (t.records.c.trust_id == t.documents.c.trust_id) & (t.records.c.record_id == t.documents.c.record_id)
    query = (
        select(t.records.c.device_id, func.count().label("papers"))
        .select_from(t.documents)
        .join(t.records, record)
        .where(t.documents.c.trust_id == trust_id, t.records.c.device_id.in_(device_ids))
        .where(t.documents.c.kind == "certificate", t.documents.c.removed.is_(None))
        .group_by(t.records.c.device_id)
    )
    return {row.device_id: row.papers for row in connection.execute(query)}
