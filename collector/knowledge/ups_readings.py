"""UPS-MIB (RFC 1628) beyond identity and charge: the agent's version, input, output, load, alarms and the last test.

Where the UPS tells no version of its own, that of the agent stands for it, with less weight.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk
from stocktake.values import Cadence, Condition

UPS = "1.3.6.1.2.1.33.1"
AGENT_VERSION = f"{UPS}.1.4.0"  # asked for in `ups`
BATTERY_VOLTAGE = f"{UPS}.2.5.0"  # tenths of a volt
OUTPUT_SOURCE, ALARMS = f"{UPS}.4.1.0", f"{UPS}.6.1.0"
INPUT_VOLTAGE, OUTPUT_VOLTAGE, OUTPUT_POWER, OUTPUT_LOAD = (
    f"{UPS}.{tail}" for tail in ("3.3.1.3", "4.4.1.2", "4.4.1.4", "4.4.1.5")
)
TEST_RESULT = f"{UPS}.7.3.0"  # upsTestResultsSummary
TESTS = {1: "passed", 2: "warning", 3: "failed"}  # aborted, in progress and never tested say nothing
SOURCES = {2: "none", 3: "normal", 4: "bypass", 5: "battery", 6: "booster", 7: "reducer"}
#: a reading of every line: component, name, column, unit
LINES = (
    ("input", "voltage", INPUT_VOLTAGE, "volts"),
    ("output", "voltage", OUTPUT_VOLTAGE, "volts"),
    ("output", "power", OUTPUT_POWER, "watts"),
    ("output", "load", OUTPUT_LOAD, "percent"),
)
MOST_LINES = 12

ASKS = (
    Ask("ups_readings", Cadence.HEALTH, scalars=(BATTERY_VOLTAGE, OUTPUT_SOURCE, ALARMS, TEST_RESULT),
        tables=tuple(column for _, _, column, _ in LINES), condition=Condition(answered=UPS)),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Readings of a UPS; nothing of a device without a UPS-MIB."""
    if not walk.has(UPS):
        return
    yield from walk.state("firmware", AGENT_VERSION, weight=32)
    yield from walk.fact("output_source", SOURCES.get(walk.integer(OUTPUT_SOURCE) or 0), OUTPUT_SOURCE)
    yield from walk.fact("self_test", TESTS.get(walk.integer(TEST_RESULT) or 0), TEST_RESULT)
    yield from walk.fact("alarms", walk.integer(ALARMS), ALARMS)
    tenths = walk.integer(BATTERY_VOLTAGE)
    yield from walk.fact(
        "voltage", None if tenths is None else tenths / 10, BATTERY_VOLTAGE, component="battery/ups", unit="volts"
    )
    for component, name, column, unit in LINES:
        for index in list(walk.column(column))[:MOST_LINES]:
            oid = f"{column}.{index}"
            yield from walk.fact(
                name, walk.integer(oid), oid, component=f"{component}/{index[:LONGEST_INDEX]}", unit=unit
            )
