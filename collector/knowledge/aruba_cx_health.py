"""Health of HPE Aruba switches with AOS-CX: fans, power of supplies, load and memory of stack members.

ARUBAWIRED-FAN-MIB, ARUBAWIRED-POWERSUPPLY-MIB, ARUBAWIRED-VSFv2-MIB. States come as words of AOS-CX and are told in
those of all makers. Identity, members and temperatures are in `aruba_cx`.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_identifier, as_named, as_text, asked
from collector.readers import PERCENT, SPEED, measure
from stocktake.values import Binding

ARUBA_WIRED = "1.3.6.1.4.1.47196.4.1.1.3"
SUPPLY, FAN, MEMBER = f"{ARUBA_WIRED}.11.2.1.1", f"{ARUBA_WIRED}.11.5.1.1", f"{ARUBA_WIRED}.15.1.2.1"
STATES = {"ok": "ok", "fault": "failed", "empty": "not present", "uninitialized": "off", "unknown": ""}


def _state(binding: Binding) -> str:
    return STATES.get(as_text(binding).lower(), "failed" if "fault" in as_text(binding) else "")


GAUGES = (
    Gauge("fan", "name", f"{FAN}.4"),
    Gauge("fan", "status", f"{FAN}.5", _state),
    Gauge("fan", "model", f"{FAN}.6", as_named),
    Gauge("fan", "serial", f"{FAN}.7", as_identifier),
    Gauge("fan", "speed", f"{FAN}.8", SPEED, "revolutions_per_minute"),
    Gauge("power supply", "power", f"{SUPPLY}.7", measure(0, 20_000), "watts"),
    Gauge("power supply", "capacity", f"{SUPPLY}.8", measure(1, 20_000), "watts"),
    Gauge("member", "processor_load", f"{MEMBER}.9", PERCENT, "percent"),
    Gauge("member", "memory_load", f"{MEMBER}.10", PERCENT, "percent"),
)

UNDER = ("47196",)
ASKS = (asked("aruba_cx_health", GAUGES, "1.3.6.1.4.1.47196.4.1.1.1"),)


def read(walk: Walk) -> Iterator[Statement]:
    """States and readings of the parts."""
    yield from walk.measured(GAUGES)
