"""What MikroTik boards measure since RouterOS 7, optical transceivers, and power over Ethernet of each port.

MIKROTIK-MIB: mtxrGaugeTable (a gauge tells its unit), mtxrOpticalTable, mtxrPOETable. Identity and the scalars of
older versions are in `mikrotik`.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Gauge, Statement, Walk, asked
from collector.readers import CELSIUS, SPEED, Reader, measure, word

MIKROTIK = "1.3.6.1.4.1.14988.1.1"
GAUGE_NAME, GAUGE_VALUE, GAUGE_UNIT = (f"{MIKROTIK}.3.100.1.{number}" for number in (2, 3, 4))
LIGHT = measure(-50, 20, 0.001)
POWER = f"{MIKROTIK}.15.1.1.6"  # mtxrPOEPower: the index is the interface
GAUGES = (
    Gauge("transceiver/port", "temperature", f"{MIKROTIK}.19.1.1.6", CELSIUS, "celsius"),
    Gauge("transceiver/port", "voltage", f"{MIKROTIK}.19.1.1.7", measure(0.1, 20, 0.001), "volts"),
    Gauge("transceiver/port", "light_sent", f"{MIKROTIK}.19.1.1.9", LIGHT, "decibel_milliwatts"),
    Gauge("transceiver/port", "light_received", f"{MIKROTIK}.19.1.1.10", LIGHT, "decibel_milliwatts"),
    Gauge("power over ethernet", "power", POWER, measure(0, 200, 0.1), "watts"),
)
#: mtxrGaugeUnit → component, fact, reader, unit
UNITS: dict[int, tuple[str, str, Reader, str]] = {
    1: ("sensor", "temperature", CELSIUS, "celsius"),
    2: ("fan", "speed", SPEED, "revolutions_per_minute"),
    3: ("sensor", "voltage", measure(0.1, 1000, 0.1), "volts"),
    4: ("sensor", "current", measure(0.1, 1000, 0.1), "amperes"),
    5: ("sensor", "power", measure(0.1, 10_000, 0.1), "watts"),
    6: ("power supply", "status", word({0: "ok", 1: "failed"}), ""),
}
MOST_GAUGES = 128

UNDER = ("14988",)
ASKS = (
    asked("mikrotik_health", (*GAUGES, *(Gauge("", "", oid) for oid in (GAUGE_NAME, GAUGE_VALUE, GAUGE_UNIT))),
          "1.3.6.1.4.1.14988"),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Gauges by their units, light and temperature of transceivers, power of ports."""
    yield from walk.measured(GAUGES)
    for index in walk.column(POWER):
        if index.isdigit():
            yield from walk.fact(
                "interface_index", int(index), f"{POWER}.{index}", component=f"power over ethernet/{index}"
            )
    for index in list(walk.column(GAUGE_VALUE))[:MOST_GAUGES]:
        told = UNITS.get(walk.integer(f"{GAUGE_UNIT}.{index}") or 0)
        if told is None:
            continue
        word_, name, reader, unit = told
        component = f"{word_}/{index[:LONGEST_INDEX]}"
        yield from walk.state("name", f"{GAUGE_NAME}.{index}", component=component)
        yield from walk.state(name, f"{GAUGE_VALUE}.{index}", read=reader, component=component, unit=unit)
