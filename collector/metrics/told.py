"""What a school's devices told last, as series: conditions, loads, temperatures, UPS, supplies, ports, power, disks.

These hold:

1. A part is named by the index that its component ends in; where that is no number, by `n` and its place among the
   parts of its kind. So no word of a device is a label, and renaming a part makes no new series.
2. Words of ports and supplies are in `…_info` alone, and change at most once a day: `store.labels`.
3. What was not told has no series. Percent become ratios.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from collector import volumes
from collector.health import WORDS, State
from collector.metrics.families import Family, Sample
from collector.store.conditions import Standing

MOST_PARTS = 512  # of one kind, of one device
INDEX = re.compile(r"[0-9]+(\.[0-9]+){0,7}")
INDEX_LIMIT = 32  # characters
BATTERY = "battery/ups"
_DEVICE = ("school", "device")

Part = Mapping[str, Any]  # name -> value
Parts = Mapping[str, Part]  # component -> name -> value
Kinds = Mapping[str, list[tuple[str, str, Part]]]  # first word of the component -> index, component, part


@dataclass(frozen=True, slots=True)
class Told:
    """One reading of one school: the label of the series, and what each device told."""

    label: str
    devices: Mapping[str, Parts] = field(default_factory=dict)
    up: Mapping[str, bool] = field(default_factory=dict)
    conditions: tuple[Standing, ...] = ()
    words: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    kinds: Mapping[str, Kinds] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", {device_id: by_kind(told) for device_id, told in self.devices.items()})


Samples = Callable[[Told], Iterable[Sample]]


def number(value: Any) -> float | None:
    """A number, or None where something else was told."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def by_kind(told: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Any]]]:
    """Parts by their kind: each by its index, or by `n` and its place where it has none."""
    found: dict[str, list[tuple[str, str, Any]]] = {}
    for component in sorted(told):
        first, _, rest = component.partition("/")
        listed = found.setdefault(first, [])
        if len(listed) < MOST_PARTS:
            plain = len(rest) <= INDEX_LIMIT and INDEX.fullmatch(rest)
            listed.append((rest if plain else f"n{len(listed) + 1}", component, told[component]))
    return found


def _of_device(value: Callable[[Parts], float | None]) -> Samples:
    def samples(school: Told) -> Iterator[Sample]:
        for device_id, told in school.devices.items():
            found = value(told)
            if found is not None:
                yield (school.label, device_id), found

    return samples


def _of_parts(kinds: tuple[str, ...], value: Callable[[Mapping[str, Any]], float | None]) -> Samples:
    """One sample for each part of some kinds; where there are several kinds, the label says which: `disk-0`."""

    def samples(school: Told) -> Iterator[Sample]:
        for device_id, told in school.kinds.items():
            for kind in kinds:
                for index, _, part in told.get(kind, ()):
                    found = value(part)
                    if found is not None:
                        label = index if len(kinds) == 1 else f"{kind.replace(' ', '-')}-{index}"
                        yield (school.label, device_id, label), found

    return samples


def _own(name: str, scale: float = 1.0, component: str = "") -> Samples:
    def value(told: Parts) -> float | None:
        found = number(told.get(component, {}).get(name))
        return None if found is None else found * scale

    return _of_device(value)


def _part(name: str, scale: float = 1.0) -> Callable[[Mapping[str, Any]], float | None]:
    def value(part: Mapping[str, Any]) -> float | None:
        found = number(part.get(name))
        return None if found is None else found * scale

    return value


def _ratio(some: Any, most: Any) -> float | None:
    part, whole = number(some), number(most)
    return part / whole if part is not None and whole and 0 <= part <= whole else None


def _load(told: Parts) -> float | None:
    own = number(told.get("", {}).get("processor_load"))
    if own is None:
        loads = [number(part.get("load")) for name, part in told.items() if name.startswith("processor/")]
        own = max((load for load in loads if load is not None), default=None)
    return own / 100 if own is not None and 0 <= own <= 100 else None


def _memory(told: Parts) -> float | None:
    own = told.get("", {})
    load = number(own.get("memory_load"))
    if load is not None:
        return load / 100 if 0 <= load <= 100 else None
    found = [_ratio(own.get("memory_used"), own.get("memory"))]
    found += [_ratio(part.get("used"), part.get("size")) for name, part in told.items() if name.startswith("memory/")]
    return max((ratio for ratio in found if ratio is not None), default=None)


def _volume(part: Mapping[str, Any]) -> float | None:
    if not volumes.is_counted(part):
        return None
    if "used" in part:
        return _ratio(part["used"], part.get("size"))
    free = _ratio(part.get("free"), part.get("size"))
    return None if free is None else 1 - free


def _works(part: Mapping[str, Any]) -> float | None:
    state = WORDS.get(str(part.get("status", "")).lower())
    return None if state is None else float(state is State.OK)


def _fails(part: Mapping[str, Any]) -> float | None:
    if isinstance(part.get("healthy"), bool):
        return float(not part["healthy"])
    works = _works(part)
    return None if works is None else 1 - works


def _on_battery(told: Parts) -> float | None:
    source = told.get("", {}).get("output_source")
    if source is not None:
        return float(source == "battery")
    seconds = number(told.get(BATTERY, {}).get("seconds_on_battery"))
    return None if seconds is None else float(seconds > 0)


def _ups_load(told: Parts) -> float | None:
    loads = [number(part.get("load")) for name, part in told.items() if name.partition("/")[0] == "output"]
    if BATTERY in told:
        loads.append(number(told.get("", {}).get("load")))
    known = [load for load in loads if load is not None]
    return max(known) / 100 if known else None


def _health(part: Mapping[str, Any]) -> float | None:
    health = number(part.get("health"))
    return None if health is None or not 0 <= health <= 100 else 1 - health / 100


def _power(name: str) -> Samples:
    def value(told: Parts) -> float | None:
        watts = [number(part.get(name)) for key, part in told.items() if key.startswith("power over ethernet/")]
        known = [each for each in watts if each is not None]
        return sum(known) if known else None

    return _of_device(value)


def _ports(value: Callable[[Mapping[str, Any]], float | None]) -> Samples:
    """One sample for each port that has words: those of switches, routers and firewalls."""

    def samples(school: Told) -> Iterator[Sample]:
        for device_id, words in school.words.items():
            for index, component, part in school.kinds.get(device_id, {}).get("interface", ()):
                found = value(part) if component in words else None
                if found is not None:
                    yield (school.label, device_id, index), found

    return samples


def _port_up(part: Mapping[str, Any]) -> float | None:
    return float(part["status"] == "up") if isinstance(part.get("status"), str) else None


def _errors(school: Told) -> Iterator[Sample]:
    for direction in ("in", "out"):
        for (label, device, port), count in _ports(_part(f"errors_{direction}"))(school):
            yield (label, device, port, direction), count


def _words(first: str) -> Samples:
    def samples(school: Told) -> Iterator[Sample]:
        for device_id, listed in school.words.items():
            for index, _, words in by_kind(listed).get(first, ()):
                yield (school.label, device_id, index, *words), 1

    return samples


STATES = {"ok": 0, "warning": 1, "critical": 2}


def _conditions(school: Told) -> Iterator[Sample]:
    for one in school.conditions:
        if one.state in STATES:
            yield (school.label, one.device_id, one.aspect), STATES[one.state]


def _acknowledged(school: Told) -> Iterator[Sample]:
    return (((school.label, one.device_id, one.aspect), 1) for one in school.conditions if one.acknowledged)


def _up(school: Told) -> Iterator[Sample]:
    return (((school.label, device_id), float(up)) for device_id, up in school.up.items())


_ASPECT = (*_DEVICE, "aspect")

FAMILIES: dict[Family, Samples] = {
    Family("device_condition", "gauge", _ASPECT,
           "How well an aspect of the device is: 0 ok, 1 warning, 2 critical; absent where it is unknown."):
        _conditions,
    Family("device_condition_acknowledged", "gauge", _ASPECT,
           "1 where a person knows of a condition that is not ok, until the day that they named."): _acknowledged,
    Family("device_up", "gauge", _DEVICE,
           "Whether the device answered when its network was looked at last; absent where nobody looks."): _up,
    Family("device_uptime_seconds", "gauge", _DEVICE, "How long the device had run when it was examined last."):
        _own("uptime"),
    Family("device_processor_load_ratio", "gauge", _DEVICE, "Load of the processor, or of the busiest, 0 to 1."):
        _of_device(_load),
    Family("device_memory_used_ratio", "gauge", _DEVICE, "Memory in use, of the fullest pool, 0 to 1."):
        _of_device(_memory),
    Family("device_storage_used_ratio", "gauge", (*_DEVICE, "volume"), "How full a volume or array is, 0 to 1."):
        _of_parts(("volume", "array", "pool"), _volume),
    Family("device_temperature_celsius", "gauge", (*_DEVICE, "sensor"), "Temperature at a sensor or part."):
        _of_parts(("sensor", "module", "part", "member", "disk", "drive", "battery", "power supply"),
                  _part("temperature")),
    Family("device_fan_ok", "gauge", (*_DEVICE, "part"), "Whether a fan runs as it should."):
        _of_parts(("fan", "fan tray"), _works),
    Family("device_power_supply_ok", "gauge", (*_DEVICE, "part"), "Whether a power supply works."):
        _of_parts(("power supply",), _works),
    Family("ups_on_battery", "gauge", _DEVICE, "Whether the UPS runs on its battery."): _of_device(_on_battery),
    Family("ups_runtime_seconds", "gauge", _DEVICE, "How long the battery of the UPS would last."):
        _own("runtime", 1.0, BATTERY),
    Family("ups_charge_ratio", "gauge", _DEVICE, "Charge of the battery of the UPS, 0 to 1."):
        _own("charge", 0.01, BATTERY),
    Family("ups_load_ratio", "gauge", _DEVICE, "What the UPS carries, of what it can; above 1 it is overloaded."):
        _of_device(_ups_load),
    Family("supply_level_ratio", "gauge", (*_DEVICE, "supply"),
           "What is left of a supply of a printer, 0 to 1; of a waste container, the room that is left."):
        _of_parts(("supply",), _part("level", 0.01)),
    Family("supply_info", "info", (*_DEVICE, "supply", "colour", "description"), "A supply of a printer."):
        _words("supply"),
    Family("printer_pages", "counter", _DEVICE, "Pages that the printer has printed in its life."): _own("pages"),
    Family("port_up", "gauge", (*_DEVICE, "port"), "Whether a port of a switch, router or firewall has a link."):
        _ports(_port_up),
    Family("port_speed_bytes_per_second", "gauge", (*_DEVICE, "port"),
           "Speed of a port; 1 Gb/s are 125,000,000 bytes a second."): _ports(_part("speed", 1 / 8)),
    Family("port_errors", "counter", (*_DEVICE, "port", "direction"),
           "Faulty frames at a port, direction in or out; absent where there never was one."): _errors,
    Family("port_info", "info", (*_DEVICE, "port", "name"), "A port, and the name that the device gives it."):
        _words("interface"),
    Family("poe_used_watts", "gauge", _DEVICE, "Power that a switch gives to devices."): _power("consumption"),
    Family("poe_budget_watts", "gauge", _DEVICE, "Power that a switch can give to devices."): _power("capacity"),
    Family("disk_predicted_failure", "gauge", (*_DEVICE, "disk"),
           "Whether a disk predicts its failure, or has failed."): _of_parts(("disk", "drive"), _fails),
    Family("battery_wear_ratio", "gauge", (*_DEVICE, "battery"),
           "What a battery has lost of the capacity that it had when it was new, 0 to 1."):
        _of_parts(("battery",), _health),
}  # fmt: skip
