"""Stormshield and its predecessor NETASQ (STORMSHIELD-PROPERTY-MIB, NETASQ-PROPERTY-MIB): model, version, serial.

The two generations tell the same three things in two branches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

STORMSHIELD = "1.3.6.1.4.1.11256"
BRANCHES = (f"{STORMSHIELD}.1.18", f"{STORMSHIELD}.1.0")
PROPERTIES = {"model": 1, "firmware": 2, "serial": 3}
#: `NS-BSD SN210A17B0000A1 amd64`: the serial, which begins with the model
WORDS = re.compile(r"^NS-BSD (?P<serial>[A-Z0-9]{12,18}) ")
MODEL = re.compile(r"^NS-BSD (?P<model>(SN|SNi|U|F|NG|V)\d{2,4}[SX]?)[A-Z]")

UNDER = ("11256",)
ASKS = (
    Ask(
        "stormshield",
        scalars=tuple(f"{branch}.{number}.0" for branch in BRANCHES for number in PROPERTIES.values()),
        condition=Condition(object_id_prefixes=(STORMSHIELD,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity from whichever branch answers, else from the description."""
    if not walk.is_of(STORMSHIELD):
        return
    yield from walk.vote("firewall", 100, "product", OBJECT_ID)
    for branch in BRANCHES:
        yield from walk.states({name: f"{branch}.{number}.0" for name, number in PROPERTIES.items()}, weight=70)
    yield from walk.words(WORDS, weight=40)
    yield from walk.words(MODEL, weight=30)
