"""The series of one school's devices, for a scrape of its own: who they are, when they were made, how they are.

These hold:

1. A word that a device sent is a label in `stocktake_{device,port,supply}_info` alone, normalised, at most 64
   characters long, and changes at most once a day; every other series has the device's id, which joins them.
2. What is not known has no series.
3. A date is a timestamp: an age is `time()` minus it, and no value changes by itself from day to day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from collector.facts import text
from collector.metrics import told
from collector.metrics.families import LABEL_LIMIT, Family, Filled, Sample, filled, known_class, page, school_labels
from collector.metrics.told import Told
from collector.store import Store, Transaction, bounds, conditions, dossiers, labels, register
from collector.store.register import DeviceRow

MOST_DEVICES = 100_000  # of one school
_DEVICE = ("school", "device")


@dataclass(frozen=True, slots=True)
class School:
    """One reading of one school: the label that the series use, and its rows."""

    label: str
    devices: tuple[DeviceRow, ...]
    told: Told = field(default_factory=lambda: Told(""))


def _info(school: School) -> Iterator[Sample]:
    for row in school.devices:
        said = (row.device_class, row.maker, row.model, row.name)
        kind, *words = school.told.words.get(row.device_id, {}).get("", said)
        labels = (school.label, row.device_id, known_class(kind))
        yield (*labels, *(text(value, LABEL_LIMIT) for value in words)), 1


def _of_told(samples: told.Samples) -> Callable[[School], Iterable[Sample]]:
    return lambda school: samples(school.told)


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
    **{family: _of_told(samples) for family, samples in told.FAMILIES.items()},
}  # fmt: skip


def exposition(store: Store, trust_id: str, school_id: str, today: date) -> bytes | None:
    """The page of one school on a day, or None where the trust has no such school."""
    with store.reader() as connection:
        names = school_labels(register.schools(connection, trust_id))
        if school_id not in names:
            return None
        rows = register.devices(connection, trust_id, school_id=school_id, limit=MOST_DEVICES)
        read = _told(connection, trust_id, school_id, names[school_id], today)
    return page(families(School(names[school_id], tuple(rows), read), trust_id))


def _told(connection: Transaction, trust_id: str, school_id: str, label: str, today: date) -> Told:
    numbers = dossiers.numbers_of_school(connection, trust_id, school_id)
    standing = conditions.of_school(connection, trust_id, school_id, today)
    words = labels.of_school(connection, trust_id, school_id)
    return Told(label, numbers.told, numbers.up, tuple(standing), words)


def discovery(store: Store, trust_id: str, target: str, school_ids: bounds.Schools = None) -> list[dict[str, object]]:
    """Where Prometheus finds the page of each school (HTTP service discovery); `target` is host:port."""
    with store.reader() as connection:
        names = school_labels(register.schools(connection, trust_id, school_ids))
    return [
        {
            "targets": [target],
            "labels": {"__metrics_path__": f"/metrics/schools/{school_id}", "school": label, "trust": trust_id},
        }
        for school_id, label in names.items()
    ]


def families(school: School, trust_id: str) -> Iterator[Filled]:
    """Every family with its samples; those without a sample are left out."""
    for family, samples in FAMILIES.items():
        metric = filled(family, trust_id, samples(school))
        if metric.told:
            yield metric
