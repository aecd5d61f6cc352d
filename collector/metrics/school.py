"""The series of one school's devices, for a scrape of its own: who they are, when they were made, how long supported.

These hold:

1. A word that a device sent is a label in `stocktake_device_info` alone, normalised and at most 64 characters long;
   every other series has the device's id, which joins them.
2. What is not known has no series.
3. A date is a timestamp: an age is `time()` minus it, and no value changes by itself from day to day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from prometheus_client.metrics_core import Metric

from collector.facts import text
from collector.metrics import LABEL_LIMIT, Family, Sample, filled, known_class, page, school_labels
from collector.store import Store, register
from collector.store.register import DeviceRow

MOST_DEVICES = 100_000  # of one school
_DEVICE = ("school", "device")


@dataclass(frozen=True, slots=True)
class School:
    """One reading of one school: the label that the series use, and its rows."""

    label: str
    devices: tuple[DeviceRow, ...]


def _info(school: School) -> Iterator[Sample]:
    for row in school.devices:
        said = (row.maker, row.model, row.name)
        labels = (school.label, row.device_id, known_class(row.device_class))
        yield (*labels, *(text(value, LABEL_LIMIT) for value in said)), 1


def _dates(told: Callable[[DeviceRow], date | None]) -> Callable[[School], Iterator[Sample]]:
    def samples(school: School) -> Iterator[Sample]:
        for row in school.devices:
            day = told(row)
            if day is not None:
                yield (school.label, row.device_id), datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()

    return samples


def _last_seen(school: School) -> Iterator[Sample]:
    return (((school.label, row.device_id), row.last_seen.timestamp()) for row in school.devices)


FAMILIES: dict[Family, Callable[[School], Iterable[Sample]]] = {
    Family("device_info", "info", (*_DEVICE, "class", "maker", "model", "name"),
           "A device of the school: what it is, as the register says today."): _info,
    Family("device_last_seen_timestamp_seconds", "gauge", _DEVICE, "When an agent last met the device."): _last_seen,
    Family("device_manufacture_timestamp_seconds", "gauge", _DEVICE,
           "The best date of the device's manufacture; absent where none is told."): _dates(lambda row: row.made_best),
    Family("device_manufacture_earliest_timestamp_seconds", "gauge", _DEVICE,
           "The earliest date that the evidence allows; absent where nothing bounds it."):
        _dates(lambda row: row.made_earliest),
    Family("device_manufacture_latest_timestamp_seconds", "gauge", _DEVICE,
           "The latest date that the evidence allows."): _dates(lambda row: row.made_latest),
    Family("device_support_end_timestamp_seconds", "gauge", _DEVICE,
           "When the first of its system, firmware and hardware loses support; absent where that is not known."):
        _dates(lambda row: row.support_ends),
}  # fmt: skip


def exposition(store: Store, trust_id: str, school_id: str) -> bytes | None:
    """The page of one school, or None where the trust has no such school."""
    with store.reader() as connection:
        names = school_labels(register.schools(connection, trust_id))
        if school_id not in names:
            return None
        rows = register.devices(connection, trust_id, school_id=school_id, limit=MOST_DEVICES)
    return page(families(School(names[school_id], tuple(rows)), trust_id))


def families(school: School, trust_id: str) -> Iterator[Metric]:
    """Every family with its samples; those without a sample are left out."""
    for family, samples in FAMILIES.items():
        metric = filled(family, trust_id, samples(school))
        if metric.samples:
            yield metric
