"""Poly and Polycom (POLYCOM-VIDEO-MIB of today's room systems, HDX and Group by sysDescr): model, serial, version.

Calls and the address book are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

POLYCOM, VIAVIDEO = "1.3.6.1.4.1.13885", "1.3.6.1.4.1.2684"
ENDPOINT = f"{POLYCOM}.101.1.1"
IDENTITY = {"firmware": f"{ENDPOINT}.1.0", "model": f"{ENDPOINT}.4.0", "serial": f"{ENDPOINT}.5.0"}
KIND = f"{ENDPOINT}.3.0"
ROOMS = re.compile(
    r"videoconf|realpresence|\bHDX\b|\bGroup \d{3}|\bVSX\b|Studio|\bG\d{4}|\bTrio|\bVVX|\bCCX|Sound ?(Point|Station)"
    r"|\bEdge E\d|\bRMX\b|\bDebut",
    re.IGNORECASE,
)
PHONES = re.compile(r"\bVVX|\bCCX|Sound ?Point|Sound ?Station|\bTrio|\bEdge E\d|phone", re.IGNORECASE)
WORDS = re.compile(
    r"(?P<model>(RealPresence |Polycom |Poly )*"
    r"(HDX|VSX|Group|Studio|Trio|VVX|CCX|RMX|Debut|Edge|Sound ?Point(?: IP)?|Sound ?Station(?: IP)?|(?=G\d{4}))"
    r" ?[A-Z]*\d+\w*)"
)

UNDER = ("2684", "13885")
ASKS = (
    Ask(
        "polycom",
        scalars=(*IDENTITY.values(), KIND),
        condition=Condition(object_id_prefixes=(POLYCOM, VIAVIDEO)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of a room system or phone."""
    if not walk.is_of(POLYCOM, VIAVIDEO):
        return
    phone = PHONES.search(walk.description)
    if walk.has(ENDPOINT) or ROOMS.search(walk.description):
        yield from walk.vote("phone" if phone else "video conference", 100, "product", DESCRIPTION)
    yield from walk.fact("maker", "Polycom", OBJECT_ID, weight=55)
    yield from walk.words(WORDS, weight=50)
    yield from walk.states(IDENTITY, weight=70)
    yield from walk.state("kind", KIND)
