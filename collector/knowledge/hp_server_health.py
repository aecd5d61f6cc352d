"""Health of HPE servers by iLO and Insight agents: overall state, fans, memory, arrays, controllers, monitors.

CPQHLTH-MIB, CPQIDA-MIB and CPQSINFO-MIB (a monitor with its serial and the day of its making). Identity, supplies,
disks and temperatures are in `hp_servers`. Users and logs are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_date, as_identifier, as_named, asked, dated
from collector.readers import SPEED, measure, word
from stocktake.values import Cadence

COMPAQ = "1.3.6.1.4.1.232"
FANS, MEMORY = f"{COMPAQ}.6.2.6.7.1", f"{COMPAQ}.6.2.14.13.1"  # cpqHeFltTolFanEntry, cpqHeResMem2ModuleEntry
CONTROLLERS, ARRAYS = f"{COMPAQ}.3.2.2.1.1", f"{COMPAQ}.3.2.3.1.1"  # cpqDaCntlrEntry, cpqDaLogDrvEntry
MONITORS = f"{COMPAQ}.2.2.8.2.1"  # cpqSiMonitorEntry
CONDITION = word({2: "ok", 3: "warning", 4: "critical"})
GAUGES = (
    Gauge("", "status", f"{COMPAQ}.6.1.3.0", CONDITION),
    Gauge("fan", "status", f"{FANS}.9", CONDITION),
    Gauge("fan", "speed", f"{FANS}.12", SPEED, "revolutions_per_minute"),
    Gauge("memory", "size", f"{MEMORY}.6", measure(1, 2**50, 1024), "bytes"),
    Gauge("controller", "serial", f"{CONTROLLERS}.15", as_identifier),
    Gauge("controller", "firmware", f"{CONTROLLERS}.3", as_named),
    Gauge("controller", "status", f"{CONTROLLERS}.6", CONDITION),
    Gauge("array", "status", f"{ARRAYS}.11", CONDITION),
    Gauge("array", "size", f"{ARRAYS}.9", measure(1, 2**60, 1 << 20), "bytes"),
)
OF_MONITORS = (
    Gauge("monitor", "model", f"{MONITORS}.3", as_named),
    Gauge("monitor", "serial", f"{MONITORS}.4", as_identifier),
    *dated("monitor", "manufactured", f"{MONITORS}.5", as_date),
)
PREFIXES = (COMPAQ, "1.3.6.1.4.1.311.1.1.3.1", "1.3.6.1.4.1.8072.3.2.10", "1.3.6.1.4.1.6876", "1.3.6.1.4.1.11.2.51")

UNDER = ("232",)
ASKS = (
    asked("hp_server_health", GAUGES, *PREFIXES),
    asked("hp_server_monitors", OF_MONITORS, *PREFIXES, cadence=Cadence.INVENTORY),
)


def read(walk: Walk) -> Iterator[Statement]:
    """States and readings of the parts, and the monitors on them."""
    yield from walk.measured(GAUGES)
    yield from walk.measured(OF_MONITORS)
