"""Health of Comware devices: loads of boards, fans, power supplies, transceivers, and when each part was first used.

HH3C-ENTITY-EXT-MIB (by entPhysicalIndex), HH3C-LSW-DEV-ADM-MIB, HH3C-TRANSCEIVER-INFO-MIB (by interface). Temperatures
of boards and the serial of the chassis are in `comware`. A transceiver that ENTITY-MIB lists with its serial is not
stated again.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_identifier, as_maker, as_named, asked, dated
from collector.readers import CELSIUS, measure, word
from stocktake.values import Cadence

H3C = "1.3.6.1.4.1.25506"
ENTITY = f"{H3C}.2.6.1.1.1.1"  # hh3cEntityExtStateEntry
ENTITY_CLASS, ENTITY_SERIAL = "1.3.6.1.2.1.47.1.1.1.1.5", "1.3.6.1.2.1.47.1.1.1.1.11"
DEVICE = f"{H3C}.8.35.9.1"  # hh3cDevMFanEntry, hh3cDevMPowerEntry
OPTICS = f"{H3C}.2.70.1.1.1"  # hh3cTransceiverInfoEntry
BUSY = measure(1, 100)  # 0 is said of boards without a processor
STATE = word({1: "ok", 2: "failed", 3: "not present"})
LIGHT = measure(-50, 20, 0.01)
SERIAL = f"{OPTICS}.5"
FIRST_USED = f"{ENTITY}.25"
#: what a row of ENTITY-MIB is called as a component, by entPhysicalClass
WORDS = {3: "chassis", 6: "power supply", 7: "fan", 9: "module"}
GAUGES = (
    Gauge("module", "processor_load", f"{ENTITY}.6", BUSY, "percent"),
    Gauge("module", "memory_load", f"{ENTITY}.8", BUSY, "percent"),
    Gauge("fan/device", "status", f"{DEVICE}.1.1.2", STATE),
    Gauge("power supply/device", "status", f"{DEVICE}.2.1.2", STATE),
    Gauge("transceiver/port", "type", f"{OPTICS}.2", as_named),
    Gauge("transceiver/port", "maker", f"{OPTICS}.4", as_maker),
    Gauge("transceiver/port", "light_sent", f"{OPTICS}.9", LIGHT, "decibel_milliwatts"),
    Gauge("transceiver/port", "light_received", f"{OPTICS}.12", LIGHT, "decibel_milliwatts"),
    Gauge("transceiver/port", "temperature", f"{OPTICS}.15", CELSIUS, "celsius"),
    Gauge("transceiver/port", "voltage", f"{OPTICS}.16", measure(0.1, 20, 0.01), "volts"),
)
PREFIXES = (H3C, "1.3.6.1.4.1.43")

UNDER = ("25506",)
ASKS = (
    asked("comware_parts", (*GAUGES, Gauge("", "", SERIAL)), *PREFIXES),
    asked("comware_days", (Gauge("", "", FIRST_USED),), *PREFIXES, cadence=Cadence.INVENTORY),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Loads and states, and the day on which the chassis and its parts were first used."""
    yield from walk.measured(GAUGES)
    known = {binding.value for binding in walk.column(ENTITY_SERIAL).values()}
    fresh = {index for index, binding in walk.column(SERIAL).items() if binding.value not in known}
    yield from walk.column_states("serial", SERIAL, component="transceiver/port", read=as_identifier, only=fresh)
    if walk.column(FIRST_USED):
        yield from _first_used(walk)


def _first_used(walk: Walk) -> Iterator[Statement]:
    kinds = {index: walk.integer(f"{ENTITY_CLASS}.{index}") for index in walk.column(FIRST_USED)}
    for kind, component in WORDS.items():
        rows = {index for index, other in kinds.items() if other == kind}
        for _, name, oid, reader, _, _ in dated(component, "first_used", FIRST_USED) if rows else ():
            yield from walk.column_states(name, oid, component=component, read=reader, only=rows)
    chassis = next((index for index, kind in kinds.items() if kind == 3), None)
    if chassis is not None:
        for _, name, oid, reader, _, _ in dated("", "first_used", f"{FIRST_USED}.{chassis}"):
            yield from walk.state(name, oid, read=reader)
