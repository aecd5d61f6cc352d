"""Epson printers and network scanners (Epson's MIB below 1248.1). Projectors (1248.4) are not told here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

EPSON = "1.3.6.1.4.1.1248"
PRINTER = f"{EPSON}.1"
MODEL, SERIAL = f"{PRINTER}.2.2.1.1.1.2.1", f"{PRINTER}.2.2.1.1.1.5.1"
VERSIONS = f"{PRINTER}.2.2.2.1.1.2"  # a version for each part of the firmware, the main one first
UNIT_SERIAL, UNIT_VERSIONS = f"{PRINTER}.1.3.1.1.1.0", f"{PRINTER}.1.3.1.21.1.1.2"  # of a network interface unit
DEVICE = "1.3.6.1.2.1.25.3.2.1.3.1"  # hrDeviceDescr: scanners are no device of type printer

UNDER = ("1248",)
ASKS = (
    Ask("epson_printer", scalars=(MODEL, SERIAL, UNIT_SERIAL), tables=(VERSIONS, UNIT_VERSIONS),
        condition=Condition(object_id_prefixes=(PRINTER,))),
)  # fmt: skip

#: `EPSON AL-C1750N; Net 98.48,ESS 201103111031,…`, `EPSON EPL-N2050+ 01.00`, `EPSON WF-C5790 Series`
DESCRIBED = re.compile(
    r"^EPSON (?P<model>(?:AL|EPL|LP|LQ|LX|DFX|PLQ|WF|ET|EW|EP|PX|SC|SL|TM|CW|XP|BX|ST|AM|RR|DS|ES|L)-?[A-Z]*\d[\w+-]*)"
    r"(?: Series)?(?: (?P<version>\d\d\.\d\d)$|;.*?\bESS (?P<firmware>[\w.]+)|;|$)",
    re.IGNORECASE,
)
NAME = re.compile(r"^(?:EPSON )?(?P<model>\S.*?)(?: Series)?$", re.IGNORECASE)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of an Epson printer."""
    if not walk.of_object_id({PRINTER: True}):
        return
    yield from walk.vote("printer", 80, "object_id", OBJECT_ID)
    yield from walk.words(NAME, MODEL, weight=60)
    yield from walk.words(NAME, DEVICE, weight=40)
    described = DESCRIBED.match(walk.description)
    if described:
        yield from walk.fact("model", described["model"], DESCRIPTION, weight=35)
        yield from walk.fact("firmware", described["firmware"] or described["version"], DESCRIPTION, weight=35)
    yield from walk.state("serial", SERIAL, weight=58)
    yield from walk.state("serial", UNIT_SERIAL, weight=40)
    for versions, weight in ((VERSIONS, 55), (UNIT_VERSIONS, 40)):
        for index in list(walk.column(versions))[:1]:
            yield from walk.state("firmware", f"{versions}.{index}", weight=weight)
