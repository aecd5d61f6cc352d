"""Kyocera, UTAX and Triumph-Adler printers (KYOCERA-Private-MIB). Supplies come from Printer-MIB."""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Condition

KYOCERA = "1.3.6.1.4.1.1347"
PRINTER = f"{KYOCERA}.41"
OBJECTS = {
    "model": f"{KYOCERA}.43.5.1.1.1.1",
    "serial": f"{KYOCERA}.43.5.1.1.28.1",
    "firmware": f"{KYOCERA}.43.5.4.1.5.1.1",
}
NAME = f"{KYOCERA}.40.10.1.1.5.1"
PAGES = f"{KYOCERA}.43.10.1.1.12.1.1"

UNDER = ("1347",)
ASKS = (Ask("kyocera", scalars=(*OBJECTS.values(), NAME, PAGES), condition=Condition(object_id_prefixes=(KYOCERA,))),)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial, firmware and pages of a Kyocera printer."""
    if walk.of_object_id({PRINTER: True}):
        yield from walk.vote("printer", 90, "object_id", OBJECT_ID)
    yield from walk.states(OBJECTS, weight=62)
    yield from walk.state("name", NAME, weight=30)
    yield from walk.state("pages", PAGES, read=as_integer, unit="pages", weight=40)
