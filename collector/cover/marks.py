"""Marks that people give, 1 (poor) to 5 (good), to services and to devices; and their averages with their counts. Pure.

A mark counts for two years: two yearly surveys. Of a device, marks of itself count before those of its model and room
together, those before marks of one of them, and those before marks of its whole class.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from collector.cover.values import Device, folded

LOWEST, HIGHEST = 1, 5
COUNTS_FOR = timedelta(days=731)
_Key = tuple[str, str, str, str, str]  # school, device, class, model, room: what a mark names


class By(enum.StrEnum):
    """Who judges a service."""

    SCHOOL = "school"
    USERS = "users"
    SUPPORT = "support team"


@dataclass(frozen=True, slots=True)
class ServiceMark:
    """What somebody thinks of a service at a school. `made_by`: who put it down here, who may not be who gave it."""

    mark_id: str
    school_id: str
    service: str
    by: By
    mark: int
    day: date
    remark: str = ""
    made_by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class DeviceMark:
    """What somebody thinks of devices at a school: of one, or of all of a class, model or room. Empty: whatever."""

    mark_id: str
    school_id: str
    mark: int
    day: date
    device_class: str = ""
    model: str = ""
    room: str = ""
    device_id: str = ""
    remark: str = ""
    made_by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Mean:
    """An average, which never stands without how many it is of."""

    value: float
    count: int


def mean(marks: Iterable[int]) -> Mean | None:
    """The average of marks; None of none."""
    given = list(marks)
    return Mean(sum(given) / len(given), len(given)) if given else None


def counts(day: date, today: date) -> bool:
    """Whether a mark of a day still counts."""
    return today - COUNTS_FOR <= day <= today


def of_devices(devices: Iterable[Device], marks: Iterable[DeviceMark]) -> dict[str, Mean]:
    """The average of what was said most closely of each device; those without a mark are left out."""
    given: dict[_Key, list[int]] = {}
    for mark in marks:
        given.setdefault(_key(mark), []).append(mark.mark)
    return {device.device_id: found for device in devices if (found := _closest(device, given))}


def _key(mark: DeviceMark) -> _Key:
    if mark.device_id:
        return "", mark.device_id, "", "", ""
    return mark.school_id, "", mark.device_class, folded(mark.model), folded(mark.room)


def _closest(device: Device, given: Mapping[_Key, list[int]]) -> Mean | None:
    """Of what was said of a device, that which names most of it; two ways of naming as much count together."""
    own = given.get(("", device.device_id, "", "", ""))
    if own:
        return mean(own)
    model, room = folded(device.model), folded(device.room)
    by_weight: dict[int, list[int]] = {}
    keys = {(c, m, r) for c in ("", device.device_class) for m in ("", model) for r in ("", room) if c or m or r}
    for named in keys:
        if found := given.get((device.school_id, "", *named)):
            by_weight.setdefault(_weight(*named), []).extend(found)
    return mean(by_weight[max(by_weight)]) if by_weight else None


def _weight(device_class: str, model: str, room: str) -> int:
    """How closely a mark looks: model and room together, then one of them, then the class."""
    return 2 * (bool(model) + bool(room)) or bool(device_class)
