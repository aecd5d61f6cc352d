"""Aerohive, now Extreme's IQ Engine: access points, branch routers and switches by AH-SYSTEM-MIB and sysDescr."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

AEROHIVE = "1.3.6.1.4.1.26928"
IDENTITY = {"name": f"{AEROHIVE}.1.2.1.0", "serial": f"{AEROHIVE}.1.2.5.0", "model": f"{AEROHIVE}.1.2.6.0"}
UNDER = ("26928",)
ASKS = (Ask("aerohive", scalars=tuple(IDENTITY.values()), condition=Condition(object_id_prefixes=(AEROHIVE,))),)

SYSTEM = re.compile(
    r"^(?:Extreme |Aerohive )?(?:(?P<model>[\w-]+), )?(?P<os__name>HiveOS|IQ ?Engine) "
    r"(?P<firmware>\S+(?: build-\w+)?)"
)
KINDS = (("switch", re.compile(r"^SR\d")), ("router", re.compile(r"^(BR|XR)\d|^CVG|^VPN", re.IGNORECASE)))


def read(walk: Walk) -> Iterator[Statement]:
    """Class by the letters of the model, identity by the system group."""
    if walk.of_object_id({AEROHIVE: True}) is None:
        return
    match = SYSTEM.match(walk.description)
    model = walk.text(IDENTITY["model"]) or (match and match["model"]) or ""
    kind = next((kind for kind, letters in KINDS if letters.match(model)), "access point")
    yield from walk.vote(kind, 90, "model", OBJECT_ID)
    yield from walk.words(SYSTEM, weight=58)
    yield from walk.states(IDENTITY, weight=62)
