"""Health of network storage: Synology (system, fans, sizes of arrays), QNAP (load, memory, fans, supplies, disks).

SYNOLOGY-SYSTEM-MIB and SYNOLOGY-RAID-MIB; NAS-MIB of QNAP in both generations, where the older writes numbers as text
with their units (`28 C/82 F`, `3926.3 MB`). Identity, disks and states of arrays are in `synology` and `qnap`.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_text, asked
from collector.readers import CELSIUS, PERCENT, SPEED, measure, word
from stocktake.values import Binding

SYNOLOGY, QNAP = "1.3.6.1.4.1.6574", "1.3.6.1.4.1.24681.1"
OLD, NEW = f"{QNAP}.2", f"{QNAP}.4.1.1.1.1"
STATE = word({1: "ok", 2: "failed"})
OCTETS = measure(1, 2**63)
SIZES = {"MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}


def _octets(binding: Binding) -> int | str:
    """`3926.3 MB` in octets."""
    number, _, unit = as_text(binding).partition(" ")
    factor = SIZES.get(unit.strip().upper())
    if factor is None or not number.replace(".", "", 1).isdecimal() or len(number) > 15:
        raise ValueError(f"no size: {as_text(binding)[:20]}")
    return int(float(number) * factor)


def _disk_state(binding: Binding) -> str:
    return {"good": "ok", "warning": "warning", "abnormal": "failed", "error": "failed"}.get(
        as_text(binding).lower(), ""
    )


OF_SYNOLOGY = (
    Gauge("", "status", f"{SYNOLOGY}.1.1.0", STATE),
    Gauge("power supply/system", "status", f"{SYNOLOGY}.1.3.0", STATE),
    Gauge("fan/system", "status", f"{SYNOLOGY}.1.4.1.0", STATE),
    Gauge("fan/processor", "status", f"{SYNOLOGY}.1.4.2.0", STATE),
    Gauge("array", "free", f"{SYNOLOGY}.3.1.1.4", OCTETS, "bytes"),
    Gauge("array", "size", f"{SYNOLOGY}.3.1.1.5", OCTETS, "bytes"),
)
OF_QNAP = (
    Gauge("", "processor_load", f"{OLD}.1.0", PERCENT, "percent"),
    Gauge("", "memory", f"{OLD}.2.0", _octets, "bytes", 45),
    Gauge("", "processor_temperature", f"{OLD}.5.0", CELSIUS, "celsius"),
    Gauge("", "temperature", f"{OLD}.6.0", CELSIUS, "celsius"),
    Gauge("fan", "name", f"{OLD}.15.1.2"),
    Gauge("fan", "speed", f"{OLD}.15.1.3", SPEED, "revolutions_per_minute"),
    Gauge("array", "name", f"{OLD}.17.1.2"),
    Gauge("array", "size", f"{OLD}.17.1.4", _octets, "bytes"),
    Gauge("array", "free", f"{OLD}.17.1.5", _octets, "bytes"),
    Gauge("sensor/enclosure", "temperature", f"{NEW}.1.2.1.7", CELSIUS, "celsius"),
    Gauge("fan/enclosure", "speed", f"{NEW}.2.2.1.5", SPEED, "revolutions_per_minute"),
    Gauge("power supply", "temperature", f"{NEW}.3.2.1.6", CELSIUS, "celsius"),
    Gauge("disk", "status", f"{NEW}.5.2.1.4", _disk_state),
    Gauge("disk", "temperature", f"{NEW}.5.2.1.6", CELSIUS, "celsius"),
    Gauge("disk", "size", f"{NEW}.5.2.1.9", OCTETS, "bytes"),
)

UNDER = ("6574", "24681")
ASKS = (
    asked("synology_health", OF_SYNOLOGY, answered=f"{SYNOLOGY}.1.5.1.0"),
    asked("qnap_health", OF_QNAP, "1.3.6.1.4.1.24681"),
)


def read(walk: Walk) -> Iterator[Statement]:
    """States and readings of whichever answers."""
    for number, gauges in (("6574", OF_SYNOLOGY), ("24681", OF_QNAP)):
        if number in walk.enterprises:
            yield from walk.measured(gauges)
