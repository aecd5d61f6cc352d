"""CyberPower UPS and PDU (CPS-MIB), also sold as PowerWalker and BlueWalker."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, LONGEST_INDEX, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

CYBERPOWER = "1.3.6.1.4.1.3808"
UPS, PDU, TRANSFER = (f"{CYBERPOWER}.1.1.{number}" for number in (1, 3, 5))
#: subtree → class, fact → its object
IDENTITIES: dict[str, tuple[str, dict[str, str]]] = {
    UPS: ("ups", {"model": f"{UPS}.1.1.1.0", "firmware": f"{UPS}.1.2.1.0", "serial": f"{UPS}.1.2.3.0"}),
    PDU: ("pdu", {"firmware": f"{PDU}.1.3.0", "model": f"{PDU}.1.5.0", "serial": f"{PDU}.1.6.0"}),
    TRANSFER: ("transfer switch",
               {"model": f"{TRANSFER}.1.2.0", "firmware": f"{TRANSFER}.1.4.0", "serial": f"{TRANSFER}.1.5.0"}),
}  # fmt: skip
#: ePDU2IdentTable: a row for each PDU of a chain, of which the first is the one that answers
CHAIN = f"{CYBERPOWER}.1.1.6.2.2.1"
COLUMNS = {"hardware": 6, "firmware": 7, "model": 9, "serial": 10}
#: an environment sensor that is plugged in: tenths of a degree, percent
CELSIUS, HUMIDITY = f"{CYBERPOWER}.1.1.4.2.6.0", f"{CYBERPOWER}.1.1.4.3.1.0"
TRANSFERS = re.compile(r"Transfer|\bATS\b").search
CHARGE, RUNTIME, REPLACE = (f"{UPS}.2.2.{number}.0" for number in (1, 4, 5))

UNDER = ("3808",)
ASKS = (
    Ask(
        "cyberpower",
        scalars=(
            *(oid for _, objects in IDENTITIES.values() for oid in objects.values()),
            CHARGE,
            RUNTIME,
            REPLACE,
            CELSIUS,
            HUMIDITY,
        ),
        tables=tuple(f"{CHAIN}.{number}" for number in COLUMNS.values()),
        condition=Condition(object_id_prefixes=(CYBERPOWER,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, identity and battery of a CyberPower device."""
    if walk.of_object_id({CYBERPOWER: True}):
        text = walk.description
        told = "pdu" if "PDU" in text or "Power Distribut" in text else "transfer switch" if TRANSFERS(text) else "ups"
        named = told != "ups" or "UPS" in text  # a UPS where nothing else is said: the number tells the card alone
        yield from walk.vote(told, 60 if named else 40, "object_id", DESCRIPTION if named else OBJECT_ID)
    for place, (answers_as, objects) in IDENTITIES.items():
        if walk.has(place):
            yield from walk.vote(answers_as, 60, f"answers_as_{answers_as}".replace(" ", "_"), place)
            yield from walk.states(objects, weight=60)
    yield from _chain(walk)
    yield from _sensor(walk)
    battery = "battery/ups"
    yield from walk.fact("charge", walk.integer(CHARGE), CHARGE, component=battery, unit="percent")
    runtime = walk.integer(RUNTIME)
    yield from walk.fact(
        "runtime", None if runtime is None else runtime // 100, RUNTIME, component=battery, unit="seconds"
    )
    yield from walk.fact(
        "to_be_replaced", {1: False, 2: True}.get(walk.integer(REPLACE) or 0), REPLACE, component=battery
    )


def _chain(walk: Walk) -> Iterator[Statement]:
    """The PDU of a chain; the one that answers comes first."""
    rows = sorted((index for index in walk.column(f"{CHAIN}.9") if index.isdecimal()), key=int)
    for index in rows[:1]:
        yield from walk.vote("pdu", 60, "chain", f"{CHAIN}.9.{index}")
    for position, index in enumerate(rows):
        for name, number in COLUMNS.items():
            component = f"pdu/{index[:LONGEST_INDEX]}" if position else ""
            yield from walk.state(name, f"{CHAIN}.{number}.{index}", weight=55, component=component)


def _sensor(walk: Walk) -> Iterator[Statement]:
    tenths = walk.integer(CELSIUS)
    if tenths is not None and -400 < tenths < 1500:
        yield from walk.fact("temperature", tenths / 10, CELSIUS, component="sensor/environment", unit="celsius")
    humidity = walk.integer(HUMIDITY)
    if humidity is not None and 0 < humidity <= 100:
        yield from walk.fact("humidity", humidity, HUMIDITY, component="sensor/environment", unit="percent")
