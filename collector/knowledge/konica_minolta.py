"""Konica Minolta bizhub and the machines that Develop, Olivetti and others sell of it (KONICAMINOLTA-COMMON-MIB)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Condition

KONICA = "1.3.6.1.4.1.18334"
MIB = f"{KONICA}.1.1.1"
OBJECTS = {"model": f"{MIB}.1.6.2.1.0", "firmware": f"{MIB}.1.6.1.0"}
PAGES = f"{MIB}.5.7.2.1.1.0"

UNDER = ("18334",)
ASKS = (Ask("konica_minolta", scalars=(*OBJECTS.values(), PAGES), condition=Condition(object_id_prefixes=(KONICA,))),)

MODEL = re.compile(r"^(KONICA MINOLTA |Develop |OLIVETTI |MINOLTA )?(?P<model>\S.{3,60})$", re.IGNORECASE)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, firmware and pages; the serial comes from Printer-MIB."""
    if not walk.of_object_id({KONICA: True}):
        return
    yield from walk.vote("printer", 90, "object_id", OBJECT_ID)
    yield from walk.words(MODEL, weight=40)
    yield from walk.states(OBJECTS, weight=62)
    yield from walk.state("pages", PAGES, read=as_integer, unit="pages", weight=40)
