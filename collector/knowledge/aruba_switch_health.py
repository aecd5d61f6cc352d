"""Health of HPE and Aruba switches with ArubaOS-Switch: fans, power supplies, memory, temperature, transceivers, PoE.

HP-ICF-CHASSIS, FAN-MIB and POWERSUPPLY-MIB of HP's ICF, HP-ICF-TRANSCEIVER-MIB, STATISTICS-MIB. Load and the old
sensor table are in `aruba_switch`, serials of members in `entity`. A transceiver that ENTITY-MIB lists with its serial
is not stated again.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_identifier, as_named, asked
from collector.readers import CELSIUS, measure, word

HP = "1.3.6.1.4.1.11.2.14.11"
ENTITY_SERIAL = "1.3.6.1.2.1.47.1.1.1.1.11"
FANS, SUPPLIES = f"{HP}.5.1.54.2.1.1", f"{HP}.5.1.55.1.1.1"
MEMORY = f"{HP}.5.1.1.2.1.1.1"  # hpLocalMemEntry, by slot: .5 size .7 allocated
AIR = f"{HP}.1.2.8.1.1"  # hpSystemAirEntry: .2 name .3 temperature as text
OPTICS = f"{HP}.5.1.82.1.1.1.1"  # hpicfXcvrInfoEntry, by interface
LIGHT = measure(-50, 20, 0.001)
SERIAL = f"{OPTICS}.4"
GAUGES = (
    Gauge("fan", "status", f"{FANS}.4", word({0: "failed", 1: "not present", 2: "off", 3: "warning", 4: "warning",
                                             5: "ok"})),
    Gauge("power supply", "status", f"{SUPPLIES}.2", word({1: "not present", 2: "off", 3: "ok", 4: "failed",
                                                           5: "failed", 7: "warning", 8: "off", 9: "off"})),
    Gauge("power supply", "temperature", f"{SUPPLIES}.4", CELSIUS, "celsius"),
    Gauge("power supply", "power", f"{SUPPLIES}.6", measure(0, 10_000), "watts"),
    Gauge("power supply", "capacity", f"{SUPPLIES}.7", measure(1, 10_000), "watts"),
    Gauge("power supply", "model", f"{SUPPLIES}.9", as_named),
    Gauge("memory", "size", f"{MEMORY}.5", measure(1, 2**40), "bytes"),
    Gauge("memory", "used", f"{MEMORY}.7", measure(0, 2**40), "bytes"),
    Gauge("sensor/air", "name", f"{AIR}.2"),
    Gauge("sensor/air", "temperature", f"{AIR}.3", CELSIUS, "celsius"),
    Gauge("transceiver/port", "model", f"{OPTICS}.3", as_named),
    Gauge("transceiver/port", "type", f"{OPTICS}.5", as_named),
    Gauge("transceiver/port", "temperature", f"{OPTICS}.11", measure(1, 150, 0.001), "celsius"),
    Gauge("transceiver/port", "voltage", f"{OPTICS}.12", measure(0.1, 20, 0.0001), "volts"),
    Gauge("transceiver/port", "light_sent", f"{OPTICS}.14", LIGHT, "decibel_milliwatts"),
    Gauge("transceiver/port", "light_received", f"{OPTICS}.15", LIGHT, "decibel_milliwatts"),
)  # fmt: skip

UNDER = ("11",)
ASKS = (asked("aruba_switch_health", (*GAUGES, Gauge("", "", SERIAL)), "1.3.6.1.4.1.11.2.3.7"),)


def read(walk: Walk) -> Iterator[Statement]:
    """States and readings of the parts."""
    if not walk.has(HP):
        return
    yield from walk.measured(GAUGES)
    known = {binding.value for binding in walk.column(ENTITY_SERIAL).values()}
    fresh = {index for index, binding in walk.column(SERIAL).items() if binding.value not in known}
    yield from walk.column_states("serial", SERIAL, component="transceiver/port", read=as_identifier, only=fresh)
