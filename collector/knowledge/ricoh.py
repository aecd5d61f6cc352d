"""Ricoh printers, also sold as Savin, NRG, Nashuatec, Rex-Rotary, Lanier, Gestetner, Infotec, Aficio (RicohPrivateMIB).

The name they are sold under is told as the brand: serial numbers come from one book, so the maker is Ricoh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

RICOH = "1.3.6.1.4.1.367"
PRIVATE = f"{RICOH}.3.2.1"
OBJECTS = {"model": f"{PRIVATE}.1.1.1.0", "firmware": f"{PRIVATE}.1.1.2.0", "serial": f"{PRIVATE}.2.1.4.0"}

UNDER = ("367",)
ASKS = (Ask("ricoh", scalars=tuple(OBJECTS.values()), condition=Condition(object_id_prefixes=(RICOH,))),)

TOLD = re.compile(
    r"^(?P<brand>[A-Za-z][\w-]+) (?P<model>\S.{1,60}?) (?:V(?:er)?\.? ?)?(?P<firmware>\d[\d.]*[a-z]?) / ", re.IGNORECASE
)
#: a description of brand and model alone
BARE = re.compile(
    r"^(?P<brand>RICOH|SAVIN|NRG|NASHUATEC|REX-?ROTARY|LANIER|GESTETNER|INFOTEC|InfoPrint|AFICIO)"
    r" (?P<model>(?=.*\d)[\w .+-]{2,40})$",
    re.IGNORECASE,
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of a Ricoh printer."""
    if not walk.of_object_id({RICOH: True}):
        return
    yield from walk.vote("printer", 90, "object_id", OBJECT_ID)
    yield from walk.words(TOLD, weight=50)
    yield from walk.words(BARE, weight=45)
    yield from walk.states(OBJECTS, weight=60)
