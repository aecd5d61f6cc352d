"""ENTITY-SENSOR-MIB (RFC 3433), and Cisco's of the same form: temperatures, speeds, voltages, power and light.

Values that no thing in a school can have (-127 °C of a missing sensor, 1,000 °C) are not stated. Sensors are named
by ENTITY-MIB. Limits and alarms are not read: they are in makers' MIBs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk
from stocktake.values import Cadence, Condition

ENTRIES = ("1.3.6.1.2.1.99.1.1.1", "1.3.6.1.4.1.9.9.91.1.1.1.1")  # by entPhysicalIndex, both
TYPE, SCALE, PRECISION, VALUE, STATUS = (1, 2, 3, 4, 5)  # columns
CISCO = "1.3.6.1.4.1.9"
NAME, DESCRIPTION = "1.3.6.1.2.1.47.1.1.1.1.7", "1.3.6.1.2.1.47.1.1.1.1.2"

ASKS = tuple(
    Ask(name, Cadence.HEALTH, tables=tuple(f"{entry}.{column}" for column in (TYPE, SCALE, PRECISION, VALUE, STATUS)),
        condition=Condition(object_id_prefixes=prefixes))
    for name, entry, prefixes in (("entity_sensors", ENTRIES[0], ()), ("cisco_sensors", ENTRIES[1], (CISCO,)))
)  # fmt: skip

#: EntitySensorDataType → fact, unit, the least and the most that is believed (14 is Cisco's and others' own)
TYPES = {
    3: ("voltage", "volts", 0.0, 1000.0),
    4: ("voltage", "volts", -1000.0, 1000.0),
    5: ("current", "amperes", 0.0, 1000.0),
    6: ("power", "watts", 0.0, 100_000.0),
    7: ("frequency", "hertz", 0.0, 1e10),
    8: ("temperature", "celsius", -60.0, 200.0),
    9: ("humidity", "percent", 0.0, 100.0),
    10: ("speed", "revolutions_per_minute", 0.0, 100_000.0),
    14: ("light", "decibel_milliwatts", -60.0, 30.0),
}
UNITS = 9  # EntitySensorDataScale: 9 is units, each step a factor of 1,000
STATES = {2: "unavailable", 3: "failed"}  # a sensor that cannot be asked, one that is broken
MOST_SENSORS = 256


def read(walk: Walk) -> Iterator[Statement]:
    """Every sensor that tells a value as a component."""
    stated: set[str] = set()
    for entry in ENTRIES:
        numbers = {column: walk.numbers(f"{entry}.{column}") for column in (TYPE, SCALE, PRECISION, VALUE, STATUS)}
        for index in list(walk.column(f"{entry}.{VALUE}"))[:MOST_SENSORS]:
            if len(index) <= LONGEST_INDEX and index not in stated:
                stated.add(index)
                yield from _sensor(walk, entry, index, {column: told.get(index) for column, told in numbers.items()})


def _sensor(walk: Walk, entry: str, index: str, told: Mapping[int, int | None]) -> Iterator[Statement]:
    kind, state = TYPES.get(told[TYPE] or 0), STATES.get(told[STATUS] or 1, "")
    if kind is None or state == "unavailable":
        return
    name, unit, least, most = kind
    component, oid = f"sensor/{index}", f"{entry}.{VALUE}.{index}"
    value = _scaled(told)
    if value is not None and least <= value <= most:
        yield from walk.fact(name, value, oid, component=component, unit=unit)
        named = NAME if walk.text(f"{NAME}.{index}") else DESCRIPTION
        yield from walk.state("name", f"{named}.{index}", component=component)
    yield from walk.fact("status", state, f"{entry}.{STATUS}.{index}", component=component)


def _scaled(told: Mapping[int, int | None]) -> float | None:
    """The value in its unit: with `precision` decimals, counted in thousands or thousandths of the unit."""
    value, scale, precision = told[VALUE], told[SCALE], told[PRECISION] or 0
    if value is None or not -8 <= precision <= 9 or not 1 <= (scale or UNITS) <= 17:
        return None
    return round(value * 10.0 ** (3 * ((scale or UNITS) - UNITS) - max(precision, 0)), 6)
