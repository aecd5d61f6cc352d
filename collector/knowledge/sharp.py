"""Sharp printers and multifunction printers (Sharp's MIB below 2385, sysDescr `SHARP MX-M266NV`).

Sharp's displays have no MIB that is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

SHARP = "1.3.6.1.4.1.2385"
PRINTER = f"{SHARP}.3"
FIRMWARE = f"{SHARP}.2.1.1.2.1.2.1"

ASKS = (Ask("sharp_printer", scalars=(FIRMWARE,), condition=Condition(object_id_prefixes=(SHARP,))),)

MODEL = re.compile(r"^SHARP (?P<model>(MX|AR|BP|DX|AL|UX|AM)-\S+)")


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model and firmware of a Sharp printer; the serial comes from Printer-MIB."""
    if walk.of_object_id({PRINTER: True}):
        yield from walk.vote("printer", 85, "object_id", OBJECT_ID)
    if MODEL.match(walk.description):
        yield from walk.vote("printer", 80, "family", DESCRIPTION)
        yield from walk.fact("maker", "Sharp", DESCRIPTION, weight=45)
        yield from walk.words(MODEL, weight=50)
    yield from walk.state("firmware", FIRMWARE, weight=55)
