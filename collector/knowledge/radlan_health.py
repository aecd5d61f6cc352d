"""Switches with a RADLAN inside (Cisco Small Business, Dell PowerConnect, Eltex, OmniStack): load and environment.

RADLAN-Physicaldescription-MIB (fans, supplies and temperature of each unit), RADLAN-ENV-MIB, RADLAN-rndMng, RADLAN's
PoE table; the same tree is under RADLAN's own number and under Cisco's. Identity is in `cisco_small_business`.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, asked
from collector.readers import CELSIUS, PERCENT, measure, word

TREES = ("1.3.6.1.4.1.89", "1.3.6.1.4.1.9.6.1.101")
STATE = word({1: "ok", 2: "warning", 3: "critical", 4: "off", 5: "not present", 6: "failed"})  # RlEnvMonState


def _gauges(tree: str) -> tuple[tuple[Gauge, ...], tuple[Gauge, ...], tuple[Gauge, ...]]:
    """What is always read; parts by RADLAN-ENV-MIB; parts by unit where that MIB tells nothing."""
    unit = f"{tree}.53.15.1"  # rlPhdUnitEnvParamEntry, by unit
    always = (
        Gauge("", "processor_load", f"{tree}.1.9.0", PERCENT, "percent"),  # during the last five minutes
        Gauge("sensor/unit", "temperature", f"{unit}.10", CELSIUS, "celsius"),
        Gauge("power over ethernet", "power", f"{tree}.108.1.1.5", measure(0, 200, 0.001), "watts"),  # rlPethPsePort
    )
    named = (
        Gauge("fan", "name", f"{tree}.83.1.1.1.2"),
        Gauge("fan", "status", f"{tree}.83.1.1.1.3", STATE),
        Gauge("power supply", "name", f"{tree}.83.1.2.1.2"),
        Gauge("power supply", "status", f"{tree}.83.1.2.1.3", STATE),
    )
    units = (
        Gauge("power supply/main", "status", f"{unit}.2", STATE),
        Gauge("power supply/redundant", "status", f"{unit}.3", STATE),
        *(Gauge(f"fan/{number}", "status", f"{unit}.{number + 3}", STATE) for number in range(1, 6)),
    )
    return always, named, units


GAUGES = tuple(_gauges(tree) for tree in TREES)
UNDER = (
    "89",
    "9",
)
ASKS = (
    asked("radlan_health", (gauge for kinds in GAUGES for gauges in kinds for gauge in gauges),
          "1.3.6.1.4.1.89", "1.3.6.1.4.1.9.6.1", "1.3.6.1.4.1.674.10895", "1.3.6.1.4.1.35265.1", "1.3.6.1.4.1.3955",
          "1.3.6.1.4.1.6486.800.1.1.2.2"),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Load, temperatures, fans and supplies; what is not present is not stated as a part of a unit."""
    for tree, (always, named, units) in zip(TREES, GAUGES, strict=True):
        if not walk.has(tree):
            continue
        yield from walk.measured(always)
        if walk.column(named[1].oid) or walk.column(named[3].oid):
            yield from walk.measured(named)
        else:
            yield from (said for said in walk.measured(units) if getattr(said, "value", "") != "not present")
