"""Lexmark printers, and those of Dell that Lexmark and others made (LEXMARK-PVT-MIB, LEXMARK-MPS-MIB, sysDescr).

`Lexmark T640 version NS.NP.N219 kernel 2.6.6 All-N-1`: model, firmware, and what the network card runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

LEXMARK = "1.3.6.1.4.1.641"
DELL = "1.3.6.1.4.1.674.10898"
PRIVATE, MANAGED = f"{LEXMARK}.2.1.2.1", f"{LEXMARK}.6"
#: fact → objects of both MIBs, the better first
OBJECTS = {
    "model": (f"{MANAGED}.2.3.1.4.1", f"{PRIVATE}.2.1"),
    "serial": (f"{MANAGED}.2.3.1.5.1", f"{PRIVATE}.6.1"),
    "firmware": (f"{MANAGED}.3.3.1.7.1.1", f"{PRIVATE}.4.1"),
}
DELL_FIRMWARE = f"{DELL}.100.1.1.1.0"

ASKS = (
    Ask("lexmark", scalars=tuple(oid for oids in OBJECTS.values() for oid in oids),
        condition=Condition(object_id_prefixes=(LEXMARK,))),
    Ask("dell_printer", scalars=(DELL_FIRMWARE,), condition=Condition(object_id_prefixes=(DELL,))),
)  # fmt: skip

TOLD = re.compile(
    r"^(?P<maker>Lexmark|Dell) (?P<model>\w\S+)( [\w ]*?Printer)?( \S{5,20})? version (?P<firmware>\S+) kernel"
)
DELL_LASER = re.compile(
    r"^Dell (Color |Multifunction )?(Laser|Color Printer)|^Dell \S+ (Color |Mono )?(Laser|MFP|Multifunction)"
)
DELL_MODEL = re.compile(r"^Dell (?P<model>[^;,]*\d{3,4}\w*)")


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of a Lexmark printer, or of one that Dell sold."""
    if walk.of_object_id({LEXMARK: True, DELL: True}):
        yield from walk.vote("printer", 90, "object_id", OBJECT_ID)
    if DELL_LASER.match(walk.description):
        yield from walk.vote("printer", 80, "dell_laser", DESCRIPTION)
        yield from walk.fact("maker", "Dell", DESCRIPTION, weight=45)
        yield from walk.words(DELL_MODEL, weight=35)
    if TOLD.match(walk.description):
        yield from walk.vote("printer", 70, "version_and_kernel", DESCRIPTION)
        yield from walk.words(TOLD, weight=56)
    for name, oids in OBJECTS.items():
        for weight, oid in zip((60, 50), oids, strict=True):
            yield from walk.state(name, oid, weight=weight)
    yield from walk.state("firmware", DELL_FIRMWARE, weight=55)
