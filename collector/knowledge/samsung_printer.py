"""Samsung printers, and the machines that HP and Xerox sell of them (SAMSUNG-PRINTER-EXT-MIB, sysDescr).

`Samsung M4080FX; V11.01.03.04_02-27-2017;Engine V1.00.06 …;NIC …;S/N …`. Samsung's displays are not told here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

PRINTER = "1.3.6.1.4.1.236.11.5"
PRODUCT = f"{PRINTER}.1.1.1"
OBJECTS = {"model": f"{PRODUCT}.1.0", "firmware": f"{PRODUCT}.2.0", "serial": f"{PRODUCT}.4.0"}

ASKS = (
    Ask("samsung_printer", scalars=tuple(OBJECTS.values()),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.236.11", "1.3.6.1.4.1.253.8"))),
)  # fmt: skip

MODEL = re.compile(
    r"^(Samsung )+(?P<model>\S[^;]*?)( Series)?(;|(?<=\d)$|(?<=\d[A-Z])$|(?<=\d[A-Z]{2})$)", re.IGNORECASE
)
VERSION = re.compile(r"^[^;]+;\s*(OS )?(\w+_)?V?(?P<firmware>\d[A-Za-z\d.]+)")
SERIAL = re.compile(r"S/N\s+(?P<serial>[A-Z0-9]{8,20})\b")
FAMILIES = re.compile(r"^(Samsung )+(SCX|CLX|CLP|ML|SL|SF|[CKMX]\d{3})", re.IGNORECASE)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of a Samsung printer."""
    printer = walk.of_object_id({PRINTER: True})
    if printer:
        yield from walk.vote("printer", 85, "object_id", OBJECT_ID)
    if FAMILIES.match(walk.description):
        yield from walk.vote("printer", 75, "family", DESCRIPTION)
        yield from walk.fact("maker", "Samsung", DESCRIPTION, weight=45)
    if printer or FAMILIES.match(walk.description):
        yield from walk.words(MODEL, weight=60)
        yield from walk.words(VERSION, weight=50)
        yield from walk.words(SERIAL, weight=50)
    yield from walk.states(OBJECTS, weight=55)
