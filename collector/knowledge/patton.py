"""Patton and its Inalp voice gateways and routers (SMARTNODE-MIB): model, serial, software.

Calls, ports and SIP registrations are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

PATTON = "1.3.6.1.4.1.1768"
PRODUCT = f"{PATTON}.100.1"
IDENTITY = {"serial": f"{PRODUCT}.1.0", "firmware": f"{PRODUCT}.5.0", "model": f"{PRODUCT}.6.0"}
WORDS = re.compile(
    r"^(?P<model>(SN|SmartNode ?)\d{3,5}\S*?)(?: ?Hardware|,| |$)(?:.*?Software (?P<firmware>R?\d[\w. -]+))?"
)
TEMPERATURE = f"{PATTON}.100.70.30.2.1"  # .1 name, .2 celsius

ASKS = (
    Ask(
        "patton",
        scalars=tuple(IDENTITY.values()),
        tables=(f"{TEMPERATURE}.1", f"{TEMPERATURE}.2"),
        condition=Condition(object_id_prefixes=(PATTON,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of a SmartNode."""
    match = WORDS.match(walk.description)
    if not walk.is_of(f"{PATTON}.100.4") and not (match and (walk.is_of(PATTON) or not walk.object_id)):
        return  # others have an SN, too
    yield from walk.vote("voice gateway", 100, "product", OBJECT_ID)
    yield from walk.words(WORDS, weight=50)
    yield from walk.states(IDENTITY, weight=70)
    for index in walk.column(f"{TEMPERATURE}.2"):
        celsius, component = walk.integer(f"{TEMPERATURE}.2.{index}"), f"sensor/{index[:64]}"
        if celsius is not None and 0 < celsius < 150:
            oid = f"{TEMPERATURE}.2.{index}"
            yield from walk.fact("temperature", celsius, oid, component=component, unit="celsius")
            yield from walk.state("name", f"{TEMPERATURE}.1.{index}", component=component)
