"""Health of Dell's switches: environment of PowerConnect and N-Series, units of OS9 and FTOS, OS10; days of making.

Dell-Vendor-MIB (envMonFan, envMonSupply), DELL-NETWORKING-CHASSIS-MIB and F10-S-SERIES-CHASSIS-MIB (units, supplies,
fan trays; the day of manufacture as DDMMYYYY), DELLEMC-OS10-CHASSIS-MIB. Identity is in `dell_networking`.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_identifier, asked, dated
from collector.readers import CELSIUS, PERCENT, day_first_date, word
from stocktake.values import Cadence

DELL, FORCE10 = "1.3.6.1.4.1.674", "1.3.6.1.4.1.6027.3"
VENDOR, OS10 = f"{DELL}.10895.3000.1.2.110.7", f"{DELL}.11000.5000.100.4.1"
OS9 = f"{FORCE10}.26.1"
STATE = word({1: "ok", 2: "warning", 3: "critical", 4: "off", 5: "not present", 6: "failed"})
UP = word({1: "ok", 2: "failed", 3: "not present"})
OPERATING = word({1: "ok", 2: "off", 6: "not present", 7: "failed", 8: "failed"})
GAUGES = (
    Gauge("fan", "name", f"{VENDOR}.1.1.2"),
    Gauge("fan", "status", f"{VENDOR}.1.1.3", STATE),
    Gauge("power supply", "name", f"{VENDOR}.2.1.2"),
    Gauge("power supply", "status", f"{VENDOR}.2.1.3", STATE),
    Gauge("power supply", "status", f"{OS9}.4.6.1.4", UP),
    Gauge("power supply", "serial", f"{OS9}.4.6.1.6", as_identifier),
    Gauge("fan tray", "status", f"{OS9}.4.7.1.4", UP),
    Gauge("fan tray", "serial", f"{OS9}.4.7.1.5", as_identifier),
    Gauge("processor", "load", f"{OS9}.4.4.1.5", PERCENT, "percent"),
    Gauge("memory", "memory_load", f"{OS9}.4.4.1.6", PERCENT, "percent"),
    Gauge("sensor/unit", "temperature", f"{OS9}.3.4.1.13", CELSIUS, "celsius"),
    Gauge("sensor/card", "temperature", f"{OS10}.1.4.1.5", CELSIUS, "celsius"),
    Gauge("power supply", "status", f"{OS10}.2.1.1.4", OPERATING),
    Gauge("fan tray", "status", f"{OS10}.2.2.1.4", OPERATING),
    Gauge("fan", "status", f"{OS10}.2.3.1.7", OPERATING),
)
#: chStackUnitMfgDate of OS9 and of the S-Series with FTOS
MADE = (f"{OS9}.3.4.1.15", f"{FORCE10}.10.1.2.2.1.18", f"{FORCE10}.19.1.2.1.1.18")

UNDER = (
    "674",
    "6027",
)
ASKS = (
    asked("dell_switch_health", GAUGES, f"{DELL}.10895", f"{DELL}.11000", "1.3.6.1.4.1.6027"),
    asked("dell_switch_days", (Gauge("", "", oid) for oid in MADE), "1.3.6.1.4.1.6027", cadence=Cadence.INVENTORY),
)


def read(walk: Walk) -> Iterator[Statement]:
    """States and readings of the parts, the day on which each unit was made."""
    yield from walk.measured(GAUGES)
    for column in MADE:
        rows = list(walk.column(column))
        for _, name, oid, reader, _, _ in dated("", "manufactured", column, day_first_date) if rows else ():
            yield from walk.state(name, f"{oid}.{rows[0]}", read=reader)
            if len(rows) > 1:
                yield from walk.column_states(name, oid, component="stack unit", read=reader)
