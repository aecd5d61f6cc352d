"""Health of Extreme switches (EXOS), VOSS and the switches of Nortel and Avaya: fans, supplies, load, stack roles.

EXTREME-SYSTEM-MIB, EXTREME-SOFTWARE-MONITOR-MIB, EXTREME-STACKING-MIB, RAPID-CITY, S5-CHASSIS-MIB. Identity is in
`extreme`; serials of stack members are told by ENTITY-MIB and, for ERS, in `extreme`.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Gauge, Statement, Walk, as_identifier, as_mac, asked
from collector.readers import CELSIUS, PERCENT, SPEED, measure, word

EXTREME, RAPID_CITY, SYNOPTICS = "1.3.6.1.4.1.1916.1", "1.3.6.1.4.1.2272.1", "1.3.6.1.4.1.45.1.6.3"
SYSTEM, MONITOR, STACK = f"{EXTREME}.1.1", f"{EXTREME}.32", f"{EXTREME}.33.2.1"
KILOBYTES = measure(1, 2**50, 1024)
EXOS = (
    Gauge("fan", "status", f"{SYSTEM}.9.1.2", word({1: "ok", 2: "failed"})),
    Gauge("fan", "speed", f"{SYSTEM}.9.1.4", SPEED, "revolutions_per_minute"),
    Gauge("power supply", "status", f"{SYSTEM}.27.1.2", word({1: "not present", 2: "ok", 3: "failed", 4: "off"})),
    Gauge("power supply", "serial", f"{SYSTEM}.27.1.4", as_identifier),
    Gauge("", "processor_load", f"{MONITOR}.1.2.0", PERCENT, "percent"),
    Gauge("memory", "size", f"{MONITOR}.2.2.1.2", KILOBYTES, "bytes"),
    Gauge("member", "status", f"{STACK}.3", word({1: "ok", 2: "failed", 3: "failed"})),
    Gauge("member", "role", f"{STACK}.4", word({1: "master", 2: "member", 3: "standby"})),
    Gauge("member", "mac", f"{STACK}.6", as_mac),
    Gauge("member", "temperature", f"{STACK}.21", CELSIUS, "celsius"),
)
FREE = f"{MONITOR}.2.2.1.3"
VOSS = (
    Gauge("fan", "status", f"{RAPID_CITY}.4.7.1.1.2", word({2: "ok", 3: "failed"})),
    Gauge("power supply", "status", f"{RAPID_CITY}.4.8.1.1.2", word({2: "not present", 3: "ok", 4: "failed"})),
    Gauge("sensor/1", "temperature", f"{RAPID_CITY}.212.1.0", CELSIUS, "celsius"),  # of the processor
    Gauge("sensor/2", "temperature", f"{RAPID_CITY}.212.2.0", CELSIUS, "celsius"),  # of the MAC
    Gauge("sensor/3", "temperature", f"{RAPID_CITY}.212.3.0", CELSIUS, "celsius"),  # of PHYs
    Gauge("sensor/4", "temperature", f"{RAPID_CITY}.212.4.0", CELSIUS, "celsius"),
)
ERS = (
    Gauge("member/load", "processor_load", f"{SYNOPTICS}.8.1.1.6", PERCENT, "percent"),  # of the last 10 minutes
    Gauge("sensor", "temperature", f"{SYNOPTICS}.7.1.1.5", measure(1, 150, 0.5), "celsius"),  # half degrees
)

UNDER = (
    "1916",
    "2272",
    "45",
)
ASKS = (
    asked("extreme_parts", (*EXOS, Gauge("", "", FREE)), "1.3.6.1.4.1.1916"),
    asked("extreme_voss_parts", VOSS, "1.3.6.1.4.1.2272", "1.3.6.1.4.1.1916"),
    asked("extreme_ers_parts", ERS, "1.3.6.1.4.1.45"),
)


def read(walk: Walk) -> Iterator[Statement]:
    """States and readings of the parts of any of the three systems."""
    for number, gauges in (("1916", EXOS), ("2272", VOSS), ("45", ERS)):
        if number in walk.enterprises:
            yield from walk.measured(gauges)
    for index in walk.column(FREE):
        size, free = walk.text(f"{MONITOR}.2.2.1.2.{index}"), walk.text(f"{FREE}.{index}")
        if size.isdecimal() and free.isdecimal() and len(size) < 16 and int(free) <= int(size):
            used = (int(size) - int(free)) * 1024
            yield from walk.fact(
                "used", used, f"{FREE}.{index}", component=f"memory/{index[:LONGEST_INDEX]}", unit="bytes"
            )
