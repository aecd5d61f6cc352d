"""WiNG (Symbol, Motorola, Zebra, Extreme): access points and wireless controllers by sysDescr."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Statement, Walk

SYMBOL = "1.3.6.1.4.1.388"
WING = re.compile(
    r"^(?:Symbol |Motorola |Zebra |Extreme )?(?P<model>(?P<family>AP|RFS|NX|VX|WS)[\w-]*\d[\w-]*)\b"
    r"(?:.*?(?:Revision|Version|SW)[ :=]{1,2}(?:WS\.)?(?P<firmware>\d[\w.-]+))?"
)
CONTROLLERS = ("RFS", "NX", "VX", "WS")
UNDER = ("388",)


def read(walk: Walk) -> Iterator[Statement]:
    """Class by the letters of the model."""
    if walk.of_object_id({SYMBOL: True}) and "Access Point" in walk.description:
        yield from walk.vote("access point", 60, "description", DESCRIPTION)
    match = WING.match(walk.description) if walk.of_object_id({SYMBOL: True}) else None
    if match:
        kind = "wireless controller" if match["family"] in CONTROLLERS else "access point"
        yield from walk.vote(kind, 80, "model", DESCRIPTION)
        yield from walk.fact("model", match["model"], DESCRIPTION, weight=58)
        yield from walk.fact("firmware", match["firmware"] or "", DESCRIPTION, weight=60)
