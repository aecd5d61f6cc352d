"""Readings of UPS and PDU in makers' own MIBs, where they tell more than UPS-MIB: input, output, battery, rooms.

PowerNet-MIB (APC), CPS-MIB (CyberPower), XPPC-MIB (many makers' cards), XUPS-MIB and MG-SNMP-UPS-MIB (Eaton). Identity,
and charge and runtime of batteries of APC, CyberPower and Eaton's first, are in the makers' files.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Gauge, Statement, Walk, asked
from collector.readers import CELSIUS, CELSIUS_TENTHS, PERCENT, measure, word

APC, CYBERPOWER = "1.3.6.1.4.1.318.1.1", "1.3.6.1.4.1.3808.1.1.1"
XPPC, XUPS, MGE = "1.3.6.1.4.1.935.1.1.1", "1.3.6.1.4.1.534.1", "1.3.6.1.4.1.705.1"
BATTERY, INPUT, OUTPUT = "battery/ups", "input/1", "output/1"
VOLTS, TENTHS = measure(1, 1000), measure(1, 1000, 0.1)
AMPERES, WATTS = measure(0, 1000, 0.1), measure(0, 1_000_000)
CHARGE = word({2: "normal", 3: "low", 4: "depleted"})
PROBES, PHASES = f"{APC}.10.2.3.2.1", f"{APC}.26.6.3.1"  # iemStatusProbesEntry, rPDU2PhaseStatusEntry
GAUGES = {
    "318": (
        Gauge(BATTERY, "voltage", f"{APC}.1.2.2.8.0", VOLTS, "volts", 40),
        Gauge(BATTERY, "voltage", f"{APC}.1.2.3.4.0", TENTHS, "volts"),
        Gauge(BATTERY, "charge", f"{APC}.1.2.3.1.0", measure(0, 100, 0.1), "percent", 40),
        Gauge(BATTERY, "temperature", f"{APC}.1.2.3.2.0", CELSIUS_TENTHS, "celsius", 40),
        Gauge(BATTERY, "packs", f"{APC}.1.2.2.5.0", measure(0, 1000)),
        Gauge(BATTERY, "packs_bad", f"{APC}.1.2.2.6.0", measure(0, 1000)),
        Gauge(INPUT, "voltage", f"{APC}.1.3.2.1.0", VOLTS, "volts", 40),
        Gauge(INPUT, "voltage", f"{APC}.1.3.3.1.0", TENTHS, "volts", 45),
        Gauge(OUTPUT, "voltage", f"{APC}.1.4.2.1.0", VOLTS, "volts", 40),
        Gauge(OUTPUT, "voltage", f"{APC}.1.4.3.1.0", TENTHS, "volts", 45),
        Gauge(OUTPUT, "load", f"{APC}.1.4.2.3.0", PERCENT, "percent", 40),
        Gauge(OUTPUT, "load", f"{APC}.1.4.3.3.0", measure(0, 100, 0.1), "percent", 45),
        Gauge("sensor/probe", "name", f"{PROBES}.2"),
        Gauge("sensor/probe", "humidity", f"{PROBES}.6", measure(1, 100), "percent"),
        Gauge("pdu/bank", "current", f"{APC}.12.2.3.1.1.2", AMPERES, "amperes"),  # rPDULoadStatusLoad
        Gauge("pdu", "power", f"{APC}.26.4.3.1.5", measure(0, 1_000_000, 10), "watts"),  # rPDU2DeviceStatusPower
        Gauge("pdu/phase", "current", f"{PHASES}.5", AMPERES, "amperes"),
        Gauge("pdu/phase", "voltage", f"{PHASES}.6", VOLTS, "volts"),
    ),
    "3808": (
        Gauge(BATTERY, "status", f"{CYBERPOWER}.2.1.1.0", CHARGE),
        Gauge(BATTERY, "voltage", f"{CYBERPOWER}.2.2.2.0", TENTHS, "volts"),
        Gauge(BATTERY, "temperature", f"{CYBERPOWER}.2.2.3.0", CELSIUS, "celsius"),
        Gauge(INPUT, "voltage", f"{CYBERPOWER}.3.2.1.0", TENTHS, "volts", 40),
        Gauge(OUTPUT, "voltage", f"{CYBERPOWER}.4.2.1.0", TENTHS, "volts", 40),
        Gauge(OUTPUT, "load", f"{CYBERPOWER}.4.2.3.0", PERCENT, "percent", 40),
        Gauge(OUTPUT, "current", f"{CYBERPOWER}.4.2.4.0", AMPERES, "amperes", 40),
    ),
    "935": (
        Gauge(BATTERY, "status", f"{XPPC}.2.1.1.0", CHARGE),
        Gauge(BATTERY, "charge", f"{XPPC}.2.2.1.0", PERCENT, "percent"),
        Gauge(BATTERY, "voltage", f"{XPPC}.2.2.2.0", TENTHS, "volts"),
        Gauge(BATTERY, "temperature", f"{XPPC}.2.2.3.0", CELSIUS_TENTHS, "celsius"),
        Gauge(INPUT, "voltage", f"{XPPC}.3.2.1.0", TENTHS, "volts", 40),
        Gauge(OUTPUT, "voltage", f"{XPPC}.4.2.1.0", TENTHS, "volts", 40),
        Gauge(OUTPUT, "load", f"{XPPC}.4.2.3.0", PERCENT, "percent", 40),
    ),
    "534": (
        Gauge(INPUT, "voltage", f"{XUPS}.3.4.1.2.1.0", VOLTS, "volts", 40),
        Gauge(OUTPUT, "load", f"{XUPS}.4.1.0", PERCENT, "percent", 40),
        Gauge("sensor/ups", "temperature", f"{XUPS}.6.1.0", CELSIUS, "celsius"),  # xupsEnvAmbientTemp
        Gauge("sensor/remote", "temperature", f"{XUPS}.6.5.0", CELSIUS, "celsius"),
        Gauge("sensor/remote", "humidity", f"{XUPS}.6.6.0", measure(1, 100), "percent"),
    ),
    "705": (
        Gauge(BATTERY, "runtime", f"{MGE}.5.1.0", measure(0, 10**7), "seconds", 45),
        Gauge(BATTERY, "charge", f"{MGE}.5.2.0", PERCENT, "percent", 45),
        Gauge(BATTERY, "voltage", f"{MGE}.5.5.0", TENTHS, "volts", 45),
        Gauge("input", "voltage", f"{MGE}.6.2.1.2", TENTHS, "volts", 40),
        Gauge("output", "voltage", f"{MGE}.7.2.1.2", TENTHS, "volts", 40),
        Gauge("output", "load", f"{MGE}.7.2.1.4", PERCENT, "percent", 40),
    ),
}
#: probes of APC tell their temperature in the unit that somebody chose: 1 celsius, 2 fahrenheit
PROBE_TEMPERATURE, PROBE_UNIT = f"{PROBES}.4", f"{PROBES}.5"

UNDER = tuple(GAUGES)
ASKS = tuple(
    asked(f"power_health_{number}", (*gauges, *((Gauge("", "", PROBE_TEMPERATURE), Gauge("", "", PROBE_UNIT))
                                                if number == "318" else ())), f"1.3.6.1.4.1.{number}")
    for number, gauges in GAUGES.items()
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Readings of whichever tree answers."""
    for number, gauges in GAUGES.items():
        if number in walk.enterprises:
            yield from walk.measured(gauges)
    for index in walk.column(PROBE_TEMPERATURE):
        oid, degrees = f"{PROBE_TEMPERATURE}.{index}", walk.integer(f"{PROBE_TEMPERATURE}.{index}")
        unit = walk.integer(f"{PROBE_UNIT}.{index}")
        if degrees is not None and unit in (1, 2):
            celsius = float(degrees) if unit == 1 else round((degrees - 32) / 1.8, 1)
            if -40 < celsius < 100:
                component = f"sensor/probe/{index[:LONGEST_INDEX]}"
                yield from walk.fact("temperature", celsius, oid, component=component, unit="celsius")
