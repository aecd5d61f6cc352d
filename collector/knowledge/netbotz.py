"""NetBotz environment monitors: those of NetBotz (5528), and those of APC by Schneider Electric (52674).

Sensors of pods, of which the tables give one row each, are read as temperatures and humidities. Cameras are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

OLD, NEW = "1.3.6.1.4.1.5528", "1.3.6.1.4.1.52674"
#: what APC's products tell of themselves in a table (PowerNet-MIB, experimental); the first row is the appliance
DEVICE = "1.3.6.1.4.1.318.1.4.2.2.1"
VERSIONS = "1.3.6.1.4.1.318.1.4.2.4.1.4"
OBJECTS = {"model": f"{DEVICE}.2.1", "serial": f"{DEVICE}.3.1", "firmware": f"{VERSIONS}.1"}
#: reading → table, unit; column 6 names the sensor's pod, column 7 is the value in text
SENSORS = (
    ("temperature", f"{NEW}.500.4.1.1.1", "celsius"),
    ("humidity", f"{NEW}.500.4.1.2.1", "percent"),
)

UNDER = ("318", "5528", "52674")
ASKS = (
    Ask(
        "netbotz",
        scalars=tuple(OBJECTS.values()),
        tables=tuple(f"{entry}.{column}" for _, entry, _ in SENSORS for column in (4, 7)),
        condition=Condition(object_id_prefixes=(NEW,)),
    ),
)

TOLD = re.compile(r"^(?:Schneider Electric )?(?P<model>NetBotz \d+\w*)(?: (?P<firmware>\d[\d.]+))?$")
FIRST = re.compile(r"^(?P<model>NetBotz \S.{2,40}?) Appliance; FV: (?P<firmware>[^,;\s]+)")  # the first generation
MOST_SENSORS = 64


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial, firmware and sensors of a NetBotz."""
    if not walk.of_object_id({OLD: True, NEW: True}):
        return
    yield from walk.vote("sensor", 90, "object_id", OBJECT_ID)
    yield from walk.fact("maker", "APC" if walk.of_object_id({NEW: True}) else "", OBJECT_ID, weight=55)
    for pattern in (TOLD, FIRST):
        yield from walk.words(pattern, weight=45)
    yield from walk.states(OBJECTS, weight=60)
    for name, entry, unit in SENSORS:
        for index in list(walk.column(f"{entry}.7"))[:MOST_SENSORS]:
            component = f"sensor/{index[:LONGEST_INDEX]}"
            yield from walk.state("name", f"{entry}.4.{index}", component=component)
            value = _number(walk.text(f"{entry}.7.{index}"))
            yield from walk.fact(name, value, f"{entry}.7.{index}", component=component, unit=unit)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,4}(\.\d{1,3})?", text) else None
