"""Parts of Cisco devices: CISCO-ENTITY-FRU-CONTROL-MIB, enhanced memory pools, voltages, NX-OS and old IOS loads.

Indexes of the first are those of ENTITY-MIB, so components are called by the same names. Temperatures, fans and
processors of CISCO-ENVMON-MIB and CISCO-PROCESS-MIB are in `cisco_health`, CISCO-ENTITY-SENSOR-MIB in
`entity_sensors`. PoE of a port is named by group and port as in POWER-ETHERNET-MIB.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Gauge, Statement, Walk, asked
from collector.readers import PERCENT, measure, word

CISCO = "1.3.6.1.4.1.9.9"
CLASS = "1.3.6.1.2.1.47.1.1.1.1.5"
SUPPLY = f"{CISCO}.117.1.1.2.1.2"  # cefcFRUPowerOperStatus, of modules too
SUPPLY_STATE = word({1: "off", 2: "ok", 3: "off", 4: "off", 5: "failed", 6: "off", 7: "failed", 8: "failed",
                     9: "failed", 10: "failed", 11: "off", 12: "warning"})  # fmt: skip
POOLS = f"{CISCO}.221.1.1.1.1"  # cempMemPoolEntry: .3 name .7 used .8 free, .18 and .20 the same in 64 bits
VOLTAGES = f"{CISCO}.13.1.2.1"  # ciscoEnvMonVoltageStatusEntry: .2 description .3 millivolts
GAUGES = (
    Gauge("fan", "status", f"{CISCO}.117.1.4.1.1.1", word({2: "ok", 3: "failed", 4: "warning"})),
    Gauge("sensor/voltage", "name", f"{VOLTAGES}.2"),
    Gauge("sensor/voltage", "voltage", f"{VOLTAGES}.3", measure(0.001, 1000, 0.001), "volts"),
    Gauge("", "processor_load", f"{CISCO}.305.1.1.1.0", PERCENT, "percent"),  # cseSysCPUUtilization
    Gauge("", "memory_load", f"{CISCO}.305.1.1.2.0", PERCENT, "percent"),
    Gauge("", "processor_load", "1.3.6.1.4.1.9.2.1.58.0", PERCENT, "percent", 40),  # avgBusy5
    # cpeExtPsePortPwrConsumption; .8 beside it is what a port may take
    Gauge("power over ethernet", "power", f"{CISCO}.402.1.2.1.9", measure(0, 200, 0.001), "watts"),
)
LOAD = f"{CISCO}.109.1.1.1.1.8"  # cpmCPUTotal5minRev, asked by `cisco_health`

UNDER = ("9",)
ASKS = (
    asked("cisco_parts", (*GAUGES, *(Gauge("", "", oid) for oid in (
        SUPPLY, *(f"{POOLS}.{number}" for number in (3, 7, 8, 18, 20))))), "1.3.6.1.4.1.9"),
)  # fmt: skip
MOST = 128


def read(walk: Walk) -> Iterator[Statement]:
    """States of power supplies and fans, memory and load."""
    yield from walk.measured(GAUGES)
    if walk.column(SUPPLY):
        supplies = {index for index in walk.column(SUPPLY) if walk.integer(f"{CLASS}.{index}") == 6}
        yield from walk.column_states("status", SUPPLY, component="power supply", read=SUPPLY_STATE, only=supplies)
    for index in list(walk.column(f"{POOLS}.3"))[:MOST]:
        yield from _pool(walk, index)
    for index in list(walk.column(LOAD))[:1]:
        yield from walk.state("processor_load", f"{LOAD}.{index}", read=PERCENT, unit="percent", weight=45)


def _pool(walk: Walk, index: str) -> Iterator[Statement]:
    wide = walk.integer(f"{POOLS}.18.{index}") is not None
    used, free = (f"{POOLS}.{number}.{index}" for number in ((18, 20) if wide else (7, 8)))
    held, spare = walk.integer(used), walk.integer(free)
    if held is None or spare is None or held < 0 or spare < 0:
        return
    component = f"memory/{index[:LONGEST_INDEX]}"
    yield from walk.state("name", f"{POOLS}.3.{index}", component=component)
    yield from walk.fact("used", held, used, component=component, unit="bytes")
    yield from walk.fact("size", held + spare, free, component=component, unit="bytes")
