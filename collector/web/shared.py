"""What a shared report shows: numbers of a school or of the trust, and no device, person, agent, address or name.

Everything here is a count. What could not be seen is told by its kind and by how many, as its notes name agents and
networks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from collector import london
from collector.health import ASPECTS
from collector.store import Transaction, ages, conditions, coverage, register
from collector.store.ages import SupportCount
from collector.store.register import AGE_BANDS, NO_BAND, OLDEST_BAND, AgeCount
from collector.web import wall
from collector.web.unseen import gaps

BANDS = (*(name for name, _ in AGE_BANDS), OLDEST_BAND, NO_BAND)
#: as they stand in the columns of the table of health
STATES = (wall.CRITICAL, wall.WARNING, wall.ACKNOWLEDGED, wall.UNKNOWN, wall.OK)
NO_SUPPORT = SupportCount(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Class:
    """Devices of one class: how many, of each band of age, and how many without support."""

    name: str
    devices: int
    bands: tuple[int, ...]
    support: SupportCount


@dataclass(frozen=True, slots=True)
class Report:
    """The whole. `unseen`: what could not be seen, and at how many places. `aspects`: by `STATES`."""

    schools: int
    devices: int
    last_report: datetime | None
    classes: tuple[Class, ...]
    whole: Class
    aspects: tuple[tuple[str, tuple[int, ...]], ...]
    unidentified: int
    unseen: tuple[tuple[str, int], ...]


def report(connection: Transaction, trust_id: str, schools: frozenset[str] | None, now: datetime) -> Report:
    """The numbers of some schools, or of the whole trust, as they stand."""
    today = london.day_of(now)
    rows = register.schools(connection, trust_id, schools)
    agents = register.agents(connection, trust_id, school_ids=schools)
    covered = coverage.coverage(connection, trust_id, schools)
    classes = _classes(
        register.age_counts(connection, trust_id, today, schools),
        ages.support_counts(connection, trust_id, today, schools),
    )
    health = wall.tallies(
        {row.school_id for row in rows}, conditions.counts(connection, trust_id, schools),
        conditions.troubles(connection, trust_id, today, schools),
    )  # fmt: skip
    found = gaps(rows, agents, now, covered)
    last_report = max((agent.last_report for agent in agents if agent.last_report), default=None)
    return Report(
        len(rows), sum(one.devices for one in classes), last_report, classes, _sum(classes), _aspects(health),
        sum(one.unidentified for one in covered.values()),
        tuple((gap.sentence, len(gap.items) + gap.more) for gap in found),
    )  # fmt: skip


def _classes(counted: Iterable[AgeCount], support: dict[str, SupportCount]) -> tuple[Class, ...]:
    bands: dict[str, Counter[str]] = {}
    for one in counted:
        bands.setdefault(one.device_class, Counter()).update(one.bands)
    found = [
        Class(name, sum(told.values()), tuple(told[band] for band in BANDS), support.get(name, NO_SUPPORT))
        for name, told in bands.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.devices, one.name)))


def _sum(classes: Iterable[Class]) -> Class:
    known = tuple(classes)
    support = [(one.support.devices, one.support.ended, one.support.extended, one.support.unknown) for one in known]
    bands = tuple(sum(column) for column in zip(*(one.bands for one in known), strict=True)) or (0,) * len(BANDS)
    whole = SupportCount(*(sum(column) for column in zip(*support, strict=True))) if support else NO_SUPPORT
    return Class("", sum(one.devices for one in known), bands, whole)


def _aspects(health: dict[tuple[str, str], Counter[str]]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    sums: dict[str, Counter[str]] = {}
    for (_, aspect), tally in health.items():
        sums.setdefault(aspect, Counter()).update(tally)
    return tuple((aspect, tuple(sums[aspect][state] for state in STATES)) for aspect in ASPECTS if aspect in sums)
