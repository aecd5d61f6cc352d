"""OKI printers and the OkiLAN print servers in them: `OKI OkiLAN 9450g … Attached to MC873 Rev.07.87`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

OKI = "1.3.6.1.4.1.2001"
INFORMATION = f"{OKI}.1.1.1.1.11.1.10"
OBJECTS = {"model": f"{INFORMATION}.25.0", "serial": f"{INFORMATION}.45.0"}

ASKS = (Ask("oki", scalars=tuple(OBJECTS.values()), condition=Condition(object_id_prefixes=(OKI,))),)

ATTACHED = re.compile(r"Attached to (?P<model>\S+) Rev\.? ?(?P<firmware>[A-Z]?\d[\w.]*)")


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of an OKI printer."""
    if not walk.of_object_id({OKI: True}) and not walk.description.startswith("OKI "):
        return
    yield from walk.vote("printer", 90, "object_id", OBJECT_ID if walk.of_object_id({OKI: True}) else DESCRIPTION)
    yield from walk.fact("maker", "OKI", DESCRIPTION, weight=45)
    yield from walk.words(ATTACHED, weight=50)
    yield from walk.states(OBJECTS, weight=60)
