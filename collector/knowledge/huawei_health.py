"""Health of Huawei devices: loads of boards, fans, power supplies, stack roles, and the day on which a board was made.

HUAWEI-ENTITY-EXTENT-MIB (by entPhysicalIndex, fans and supplies by slot) and HUAWEI-STACK-MIB. Temperatures of boards
and identity are in `huawei`; serials of stack members are told by ENTITY-MIB.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_mac, as_named, asked, dated
from collector.readers import PERCENT, measure, word
from stocktake.values import Cadence

HUAWEI = "1.3.6.1.4.1.2011.5.25"
ENTITY = f"{HUAWEI}.31.1.1"
BOARD, FAN, SUPPLY, MEMBER = f"{ENTITY}.1.1", f"{ENTITY}.10.1", f"{ENTITY}.18.1", f"{HUAWEI}.183.1.20.1"
MADE = f"{ENTITY}.2.1.4"  # hwEntityManufacturedDate
BUSY = measure(1, 100)  # 0 is said of boards without a processor
GAUGES = (
    Gauge("module", "processor_load", f"{BOARD}.5", BUSY, "percent"),
    Gauge("module", "memory_load", f"{BOARD}.7", BUSY, "percent"),
    Gauge("fan", "duty", f"{FAN}.5", PERCENT, "percent"),
    Gauge("fan", "status", f"{FAN}.7", word({1: "ok", 2: "failed"})),
    Gauge("power supply", "status", f"{SUPPLY}.6", word({1: "ok", 2: "failed", 3: "off"})),
    Gauge("power supply", "current", f"{SUPPLY}.7", measure(0.001, 1000, 0.001), "amperes"),
    Gauge("power supply", "voltage", f"{SUPPLY}.8", measure(0.001, 1000, 0.001), "volts"),
    Gauge("member", "role", f"{MEMBER}.3", word({1: "master", 2: "standby", 3: "member"})),
    Gauge("member", "mac", f"{MEMBER}.4", as_mac),
    Gauge("member", "model", f"{MEMBER}.5", as_named),
)
DAYS = dated("module", "manufactured", MADE)

UNDER = ("2011",)
ASKS = (
    asked("huawei_parts", GAUGES, "1.3.6.1.4.1.2011.2"),
    asked("huawei_days", DAYS, "1.3.6.1.4.1.2011.2", cadence=Cadence.INVENTORY),
)


def read(walk: Walk) -> Iterator[Statement]:
    """States and readings of the parts."""
    yield from walk.measured(GAUGES)
    yield from walk.measured(DAYS)
