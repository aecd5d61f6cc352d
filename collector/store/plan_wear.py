"""Reads what wears or is used up in devices: page counts and supplies of printers, batteries of laptops and UPSs.

What it means for a plan is `planning.wear`'s. A device's claims may count differently, so counts come by claim. Of a
year of daily counts some days are looked at: two a month tell the rate, and whether a counter was reset.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, select

from collector.store import schema as t
from collector.store.batches import OF_TRUST, among, chunks

SAMPLED = (1, 15)  # days of each month that are looked at, beside the first and the last count
_PAGES = (t.reading_days.c.component == "") & (t.reading_days.c.name == "pages")

_HELD = select(t.claims.c.claim_id, t.claims.c.device_id).where(
    t.claims.c.trust_id == OF_TRUST, among(t.claims.c.device_id), t.claims.c.recorded_to.is_(None)
)
_SPANS = (
    select(t.reading_days.c.claim_id, func.min(t.reading_days.c.day), func.max(t.reading_days.c.day))
    .where(t.reading_days.c.trust_id == OF_TRUST, among(t.reading_days.c.claim_id), _PAGES)
    .where(t.reading_days.c.day >= bindparam("since"))
    .group_by(t.reading_days.c.claim_id)
)
_COUNTS = select(t.reading_days.c.claim_id, t.reading_days.c.day, t.reading_days.c.last).where(
    t.reading_days.c.trust_id == OF_TRUST, among(t.reading_days.c.claim_id), _PAGES,
    t.reading_days.c.day.in_(bindparam("days", expanding=True)),
)  # fmt: skip
_READ = select(
    t.readings.c.claim_id, t.readings.c.component, t.readings.c.value, t.readings.c.observed
).where(
    t.readings.c.trust_id == OF_TRUST, among(t.readings.c.claim_id), t.readings.c.name == bindparam("named"),
    t.readings.c.component.like(bindparam("part")),
)  # fmt: skip
_FACTS = select(t.facts.c.device_id, t.facts.c.component, t.facts.c.name, t.facts.c.value).where(
    t.facts.c.trust_id == OF_TRUST, among(t.facts.c.device_id), t.facts.c.recorded_to.is_(None),
    t.facts.c.observed_to.is_(None), t.facts.c.chosen, t.facts.c.name.in_(bindparam("names", expanding=True)),
    t.facts.c.component.like(bindparam("part")),
)  # fmt: skip


def pages(
    connection: Connection, trust_id: str, printers: Collection[str], since: date, today: date
) -> dict[str, list[list[tuple[date, int]]]]:  # fmt: skip
    """By printer the counts of pages of each of its claims, on some days since one."""
    sampled = {
        day for n in range((today - since).days + 1) if (day := since + timedelta(days=n)).day in SAMPLED
    }  # fmt: skip
    found: dict[str, list[list[tuple[date, int]]]] = {}
    for whose in _held(connection, trust_id, printers):
        given = {"of_trust": trust_id, "among": sorted(whose)}
        spans = connection.execute(_SPANS, given | {"since": since}).all()
        if not spans:
            continue
        days = sorted(sampled | {day for _, *both in spans for day in both})
        counts: dict[int, list[tuple[date, int]]] = {}
        for claim_id, day, last in connection.execute(_COUNTS, given | {"days": days}):
            counts.setdefault(claim_id, []).append((day, int(last)))
        for claim_id, told in counts.items():
            found.setdefault(whose[claim_id], []).append(told)
    return found


def levels(connection: Connection, trust_id: str, printers: Collection[str]) -> dict[str, dict[str, float]]:
    """By printer what is left of each supply, percent, by component."""
    return _numbers(connection, trust_id, printers, "supply", "level")


def healths(connection: Connection, trust_id: str, laptops: Collection[str]) -> dict[str, dict[str, float]]:
    """By laptop what its batteries hold of their design, percent, by component."""
    return _numbers(connection, trust_id, laptops, "battery", "health")


def supplies(connection: Connection, trust_id: str, printers: Collection[str]) -> dict[str, dict[str, dict[str, str]]]:
    """By printer and component what a supply is: its name, type and colour, as told."""
    return _told(connection, trust_id, printers, "supply", ("name", "type", "colour"))


def replaced(connection: Connection, trust_id: str, devices: Collection[str]) -> dict[str, str]:
    """By device the latest day that it tells for its battery, as it is written: replaced, else manufactured."""
    told = _told(connection, trust_id, devices, "battery", ("replaced", "manufactured"))
    days = {
        device_id: [one.get("replaced") or one.get("manufactured", "") for one in parts.values()]
        for device_id, parts in told.items()
    }
    return {device_id: max(found) for device_id, found in days.items() if any(found)}


# ------------------------------------------------------------------------------------------------ parts


def _held(connection: Connection, trust_id: str, devices: Collection[str]) -> Iterator[dict[int, str]]:
    """Claims of some devices with whose they are, chunk by chunk."""
    for chunk in chunks(sorted(devices)):
        rows = connection.execute(_HELD, {"of_trust": trust_id, "among": chunk})
        held = {row.claim_id: row.device_id for row in rows}
        for part in chunks(sorted(held)):
            yield {claim_id: held[claim_id] for claim_id in part}


def _numbers(
    connection: Connection, trust_id: str, devices: Collection[str], part: str, name: str
) -> dict[str, dict[str, float]]:  # fmt: skip
    newest: dict[tuple[str, str], tuple[object, float]] = {}
    for whose in _held(connection, trust_id, devices):
        given = {"of_trust": trust_id, "among": sorted(whose), "named": name, "part": f"{part}/%"}
        for claim_id, component, value, observed in connection.execute(_READ, given):
            number = json.loads(value)
            key = (whose[claim_id], component)
            if isinstance(number, int | float) and 0 <= number <= 100:
                newest[key] = max(newest.get(key, (observed, number)), (observed, number))
    found: dict[str, dict[str, float]] = {}
    for (device_id, component), (_, number) in newest.items():
        found.setdefault(device_id, {})[component] = number
    return found


def _told(
    connection: Connection, trust_id: str, devices: Collection[str], part: str, names: tuple[str, ...]
) -> dict[str, dict[str, dict[str, str]]]:  # fmt: skip
    found: dict[str, dict[str, dict[str, str]]] = {}
    for chunk in chunks(sorted(devices)):
        given = {"of_trust": trust_id, "among": chunk, "names": names, "part": f"{part}/%"}
        for device_id, component, name, value in connection.execute(_FACTS, given):
            said = json.loads(value)
            if isinstance(said, str):
                found.setdefault(device_id, {}).setdefault(component, {})[name] = said
    return found
