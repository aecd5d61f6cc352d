"""Toshiba TEC: e-STUDIO multifunction printers and the B- and BV-series of label printers (TOSHIBATEC's BCP MIB)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

TEC = "1.3.6.1.4.1.1129"
LABEL = f"{TEC}.1.2"
GENERAL = f"{LABEL}.1.1.1"
OBJECTS = {"serial": f"{GENERAL}.1.1.0", "firmware": f"{GENERAL}.1.2.0", "model": f"{GENERAL}.2.1.0"}

ASKS = (Ask("toshiba_tec", scalars=tuple(OBJECTS.values()), condition=Condition(object_id_prefixes=(LABEL,))),)

MODEL = re.compile(r"^TOSHIBA (TEC )?(?P<model>(e-STUDIO ?\S+|BV?-\S+))")


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of a printer of Toshiba TEC."""
    if walk.of_object_id({LABEL: True}):
        yield from walk.vote("label printer", 90, "object_id", OBJECT_ID)
    elif walk.of_object_id({f"{TEC}.2": True}):
        yield from walk.vote("printer", 85, "object_id", OBJECT_ID)
    elif MODEL.match(walk.description):
        yield from walk.vote("printer", 80, "family", DESCRIPTION)
    yield from walk.words(MODEL, weight=50)
    yield from walk.states(OBJECTS, weight=55)
