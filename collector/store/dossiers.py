"""Rows that health is judged from: facts and readings of devices, where they were met, who looks, who runs on them."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from collector import health, volumes
from collector.health import Agent, Dossier, Support, Thresholds, Told
from collector.london import day_of
from collector.store import readings, rounds, terms
from collector.store import schema as t
from collector.store.batches import OF_TRUST, among, chunks
from collector.store.readings import ReadingRow

#: facts that some aspect looks at; readings are all looked at
FACTS = frozenset({
    "name", "type", "colour", "file_system", "status", "size", "memory", "output_source", "self_test", "to_be_replaced",
    "replaced", "manufactured", "healthy", "capacity", "packs", "packs_bad", "disks_failed",
})  # fmt: skip
SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Placed:
    """A dossier, and the school that the device is at."""

    known: Dossier
    school_id: str


def placed(
    connection: Connection, trust_id: str, device_ids: Iterable[str], now: datetime, *, measured: bool = True
) -> Iterator[Placed]:
    """A dossier for each of some devices. `measured`: with facts and readings; without, time alone is judged by."""
    limits = thresholds(connection, trust_id)
    term_days: dict[str, Callable[[date], bool]] = {}
    for chunk in chunks(sorted(set(device_ids))):
        rows = _rows(connection, trust_id, chunk)
        _calendars(connection, trust_id, {row.school_id for row in rows}, term_days)
        looked = _looked(connection, trust_id, {row.site_id for row in rows})
        networks = _networks(connection, trust_id, chunk)
        asked = rounds.asked(connection, trust_id, chunk)
        agents = _agents(connection, trust_id, chunk)
        told = _told(connection, trust_id, chunk, now) if measured else {}
        switches = {row.device_id: row.site_id for row in rows if row._mapping["class"] == SWITCH}  # noqa: SLF001 - public
        uplinks = _uplinks(connection, trust_id, switches) if measured else {}
        for row in rows:
            said = told.get(row.device_id, {})
            yield Placed(
                Dossier(
                    row.device_id, row._mapping["class"], now, {**said, "": {**_software(row), **said.get("", {})}},  # noqa: SLF001 - public
                    limits, _latest(said), row.last_seen,
                    _later(looked.get((row.site_id, networks.get(row.device_id, ""))), asked.get(row.device_id)),
                    term_days[row.school_id],
                    uplinks.get(row.device_id, {}), Support(row.support_known, row.support_ends, row.support_extended),
                    agents.get(row.device_id), row.life,
                ),
                row.school_id,
            )  # fmt: skip


_ROWS = (
    select(t.devices)
    .where(t.devices.c.trust_id == OF_TRUST, among(t.devices.c.device_id), t.devices.c.alias_of.is_(None))
    .order_by(t.devices.c.device_id)
)


def _rows(connection: Connection, trust_id: str, device_ids: list[str]) -> list[Row[Any]]:
    return list(connection.execute(_ROWS, {"of_trust": trust_id, "among": device_ids}))


def _software(row: Row[Any]) -> dict[str, Told]:
    return {name: Told(value) for name, value in (("firmware", row.firmware), ("os.name", row.os)) if value}


def _latest(told: Mapping[str, Mapping[str, Told]]) -> datetime | None:
    times = (each.observed for part in told.values() for each in part.values())
    return max((time for time in times if time is not None), default=None)


_THRESHOLDS = select(t.thresholds).where(t.thresholds.c.trust_id == OF_TRUST)


def thresholds(connection: Connection, trust_id: str) -> Thresholds:
    """The limits of a trust: those that come with Stocktake, under those that it decided."""
    rows = connection.execute(_THRESHOLDS, {"of_trust": trust_id})
    said = {(row.aspect, row.name, row._mapping["class"]): row.value for row in rows}  # noqa: SLF001 - public
    return health.shipped().overridden(said) if said else health.shipped()


def _calendars(
    connection: Connection, trust_id: str, school_ids: set[str], known: dict[str, Callable[[date], bool]]
) -> None:
    wanted = school_ids - known.keys()
    for school_id, calendar in terms.calendars(connection, trust_id, wanted).items() if wanted else ():
        known[school_id] = functools.cache(calendar.is_term_day)


_LOOKED = (
    select(t.lanes.c.site_id, t.lanes.c.network, func.max(t.lanes.c.last_observed).label("last"))
    .where(t.lanes.c.trust_id == OF_TRUST, t.lanes.c.kind == "NETWORK")
    .where(
        t.lanes.c.agent_id.in_(
            select(t.agents.c.agent_id).where(t.agents.c.trust_id == OF_TRUST, among(t.agents.c.site_id))
        )
    )
    .group_by(t.lanes.c.site_id, t.lanes.c.network)
)


def _looked(connection: Connection, trust_id: str, site_ids: set[str]) -> dict[tuple[str, str], datetime]:
    """By site and network when an agent last brought who is on it."""
    rows = connection.execute(_LOOKED, {"of_trust": trust_id, "among": sorted(site_ids)})
    return {(row.site_id, row.network): row.last for row in rows}


def _later(*times: datetime | None) -> datetime | None:
    return max((time for time in times if time is not None), default=None)


_NETWORKS = (
    select(t.meetings.c.device_id, t.lanes.c.network)
    .join(t.lanes, (t.lanes.c.trust_id == t.meetings.c.trust_id) & (t.lanes.c.lane_id == t.meetings.c.lane_id))
    .where(t.meetings.c.trust_id == OF_TRUST, among(t.meetings.c.device_id), t.lanes.c.network != "")
    .order_by(t.meetings.c.last_seen, t.meetings.c.lane_id)
)


def _networks(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, str]:
    """The network on which each device was met last."""
    rows = connection.execute(_NETWORKS, {"of_trust": trust_id, "among": device_ids})
    return {row.device_id: row.network for row in rows}


_AGENTS = (
    select(t.identifiers.c.device_id, t.agents)
    .join(
        t.agents,
        (t.agents.c.trust_id == t.identifiers.c.trust_id) & (t.agents.c.agent_id == t.identifiers.c.value),
    )
    .where(t.identifiers.c.trust_id == OF_TRUST, among(t.identifiers.c.device_id))
    .where(t.identifiers.c.kind == "AGENT", t.identifiers.c.recorded_to.is_(None), t.agents.c.revoked.is_(None))
    .order_by(t.agents.c.enrolled)
)


def _agents(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, Agent]:
    rows = connection.execute(_AGENTS, {"of_trust": trust_id, "among": device_ids})
    return {
        row.device_id: Agent(
            row.last_report, row.certificate_expires, json.loads(row.numbers), len(json.loads(row.troubles))
        )
        for row in rows
    }


def _uplinks(connection: Connection, trust_id: str, switches: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By switch its ports that lead to other switches, and where to."""
    if not switches:
        return {}
    ends = (t.links.c.a_device, t.links.c.b_device)
    query = select(t.links).where(
        t.links.c.trust_id == trust_id, t.links.c.site_id.in_(set(switches.values())),
        or_(*(end.in_(list(switches)) for end in ends)),
    )  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(query):
        far = row.b_device or row.b_name
        found.setdefault(row.a_device, {})[f"interface/{row.a_port}"] = far
        if row.b_device:
            found.setdefault(row.b_device, {})[f"interface/{row.b_port}"] = row.a_device
    return found


# ------------------------------------------------------------------------------------------------ what was told


def _told(
    connection: Connection, trust_id: str, device_ids: list[str], now: datetime
) -> dict[str, dict[str, dict[str, Told]]]:
    found: dict[str, dict[str, dict[str, Told]]] = {}
    for row in _facts(connection, trust_id, device_ids):
        part = found.setdefault(row.device_id, {}).setdefault(row.component, {})
        part[row.name] = Told(json.loads(row.value), row.last_observed, unit=row.unit)
    for device_id, rows in readings.latest(connection, trust_id, device_ids).items():
        for reading in rows:
            found.setdefault(device_id, {}).setdefault(reading.component, {})[reading.name] = as_told(reading, now)
    return found


_STATED = (
    select(
        t.facts.c.device_id, t.facts.c.component, t.facts.c.name, t.facts.c.value, t.facts.c.unit, t.facts.c.weight,
        t.lanes.c.relayed, t.lanes.c.last_observed,
    )
    .join(t.lanes, (t.lanes.c.trust_id == t.facts.c.trust_id) & (t.lanes.c.lane_id == t.facts.c.lane_id))
    .where(t.facts.c.trust_id == OF_TRUST, among(t.facts.c.device_id), t.facts.c.recorded_to.is_(None))
    .where(t.facts.c.observed_to.is_(None), t.facts.c.chosen, t.facts.c.name.in_(sorted(FACTS)))
)  # fmt: skip


def _facts(connection: Connection, trust_id: str, device_ids: list[str]) -> list[Row[Any]]:
    """The statements that stand, those that outweigh the others last."""
    rows: Iterable[Row[Any]] = connection.execute(_STATED, {"of_trust": trust_id, "among": device_ids})
    return sorted(rows, key=lambda row: (not row.relayed, row.weight, row.last_observed, row.value))


def as_told(row: ReadingRow, now: datetime) -> Told:
    """A reading as health sees it; changes of the day before yesterday count no more."""
    age = day_of(now) - row.day
    changes = row.changes + row.changes_before if age <= timedelta() else row.changes if age.days == 1 else 0
    return Told(row.value, row.observed, row.previous, row.earlier, changes, row.unit)


# ------------------------------------------------------------------------------------------------ a school's numbers

#: facts that a school's numbers are made of, beside its readings
NUMBERS = ("status", "size", "memory", "capacity", "healthy", "output_source")
VOLUME = "volume/"  # a component that begins so; its words tell what is full by design, and are no label


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a school's devices told: device → component → name → value; and which of them answered last time."""

    told: Mapping[str, Mapping[str, Mapping[str, Any]]]
    up: Mapping[str, bool]


def numbers_of_school(connection: Connection, trust_id: str, school_id: str) -> Numbers:
    """What the devices of a school told last, as far as it is a number, a truth or a word of a closed list."""
    mine = select(t.devices.c.device_id).where(
        t.devices.c.trust_id == trust_id, t.devices.c.school_id == school_id, t.devices.c.alias_of.is_(None)
    )
    found: dict[str, dict[str, dict[str, Any]]] = {}
    facts = t.facts.c
    query = select(facts.device_id, facts.component, facts.name, facts.value).where(
        facts.trust_id == trust_id, facts.device_id.in_(mine), facts.recorded_to.is_(None),
        facts.observed_to.is_(None), facts.chosen,
        facts.name.in_(NUMBERS) | (facts.name.in_(volumes.WORDS) & facts.component.startswith(VOLUME)),
    )  # fmt: skip
    for told in (connection.execute(query), readings.of_school(connection, trust_id, school_id)):
        for device_id, component, name, value in told:
            found.setdefault(device_id, {}).setdefault(component, {})[name] = _plain(value)
    return Numbers(found, _up(connection, trust_id, mine))


def _plain(value: str) -> Any:
    """A value from its JSON; most are numbers and plain words, for which a reader of all JSON is slow."""
    if value[:1] == '"':
        return json.loads(value) if "\\" in value else value[1:-1]
    return json.loads(value) if value in ("true", "false", "null") else float(value)


ANSWERED = timedelta(minutes=10)  # before the last look: an answer of that time is an answer to it


def _up(connection: Connection, trust_id: str, mine: Any) -> dict[str, bool]:
    """Whether each device answered when its network was looked at, or it was asked, last; absent where nobody looks."""
    query = select(t.devices.c.device_id, t.devices.c.site_id, t.devices.c.last_seen).where(
        t.devices.c.trust_id == trust_id, t.devices.c.device_id.in_(mine)
    )
    rows = connection.execute(query).all()
    looked = _looked(connection, trust_id, {row.site_id for row in rows})
    networks: dict[str, str] = {}
    for chunk in chunks([row.device_id for row in rows]):
        networks |= _networks(connection, trust_id, chunk)
    asked = rounds.asked(connection, trust_id, networks)
    found = {}
    for row in rows:
        when = looked.get((row.site_id, networks.get(row.device_id, "")))
        if when is not None:
            found[row.device_id] = row.last_seen >= max(when - ANSWERED, asked.get(row.device_id, row.last_seen))
    return found
