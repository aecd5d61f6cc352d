"""Physical disks of a machine: model, serial, firmware, size, and what `smartctl --json` tells of their life."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from collector.facts import identifier_text, named_text, text
from collector.knowledge import Statement, Witness
from stocktake.values import Disk, Disks

READS = Disks
MOST_DISKS = 256
LARGEST_JSON = 1 << 20  # octets; smartctl's whole answer has some 30 kB
FACTS = {
    "model": ("model_name",),
    "serial": ("serial_number",),
    "firmware": ("firmware_version",),
    "size [bytes]": ("user_capacity", "bytes"),
    "temperature [celsius]": ("temperature", "current"),
    "power_cycles": ("power_cycle_count",),
    "healthy": ("smart_status", "passed"),
    "wear [percent]": ("nvme_smart_health_information_log", "percentage_used"),
    "spare [percent]": ("nvme_smart_health_information_log", "available_spare"),
    "media_errors": ("nvme_smart_health_information_log", "media_errors"),
}
HOURS = ("power_on_time", "hours")
#: SMART attributes of ATA disks, by their numbers: sectors that were replaced, and that wait for it
ATTRIBUTES = {5: "reallocated_sectors", 197: "pending_sectors"}
MOST_ATTRIBUTES = 64


def read(content: Disks, witness: Witness) -> Iterator[Statement]:
    """Every disk as a component."""
    for disk in content.disks[:MOST_DISKS]:
        yield from _disk(disk, f"disk/{text(disk.name, 64)}", witness)


def _disk(disk: Disk, component: str, witness: Witness) -> Iterator[Statement]:
    told = {
        "model": named_text(disk.model),
        "serial": identifier_text(disk.serial),
        "firmware": named_text(disk.firmware),
        "size [bytes]": disk.size_bytes,
    }
    yield from witness.facts(told, disk.name, component=component)
    if disk.rotational is not None:
        yield from witness.fact(
            "type", "hard disk" if disk.rotational else "solid state", disk.name, component=component
        )
    if disk.smart_json:
        yield from _smart(disk, component, witness)


def _smart(disk: Disk, component: str, witness: Witness) -> Iterator[Statement]:
    try:
        answer = json.loads(disk.smart_json) if len(disk.smart_json) <= LARGEST_JSON else None
    except (ValueError, RecursionError) as error:
        yield from witness.unread(f"smartctl's answer is no JSON: {type(error).__name__}", disk.name)
        return
    for name, path in FACTS.items():
        value = _clean(name, _at(answer, path))
        yield from witness.facts({name: value}, f"{disk.name} {'.'.join(path)}", component=component, weight=60)
    table = _at(answer, ("ata_smart_attributes", "table"))
    for row in table[:MOST_ATTRIBUTES] if isinstance(table, list) else ():
        counted = ATTRIBUTES.get(row["id"]) if isinstance(row, dict) and isinstance(row.get("id"), int) else None
        if counted is not None:
            count = _clean(counted, _at(row, ("raw", "value")))
            yield from witness.fact(counted, count, f"{disk.name} ata_smart_attributes", component=component, weight=60)
    hours = _at(answer, HOURS)
    if isinstance(hours, int) and not isinstance(hours, bool) and 0 <= hours < 1_000_000:
        place = f"{disk.name} power_on_time.hours"
        yield from witness.fact("power_on_time", hours * 3600, place, component=component, unit="seconds")


def _at(answer: Any, path: tuple[str, ...]) -> Any:
    """The value at a path of keys, or None where the answer is built otherwise."""
    for key in path:
        answer = answer.get(key) if isinstance(answer, dict) else None
    return answer


def _clean(name: str, value: Any) -> str | int | bool | None:
    """A value of the type that the fact has; anything else is not there."""
    if name in ("model", "serial", "firmware"):
        clean = identifier_text if name == "serial" else named_text
        return clean(value) if isinstance(value, str) else None
    if name == "healthy":
        return value if isinstance(value, bool) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63 else None
