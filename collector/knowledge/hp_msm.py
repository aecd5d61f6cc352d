"""HP MSM wireless (Colubris): controllers and access points, which tell everything in sysDescr.

Source: COLUBRIS-PRODUCTS-MIB for the number; `MSM765 - Hardware revision 2 - Serial number … - Firmware version …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Statement, Walk

COLUBRIS = "1.3.6.1.4.1.8744"
SAYS = re.compile(
    r"^(?P<model>\S+(?: \S+)*?) - Hardware revision (?P<hardware>\S+) - Serial number (?P<serial>\w+)"
    r" - Firmware version (?P<firmware>\S+)"
)
CONTROLLERS = re.compile(r"^(MSM7|MSC-|E?MSM7|CNMS)")
UNDER = ("8744",)


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity."""
    if not walk.text(OBJECT_ID).startswith(f"{COLUBRIS}."):
        return
    kind = "wireless controller" if CONTROLLERS.match(walk.description) else "access point"
    yield from walk.vote(kind, 80, "object_id", OBJECT_ID)
    if SAYS.match(walk.description):  # Colubris' number, in the name of the house that bought it
        yield from walk.fact("maker", "HP", DESCRIPTION, weight=55)
    yield from walk.words(SAYS, weight=60)
