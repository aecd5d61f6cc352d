"""Judges devices as evidence that comes late has them: what was wrong goes into their history, at its true times.

It reads no clock and changes nothing of what stands now: that is what `collector.store.health` keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from collector import health
from collector.facts import Reading
from collector.health import BAD, Condition, Dossier, Kept, Told
from collector.store import dossiers
from collector.store import schema as t
from collector.store.batches import chunks
from collector.store.condition_changes import Key, Span, remember
from collector.store.health import TIMELY
from collector.store.readings import LOOKED, SPARSE


@dataclass(frozen=True, slots=True)
class Past:
    """What was read of a device at a time in the past, and until when it was seen so."""

    device_id: str
    reading: Reading
    observed: datetime
    until: datetime


def recall(connection: Connection, trust_id: str, past: Sequence[Past], now: datetime) -> None:
    """Judge devices as late evidence has them, in order of time, and put what was wrong into their history."""
    past = sorted((one for one in past if one.observed < now - health.LATE), key=lambda each: each.observed)
    classes = _classes(connection, trust_id, {one.device_id for one in past})
    limits = dossiers.thresholds(connection, trust_id)
    files = [file for file in health.judges() if file.aspect not in TIMELY]
    told: dict[str, dict[str, dict[str, Told]]] = {}
    kept: dict[Key, Kept] = {}
    spans: list[Span] = []
    for one in past:
        if one.device_id not in classes or one.reading.told_of:
            continue
        told[one.device_id] = _told(one, told.get(one.device_id, {}))
        known = Dossier(one.device_id, classes[one.device_id], one.observed, told[one.device_id], limits, one.observed)
        for found in health.judge(known, files):
            key = (one.device_id, found.aspect, found.component)
            kept[key] = _damped(kept.get(key), found, one.until)
            if kept[key].state in BAD:
                until = max(one.until, one.observed)
                spans.append(Span(key, kept[key].state.value, kept[key].sentence, kept[key].since, until))
    remember(connection, trust_id, spans, now)


def _damped(kept: Kept | None, found: Condition, until: datetime) -> Kept:
    """What stands after evidence that was seen from `found.since` until then: twice, where that is not one time."""
    after = health.damp(kept, found, found.since)
    return health.damp(after, replace(found, since=until), until) if until > found.since else after


def _told(one: Past, before: Mapping[str, Mapping[str, Told]]) -> dict[str, dict[str, Told]]:
    told: dict[str, dict[str, Told]] = {}
    looked = before.get("", {}).get(LOOKED)  # what is told where it is not zero was zero then, of as many ports
    if looked is not None and looked.value not in [fact.value for fact in one.reading.chosen if fact.name == LOOKED]:
        looked = None
    for fact in one.reading.chosen:
        last = before.get(fact.component, {}).get(fact.name)
        if last is None and fact.name in SPARSE and looked is not None:
            last = Told(0, looked.observed)
        previous, earlier = (last.value, last.observed) if last else (None, None)
        told.setdefault(fact.component, {})[fact.name] = Told(fact.value, one.observed, previous, earlier)
    return told


def _classes(connection: Connection, trust_id: str, device_ids: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in chunks(sorted(device_ids)):
        query = select(t.devices.c.device_id, t.devices.c["class"].label("kind")).where(
            t.devices.c.trust_id == trust_id, t.devices.c.device_id.in_(chunk)
        )
        found |= {row.device_id: row.kind for row in connection.execute(query)}
    return found
