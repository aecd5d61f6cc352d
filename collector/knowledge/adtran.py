"""ADTRAN: NetVanta switches and routers with AOS, Total Access shelves; what sysDescr tells.

`NetVanta 3448, Version: R10.9.4.E, Date: …`: a NetVanta of the 1000s is a switch, any other a router.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Statement, Walk

ADTRAN = "1.3.6.1.4.1.664"
NET_VANTA = re.compile(
    r"^(?:ADTRAN )?(?P<model>NetVanta ?\d{3,4}\w*(?: [^,]*)?)(?:, Version: (?P<firmware>\S+?),|$)", re.IGNORECASE
)
SWITCH = re.compile(r"NetVanta ?1[0-9]{3}", re.IGNORECASE)
UNDER = ("664",)


def read(walk: Walk) -> Iterator[Statement]:
    """A NetVanta and its version; other lines of ADTRAN are told by their maker alone."""
    if not walk.text(OBJECT_ID).startswith(f"{ADTRAN}.") or not NET_VANTA.match(walk.description):
        return
    kind = "switch" if SWITCH.search(walk.description) else "router"
    yield from walk.vote(kind, 75, "description", DESCRIPTION)
    yield from walk.words(NET_VANTA, weight=55)
