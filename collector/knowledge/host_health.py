"""Loads of computers: HOST-RESOURCES-MIB (hrProcessorLoad), UCD-SNMP-MIB (memory, load averages), LM-SENSORS-MIB.

The load of the machine is the mean of its processors, or what net-snmp counts as not idle. Volumes, names of
processors and the memory's size in HOST-RESOURCES-MIB are read by `host_resources`; processes are never asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, asked
from collector.readers import PERCENT, SPEED, measure

LOAD = "1.3.6.1.2.1.25.3.3.1.2"  # hrProcessorLoad, by hrDeviceIndex
UCD = "1.3.6.1.4.1.2021"
SIZE, FREE, BUFFERS, CACHED = (f"{UCD}.4.{number}.0" for number in (5, 6, 14, 15))  # kilobytes
IDLE = f"{UCD}.11.11.0"  # ssCpuIdle, percent
SENSORS = f"{UCD}.13.16"  # LM-SENSORS-MIB: .2 name .3 value of temperatures, fans and voltages
AVERAGE = measure(0, 10_000)
GAUGES = (
    Gauge("processor", "load", LOAD, PERCENT, "percent"),
    *(
        Gauge("", f"load_{minutes}_minutes", f"{UCD}.10.1.3.{row}", AVERAGE)
        for row, minutes in enumerate((1, 5, 15), 1)
    ),
)
MEASURED = (  # of LM-SENSORS-MIB: branch, fact, reader, unit
    (2, "temperature", measure(1, 150, 0.001), "celsius"),
    (3, "speed", SPEED, "revolutions_per_minute"),
    (4, "voltage", measure(0.001, 1000, 0.001), "volts"),
)
PARTS = tuple(
    gauge
    for branch, name, reader, unit in MEASURED
    for gauge in (
        Gauge(f"sensor/lm.{branch}", "name", f"{SENSORS}.{branch}.1.2"),
        Gauge(f"sensor/lm.{branch}", name, f"{SENSORS}.{branch}.1.3", reader, unit),
    )
)
MEMORY = tuple(Gauge("", "memory_used", oid) for oid in (SIZE, FREE, BUFFERS, CACHED, IDLE))

ASKS = (
    asked("host_load", GAUGES[:1]),
    asked("host_health", (*MEMORY, Gauge("", "load", f"{UCD}.10.1.3"), *PARTS),
          "1.3.6.1.4.1.8072.3.2", UCD, "1.3.6.1.4.1.24681", "1.3.6.1.4.1.6574", "1.3.6.1.4.1.12325"),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Loads, memory in use, and what sensors of a mainboard measure."""
    loads = [number for index in walk.column(LOAD) if (number := walk.integer(f"{LOAD}.{index}")) is not None]
    if loads and all(0 <= number <= 100 for number in loads):
        yield from walk.measured(GAUGES[:1])
        mean = round(sum(loads) / len(loads))
        yield from walk.fact("processor_load", mean, LOAD, unit="percent", weight=45)
    if "2021" not in walk.enterprises:
        return
    idle = walk.integer(IDLE)
    if idle is not None and 0 <= idle <= 100:
        yield from walk.fact("processor_load", 100 - idle, IDLE, unit="percent", weight=40)
    yield from _memory(walk)
    for _, name, oid, reader, _, _ in GAUGES[1:]:
        yield from walk.state(name, oid, read=reader)
    yield from walk.measured(PARTS)


def _memory(walk: Walk) -> Iterator[Statement]:
    """What is in use is what is neither free nor a cache that gives way."""
    size, free = walk.integer(SIZE), walk.integer(FREE)
    if size is None or free is None or not 0 <= free <= size:
        return
    spare = free + sum(max(walk.integer(oid) or 0, 0) for oid in (BUFFERS, CACHED))
    yield from walk.fact("memory", size * 1024, SIZE, unit="bytes", weight=45)
    yield from walk.fact("memory_used", max(size - spare, 0) * 1024, FREE, unit="bytes")
